"""Tiles of a scan: each a pure function of its scenes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date
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
from leachwatch.scanning.journal import Journal, Marks
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.rows import polygons
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
    marks : Marks
        What tells scenes from others.
    room : Room
        Where the looks of a tile lie, and in its folder what is only needed while tiles are worked.
    """

    source: Source
    scenes: tuple[Scene, ...]
    watched: Mapping[int, BaseGeometry]
    period: Period
    settings: ScanSettings
    journal: Journal
    marks: Marks
    room: Room


def in_threads(
    tasks: Sequence[Callable[[], _Out]],
    threads: int,
    stop: Callable[[], None],
    late: Callable[[_Out, float], None] = lambda _result, _seconds: None,
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
    late : callable
        Told what those gave, and how long they took, that were ended after that.

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
        left = set(futures)
        try:
            for future in as_completed(futures):
                left.discard(future)
                yield futures[future], *future.result()
        except BaseException:
            stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
            for future in left:
                if not future.cancelled() and future.exception() is None:
                    late(*future.result())


def _timed(task: Callable[[], _Out]) -> tuple[_Out, float]:
    begun = time.monotonic()
    return task(), time.monotonic() - begun


def keep_or_work(job: Job, work: Work) -> TileResult:
    """Take a tile's result from the journal, or work it and write it there."""
    name, made_of = work.journal.name(job), work.marks.of(job)
    kept = work.journal.load(name, job.tile)
    if kept is not None and kept.made_of == made_of:
        return kept
    result = work_tile(job, made_of, work.source, work.settings, work.room, kept=kept)
    work.journal.store(name, result)
    return result


def work_tile(
    job: Job,
    made_of: Mapping[str, str],
    source: Source,
    settings: ScanSettings,
    room: Room,
    *,
    kept: TileResult | None = None,
) -> TileResult:
    """Work one tile: a pure function of its scenes. A tile that fails is recorded and was not seen.

    Parameters
    ----------
    job : Job
        The tile.
    made_of : mapping of str to str
        Marks of its scenes, by id.
    source : Source
        Where their files are.
    settings : ScanSettings
        Everything that can be set.
    room : Room
        Where its looks lie.
    kept : TileResult, optional
        The same of other scenes: if the looks since show nothing, it holds.

    Raises
    ------
    NetworkError, OutputError
        If files cannot be fetched or kept at all.
    """
    tile = job.tile
    source.next_tile()
    try:
        with session():
            grown = kept and _grown(kept, job, made_of, source, settings)
            if grown:
                return grown
            stack = read(job.window, job.scenes, settings.bands, settings.clear, source, room)
        watched = _watched(job)
        here = watched[job.core.place_in(tile)]
        hits, fired = find_hits(stack, job.core, settings.detect, here)
        near = _within(job.nearby, hits.column, hits.row)
        return TileResult(
            tile=tile,
            hits=hits.take(np.flatnonzero(near | ~hits.pool)),
            outline=_outline(job, watched),
            shares=_shares(stack, job.core, here, int(np.count_nonzero(watched))),
            fired={day: int(count) for day, count in zip(stack.days, fired, strict=True)},
            hidden=stack.hidden,
            skipped=stack.skipped,
            used=stack.used,
            made_of=made_of,
        )
    except (NetworkError, OutputError):
        raise
    except Exception as error:  # noqa: BLE001 - the top of a tile: the scan goes on and names it
        return failed_tile(job, f"{type(error).__name__}: {error}".splitlines()[0])


def failed_tile(job: Job, failure: str) -> TileResult:
    """Return what is known of a tile that could not be worked: it was not seen."""
    return TileResult(job.tile, None, _outline(job, _watched(job)), failure=failure)


def _grown(
    kept: TileResult, job: Job, made_of: Mapping[str, str], source: Source, settings: ScanSettings
) -> TileResult | None:
    """Add looks that show nothing to what a tile gave without them; None where one shows something.

    What earlier looks show depends on every look that shows ground, so that such tiles are worked anew.
    """
    later = made_of.keys() - kept.made_of.keys()
    new = [scene for scene in job.scenes if scene.id in later]
    before = {scene.day for scene in job.scenes if scene.id in kept.made_of}
    days = sorted({scene.day for scene in new})
    if not kept.made_of.items() <= made_of.items() or before & set(days):
        return None
    hidden, used = list(kept.hidden), kept.used
    for day in days:
        some = [scene for scene in new if scene.day == day]
        look = read(job.window, some, settings.bands, settings.clear, source)
        if look.days or look.skipped:
            return None
        hidden += look.hidden
        used |= look.used
    return replace(kept, hidden=tuple(sorted(hidden)), used=used, made_of=made_of)


def _watched(job: Job) -> NDArray[np.bool_]:
    """Which pixels of a job's tile are watched."""
    tile = job.tile
    column, row = tile.column + np.arange(tile.width), tile.row + np.arange(tile.height)
    return _within(job.area, *np.meshgrid(column, row))


def _within(area: BaseGeometry, column: NDArray[Any], row: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether the middles of lattice pixels lie in an area."""
    inside: Any = shapely.contains_xy(area, (column + 0.5) * PIXEL_M, (-row - 0.5) * PIXEL_M)
    return np.asarray(inside, np.bool_)


def _outline(job: Job, watched: NDArray[np.bool_]) -> BaseGeometry | None:
    return to_lonlat(polygons(job.area), job.tile.epsg) if watched.any() else None


def _shares(stack: Stack, core: Tile, watched: NDArray[np.bool_], total: int) -> dict[date, float]:
    """Share of the watched ground that was seen, by month; what the core has not was never seen."""
    seen: dict[date, NDArray[np.bool_]] = {}
    for day, valid in zip(stack.days, stack.valid, strict=True):
        month = seen.setdefault(day.replace(day=1), np.zeros(core.shape, np.bool_))
        month |= valid[core.place_in(stack.tile)]
        let_go(valid)
    return {month: int(np.count_nonzero(here & watched)) / max(total, 1) for month, here in seen.items()}
