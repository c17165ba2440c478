"""What tiles share of a file is unpacked once, and is the same as read alone."""

from __future__ import annotations

import threading
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
def picture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NDArray[np.uint16]]:
    pixels = np.random.default_rng(5).integers(0, 2**16, (HEIGHT, WIDTH), np.uint16)
    path = tmp_path_factory.mktemp("picture") / "band.tif"
    written(path, pixels, tiled=True, blockxsize=BLOCK, blockysize=BLOCK)
    return path, pixels


Place = tuple[int, int, int, int]
sides = st.integers(1, 400)
places = st.tuples(st.integers(0, HEIGHT - 1), sides, st.integers(0, WIDTH - 1), sides)
SLAB = 64 * 2 * BLOCK**2


@settings(max_examples=60, deadline=None)
@given(st.lists(places, min_size=1, max_size=12), st.sampled_from([0, SLAB, 10 * SLAB]), st.integers(1, 3))
def test_a_window_is_what_the_file_has_there(
    picture: tuple[Path, NDArray[np.uint16]],
    windows: list[Place],
    most: int,
    threads: int,
) -> None:
    path, pixels = picture
    blocks = Blocks(None, most)

    def one(window: Place) -> bool:
        top, high, left, wide = window
        rows, columns = (top, min(top + high, HEIGHT)), (left, min(left + wide, WIDTH))
        blocks.next_tile()
        part = blocks.part("band", rows, columns, opening(path, []))
        return np.array_equal(part, pixels[slice(*rows), slice(*columns)])

    with ThreadPoolExecutor(threads) as pool:
        assert all(pool.map(one, windows))


def test_each_block_is_unpacked_once_whoever_asks(picture: tuple[Path, NDArray[np.uint16]]) -> None:
    path, pixels = picture
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


def test_without_room_everything_is_read_and_nothing_kept(picture: tuple[Path, NDArray[np.uint16]]) -> None:
    path, pixels = picture
    asked: list[tuple[int, int]] = []
    blocks = Blocks(None, 0)
    for _ in range(2):
        part = blocks.part("band", (0, BLOCK), (0, BLOCK), opening(path, asked))
        assert np.array_equal(part, pixels[:BLOCK, :BLOCK])
    assert len(asked) == 2


def test_blocks_long_out_of_use_make_room_and_those_in_use_stay(
    picture: tuple[Path, NDArray[np.uint16]], tmp_path: Path
) -> None:
    path, pixels = picture
    blocks = Blocks(tmp_path, SLAB)  # 64 blocks
    asked: list[tuple[int, int]] = []
    for name in ("first", "second"):  # of 48 blocks each
        part = blocks.part(name, (0, HEIGHT), (0, WIDTH), opening(path, asked))
        assert np.array_equal(part, pixels)
    assert len(asked) == 96
    blocks.part("first", (0, HEIGHT), (0, WIDTH), opening(path, asked))
    assert len(asked) == 96, "kept"
    for _ in range(10):
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
    picture: tuple[Path, NDArray[np.uint16]],
) -> None:
    path, _ = picture
    blocks = Blocks(None)
    blocks.part("band", (0, 1), (0, 1), opening(path, []))  # its shape is known
    together = threading.Barrier(3)

    def broken() -> AbstractContextManager[Any]:
        raise RasterioError("damaged")

    def one(_: int) -> str:
        together.wait()
        try:
            blocks.part("band", (0, 400), (0, 400), broken)
        except RasterioError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, range(3))) == ["damaged"] * 3
