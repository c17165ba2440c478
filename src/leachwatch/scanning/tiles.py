"""Tiles of a scan: each a pure function of its scenes, worked in threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from leachwatch.case import Period
from leachwatch.detect import find_hits
from leachwatch.errors import NetworkError, OutputError
from leachwatch.imagery import (
    PIXEL_M,
    Scene,
    Source,
    Stack,
    Tile,
    read,
    session,
    to_lonlat,
)
from leachwatch.scanning.jobs import Job, jobs_over
from leachwatch.scanning.journal import Journal
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.rows import Row, coverage_row, polygons
from leachwatch.scanning.settings import Progress, ScanSettings

__all__ = ["Work", "work_tiles"]


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
    """

    source: Source
    scenes: tuple[Scene, ...]
    watched: Mapping[int, BaseGeometry]
    period: Period
    settings: ScanSettings
    journal: Journal


def work_tiles(work: Work, progress: Progress) -> Iterator[TileResult]:
    """Work the tiles of each zone's watched ground in threads; those of the journal are not worked again.

    Yields
    ------
    TileResult
        In the order of the tiles, whichever ends first.

    Raises
    ------
    NetworkError, OutputError
        If files cannot be fetched or kept at all; tiles that are done stay in the journal.
    """
    jobs = list(jobs_over(work.watched, work.scenes, work.settings))
    progress("tiles", 0, len(jobs))
    with ThreadPoolExecutor(_threads(work)) as pool:
        futures = [pool.submit(_kept_or_worked, job, work) for job in jobs]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()  # a scan that cannot go on ends now, not after the others
                progress("tiles", done, len(jobs))
            for future in futures:
                yield future.result()
        except BaseException:
            work.source.stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _threads(work: Work) -> int:
    """One a processor, and one more that waits for the next tile's files where they come from elsewhere."""
    return work.settings.workers + work.source.remote


def _kept_or_worked(job: Job, work: Work) -> TileResult:
    """Take a tile's result from the journal, or work it and write it there."""
    path = work.journal.path(job.tile, job.scenes, (job.area, job.nearby))
    kept = work.journal.load(path, job.tile)
    if kept is not None:
        return kept
    result = _work(job, work)
    if result.lasting:
        work.journal.store(path, result)
    return result


def _work(job: Job, work: Work) -> TileResult:
    """Work one tile: a pure function of its scenes. A tile that fails is recorded and was not seen."""
    tile, settings = job.tile, work.settings
    watched = _within(job.area, *np.meshgrid(*_lattice(tile)))
    try:
        with session():
            stack = read(job.window, job.scenes, settings.bands, settings.clear, work.source)
        hits, fired = find_hits(stack, job.core, settings.detect, watched[job.core.place_in(tile)])
        near = _within(job.nearby, hits.column, hits.row)
        return TileResult(
            tile=tile,
            hits=hits.take(np.flatnonzero(near | ~hits.pool)),
            coverage=tuple(_coverage(stack, job, watched, work.period)),
            fired=Counter({str(day): int(count) for day, count in zip(stack.days, fired, strict=True)}),
            skipped=stack.skipped,
            used=stack.used,
        )
    except (NetworkError, OutputError):
        raise
    except Exception as error:  # noqa: BLE001 - the top of a tile: the scan goes on and names it
        coverage = tuple(_coverage(None, job, watched, work.period))
        failure = f"{type(error).__name__}: {error}".splitlines()[0]
        return TileResult(tile, None, coverage, Counter(), (), frozenset(), failure)


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
    outline = to_lonlat(polygons(job.area.intersection(box(*tile.bounds))), tile.epsg)
    for month in period.months():
        looks = [look for look, day in enumerate(days) if day.replace(day=1) == month]
        share = 0.0
        if stack is not None and looks:
            seen: Any = stack.valid[(looks, *job.core.place_in(stack.tile))].any(axis=0)
            share = np.count_nonzero(seen & watched[job.core.place_in(tile)]) / total
        yield coverage_row(tile.name, outline, month, share, len(looks))
