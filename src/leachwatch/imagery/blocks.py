"""Blocks: files are packed in blocks, and each is unpacked once for all the tiles that have a part of it.

A tile is 5 km wide and read with 680 m around; a block is 5 or 10 km wide, of bands of 20 m 10 or 20. Read
tile by tile, a file is unpacked many times over. Unpacked blocks lie in a file without a name.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from leachwatch.errors import OutputError

__all__ = ["MOST", "Blocks", "unpack"]

_Span = tuple[int, int]
_Key = tuple[str, int, int]

MOST = 8_000_000_000
"""Bytes that unpacked blocks may take, unless fewer are said."""
_SHARE = 4
"""Of what is free on the disk no more than one part in so many is taken."""
_SMALLEST, _LARGEST = 128**2, 2048**2
"""Pixels of a block that is worth keeping: strips of a line are not, nor is a file that is one block."""
_STALE = 8
"""Tiles begun since a block was last needed, and the threads, after which others may have its room."""


@dataclass(eq=False)
class _Held:
    """One block that is kept: where in the file, its pixels, and the room that it has."""

    start: int
    shape: _Span
    size: int
    turn: int
    readers: int = 0


class Blocks:
    """Unpacked blocks of the files of a scan, for threads that work tiles beside each other.

    Parameters
    ----------
    folder : Path or None
        Where they lie; None for the system's place for temporary files.
    most : int
        Bytes that they may take; less where the disk is nearly full.
    threads : int
        Tiles that are worked at a time.

    Raises
    ------
    OutputError
        If no file can be made there.
    """

    def __init__(self, folder: Path | None, most: int = MOST, threads: int = 1) -> None:
        self._where = folder or Path(tempfile.gettempdir())
        try:
            self._file = TemporaryFile(dir=self._where)  # noqa: SIM115 - closed, and gone, with the blocks
        except OSError as error:
            raise OutputError(
                f"{self._where}: no file can be made there ({error.strerror}); make room, or mend its rights"
            ) from error
        weakref.finalize(self, self._file.close)
        self._most, self._taken = most, 0
        self._threads, self._stale = threads, _STALE + threads
        self._shapes: dict[str, _Span] = {}
        self._held: OrderedDict[_Key, _Held] = OrderedDict()  # the longest out of use comes first
        self._claimed: set[_Key] = set()
        self._free: dict[int, list[int]] = {}
        self._turn, self._mine = 0, threading.local()
        self._changed = threading.Condition()

    def next_tile(self) -> None:
        """Tell that this thread begins another tile."""
        with self._changed:
            self._turn += 1
            self._mine.turn = self._turn

    def apart(self, many: int) -> int:
        """Say with which of so many looks this thread begins: side by side, threads wait for each other."""
        return getattr(self._mine, "turn", 0) % self._threads * many // self._threads

    def part(
        self,
        file: str,
        rows: _Span,
        columns: _Span,
        opened: Callable[[], AbstractContextManager[rasterio.DatasetReader]],
    ) -> NDArray[np.uint16]:
        """Read a window of a file's first band.

        Parameters
        ----------
        file : str
            What it, as it is now, is known by.
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
                return unpack(picture, rows, columns)
            missing = [(file, *place) for place in _over(shape, rows, columns)]
            while missing:
                with self._divided(missing, shape[0] * shape[1]) as (held, own):
                    for key, one in held.items():
                        top, left = key[1] * shape[0], key[2] * shape[1]
                        some = max(rows[0] - top, 0), min(rows[1] - top, one.shape[0])
                        _copy(self._kept(one, some), (top + some[0], left), rows, columns, result)
                    for key, start in own.items():
                        picture = picture or stack.enter_context(opened())
                        down, across = _bounds(key, shape, (picture.height, picture.width))
                        pixels = unpack(picture, down, across)
                        _copy(pixels, (down[0], across[0]), rows, columns, result)
                        if start is not None:
                            self._keep(key, pixels, start, shape[0] * shape[1])
                missing = [key for key in missing if key not in held and key not in own]
        return result

    @contextmanager
    def _divided(
        self, keys: Sequence[_Key], size: int
    ) -> Iterator[tuple[dict[_Key, _Held], dict[_Key, int | None]]]:
        """Hold those of some blocks that are kept, and claim those that nobody unpacks; wait if all are.

        Of those to unpack the place to keep them at is given. A block that there is no room for has none: it
        is claimed by nobody, and unpacked by whoever needs it.
        """
        with self._changed:
            while not (some := [key for key in keys if key not in self._claimed]):
                self._changed.wait()
            kept, own = dict[_Key, _Held](), dict[_Key, int | None]()
            for key in some:
                if key in self._held:
                    one = self._held[key]
                    one.turn, one.readers = self._turn, one.readers + 1
                    self._held.move_to_end(key)
                    kept[key] = one
                    continue
                own[key] = start = self._start(size)
                if start is not None:
                    self._claimed.add(key)
        try:
            yield kept, own
        finally:
            with self._changed:
                for one in kept.values():
                    one.readers -= 1
                for key, start in own.items():
                    if start is not None and key in self._claimed:  # it could not be unpacked, or kept
                        self._claimed.remove(key)
                        self._free[size].append(start)
                self._changed.notify_all()

    def _keep(self, key: _Key, pixels: NDArray[np.uint16], start: int, size: int) -> None:
        """Keep a block that was claimed; whoever waits for it has it now."""
        try:
            self._write(pixels, start)
        except OSError:
            self._most = 0  # it goes without as well
            return
        with self._changed:
            self._held[key] = _Held(start, (pixels.shape[0], pixels.shape[1]), size, self._turn)
            self._claimed.remove(key)
            self._changed.notify_all()

    def _write(self, pixels: NDArray[np.uint16], start: int) -> None:
        left = memoryview(pixels.tobytes())
        while left:
            written = os.pwrite(self._file.fileno(), left, start)
            left, start = left[written:], start + written

    def _kept(self, one: _Held, rows: _Span) -> NDArray[np.uint16]:
        """Read some rows of a block that is kept."""
        width = one.shape[1]
        first, size = 2 * rows[0] * width, 2 * (rows[1] - rows[0]) * width
        content = os.pread(self._file.fileno(), size, one.start + first)
        return np.frombuffer(content, np.uint16).reshape(-1, width)

    def _start(self, size: int) -> int | None:
        """Find room for a block: what is free, more of the disk, or that of a block long out of use."""
        free = self._free.setdefault(size, [])
        if free:
            return free.pop()
        start, taken = self._taken, self._taken + 2 * size
        if taken <= self._most and _SHARE * taken <= shutil.disk_usage(self._where).free:
            self._taken = taken
            return start
        for key, held in self._held.items():
            if held.turn >= self._turn - self._stale:
                break
            if not held.readers and held.size == size:
                del self._held[key]
                return held.start
        return None


