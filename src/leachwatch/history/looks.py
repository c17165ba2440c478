"""Looks: what each look says of a site as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import Hits
from leachwatch.history.ground import Ground
from leachwatch.history.settings import HistorySettings

__all__ = ["Looks", "gather"]


@dataclass(frozen=True, eq=False)
class Looks:
    """The looks of a site that count: those that show enough of its pools. t looks, n pool pixels.

    Attributes
    ----------
    place : ndarray of int, shape (t,)
        Which of the looks of the hits.
    days : ndarray of int, shape (t,)
        Their ordinals, rising.
    clear : ndarray of float64
        Share of the pool pixels seen in every look of the hits, 0 to 1; not only in those that count.
    began : ndarray of int, shape (n,)
        Ordinal of the look from which each pool pixel speaks for a pool.
    bare : ndarray of float64, shape (t,)
        Bare share of the worked ground, 0 to 1.
    level : ndarray of float64, shape (t,)
        Mean evidence of the pool pixels that have begun, or before that of the oldest, log odds.
    active_level : float
        What that is while the site works: the mean of the better half of the looks that speak for pools.
    use : ndarray of float64, shape (t,)
        Mean log likelihood, over the pixels that speak for a pool, that it is in use, less that it rests;
        NaN where few speak.
    """

    place: NDArray[np.intp]
    days: NDArray[np.int_]
    clear: NDArray[np.float64]
    began: NDArray[np.int_]
    bare: NDArray[np.float64]
    level: NDArray[np.float64]
    active_level: float
    use: NDArray[np.float64]


def gather(hits: Hits, pools: Hits, ground: Ground, settings: HistorySettings) -> Looks:
    """Gather what the looks say.

    Parameters
    ----------
    hits, pools : Hits
        Of one site; of its pool pixels alone.
    ground : Ground
        Its worked ground.
    settings : HistorySettings
        Which looks count, and which pixels are the oldest.

    Returns
    -------
    Looks
    """
    clear = pools.seen.mean(axis=1)
    place = np.flatnonzero(clear >= min(settings.clear_share, float(clear.max())))
    every_day = np.array([day.toordinal() for day in hits.days])
    began = _began(pools, every_day, settings)
    level = _level(pools, place, every_day[place], began, settings)
    return Looks(
        place=place,
        days=every_day[place],
        clear=clear,
        began=began,
        bare=_bare(hits, ground, place),
        level=level,
        active_level=_active_level(level, settings),
        use=_use(pools, settings)[place],
    )


def _began(pools: Hits, days: NDArray[np.int_], settings: HistorySettings) -> NDArray[np.int_]:
    """First day of the first run of looks in which the evidence above that of a bare pad adds up to enough.

    Pads are blotchy, and speak a little for pools before there are any; `Hits.first` does not ask for more.
    """
    excess = np.where(pools.seen, pools.evidence - settings.pad_evidence, 0.0)
    running, start = np.zeros(len(pools.first)), np.zeros(len(pools.first), np.int_)
    began = np.full(len(pools.first), -1)
    for look, day in enumerate(days):
        fresh = running <= 0
        running[fresh], start[fresh] = 0.0, day
        running += excess[look]
        began = np.where((began < 0) & (running >= settings.began_evidence), start, began)
    result: NDArray[np.int_] = np.where(began < 0, pools.first, began)
    return result


def _level(
    pools: Hits,
    place: NDArray[np.intp],
    days: NDArray[np.int_],
    began: NDArray[np.int_],
    settings: HistorySettings,
) -> NDArray[np.float64]:
    """Mean evidence of the pixels that have begun by each look, or of the oldest ones before they have."""
    few = max(settings.oldest_pixels, round(settings.oldest_share * len(began)))
    oldest = np.sort(began)[min(few, len(began)) - 1]
    seen = pools.seen[place]
    counted = seen & (began <= np.maximum(days, oldest)[:, None])
    counted = np.where(counted.any(axis=1)[:, None], counted, seen)
    total = (pools.evidence[place] * counted).sum(axis=1)
    result: NDArray[np.float64] = total / np.maximum(counted.sum(axis=1), 1)
    return result


def _active_level(level: NDArray[np.float64], settings: HistorySettings) -> float:
    speaking = np.sort(level[level > 0])
    better = speaking[len(speaking) // 2 :]
    return max(float(better.mean()), settings.active_least) if len(better) else settings.active_least


def _use(pools: Hits, settings: HistorySettings) -> NDArray[np.float64]:
    """Mean over the pixels that speak for a pool."""
    speaks = (pools.evidence > 0) & pools.seen
    count = speaks.sum(axis=1)
    total = np.where(speaks, pools.use, 0).sum(axis=1, dtype=np.float64)
    enough = count >= np.maximum(settings.speaking_share * pools.seen.sum(axis=1), 1)
    return np.where(enough, total / np.maximum(count, 1), np.nan)


def _bare(hits: Hits, ground: Ground, place: NDArray[np.intp]) -> NDArray[np.float64]:
    seen = hits.seen[np.ix_(place, ground.worked)]
    bare = hits.bare[np.ix_(place, ground.worked)]
    result: NDArray[np.float64] = bare.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return result
