"""Timeline of a site: when it was cleared, when pools came, what it did month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import Hits
from leachwatch.history.ground import Ground, together
from leachwatch.history.settings import HistorySettings
from leachwatch.history.states import Account, decode
from leachwatch.imagery import PIXEL_M
from leachwatch.tables import STATES

__all__ = ["Between", "Month", "Patch", "Spell", "Timeline", "trace"]

_CELL_M2 = float(PIXEL_M**2)


@dataclass(frozen=True)
class Between:
    """When something happened, as an interval between two looks.

    Attributes
    ----------
    earliest : date or None
        Last look that shows it had not; None where it had at the first look.
    latest : date or None
        First look that shows it had; None where none does.
    """

    earliest: date | None
    latest: date | None


@dataclass(frozen=True)
class Spell:
    """A time in one state."""

    state: str
    start: Between
    end: Between


@dataclass(frozen=True)
class Month:
    """A site in one month.

    Attributes
    ----------
    month : date
        First day.
    clear_share : float
        Best share of the pool pixels seen on one day, 0 to 1.
    looks : int
        Days on which the site could be seen.
    pool_m2, worked_m2 : float or None
        Pool area and worked ground, m²; None in a month that was not seen.
    state : str
        Of the month; ``unseen`` where no look counts.
    """

    month: date
    clear_share: float
    looks: int
    pool_m2: float | None
    worked_m2: float | None
    state: str


@dataclass(frozen=True, eq=False)
class Patch:
    """Connected pool pixels that appeared together."""

    pixels: NDArray[np.bool_]
    first_seen: Between
    last_seen: date
    pool_m2: float


@dataclass(frozen=True)
class Timeline:
    """A site through time.

    Attributes
    ----------
    cleared_from, pools_from : Between
        First clearing and first pools.
    spells : tuple of Spell
        From the first that is not ``absent``.
    months : tuple of Month
        Every month of the period.
    patches : tuple of Patch
        From the oldest.
    """

    cleared_from: Between
    pools_from: Between
    spells: tuple[Spell, ...]
    months: tuple[Month, ...]
    patches: tuple[Patch, ...]

    @property
    def state(self) -> str:
        """State at the end of the series."""
        return self.spells[-1].state

    @property
    def pool_m2(self) -> float:
        """Largest pool area of any month, m²."""
        return max((month.pool_m2 or 0.0) for month in self.months)


def trace(hits: Hits, ground: Ground, months: Sequence[date], settings: HistorySettings) -> Timeline:
    """Trace a site through its looks.

    Parameters
    ----------
    hits : Hits
        Of one site.
    ground : Ground
        Its worked ground.
    months : sequence of date
        First days of the months to account for, rising.
    settings : HistorySettings
        Rates and spreads.

    Returns
    -------
    Timeline
    """
    pools = hits.take(np.flatnonzero(hits.pool))
    clear = pools.seen.mean(axis=1)
    counted = np.flatnonzero(clear >= settings.clear_share)
    days = np.array([day.toordinal() for day in hits.days])[counted]
    levels = _levels(pools, counted, days)
    account = decode(days, _bare(hits, ground, counted), levels, _active_level(levels, days, pools), settings)
    have_come = account.probability[:, [STATES.index(state) for state in ("active", "idle", "abandoned")]]
    return Timeline(
        cleared_from=_onset(days, 1 - account.probability[:, 0], settings),
        pools_from=_onset(days, have_come.sum(axis=1), settings),
        spells=_spells(days, account),
        months=_months(hits, ground, months, clear, (counted, days, account), settings),
        patches=_patches(hits, days, settings),
    )


def _levels(pools: Hits, counted: NDArray[np.intp], days: NDArray[np.int_]) -> NDArray[np.float64]:
    """Mean evidence over the pixels that had pools by each look, or over the oldest few before."""
    oldest = np.sort(pools.first)[min(max(2, round(0.15 * len(pools.first))), len(pools.first) - 1)]
    started = pools.first[None, :] <= np.maximum(days, oldest)[:, None]
    weight = started & pools.seen[counted]
    total = (pools.evidence[counted] * weight).sum(axis=1)
    result: NDArray[np.float64] = total / np.maximum(weight.sum(axis=1), 1)
    return result


def _active_level(levels: NDArray[np.float64], days: NDArray[np.int_], pools: Hits) -> float:
    """How strong the site's evidence is while it is active: its median over positive looks of its spell."""
    spell = (days >= pools.first.min()) & (days <= pools.last.max()) & (levels > 0)
    return float(np.clip(np.median(levels[spell]), 0.4, 1.5)) if spell.any() else 0.4


