"""Floor: the bare reading and decoding of what a scan reads, and of its files once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import rasterio

from leachwatch.imagery import Scene, Source, driver, read_look, session
from leachwatch.scanning import Job, ScanSettings, nearness

__all__ = ["read_files", "read_windows"]


def read_windows(jobs: Sequence[Job], settings: ScanSettings, source: Source, threads: int) -> None:
    """Read and decode every window of every look that a scan reads, as it does, and no more."""
    with TemporaryDirectory() as folder:
        shared = source.sharing(Path(folder), threads)

        def one(job: Job) -> None:
            def look(scene: Scene) -> None:
                read_look(job.window, scene, settings.bands, settings.clear, shared)

            shared.next_tile()
            with session():
                list(shared.map(look, job.scenes))

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, sorted(jobs, key=lambda job: nearness(job.tile))))


def read_files(scenes: Sequence[Scene], threads: int) -> None:
    """Read and decode every file of some scenes once, whole, as it is: no tile has a part of another's."""

    def one(path: Path) -> None:
        with session(), rasterio.open(path, driver=driver()) as picture:
            picture.read(1)

    paths = [Path(asset.href) for scene in scenes for asset in scene.assets.values()]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, paths))
