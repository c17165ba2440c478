"""A smooth course between bounds, for drawing only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from leachwatch.trade.reconcile.bounds import Bounded
from leachwatch.trade.reconcile.programme import Floats, minimise

__all__ = ["course"]

_PULL = 0.05  # of the middle of the bounds, against bending by as many tonnes


def course(months: Sequence[Bounded], sums: Sequence[Bounded]) -> Floats:
    """One value a month: inside its bounds, with sums inside theirs, bending as little as can be.

    It is no estimate: any other course between the bounds is as true. It minimises the absolute second
    differences of months that follow each other, and a little the distance from the middle of the bounds.

    Parameters
    ----------
    months : sequence of Bounded
        Single months of one series, in order.
    sums : sequence of Bounded
        Months of that series of which only a sum is known.

    Returns
    -------
    ndarray of float64, shape (months,)
        Tonnes; NaN where there is no upper bound.
    """
    at = [place for place, one in enumerate(months) if np.isfinite(one.high)]
    mid = np.full(len(months), np.nan)
    if at:
        mid[at] = _smoothest([months[place] for place in at], sums)
    return mid


def _smoothest(months: Sequence[Bounded], sums: Sequence[Bounded]) -> Floats:
    place = {one.months[0]: at for at, one in enumerate(months)}
    inside = [one for one in sums if all(month in place for month in one.months)]
    members = np.zeros((len(inside), len(months)))
    middle = np.array([(one.low + one.high) / 2 for one in months])
    for row, one in enumerate(inside):
        columns = [place[month] for month in one.months]
        members[row, columns] = 1.0
        middle[columns] = (one.low + one.high) / 2 / len(columns)
    bends = _bends([one.months[0] for one in months])
    wished = csr_array(np.vstack([bends, _PULL * np.eye(len(months))]))
    least = _least_off(wished, np.append(np.zeros(len(bends)), _PULL * middle), members, [*months, *inside])
    return (
        middle if least is None else np.clip(least, [one.low for one in months], [one.high for one in months])
    )


def _least_off(
    wished: csr_array, values: Floats, members: Floats, limits: Sequence[Bounded]
) -> Floats | None:
    """Values inside limits that miss ``wished @ x == values`` by the least sum."""
    count = wished.shape[1]
    miss = -eye_array(len(values))
    held = csr_array(np.vstack([np.eye(count), members]))
    none = csr_array((held.shape[0], len(values)))
    rows = vstack(
        [hstack([wished, miss]), hstack([-wished, miss]), hstack([held, none]), hstack([-held, none])]
    )
    high, low = np.array([one.high for one in limits]), np.array([one.low for one in limits])
    cost = np.append(np.zeros(count), np.ones(len(values)))
    found = minimise(cost, rows.tocsr(), np.concatenate([values, -values, high, -low]))
    return None if found is None else found.x[:count]


def _bends(months: Sequence[date]) -> Floats:
    """Second differences of every three months that follow each other, as rows."""
    count = [month.year * 12 + month.month for month in months]
    starts = [at for at in range(len(count) - 2) if count[at + 2] - count[at] == 2]  # noqa: PLR2004
    rows = np.zeros((len(starts), len(count)))
    for row, at in enumerate(starts):
        rows[row, at : at + 3] = (1.0, -2.0, 1.0)
    return rows
