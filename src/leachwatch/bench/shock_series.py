"""Monthly series of trade with known breaks, for measuring the search for shocks. All of it is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leachwatch.tables import SERIES
from leachwatch.trade.shocks import KnownSum, Series

__all__ = ["SimulatedSeries", "simulate_series"]

Floats = NDArray[np.float64]

_SERIES = Series("CHN", "import", "MMR", "28469019")
_FIRST_YEAR = 2017
_NEW_YEAR_IN_JANUARY = {2017: 0.6, 2020: 0.75, 2023: 0.8, 2025: 0.5}  # rest of the slump falls into February


@dataclass(frozen=True)
class SimulatedSeries:
    """One series, what is known of it, and the truth.

    Attributes
    ----------
    frame : DataFrame
        Keeping ``SERIES``.
    sums : tuple of KnownSum
        Of its months that are not identified.
    months : tuple of date
        All months, with those that are gaps in the frame.
    truth, without : ndarray of float, shape (n,)
        Tonnes as they were, and as they would have been without a break.
    breaks : tuple of (int, str)
        Places where the level changes, each with ``fall`` or ``rise``.
    """

    frame: pd.DataFrame
    sums: tuple[KnownSum, ...]
    months: tuple[date, ...]
    truth: Floats
    without: Floats
    breaks: tuple[tuple[int, str], ...]

    @property
    def series(self) -> Series:
        """Which series it is called."""
        return _SERIES


def simulate_series(seed: int, length: int, factor: float | None) -> SimulatedSeries:
    """Make one series.

    Noise follows on itself (0.3 a month) and is 12 to 35 % of a month, now and then far more; rains take
    nothing to two fifths, from June or July to September or October and otherwise each year; Lunar New Year
    takes nothing to half of its weeks. A third of the series have months of nothing, half have gaps, half a
    sum of two to six months; a third of months are known within up to 5 %.

    Parameters
    ----------
    seed : int
        Everything follows from it; the same seed and length give the same series for every factor.
    length : int
        Months, 12 at least.
    factor : float or None
        What the level is multiplied with from the break on, to the end in half of the series, else for four
        to eight months; None for no break.

    Returns
    -------
    SimulatedSeries
    """
    rng = np.random.default_rng([seed, length])
    first = _FIRST_YEAR * 12 + int(rng.integers(24))
    numbers = np.arange(first, first + length)
    without = _level(rng, numbers)
    factors, breaks = _broken(rng, length, factor)
    truth = without * factors
    months = tuple(date(number // 12, number % 12 + 1, 1) for number in numbers.tolist())
    frame, sums = _known(rng, truth, months)
    return SimulatedSeries(frame, sums, months, truth, without, breaks)


def _level(rng: np.random.Generator, numbers: NDArray[np.int64]) -> Floats:
    noise = rng.uniform(0.12, 0.35) * np.sqrt(1 - 0.3**2) * rng.standard_t(6, len(numbers)) / np.sqrt(1.5)
    rest = np.zeros(len(numbers))
    for place, one in enumerate(noise):
        rest[place] = one + 0.3 * rest[place - 1] if place else one
    tonnes: Floats = rng.uniform(500, 5000) * np.exp(rest + _rains(rng, numbers) + _holiday(rng, numbers))
    if rng.random() < 1 / 3:
        tonnes[rng.random(len(numbers)) < 0.04] = 0.0  # noqa: PLR2004 - a month in two years
    return tonnes


def _rains(rng: np.random.Generator, numbers: NDArray[np.int64]) -> Floats:
    depth, effect = rng.uniform(0, 0.5), np.zeros(len(numbers))
    for year in np.unique(numbers // 12):
        starts, ends = rng.integers(6, 8), rng.integers(9, 11)
        month = numbers % 12 + 1
        wet = (numbers // 12 == year) & (month >= starts) & (month <= ends)
        effect[wet] = -max(depth + 0.1 * rng.standard_normal(), 0)
    return effect


def _holiday(rng: np.random.Generator, numbers: NDArray[np.int64]) -> Floats:
    depth = rng.uniform(0, 0.7)
    early = np.array([_NEW_YEAR_IN_JANUARY.get(number // 12, 0.1) for number in numbers.tolist()])
    share = np.select([numbers % 12 == 0, numbers % 12 == 1], [early, 1 - early], 0.0)
    effect: Floats = -depth * share
    return effect


def _broken(
    rng: np.random.Generator, length: int, factor: float | None
) -> tuple[Floats, tuple[tuple[int, str], ...]]:
    start = int(rng.integers(length // 2, length - 4))
    lasts = int(rng.integers(4, 9)) if rng.random() < 1 / 2 else length
    end = start + lasts if start + lasts <= length - 2 else length
    factors = np.ones(length)
    if factor is None:
        return factors, ()
    factors[start:end] = factor
    way, back = ("fall", "rise") if factor < 1 else ("rise", "fall")
    return factors, ((start, way), (end, back)) if end < length else ((start, way),)


def _known(
    rng: np.random.Generator, truth: Floats, months: tuple[date, ...]
) -> tuple[pd.DataFrame, tuple[KnownSum, ...]]:
    """Leave of the truth what statements do: gaps, intervals, and one sum."""
    length = len(truth)
    width = np.where(rng.random(length) < 1 / 3, rng.uniform(0, 0.05, length), 0.0)
    shift = rng.uniform(-1, 1, length) * width
    gap = (rng.random(length) < 0.06) & (rng.random() < 1 / 2)  # noqa: PLR2004 - a month in a year and a half
    many, place = int(rng.integers(2, 7)), int(rng.integers(0, length // 3))
    summed = np.zeros(length, bool)
    if rng.random() < 1 / 2:
        summed[place : place + many] = True
    rows = [
        _row(month, truth[at], (width[at], shift[at]), summed=bool(summed[at]))
        for at, month in enumerate(months)
        if summed[at] or not gap[at]
    ]
    if not summed.any():
        return SERIES.frame(rows), ()
    inside = tuple(month for at, month in enumerate(months) if summed[at])
    total = float(truth[summed].sum())
    return SERIES.frame(rows), (KnownSum(_SERIES, inside, total * 0.99, total * 1.01),)


def _row(month: date, tonnes: float, interval: tuple[float, float], *, summed: bool) -> dict[str, Any]:
    width, shift = interval
    return {
        "month": month,
        "reporter": _SERIES.reporter,
        "partner": _SERIES.partner,
        "flow": _SERIES.flow,
        "hs": _SERIES.hs,
        "low": 0.0 if summed else tonnes * (1 + shift - width),
        "high": 1e6 if summed else tonnes * (1 + shift + width),
        "mid": None,
        "identified": not summed,
        "reported": not summed and width == 0,
    }
