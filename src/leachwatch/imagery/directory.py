"""Directory of a TIFF: where in the file each block of pixels is, so that only those wanted are fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np
import tifffile
from numpy.typing import NDArray

from leachwatch.errors import LeachwatchError, SceneError
from leachwatch.imagery.scene import short
from leachwatch.network import Span

__all__ = ["Directory", "Level", "check_size", "read_directory", "smallest"]

_LONGEST_SIDE = 100_000
"""Pixels; a Sentinel-2 granule has 10,980."""
_LARGEST_BLOCK = 1 << 24
"""Pixels of a block, which is unpacked whole: 4,096 squared."""
_MOST_LEVELS = 16
_FENCE = 4
"""Bytes that GDAL writes before and after each block of a COG, and may look at."""
_GAP = 1 << 14
"""Bytes between two blocks that are fetched along, to ask once instead of twice."""


@dataclass(frozen=True, eq=False)
class Level:
    """A picture in the file: the full one, or a smaller overview of it.

    Attributes
    ----------
    height, width : int
        Pixels.
    block : tuple of int
        Height and width of a block.
    starts, lengths : ndarray of int64, shape (block,)
        Place of each block in the file, by row, then column; length 0 where there is none.
    """

    height: int
    width: int
    block: tuple[int, int]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def spans(self, rows: tuple[int, int], columns: tuple[int, int]) -> list[Span]:
        """Parts of the file with the blocks of some rows and columns, joined where they lie close together.

        Parameters
        ----------
        rows, columns : tuple of int
            First pixel, and the one after the last; what lies beyond the picture is left out.

        Returns
        -------
        list of Span
            Rising; none where the window is empty.
        """
        rows = rows[0], min(rows[1], self.height)
        columns = columns[0], min(columns[1], self.width)
        if rows[0] >= rows[1] or columns[0] >= columns[1]:
            return []
        across = -(-self.width // self.block[1])
        down = np.arange(rows[0] // self.block[0], (rows[1] - 1) // self.block[0] + 1)
        right = np.arange(columns[0] // self.block[1], (columns[1] - 1) // self.block[1] + 1)
        places = (down[:, None] * across + right).ravel()
        starts, lengths = self.starts[places], self.lengths[places]
        return _joined(
            sorted(
                (max(int(start) - _FENCE, 0), int(start + length) + _FENCE)
                for start, length in zip(starts, lengths, strict=True)
                if length > 0
            )
        )


@dataclass(frozen=True, eq=False)
class Directory:
    """What a TIFF holds.

    Attributes
    ----------
    levels : tuple of Level
        The full picture, then its overviews, each smaller.
    """

    levels: tuple[Level, ...]


def smallest(sizes: Sequence[int], side: int) -> int:
    """Place of the smallest picture that has at least `side` pixels along its longest side; 0 if none has.

    Examples
    --------
    >>> smallest([10980, 5490, 2745, 1373, 687], 1024), smallest([384], 512)
    (3, 0)
    """
    return max((place for place, size in enumerate(sizes) if size >= side), default=0)


def read_directory(file: IO[bytes]) -> Directory:
    """Read where the blocks are.

    Parameters
    ----------
    file : binary file
        Only the parts with the directory are read.

    Raises
    ------
    SceneError
        If it is no TIFF of one band in blocks, or of a size that no scene has.
    """
    try:
        with tifffile.TiffFile(file) as tiff:
            levels = tuple(_level(page) for page in (tiff.pages.first, *_overviews(tiff)))
    except LeachwatchError:
        raise
    except Exception as error:  # outside data: whatever it does, it is named
        raise SceneError(f"is no readable TIFF ({short(error)[:100]})") from error
    return Directory(levels)


def check_size(width: int, height: int, block: Sequence[int]) -> None:
    """Refuse pictures and blocks that nobody can hold in memory.

    Raises
    ------
    SceneError
        Which names the size.
    """
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
        raise SceneError(f"has {width} x {height} pixels, no size of a scene")
    if not 0 < block[0] * block[1] <= _LARGEST_BLOCK:
        raise SceneError(f"has blocks of {block[1]} x {block[0]} pixels, too large to unpack")


def _overviews(tiff: tifffile.TiffFile) -> Iterator[tifffile.TiffPage]:
    for place in range(1, _MOST_LEVELS):
        try:
            page = tiff.pages[place]
        except IndexError:
            return
        if isinstance(page, tifffile.TiffPage) and page.subfiletype == 1:  # reduced, and no mask
            yield page


def _level(page: tifffile.TiffPage) -> Level:
    block = (page.tilelength, page.tilewidth) if page.is_tiled else (page.rowsperstrip, page.imagewidth)
    block = min(block[0], page.imagelength) if not page.is_tiled else block[0], block[1]
    check_size(page.imagewidth, page.imagelength, block)
    if page.samplesperpixel != 1:
        raise SceneError(f"has {page.samplesperpixel} bands in one file, expected 1")
    starts, lengths = (np.array(part, np.int64) for part in (page.dataoffsets, page.databytecounts))
    blocks = -(-page.imagelength // block[0]) * -(-page.imagewidth // block[1])
    if len(starts) != blocks or len(lengths) != blocks or (starts < 0).any() or (lengths < 0).any():
        raise SceneError(f"has a directory of {len(starts)} blocks, expected {blocks}")
    return Level(page.imagelength, page.imagewidth, block, starts, lengths)


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + _GAP:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined
