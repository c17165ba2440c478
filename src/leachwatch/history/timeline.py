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
from leachwatch.history.states import WITH_POOLS, Account, decode
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
    counted = np.flatnonzero(clear >= min(settings.clear_share, float(clear.max())))
    days = np.array([day.toordinal() for day in hits.days])[counted]
    levels = _levels(pools, counted, days, settings)
    account = decode(
        days,
        _bare(hits, ground, counted),
        levels,
        _active_level(levels, days, pools, settings),
        settings,
        first_pool=int(pools.first.min()),
    )
    cleared_from = _onset(days, account, STATES[1:], settings)
    pools_from = _onset(days, account, WITH_POOLS, settings)
    return Timeline(
        cleared_from=cleared_from,
        pools_from=pools_from,
        spells=_spells(days, account, cleared_from, pools_from),
        months=_months(hits, ground, months, clear, (counted, days, account), settings),
        patches=_patches(hits, days, settings),
    )


def _levels(
    pools: Hits, counted: NDArray[np.intp], days: NDArray[np.int_], settings: HistorySettings
) -> NDArray[np.float64]:
    """Mean evidence over the pixels that had pools by each look, or over the oldest few before."""
    few = max(settings.oldest_pixels - 1, round(settings.oldest_share * len(pools.first)))
    oldest = np.sort(pools.first)[min(few, len(pools.first) - 1)]
    started = pools.first[None, :] <= np.maximum(days, oldest)[:, None]
    weight = started & pools.seen[counted]
    total = (pools.evidence[counted] * weight).sum(axis=1)
    result: NDArray[np.float64] = total / np.maximum(weight.sum(axis=1), 1)
    return result


def _active_level(
    levels: NDArray[np.float64], days: NDArray[np.int_], pools: Hits, settings: HistorySettings
) -> float:
    """How strong the site's evidence is while it is active: its median over positive looks of its spell."""
    spell = (days >= pools.first.min()) & (days <= pools.last.max()) & (levels > 0)
    least, most = settings.active_least, settings.active_most
    return float(np.clip(np.median(levels[spell]), least, most)) if spell.any() else least


def _bare(hits: Hits, ground: Ground, counted: NDArray[np.intp]) -> NDArray[np.float64]:
    seen = hits.seen[np.ix_(counted, np.flatnonzero(ground.worked))]
    bare = hits.bare[np.ix_(counted, np.flatnonzero(ground.worked))]
    result: NDArray[np.float64] = bare.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return result


def _onset(
    days: NDArray[np.int_], account: Account, states: Sequence[str], settings: HistorySettings
) -> Between:
    """When a site came into some states, from which it does not go back.

    From the last look at which it surely had not to the first at which it surely had. Where no look is sure
    that it had not, but the first look more likely shows that it had not, from that look on.
    """
    places = [STATES.index(state) for state in states]
    happened = account.probability[:, places].sum(axis=1)
    not_yet = np.flatnonzero(happened < 1 - settings.sure)
    by_now = np.flatnonzero(happened >= settings.sure)
    latest = _day(days, int(by_now[0])) if len(by_now) else None
    if len(not_yet):
        return Between(_day(days, int(not_yet[-1])), latest)
    already = account.path[0] in places
    return Between(None if already else _day(days, 0), latest)


def _spells(
    days: NDArray[np.int_], account: Account, cleared_from: Between, pools_from: Between
) -> tuple[Spell, ...]:
    """Split the course into spells; clearing and first pools begin as the site's own dates say."""
    path = [STATES[place] for place in account.path]
    starts = [look for look, state in enumerate(path) if look == 0 or state != path[look - 1]]
    begun = [Between(_day(days, look - 1) if look else None, _day(days, look)) for look in starts]
    for place, look in enumerate(starts):
        had_pools = any(path[before] in WITH_POOLS for before in starts[:place])
        if path[look] in WITH_POOLS and not had_pools and pools_from.latest:
            begun[place] = pools_from
        elif path[look] == "cleared" and cleared_from.latest:
            begun[place] = cleared_from
    spells = [
        Spell(path[look], begun[place], _end(days, begun[place + 1 : place + 2]))
        for place, look in enumerate(starts)
    ]
    return tuple(spell for spell in spells if spell.state != "absent")


def _end(days: NDArray[np.int_], following: Sequence[Between]) -> Between:
    """End of a spell: where the next begins, or open at the last look."""
    if not following:
        return Between(_day(days, len(days) - 1), None)
    return Between(following[0].earliest or _day(days, 0), following[0].latest)


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
        speaks = hits.evidence[counted[here]].sum(axis=0) > 0
        alive = (hits.first <= days[here[-1]]) & ((hits.last >= days[here[0]]) | speaks) & hits.pool
        area = float(alive.sum()) * settings.pool_m2_per_pixel
        standing = max(area, standing) if state == "idle" else area or standing
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
    """Split the pool pixels into connected groups that came together."""
    batch = np.where(hits.pool, (hits.first - hits.first[hits.pool].min()) // settings.patch_days, -1)
    patches = []
    for number in np.unique(batch[batch >= 0]):
        labels = together(hits, batch == number)
        for label in np.unique(labels[labels > 0]):
            pixels = labels == label
            before = days[days < hits.first[pixels].min()]
            patches.append(
                Patch(
                    pixels,
                    Between(
                        date.fromordinal(int(before[-1])) if len(before) else None,
                        date.fromordinal(int(hits.first[pixels].min())),
                    ),
                    date.fromordinal(int(hits.last[pixels].max())),
                    float(pixels.sum()) * settings.pool_m2_per_pixel,
                )
            )
    return tuple(patches)
