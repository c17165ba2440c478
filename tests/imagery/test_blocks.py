"""What tiles share of a file is unpacked once, and is the same as read alone."""

from __future__ import annotations

import errno
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from leachwatch.errors import OutputError
from leachwatch.imagery import Source, open_source
from leachwatch.imagery.blocks import Blocks

HEIGHT, WIDTH, BLOCK = 700, 900, 128
Opening = Callable[[], AbstractContextManager[Any]]


class Counting:
    """A file that tells which windows are unpacked."""

    def __init__(self, picture: rasterio.DatasetReader, asked: list[tuple[int, int]]) -> None:
        self._picture, self._asked = picture, asked
        self.height, self.width, self.block_shapes = picture.height, picture.width, picture.block_shapes

    def read(self, band: int, window: Window, out_dtype: type) -> NDArray[Any]:
        self._asked.append((window.row_off, window.col_off))
        part: NDArray[Any] = self._picture.read(band, window=window, out_dtype=out_dtype)
        return part


def opening(path: Path, asked: list[tuple[int, int]]) -> Opening:
    @contextmanager
    def opened() -> Iterator[Counting]:
        with rasterio.open(path) as picture:
            yield Counting(picture, asked)

    return opened


def written(path: Path, pixels: NDArray[np.uint16], **layout: Any) -> None:
    height, width = pixels.shape
    profile = {"driver": "GTiff", "dtype": "uint16", "count": 1, "height": height, "width": width, **layout}
    with rasterio.open(path, "w", transform=Affine(10, 0, 0, 0, -10, 0), **profile) as file:
        file.write(pixels, 1)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, NDArray[np.uint16]]]:
    """Four files of 48 blocks, each with pixels of its own."""
    folder, made = tmp_path_factory.mktemp("pictures"), []
    for number in range(4):
        pixels = np.random.default_rng(number).integers(0, 2**16, (HEIGHT, WIDTH), np.uint16)
        written(folder / f"{number}.tif", pixels, tiled=True, blockxsize=BLOCK, blockysize=BLOCK)
        made.append((folder / f"{number}.tif", pixels))
    return made


Place = tuple[int, int, int, int]
sides = st.integers(1, 400)
places = st.tuples(st.integers(0, HEIGHT - 1), sides, st.integers(0, WIDTH - 1), sides)
ROOM = 64 * 2 * BLOCK**2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), places), min_size=1, max_size=12),
    st.sampled_from([0, ROOM, 10 * ROOM]),
    st.integers(1, 4),
)
def test_a_window_is_what_the_file_has_there(
    pictures: list[tuple[Path, NDArray[np.uint16]]],
    windows: list[tuple[int, Place]],
    most: int,
    threads: int,
) -> None:
    """Of four files; with room for a third of their blocks, for all, or for none."""
    blocks = Blocks(None, most)

    def one(window: tuple[int, Place]) -> bool:
        number, (top, high, left, wide) = window
        path, pixels = pictures[number]
        rows, columns = (top, min(top + high, HEIGHT)), (left, min(left + wide, WIDTH))
        for _ in range(20):
            blocks.next_tile()
        part = blocks.part(str(number), rows, columns, opening(path, []))
        return np.array_equal(part, pixels[slice(*rows), slice(*columns)])

    with ThreadPoolExecutor(threads) as pool:
        assert all(pool.map(one, windows, timeout=60))


@pytest.mark.parametrize("first", [(640, 700, 0, 50), (0, 50, 896, 900)])
def test_a_block_that_the_edge_cuts_does_not_keep_whole_ones_out(
    pictures: list[tuple[Path, NDArray[np.uint16]]], first: Place
) -> None:
    path, pixels = pictures[0]
    blocks, asked = Blocks(None), list[tuple[int, int]]()
    blocks.part("band", first[:2], first[2:], opening(path, asked))
    for _ in range(2):
        assert np.array_equal(
            blocks.part("band", (0, 200), (0, 200), opening(path, asked)), pixels[:200, :200]
        )
    assert len(asked) == 1 + 4


def test_files_of_several_sizes_of_blocks_are_kept(
    pictures: list[tuple[Path, NDArray[np.uint16]]], tmp_path: Path
) -> None:
    path, pixels = pictures[0]
    written(tmp_path / "large.tif", pixels, tiled=True, blockxsize=256, blockysize=256)
    blocks, asked = Blocks(None), list[tuple[int, int]]()
    for _ in range(2):
        for name in (path, tmp_path / "large.tif"):
            assert np.array_equal(
                blocks.part(str(name), (0, 256), (0, 256), opening(name, asked)), pixels[:256, :256]
            )
    assert len(asked) == 4 + 1


def test_each_block_is_unpacked_once_whoever_asks(pictures: list[tuple[Path, NDArray[np.uint16]]]) -> None:
    path, pixels = pictures[0]
    asked: list[tuple[int, int]] = []
    blocks, together = Blocks(None), threading.Barrier(4)

    def one(_: int) -> bool:
        together.wait()
        return np.array_equal(
            blocks.part("band", (100, 600), (50, 700), opening(path, asked)), pixels[100:600, 50:700]
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(one, range(4)))
    assert len(asked) == len(set(asked)) == 5 * 6


def test_without_room_everything_is_read_and_nothing_kept(
    pictures: list[tuple[Path, NDArray[np.uint16]]],
) -> None:
    path, pixels = pictures[0]
    asked: list[tuple[int, int]] = []
    blocks = Blocks(None, 0)
    for _ in range(2):
        part = blocks.part("band", (0, BLOCK), (0, BLOCK), opening(path, asked))
        assert np.array_equal(part, pixels[:BLOCK, :BLOCK])
    assert len(asked) == 2


