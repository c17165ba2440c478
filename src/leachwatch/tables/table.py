"""What a table is: its columns, the order of its rows, and how it is read and written."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from shapely.errors import ShapelyError

from leachwatch.errors import TableError
from leachwatch.tables.order import joined, ranks
from leachwatch.writing import write_whole

__all__ = [
    "Column",
    "Kind",
    "Table",
    "encode",
    "read",
    "write",
]

Frame = Any
"""A GeoDataFrame where the table has a geometry, else a DataFrame; geopandas has no types."""

Kind = Literal["text", "date", "number", "count", "flag", "texts", "numbers", "polygon"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        As in the file.
    kind : str
        ``text``, ``date``, ``number`` (float64), ``count`` (int64), ``flag``,
        ``texts`` and ``numbers`` (lists; a number in one may be missing) or ``polygon``.
    meaning : str
        What a value says, with its unit.
    words : tuple of str
        The only values allowed; empty where any is.
    optional : bool
        Whether a value may be missing.
    """

    name: str
    kind: Kind
    meaning: str
    words: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the contract.

    Attributes
    ----------
    name : str
        File name without ``.parquet``.
    key : tuple of str
        Columns by which rows are sorted.
    columns : tuple of Column
        In the order of the file.
    unique : bool
        Whether the key names one row; where it does not, the geometry breaks ties, else the order of rows.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    unique: bool = True

    @property
    def geometric(self) -> bool:
        """Whether rows have a geometry."""
        return any(column.kind == "polygon" for column in self.columns)

    @property
    def file_name(self) -> str:
        """Name of the file in ``out/``."""
        return f"{self.name}.parquet"

    def frame(self, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """Rows as a frame that keeps the contract.

        Parameters
        ----------
        rows : sequence of mappings
            One a row, by column name; geometries are shapely, in EPSG:4326.

        Returns
        -------
        GeoDataFrame or DataFrame
            Sorted by key, with the contract's types.

        Raises
        ------
        TableError
            If a column is missing or unknown, a word is not allowed, or a key is not unique.
        """
        expected = [column.name for column in self.columns]
        for row in rows:
            if set(row) != set(expected):
                odd = sorted(set(row) ^ set(expected))
                raise TableError(f"{self.file_name}: columns {odd} are missing or unknown; see the contract")
        frame = pd.DataFrame(
            [[row[name] for name in expected] for row in rows], columns=expected, dtype=object
        )
        return self.check(frame)

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Bring a frame into the contract's types and order, or say why it cannot be.

        Raises
        ------
        TableError
            As in `frame`.
        """
        expected = [column.name for column in self.columns]
        if list(frame.columns) != expected:
            raise TableError(f"{self.file_name}: has columns {list(frame.columns)}, expected {expected}")
        typed = frame.copy()
        for column in self.columns:
            typed[column.name] = self._typed(column, frame[column.name])
        if not self.unique and self.geometric:
            typed = typed.iloc[np.argsort([polygon.wkb for polygon in typed["geometry"]], kind="stable")]
        typed = self._sorted(typed)
        return gpd.GeoDataFrame(typed, geometry="geometry", crs="EPSG:4326") if self.geometric else typed

    def _sorted(self, typed: pd.DataFrame) -> pd.DataFrame:
        """Rows by key; those that are in order already are not moved, a million takes a second otherwise."""
        keys = joined(ranks(typed[name]) for name in self.key)
        order = None if (np.diff(keys) >= 0).all() else np.argsort(keys, kind="stable")
        if self.unique and (np.diff(keys if order is None else keys[order]) == 0).any():
            raise TableError(f"{self.file_name}: two rows have the same {', '.join(self.key)}")
        return (typed if order is None else typed.iloc[order]).reset_index(drop=True)

    def _typed(self, column: Column, values: pd.Series[Any]) -> Any:
        if column.kind == "polygon":
            odd = {getattr(shape, "geom_type", "missing value") for shape in values}
            odd -= {"Polygon", "MultiPolygon"}
            if odd:
                raise TableError(f"{self.file_name}: {column.name} has a {odd.pop()}, not a polygon")
            return list(values)
        listed = column.kind in {"texts", "numbers"}
        missing = pd.Series(data=False, index=values.index) if listed else values.isna()
        if missing.any() and not column.optional:
            raise TableError(
                f"{self.file_name}: {column.name} is missing in row {int(missing.to_numpy().argmax())}"
            )
        if column.words:
            unknown = sorted(set(values.dropna().unique().astype(str)) - set(column.words))
            if unknown:
                raise TableError(
                    f"{self.file_name}: {column.name} is {unknown[0]!r}, not one of {column.words}"
                )
        return values.astype(pd.ArrowDtype(_arrow_type(column.kind)))


def _arrow_type(kind: Kind) -> Any:
    return {
        "text": pa.string(),
        "date": pa.date32(),
        "number": pa.float64(),
        "count": pa.int64(),
        "flag": pa.bool_(),
        "texts": pa.list_(pa.string()),
        "numbers": pa.list_(pa.float64()),
    }[kind]


def encode(table: Table, frame: pd.DataFrame) -> bytes:
    """Bytes of a table's file.

    Raises
    ------
    TableError
        If the frame does not keep the contract.
    """
    held = io.BytesIO()
    pq.write_table(_arrow(table, table.check(frame)), held, compression="zstd")
    return held.getvalue()


def write(folder: Path, table: Table, frame: pd.DataFrame) -> Path:
    """Write a table whole or not at all.

    Parameters
    ----------
    folder : Path
        The ``out`` folder; it exists.
    table : Table
        The contract to keep.
    frame : DataFrame
        Made by `Table.frame`, or of the same columns.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    TableError
        If the frame does not keep the contract.
    OutputError
        If the file cannot be written.
    """
    return write_whole(folder / table.file_name, encode(table, frame))


def _arrow(table: Table, checked: pd.DataFrame) -> pa.Table:
    """Arrow table of a frame, without what pandas adds for itself (other readers stumble over it)."""
    held = io.BytesIO()
    if table.geometric:
        checked.to_parquet(held, index=False, schema_version="1.1.0")
    else:
        checked.to_parquet(held, index=False)
    arrow = pq.read_table(held)
    kept = {key: value for key, value in (arrow.schema.metadata or {}).items() if key == b"geo"}
    return arrow.replace_schema_metadata(kept)


def read(folder: Path, table: Table) -> Frame:
    """Read a table of the contract.

    Returns
    -------
    GeoDataFrame or DataFrame
        With the contract's types, sorted by key.

    Raises
    ------
    TableError
        If the file is missing, is not Parquet, or does not keep the contract.
    """
    path = folder / table.file_name
    if not path.exists():
        raise TableError(f"{path}: no such table; run `leachwatch scan` into this folder first")
    try:
        frame = gpd.read_parquet(path) if table.geometric else pd.read_parquet(path)
    except (ValueError, OSError, ShapelyError) as error:
        raise TableError(f"{path}: not a readable table ({error}); delete it and scan again") from error
    return table.check(frame)
