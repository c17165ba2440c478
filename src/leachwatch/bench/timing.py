"""Time: a scan against the bare reading and decoding of the same bytes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from leachwatch.bench.stages import measure_stages
from leachwatch.case import Period, read_areas
from leachwatch.imagery import Source, open_source, read_look, session
from leachwatch.scanning import FilmSettings, Job, ScanSettings, jobs_over, scan, search, trust, watch
from leachwatch.simulate import District, district

__all__ = ["Timing", "measure_time"]

_SEED = 77
_START, _MONTHS = date(2022, 1, 1), 24


@dataclass(frozen=True)
class Timing:
    """Seconds of a scan and of the floor under it; medians of several, one after the other in turn.

    Attributes
    ----------
    tiles, looks, bands, threads : int
        What was read, and by how many.
    floor : float
        Reading and decoding all windows of all looks, nothing else.
    scan : float
        The same through `leachwatch.scan`, in process and warm, without film strips: search and check of the
        scenes, masks, evidence, sites, dates, tables.
    films : float
        With film strips.
    command : float
        ``leachwatch scan`` as a command, from start to end, with film strips and their pictures.
    floor_cpu, scan_cpu, films_cpu : float
        Processor seconds of the same; they do not count what else the machine does.
    stages : dict of str to float
        Processor seconds of the scan by stage, as `measure_stages` says.
    """

    tiles: int
    looks: int
    bands: int
    threads: int
    floor: float
    scan: float
    films: float
    command: float
    floor_cpu: float
    scan_cpu: float
    films_cpu: float
    stages: dict[str, float]

    @property
    def ratio(self) -> float:
        """Scan over floor."""
        return self.scan / self.floor

    @property
    def ratio_cpu(self) -> float:
        """The same in processor seconds."""
        return self.scan_cpu / self.floor_cpu

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {**asdict(self), "ratio": self.ratio, "ratio_cpu": self.ratio_cpu}


def measure_time(
    *, size: int = 1024, looks: int = 36, repeats: int = 3, progress: Callable[[str, int, int], None]
) -> Timing:
    """Simulate a district and time a scan of it.

    Parameters
    ----------
    size : int
        Pixels along the district's side.
    looks : int
        Scenes.
    repeats : int
        How often each is timed.
    progress : callable
        Told how many rounds are done, of how many; making the district takes some minutes before.

    Returns
    -------
    Timing
    """
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        folder = Path(name)
        progress("simulated district", 0, 1)
        made = district(folder / "scenes", seed=_SEED, size=size, looks=looks, start=_START, months=_MONTHS)
        settings = ScanSettings()
        plain, threads = replace(settings, film=FilmSettings(looks=0)), settings.workers
        times: dict[str, list[float]] = defaultdict(list)
        with open_source(made.catalog) as source, session():
            jobs = _jobs(source, made, settings)
            for number in range(repeats + 1):  # the first warms up, and does not count
                progress("rounds", number, repeats + 1)
                work: dict[str, Callable[[], Any]] = {
                    "floor": lambda: _read(jobs, settings, source, threads),
                    "scan": lambda: _scan(made, folder, plain),
                    "films": lambda: _scan(made, folder, settings),
                    "command": lambda: _command(made, folder),
                }
                for what, one in work.items():
                    start, start_cpu = time.perf_counter(), time.process_time()
                    one()
                    took, took_cpu = time.perf_counter() - start, time.process_time() - start_cpu
                    if number:
                        times[what].append(took)
                        times[f"{what}_cpu"].append(took_cpu)
            stages = measure_stages(
                source,
                read_areas(made.area),
                _period(),
                plain,
                lambda: _scan(made, folder, replace(plain, threads=1)),
            )
        progress("rounds", repeats + 1, repeats + 1)
        days = len({scene.day for job in jobs for scene in job.scenes})
        seconds = {what: median(some) for what, some in times.items() if what != "command_cpu"}
        return Timing(len(jobs), days, len(settings.bands), threads, stages=stages, **seconds)


def _jobs(source: Source, made: District, settings: ScanSettings) -> list[Job]:
    """List what a scan of the district reads: the same windows of the same scenes."""
    areas = read_areas(made.area)
    found = trust(source, search(source, areas, _period(), settings), settings, lambda *_: None)
    return list(jobs_over(watch(areas, found.scenes).by_zone, found.scenes, settings))


def _read(jobs: list[Job], settings: ScanSettings, source: Source, threads: int) -> None:
    """Read and decode everything, a thread a tile, as the scan does."""

    def one(job: Job) -> None:
        with session():
            for scene in job.scenes:
                read_look(job.window, scene, settings.bands, settings.clear, source)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, jobs))


def _scan(made: District, folder: Path, settings: ScanSettings) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as out:
        scan(made.catalog, read_areas(made.area), _period(), Path(out), settings=settings)


def _period() -> Period:
    return Period(_START, date(2023, 12, 31))


def _command(made: District, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as out:
        told = ["--catalog", str(made.catalog), "--area", str(made.area), "--out", out, "--quiet"]
        dates = ["--from", "2022-01", "--to", "2023-12"]
        command = [sys.executable, "-c", "from leachwatch.cli import main; main()", "scan", *told, *dates]
        subprocess.run(command, check=True)  # noqa: S603 - this program itself
