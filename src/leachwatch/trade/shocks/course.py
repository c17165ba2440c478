"""A series on an unbroken calendar, and draws of what it may have been."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leachwatch.errors import TableError
from leachwatch.tables import SERIES

__all__ = ["Course", "KnownSum", "Series", "courses", "draw", "month_day", "month_number"]

Floats = NDArray[np.float64]

_BISECTIONS = 60  # the factor is then known to the last digit


@dataclass(frozen=True, order=True)
class Series:
    """Which series it is.

    Attributes
    ----------
    reporter, flow, partner, hs : str
        As in the table ``series``.
    """

    reporter: str
    flow: str
    partner: str
    hs: str

    @property
    def sum_of_origins(self) -> bool:
        """Whether it adds several origins."""
        return self.partner == "WLD"

    def __str__(self) -> str:
        return f"{self.reporter} {self.flow} {self.partner} {self.hs}"


@dataclass(frozen=True)
class KnownSum:
    """What is known of several months together.

    Attributes
    ----------
    series : Series
        Of which series.
    months : tuple of date
        First days of the months.
    low, high : float
        Bounds of their sum, tonnes.
    """

    series: Series
    months: tuple[date, ...]
    low: float
    high: float


@dataclass(frozen=True)
class Course:
    """One series by calendar month; what is not known at all is a gap.

    Attributes
    ----------
    series : Series
        Which it is.
    months : ndarray of int, shape (n,)
        Months since the year 0, one after the other.
    low, high : ndarray of float, shape (n,)
        Bounds of each, tonnes; NaN in gaps.
    known : ndarray of bool, shape (n,)
        Whether a month is known by itself, and not only within a sum.
    sums : tuple of (ndarray of int, float, float)
        Places of months of which a sum is known, and its bounds, tonnes.
    """

    series: Series
    months: NDArray[np.int64]
    low: Floats
    high: Floats
    known: NDArray[np.bool_]
    sums: tuple[tuple[NDArray[np.int64], float, float], ...]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Whether a month is no gap, shape (n,)."""
        return ~np.isnan(self.low)


def month_number(day: date) -> int:
    """Months since the year 0.

    Examples
    --------
    >>> month_number(date(2024, 10, 21)) - month_number(date(2023, 10, 1))
    12
    """
    return day.year * 12 + day.month - 1


def month_day(number: int) -> date:
    """First day of a month.

    Examples
    --------
    >>> month_day(month_number(date(2024, 12, 21)))
    datetime.date(2024, 12, 1)
    """
    year, month = divmod(int(number), 12)
    return date(year, month + 1, 1)


def courses(frame: pd.DataFrame, sums: Sequence[KnownSum] = ()) -> Iterator[Course]:
    """Take the table ``series`` apart.

    A month that no statement limits from above, or that is not identified and in none of `sums`, is a gap:
    its bounds say next to nothing.

    Parameters
    ----------
    frame : DataFrame
        Keeping ``SERIES``.
    sums : sequence of KnownSum
        Of months that are not identified; no month is in two.

    Yields
    ------
    Course
        By series, in order.

    Raises
    ------
    TableError
        If the frame does not keep the contract, a month's bounds are crossed or negative, or a sum names a
        month that is not there or is in another sum, or cannot be had within the bounds of its months.
    """
    checked = SERIES.check(frame)
    whole = dict(iter(checked.groupby(["reporter", "flow", "partner", "hs"], sort=True)))
    there = {Series(*map(str, key)): rows for key, rows in whole.items()}
    for known in sums:
        if known.series not in there:
            raise TableError(f"series: a sum is given of {known.series}, which is not in the table")
    for series, rows in there.items():
        yield _course(series, rows, [known for known in sums if known.series == series])


def _course(series: Series, rows: pd.DataFrame, sums: Sequence[KnownSum]) -> Course:
    numbers = np.array([month_number(day) for day in rows["month"]])
    months = np.arange(numbers[0], numbers[-1] + 1)
    low, high = np.full((2, len(months)), np.nan)
    places = numbers - numbers[0]
    low[places] = rows["low"].astype("float64")
    high[places] = rows["high"].astype("float64").fillna(np.nan)
    known = np.zeros(len(months), bool)
    known[places] = rows["identified"].astype(bool)
    wrong = np.flatnonzero((low < 0) | (low > high))
    if len(wrong):
        day = month_day(months[wrong[0]])
        raise TableError(f"series: {series}, {day:%Y-%m}: bounds are negative or crossed; reconcile it first")
    summed = [_placed(one, months[0], low, high) for one in sums]
    inside = np.concatenate([np.array([], int), *(place for place, _, _ in summed)])
    _refuse_twice(series, inside, months)
    gap = np.isnan(high) | ~(known | np.isin(np.arange(len(months)), inside))
    low[gap] = high[gap] = np.nan
    known[inside] = False
    return Course(series, months, low, high, known & ~gap, tuple(summed))


def _placed(one: KnownSum, first: int, low: Floats, high: Floats) -> tuple[NDArray[np.int64], float, float]:
    places = np.array([month_number(day) - first for day in one.months])
    what = f"series: {one.series}, sum of {min(one.months):%Y-%m} to {max(one.months):%Y-%m}"
    if places.min() < 0 or places.max() >= len(low) or np.isnan(low[places]).any():
        raise TableError(f"{what}: not all of its months are in the table; add them as not identified")
    high[places] = np.fmin(high[places], one.high)  # no month is more than the sum
    least, most = max(one.low, low[places].sum()), min(one.high, high[places].sum())
    if least > most:
        raise TableError(f"{what}: cannot be had within the bounds of its months; reconcile it first")
    return places, least, most


def _refuse_twice(series: Series, inside: NDArray[np.int64], months: NDArray[np.int64]) -> None:
    places, counts = np.unique(inside, return_counts=True)
    if (counts > 1).any():
        day = month_day(months[places[counts > 1][0]])
        raise TableError(f"series: {series}, {day:%Y-%m}: is in two sums; give sums that share no month")


def draw(course: Course, count: int, spread: float, rng: np.random.Generator) -> Floats:
    """Draw what the series may have been.

    A month is drawn evenly between its bounds. Months of which a sum is known differ by a log-normal factor,
    are scaled to a sum drawn evenly between its bounds, and are held within their own.

    Parameters
    ----------
    course : Course
        What is known.
    count : int
        How many series.
    spread : float
        Of the log-normal factor.
    rng : Generator
        Source of chance.

    Returns
    -------
    ndarray of float, shape (count, n), or (1, n) where everything is known exactly
        Tonnes; NaN in gaps.
    """
    if not course.sums and not (course.low < course.high).any():
        return course.low[None]
    drawn: Floats = course.low + (course.high - course.low) * rng.random((count, len(course.months)))
    for places, low, high in course.sums:
        factors = np.exp(spread * rng.standard_normal((count, len(places))))
        total = rng.uniform(low, high, count)
        drawn[:, places] = _shared_out(total, factors, course.low[places], course.high[places])
    return drawn


def _shared_out(total: Floats, factors: Floats, low: Floats, high: Floats) -> Floats:
    """Scale factors by one number a row so that, held within bounds, they add up to the total."""
    least = np.zeros((len(total), 1))
    most = (total.sum() + high.max() + 1) / factors.min(axis=1, keepdims=True)
    for _ in range(_BISECTIONS):
        middle = (least + most) / 2
        short = np.clip(middle * factors, low, high).sum(axis=1, keepdims=True) < total[:, None]
        least, most = np.where(short, middle, least), np.where(short, most, middle)
    shared: Floats = np.clip(most * factors, low, high)
    return shared
