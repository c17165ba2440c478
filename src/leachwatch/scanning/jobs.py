"""Jobs: the tiles of a scan, each with the ground watched in it and the window that is read for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from leachwatch.imagery import PIXEL_M, Scene, Tile, tiles_over
from leachwatch.scanning.grounds import Ground, Grounds
from leachwatch.scanning.settings import ScanSettings

__all__ = ["Job", "jobs_over", "nearness"]

_BEYOND = 2
"""Pixels read beyond the scenes, so that nothing takes their edge for one that was cut."""


_FAR = 2**24
"""Tiles beyond any zone's origin: places are counted from there, so that none is below 0."""


@dataclass(frozen=True, eq=False)
class Job:
    """One tile to work.

    Attributes
    ----------
    tile : Tile
        Which.
    area : shapely geometry
        Watched ground in the tile, metres.
    nearby : shapely geometry
        Ground in the tile that is watched, or so near to it that its sites are seen whole.
    core : Tile
        Part of the tile that some scene has and whose pixels may belong to a site; may have no pixels.
    window : Tile
        What is read: the core with the pixels around it that its result depends on.
    scenes : tuple of Scene
        That have a part of it.
    """

    tile: Tile
    area: BaseGeometry
    nearby: BaseGeometry
    core: Tile
    window: Tile
    scenes: tuple[Scene, ...]


def jobs_over(
    by_zone: Mapping[int, BaseGeometry], scenes: Sequence[Scene], settings: ScanSettings
) -> Iterator[Job]:
    """Cut the watched ground of each zone into jobs.

    Parameters
    ----------
    by_zone : mapping of int to shapely geometry
        Watched ground, metres, by EPSG code.
    scenes : sequence of Scene
        Of all zones.
    settings : ScanSettings
        Side of a tile, and how far around the ground pixels count.

    Yields
    ------
    Job
        By zone, by row from the north, then by column.
    """
    grounds = Grounds(scenes)
    for epsg, area in by_zone.items():
        nearby = area.buffer(settings.reach_m)
        # pools are looked for nearby, and the ground around them is described
        described = nearby.buffer(settings.detect.ring_m + 2 * PIXEL_M)
        for geometry in (area, nearby, described):
            shapely.prepare(geometry)
        for tile in tiles_over(nearby, epsg, settings.tile):
            square = box(*tile.bounds)
            core = tile.within(_part(described, square).bounds)
            window = core.grown(settings.margin)
            under = grounds.under(window)
            if under:
                window = window.within(_extent(under))
            yield Job(
                tile=tile,
                area=_part(area, square),
                nearby=_part(nearby, square),
                core=core.within(window.bounds),
                window=window,
                scenes=grounds.scenes(under),
            )


def nearness(tile: Tile) -> tuple[int, int]:
    """Give a key by which tiles that lie beside each other are worked soon after each other.

    Zone, and the bits of column and row in turn (G. M. Morton, A computer oriented geodetic data base, 1966).
    Of squares of four the four follow each other, and so on for squares of squares.

    Examples
    --------
    >>> tiles = [Tile(32647, column, row, 1, 1) for row in range(4) for column in range(4)]
    >>> [(tile.row, tile.column) for tile in sorted(tiles, key=nearness)][:6]
    [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (0, 3)]
    """
    column, row = tile.column // tile.width + _FAR, tile.row // tile.height + _FAR
    bits = range(_FAR.bit_length() + 1)
    return tile.epsg, sum((column >> bit & 1) << 2 * bit | (row >> bit & 1) << 2 * bit + 1 for bit in bits)


def _part(whole: BaseGeometry, square: BaseGeometry) -> BaseGeometry:
    """Part of some ground in a square; most squares of a large area lie in it whole."""
    return square if whole.contains_properly(square) else whole.intersection(square)


def _extent(grounds: Sequence[Ground]) -> tuple[float, float, float, float]:
    """Bounds of all that some scenes have, and a little more."""
    wests, souths, easts, norths = zip(*(bounds for _, bounds in grounds), strict=True)
    beyond = _BEYOND * PIXEL_M
    return min(wests) - beyond, min(souths) - beyond, max(easts) + beyond, max(norths) + beyond
