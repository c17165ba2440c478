"""A plane in metres around a shape, so that distances and shares of its area can be measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

__all__ = ["RADIUS_M", "Plane"]

RADIUS_M = 6_371_007.2
"""Radius of the sphere that has the area of the Earth, metres."""


class Plane:
    """Lambert's equal-area projection around the middle of a shape, of the sphere with the Earth's area.

    Areas are right to 1 part in 100; distances of some tens of kilometres to 1 in 200, which is less than any
    border is known to. It is reckoned here because setting up a projection takes longer than using one.

    Parameters
    ----------
    shape : shapely geometry
        In EPSG:4326.
    """

    def __init__(self, shape: BaseGeometry) -> None:
        middle = shape.centroid
        self._lon, self._lat = np.radians((middle.x, middle.y))

    def flat(
        self, shapes: BaseGeometry | Sequence[BaseGeometry] | NDArray[np.object_]
    ) -> NDArray[np.object_]:
        """Shapes in EPSG:4326 as they lie in the plane."""
        return shapely.transform(np.asarray(shapes, dtype=object), self._there)

    def _there(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points in the plane (Snyder, Map projections: a working manual, 1987, equations 22-4 to 24-2)."""
        lon, lat = np.radians(degrees[:, 0]) - self._lon, np.radians(degrees[:, 1])
        east = np.cos(lat) * np.sin(lon)
        north = np.cos(self._lat) * np.sin(lat) - np.sin(self._lat) * np.cos(lat) * np.cos(lon)
        towards = np.sin(self._lat) * np.sin(lat) + np.cos(self._lat) * np.cos(lat) * np.cos(lon)
        scale: NDArray[np.float64] = RADIUS_M * np.sqrt(2 / (1 + towards))
        return np.column_stack([scale * east, scale * north])
