"""Known pools or mines as lists of points, as people publish them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leachwatch.bench.columns import Seen, State, kind_of, parse_diameter, parse_seen, state_of, values
from leachwatch.bench.records import Record, read_records
from leachwatch.errors import RecordError

__all__ = ["Point", "PointList", "read_points"]


@dataclass(frozen=True)
class Point:
    """One pool, or one mine, that somebody saw.

    Attributes
    ----------
    lon, lat : float
        Degrees.
    diameter_m : float or None
        Of the pool; None where it is not said.
    seen : Seen or None
        When; None where it is not said.
    state : str
        ``active``, ``abandoned`` or ``unknown`` on that day.
    name : str
        As in the list; may be empty.
    """

    lon: float
    lat: float
    diameter_m: float | None
    seen: Seen | None
    state: State
    name: str


@dataclass(frozen=True)
class PointList:
    """What a file of known points holds.

    Attributes
    ----------
    path : Path
        The file.
    points : tuple of Point
        Those of in-situ leaching, in the file's order.
    left_out : mapping of str to int
        Points of other types, by the type as it is written.
    no_points : int
        Features that are no point.
    """

    path: Path
    points: tuple[Point, ...]
    left_out: Mapping[str, int]
    no_points: int


def read_points(path: Path) -> PointList:
    """Read a list of known points.

    Parameters
    ----------
    path : Path
        CSV, KML, KMZ, GeoJSON, GeoPackage or shapefile; ``docs/method/known-sites.md`` names the columns.

    Returns
    -------
    PointList

    Raises
    ------
    RecordError
        If the file cannot be read, a value makes no sense, or no point of in-situ leaching is left.
    """
    points, other, shapes = [], Counter[str](), 0
    for record in read_records(path):
        kind = next(values(record.fields, "type"), ("", ""))[1]
        if record.place is None:
            shapes += 1
        elif kind_of(kind) == "other":
            other[kind] += 1
        else:
            points.append(_point(path, record, record.place))
    if not points:
        has = ", ".join(f"{count} {kind}" for kind, count in other.most_common(5)) or "none"
        raise RecordError(f"{path}: has no point of in-situ leaching (others: {has}); give a list with some")
    return PointList(path, tuple(points), dict(other.most_common()), shapes)


def _point(path: Path, record: Record, place: tuple[float, float]) -> Point:
    where = f"{path}: {record.where}"
    lon, lat = place
    return Point(
        lon,
        lat,
        _diameter(where, record.fields),
        _seen(where, record.fields),
        state_of(" ".join(text for _, text in values(record.fields, "state"))),
        next(values(record.fields, "name"), ("", ""))[1],
    )


def _diameter(where: str, fields: Mapping[str, str]) -> float | None:
    for name, text in values(fields, "diameter"):
        try:
            return parse_diameter(text)
        except ValueError as error:
            raise RecordError(f"{where}: {name} {text[:40]!r} {error}") from error
    return None


def _seen(where: str, fields: Mapping[str, str]) -> Seen | None:
    """When a point was seen; what only has an end was seen at that end."""
    begin, end = next(values(fields, "seen"), None), next(values(fields, "until"), None)
    start = begin or end
    if start is None:
        return None
    first, last = _dates(where, *start)
    if end is None:
        return Seen(first, last, date.max if start[0] == "begin" else last)
    until = _dates(where, *end)[1]
    if until < first:
        raise RecordError(f"{where}: {end[0]} {end[1][:40]!r} is before {first}; swap them")
    return Seen(first, min(last, until), until)


def _dates(where: str, name: str, text: str) -> tuple[date, date]:
    try:
        return parse_seen(text)
    except ValueError as error:
        raise RecordError(f"{where}: {name} {text[:40]!r} {error}") from error
