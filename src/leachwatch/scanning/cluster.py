"""A scan's tiles on a Dask cluster: the same tiles by the same functions, in other processes.

Dask places tasks, replaces workers that are lost, and holds back what they cannot take yet. What is ours: a
tile's result depends on nothing but what it is made from, so that it may be worked twice and counts once; few
tasks are under way at a time; and what a worker gives back is small. Where tables go to a URL, a worker puts
its tile there itself; else the tile's bytes come back, and this process keeps them. Workers need no disk in
common with it.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from leachwatch.errors import ClusterError, LeachwatchError, NetworkError
from leachwatch.scanning.jobs import Job
from leachwatch.scanning.journal import decode
from leachwatch.scanning.log import Log
from leachwatch.scanning.orders import (
    Named,
    Order,
    Parcel,
    code_here,
    order_of,
    placed,
    work_bundle,
)
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.tiles import Work, failed_tile

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["on_cluster"]

_CONNECT_S = 10
_DEATHS = 3
"""Times that Dask gives a bundle of tiles up (each after several workers died with it) before we do."""
_STUMBLES = 10
"""Times that connections may fail over one bundle; each time another worker may have it."""
_ROUNDS = 8
"""Times that a scheduler may be lost without one tile done in between."""
_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_WORKERS_S = 300
_SIDE = 4
"""Tiles along the side of a bundle of remote files: what neighbours share is then fetched once."""


class _LostError(Exception):
    """The scheduler is gone, and with it what it knew."""


@dataclass(eq=False)
class _Bundle:
    """Tiles that one task works."""

    jobs: list[Named]
    given_up: int = 0
    stumbles: int = 0


@dataclass(eq=False)
class _Under:
    """What is to be done, and what is being done."""

    order: Order
    log: Log
    waiting: deque[_Bundle]
    running: dict[Future[Any], _Bundle] = field(default_factory=dict)
    shared: tuple[tuple[str, ...], Any] | None = None


def on_cluster(
    jobs: Sequence[Job], work: Work, scheduler: str, log: Log
) -> Iterator[tuple[int, TileResult, float]]:
    """Work jobs on a cluster.

    Parameters
    ----------
    jobs : sequence of Job
        To work.
    work : Work
        What they share.
    scheduler : str
        Address of the cluster's scheduler, such as ``tcp://10.0.0.1:8786``.
    log : Log
        Where losses are written down.

    Yields
    ------
    place : int
        Of the job.
    result : TileResult
        Whichever ends first.
    seconds : float
        That it took; 0 where the journal had it.

    Raises
    ------
    ClusterError
        If there is no such cluster, its workers are of another version, or it is lost for good.
    NetworkError, OutputError
        If files cannot be fetched or kept at all.
    """
    named = [(place, work.journal.name(job), job) for place, job in enumerate(jobs)]
    there = work.journal.shelf.names()
    left: list[Named] = []
    for place, name, job in named:
        kept = work.journal.load(name, job.tile) if name in there else None
        if kept is not None and kept.made_of == work.marks.of(job):
            yield place, kept, 0.0
        else:
            left.append((place, name, job))
    if left:
        under = _Under(order_of(work), log, deque(_bundles(left, work)))
        for parcel in _parcels(under, scheduler, work):
            yield parcel.place, _opened(parcel, jobs[parcel.place], work), parcel.seconds


def _parcels(under: _Under, scheduler: str, work: Work) -> Iterator[Parcel]:
    """Give what comes back, however often the scheduler is lost on the way."""
    rounds = 0
    while under.waiting:
        try:
            with _client(scheduler, again=rounds > 0) as client:
                _check_workers(client, scheduler)
                for bundle in _round(client, under, work):
                    rounds = 0
                    yield from bundle
        except _LostError as error:
            rounds += 1
            # what was under way is given to the next scheduler; what came back is not
            under.waiting.extendleft(reversed([*under.running.values()]))
            under.running.clear()
            under.shared = None
            under.log.note("scheduler lost", rounds=rounds)
            if rounds > _ROUNDS:
                raise ClusterError(
                    f"{scheduler}: the scheduler is gone; tiles that are done are kept, run the same command "
                    "again when it is back"
                ) from error
            time.sleep(min(_WAIT_S * 2**rounds, _LONGEST_WAIT_S))


def _client(scheduler: str, *, again: bool) -> Client:
    try:
        from distributed import Client  # noqa: PLC0415 - for those who have a cluster
    except ImportError as error:
        raise ClusterError("--scheduler: needs Dask; pip install 'leachwatch[cluster]'") from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what is lost is in our own log
    try:
        return Client(scheduler, timeout=_CONNECT_S, set_as_default=False, name="leachwatch")
    except (OSError, ValueError, TypeError) as error:  # a time-out is an OSError
        if again:
            raise _LostError from error
        raise ClusterError(
            f"{scheduler}: no scheduler answers there ({_line(error)}); start one with `dask scheduler`, or "
            "leave --scheduler away"
        ) from error


def _check_workers(client: Client, scheduler: str) -> None:
    """See that there are workers, of our version; those that come later say it themselves."""
    try:
        client.wait_for_workers(1, timeout=_WORKERS_S)
        codes = client.run(code_here, on_error="return")
    except TimeoutError as error:
        raise ClusterError(
            f"{scheduler}: has no worker after {_WORKERS_S // 60} minutes; start some with `dask worker "
            f"{scheduler}`"
        ) from error
    except OSError as error:
        raise _LostError from error
    except Exception as error:
        raise ClusterError(f"{scheduler}: its workers cannot be asked ({_line(error)}); {_SAME}") from error
    ours = code_here()
    for worker, code in sorted(codes.items()):
        if isinstance(code, OSError):  # it died on the way
            continue
        if isinstance(code, BaseException):
            raise ClusterError(f"worker {worker}: cannot run leachwatch ({_line(code)}); {_SAME}")
        if code != ours:
            raise ClusterError(f"worker {worker}: has leachwatch {code}, and here is {ours}; {_SAME}")


_SAME = "install the same leachwatch there as here"


def _round(client: Client, under: _Under, work: Work) -> Iterator[list[Parcel]]:
    """Work what waits, as long as the scheduler is there."""
    from distributed import as_completed  # noqa: PLC0415 - for those who have a cluster

    completed = as_completed(loop=client.loop, raise_errors=False)
    try:
        while under.waiting or under.running:
            room = _room(client)
            while under.waiting and len(under.running) < room:
                future = _submitted(client, under, work)
                completed.add(future)
            future = next(completed)
            bundle = under.running.pop(future)
            parcels = _given(future, bundle, under)
            for parcel in parcels:
                _count(parcel, work)
            yield parcels
    finally:
        if client.status == "running":
            client.cancel(list(under.running), asynchronous=False)


def _submitted(client: Client, under: _Under, work: Work) -> Future[Any]:
    """Give a bundle to the cluster; the scenes that bundles have in common are sent once."""
    bundle = under.waiting.popleft()
    seen = {scene.id for _, _, job in bundle.jobs for scene in job.scenes}
    scenes = [scene for scene in work.scenes if scene.id in seen]
    key = tuple(scene.id for scene in scenes)
    if under.shared is None or under.shared[0] != key:
        marked = [(placed(scene), work.marks.mark(scene)) for scene in scenes]
        under.shared = key, client.submit(tuple, marked, pure=False)
    bare = [(place, name, replace(job, scenes=())) for place, name, job in bundle.jobs]
    order = under.order.with_budget(work.source.traffic.total)
    try:
        future = client.submit(work_bundle, order, bare, under.shared[1], pure=False, retries=2)
    except Exception as error:
        under.waiting.appendleft(bundle)
        raise _LostError from error
    under.running[future] = bundle
    return future


def _given(future: Future[Any], bundle: _Bundle, under: _Under) -> list[Parcel]:
    """Take what a task gave; nothing where its tiles are given out again.

    Raises
    ------
    ClusterError, NetworkError, OutputError
        If the scan cannot go on.
    """
    from distributed import KilledWorker  # noqa: PLC0415 - for those who have a cluster

    if future.status == "finished":
        try:
            parcels: list[Parcel] = future.result()
        except OSError as gone:  # the worker died between saying so and giving it
            return _again(bundle, under, gone)
        return parcels
    if future.status != "error":
        under.waiting.append(bundle)
        raise _LostError(future.status)
    error = future.exception()
    if isinstance(error, KilledWorker):
        return _mourned(bundle, under)
    if isinstance(error, LeachwatchError):
        raise error
    if isinstance(error, OSError):  # a connection between workers, or the disk of one; not a tile
        return _again(bundle, under, error)
    raise ClusterError(f"a worker cannot work tiles ({type(error).__name__}: {_line(error)}); {_SAME}")


def _again(bundle: _Bundle, under: _Under, error: OSError) -> list[Parcel]:
    """Give tiles out again that a worker could not work or give back, not without end."""
    bundle.stumbles += 1
    under.log.note("worker stumbled", reason=_line(error), times=bundle.stumbles)
    if bundle.stumbles > _STUMBLES:
        raise ClusterError(
            f"workers cannot work tiles or give them back ({type(error).__name__}: {_line(error)}); look at "
            "their disks and their network"
        ) from error
    under.waiting.append(bundle)
    return []


def _mourned(bundle: _Bundle, under: _Under) -> list[Parcel]:
    """Give tiles out again that workers died with, each by itself; at last they count as failed."""
    bundle.given_up += 1
    names = [job.tile.name for _, _, job in bundle.jobs]
    under.log.note("workers died", tiles=names, times=bundle.given_up)
    if len(bundle.jobs) > 1:
        under.waiting.extend(_Bundle([job]) for job in bundle.jobs)
        return []
    if bundle.given_up < _DEATHS:
        under.waiting.append(bundle)
        return []
    reason = "every worker that tried it died; it may need more memory than they have"
    return [Parcel(place, name, 0.0, failure=reason) for place, name, _ in bundle.jobs]


def _opened(parcel: Parcel, job: Job, work: Work) -> TileResult:
    """Take a tile out of what came back, and keep it where the worker has not."""
    content = parcel.content
    if content is not None and parcel.lasting:
        work.journal.shelf.write(parcel.name, content)
    result = decode(content, job.tile) if content is not None else None
    if result is None:
        return failed_tile(job, parcel.failure or "its result came back damaged")
    return replace(result, kept=parcel.kept)


def _count(parcel: Parcel, work: Work) -> None:
    """Add what a worker read and fetched to what was; stop where more is fetched than may be."""
    work.source.read.add(parcel.read)
    traffic = work.source.traffic
    traffic.requests.update(parcel.requests)
    traffic.received.update(parcel.received)
    traffic.again.update(parcel.again)
    most = work.source.access.most_bytes
    if most is not None and traffic.total > most:
        raise NetworkError(
            f"the {most:,} bytes that one run may fetch (--max-bytes) are used up; tiles that are done are "
            "kept, run the same command again for the rest"
        )


def _bundles(left: Sequence[Named], work: Work) -> list[_Bundle]:
    """Put neighbours of remote files together; let tiles of the same scenes follow each other."""
    side = _SIDE * work.settings.tile if work.source.remote else work.settings.tile
    by_place: dict[tuple[int, int, int], list[Named]] = {}
    for one in left:
        tile = one[2].tile
        by_place.setdefault((tile.epsg, tile.row // side, tile.column // side), []).append(one)
    bundles = [_Bundle(jobs) for jobs in by_place.values()]
    first: Counter[tuple[int, ...]] = Counter()
    for number, bundle in enumerate(bundles):
        first.setdefault(_scenes(bundle), number)
    return sorted(bundles, key=lambda bundle: first[_scenes(bundle)])


def _scenes(bundle: _Bundle) -> tuple[int, ...]:
    return tuple(sorted({id(scene) for _, _, job in bundle.jobs for scene in job.scenes}))


def _room(client: Client) -> int:
    """How many tasks may be under way: enough that no worker waits, and few enough to hold."""
    try:
        threads = int(sum(client.nthreads().values()))
    except (OSError, ValueError) as error:
        raise _LostError from error
    return max(2 * threads + 2, 4)


def _line(error: object) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
