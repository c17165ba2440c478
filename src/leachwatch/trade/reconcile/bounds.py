"""Bounds: the least and the most that every month can have, if the statements hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from leachwatch.trade.reconcile.grid import Series, months_between, series_of, series_of_base
from leachwatch.trade.reconcile.programme import Floats
from leachwatch.trade.reconcile.settings import ReconcileSettings
from leachwatch.trade.reconcile.system import TONNES, System
from leachwatch.trade.reconcile.vicinity import Vicinity

__all__ = ["Bounded", "bound", "targets", "unidentified"]

_SAME = 1e-9  # thousand tonnes; a bound that a known solution reaches needs no programme of its own


@dataclass(frozen=True)
class Bounded:
    """A sum of months of one series, and its bounds.

    Attributes
    ----------
    series : Series
    months : tuple of date
        First days of the months, in order.
    low, high : float
        Tonnes; ``high`` is infinite where nothing limits it.
    """

    series: Series
    months: tuple[date, ...]
    low: float
    high: float


def targets(system: System) -> dict[Series, list[date]]:
    """Months of every series that a statement speaks of, in order."""
    months: dict[Series, set[date]] = {}
    for one in system.statements:
        months.setdefault(series_of(one), set()).update(months_between(one.period_start, one.period_end))
        if one.unit == "%":
            start, end = one.base_start or one.period_start, one.base_end or one.period_end
            months.setdefault(series_of_base(one), set()).update(months_between(start, end))
    return {series: sorted(months[series]) for series in sorted(months)}


def bound(
    system: System, sums: Sequence[tuple[Series, tuple[date, ...]]], settings: ReconcileSettings
) -> list[Bounded]:
    """Least and most of some sums of months.

    Parameters
    ----------
    system : System
        One that has a solution.
    sums : sequence of (Series, tuple of date)
        Series, and the months to add.
    settings : ReconcileSettings
        Says how many inequalities are looked at at once.

    Returns
    -------
    list of Bounded
        In the order of ``sums``.
    """
    columns = [system.columns(series, months) for series, months in sums]
    vicinity = Vicinity(*system.without(())[:2], settings.most_rows)
    low = _ends(system, vicinity, [least for least, _ in columns], 1.0)
    high = _ends(system, vicinity, [most for _, most in columns], -1.0)
    return [
        Bounded(series, months, _down(least), _up(most))
        for (series, months), least, most in zip(sums, low, high, strict=True)
    ]


def unidentified(system: System, series: Series, months: Sequence[date]) -> list[tuple[date, ...]]:
    """Months of which only a sum is known: no statement tells one from another.

    Returns
    -------
    list of tuples of date
        Each of two months or more.
    """
    alike: dict[tuple[object, ...], list[date]] = {}
    for month in months:
        key = tuple((cell[:-1], system.cells[cell]) for cell in system.grid.cells(series, [month]))
        alike.setdefault(key, []).append(month)
    return [tuple(group) for group in alike.values() if len(group) > 1]


def _ends(system: System, vicinity: Vicinity, sums: Sequence[NDArray[np.intp]], sign: float) -> Floats:
    """Least (sign 1) or most (sign -1) of sums of columns, in thousand tonnes.

    An end that a statement prints, and that a solution on the way meets, needs no programme of its own.
    """
    place: dict[bytes, int] = {}
    at = [place.setdefault(one.tobytes(), len(place)) for one in sums]
    keys = [np.frombuffer(key, dtype=np.intp) for key in place]
    wanted = _matrix(keys, len(system.size))
    printed = _printed(system, sign)
    ends = np.array([printed.get(key, 0.0 if sign > 0 else -np.inf) for key in place])
    met = np.full(len(place), np.inf)
    for one, columns in enumerate(keys):
        if met[one] > ends[one] + _SAME:
            ends[one], x = vicinity.least(columns, sign)
            met = met if x is None else np.minimum(met, sign * (wanted @ x))
    return sign * ends[at]


def _printed(system: System, sign: float) -> dict[bytes, float]:
    """Find the ends of the sums that a statement prints by itself, times the sign."""
    printed: dict[bytes, float] = {}
    for place in np.flatnonzero(~system.relative):
        key = np.sort(system.part[[place]].indices).astype(np.intp).tobytes()
        end = float(system.low[place] if sign > 0 else -system.high[place])
        printed[key] = max(printed.get(key, 0.0 if sign > 0 else -np.inf), end)
    return printed


def _matrix(rows: Sequence[NDArray[np.intp]], width: int) -> csr_array:
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.concatenate([np.zeros(0, dtype=np.intp), *rows])
    return csr_array((np.ones(len(columns)), columns, starts), shape=(len(rows), width))


def _down(value: float) -> float:
    """Tonnes, a kilogram down at most; what is left of the solver's rounding is not a kilogram."""
    return float(np.floor(round(max(value, 0.0) * TONNES, 6) * 1000) / 1000)


def _up(value: float) -> float:
    return float(np.ceil(round(value * TONNES, 6) * 1000) / 1000) if np.isfinite(value) else np.inf
