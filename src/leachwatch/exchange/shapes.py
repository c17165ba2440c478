"""Polygons for formats that care which way a ring runs: outer ones counterclockwise, holes clockwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import shapely

from leachwatch.tables import Column

__all__ = ["POINT", "Box", "Ring", "box_of", "point_in", "polygons"]

_DECIMALS = 7  # about a centimetre

Ring = list[list[float]]
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""


POINT = (
    Column("longitude", "number", "of a point inside the shape, degrees (WGS 84)"),
    Column("latitude", "number", "of a point inside the shape, degrees (WGS 84)"),
)
"""Columns that a table with shapes has where shapes themselves cannot be shown."""


def point_in(geometry: Any) -> tuple[float, float]:
    """Give longitude and latitude of a point inside a shape."""
    point = shapely.point_on_surface(geometry)
    return round(point.x, _DECIMALS), round(point.y, _DECIMALS)


def polygons(geometry: Any) -> Iterator[list[Ring]]:
    """Give the polygons of a geometry as rings of longitude and latitude, the outer ring first."""
    turned = shapely.orient_polygons(geometry, exterior_cw=False)
    for part in shapely.get_parts(turned):
        if not part.is_empty:
            yield [_ring(part.exterior), *(_ring(hole) for hole in part.interiors)]


def _ring(line: Any) -> Ring:
    return [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y, *_ in line.coords]


def box_of(geometries: Iterable[Any]) -> Box | None:
    """Find the box around geometries; None where there is none."""
    shapes = list(geometries)
    if not shapes:
        return None
    west, south, east, north = (round(edge, _DECIMALS) for edge in shapely.total_bounds(shapes).tolist())
    return west, south, east, north
