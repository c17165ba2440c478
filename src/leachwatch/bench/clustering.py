"""Clustering: how a scan scales from one worker process to two, and what Dask's trimming of memory costs."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from leachwatch.case import Area, Period, read_areas
from leachwatch.errors import ClusterError
from leachwatch.scanning import FilmSettings, ScanSettings, scan
from leachwatch.simulate import district

__all__ = ["ClusterRun", "Clustering", "measure_cluster"]

_SEED, _START, _MONTHS = 77, date(2022, 1, 1), 12
_GIB = 1 << 30
_TRIM = "distributed.nanny.pre-spawn-environ"
_UNTRIMMED = {"MALLOC_TRIM_THRESHOLD_": _GIB, "MALLOC_MMAP_THRESHOLD_": _GIB}
"""Keeps buffers in the process; Dask itself sets 65,536, by which each is given back and faulted in again."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ClusterRun:
    """Tiles on so many workers.

    Attributes
    ----------
    workers : int
        Processes, of one thread each.
    trimmed : bool
        Whether Dask's own setting of ``MALLOC_TRIM_THRESHOLD_`` was left.
    seconds : float
        From the first tile to the last; median of several.
    cpu_seconds : float
        Of all workers' processors in that time; median.
    peak_bytes : int
        Most memory of one worker, all libraries counted.
    """

    workers: int
    trimmed: bool
    seconds: float
    cpu_seconds: float
    peak_bytes: int

    @property
    def name(self) -> str:
        """What it is, in words."""
        workers = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"{workers}, {'trimmed by Dask' if self.trimmed else 'untrimmed'}"


@dataclass(frozen=True)
class Clustering:
    """How a scan scales.

    Attributes
    ----------
    tiles, looks : int
        Of the scan.
    mega_pixels : float
        Of the ground watched, at 10 m.
    processors : int
        Of this machine.
    runs : tuple of ClusterRun
        One worker and two, with Dask's setting and without.
    """

    tiles: int
    looks: int
    mega_pixels: float
    processors: int
    runs: tuple[ClusterRun, ...]

    def scaling(self, *, trimmed: bool) -> float:
        """How many times as fast two workers are as one."""
        one, two = (run.seconds for run in self.runs if run.trimmed is trimmed)
        return one / two

    @property
    def cost(self) -> float:
        """Processor seconds of a million pixels and look, on one worker without trimming."""
        (alone,) = (run for run in self.runs if run.workers == 1 and not run.trimmed)
        return alone.cpu_seconds / (self.mega_pixels * self.looks)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        rows = {
            run.name: {name: value for name, value in asdict(run).items() if not isinstance(value, bool)}
            for run in self.runs
        }
        return {
            "tiles": self.tiles,
            "looks": self.looks,
            "mega_pixels": self.mega_pixels,
            "processors": self.processors,
            **rows,
            "scaling_trimmed_by_Dask": self.scaling(trimmed=True),
            "scaling_untrimmed": self.scaling(trimmed=False),
            "cpu_seconds_a_mega_pixel_and_look": self.cost,
        }


def measure_cluster(*, size: int, looks: int, repeats: int, progress: Progress) -> Clustering:
    """Simulate a district and scan it on clusters of this machine, interleaved.

    Parameters
    ----------
    size : int
        Pixels along the district's side.
    looks : int
        Scenes.
    repeats : int
        How often each cluster scans, after once to get warm.
    progress : callable
        Told how many scans are done, of how many.

    Raises
    ------
    ClusterError
        If Dask is not installed.
    """
    kinds = [(workers, trimmed) for trimmed in (True, False) for workers in (1, 2)]
    found: dict[tuple[int, bool], list[tuple[float, float, int]]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        folder = Path(name)
        progress("simulated district", 0, 1)
        made = district(folder / "scenes", seed=_SEED, size=size, looks=looks, start=_START, months=_MONTHS)
        areas = read_areas(made.area)
        tiles = read = 0
        for turn in range(repeats):
            for number, (workers, trimmed) in enumerate(kinds):
                with _local(workers, trimmed=trimmed) as client:
                    _scanned(made.catalog, areas, folder / "out", client)  # gets warm, and does not count
                    tiles, read, *measured = _scanned(made.catalog, areas, folder / "out", client)
                    found[workers, trimmed].append((measured[0], measured[1], _peak(client)))
                progress("scans", turn * len(kinds) + number + 1, repeats * len(kinds))
    runs = tuple(
        ClusterRun(
            workers=workers,
            trimmed=trimmed,
            seconds=median(seconds for seconds, _, _ in some),
            cpu_seconds=median(processor for _, processor, _ in some),
            peak_bytes=max(peak for _, _, peak in some),
        )
        for (workers, trimmed), some in found.items()
    )
    return Clustering(tiles, read, size**2 / 1e6, os.cpu_count() or 1, runs)


@contextmanager
def _local(workers: int, *, trimmed: bool) -> Iterator[Any]:
    """Run a cluster on this machine."""
    try:
        import dask  # noqa: PLC0415 - for those who have a cluster
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError as error:
        raise ClusterError("bench cluster: needs Dask; pip install 'leachwatch[cluster]'") from error
    setting = {} if trimmed else {f"{_TRIM}.{name}": value for name, value in _UNTRIMMED.items()}
    with (
        dask.config.set(setting),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _scanned(catalog: Path, areas: tuple[Area, ...], out: Path, client: Any) -> tuple[int, int, float, float]:
    """Scan into an empty folder: tiles, looks, and seconds of the tiles by the clock and the processors."""
    times: list[float] = []

    def count(what: str, done: int, total: int) -> None:
        if what == "tiles" and done in (0, total):
            times.append(time.perf_counter())

    period = Period(_START, date(_START.year, _MONTHS, 31))
    before = sum(client.run(time.process_time).values())
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        report = scan(
            catalog,
            areas,
            period,
            Path(folder) / "out",
            settings=replace(ScanSettings(), film=FilmSettings(looks=0)),
            scheduler=client.scheduler.address,
            progress=count,
        )
    after = sum(client.run(time.process_time).values())
    return report.tiles, report.scenes, times[-1] - times[0], after - before


def _peak(client: Any) -> int:
    return int(max(client.run(_most_memory).values()))


def _most_memory() -> int:
    """Most memory that this process held, bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) * 1024
    import resource  # noqa: PLC0415 - not on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024)
