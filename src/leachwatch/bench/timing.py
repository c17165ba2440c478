"""Time: a scan against the bare reading and decoding of the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from leachwatch.case import Period, read_areas
from leachwatch.imagery import (
    Scene,
    Source,
    Tile,
    find,
    from_lonlat,
    open_source,
    read_look,
    session,
    tiles_over,
)
from leachwatch.scanning import FilmSettings, ScanSettings, scan
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
    """

    tiles: int
    looks: int
    bands: int
    threads: int
    floor: float
    scan: float
    films: float
    command: float

    @property
    def ratio(self) -> float:
        """Scan over floor."""
        return self.scan / self.floor

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {**asdict(self), "ratio": self.ratio}


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
        threads = settings.threads or os.cpu_count() or 1
        times: dict[str, list[float]] = {"floor": [], "scan": [], "films": [], "command": []}
        with open_source(made.catalog) as source, session():
            windows, scenes = _windows(source, made, settings)
            for number in range(repeats + 1):  # the first warms up, and does not count
                progress("rounds", number, repeats + 1)
                work: dict[str, Callable[[], Any]] = {
                    "floor": lambda: _read(windows, scenes, settings, source, threads),
                    "scan": lambda: _scan(made, folder, replace(settings, film=FilmSettings(looks=0))),
                    "films": lambda: _scan(made, folder, settings),
                    "command": lambda: _command(made, folder),
                }
                for what, one in work.items():
                    start = time.perf_counter()
                    one()
                    times[what] += [time.perf_counter() - start] * (number > 0)
        progress("rounds", repeats + 1, repeats + 1)
        days = len({scene.day for scene in scenes})
        seconds = {what: median(some) for what, some in times.items()}
        return Timing(len(windows), days, len(settings.bands), threads, **seconds)


def _windows(source: Source, made: District, settings: ScanSettings) -> tuple[list[Tile], tuple[Scene, ...]]:
    """Windows that a scan of the district reads, and its scenes."""
    (area,) = read_areas(made.area)
    found = find(
        source, area.geometry, _START, date(2024, 1, 1), (*settings.needed, "scl"), optional=settings.bands
    )
    epsg = found.scenes[0].epsg
    tiles = tiles_over(from_lonlat(area.geometry, epsg).buffer(settings.reach_m), epsg, settings.tile)
    return [tile.grown(settings.margin) for tile in tiles], found.scenes


def _read(
    windows: list[Tile], scenes: tuple[Scene, ...], settings: ScanSettings, source: Source, threads: int
) -> None:
    """Read and decode everything, a thread a window, as the scan does."""

    def one(window: Tile) -> None:
        with session():
            for scene in scenes:
                read_look(window, scene, settings.bands, settings.clear, source)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, windows))


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
