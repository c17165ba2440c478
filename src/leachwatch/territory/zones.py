"""Zones of an outline: where a place is surely inside, and where it may be, in metres from the border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from leachwatch.case import Drawn
from leachwatch.case.records import Answer

__all__ = ["INSIDE", "Zones", "zones_of"]

INSIDE: tuple[Answer, ...] = ("no", "possibly", "yes")
"""Answers by the code that arrays carry."""

_EDGE_DEGREES = 0.05
"""Edges are cut to this length before they are brought to another plane, so that they stay where they are."""
_MEAN_RADIUS_M = 6_371_008.8
_METRES_A_DEGREE = _MEAN_RADIUS_M * np.pi / 180


@dataclass(frozen=True)
class Zones:
    """A drawing with what its border lets one say.

    Attributes
    ----------
    drawn : Drawn
        Territory, version, shape.
    core : shapely geometry or None
        Inside by more than ``border_m``; None for a line or a point, which has no inside, and for a shape
        that is nowhere so deep.
    rim : shapely geometry
        Inside, or not further than ``border_m`` outside.
    """

    drawn: Drawn
    core: BaseGeometry | None
    rim: BaseGeometry

    def of_place(self, lon: float, lat: float) -> int:
        """Code of `INSIDE` for a place."""
        if not shapely.intersects_xy(self.rim, lon, lat):
            return 0
        return 2 if self.core is not None and shapely.contains_xy(self.core, lon, lat) else 1

    def depth(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres from the border, positive inside, of places not far from it.

        Parameters
        ----------
        lons, lats : ndarray, shape (place,)
            Degrees.

        Returns
        -------
        ndarray of float64, shape (place,)
        """
        there, _ = _plane(self.drawn.shape)
        points = shapely.points(*there.transform(lons, lats))
        shape = _moved(self.drawn.shape, there)
        shapely.prepare(shape)
        flat = shape.boundary if _has_inside(shape) else shape
        away: NDArray[np.float64] = shapely.distance(flat, points)
        inside = shapely.intersects(shape, points) if _has_inside(shape) else np.zeros(len(lons), bool)
        return np.where(inside, away, -away)


def zones_of(drawn: Drawn) -> Zones:
    """Make the zones of a drawing.

    Notes
    -----
    Distances are taken in an azimuthal equidistant plane about the middle of the shape: a kilometre is off by
    4 cm at 100 km from there and by 4 m at 1,000 km.
    """
    there, back = _plane(drawn.shape)
    shape = _moved(drawn.shape, there)
    border = drawn.version.border_m
    core = _zone(shape, -border, back) if _has_inside(shape) else None
    rim = _zone(shape, border, back)
    for zone in (core, rim):
        if zone is not None:
            shapely.prepare(zone)
    return Zones(drawn, core, shapely.Point() if rim is None else rim)


def _zone(shape: BaseGeometry, metres: float, back: Transformer) -> BaseGeometry | None:
    zone = shapely.buffer(shape, metres) if metres else shape
    return None if zone.is_empty else _back(zone, back)


def _has_inside(shape: BaseGeometry) -> bool:
    return shape.geom_type in {"Polygon", "MultiPolygon"}


def _plane(shape: BaseGeometry) -> tuple[Transformer, Transformer]:
    west, south, east, north = shape.bounds
    plane = f"+proj=aeqd +lat_0={(south + north) / 2:.6f} +lon_0={(west + east) / 2:.6f} +datum=WGS84"
    return (
        Transformer.from_crs("EPSG:4326", plane, always_xy=True),
        Transformer.from_crs(plane, "EPSG:4326", always_xy=True),
    )


def _moved(shape: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    return _back(shapely.segmentize(shape, _EDGE_DEGREES), transformer)


def _back(shape: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    def one(places: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(places[:, 0], places[:, 1]))

    return shapely.transform(shape, one)
