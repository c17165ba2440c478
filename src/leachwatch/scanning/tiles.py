"""Tiles of a scan: each a pure function of its scenes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from leachwatch.case import Period
from leachwatch.detect import find_hits
from leachwatch.errors import NetworkError, OutputError
from leachwatch.imagery import (
    PIXEL_M,
    Room,
    Scene,
    Source,
    Stack,
    Tile,
    let_go,
    read,
    session,
    to_lonlat,
)
from leachwatch.scanning.jobs import Job
from leachwatch.scanning.journal import Journal
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.rows import Row, coverage_row, polygons
from leachwatch.scanning.settings import ScanSettings

__all__ = ["Work", "failed_tile", "in_threads", "keep_or_work", "work_tile"]

_Out = TypeVar("_Out")


@dataclass(frozen=True)
class Work:
    """All that the tiles of a scan share.

    Attributes
    ----------
    source : Source
        Where the scenes' files are.
    scenes : tuple of Scene
        To read.
    watched : mapping of int to shapely geometry
        Ground to watch, by UTM zone.
    period : Period
        Months to account for.
    settings : ScanSettings
        Everything that can be set.
    journal : Journal
        Tiles that are done.
    scratch : Path
        Folder for what is only needed while a tile is worked.
    """

    source: Source
    scenes: tuple[Scene, ...]
    watched: Mapping[int, BaseGeometry]
    period: Period
    settings: ScanSettings
    journal: Journal
    scratch: Path


def in_threads(
    tasks: Sequence[Callable[[], _Out]], threads: int, stop: Callable[[], None]
) -> Iterator[tuple[int, _Out, float]]:
    """Do tasks in threads.

    Parameters
    ----------
    tasks : sequence of callable
        To do.
    threads : int
        How many at a time.
    stop : callable
        Called when one fails, so that none waits for hosts any longer.

    Yields
    ------
    place : int
        Of the task.
    result : object
        What it gave, whichever ends first.
    seconds : float
        That it took.
    """
    with ThreadPoolExecutor(threads) as pool:
        futures = {pool.submit(_timed, task): place for place, task in enumerate(tasks)}
        try:
            for future in as_completed(futures):
                yield futures[future], *future.result()
        except BaseException:
            stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _timed(task: Callable[[], _Out]) -> tuple[_Out, float]:
    begun = time.monotonic()
    return task(), time.monotonic() - begun


def keep_or_work(job: Job, work: Work) -> TileResult:
    """Take a tile's result from the journal, or work it and write it there."""
    name = work.journal.name(job.tile, job.scenes, (job.area, job.nearby))
    kept = work.journal.load(name, job.tile)
    if kept is not None:
        return kept
    result = work_tile(job, work.source, work.period, work.settings, work.scratch)
    work.journal.store(name, result)
    return result


def work_tile(
    job: Job, source: Source, period: Period, settings: ScanSettings, scratch: Path | None = None
) -> TileResult:
    """Work one tile: a pure function of its scenes. A tile that fails is recorded and was not seen."""
    tile, room = job.tile, Room(settings.memory, scratch)
    watched = _within(job.area, *np.meshgrid(*_lattice(tile)))
    source.next_tile()
    try:
        with session():
            stack = read(job.window, job.scenes, settings.bands, settings.clear, source, room)
        hits, fired = find_hits(stack, job.core, settings.detect, watched[job.core.place_in(tile)])
        near = _within(job.nearby, hits.column, hits.row)
        return TileResult(
            tile=tile,
            hits=hits.take(np.flatnonzero(near | ~hits.pool)),
            coverage=tuple(_coverage(stack, job, watched, period)),
            fired=Counter({str(day): int(count) for day, count in zip(stack.days, fired, strict=True)}),
            skipped=stack.skipped,
            used=stack.used,
        )
    except (NetworkError, OutputError):
        raise
    except Exception as error:  # noqa: BLE001 - the top of a tile: the scan goes on and names it
        return failed_tile(job, period, f"{type(error).__name__}: {error}".splitlines()[0])


def failed_tile(job: Job, period: Period, failure: str) -> TileResult:
    """Return what is known of a tile that could not be worked: it was not seen."""
    watched = _within(job.area, *np.meshgrid(*_lattice(job.tile)))
    coverage = tuple(_coverage(None, job, watched, period))
    return TileResult(job.tile, None, coverage, Counter(), (), frozenset(), failure)


def _lattice(tile: Tile) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Lattice columns and rows of a tile's pixels."""
    return tile.column + np.arange(tile.width), tile.row + np.arange(tile.height)


def _within(area: BaseGeometry, column: NDArray[Any], row: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether the middles of lattice pixels lie in an area."""
    inside: Any = shapely.contains_xy(area, (column + 0.5) * PIXEL_M, (-row - 0.5) * PIXEL_M)
    return np.asarray(inside, np.bool_)


def _coverage(stack: Stack | None, job: Job, watched: NDArray[np.bool_], period: Period) -> Iterator[Row]:
    """Rows of ``coverage``; a tile that failed was seen in no month."""
    total = np.count_nonzero(watched)
    if not total:
        return
    tile, days = job.tile, () if stack is None else stack.days
    outline = to_lonlat(polygons(job.area), tile.epsg)
    for month in period.months():
        looks = [look for look, day in enumerate(days) if day.replace(day=1) == month]
        share = 0.0
        if stack is not None and looks:
            seen = np.zeros(job.core.shape, np.bool_)
            for look in looks:
                seen |= stack.valid[(look, *job.core.place_in(stack.tile))]
                let_go(stack.valid[look])
            share = np.count_nonzero(seen & watched[job.core.place_in(tile)]) / total
        yield coverage_row(tile.name, outline, month, share, len(looks))
