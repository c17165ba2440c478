"""The district's grid: where it lies on Earth, and how finely it is drawn.

Inside the simulator a place is metres east and metres south of the north-west corner, and the ground is
drawn in cells of 5 m, half a 10 m pixel.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from pyproj import Transformer

__all__ = ["CELL", "EPSG", "Grid", "anywhere", "lonlat", "next_square"]

CELL = 5.0  # m; fine enough for the 10 m point spread, and the pixel of the monthly basemaps (4.8 m)
EPSG = 32647  # UTM 47 north, the zone of Pangwa and Chipwi
_EAST = (415_000.0, 438_000.0)  # m; around the digitised pools of Chipwi township
_NORTH = (2_822_000.0, 2_848_000.0)  # m
_SMALLEST = 64  # pixels; three sites 350 m apart need 640 m
_COLUMNS = "JKLMNPQR"  # MGRS 100 km columns of zones 2, 5, 8, ..., 47
_ROWS = "ABCDEFGHJKLMNPQRSTUV"  # MGRS 100 km rows of odd zones


@dataclass(frozen=True)
class Grid:
    """A square of the UTM grid.

    Attributes
    ----------
    west, north : float
        North-west corner, m, a multiple of 20.
    size : int
        Pixels of 10 m on a side; even, so that 20 m pixels fit.
    """

    west: float
    north: float
    size: int

    @property
    def cells(self) -> int:
        """Cells of 5 m on a side."""
        return self.size * 2

    @property
    def metres(self) -> float:
        """Length of a side, m."""
        return self.size * 10.0

    @property
    def square_km(self) -> float:
        """Area, km²."""
        return (self.metres / 1000) ** 2

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north, m."""
        return self.west, self.north - self.metres, self.west + self.metres, self.north

    @property
    def mgrs(self) -> str:
        """Name of the 100 km square that holds the north-west corner."""
        column = _COLUMNS[int(self.west // 100_000) - 1]
        return f"47R{column}{_ROWS[int(self.north // 100_000) % 20]}"

    def utm(self, east: float, south: float) -> tuple[float, float]:
        """UTM position of a place given in metres from the north-west corner."""
        return round(self.west + east, 2), round(self.north - south, 2)

    def ring(self) -> list[tuple[float, float]]:
        """Corners of the district in longitude and latitude, closed, anticlockwise."""
        west, south, east, north = self.bounds
        return lonlat([(west, south), (east, south), (east, north), (west, north), (west, south)])


def lonlat(corners: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Longitude and latitude of UTM positions, degrees."""
    to_degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)
    return [(round(lon, 7), round(lat, 7)) for lon, lat in (to_degrees.transform(*c) for c in corners)]


def next_square(mgrs: str) -> str:
    """Name of the 100 km square to the east, within the zone."""
    return mgrs[:3] + _COLUMNS[_COLUMNS.index(mgrs[3]) + 1] + mgrs[4:]


def anywhere(rng: np.random.Generator, size: int) -> Grid:
    """Choose a grid somewhere in the Chipwi mountains, snapped to 20 m.

    Raises
    ------
    ValueError
        If ``size`` is odd or too small to hold a district.
    """
    if size % 2 or size < _SMALLEST:
        raise ValueError(f"size is {size} px; a district needs an even number of pixels, {_SMALLEST} or more")
    west, north = (20 * round(rng.uniform(*span) / 20) for span in (_EAST, _NORTH))
    return Grid(float(west), float(north), size)
