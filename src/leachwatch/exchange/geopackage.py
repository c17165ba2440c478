"""One GeoPackage: sites, patches and coverage with their QGIS styles, the months of sites as a table."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import shapely

from leachwatch.cells import listed
from leachwatch.exchange.public import SIMULATED, Account, Shown
from leachwatch.exchange.qgis import alias, style
from leachwatch.tables import Column, Kind

__all__ = ["geopackage_files"]

_LAYERS = ("coverage", "sites", "patches", "site_months", "spells", "site_control", "control_counts")

_TYPES: Mapping[Kind, Any] = {
    "text": pa.string(),
    "texts": pa.string(),
    "numbers": pa.string(),
    "date": pa.date32(),
    "number": pa.float64(),
    "count": pa.int64(),
    "flag": pa.bool_(),
    "polygon": pa.binary(),
}

_SCHEMA_EXTENSION = "http://www.geopackage.org/spec/#extension_schema"
_DDL = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
);
"""


def geopackage_files(account: Account) -> dict[str, bytes]:
    """Write the GeoPackage, by file name; nothing where no layer is there."""
    layers = [shown for shown in map(account.table, _LAYERS) if shown is not None]
    if not any(shown.table.geometric for shown in layers):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leachwatch.gpkg"
        with _dated(f"{account.made.isoformat()}T00:00:00Z"):
            for shown in layers:
                _write(path, account, shown)
        _describe(path, account, layers)
        return {path.name: path.read_bytes()}


@contextmanager
def _dated(moment: str) -> Iterator[None]:
    """Let GDAL write that moment as the one of the last change."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write(path: Path, account: Account, shown: Shown) -> None:
    mark = f" ({SIMULATED.split(':', maxsplit=1)[0]})" if shown.simulated else ""
    geometric = shown.table.geometric
    pyogrio.write_arrow(
        _arrow(shown),
        path,
        layer=shown.name,
        driver="GPKG",
        geometry_name="geometry" if geometric else None,
        geometry_type="MultiPolygon" if geometric else None,
        crs="EPSG:4326" if geometric else None,
        layer_options={
            **({"GEOMETRY_NAME": "geometry"} if geometric else {}),
            "IDENTIFIER": f"{shown.name}{mark}",
            "DESCRIPTION": account.told,
            "SPATIAL_INDEX": "YES" if geometric else "NO",
            "ASPATIAL_VARIANT": "GPKG_ATTRIBUTES",
        },
    )


def _arrow(shown: Shown) -> pa.Table:
    """Rows as GDAL takes them: lists as text, shapes as WKB of one kind."""
    return pa.table({column.name: _array(shown.values(column.name), column) for column in shown.columns})


def _array(values: list[Any], column: Column) -> pa.Array:
    if column.kind == "polygon":
        whole: list[Any] = [shapely.multipolygons(shapely.get_parts(shape)) for shape in values]
        values = shapely.to_wkb(whole).tolist() if whole else []
    elif column.kind in {"texts", "numbers"}:
        values = [listed(value) for value in values]
    return pa.array(values, _TYPES[column.kind])


def _describe(path: Path, account: Account, layers: list[Shown]) -> None:
    """Add names and meanings of columns, and the styles."""
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_DDL)
        database.executemany(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
            [(name, _SCHEMA_EXTENSION) for name in ("gpkg_data_columns", "gpkg_data_column_constraints")],
        )
        database.executemany(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            [
                (shown.name, column.name, alias(column), alias(column), column.meaning)
                for shown in layers
                for column in shown.columns
            ],
        )
        moment = f"{account.made.isoformat()}T00:00:00.000Z"
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', 'styles for QGIS', ?)",
            (moment,),
        )
        database.executemany(
            "INSERT INTO layer_styles VALUES (NULL, '', '', ?, 'geometry', ?, ?, '', 1, ?, '', '', ?)",
            [
                (shown.name, f"leachwatch {shown.name}", qml, "leachwatch", moment)
                for shown in layers
                if (qml := style(shown)) is not None
            ],
        )
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
