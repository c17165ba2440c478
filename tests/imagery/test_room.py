from __future__ import annotations

import gc
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from leachwatch.errors import OutputError
from leachwatch.imagery import MEMORY, Arena, Room, let_go, one_by_one


def resident() -> int:
    """Bytes of memory that this process takes now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


@pytest.mark.parametrize("most", [None, 10**9, 0])
def test_arrays_are_alike_wherever_they_lie(most: int | None, tmp_path: Path) -> None:
    array = Room(most, tmp_path).holding(3 * 4 * 5 * 2).empty((3, 4, 5), np.uint16)
    array[:] = np.arange(60).reshape(3, 4, 5)
    let_go(array, array[1], array[:, 2:, 1])
    array[1] += 1
    let_go(array)
    assert array.sum() == np.arange(60).sum() + 20
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is counted as Linux counts it")
def test_what_is_too_much_for_memory_takes_none_once_it_was_let_go_of(tmp_path: Path) -> None:
    room = Room(10_000_000, tmp_path).holding(40 * 2**20)
    before = resident()
    array = room.empty((40, 2**20), np.uint8)
    for number, (part,) in enumerate(one_by_one(array)):
        part[:] = number
    assert resident() - before < 10 * 2**20
    assert [int(part[-1]) for (part,) in one_by_one(array)] == list(range(40))
    assert resident() - before < 10 * 2**20
    assert (array[20:] >= 20).all()  # and what lies in it can be had as one
    del array, part
    gc.collect()


def test_arrays_without_anything_in_them_need_no_file() -> None:
    assert Room(0, Path("/nowhere")).holding(1).empty((0, 5), np.uint8).shape == (0, 5)


def test_small_ones_lie_in_memory() -> None:
    assert MEMORY.holding(10**15) == MEMORY
    assert not Room(100).holding(100).filed
    assert Room(100).holding(101).filed


def test_no_room_on_the_disk_is_said_before_anything_is_written(tmp_path: Path) -> None:
    size = shutil.disk_usage(tmp_path).total + 1
    with pytest.raises(
        OutputError, match=r": no room for [\d,.]+ GB of looks of a tile \(.*\); make room"
    ) as said:
        Room(0, tmp_path).holding(size).empty((size,), np.uint8)
    assert "\n" not in str(said.value)
    assert not list(tmp_path.iterdir())


def test_where_a_disk_cannot_reserve_room_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fallocate")
    array = Room(folder=tmp_path, filed=True).empty((3, 2**20), np.uint8)
    assert not array.any()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"none: no room for"):
        Room(0, tmp_path / "none").holding(5).empty((5,), np.uint8)


def test_tiles_of_a_thread_have_the_same_memory_one_after_the_other() -> None:
    arena = Arena()

    def tile(size: int) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
        room = Room(1000, arena=arena).holding(size)
        return room.empty((3, 20), np.uint16), room.empty((5, 10), np.uint8)

    first, beside = tile(300)
    assert not np.shares_memory(first, beside)
    again, _ = tile(200)
    assert np.shares_memory(first, again)
    larger, _ = tile(1000)
    assert not np.shares_memory(first, larger)
    with ThreadPoolExecutor(1) as pool:
        other, _ = pool.submit(tile, 300).result()
    assert not np.shares_memory(larger, other)


def test_what_an_arena_has_no_room_for_has_memory_of_its_own(tmp_path: Path) -> None:
    arena = Arena()
    room = Room(1000, tmp_path, arena).holding(100)
    fits, does_not = room.empty((100,), np.uint8), room.empty((100,), np.uint8)
    assert not np.shares_memory(fits, does_not)
    assert room.empty((0, 7), np.uint8).shape == (0, 7)
    filed = Room(1000, tmp_path, arena).holding(1001)
    assert filed.filed
    assert not np.shares_memory(filed.empty((100,), np.uint8), fits)
