"""Months of a territory: which drawings and which spells are in force, day by day where that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from leachwatch.case.records import Answer, ControlSpell, best, both, lasting, of_spell, of_versions
from leachwatch.territory.ground import Ground
from leachwatch.territory.zones import INSIDE

__all__ = ["Holder", "Month", "month_of"]

_TOGETHER = frozenset({"contested", "shared", "ceasefire"})


@dataclass(frozen=True)
class Holder:
    """One actor, or nobody known, in one territory and month.

    Attributes
    ----------
    controller : str or None
        Label.
    answer : str
        Whether they held it: ``yes`` only if on every day.
    together : bool
        Whether their own spells say that they shared or contested it.
    """

    controller: str | None
    answer: Answer
    together: bool


@dataclass(frozen=True)
class Month:
    """What is in force in a territory on the days of a month on which anything may change.

    Attributes
    ----------
    forces : tuple of tuple of Answer
        Of each such day: of each drawing.
    spells : tuple of tuple of Answer
        Of each such day: of each spell.
    records : tuple of ControlSpell
        Those spells.
    labels : tuple of str
        Actors that any of them names.
    """

    forces: tuple[tuple[Answer, ...], ...]
    spells: tuple[tuple[Answer, ...], ...]
    records: tuple[ControlSpell, ...]
    labels: tuple[tuple[str, str], ...]

    @property
    def standing(self) -> tuple[bool, ...]:
        """Which drawings may be in force on some day; all where none may."""
        some = tuple(any(day[place] != "no" for day in self.forces) for place in range(len(self.forces[0])))
        return some if any(some) else (True,) * len(some)

    def near_border(self, codes: Sequence[int]) -> bool:
        """Whether a site with these codes lies nearer to a border than it is sure."""
        return any(code == 1 for code, stands in zip(codes, self.standing, strict=True) if stands)

    def holders(self, codes: Sequence[int]) -> tuple[Holder, ...]:
        """Who held a site.

        Parameters
        ----------
        codes : sequence of int
            Of `INSIDE`, for each drawing.

        Returns
        -------
        tuple of Holder
            None at all where the site does not lie in the territory; nobody, ``unknown``, where no spell
            names anybody.
        """
        words = [INSIDE[code] for code in codes]
        inside = [of_versions(list(zip(day, words, strict=True))) for day in self.forces]
        if set(inside) == {"no"}:
            return ()
        if not self.labels:
            return (Holder(None, "unknown", together=False),)
        return tuple(self._holder(id_, label, inside) for id_, label in self.labels)

    def _holder(self, actor: str, label: str, inside: Sequence[Answer]) -> Holder:
        own = [place for place, spell in enumerate(self.records) if actor in spell.controllers]
        daily = [
            {place: both(where, day[place]) for place in own}
            for where, day in zip(inside, self.spells, strict=True)
        ]
        together = any(
            answer in {"yes", "possibly"} and self.records[place].control in _TOGETHER
            for day in daily
            for place, answer in day.items()
        )
        return Holder(label, lasting(best(day.values()) for day in daily), together)


def month_of(ground: Ground, territory: str, first: date) -> Month:
    """Take what is in force in a territory in the month that begins on a day."""
    following = (first + timedelta(days=31)).replace(day=1)
    dates = [ground.zones[place].drawn.version.dated for place in ground.drawings[territory]]
    records = tuple(ground.spells[territory])
    changes = {
        day for dated in (*dates, *(spell.dated for spell in records)) if dated for day in dated.changes()
    }
    days = sorted({first, *(day for day in changes if first <= day < following)})
    actors = dict.fromkeys(id_ for spell in records for id_ in spell.controllers)
    return Month(
        tuple(ground.forces(territory, day) for day in days),
        tuple(tuple(of_spell(spell, day) for spell in records) for day in days),
        records,
        tuple((id_, ground.labels[id_]) for id_ in actors),
    )
