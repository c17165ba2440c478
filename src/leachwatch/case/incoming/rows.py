"""Rows of a file of events, whatever it is: words by column, with the line or feature they are from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leachwatch.errors import RecordError

__all__ = ["Row", "Sheet", "read_sheet"]

_MAX_BYTES = 64_000_000
_DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326")


@dataclass(frozen=True)
class Row:
    """One event as it is written.

    Attributes
    ----------
    line : int
        Line of a table, or number of a feature, 1 the first.
    words : mapping of str to str
        By column; without space around, empty where nothing is written.
    """

    line: int
    words: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file of events.

    Attributes
    ----------
    path : Path
        Where it is.
    content : bytes
        All of it.
    place : str
        What a row is called: ``line`` or ``feature``.
    columns : tuple of str
        Names of columns, small letters.
    rows : tuple of Row
        In their order.
    """

    path: Path
    content: bytes
    place: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path) -> Sheet:
    """Read a CSV or GeoJSON file of events.

    Raises
    ------
    RecordError
        If it is neither; the message names the line or feature.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise RecordError(f"{path}: has more than {_MAX_BYTES:,} bytes; cut out what the case needs")
        content = path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); check its name") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RecordError(f"{path}: line {line}: is not UTF-8; save it as UTF-8") from error
    if path.suffix.lower() in {".geojson", ".json"}:
        rows = _features(path, text)
        columns = tuple(dict.fromkeys(name for row in rows for name in row.words))
        return Sheet(path, content, "feature", columns, rows)
    columns, rows = _table(path, text)
    return Sheet(path, content, "line", columns, rows)


def _table(path: Path, text: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    head = text.split("\n", 1)[0]
    comma = max((",", ";", "\t"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=comma)
    rows = []
    try:
        columns = tuple(name.strip().lower() for name in next(reader, []))
        if len(set(columns)) < len(columns) or not any(columns):
            raise RecordError(f"{path}: line 1: has no names of columns, or one twice; mend the first line")
        line = reader.line_num + 1
        for words in reader:
            if any(word.strip() for word in words):
                rows.append(Row(line, _named(path, line, columns, words)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise RecordError(f"{path}: line {reader.line_num}: is no CSV ({error}); mend its quotes") from error
    return columns, tuple(rows)


def _named(path: Path, line: int, columns: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    if len(words) != len(columns):
        many = f"has {len(words)} values for {len(columns)} columns"
        raise RecordError(f"{path}: line {line}: {many}; mend its commas and quotes")
    return {name: word.strip() for name, word in zip(columns, words, strict=True)}


def _features(path: Path, text: str) -> tuple[Row, ...]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise RecordError(f"{path}: line {line}: is no JSON; export it as GeoJSON again") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise RecordError(f"{path}: is no FeatureCollection; export the events as GeoJSON")
    reference = json.dumps(content.get("crs") or "EPSG:4326")
    if not any(name in reference for name in _DEGREES):
        raise RecordError(f"{path}: is not in degrees (crs); export it in EPSG:4326")
    return tuple(_feature(path, number, one) for number, one in enumerate(features, start=1))


def _feature(path: Path, number: int, feature: Any) -> Row:
    where = f"{path}: feature {number}"
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise RecordError(f"{where}: is no feature; export it as GeoJSON again")
    words = {str(name).lower(): _word(value) for name, value in (feature.get("properties") or {}).items()}
    geometry = feature.get("geometry")
    if geometry is None:
        return Row(number, words)
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind != "Point":
        raise RecordError(f"{where}: geometry: is {kind or 'none at all'}; an event is at a Point")
    spot = geometry.get("coordinates")
    if not isinstance(spot, list) or len(spot) < 2:  # noqa: PLR2004 - lon, lat
        raise RecordError(f"{where}: geometry: has no lon and lat; write [lon, lat]")
    return Row(number, {**words, "lon": _word(spot[0]), "lat": _word(spot[1])})


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip()
