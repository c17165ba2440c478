"""Assembly: what a reader found in each row of a file, to the table ``observations``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leachwatch.tables import OBSERVATIONS
from leachwatch.tables.order import joined

__all__ = ["Amount", "Coded", "Filling", "coded", "observed"]


@dataclass(frozen=True)
class Coded:
    """A column that has few different values.

    Attributes
    ----------
    codes : ndarray of int32, shape (rows,)
        Which value stands in each row.
    entries : pyarrow Array
        The values, without repetition; null where one is missing.
    """

    codes: np.ndarray
    entries: pa.Array

    def each(self, tell: Callable[[Any], object], kind: type[bool | float] = bool) -> np.ndarray:
        """Tell something of the entry in each row: a bool, or a float."""
        told: np.ndarray = np.array([tell(entry) for entry in self.entries.to_pylist()], dtype=kind)
        return np.asarray(told[self.codes])

    def ranks(self) -> tuple[np.ndarray, int]:
        """Place of each row's value in ascending order, missing ones last; how many there are."""
        order = pc.array_sort_indices(self.entries).to_numpy()
        places = np.empty(len(order), dtype=np.int32)
        places[order] = np.arange(len(order))
        return places[self.codes], len(order)


def coded(codes: np.ndarray, values: Sequence[object], kind: pa.DataType | None = None) -> Coded:
    """Column in which `values` stand, one of which may stand there several times.

    Parameters
    ----------
    codes : ndarray of int, shape (rows,)
        Place in `values`.
    values : sequence
        One for each code.
    kind : pyarrow DataType
        Their type; text where none is given.
    """
    once = pa.array(values, kind or pa.string()).dictionary_encode(null_encoding="encode")
    return Coded(once.indices.to_numpy(zero_copy_only=False)[codes], once.dictionary)


Filling = Coded | str | date | None
"""What stands in a column: few different values, or the same everywhere."""


@dataclass(frozen=True)
class Amount:
    """One measure of the rows of a file.

    Attributes
    ----------
    figures, halves : ndarray of float64, shape (rows,)
        In `unit`: the number (NaN where there is none), and half of its last digit.
    unit, basis, metric, status : str
        As in the table.
    """

    figures: np.ndarray
    halves: np.ndarray
    unit: str
    basis: str
    metric: str
    status: str = "reported"


def observed(
    common: Mapping[str, Filling], lines: np.ndarray, good: np.ndarray, amounts: Sequence[Amount]
) -> pd.DataFrame:
    """Observations of the good rows of a file: one for each amount that a row has.

    Parameters
    ----------
    common : mapping
        Columns of the table that do not depend on the amount.
    lines : ndarray of int64, shape (rows,)
        Where each row stands.
    good : ndarray of bool, shape (rows,)
        Rows to take.
    amounts : sequence of Amount
        What may stand in a row.

    Returns
    -------
    DataFrame
        Of the table ``observations``, in its order.

    Raises
    ------
    TableError
        If a column breaks the contract.
    """
    rows, which = _in_order(common, lines, good, amounts)
    frame = {
        column.name: pd.arrays.ArrowExtensionArray(_amounts(column.name, amounts, rows, which))
        if column.name in _OF_AMOUNTS
        else pd.arrays.ArrowExtensionArray(
            pa.array(lines[rows]) if column.name == "row" else _filled(common[column.name], rows, column.kind)
        )
        for column in OBSERVATIONS.columns  # one after the other, so that a million rows are held once
    }
    return OBSERVATIONS.check(pd.DataFrame(frame, copy=False))


Column = Any
"""An Arrow array, whole or in pieces; pyarrow has no types."""

_PIECE = 1 << 17
_WORDS = {"unit", "basis", "metric", "status"}
_OF_AMOUNTS = _WORDS | {"value", "low", "high"}
_TYPES = {"text": pa.string(), "date": pa.date32()}


def _in_order(
    common: Mapping[str, Filling], lines: np.ndarray, good: np.ndarray, amounts: Sequence[Amount]
) -> tuple[np.ndarray, np.ndarray]:
    """Row and amount of each observation, sorted by the key of the table."""
    places = [np.flatnonzero(good & ~np.isnan(amount.figures)).astype(np.int32) for amount in amounts]
    rows = np.concatenate(places)
    which = np.repeat(np.arange(len(amounts), dtype=np.int8), [len(place) for place in places])

    def ranks() -> Iterator[tuple[np.ndarray, int]]:
        for name in OBSERVATIONS.key:
            filling = common.get(name)
            if name == "row":
                yield lines[rows], int(lines.max(initial=0)) + 1
            elif name == "basis":
                bases = sorted({amount.basis for amount in amounts})
                yield np.array([bases.index(amount.basis) for amount in amounts])[which], len(bases)
            elif isinstance(filling, Coded):
                of_rows, count = filling.ranks()
                yield of_rows[rows], count

    order = np.argsort(joined(ranks()), kind="stable")
    return rows[order], which[order]


def _amounts(name: str, amounts: Sequence[Amount], rows: np.ndarray, which: np.ndarray) -> Column:
    if name in _WORDS:
        return _spread(pa.array([getattr(amount, name) for amount in amounts], pa.string()), which)
    numbers = np.empty(len(rows))
    for number, amount in enumerate(amounts):
        mine = which == number
        place = rows[mine]
        half = {"low": -amount.halves[place], "high": amount.halves[place]}.get(name, 0.0)
        numbers[mine] = amount.figures[place] + half
    return pa.array(np.maximum(numbers, 0))


def _filled(filling: Filling, rows: np.ndarray, kind: str) -> Column:
    if isinstance(filling, Coded):
        return _spread(filling.entries.cast(_TYPES[kind]), filling.codes[rows])
    return pa.repeat(pa.scalar(filling, _TYPES[kind]), len(rows))


def _spread(entries: pa.Array, codes: np.ndarray) -> pa.ChunkedArray:
    """Entry of each row, in pieces: Arrow takes up to twice the memory of an array while it makes one."""
    pieces = [entries.take(pa.array(codes[first : first + _PIECE])) for first in range(0, len(codes), _PIECE)]
    return pa.chunked_array(pieces, entries.type)
