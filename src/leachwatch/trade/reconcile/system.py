"""Statements as linear inequalities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from leachwatch.trade.reconcile.grid import Cell, Grid, Series, months_between, series_of, series_of_base
from leachwatch.trade.reconcile.programme import Floats, minimise
from leachwatch.trade.reconcile.settings import ReconcileSettings
from leachwatch.trade.statement import Statement

__all__ = ["TONNES", "Conflict", "System", "band", "build", "interval", "is_change", "per_unit", "restated"]

TONNES = 1000.0
"""Tonnes in the unit of the solver, whose tolerances are absolute."""

_NO_WEIGHT = 1e-7  # of a row in a proof that statements conflict, against the heaviest


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all be true.

    Attributes
    ----------
    statements : frozenset of int
        Places of the statements; the others are not needed to see it.
    tonnes : float
        By how much every one of them would have to give way (t).
    """

    statements: frozenset[int]
    tonnes: float


@dataclass(frozen=True, eq=False)
class System:
    """Inequalities of some statements over cells.

    A statement says ``low <= part @ x <= high``, or, where it is relative,
    ``low * (base @ x) <= part @ x <= high * (base @ x)``, with ``x >= 0``.

    Attributes
    ----------
    statements : tuple of Statement
        In the order of the rows.
    grid : Grid
        Which cells make up a series.
    cells : mapping of Cell to int
        Column of each cell; cells that no statement tells apart share one, which is their sum.
    size : ndarray of int64, shape (columns,)
        Cells in a column.
    part, base : sparse array, shape (statements, columns)
        What is counted, and against what (an empty row where nothing is).
    low, high : ndarray of float64, shape (statements,)
        Thousand tonnes, or a ratio; infinite where there is no limit.
    relative : ndarray of bool, shape (statements,)
        Whether the limits are ratios.
    """

    statements: tuple[Statement, ...]
    grid: Grid
    cells: Mapping[Cell, int]
    size: NDArray[np.int64]
    part: csr_array
    base: csr_array
    low: Floats
    high: Floats
    relative: NDArray[np.bool_]

    @cached_property
    def rows(self) -> tuple[csr_array, Floats]:
        """Rows and limits of ``rows @ x <= limits``: all upper ends, then all lower ones."""
        ratio = self.relative.astype(float)
        finite_high = np.where(np.isfinite(self.high), self.high, 0.0)
        rows = vstack(
            [
                self.part - _scaled(self.base, finite_high * ratio),
                _scaled(self.base, self.low * ratio) - self.part,
            ]
        ).tocsr()
        rows.eliminate_zeros()
        limits = np.concatenate(
            [np.where(self.relative, 0.0, self.high), np.where(self.relative, 0.0, -self.low)]
        )
        return rows, np.where(np.concatenate([np.isfinite(self.high), np.isfinite(self.low)]), limits, np.inf)

    def without(self, dropped: Collection[int]) -> tuple[csr_array, Floats, NDArray[np.intp]]:
        """Rows, limits and the statement of each row, where some statements are left out."""
        rows, limits = self.rows
        kept = np.isfinite(limits)
        out = list(dropped)
        kept[out] = False
        kept[[place + len(self.statements) for place in out]] = False
        at = np.flatnonzero(kept)
        return rows[at], limits[at], at % len(self.statements)

    def limited(self, limits: Mapping[int, tuple[float, float]]) -> System:
        """Set other limits for some statements."""
        low, high = self.low.copy(), self.high.copy()
        for place, (least, most) in limits.items():
            low[place], high[place] = least, most
        return replace(self, low=low, high=high)

    def leaving_out(self, dropped: Collection[int]) -> System:
        """Take some statements out, and put together what they told apart."""
        kept = np.setdiff1d(np.arange(len(self.statements)), list(dropped))
        part, base, columns = _merged(self.part[kept], self.base[kept])
        return replace(
            self,
            statements=tuple(self.statements[place] for place in kept),
            cells={cell: int(columns[at]) for cell, at in self.cells.items()},
            size=np.bincount(columns, weights=self.size).astype(np.int64),
            part=part,
            base=base,
            low=self.low[kept],
            high=self.high[kept],
            relative=self.relative[kept],
        )

    def columns(self, series: Series, months: Iterable[date]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Columns whose sum is the least, and the most, that some months of a series can be.

        They differ where a column has other cells too: these may hold all of it, or nothing.
        """
        every = [self.cells[cell] for cell in self.grid.cells(series, months)]
        columns, counted = np.unique(np.array(every, dtype=np.intp), return_counts=True)
        return columns[counted == self.size[columns]], columns

    def conflict(self, dropped: Collection[int], tolerance_t: float) -> Conflict | None:
        """One set of statements that contradict each other, or None where all agree.

        The least that every row must give way is a linear programme; the rows that carry weight in its dual
        are a smallest proof that the rest cannot be met (Gleeson and Ryan 1990), with ``x >= 0``.
        """
        rows, limits, owner = self.without(dropped)
        give = csr_array(np.full((rows.shape[0], 1), -1.0))
        cost = np.zeros(rows.shape[1] + 1)
        cost[-1] = 1.0
        solution = minimise(cost, hstack([rows, give]).tocsr(), limits)
        if solution is None or solution.fun * TONNES <= tolerance_t:
            return None
        weights = np.abs(solution.ineqlin.marginals)
        weighty = owner[weights > _NO_WEIGHT * weights.max()]
        return Conflict(frozenset(int(place) for place in weighty), float(solution.fun) * TONNES)

    def slack(self, dropped: Collection[int] = ()) -> Floats:
        """Tonnes by which each statement gives way where their sum is least.

        Returns
        -------
        ndarray of float64, shape (statements,)
        """
        rows, limits, owner = self.without(dropped)
        count = rows.shape[0]
        give = csr_array((np.full(count, -1.0), (np.arange(count), np.arange(count))), shape=(count, count))
        cost = np.concatenate([np.zeros(rows.shape[1]), np.ones(count)])
        solution = minimise(cost, hstack([rows, give]).tocsr(), limits)
        tonnes = np.zeros(len(self.statements))
        if solution is not None:
            np.add.at(tonnes, owner, solution.x[rows.shape[1] :] * TONNES)
        return tonnes


def build(statements: Sequence[Statement], settings: ReconcileSettings) -> System:
    """Inequalities of statements."""
    every = [one for statement in statements for one in (series_of(statement), series_of_base(statement))]
    grid = Grid(every, all_partners=settings.all_partners, all_codes=settings.all_codes)
    relative = np.array([statement.unit == "%" for statement in statements])
    parts = [
        grid.cells(series_of(one), months_between(one.period_start, one.period_end)) for one in statements
    ]
    bases = [_base_cells(grid, one) if one.unit == "%" else [] for one in statements]
    cells = {cell: place for place, cell in enumerate(sorted({c for row in [*parts, *bases] for c in row}))}
    part, base, columns = _merged(_matrix(parts, cells), _matrix(bases, cells))
    limits = np.array([band(one, settings.nearly) for one in statements]).reshape(-1, 2)
    return System(
        tuple(statements),
        grid,
        {cell: int(columns[at]) for cell, at in cells.items()},
        np.bincount(columns).astype(np.int64),
        part,
        base,
        limits[:, 0],
        limits[:, 1],
        relative,
    )


def restated(system: System, meant: Mapping[int, Statement], settings: ReconcileSettings) -> System:
    """Put other statements in the place of some; the others keep the limits that they have."""
    built = build([meant.get(place, one) for place, one in enumerate(system.statements)], settings)
    ends = {place: (built.low[place], built.high[place]) for place in meant}
    return replace(built, low=system.low, high=system.high).limited(ends)


def _merged(part: csr_array, base: csr_array) -> tuple[csr_array, csr_array, NDArray[np.intp]]:
    """Both matrices with each column once, and where each column went."""
    both = vstack([part, base]).tocsc()
    both.sort_indices()
    kinds: dict[bytes, int] = {}
    columns = np.array(
        [
            kinds.setdefault(both.indices[start:end].tobytes(), len(kinds))
            for start, end in pairwise(both.indptr)
        ],
        dtype=np.intp,
    )
    first = np.unique(columns, return_index=True)[1]
    return part[:, first], base[:, first], columns


def band(statement: Statement, nearly: float) -> tuple[float, float]:
    """Least and most that a statement allows: in thousand tonnes, or as a ratio to its base.

    Parameters
    ----------
    statement : Statement
    nearly : float
        Share below its value that ``nearly`` reaches down to.
    """
    value, width = statement.value, statement.half_width
    if statement.kind == "more_than":
        least, most = (value, np.inf) if value >= 0 else (-np.inf, value)
    elif statement.kind == "nearly":
        least, most = sorted((value, value * (1 - nearly)))
    else:
        least, most = value - width, value + width
    whole, unit = float(is_change(statement)), per_unit(statement)
    return max(whole + least * unit, 0.0), whole + most * unit


def per_unit(statement: Statement) -> float:
    """Thousand tonnes, or ratio, in one unit of a statement."""
    return {"t": 1 / TONNES, "kg": 0.001 / TONNES, "%": 0.01}[statement.unit]


def as_printed(statement: Statement, quantity: float) -> float:
    """Give a limit of the system in the statement's own unit."""
    return (quantity - is_change(statement)) / per_unit(statement)


def is_change(statement: Statement) -> bool:
    """Whether a statement is a change of its base, not a share of it and no tonnage."""
    if statement.unit != "%":
        return False
    named = statement.base_partner is not None or statement.base_hs is not None
    return statement.kind == "change" or (statement.kind != "share" and not named)


def interval(system: System, place: int, dropped: Collection[int]) -> tuple[float, float]:
    """Ask the rest about one statement: least and most, as in `System`.

    Parameters
    ----------
    place : int
        The statement; it stands in ``dropped``.
    dropped : collection of int
        Statements left out.

    Returns
    -------
    low, high : float
        A ratio may be unknown at both ends: then 0 and infinity.
    """
    rows, limits, _ = system.without(dropped)
    part = system.part[[place]].toarray()[0]
    if not system.relative[place]:
        return _ends(part, rows, limits, None)
    base = system.base[[place]].toarray()
    homogeneous = hstack([rows, csr_array(-limits[:, None])]).tocsr()
    one = csr_array(np.append(base, [[0.0]], axis=1)), np.ones(1)
    return _ends(np.append(part, 0.0), homogeneous, np.zeros(len(limits)), one)


def _ends(
    part: Floats, rows: csr_array, limits: Floats, equal: tuple[csr_array, Floats] | None
) -> tuple[float, float]:
    least, most = minimise(part, rows, limits, equal), minimise(-part, rows, limits, equal)
    low = 0.0 if least is None else max(float(least.fun), 0.0)
    return low, np.inf if most is None else max(-float(most.fun), low)


def _base_cells(grid: Grid, one: Statement) -> list[Cell]:
    start, end = one.base_start or one.period_start, one.base_end or one.period_end
    return grid.cells(series_of_base(one), months_between(start, end))


def _matrix(rows: Sequence[Sequence[Cell]], cells: Mapping[Cell, int]) -> csr_array:
    owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    column = np.array([cells[cell] for row in rows for cell in row], dtype=np.intp)
    return csr_array((np.ones(len(column)), (owner, column)), shape=(len(rows), len(cells)))


def _scaled(rows: csr_array, factors: Floats) -> csr_array:
    return rows.multiply(factors[:, None]).tocsr()
