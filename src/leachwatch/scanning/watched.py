"""The watched ground: what the areas ask for and the scenes have, zone by zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from leachwatch.case import Area
from leachwatch.errors import AreaError
from leachwatch.imagery import PIXEL_M, Scene, from_lonlat, to_lonlat, zones

__all__ = ["Watched", "watch"]


@dataclass(frozen=True)
class Watched:
    """Ground to watch.

    Attributes
    ----------
    by_zone : mapping of int to shapely geometry
        Part in each UTM zone, metres; no part twice.
    covered_share : float
        Share of the areas that any scene has, 0 to 1.
    uncovered : tuple of str
        Areas that no scene touches.
    """

    by_zone: Mapping[int, BaseGeometry]
    covered_share: float
    uncovered: tuple[str, ...]


def watch(areas: Sequence[Area], scenes: Sequence[Scene]) -> Watched:
    """Divide the areas among the zones of the scenes; the zone with most scenes takes what it has first.

    Raises
    ------
    AreaError
        If no scene touches any area, or the area is smaller than a pixel.
    """
    whole = shapely.union_all([area.geometry for area in areas])
    left = whole
    by_zone: dict[int, BaseGeometry] = {}
    for epsg in zones(scenes):
        covered = shapely.union_all(_footprints(scenes, epsg))
        here = from_lonlat(left, epsg).intersection(covered)
        if here.area > 0:
            by_zone[epsg] = here
            left = left.difference(to_lonlat(covered, epsg))
    if not by_zone:
        extent = to_lonlat(scenes[0].footprint, scenes[0].epsg).bounds
        raise AreaError(
            "the area lies outside every scene: it reaches "
            f"{_degrees(whole.bounds)}, a scene {_degrees(extent)}; check lon, lat order and the catalog"
        )
    seen_m2 = sum(part.area for part in by_zone.values())
    if seen_m2 < PIXEL_M**2:
        raise AreaError(
            f"the area has {seen_m2:.0f} m² with scenes, less than one pixel of 100 m²; draw it larger"
        )
    asked_m2 = from_lonlat(whole, next(iter(by_zone))).area
    return Watched(by_zone, min(seen_m2 / asked_m2, 1.0), _uncovered(areas, scenes))


def _degrees(bounds: tuple[float, float, float, float]) -> str:
    west, south, east, north = bounds
    return f"from {west:.2f}, {south:.2f} to {east:.2f}, {north:.2f}"


def _uncovered(areas: Sequence[Area], scenes: Sequence[Scene]) -> tuple[str, ...]:
    footprints = shapely.union_all(
        [to_lonlat(one, epsg) for epsg in zones(scenes) for one in _footprints(scenes, epsg)]
    )
    return tuple(area.name for area in areas if not area.geometry.intersects(footprints))


def _footprints(scenes: Sequence[Scene], epsg: int) -> list[BaseGeometry]:
    """Footprints in a zone, in the order of the scenes; that of many looks once."""
    return list({scene.footprint.wkb: scene.footprint for scene in scenes if scene.epsg == epsg}.values())
