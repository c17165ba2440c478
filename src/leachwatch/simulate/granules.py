"""Granules: the pieces of ground by which a provider delivers a look."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rasterio.transform import Affine
from shapely import Polygon
from shapely.geometry.polygon import orient

from leachwatch.simulate.grid import Grid, next_square

__all__ = ["COARSE_PIXEL", "Granule"]

COARSE_PIXEL = 20
"""Metres; the lattice on which every granule lies."""


@dataclass(frozen=True)
class Granule:
    """A rectangle of the UTM grid.

    Attributes
    ----------
    west, north : float
        North-west corner, m, a multiple of 20.
    columns, rows : int
        Pixels of 10 m; even, so that 20 m pixels fit.
    mgrs : str
        Name of its 100 km square.
    """

    west: float
    north: float
    columns: int
    rows: int
    mgrs: str

    @classmethod
    def whole(cls, grid: Grid) -> Granule:
        """Take all of a district."""
        return cls(grid.west, grid.north, grid.size, grid.size, grid.mgrs)

    @property
    def outline(self) -> Polygon:
        """Its ground, UTM, anticlockwise from the south-west."""
        west, north = self.west, self.north
        east, south = west + self.columns * 10, north - self.rows * 10
        return Polygon([(west, south), (east, south), (east, north), (west, north)])

    def clipped(self, ground: Polygon) -> Polygon:
        """Part of some ground without holes that lies in it, UTM, anticlockwise; empty if none does."""
        part = self.outline.intersection(ground)
        return orient(part) if isinstance(part, Polygon) else Polygon()

    def shape(self, resolution: int) -> tuple[int, int]:
        """Rows and columns at 10 m or 20 m."""
        return self.rows * 10 // resolution, self.columns * 10 // resolution

    def transform(self, resolution: int) -> Affine:
        """Transform from pixel to UTM at 10 m or 20 m."""
        return Affine(resolution, 0.0, self.west, 0.0, -resolution, self.north)

    def eastern(self, columns: int) -> Granule:
        """Give so many columns of 20 m at its eastern edge, as part of the next granule to the east."""
        columns *= COARSE_PIXEL // 10
        west = self.west + (self.columns - columns) * 10
        return replace(self, west=west, columns=columns, mgrs=next_square(self.mgrs))
