"""The order of rows: columns of a key joined into one number a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["joined", "ranks"]

_MOST = 1 << 62


def ranks(values: pd.Series[Any]) -> tuple[np.ndarray, int]:
    """Place of each value among the different ones in ascending order, missing ones last.

    Parameters
    ----------
    values : Series
        Of an Arrow type, without lists.

    Returns
    -------
    ranks : ndarray of int64, shape (rows,)
        From 0.
    count : int
        How many ranks there may be.
    """
    column = pa.array(values.array)
    if not len(column):
        return np.zeros(0, dtype=np.int64), 1
    if pa.types.is_integer(column.type) and not column.null_count:
        numbers = column.to_numpy()
        least, most = int(numbers.min()), int(numbers.max())
        if most - least < _MOST:
            return numbers - least, most - least + 1
    coded = column.dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.unify_dictionaries().combine_chunks()
    order = pc.array_sort_indices(coded.dictionary).to_numpy()
    places = np.empty(len(order) + 1, dtype=np.int64)
    places[order] = np.arange(len(order))
    places[-1] = len(order)  # that of a missing value
    return places[pc.fill_null(coded.indices, len(order)).to_numpy()], len(order) + 1


def joined(columns: Iterable[tuple[np.ndarray, int]]) -> np.ndarray:
    """One number a row that sorts as its ranks do, the first column first.

    Parameters
    ----------
    columns : iterable of (ndarray of int, shape (rows,), int)
        Ranks from 0, and how many there may be.

    Returns
    -------
    ndarray of int64, shape (rows,)

    Examples
    --------
    >>> joined([(np.array([1, 0, 0]), 2), (np.array([0, 2, 1]), 3)]).tolist()
    [3, 2, 1]
    """
    whole, size = np.zeros(1, dtype=np.int64), 1
    for places, count in columns:
        if size > _MOST // max(count, 1):
            different, whole = np.unique(whole, return_inverse=True)
            size = len(different)
        whole = whole * count + places
        size *= count
    return whole