def _bare(hits: Hits, ground: Ground, counted: NDArray[np.intp]) -> NDArray[np.float64]:
    seen = hits.seen[np.ix_(counted, np.flatnonzero(ground.worked))]
    bare = hits.bare[np.ix_(counted, np.flatnonzero(ground.worked))]
    result: NDArray[np.float64] = bare.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return result


def _onset(days: NDArray[np.int_], happened: NDArray[np.float64], settings: HistorySettings) -> Between:
    """Between the last look at which it surely had not happened and the first at which it surely had."""
    not_yet = np.flatnonzero(happened < 1 - settings.sure)
    by_now = np.flatnonzero(happened >= settings.sure)
    earliest = date.fromordinal(int(days[not_yet[-1]])) if len(not_yet) else None
    latest = days[by_now[0]] if len(by_now) else days[-1]
    return Between(earliest, date.fromordinal(int(latest)))


def _spells(days: NDArray[np.int_], account: Account) -> tuple[Spell, ...]:
    path = account.path
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    spells = []
    for place, start in enumerate(starts.tolist()):
        stop = int(starts[place + 1]) if place + 1 < len(starts) else None
        spells.append(
            Spell(
                STATES[path[start]],
                Between(_day(days, start - 1) if start else None, _day(days, start)),
                Between(_day(days, (stop or len(days)) - 1), _day(days, stop) if stop is not None else None),
            )
        )
    present = [spell for spell in spells if spell.state != "absent"]
    return tuple(present)


def _day(days: NDArray[np.int_], look: int) -> date:
    return date.fromordinal(int(days[look]))


def _months(
    hits: Hits,
    ground: Ground,
    months: Sequence[date],
    clear: NDArray[np.float64],
    looks: tuple[NDArray[np.intp], NDArray[np.int_], Account],
    settings: HistorySettings,
) -> tuple[Month, ...]:
    counted, days, account = looks
    month_of = [day.replace(day=1) for day in hits.days]
    rows: list[Month] = []
    standing = 0.0
    for month in months:
        of_month = [look for look, first in enumerate(month_of) if first == month]
        here = [place for place, look in enumerate(counted) if month_of[look] == month]
        best = float(max((clear[look] for look in of_month), default=0.0))
        if not here:
            rows.append(Month(month, best, 0, None, None, "unseen"))
            continue
        state = _commonest(account.path[here])
        # pools that rest are still there: an idle month keeps the area of the last active one
        alive = (hits.first <= days[here[-1]]) & (hits.last >= days[here[0]]) & hits.pool
        area = float(alive.sum()) * settings.pool_m2_per_pixel
        standing = max(area, standing) if state == "idle" else area
        pools = standing if state in ("active", "idle") else 0.0
        rows.append(Month(month, best, len(here), pools, _worked_m2(hits, ground, counted[here]), state))
    return tuple(rows)


def _commonest(path: NDArray[np.int_]) -> str:
    """State of most looks; of two as common, the later."""
    values, last = np.unique(path[::-1], return_index=True)
    counts = np.array([(path == value).sum() for value in values])
    return STATES[int(values[np.lexsort((last, -counts))[0]])]


def _worked_m2(hits: Hits, ground: Ground, looks: NDArray[np.intp]) -> float:
    """Worked ground that was bare in a month, in proportion to what of it was seen."""
    pixels = np.flatnonzero(ground.worked)
    seen = hits.seen[np.ix_(looks, pixels)].any(axis=0)
    bare = hits.bare[np.ix_(looks, pixels)].any(axis=0)
    return float(bare.sum() / max(int(seen.sum()), 1) * len(pixels) * _CELL_M2)


def _patches(hits: Hits, days: NDArray[np.int_], settings: HistorySettings) -> tuple[Patch, ...]:
    """Split the pool pixels into connected groups that came within one quarter of a year."""
    quarter = np.where(hits.pool, (hits.first - hits.first[hits.pool].min()) // 92, -1)
    patches = []
    for number in np.unique(quarter[quarter >= 0]):
        labels = together(hits, quarter == number)
        for label in np.unique(labels[labels > 0]):
            pixels = labels == label
            before = days[days < hits.first[pixels].min()]
            patches.append(
                Patch(
                    pixels,
                    Between(
                        date.fromordinal(int(before[-1])) if len(before) else None,
                        date.fromordinal(int(hits.first[pixels].max())),
                    ),
                    date.fromordinal(int(hits.last[pixels].max())),
                    float(pixels.sum()) * settings.pool_m2_per_pixel,
                )
            )
    return tuple(patches)
