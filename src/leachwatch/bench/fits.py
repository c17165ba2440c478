"""Fits: how a cost grows with what it is spent on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Cost", "growth"]


@dataclass(frozen=True)
class Cost:
    """What some work took.

    Attributes
    ----------
    area : float
        Ground, any unit.
    looks : int
        Looks at it.
    seconds : float
        Taken.
    """

    area: float
    looks: int
    seconds: float


def growth(costs: Sequence[Cost]) -> tuple[float, float]:
    """Exponents of area and of looks: least squares of logarithms.

    Parameters
    ----------
    costs : sequence of Cost
        Three at least, of more than one area and more than one number of looks.

    Returns
    -------
    area, looks : float
        1 where the cost is in proportion, more where it grows faster.

    Examples
    --------
    >>> costs = [Cost(area, looks, 3 * area * looks**2) for area in (1, 4) for looks in (10, 30)]
    >>> [round(exponent, 6) for exponent in growth(costs)]
    [1.0, 2.0]
    """
    known = np.log([[one.area, one.looks, one.seconds] for one in costs])
    terms = np.column_stack([np.ones(len(costs)), known[:, :2]])
    (_, area, looks), *_ = np.linalg.lstsq(terms, known[:, 2], rcond=None)
    return float(area), float(looks)
