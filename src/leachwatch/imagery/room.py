"""Room: where all looks of a tile lie while it is worked: in memory, or in a file where they are many.

A tile's masks need all of its looks at once, and there is no bound to how many there are. Beyond some bytes
they lie in a file without a name, which the system keeps in memory as far as there is any to spare, and
which is gone with the process.
"""

from __future__ import annotations

import errno
import mmap
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.typing import DTypeLike, NDArray

from leachwatch.errors import OutputError

__all__ = ["MEMORY", "Arena", "Room", "let_go", "one_by_one"]

_ZEROS = bytes(2**20)
_LINE = 64  # bytes of a line of the processor's cache


class Arena:
    """Memory that a thread's tiles have one after the other: the system zeroes what it gives anew."""

    def __init__(self) -> None:
        self._mine = threading.local()

    def begin(self, size: int) -> None:
        """Make room for so many bytes; arrays that this thread had before are overwritten."""
        if getattr(self._mine, "bytes", _NOTHING).size < size:
            self._mine.bytes = _NOTHING  # the old goes before the new comes
            self._mine.bytes = np.empty(size, np.uint8)
        self._mine.taken = 0

    def forget(self) -> None:
        """Leave what there is to whoever may still write into it; the next tile has memory of its own."""
        self._mine.bytes, self._mine.taken = _NOTHING, 0

    def take(self, shape: tuple[int, ...], kind: np.dtype[Any]) -> NDArray[Any]:
        """Make an array of what is left; a new one where that is too little."""
        start, size = self._mine.taken, prod(shape) * kind.itemsize
        if start + size > self._mine.bytes.size:
            return np.empty(shape, kind)
        self._mine.taken = start + -(-size // _LINE) * _LINE
        part: NDArray[Any] = self._mine.bytes[start : start + size].view(kind).reshape(shape)
        return part


_NOTHING = np.empty(0, np.uint8)


@dataclass(frozen=True)
class Room:
    """Makes arrays.

    Attributes
    ----------
    most : int or None
        Bytes that the looks of a tile may take in memory; None for any number.
    folder : Path or None
        Where files are made for more; None for the system's place for temporary ones.
    arena : Arena or None
        Where arrays in memory lie; None for memory of their own.
    filed : bool
        Whether arrays lie in files.
    """

    most: int | None = None
    folder: Path | None = None
    arena: Arena | None = None
    filed: bool = False

    def holding(self, size: int) -> Room:
        """Return the room for arrays that have so many bytes together, in the place of those before."""
        filed = self.most is not None and size > self.most
        if self.arena and not filed:
            self.arena.begin(size)
        return replace(self, filed=filed)

    def forget(self) -> None:
        """Leave its arrays to whoever may still write into them."""
        if self.arena and not self.filed:
            self.arena.forget()

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Make an array; what is in it may be anything.

        Raises
        ------
        OutputError
            If there is no room for it on the disk.
        """
        kind = np.dtype(dtype)
        size = prod(shape) * kind.itemsize
        if not self.filed or not size:
            return self.arena.take(shape, kind) if self.arena and not self.filed else np.empty(shape, kind)
        where = self.folder or Path(tempfile.gettempdir())
        try:
            with tempfile.TemporaryFile(dir=where) as file:
                _reserve(file.fileno(), size, where)
                mapped = mmap.mmap(file.fileno(), size)
        except OSError as error:
            raise OutputError(
                f"{where}: no room for {size / 1e9:,.1f} GB of looks of a tile ({error.strerror}); "
                "make room there, or scan fewer years at a time"
            ) from error
        return np.frombuffer(mapped, kind).reshape(shape)


MEMORY = Room()
"""All in memory."""


def one_by_one(*arrays: NDArray[Any]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Go through the first axis of arrays in step, letting go of each part behind.

    Examples
    --------
    >>> [int(a[0] + b[0]) for a, b in one_by_one(np.array([[1], [2]]), np.array([[10], [20]]))]
    [11, 22]
    """
    for parts in zip(*arrays, strict=True):
        yield parts
        let_go(*parts)


def let_go(*arrays: NDArray[Any]) -> None:
    """Take no memory any longer for what lies in a file: it is read again when asked for."""
    for array in arrays:
        whole: Any = array
        while isinstance(whole.base, np.ndarray):
            whole = whole.base
        mapped = getattr(whole.base, "obj", None)  # of the view of memory that the array was made from
        if isinstance(mapped, mmap.mmap):
            low, high = byte_bounds(array)
            start, end = low - whole.ctypes.data, high - whole.ctypes.data
            start -= start % mmap.PAGESIZE
            mapped.madvise(mmap.MADV_DONTNEED, start, end - start)


def _reserve(file: int, size: int, folder: Path) -> None:
    """Take the room on the disk now: a mapping that finds none later ends the process."""
    if size > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
        return
    left = size
    while left:
        left -= os.write(file, _ZEROS[:left])
