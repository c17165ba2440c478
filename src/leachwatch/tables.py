"""The tables leachwatch writes: their columns, and how they are read and written.

Every table is Parquet, or GeoParquet 1.1 in EPSG:4326 where it has a geometry. Dates are dates. Areas are
square metres from the scene's UTM grid. Rows are sorted by key, so that equal inputs give equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
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
from leachwatch.writing import write_whole

__all__ = [
    "COVERAGE",
    "PATCHES",
    "SITES",
    "SITE_MONTHS",
    "SPELLS",
    "TABLES",
    "Column",
    "Table",
    "encode",
    "read",
    "write",
]

Frame = Any
"""A GeoDataFrame where the table has a geometry, else a DataFrame; geopandas has no types."""

Kind = Literal["text", "date", "number", "count", "flag", "texts", "polygon"]

STATES = ("absent", "cleared", "active", "idle", "abandoned")
"""States of a site, in the order in which a mine lives them."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        As in the file.
    kind : str
        ``text``, ``date``, ``number`` (float64), ``count`` (int64), ``flag``,
        ``texts`` (list) or ``polygon``.
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
        if self.unique and typed.duplicated(list(self.key)).any():
            raise TableError(f"{self.file_name}: two rows have the same {', '.join(self.key)}")
        if not self.unique and self.geometric:
            typed = typed.iloc[np.argsort([polygon.wkb for polygon in typed["geometry"]], kind="stable")]
        typed = typed.sort_values(list(self.key), kind="stable", ignore_index=True)
        return gpd.GeoDataFrame(typed, geometry="geometry", crs="EPSG:4326") if self.geometric else typed

    def _typed(self, column: Column, values: pd.Series[Any]) -> Any:
        if column.kind == "polygon":
            odd = {getattr(shape, "geom_type", "missing value") for shape in values}
            odd -= {"Polygon", "MultiPolygon"}
            if odd:
                raise TableError(f"{self.file_name}: {column.name} has a {odd.pop()}, not a polygon")
            return list(values)
        missing = values.isna() if column.kind != "texts" else pd.Series(data=False, index=values.index)
        if missing.any() and not column.optional:
            raise TableError(
                f"{self.file_name}: {column.name} is missing in row {int(missing.to_numpy().argmax())}"
            )
        if column.words:
            unknown = sorted(set(values[~missing].astype(str)) - set(column.words))
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


def _interval(name: str, meaning: str, *, optional: bool = True) -> Iterator[Column]:
    yield Column(
        f"{name}_earliest",
        "date",
        f"{meaning}: not before this day (null: before the first look)",
        optional=True,
    )
    yield Column(f"{name}_latest", "date", f"{meaning}: not after this day", optional=optional)


def _with_bounds(name: str, kind: Kind, meaning: str, *, optional: bool = False) -> Iterator[Column]:
    yield Column(name, kind, meaning, optional=optional)
    yield Column(f"{name}_low", kind, f"{meaning}, 5th percentile", optional=optional)
    yield Column(f"{name}_high", kind, f"{meaning}, 95th percentile", optional=optional)


SITES = Table(
    "sites",
    ("site_id",),
    (
        Column("site_id", "text", "grid cell and month of first detection, kept from scan to scan"),
        Column("geometry", "polygon", "the pools and the worked ground between them"),
        Column("area", "text", "name of the watched area"),
        Column("simulated", "flag", "true where the scenes were simulated"),
        Column(
            "score",
            "number",
            "how much it looks like a leach mine, 0 to 1; not yet calibrated as a probability",
        ),
        Column("tier", "text", "how sure", words=("confirmed", "probable", "possible")),
        Column("lookalike", "text", "nearest look-alike class", optional=True),
        Column("lookalike_score", "number", "how near it is, 0 to 1", optional=True),
        *_interval("cleared_from", "ground cleared"),
        *_interval("pools_from", "first pools"),
        Column("state", "text", "state at the end of the series", words=STATES[1:]),
        *_interval("state_since", "that state began"),
        Column("provisional", "flag", "true where the last season may still change the account"),
        *_with_bounds("pool_area_m2", "number", "largest pool area of any month, m²"),
        *_with_bounds("pool_count", "count", "pools, from area over typical pool size"),
        Column("worked_area_m2", "number", "bare ground with the pools in it, m²"),
        Column("hull_area_m2", "number", "convex hull of the pools, m²"),
        Column("disturbed_area_m2", "number", "hull and worked ground with a margin of 30 m, m²"),
        Column("review", "text", "what people decided", words=("none", "accepted", "rejected")),
        Column("review_reason", "text", "what a rejected site is instead", optional=True),
        Column("lineage", "texts", "other ids of earlier scans that it took over, or was split from"),
    ),
)

SITE_MONTHS = Table(
    "site_months",
    ("site_id", "month"),
    (
        Column("site_id", "text", "as in sites"),
        Column("month", "date", "first day of the month"),
        Column("clear_share", "number", "best share of the site's pool pixels seen on one day, 0 to 1"),
        Column("looks", "count", "days on which the site could be seen"),
        *_with_bounds("pool_area_m2", "number", "pool area, m²", optional=True),
        Column("worked_area_m2", "number", "bare ground with the pools in it, m²", optional=True),
        Column("state", "text", "unseen is not absent", words=(*STATES, "unseen")),
    ),
)

SPELLS = Table(
    "spells",
    ("site_id", "start_latest"),
    (
        Column("site_id", "text", "as in sites"),
        Column("state", "text", "what the site did", words=STATES[1:]),
        *_interval("start", "the spell began", optional=False),
        Column("end_earliest", "date", "last look that shows the spell", optional=False),
        Column(
            "end_latest",
            "date",
            "first look that no longer does (null: still so at the last look)",
            optional=True,
        ),
    ),
    unique=False,
)

PATCHES = Table(
    "patches",
    ("site_id", "first_seen_latest"),
    (
        Column("site_id", "text", "as in sites"),
        Column("geometry", "polygon", "pixels of one connected group of pools that appeared together"),
        *_interval("first_seen", "appeared", optional=False),
        Column("last_seen", "date", "last look that shows it"),
        Column("pool_area_m2", "number", "pool area inside, m²"),
    ),
    unique=False,
)

COVERAGE = Table(
    "coverage",
    ("tile", "month"),
    (
        Column("tile", "text", "square of the scenes' grid"),
        Column("geometry", "polygon", "outline of the watched part of the tile"),
        Column("month", "date", "first day of the month"),
        Column("clear_share", "number", "share of the watched pixels seen at least once, 0 to 1"),
        Column("scenes", "count", "days with a scene over the tile"),
    ),
)

TABLES = (SITES, SITE_MONTHS, SPELLS, PATCHES, COVERAGE)
"""All tables, in the order in which they are made."""
