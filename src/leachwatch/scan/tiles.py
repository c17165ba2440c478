"""Tiles of a scan: each a pure function of its scenes, worked in threads."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
from leachwatch.scan.rows import Row, coverage_row
from leachwatch.scan.settings import ScanSettings

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
    hits : Hits
        Its pool pixels and the ground around them.
    coverage : tuple of Row
        Rows of ``coverage``.
    fired : Counter
        Pixels that speak for a pool, by day.
    skipped : tuple of Skipped
        Scenes that could not be read.
    used : frozenset of str
        Ids of the scenes that were.
    """

    tile: Tile
    hits: Hits
    coverage: tuple[Row, ...]
    fired: Counter[str]
    skipped: tuple[Skipped, ...]
    used: frozenset[str]


def work_tiles(
    scenes: Sequence[Scene],
    watched: dict[int, BaseGeometry],
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
    jobs = [
        (tile, area)
        for epsg, area in watched.items()
        for tile in tiles_over(area.buffer(settings.detect.ring_m), epsg, settings.tile)
    ]
    progress(0, len(jobs))
    with ThreadPoolExecutor(settings.threads or os.cpu_count() or 1) as pool:
        futures = [pool.submit(_work, tile, area, scenes, period, settings) for tile, area in jobs]
        try:
            for done, _ in enumerate(as_completed(futures), start=1):
                progress(done, len(jobs))
            for future in futures:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _work(
    tile: Tile, area: BaseGeometry, scenes: Sequence[Scene], period: Period, settings: ScanSettings
) -> TileResult:
    """Work one tile: a pure function of its scenes."""
    with session():
        stack = read(tile.grown(margin(settings.detect)), scenes, settings.detect.bands, settings.clear)
    hits = find_hits(stack, tile, settings.detect)
    inside = _within(area, hits.column, hits.row)
    hits = hits.take(np.flatnonzero(inside | ~hits.pool))
    fired = Counter({str(day): int(count) for day, count in zip(hits.days, hits.fired, strict=True)})
    failed = {skipped.scene for skipped in stack.skipped}
    used = frozenset(scene.id for scene in scenes if scene.day in set(stack.days) and scene.id not in failed)
    return TileResult(tile, hits, tuple(_coverage(stack, tile, area, period)), fired, stack.skipped, used)


def _within(area: BaseGeometry, column: NDArray[Any], row: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether the middles of lattice pixels lie in an area."""
    inside: Any = shapely.contains_xy(area, (column + 0.5) * PIXEL_M, (-row - 0.5) * PIXEL_M)
    return np.asarray(inside, np.bool_)


def _coverage(stack: Stack, tile: Tile, area: BaseGeometry, period: Period) -> Iterator[Row]:
    part = area.intersection(box(*tile.bounds))
    if part.area == 0:
        return
    top, left = tile.row - stack.tile.row, tile.column - stack.tile.column
    seen: Any = stack.valid[:, top : top + tile.height, left : left + tile.width]
    column, row = np.meshgrid(tile.column + np.arange(tile.width), tile.row + np.arange(tile.height))
    watched = _within(area, column, row)
    outline = to_lonlat(part, tile.epsg)
    if not watched.any():
        return
    for month in period.months():
        looks = [look for look, day in enumerate(stack.days) if day.replace(day=1) == month]
        share = float(seen[looks].any(axis=0)[watched].mean()) if looks else 0.0
        yield coverage_row(tile.name, outline, month, share, len(looks))
