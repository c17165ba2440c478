"""Stages: where the time of a scan goes, each stage done by itself, in one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from leachwatch.case import Area, Period
from leachwatch.detect import find_hits
from leachwatch.detect.features import features_of, surroundings
from leachwatch.imagery import Arena, Room, Source, Stack, read, read_look
from leachwatch.scanning import Job, ScanSettings, jobs_over, nearness, search, trust, watch

__all__ = ["measure_stages"]

_Out = TypeVar("_Out")


class _Clock:
    """Processor seconds of this process by stage, and of the last that was timed."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = 0.0

    def time(self, stage: str, work: Callable[[], _Out], less: float = 0.0) -> _Out:
        """Do some work, and add the time that it takes to a stage, less that of stages that it holds."""
        start = time.process_time()
        result = work()
        self.last = time.process_time() - start
        self.seconds[stage] = self.seconds.get(stage, 0.0) + self.last - less
        return result


def measure_stages(
    source: Source, areas: Sequence[Area], period: Period, settings: ScanSettings, whole: Callable[[], object]
) -> dict[str, float]:
    """Measure the stages of a scan.

    Parameters
    ----------
    source : Source
        Where the scenes are.
    areas : sequence of Area
        What is watched.
    period : Period
        When.
    settings : ScanSettings
        Of the scan.
    whole : callable
        Does the whole scan in one thread.

    Returns
    -------
    dict of str to float
        Processor seconds of each stage; together those of the whole. The last is what is left: the sites,
        their dates and tables, and the journal of tiles.
    """
    clock, settings = _Clock(), replace(settings, threads=1)
    found = clock.time("search", lambda: search(source, areas, period, settings))
    trusted = clock.time("check of offsets", lambda: trust(source, found, settings, _silent))
    jobs = sorted(
        jobs_over(watch(areas, trusted.scenes).by_zone, trusted.scenes, settings),
        key=lambda job: nearness(job.tile),
    )
    with TemporaryDirectory() as folder:
        alone, again = (source.sharing(Path(folder), threads=1) for _ in range(2))
        room = Room(settings.memory, arena=Arena())
        for job in jobs:
            _time_tile(job, settings, (alone, again), room, clock)
    clock.time("sites, dates, tables, journal", whole, sum(clock.seconds.values()))
    return clock.seconds


def _time_tile(
    job: Job, settings: ScanSettings, sources: tuple[Source, Source], room: Room, clock: _Clock
) -> None:
    """Time the stages of one tile; a stage that holds others counts without them.

    Reading is timed twice, alone and with the masks, each of blocks that it has unpacked itself.
    """
    alone, again = sources

    def look_by_look() -> None:
        alone.next_tile()
        for scene in job.scenes:
            read_look(job.window, scene, settings.bands, settings.clear, alone)

    def masked() -> Stack:
        again.next_tile()
        return read(job.window, job.scenes, settings.bands, settings.clear, again, room)

    def describe() -> None:
        for _ in features_of(stack, around, settings.detect):
            pass

    clock.time("reading and decoding", look_by_look)
    stack = clock.time("masks", masked, clock.last)
    around = clock.time("ground", lambda: surroundings(stack, settings.detect))
    before = clock.last
    clock.time("features", describe)
    before += clock.last
    clock.time("trees, pool pixels", lambda: find_hits(stack, job.core, settings.detect), before)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""
