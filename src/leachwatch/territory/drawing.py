"""Draws of what is not sure: where borders run, which drawing is right, when spells began and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from leachwatch.case.records import ControlSpell, Dated
from leachwatch.territory.ground import Ground
from leachwatch.territory.months import month_of
from leachwatch.territory.placing import Placed

__all__ = ["Borders", "Spells"]

_FAIR = 0.5
_CERTAIN = frozenset({"sole", "shared", "ceasefire"})


class Borders:
    """Draws which drawing of each territory is right in a month, and how far its border is off.

    Both are drawn once for all sites: a border that runs further out does so for every site along it.

    Parameters
    ----------
    ground : Ground
        Of the case.
    placed : Placed
        The sites on its drawings.
    territories : sequence of str
        Those to draw.
    months : sequence of date
        First days.
    """

    def __init__(
        self, ground: Ground, placed: Placed, territories: Sequence[str], months: Sequence[date]
    ) -> None:
        self._columns = [np.array(ground.drawings[id_]) for id_ in territories]
        self._reach = np.array([zone.drawn.version.border_m for zone in ground.zones])
        self._depth = np.where(placed.codes == 2, np.inf, -np.inf)  # noqa: PLR2004 - surely inside
        for column in np.concatenate(self._columns):
            rim = np.flatnonzero(placed.codes[:, column] == 1)
            if len(rim):
                self._depth[rim, column] = ground.zones[column].depth(placed.lons[rim], placed.lats[rim])
        self._epochs: dict[tuple[tuple[bool, ...], ...], list[int]] = {}
        for place, first in enumerate(months):
            masks = tuple(month_of(ground, id_, first).standing for id_ in territories)
            self._epochs.setdefault(masks, []).append(place)

    def draw(self, chance: np.random.Generator) -> list[tuple[list[int], NDArray[np.bool_]]]:
        """Months that share their drawings, and which sites then lie in each territory.

        Returns
        -------
        list of (list of int, ndarray of bool, shape (site, territory))
        """
        shift = chance.uniform(-1, 1, len(self._reach)) * self._reach
        inside = self._depth >= shift
        picks = chance.uniform(0, 1, len(self._columns))
        result = []
        for masks, months in self._epochs.items():
            chosen = []
            for columns, mask, pick in zip(self._columns, masks, picks, strict=True):
                allowed = columns[list(mask)]
                chosen.append(int(allowed[int(pick * len(allowed))]))
            result.append((months, inside[:, chosen]))
        return result


class Spells:
    """Draws in which months each spell was in force, on one day of each month.

    Parameters
    ----------
    spells : sequence of ControlSpell
        Of all territories.
    months : sequence of date
        First days.
    """

    def __init__(self, spells: Sequence[ControlSpell], months: Sequence[date]) -> None:
        self._spells = spells
        self._first = np.array([day.toordinal() for day in months])
        following = [(day + timedelta(days=31)).replace(day=1).toordinal() for day in months]
        self._days = np.array(following) - self._first
        bounds = [_bounds(spell.dated) for spell in spells]
        self._start, self._end = (np.array([one[side] for one in bounds]).reshape(-1, 2) for side in (0, 1))
        self._sure = np.array([one.status == "accepted" and one.control in _CERTAIN for one in spells], bool)

    def draw(self, chance: np.random.Generator) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Draw one account.

        Returns
        -------
        in_force : ndarray of bool, shape (spell, month)
            What is possible for another reason than its dates is a fair coin, the same for every month.
        turn : ndarray of float64, shape (spell,)
            Which of its controllers holds contested ground, 0 to 1.
        """
        many = len(self._spells)
        ends = []
        for low, high in (self._start.T, self._end.T):
            ends.append(low + np.floor(chance.uniform(0, 1, many) * (high - low + 1)))
        start, end = np.minimum(*ends), np.maximum(*ends)
        day = self._first + np.floor(chance.uniform() * self._days)
        heads = self._sure | (chance.uniform(0, 1, many) < _FAIR)
        contested = np.array(
            [one.control == "contested" and one.status == "accepted" for one in self._spells]
        )
        held = (start[:, None] <= day) & (day <= end[:, None]) & (heads | contested)[:, None]
        return held, chance.uniform(0, 1, many)


def _bounds(dated: Dated) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last day on which it can have begun, and ended, within the days of which anything is said."""
    known = dated.changes()
    first, last = known[0], known[-1] - timedelta(days=1)
    latest, earliest = dated.start[1] or last, dated.end[0] or first
    return (first.toordinal(), latest.toordinal()), (earliest.toordinal(), last.toordinal())
