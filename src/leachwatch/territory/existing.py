"""Which sites there were in a month: what was seen, and draws for what was not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leachwatch.territory.placing import positions

__all__ = ["Existing"]

_ABSENT, _THERE, _UNSEEN = 0, 1, 2


class Existing:
    """Draws which sites are mines, and since when each has been there.

    A site is there from its clearing on, whatever it does then. In a month that was not seen it is there if
    its clearing, drawn between the days that bound it, came before. Where nothing bounds it from below, it is
    drawn from the first month of the series on.

    Parameters
    ----------
    sites : DataFrame
        `SITES`; those that people rejected never count.
    site_months : DataFrame
        `SITE_MONTHS`.
    months : sequence of date
        First days; there is one.
    """

    def __init__(self, sites: pd.DataFrame, site_months: pd.DataFrame, months: Sequence[date]) -> None:
        ids = sites["site_id"].to_numpy(dtype=object)
        self._following = np.array([_next(day) for day in months])
        state = np.full((len(ids), len(months)), _UNSEEN, np.uint8)
        row, column = (
            positions(site_months["site_id"], ids),
            positions(site_months["month"], np.array(months, dtype=object)),
        )
        kept = (row >= 0) & (column >= 0)
        seen = positions(site_months["state"], np.array(["absent", "unseen"], dtype=object))
        state[row[kept], column[kept]] = np.choose(seen[kept] + 1, (_THERE, _ABSENT, _UNSEEN))
        self._seen = state == _THERE
        self._unseen = state == _UNSEEN
        self._score = np.where(
            sites["review"].to_numpy(dtype=object) == "rejected", 0.0, sites["score"].to_numpy(dtype=float)
        )
        begins = float(months[0].toordinal())
        self._low = _days(sites["cleared_from_earliest"], sites["pools_from_earliest"], begins)
        self._high = _days(sites["cleared_from_latest"], sites["pools_from_latest"], begins)
        self._low = np.minimum(self._low, self._high)

    def draw(
        self, chance: np.random.Generator, rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Draw one account of some sites.

        Returns
        -------
        real : ndarray of bool, shape (site,)
            Which sites are mines.
        there : ndarray of bool, shape (site, month)
            When each is there, if it is one.
        """
        real = chance.uniform(0, 1, len(rows)) < self._score[rows]
        low, high = self._low[rows], self._high[rows]
        since = low + chance.uniform(0, 1, len(rows)) * (high - low)
        there = since[:, None] < self._following
        there &= self._unseen[rows]
        there |= self._seen[rows]
        return real, there


def _days(one: Any, other: Any, otherwise: float) -> NDArray[np.float64]:
    """Days as numbers: of the first column, else of the second, else a number."""
    both = zip(one.to_numpy(dtype=object), other.to_numpy(dtype=object), strict=True)
    chosen = (next((day for day in pair if isinstance(day, date)), None) for pair in both)
    return np.array([otherwise if day is None else float(day.toordinal()) for day in chosen])


def _next(first: date) -> float:
    """Day on which the next month begins."""
    return float((first + timedelta(days=31)).replace(day=1).toordinal())
