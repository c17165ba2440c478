"""Programmes over what lies near: all inequalities if they are few, else those around what is asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from leachwatch.trade.reconcile.programme import Floats, minimise

__all__ = ["Vicinity", "boxes"]

_SWEEPS = 12
_GIVE = 1e-7  # thousand tonnes, so that rounding in a box cuts nothing off


class Vicinity:
    """Least of sums of columns under ``rows @ x <= limits`` and ``x >= 0``.

    Parameters
    ----------
    rows : sparse array, shape (rows, columns)
    limits : ndarray of float64, shape (rows,)
    most_rows : int
        With more rows, only about as many are looked at for each sum: those that reach its columns in the
        fewest steps. Columns further out keep between limits that follow from single rows, so what is found
        holds in any case.
    """

    def __init__(self, rows: csr_array, limits: Floats, most_rows: int) -> None:
        self._rows, self._limits, self._most = rows, limits, most_rows
        self._whole = rows.shape[0] <= most_rows
        self._links = abs(rows).sign() if not self._whole else rows
        self._box = None if self._whole else boxes(rows, limits)

    def least(self, columns: NDArray[np.intp], sign: float) -> tuple[float, Floats | None]:
        """Least of a sum of columns times a sign.

        Returns
        -------
        least : float
            Minus infinity where there is none.
        x : ndarray of float64, shape (columns,), or None
            Where it is met; None where it is not known to be met within all rows.
        """
        if not len(columns):
            return 0.0, None
        cost = np.zeros(self._rows.shape[1])
        cost[columns] = sign
        if self._box is None:
            found = minimise(cost, self._rows, self._limits)
            return (-np.inf, None) if found is None else (float(found.fun), found.x)
        return self._least_near(cost, self._near(columns), self._box), None

    def _least_near(self, cost: Floats, near: NDArray[np.intp], box: tuple[Floats, Floats]) -> float:
        rows = self._rows[near]
        inner = np.union1d(np.unique(rows.indices), np.flatnonzero(cost))
        low, high = box[0][inner], box[1][inner]
        found = minimise(cost[inner], rows[:, inner], self._limits[near], box=(low, high))
        if found is not None and np.count_nonzero(cost) == 1:
            self._tighten(int(np.flatnonzero(cost)[0]), float(found.fun), float(cost.sum()))
        return -np.inf if found is None else float(found.fun)

    def _tighten(self, column: int, least: float, sign: float) -> None:
        low, high = self._box or (np.zeros(0), np.zeros(0))
        if sign > 0:
            low[column] = max(low[column], least - _GIVE)
        else:
            high[column] = min(high[column], -least + _GIVE)

    def _near(self, columns: NDArray[np.intp]) -> NDArray[np.intp]:
        """Rows around some columns, one ring after the other while they are few enough; at least one."""
        *_, last = self._rings(columns)
        return last

    def _rings(self, columns: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        reached = np.zeros(self._rows.shape[1])
        reached[columns] = 1.0
        before = -1
        while True:
            rows = np.flatnonzero(self._links @ reached)
            if before >= 0 and (len(rows) > self._most or len(rows) == before):
                return
            yield rows
            before = len(rows)
            reached[self._rows[rows].indices] = 1.0


def boxes(rows: csr_array, limits: Floats) -> tuple[Floats, Floats]:
    """Least and most of every column that follow from one row at a time, over and over.

    Returns
    -------
    low, high : ndarray of float64, shape (columns,)
    """
    entries = rows.tocoo()
    row, column, factor = entries.row, entries.col, entries.data
    up = factor > 0
    low, high = np.zeros(rows.shape[1]), np.full(rows.shape[1], np.inf)
    for _ in range(_SWEEPS):
        least = factor * np.where(up, low[column], high[column])
        endless = np.isinf(least)
        known = np.bincount(row, np.where(endless, 0.0, least), rows.shape[0])[row]
        open_ = np.bincount(row, endless, rows.shape[0])[row] - endless
        rest = np.where(open_ > 0, -np.inf, known - np.where(endless, 0.0, least))
        end = (limits[row] - rest) / factor
        np.minimum.at(high, column[up], end[up] + _GIVE)
        np.maximum.at(low, column[~up], end[~up] - _GIVE)
    return low, np.maximum(high, low)
