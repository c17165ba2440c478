"""Shapes on the ground as shares of 5 m cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from leachwatch.simulate.grid import CELL
from leachwatch.simulate.noise import FloatArray, fractal

__all__ = ["Cover", "blob", "disc", "rectangle", "ribbon"]

_BLOCK = 64  # cells on a side of the blocks a window is looked through by
_FINE = 5  # sub-cells on a cell's side: 1 m


@dataclass(frozen=True, eq=False)
class Cover:
    """How much of each cell of a window a shape covers.

    Attributes
    ----------
    top, left : int
        Row and column of the window's first cell.
    share : ndarray of float32, shape (y, x)
        0 outside the shape, 1 inside.
    """

    top: int
    left: int
    share: FloatArray

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the window."""
        rows, columns = self.share.shape
        return slice(self.top, self.top + rows), slice(self.left, self.left + columns)

    def filled(self) -> Iterator[tuple[tuple[slice, slice], tuple[slice, slice]]]:
        """Give the blocks that hold some of the shape: each in the district's cells, and in the window's."""
        rows, columns = self.share.shape
        for top, left in product(range(0, rows, _BLOCK), range(0, columns, _BLOCK)):
            inner = slice(top, min(top + _BLOCK, rows)), slice(left, min(left + _BLOCK, columns))
            if self.share[inner].any():
                y, x = (
                    slice(start + part.start, start + part.stop)
                    for start, part in zip((self.top, self.left), inner, strict=True)
                )
                yield (y, x), inner

    def thinned(self, factor: FloatArray) -> Cover:
        """Give the same shape with its shares multiplied."""
        return Cover(self.top, self.left, np.asarray(self.share * factor, np.float32))


def disc(east: float, south: float, diameter: float, *, cells: int) -> Cover:
    """Draw a circle, given by its middle and diameter in metres."""
    x, y, top, left = _sub_cells(east, south, diameter / 2, cells)
    inside = np.hypot(x, y) <= diameter / 2
    return Cover(top, left, _shares(inside))


def rectangle(middle: tuple[float, float], sides: tuple[float, float], angle: float, *, cells: int) -> Cover:
    """Draw a rectangle, given by its middle, sides in metres, and turn in radians from east to south."""
    x, y, top, left = _sub_cells(*middle, float(np.hypot(*sides)) / 2, cells)
    along = x * np.cos(angle) + y * np.sin(angle)
    across = y * np.cos(angle) - x * np.sin(angle)
    inside = (np.abs(along) <= sides[0] / 2) & (np.abs(across) <= sides[1] / 2)
    return Cover(top, left, _shares(inside))


def blob(
    rng: np.random.Generator,
    middle: tuple[float, float],
    radii: tuple[float, float],
    angle: float = 0.0,
    *,
    cells: int,
    ragged: float = 0.25,
) -> Cover:
    """Draw an ellipse with a fractal outline.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    middle : tuple of float
        Metres east and south.
    radii : tuple of float
        Half axes, m.
    angle : float
        Direction of the first axis, radians from east to south.
    cells : int
        Cells on a side of the district.
    ragged : float
        Depth of the outline's bays as a share of the radius.
    """
    reach = max(radii) * (1 + 2 * ragged) + CELL
    x, y, top, left = _cells(*middle, reach, cells)
    along = (x * np.cos(angle) + y * np.sin(angle)) / radii[0]
    across = (y * np.cos(angle) - x * np.sin(angle)) / radii[1]
    field = fractal(rng, x.shape, exponent=1.9, longest=2.2 * max(radii) / CELL)
    inward = (1 - np.hypot(along, across) + ragged * field * 0.6) * min(radii) / CELL
    return Cover(top, left, np.asarray(np.clip(inward + 0.5, 0, 1), np.float32))


def ribbon(points: FloatArray, width: float, *, cells: int) -> Cover:
    """Draw a line of some width, such as a road, cut to its window.

    Parameters
    ----------
    points : ndarray of float32, shape (n, 2)
        Metres east and south.
    width : float
        Metres.
    cells : int
        Cells on a side of the district.
    """
    scale = 4
    low = np.clip(np.floor(points.min(axis=0) / CELL - width / CELL - 1), 0, cells - 1).astype(int)
    high = np.clip(np.ceil(points.max(axis=0) / CELL + width / CELL + 1), low + 1, cells).astype(int)
    columns, rows = (high - low).tolist()
    canvas = np.zeros((rows * scale, columns * scale), np.uint8)
    fixed = np.round((points / CELL - low) * scale * 16).astype(np.int32).reshape(-1, 1, 2)
    thickness = max(round(width / CELL * scale), 1)
    cv2.polylines(canvas, [fixed], isClosed=False, color=255, thickness=thickness, shift=4)
    share = cv2.resize(canvas, (columns, rows), interpolation=cv2.INTER_AREA)
    return Cover(int(low[1]), int(low[0]), np.asarray(share / np.float32(255), np.float32))


def _bounds(middle: float, reach: float, cells: int) -> tuple[int, int]:
    """First cell and end of a stretch of at least one cell inside the district."""
    first = int(np.clip(np.floor((middle - reach) / CELL), 0, cells - 1))
    end = int(np.clip(np.ceil((middle + reach) / CELL), first + 1, cells))
    return first, end


def _cells(east: float, south: float, reach: float, cells: int) -> tuple[FloatArray, FloatArray, int, int]:
    """Metres from a place to the middles of the cells around it, and the window's corner."""
    left, right = _bounds(east, reach, cells)
    top, bottom = _bounds(south, reach, cells)
    x = (np.arange(left, right, dtype=np.float32) + 0.5) * CELL - east
    y = (np.arange(top, bottom, dtype=np.float32) + 0.5) * CELL - south
    grid_x, grid_y = np.meshgrid(x, y)
    return grid_x.astype(np.float32), grid_y.astype(np.float32), top, left


def _sub_cells(
    east: float, south: float, reach: float, cells: int
) -> tuple[FloatArray, FloatArray, int, int]:
    """As `_cells`, for the middles of sub-cells."""
    left, right = _bounds(east, reach, cells)
    top, bottom = _bounds(south, reach, cells)
    x = (np.arange(left * _FINE, right * _FINE, dtype=np.float32) + 0.5) * (CELL / _FINE) - east
    y = (np.arange(top * _FINE, bottom * _FINE, dtype=np.float32) + 0.5) * (CELL / _FINE) - south
    return x[None, :].astype(np.float32), y[:, None].astype(np.float32), top, left


def _shares(inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> FloatArray:
    rows, columns = inside.shape
    blocks = inside.reshape(rows // _FINE, _FINE, columns // _FINE, _FINE)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)
