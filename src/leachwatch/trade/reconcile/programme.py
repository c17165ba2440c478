"""Linear programmes over tonnes that are not below zero."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from leachwatch.errors import RecordError

__all__ = ["Floats", "Solution", "minimise"]

Floats = NDArray[np.float64]
Solution = Any
"""What `scipy.optimize.linprog` gives."""

_SOLVED, _INFEASIBLE, _UNBOUNDED, _TROUBLE = 0, 2, 3, 4


def minimise(
    cost: Floats,
    rows: csr_array,
    limits: Floats,
    equal: tuple[csr_array, Floats] | None = None,
    box: tuple[Floats, Floats] | None = None,
) -> Solution | None:
    """Least of ``cost @ x`` over ``rows @ x <= limits`` and ``x >= 0``.

    Parameters
    ----------
    cost : ndarray of float64, shape (n,)
    rows : sparse array, shape (m, n)
    limits : ndarray of float64, shape (m,)
    equal : pair of sparse array, shape (k, n), and ndarray of float64, shape (k,), or None
        Rows that hold exactly.
    box : pair of ndarray of float64, shape (n,), or None
        Least and most of each ``x``, where they are known; the least is 0 or more.

    Returns
    -------
    OptimizeResult or None
        None where there is no least: nothing is allowed, or there is no end to it.

    Raises
    ------
    RecordError
        If the solver gives up.
    """
    bounds = (0, None) if box is None else np.stack(box, axis=1)
    exactly = {} if equal is None else {"A_eq": equal[0], "b_eq": equal[1]}
    for method in ("highs", "highs-ipm"):
        solution = linprog(cost, A_ub=rows, b_ub=limits, bounds=bounds, method=method, **exactly)
        if solution.status == _SOLVED:
            return solution
        if solution.status in {_INFEASIBLE, _UNBOUNDED}:
            return None
    raise RecordError(
        f"the statements cannot be solved ({solution.message}); look for values far out of scale"
    )
