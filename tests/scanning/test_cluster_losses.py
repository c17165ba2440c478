"""What is done about a task by how it ended, without a cluster."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from distributed import KilledWorker
from shapely.geometry import box

from leachwatch.errors import ClusterError, NetworkError
from leachwatch.imagery import Tile
from leachwatch.scanning import Job
from leachwatch.scanning.cluster import _DEATHS, _STUMBLES, _Bundle, _given, _LostError, _Under
from leachwatch.scanning.log import Log
from leachwatch.scanning.orders import Order, Parcel


def bundle(*columns: int) -> _Bundle:
    tiles = [Tile(32647, column, 0, 1, 1) for column in columns]
    jobs = [Job(tile, box(*tile.bounds), box(*tile.bounds), tile, tile, ()) for tile in tiles]
    return _Bundle([(place, f"tile-{place}", job) for place, job in enumerate(jobs)])


@pytest.fixture
def under(tmp_path: Path) -> _Under:
    return _Under(cast("Order", None), Log(tmp_path / "log.jsonl"), deque())


def ended(status: str, *, gave: object = None, error: BaseException | None = None) -> Any:
    """A future as Dask gives it."""

    def result() -> object:
        if isinstance(gave, BaseException):
            raise gave
        return gave

    return SimpleNamespace(status=status, result=result, exception=lambda: error)


def dead() -> Any:
    return ended("error", error=KilledWorker("task", cast("Any", SimpleNamespace(address="tcp://gone")), 3))


def test_what_a_task_gave_is_taken(under: _Under) -> None:
    parcels = [Parcel(0, "tile-0", 1.0, content=b"")]
    assert _given(ended("finished", gave=parcels), bundle(0), under) is parcels


def test_tiles_that_workers_die_with_are_tried_alone_and_at_last_failed_by_name(under: _Under) -> None:
    assert _given(dead(), bundle(0, 10), under) == []
    alone = [under.waiting.popleft(), under.waiting.popleft()]
    assert [len(one.jobs) for one in alone] == [1, 1]
    for _ in range(_DEATHS - 1):
        assert _given(dead(), alone[1], under) == []
        assert under.waiting.pop() is alone[1]
    (parcel,) = _given(dead(), alone[1], under)
    assert parcel.place == 1
    assert parcel.failure.startswith("every worker that tried it died")


@pytest.mark.parametrize(
    "future",
    [ended("finished", gave=OSError("gone")), ended("error", error=OSError("no space left"))],
    ids=["on the way back", "in the task"],
)
def test_a_connection_that_fails_gives_tiles_out_again_but_not_without_end(
    under: _Under, future: Any
) -> None:
    one = bundle(0)
    for _ in range(_STUMBLES):
        assert _given(future, one, under) == []
        assert under.waiting.pop() is one
    with pytest.raises(ClusterError, match="workers cannot work tiles or give them back"):
        _given(future, one, under)


def test_a_task_that_was_forgotten_means_that_the_scheduler_is_lost(under: _Under) -> None:
    one = bundle(0)
    with pytest.raises(_LostError):
        _given(ended("cancelled"), one, under)
    assert list(under.waiting) == [one]


def test_what_stops_a_scan_stops_it_and_what_nobody_knows_is_said_in_one_line(under: _Under) -> None:
    with pytest.raises(NetworkError, match="down"):
        _given(ended("error", error=NetworkError("down")), bundle(0), under)
    with pytest.raises(
        ClusterError, match=r"a worker cannot work tiles \(ModuleNotFoundError: No module"
    ) as said:
        _given(ended("error", error=ModuleNotFoundError("No module\nnamed x")), bundle(0), under)
    assert "\n" not in str(said.value)
