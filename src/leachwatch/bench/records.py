"""Raw records of point lists: a place and its columns, from any format in which such lists come."""

from __future__ import annotations

import csv
import io
import json
import math
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj.exceptions import ProjError

from leachwatch.bench.columns import ALIASES, parse_degrees, values
from leachwatch.errors import RecordError

__all__ = ["Record", "is_point_list", "read_records"]

_FORMATS = "CSV, KML, KMZ, GeoJSON, GeoPackage or shapefile"
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".kml": "kml",
    ".kmz": "kmz",
    ".geojson": "json",
    ".gpkg": "gpkg",
    ".shp": "shp",
}
_FIRST_BYTES = {b"SQLite format 3\0": "gpkg", b"\0\0\x27\x0a": "shp", b"PK\x03\x04": "kmz"}

_MOST_BYTES = 256_000_000
"""A million points are about 100 MB."""

_FAULTS_OF_FILES = (
    *(DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError),
    *(ProjError, ValueError, OSError),
)


@dataclass(frozen=True)
class Record:
    """One line, feature or placemark.

    Attributes
    ----------
    where : str
        Such as ``line 3``, ``feature 3`` or ``placemark 3``.
    place : tuple of float or None
        Longitude and latitude; None where it is no point.
    fields : mapping of str to str
        Values by column; empty where there is none.
    """

    where: str
    place: tuple[float, float] | None
    fields: Mapping[str, str]


def is_point_list(path: Path) -> bool:
    """Whether a file of known sites is a list of points, by what it holds; if not, it is to be a truth file.

    Raises
    ------
    RecordError
        If it cannot be read, is too large, or holds something else than its name says.
    """
    kind = _format(path)
    if kind == "json":
        return path.suffix.lower() == ".geojson" or _is_geojson(path)
    if not kind and path.suffix.lower() != ".json":
        raise RecordError(f"{path}: neither a truth.json nor a list of points; export it as {_FORMATS}")
    return bool(kind)


def read_records(path: Path) -> Iterator[Record]:
    """Read the records of a point list.

    Parameters
    ----------
    path : Path
        For which `is_point_list` holds.

    Yields
    ------
    Record
        In the file's order.

    Raises
    ------
    RecordError
        If the file cannot be read; the message names the line or feature where there is one.
    """
    reader = _READERS.get(_format(path))
    if reader is None:
        raise RecordError(f"{path}: not a list of points; export it as {_FORMATS}")
    yield from reader(path)


def _format(path: Path) -> str:
    """Format by the first bytes, and of plain text by the name; empty for any other."""
    try:
        with path.open("rb") as file:
            head, size = file.read(64), path.stat().st_size
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be read ({error.strerror}); give a truth.json or a list of points"
        ) from error
    if size > _MOST_BYTES:
        raise RecordError(
            f"{path}: is larger than {_MOST_BYTES // 1_000_000} MB; keep the points near the scanned ground"
        )
    named, held = _SUFFIXES.get(path.suffix.lower(), ""), _held(head)
    if not named:
        return "" if held == "kmz" else held  # any archive begins so
    if held != ("" if named == "csv" else named):
        raise RecordError(f"{path}: holds something else than its name says; export it as {_FORMATS}")
    return named


def _held(head: bytes) -> str:
    for start, kind in _FIRST_BYTES.items():
        if head.startswith(start):
            return kind
    return {b"{": "json", b"<": "kml"}.get(head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1], "")


def _is_geojson(path: Path) -> bool:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("type") in ("FeatureCollection", "Feature")


def _csv(path: Path) -> Iterator[Record]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{path}: is not in UTF-8; save it as CSV UTF-8") from error
    header = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    try:
        names = [name.strip() for name in next(rows, [])]
        _check_header(path, names)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _csv_record(path, f"line {rows.line_num}", names, row)
    except csv.Error as error:
        raise RecordError(f"{path}: line {rows.line_num}: {error}; save it as CSV again") from error


def _check_header(path: Path, names: Sequence[str]) -> None:
    roles: tuple[Literal["lon", "lat"], ...] = ("lon", "lat")
    for role in roles:
        if not any(values(dict.fromkeys(names, "0"), role)):
            has = ", ".join(name for name in names if name) or "none"
            known = ", ".join(ALIASES[role][:3])
            raise RecordError(f"{path}: line 1: no column is the {role} (it has: {has}); name one {known}")


def _csv_record(path: Path, where: str, names: Sequence[str], row: list[str]) -> Record:
    if len(row) > len(names):
        count = f"{len(row)} cells for {len(names)} columns"
        raise RecordError(f"{path}: {where} has {count}; put text that has commas into quotes")
    fields = dict(zip(names, row + [""] * (len(names) - len(row)), strict=True))
    lon = _degrees(f"{path}: {where}", fields, "lon")
    lat = _degrees(f"{path}: {where}", fields, "lat")
    return Record(where, _on_earth(f"{path}: {where}", lon, lat), fields)


def _degrees(where: str, fields: Mapping[str, str], role: Literal["lon", "lat"]) -> float:
    name, text = next(values(fields, role), (role, ""))
    try:
        return parse_degrees(text)
    except ValueError as error:
        raise RecordError(f"{where}: {name} {text[:40]!r} {error}") from error