def test_where_the_disk_is_nearly_full_nothing_is_kept(
    pictures: list[tuple[Path, NDArray[np.uint16]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pixels = pictures[0]
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 0, BLOCK**2))
    asked: list[tuple[int, int]] = []
    blocks = Blocks(None)
    for _ in range(2):
        assert np.array_equal(blocks.part("band", (0, 9), (0, 9), opening(path, asked)), pixels[:9, :9])
    assert len(asked) == 2


def test_a_disk_that_is_full_meanwhile_stops_nothing(
    pictures: list[tuple[Path, NDArray[np.uint16]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    path, pixels = pictures[0]
    blocks, asked = Blocks(None), list[tuple[int, int]]()
    monkeypatch.setattr("os.pwrite", full)
    for _ in range(2):
        assert np.array_equal(blocks.part("band", (0, 9), (0, 200), opening(path, asked)), pixels[:9, :200])
    assert len(asked) == 4


def test_what_one_keeps_another_without_room_does_not_touch(
    pictures: list[tuple[Path, NDArray[np.uint16]]],
) -> None:
    """One thread finds no room for a block; while it unpacks it there is some, and another keeps it."""
    path, pixels = pictures[0]
    blocks = Blocks(None, 0)
    reading, hold = threading.Event(), threading.Event()

    @contextmanager
    def slowly() -> Iterator[Any]:
        with opening(path, [])() as picture:
            reading.set()
            assert hold.wait(30)
            yield picture

    blocks.part("band", (0, 1), (0, 1), opening(path, []))  # its shape is known
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(blocks.part, "band", (0, 200), (0, 200), slowly)
        assert reading.wait(30)
        blocks._most = ROOM
        quick = blocks.part("band", (0, 200), (0, 200), opening(path, []))
        hold.set()
        for part in (quick, slow.result(timeout=30)):
            assert np.array_equal(part, pixels[:200, :200])
    asked: list[tuple[int, int]] = []
    assert np.array_equal(blocks.part("band", (0, 200), (0, 200), opening(path, asked)), pixels[:200, :200])
    assert not asked


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(
        OutputError, match=r"none: no file can be made there \(No such file or directory\); make"
    ):
        Blocks(tmp_path / "none")


def test_blocks_long_out_of_use_make_room_and_those_in_use_stay(
    pictures: list[tuple[Path, NDArray[np.uint16]]], tmp_path: Path
) -> None:
    path, pixels = pictures[0]
    blocks = Blocks(tmp_path, ROOM)  # 64 blocks
    asked: list[tuple[int, int]] = []
    for name in ("first", "second"):  # of 48 blocks each
        part = blocks.part(name, (0, HEIGHT), (0, WIDTH), opening(path, asked))
        assert np.array_equal(part, pixels)
    assert len(asked) == 96
    blocks.part("first", (0, HEIGHT), (0, WIDTH), opening(path, asked))
    assert len(asked) == 96, "kept"
    for _ in range(20):
        blocks.next_tile()
    for _ in range(2):
        assert np.array_equal(blocks.part("third", (0, HEIGHT), (0, WIDTH), opening(path, asked)), pixels)
    assert len(asked) == 96 + 48, "the room of those that nobody needs any longer"
    assert not list(tmp_path.iterdir())


def test_strips_are_read_as_they_are(tmp_path: Path) -> None:
    pixels = np.random.default_rng(5).integers(0, 2**16, (50, 60), np.uint16)
    written(tmp_path / "strips.tif", pixels, blockysize=1)
    asked: list[tuple[int, int]] = []
    part = Blocks(None).part("strips", (3, 40), (5, 20), opening(tmp_path / "strips.tif", asked))
    assert np.array_equal(part, pixels[3:40, 5:20])
    assert asked == [(3, 5)]


def test_whoever_waits_for_a_block_that_cannot_be_unpacked_is_told_so_too(
    pictures: list[tuple[Path, NDArray[np.uint16]]],
) -> None:
    path, pixels = pictures[0]
    blocks = Blocks(None)
    blocks.part("band", (0, 1), (0, 1), opening(path, []))  # its shape is known
    reading, hold = threading.Event(), threading.Event()

    def broken() -> AbstractContextManager[Any]:
        reading.set()
        assert hold.wait(30)
        raise RasterioError("damaged")

    def one(_: int) -> str:
        try:
            blocks.part("band", (0, 400), (0, 400), broken)
        except RasterioError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(3) as pool:
        told = [pool.submit(one, number) for number in range(3)]
        assert reading.wait(30)
        time.sleep(0.1)  # the others wait for what the first has claimed
        hold.set()
        assert [one.result(timeout=30) for one in told] == ["damaged"] * 3
    assert np.array_equal(blocks.part("band", (0, 400), (0, 400), opening(path, [])), pixels[:400, :400])


def test_threads_begin_apart_and_give_their_looks_in_order(tmp_path: Path) -> None:
    order: dict[int, list[int]] = {}
    ready = threading.Barrier(2)

    def look(place: int) -> int:
        order.setdefault(threading.get_ident(), []).append(place)
        return place

    def tile(source: Source) -> list[int]:
        source.next_tile()
        ready.wait()
        return list(source.map(look, range(7)))

    with open_source(tmp_path) as source, ThreadPoolExecutor(2) as pool:
        shared = source.sharing(tmp_path, threads=2)
        done = [pool.submit(tile, shared) for _ in range(2)]
        assert [one.result() for one in done] == [list(range(7))] * 2
    assert sorted(order.values()) == [[0, 1, 2, 3, 4, 5, 6], [3, 4, 5, 6, 0, 1, 2]]
