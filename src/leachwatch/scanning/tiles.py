"""Tiles of a scan: each a pure function of its scenes, worked in threads."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from leachwatch.case import Period
from leachwatch.detect import Hits, find_hits, margin
from leachwatch.imagery import PIXEL_M, Scene, Skipped, Stack, Tile, read, session, tiles_over, to_lonlat
from leachwatch.scanning.rows import Row, coverage_row, polygons
from leachwatch.scanning.settings import ScanSettings

__all__ = ["Progress", "TileResult", "work_tiles"]

Progress = Callable[[int, int], None]
"""Told how many tiles are done, of how many."""


@dataclass(frozen=True, eq=False)
class TileResult:
    """What one tile gave.

    Attributes
    ----------
    tile : Tile
        Which.
    hits : Hits or None
        Its pool pixels and the ground around them; None where it failed.
    coverage : tuple of Row
        Rows of ``coverage``.
    fired : Counter
        Pixels that speak for a pool, by day.
    skipped : tuple of Skipped
        Scenes that could not be read.
    used : frozenset of str
        Ids of the scenes that were.
    failure : str
        Why the tile could not be worked; empty where it was.
    """

    tile: Tile
    hits: Hits | None
    coverage: tuple[Row, ...]
    fired: Counter[str]
    skipped: tuple[Skipped, ...]
    used: frozenset[str]
    failure: str = ""


def work_tiles(
    scenes: Sequence[Scene],
    watched: Mapping[int, BaseGeometry],
    period: Period,
    settings: ScanSettings,
    progress: Progress,
) -> Iterator[TileResult]:
    """Work the tiles of each zone's watched ground in threads.

    Yields
    ------
    TileResult
        In the order of the tiles, whichever ends first.
    """
    nearby = {epsg: area.buffer(_reach(settings)) for epsg, area in watched.items()}
    jobs = [
        (tile, (area, nearby[epsg]))
        for epsg, area in watched.items()
        for tile in tiles_over(nearby[epsg], epsg, settings.tile)
    ]
    progress(0, len(jobs))
    with ThreadPoolExecutor(settings.threads or os.cpu_count() or 1) as pool:
        futures = [pool.submit(_work, tile, ground, scenes, period, settings) for tile, ground in jobs]
        try:
            for done, _ in enumerate(as_completed(futures), start=1):
                progress(done, len(jobs))
            for future in futures:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _reach(settings: ScanSettings) -> float:
    """How far beyond the area pools are looked for, so that a site on its edge is seen whole, m."""
    return 2 * settings.detect.link_m


def _work(
    tile: Tile,
    ground: tuple[BaseGeometry, BaseGeometry],
    scenes: Sequence[Scene],
    period: Period,
    settings: ScanSettings,
) -> TileResult:
    """Work one tile: a pure function of its scenes. A tile that fails is recorded and was not seen.

    `ground` is the watched area, and the same with the margin in which its sites are seen whole.
    """
    area, nearby = ground
    watched = _within(area, *np.meshgrid(*_lattice(tile)))
    try:
        with session():
            window = tile.grown(margin(settings.detect, settings.clear))
            stack = read(window, scenes, settings.detect.bands, settings.clear)
        hits, fired = find_hits(stack, tile, settings.detect, watched)
        near = _within(nearby, hits.column, hits.row)
        return TileResult(
            tile=tile,
            hits=hits.take(np.flatnonzero(near | ~hits.pool)),
            coverage=tuple(_coverage(stack, tile, area, watched, period)),
            fired=Counter({str(day): int(count) for day, count in zip(stack.days, fired, strict=True)}),
            skipped=stack.skipped,
            used=stack.used,
        )
    except Exception as error:  # noqa: BLE001 - the top of a tile: the scan goes on and names it
        coverage = tuple(_coverage(None, tile, area, watched, period))
        failure = f"{type(error).__name__}: {error}".splitlines()[0]
        return TileResult(tile, None, coverage, Counter(), (), frozenset(), failure)


def _lattice(tile: Tile) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Lattice columns and rows of a tile's pixels."""
    return tile.column + np.arange(tile.width), tile.row + np.arange(tile.height)


def _within(area: BaseGeometry, column: NDArray[Any], row: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether the middles of lattice pixels lie in an area."""
    inside: Any = shapely.contains_xy(area, (column + 0.5) * PIXEL_M, (-row - 0.5) * PIXEL_M)
    return np.asarray(inside, np.bool_)


def _coverage(
    stack: Stack | None, tile: Tile, area: BaseGeometry, watched: NDArray[np.bool_], period: Period
) -> Iterator[Row]:
    """Rows of ``coverage``; a tile that failed was seen in no month."""
    if not watched.any():
        return
    outline = to_lonlat(polygons(area.intersection(box(*tile.bounds))), tile.epsg)
    for month in period.months():
        days = () if stack is None else stack.days
        looks = [look for look, day in enumerate(days) if day.replace(day=1) == month]
        share = 0.0
        if stack is not None and looks:
            top, left = tile.row - stack.tile.row, tile.column - stack.tile.column
            seen: Any = stack.valid[looks, top : top + tile.height, left : left + tile.width].any(axis=0)
            share = float(seen[watched].mean())
        yield coverage_row(tile.name, outline, month, share, len(looks))