def _on_earth(where: str, lon: float, lat: float) -> tuple[float, float]:
    if abs(lon) <= 180 and abs(lat) <= 90:  # noqa: PLR2004 - degrees
        return lon, lat
    if abs(lat) <= 180 and abs(lon) <= 90:  # noqa: PLR2004 - degrees
        raise RecordError(f"{where}: lon {lon:g}, lat {lat:g}: they look swapped; swap them")
    raise RecordError(f"{where}: {lon:g}, {lat:g} is no lon, lat; write degrees, or name the file's CRS")


def _vector(path: Path) -> Iterator[Record]:
    """Features of all layers; dates stay as they are written."""
    options = {"DATE_AS_STRING": "YES"} if _format(path) == "json" else {}
    number = 0
    try:
        layers = [name for name, geometry in pyogrio.list_layers(path) if geometry is not None]
        frames = [_layer(path, layer, options) for layer in layers]
    except _FAULTS_OF_FILES as error:
        raise RecordError(f"{path}: cannot be read as a vector file; export it as GeoJSON") from error
    for frame in frames:
        columns = [name for name in frame.columns if name != frame.geometry.name]
        for shape, row in zip(frame.geometry, frame[columns].itertuples(index=False, name=None), strict=True):
            number += 1
            fields = {str(name): _text(value) for name, value in zip(columns, row, strict=True)}
            yield from _feature(path, f"feature {number}", shape, fields)


def _layer(path: Path, layer: str, options: Mapping[str, str]) -> Any:
    with warnings.catch_warnings():
        # said of a column that has numbers and text: it is read as text, which is what is wanted
        warnings.filterwarnings("ignore", message="Could not parse column")
        frame: Any = gpd.read_file(path, layer=layer, **options)
    return frame if frame.crs is None else frame.to_crs(4326)


def _feature(path: Path, where: str, shape: Any, fields: Mapping[str, str]) -> Iterator[Record]:
    parts = [] if shape is None else [part for part in shapely.get_parts(shape) if part.geom_type == "Point"]
    if not parts or shape.is_empty:
        yield Record(where, None, fields)
        return
    for part in parts:
        yield Record(where, _on_earth(f"{path}: {where}", part.x, part.y), fields)


def _text(value: Any) -> str:
    """Value of a column as people write it; a list or a table has none."""
    if value is pd.NaT:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.15g}"
    return str(value).strip() if isinstance(value, str | int) else ""


class _NoDoctype(ET.TreeBuilder):
    """Refuses a document type, and with it every entity."""

    def doctype(self, name: str, _public: str | None, _system: str | None) -> None:
        raise ValueError(f"it declares a document type {name!r}")


def _kml(path: Path) -> Iterator[Record]:
    return _placemarks(path, path.read_bytes())


def _kmz(path: Path) -> Iterator[Record]:
    try:
        with zipfile.ZipFile(path) as archive:
            name = next(name for name in archive.namelist() if name.lower().endswith(".kml"))
            with archive.open(name) as file:
                content = file.read(_MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, StopIteration, EOFError, OSError, RuntimeError) as error:
        raise RecordError(f"{path}: holds no KML that can be unpacked; save it as KML") from error
    if len(content) > _MOST_BYTES:
        raise RecordError(f"{path}: unpacks to more than {_MOST_BYTES // 1_000_000} MB; save fewer points")
    return _placemarks(path, content)


def _placemarks(path: Path, content: bytes) -> Iterator[Record]:
    # GDAL's reader drops years without a month, so it cannot be used.
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - no document type, so no entity
    try:
        parser.feed(content)
        root = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise RecordError(f"{path}: is no KML that can be read ({error}); export it again") from error
    for number, mark in enumerate(_named(root, "Placemark"), start=1):
        where, fields = f"placemark {number}", _mark_fields(mark)
        places = [point for shape in _named(mark, "Point") for point in _named(shape, "coordinates")]
        if not places:
            yield Record(where, None, fields)
        for place in places:
            yield Record(where, _coordinates(f"{path}: {where}", place.text or ""), fields)


def _local(element: ET.Element) -> str:
    """Name of an element, whatever its namespace."""
    return element.tag.rpartition("}")[2]


def _named(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in element.iter() if _local(one) == name)


def _mark_fields(mark: ET.Element) -> Mapping[str, str]:
    """Name, time and extended data of a placemark; its own time, not that of a folder."""
    fields = {
        data.get("name", ""): _inner(next(_named(data, "value"), None)) for data in _named(mark, "Data")
    }
    fields |= {data.get("name", ""): _inner(data) for data in _named(mark, "SimpleData")}
    times = [time for one in mark if _local(one) in ("TimeStamp", "TimeSpan") for time in one]
    own = [one for one in (*mark, *times) if _local(one) in ("name", "when", "begin", "end")]
    return fields | {_local(one): _inner(one) for one in own}


def _inner(element: ET.Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _coordinates(where: str, text: str) -> tuple[float, float]:
    shown = text.strip()
    try:
        lon, lat = (parse_degrees(part) for part in shown.split(",")[:2])
    except ValueError as error:
        raise RecordError(f"{where}: coordinates {shown[:40]!r} are not lon,lat; write them so") from error
    return _on_earth(where, lon, lat)


_READERS: Mapping[str, Callable[[Path], Iterator[Record]]] = {
    "csv": _csv,
    "kml": _kml,
    "kmz": _kmz,
    "json": _vector,
    "gpkg": _vector,
    "shp": _vector,
}
