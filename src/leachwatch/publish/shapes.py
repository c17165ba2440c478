"""Geometry as the page holds it: rings of degrees, no finer than a reader can see."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon

from leachwatch.publish.model import Ring, Shape

__all__ = ["inside_point", "shape_of", "thinned"]

_DECIMALS = 5  # of a degree: about a metre, a tenth of a pixel


def shape_of(geometry: Any) -> Shape:
    """Take the polygons of a geometry."""
    parts = geometry.geoms if geometry.geom_type == "MultiPolygon" else (geometry,)
    return tuple(
        tuple(_ring(line) for line in (part.exterior, *part.interiors)) for part in parts if not part.is_empty
    )


def thinned(shape: Shape, degrees: float) -> Shape:
    """Leave out corners that change a shape by less than so many degrees."""
    return shape_of(_geometry(shape).simplify(degrees))


def inside_point(shape: Shape, box: tuple[float, float, float, float]) -> tuple[float, float] | None:
    """Find a place inside a shape and a box (west, south, east, north); None where they do not meet."""
    common = shapely.clip_by_rect(_geometry(shape).buffer(0), *box)
    if common.is_empty or not common.area:
        return None
    point = common.representative_point()
    return round(point.x, _DECIMALS), round(point.y, _DECIMALS)


def _geometry(shape: Shape) -> MultiPolygon:
    return MultiPolygon([Polygon(part[0], part[1:]) for part in shape])


def _ring(line: Any) -> Ring:
    return tuple((round(x, _DECIMALS), round(y, _DECIMALS)) for x, y, *_ in line.coords)
