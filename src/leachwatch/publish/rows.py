"""Rows of a table as public models: only the columns that are named are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel, ValidationError

from leachwatch.errors import TableError

__all__ = ["Row", "models", "rows_of"]

Row = dict[str, Any]

_Model = TypeVar("_Model", bound=BaseModel)


def models(
    table: str, columns: tuple[str, ...], model: Callable[[Row], _Model], frame: pd.DataFrame
) -> Iterator[_Model]:
    """Make a model of each row.

    Parameters
    ----------
    table : str
        Name of the table, for messages.
    columns : tuple of str
        Those that are read.
    model : callable
        Makes one of a row, by column name; what is missing is None.
    frame : DataFrame
        Rows of the table.

    Yields
    ------
    BaseModel
        In the order of the rows.

    Raises
    ------
    TableError
        If a value does not fit the model.
    """
    for number, row in enumerate(rows_of(frame, columns)):
        try:
            yield model(row)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(map(str, fault["loc"]))
            raise TableError(
                f"{table}.parquet: row {number}: {field}: {fault['msg']}; delete the table and make it again"
            ) from error


def rows_of(frame: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[Row]:
    """Rows by column name; what is missing is None."""
    values = [[None if value is pd.NA else value for value in frame[name].tolist()] for name in columns]
    return (dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True))