def _over(shape: _Span, rows: _Span, columns: _Span) -> Iterator[_Span]:
    """Blocks that a window has a part of, by row and column."""
    for row in range(rows[0] // shape[0], -(-rows[1] // shape[0])):
        for column in range(columns[0] // shape[1], -(-columns[1] // shape[1])):
            yield row, column


def unpack(picture: rasterio.DatasetReader, rows: _Span, columns: _Span) -> NDArray[np.uint16]:
    """Read a window of a file's first band from the file."""
    window = Window.from_slices(rows, columns)
    return np.asarray(picture.read(1, window=window, out_dtype=np.uint16), np.uint16)


def _bounds(key: _Key, shape: _Span, whole: _Span) -> tuple[_Span, _Span]:
    """Rows and columns of a block in its file."""
    (top, left), (height, width) = (key[1] * shape[0], key[2] * shape[1]), whole
    return (top, min(top + shape[0], height)), (left, min(left + shape[1], width))


def _copy(
    pixels: NDArray[np.uint16], corner: _Span, rows: _Span, columns: _Span, result: NDArray[np.uint16]
) -> None:
    """Copy what a window has of a block into it."""
    top, left = max(corner[0], rows[0]), max(corner[1], columns[0])
    bottom = min(corner[0] + pixels.shape[0], rows[1])
    right = min(corner[1] + pixels.shape[1], columns[1])
    part = pixels[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
    result[top - rows[0] : bottom - rows[0], left - columns[0] : right - columns[0]] = part
