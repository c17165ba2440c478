"""Timeline of a site: when it was cleared, when pools came, what it did month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import Hits, connected
from leachwatch.history.area import Estimate, counted, draw_areas, estimated
from leachwatch.history.ground import Ground
from leachwatch.history.looks import Looks, gather
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
    pools : Estimate or None
        Pool area, m²; None in a month that was not seen.
    worked_m2 : float or None
        Worked ground, m²; likewise.
    state : str
        Of the month; ``unseen`` where no look counts.
    """

    month: date
    clear_share: float
    looks: int
    pools: Estimate | None
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
    pools, count : Estimate
        Largest pool area of any month, m², and how many pools that is.
    """

    cleared_from: Between
    pools_from: Between
    spells: tuple[Spell, ...]
    months: tuple[Month, ...]
    patches: tuple[Patch, ...]
    pools: Estimate
    count: Estimate

    @property
    def state(self) -> str:
        """State at the end of the series."""
        return self.spells[-1].state


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
    looks = gather(hits, pools, ground, settings)
    account = decode(looks, settings)
    cleared_from = _onset(looks.days, account, STATES[1:], settings)
    pools_from = _onset(looks.days, account, WITH_POOLS, settings)
    areas = draw_areas(pools, settings)
    rows, most = _months(hits, pools, ground, months, looks, account, areas)
    return Timeline(
        cleared_from=cleared_from,
        pools_from=pools_from,
        spells=_spells(looks.days, account, cleared_from, pools_from),
        months=rows,
        patches=_patches(hits, looks, areas[0], settings),
        pools=estimated(most[None])[0],
        count=counted(most, settings),
    )


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


def _months(  # noqa: PLR0913, PLR0917 - all that is known of a site
    hits: Hits,
    pools: Hits,
    ground: Ground,
    months: Sequence[date],
    looks: Looks,
    account: Account,
    areas: NDArray[np.float64],
) -> tuple[tuple[Month, ...], NDArray[np.float64]]:
    """Rows of all months, and the draws of the largest pool area of any."""
    looks_of = _by_month(hits.days)
    counted_of = _by_month([hits.days[look] for look in looks.place])
    rows: list[Month] = []
    totals: list[NDArray[np.float64]] = []
    standing = np.zeros(areas.shape[1], np.bool_)
    worked = hits.seen[:, ground.worked], hits.bare[:, ground.worked]
    for month in months:
        best = max((float(looks.clear[look]) for look in looks_of[month]), default=0.0)
        here = counted_of[month]
        if not here:
            rows.append(Month(month, best, 0, None, None, "unseen"))
            continue
        state = _commonest(account.path[here])
        standing = _standing(pools, looks, here, state, standing)
        totals.append(areas[:, standing].sum(axis=1))
        worked_m2 = _worked_m2(*worked, looks.place[here])
        rows.append(Month(month, best, len(here), None, worked_m2, state))
    estimates = iter(estimated(np.array(totals)))
    most = max([np.zeros(len(areas)), *totals], key=lambda draws: float(draws[0]))
    return tuple(replace(row, pools=next(estimates)) if row.looks else row for row in rows), most


def _by_month(days: Sequence[date]) -> defaultdict[date, list[int]]:
    """Places of days, by the first day of their month."""
    result: defaultdict[date, list[int]] = defaultdict(list)
    for place, day in enumerate(days):
        result[day.replace(day=1)].append(place)
    return result


def _standing(
    pools: Hits, looks: Looks, here: Sequence[int], state: str, before: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Pool pixels whose pools stand in a month: pools that rest are still there, those given up fall in."""
    if state not in WITH_POOLS:
        return np.zeros_like(before)
    first, last = looks.days[here[0]], looks.days[here[-1]]
    said: NDArray[np.float32] = pools.evidence[looks.place[here]].sum(axis=0)
    speaks = np.asarray(said > 0, np.bool_)
    if state == "abandoned":
        return before & speaks
    alive = (looks.began <= last) & ((pools.last >= first) | speaks)
    result: NDArray[np.bool_] = alive | before if state == "idle" or not alive.any() else alive
    return result


def _commonest(path: NDArray[np.int_]) -> str:
    """State of most looks; of two as common, the later."""
    values, last = np.unique(path[::-1], return_index=True)
    counts = np.array([(path == value).sum() for value in values])
    return STATES[int(values[np.lexsort((last, -counts))[0]])]


def _worked_m2(seen: NDArray[np.bool_], bare: NDArray[np.bool_], looks: NDArray[np.intp]) -> float:
    """Worked ground that was bare in a month, in proportion to what of it was seen; by look and pixel."""
    known, open_ = int(seen[looks].any(axis=0).sum()), int(bare[looks].any(axis=0).sum())
    return float(open_ / max(known, 1) * seen.shape[1] * _CELL_M2)


def _patches(
    hits: Hits, looks: Looks, areas: NDArray[np.float64], settings: HistorySettings
) -> tuple[Patch, ...]:
    """Split the pool pixels into connected groups that came together."""
    began, area = np.zeros(len(hits.pool), np.int_), np.zeros(len(hits.pool))
    began[hits.pool], area[hits.pool] = looks.began, areas
    batch = np.where(hits.pool, (began - looks.began.min()) // settings.patch_days, -1)
    patches = []
    for number in np.unique(batch[batch >= 0]):
        labels = connected(hits, batch == number)
        for label in np.unique(labels[labels > 0]):
            pixels = labels == label
            first = int(began[pixels].min())
            before = looks.days[looks.days < first]
            seen = Between(_day(before, -1) if len(before) else None, date.fromordinal(first))
            last = date.fromordinal(max(int(hits.last[pixels].max()), first))
            patches.append(Patch(pixels, seen, last, float(area[pixels].sum())))
    return tuple(patches)
