"""Orders: what a worker of a cluster is told, and what it gives back."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from leachwatch import __version__
from leachwatch.detect import digest
from leachwatch.errors import ClusterError
from leachwatch.imagery import Access, Room, Scene, Source, open_source, touching
from leachwatch.network import is_address
from leachwatch.scanning.jobs import Job
from leachwatch.scanning.journal import decode, encode
from leachwatch.scanning.made_by import made_by
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.settings import ScanSettings
from leachwatch.scanning.tiles import Work, in_threads, work_tile
from leachwatch.storage import Shelf

__all__ = ["Marked", "Named", "Order", "Parcel", "code_here", "order_of", "placed", "work_bundle"]

Named = tuple[int, str, Job]
"""Place of a job among all, the name of its result in the journal, and the job."""
Marked = tuple[Scene, str]
"""A scene, and its mark where the order comes from: files may look otherwise on another machine."""

_SHARED = 2_000_000_000
"""Bytes of unpacked blocks that the tiles of a task share: there are many workers on one disk."""


@dataclass(frozen=True)
class Order:
    """What a worker must know beside its tiles.

    Attributes
    ----------
    catalog : str
        Where scenes are; a path is from the root.
    access : Access
        What may be asked of whom.
    settings : ScanSettings
        Of the scan, in one thread.
    shelf : Shelf or None
        Where the worker puts what is done; None where only bytes come back.
    code, model : str
        What the code is, and what the model holds, where the order comes from.
    """

    catalog: str
    access: Access
    settings: ScanSettings
    shelf: Shelf | None
    code: str
    model: str

    def with_budget(self, fetched: int) -> Order:
        """Return the order with what is left to be fetched."""
        most = self.access.most_bytes
        if most is None:
            return self
        return replace(self, access=replace(self.access, most_bytes=max(most - fetched, 0)))

    def check(self) -> None:
        """See that this process is one that may work it.

        Raises
        ------
        ClusterError
            If it has other code or another model, or does not see the scenes.
        """
        here = platform.node()
        if code_here() != self.code:
            raise ClusterError(
                f"worker on {here}: has leachwatch {code_here()}, the scan is of {self.code}; install the "
                "same leachwatch there"
            )
        if digest(self.settings.detect.model) != self.model:
            raise ClusterError(
                f"worker on {here}: has another model, or none, at {self.settings.detect.model}; put it there"
            )
        if Path(self.catalog).is_absolute() and not Path(self.catalog).exists():
            raise ClusterError(
                f"worker on {here}: does not see {self.catalog}; put the scenes where every worker sees them "
                "by that path, or give their address"
            )


@dataclass(frozen=True, eq=False)
class Parcel:
    """What a worker gives back of one tile.

    Attributes
    ----------
    place, name
        Of the job, as it was ordered.
    seconds : float
        That it took.
    content : bytes or None
        The result, as the journal has it; None where the tile failed.
    lasting : bool
        Whether working it again would give the same.
    kept : bool
        Whether what an earlier scan gave of fewer looks still holds.
    failure : str
        Why it failed.
    read : int
        Bytes of pixels that were read; of a bundle, in its last parcel, as the next.
    requests, received, again : Counter
        Of the hosts, as `leachwatch.network.Traffic` counts them.
    """

    place: int
    name: str
    seconds: float
    content: bytes | None = None
    lasting: bool = False
    kept: bool = False
    failure: str = ""
    read: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)


def order_of(work: Work) -> Order:
    """Say what workers must know.

    Raises
    ------
    ClusterError
        If they could not have what the scan is made from.
    """
    source, settings = work.source, work.settings
    if source.remote and source.access.offline:
        raise ClusterError(
            "--offline: what was fetched lies on this machine, not on the workers of a cluster; leave "
            "--scheduler away"
        )
    catalog = source.name if is_address(source.address) else str(Path(source.address).absolute())
    return Order(
        catalog=catalog,
        access=replace(source.access, cache=None),
        settings=replace(settings, threads=1),
        shelf=work.journal.shelf if work.journal.shelf.shared else None,
        code=code_here(),
        model=digest(settings.detect.model),
    )


def placed(scene: Scene) -> Scene:
    """Return a scene whose paths are from the root."""
    assets = {
        band: asset if asset.remote else replace(asset, href=str(Path(asset.href).absolute()))
        for band, asset in scene.assets.items()
    }
    return replace(scene, assets=assets)


def code_here() -> str:
    """Name what works here: results of other code, or of another Python's libraries, might differ."""
    python = ".".join(platform.python_version_tuple()[:2])
    return f"{__version__} (code {made_by()[:8]}, Python {python})"


def work_bundle(order: Order, jobs: Sequence[Named], scenes: Sequence[Marked]) -> list[Parcel]:
    """Work the tiles of a task. A tile that is done, by whomever, is not done again where one can see it.

    Parameters
    ----------
    order : Order
        What a worker must know.
    jobs : sequence of Named
        The tiles, without their scenes.
    scenes : sequence of Marked
        All that any of them needs.
    """
    order.check()
    marks = {scene.id: mark for scene, mark in scenes}
    bare = [scene for scene, _ in scenes]
    with open_source(order.catalog, order.access) as source:
        source.expect(bare)
        threads = order.settings.workers + source.remote
        shared = source.sharing(None, threads, _SHARED) if len(jobs) > 1 else source
        tasks = [partial(_kept_or_worked, named, bare, order, shared, marks) for named in jobs]
        parcels = [
            replace(parcel, seconds=seconds) for _, parcel, seconds in in_threads(tasks, threads, source.stop)
        ]
        traffic = source.traffic
        last = replace(
            parcels[-1],
            read=source.read.total,
            requests=traffic.requests,
            received=traffic.received,
            again=traffic.again,
        )
        return [*parcels[:-1], last]


def _kept_or_worked(
    named: Named, scenes: Sequence[Scene], order: Order, source: Source, marks: Mapping[str, str]
) -> Parcel:
    place, name, job = named
    whole = replace(job, scenes=touching(job.window, scenes))
    made_of, kept = {scene.id: marks[scene.id] for scene in whole.scenes}, None
    if order.shelf is not None:
        content = order.shelf.read(name)
        kept = None if content is None else decode(content, job.tile)
        if kept is not None and kept.made_of == made_of:
            return Parcel(place, name, 0.0, content=content)
    result = work_tile(whole, made_of, source, order.settings, Room(order.settings.memory), kept=kept)
    return _parcel(place, name, result, order.shelf)


def _parcel(place: int, name: str, result: TileResult, shelf: Shelf | None) -> Parcel:
    if result.hits is None:
        return Parcel(place, name, 0.0, failure=result.failure)
    content = encode(result, result.hits)
    if shelf is None or not result.lasting:
        return Parcel(place, name, 0.0, content=content, lasting=result.lasting, kept=result.kept)
    shelf.write(name, content)
    return Parcel(place, name, 0.0, content=content, kept=result.kept)
