"""Tiles: squares of a UTM zone's 10 m lattice, so that no pixel is ever warped."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import shapely
from pyproj import Transformer
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

__all__ = ["PIXEL_M", "Tile", "from_lonlat", "tiles_over", "to_lonlat"]

_LONLAT = 4326
_LONGEST_EDGE_M, _LONGEST_EDGE_DEGREES = 5_000.0, 0.05

PIXEL_M = 10
"""Side of a pixel, m; the finest Sentinel-2 bands."""


@dataclass(frozen=True, order=True)
class Tile:
    """A window on the 10 m lattice of one UTM zone.

    Attributes
    ----------
    epsg : int
        Code of the UTM zone's CRS.
    column, row : int
        Lattice place of the upper left pixel: it starts at x = 10 column and at y = -10 row (metres).
    width, height : int
        Pixels.
    """

    epsg: int
    column: int
    row: int
    width: int
    height: int

    @property
    def name(self) -> str:
        """Zone and upper left corner in hectometres, such as ``32647-6050-28750``."""
        return f"{self.epsg}-{self.column // 10}-{-self.row // 10}"

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        west, north = self.column * PIXEL_M, -self.row * PIXEL_M
        return west, north - self.height * PIXEL_M, west + self.width * PIXEL_M, north

    def grown(self, margin: int) -> Tile:
        """Return the tile with `margin` more pixels on every side."""
        return Tile(
            self.epsg,
            self.column - margin,
            self.row - margin,
            self.width + 2 * margin,
            self.height + 2 * margin,
        )

    def place_in(self, other: Tile) -> tuple[slice, slice]:
        """Rows and columns of this tile in an array over another that holds it."""
        top, left = self.row - other.row, self.column - other.column
        return slice(top, top + self.height), slice(left, left + self.width)

    def within(self, bounds: tuple[float, float, float, float]) -> Tile:
        """Return the part of the tile whose pixels have any ground between some bounds.

        Parameters
        ----------
        bounds : tuple of float
            West, south, east, north in metres.

        Examples
        --------
        >>> Tile(32647, 0, 0, 10, 10).within((15.0, -1000.0, 40.0, -90.0))
        Tile(epsg=32647, column=1, row=9, width=3, height=1)
        >>> Tile(32647, 0, 0, 10, 10).within((500.0, -1000.0, 600.0, 0.0)).width
        0
        """
        west, south, east, north = bounds
        left, top = max(self.column, math.floor(west / PIXEL_M)), max(self.row, math.floor(-north / PIXEL_M))
        right = min(self.column + self.width, math.ceil(east / PIXEL_M))
        bottom = min(self.row + self.height, math.ceil(-south / PIXEL_M))
        return Tile(self.epsg, left, top, max(right - left, 0), max(bottom - top, 0))


def tiles_over(area: BaseGeometry, epsg: int, size: int = 512) -> Iterator[Tile]:
    """Cut an area into tiles that depend on the zone alone, so that two areas share theirs.

    Parameters
    ----------
    area : shapely geometry
        In the zone's CRS, metres.
    epsg : int
        Code of the zone.
    size : int
        Pixels along a tile's side.

    Yields
    ------
    Tile
        Each tile that the area touches, by row from the north, then by column.

    Examples
    --------
    >>> [tile.name for tile in tiles_over(box(605_000, 2_871_000, 606_000, 2_872_000), 32647)]
    ['32647-6041-28723']
    >>> list(tiles_over(shapely.Polygon(), 32647))
    []
    """
    if area.is_empty:
        return
    side = size * PIXEL_M
    west, south, east, north = area.bounds
    shapely.prepare(area)
    for row in range(int(-north // side), int(-south // side) + 1):
        for column in range(int(west // side), int(east // side) + 1):
            tile = Tile(epsg, column * size, row * size, size, size)
            if area.intersects(box(*tile.bounds)):
                yield tile


def to_lonlat(geometry: BaseGeometry, epsg: int) -> BaseGeometry:
    """Bring a geometry from a UTM zone to longitude and latitude (EPSG:4326)."""
    return _moved(geometry, epsg, 4326)


def from_lonlat(geometry: BaseGeometry, epsg: int) -> BaseGeometry:
    """Bring a geometry from longitude and latitude (EPSG:4326) to a UTM zone."""
    return _moved(geometry, 4326, epsg)


def _extent(geometry: BaseGeometry) -> tuple[float, float]:
    if geometry.is_empty:
        return 0.0, 0.0
    west, south, east, north = geometry.bounds
    return east - west, north - south


def _moved(geometry: BaseGeometry, origin: int, target: int) -> BaseGeometry:
    # edges are cut into short ones first: a straight line in one CRS is a curve in the other
    longest = _LONGEST_EDGE_M if origin != _LONLAT else _LONGEST_EDGE_DEGREES
    geometry = shapely.segmentize(geometry, longest) if max(*_extent(geometry), 0) > longest else geometry
    move: Any = _transformer(origin, target).transform
    moved: BaseGeometry = shapely.transform(geometry, move, interleaved=False)
    return moved


@cache
def _transformer(origin: int, target: int) -> Transformer:
    return Transformer.from_crs(origin, target, always_xy=True)
