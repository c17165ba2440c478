"""Blocks: files are packed in blocks, and each is unpacked once for all the tiles that have a part of it.

A tile is 5 km wide and read with 680 m around; a block is 5 or 10 km wide, of bands of 20 m 10 or 20. Read
tile by tile, a file is unpacked many times over. Unpacked blocks lie in a file without a name.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from leachwatch.errors import OutputError
from leachwatch.imagery.room import Room, let_go

__all__ = ["Blocks"]

Span = tuple[int, int]
_Key = tuple[str, int, int]

_MOST = 8_000_000_000
_SHARE_OF_DISK = 0.25
_SLAB = 64
"""Blocks that room is made for at a time."""
_SMALLEST, _LARGEST = 128**2, 2048**2
"""Pixels of a block that is worth keeping: strips of a line are not, nor is a file that is one block."""
_STALE = 8
"""Tiles for which a block is kept that none of them needed: neighbours come sooner."""


@dataclass(eq=False)
class _Held:
    """One block that is kept."""

    slot: NDArray[np.uint16]
    pixels: NDArray[np.uint16]
    turn: int
    readers: int = 0


class Blocks:
    """Unpacked blocks of the files of a scan; threads may share it.

    Parameters
    ----------
    folder : Path or None
        Where they lie; None for the system's place for temporary files.
    most : int
        Bytes that they may take; by default 8 GB, and no more than a quarter of what is free there.
    """

    def __init__(self, folder: Path | None, most: int = _MOST) -> None:
        free = shutil.disk_usage(folder or tempfile.gettempdir()).free
        self._room = Room(0, folder).holding(1)
        self._left = min(most, int(free * _SHARE_OF_DISK))
        self._size = 0
        self._shapes: dict[str, Span] = {}
        self._held: dict[_Key, _Held] = {}
        self._claimed: set[_Key] = set()
        self._free: list[NDArray[np.uint16]] = []
        self._turn = 0
        self._changed = threading.Condition()

    def next_tile(self) -> None:
        """Tell that another tile is begun."""
        with self._changed:
            self._turn += 1

    def part(
        self,
        file: str,
        rows: Span,
        columns: Span,
        opened: Callable[[], AbstractContextManager[rasterio.DatasetReader]],
    ) -> NDArray[np.uint16]:
        """Read a window of a file's first band.

        Parameters
        ----------
        file : str
            What it is known by.
        rows, columns : tuple of int
            First, and the one after the last; within the file.
        opened : callable
            Opens it, with all that the window needs; asked only if a block is missing.

        Returns
        -------
        ndarray of uint16, shape (y, x)
        """
        result = np.empty((rows[1] - rows[0], columns[1] - columns[0]), np.uint16)
        with ExitStack() as stack:
            picture = None
            if file not in self._shapes:
                picture = stack.enter_context(opened())
                self._shapes[file] = picture.block_shapes[0]
            shape = self._shapes[file]
            if not _SMALLEST <= shape[0] * shape[1] <= _LARGEST:
                picture = picture or stack.enter_context(opened())
                return _read(picture, rows, columns)
            left = [(file, *place) for place in _over(shape, rows, columns)]
            while left:
                with self._divided(left) as (held, own):
                    for key, pixels in held.items():
                        _copy(pixels, (key[1] * shape[0], key[2] * shape[1]), rows, columns, result)
                        let_go(pixels)
                    for key in own:
                        picture = picture or stack.enter_context(opened())
                        down, across = _bounds(key, shape, (picture.height, picture.width))
                        pixels = _read(picture, down, across)
                        _copy(pixels, (down[0], across[0]), rows, columns, result)
                        self._keep(key, pixels)
                left = [key for key in left if key not in held and key not in own]
        return result

    @contextmanager
    def _divided(self, keys: Sequence[_Key]) -> Iterator[tuple[dict[_Key, NDArray[np.uint16]], list[_Key]]]:
        """Hold those of some blocks that are kept, and claim those that nobody unpacks; wait if all are."""
        with self._changed:
            while True:
                own = [key for key in keys if key not in self._held and key not in self._claimed]
                held = [key for key in keys if key in self._held]
                if own or held:
                    break
                self._changed.wait()
            self._claimed.update(own)
            for key in held:
                self._held[key].turn = self._turn
                self._held[key].readers += 1
            kept = {key: self._held[key].pixels for key in held}
        try:
            yield kept, own
        finally:
            with self._changed:
                self._claimed.difference_update(own)
                for key in held:
                    self._held[key].readers -= 1
                self._changed.notify_all()

    def _keep(self, key: _Key, pixels: NDArray[np.uint16]) -> None:
        """Keep a block, if there is room; what is not kept is unpacked again."""
        with self._changed:
            slot = self._slot(pixels.size)
        if slot is None:
            return
        own = slot[: pixels.size].reshape(pixels.shape)
        own[:] = pixels
        let_go(own)
        with self._changed:
            self._held[key] = _Held(slot, own, self._turn)

    def _slot(self, size: int) -> NDArray[np.uint16] | None:
        """Find room for a block: what is free, more of the disk, or that of a block long out of use."""
        self._size = self._size or size
        if size > self._size:
            return None
        if self._free:
            return self._free.pop()
        slab = 2 * _SLAB * self._size
        if slab <= self._left:
            try:
                made = self._room.empty((_SLAB, self._size), np.uint16)
            except OutputError:
                self._left = 0  # it goes without as well
            else:
                self._left -= slab
                self._free.extend(made)
                return self._free.pop()
        for key, held in self._held.items():
            if held.turn < self._turn - _STALE and not held.readers:
                del self._held[key]
                return held.slot
        return None


def _over(shape: Span, rows: Span, columns: Span) -> Iterator[Span]:
    """Blocks that a window has a part of, by row and column."""
    for row in range(rows[0] // shape[0], -(-rows[1] // shape[0])):
        for column in range(columns[0] // shape[1], -(-columns[1] // shape[1])):
            yield row, column


def _read(picture: rasterio.DatasetReader, rows: Span, columns: Span) -> NDArray[np.uint16]:
    window = Window.from_slices(rows, columns)
    return np.asarray(picture.read(1, window=window, out_dtype=np.uint16), np.uint16)


def _bounds(key: _Key, shape: Span, whole: Span) -> tuple[Span, Span]:
    """Rows and columns of a block in its file."""
    (top, left), (height, width) = (key[1] * shape[0], key[2] * shape[1]), whole
    return (top, min(top + shape[0], height)), (left, min(left + shape[1], width))


def _copy(
    pixels: NDArray[np.uint16], corner: Span, rows: Span, columns: Span, result: NDArray[np.uint16]
) -> None:
    """Copy what a window has of a block into it."""
    top, left = max(corner[0], rows[0]), max(corner[1], columns[0])
    bottom, right = (
        min(corner[0] + pixels.shape[0], rows[1]),
        min(corner[1] + pixels.shape[1], columns[1]),
    )
    part = pixels[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
    result[top - rows[0] : bottom - rows[0], left - columns[0] : right - columns[0]] = part
