"""Crew: who works the tiles of a scan, threads of this process or a cluster, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

from leachwatch.errors import OutputError
from leachwatch.scanning.jobs import Job, jobs_over, nearness
from leachwatch.scanning.log import Log
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.settings import Progress
from leachwatch.scanning.tiles import Work, in_threads, keep_or_work
from leachwatch.scanning.workplace import Workplace

__all__ = ["work_tiles"]

_MEGA = 1_000_000


def work_tiles(
    work: Work, place: Workplace, *, scheduler: str, expected: int, progress: Progress
) -> list[TileResult]:
    """Work the tiles of each zone's watched ground; those of the journal are not worked again.

    Parameters
    ----------
    work : Work
        The scan.
    place : Workplace
        Where it is written, and its log.
    scheduler : str
        Address of the scheduler of a Dask cluster; empty for threads of this process.
    expected : int
        About how many bytes will be fetched.
    progress : callable
        Told how many ``tiles`` are done, and how much was fetched from how many hosts.

    Returns
    -------
    list of TileResult
        In the order of the tiles, whichever ends first.

    Raises
    ------
    NetworkError, OutputError, ClusterError
        If files cannot be fetched or kept at all, or the cluster is gone; tiles that are done stay in the
        journal.
    """
    jobs = list(jobs_over(work.watched, work.scenes, work.settings))
    results: dict[int, TileResult] = {}
    place.log.note("tiles", tiles=len(jobs), expected_bytes=expected, scheduler=bool(scheduler))
    progress("tiles", 0, len(jobs))
    for index, result, seconds in _done(jobs, work, place.log, scheduler):
        results[index] = result
        _note(place.log, result, seconds, work)
        place.check()
        progress("tiles", len(results), len(jobs))
        if expected:
            _tell(work, expected, progress)
    return [results[index] for index in range(len(jobs))]


def _done(jobs: list[Job], work: Work, log: Log, scheduler: str) -> Iterator[tuple[int, TileResult, float]]:
    if not scheduler:
        # one more than there are processors waits for files, where they come from elsewhere
        threads = work.settings.workers + work.source.remote
        sharing = replace(work, source=work.source.sharing(work.room.folder, threads))
        order = sorted(range(len(jobs)), key=lambda place: nearness(jobs[place].tile))
        tasks = [partial(keep_or_work, jobs[place], sharing) for place in order]

        def late(result: TileResult, seconds: float) -> None:
            with suppress(OutputError):  # what stopped the tiles counts more
                _note(log, result, seconds, work)

        for turn, result, seconds in in_threads(tasks, threads, work.source.stop, late):
            yield order[turn], result, seconds
        return
    from leachwatch.scanning.cluster import on_cluster  # noqa: PLC0415 - Dask is for those who have a cluster

    yield from on_cluster(jobs, work, scheduler, log)


def _note(log: Log, result: TileResult, seconds: float, work: Work) -> None:
    """Write down what became of a tile, and what was fetched so far."""
    traffic = work.source.traffic
    facts = {"tile": result.tile.name, "seconds": round(seconds, 3), "bytes": traffic.total}
    skipped = {one.scene: one.reason for one in result.skipped}
    if skipped:
        facts["skipped"] = skipped
    if result.kept:
        log.note("kept", **facts)
    elif result.failure:
        log.note("failed", reason=result.failure, **facts)
    else:
        log.note("done", scenes=len(result.used), **facts)


def _tell(work: Work, expected: int, progress: Progress) -> None:
    traffic = work.source.traffic
    hosts = len(traffic.received)
    fetched = traffic.total // _MEGA
    progress(f"MB from {hosts} host{'' if hosts == 1 else 's'}", fetched, max(expected // _MEGA, fetched))
