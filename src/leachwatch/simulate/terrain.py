"""Mountains with a river between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from leachwatch.simulate.chance import happens
from leachwatch.simulate.grid import CELL
from leachwatch.simulate.noise import FloatArray, fractal, smoothstep

__all__ = ["Terrain", "mountains"]

_MEDIAN_SLOPE = (0.30, 0.46)  # rise over run; 17 to 25 degrees, the Gaoligong foothills
_RIDGE_WAVELENGTH = (700.0, 1500.0)  # m between ridges
_VALLEY_HALF_WIDTH = (120.0, 260.0)  # m of flat floor beside the river
_MEANDER = (40.0, 140.0)  # m
_RIVER_WIDTH = (9.0, 26.0)  # m


@dataclass(frozen=True, eq=False)
class Terrain:
    """The shape of the ground.

    Attributes
    ----------
    elevation : ndarray of float32, shape (y, x)
        Metres, 5 m cells.
    east, south : ndarray of float32, shape (y, x)
        Rise over run towards the east and the south.
    river : ndarray of float32, shape (n, 2)
        Course of the river, m east and south of the corner.
    river_width : float
        Metres.
    to_river : ndarray of float32, shape (y, x)
        Distance to the river's middle line, m.
    """

    elevation: FloatArray
    east: FloatArray
    south: FloatArray
    river: FloatArray
    river_width: float
    to_river: FloatArray

    @property
    def slope(self) -> FloatArray:
        """Steepness, rise over run, shape (y, x)."""
        return np.hypot(self.east, self.south)

    def downhill(self, east: float, south: float) -> float:
        """Direction of the slope at a place, radians from east towards south."""
        rows, columns = self.elevation.shape
        y = slice(max(int(south / CELL) - 10, 0), min(int(south / CELL) + 11, rows))
        x = slice(max(int(east / CELL) - 10, 0), min(int(east / CELL) + 11, columns))
        return float(np.arctan2(-self.south[y, x].mean(), -self.east[y, x].mean()))


def mountains(rng: np.random.Generator, cells: int) -> Terrain:
    """Fractal ridges cut by one meandering valley.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    cells : int
        Cells of 5 m on a side.
    """
    river = _course(rng, cells * CELL)
    to_river = _distance(river, cells)
    floor = rng.uniform(*_VALLEY_HALF_WIDTH)
    ridges = _ridges(rng, cells) * smoothstep(to_river, floor * 0.4, floor * 4)
    rise = np.asarray(0.25 * smoothstep(to_river, floor, floor * 7), np.float32)
    shape = np.asarray(cv2.GaussianBlur(ridges + rise, (0, 0), 2.5), np.float32)
    south, east = np.gradient(shape, CELL)
    far = to_river > floor * 2
    steepness = float(np.median(np.hypot(east, south)[far])) if far.any() else 1.0
    factor = rng.uniform(*_MEDIAN_SLOPE) / max(steepness, 1e-9)
    return Terrain(
        elevation=np.asarray(shape * factor, np.float32),
        east=np.asarray(east * factor, np.float32),
        south=np.asarray(south * factor, np.float32),
        river=river,
        river_width=float(rng.uniform(*_RIVER_WIDTH)),
        to_river=to_river,
    )


def _ridges(rng: np.random.Generator, cells: int) -> FloatArray:
    """Ridged multifractal: sharp crests above rounded valleys."""
    wavelength = rng.uniform(*_RIDGE_WAVELENGTH) / CELL
    total = np.zeros((cells, cells), np.float32)
    weight = np.ones((cells, cells), np.float32)
    for octave in range(5):
        field = fractal(rng, (cells, cells), exponent=3.2, longest=wavelength / 2**octave)
        crest = 1 - np.minimum(np.abs(field) * 0.8, 1)
        crest = cv2.GaussianBlur(crest, (0, 0), max(wavelength / 2**octave / 22, 1.0))
        total += crest * weight * 0.47**octave
        weight = np.clip(crest * 1.3, 0.15, 1)
    return total


def _course(rng: np.random.Generator, metres: float) -> FloatArray:
    """Draw a meandering line across the whole district."""
    along = np.linspace(-0.15, 1.15, 400) * metres
    phases = rng.uniform(0, 2 * np.pi, 4)
    lengths = rng.uniform(350, 1400, 4)
    across = sum(
        np.sin(2 * np.pi * along / length + phase) for length, phase in zip(lengths, phases, strict=True)
    )
    across = across * rng.uniform(*_MEANDER) / 2 + metres * rng.uniform(0.25, 0.75)
    tilt = rng.uniform(-0.35, 0.35)
    across = across + tilt * (along - metres / 2)
    pair = (along, across) if happens(rng, 0.5) else (across, along)  # a fair coin
    return np.stack(pair, axis=1).astype(np.float32)


def _distance(line: FloatArray, cells: int) -> FloatArray:
    """Distance of every cell to a line, m."""
    margin = 200
    canvas = np.full((cells + 2 * margin,) * 2, 255, np.uint8)
    points = np.round(line / CELL + margin).astype(np.int32)
    cv2.polylines(canvas, [points.reshape(-1, 1, 2)], isClosed=False, color=0, thickness=1)
    distance = cv2.distanceTransform(canvas, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance[margin:-margin, margin:-margin] * CELL, np.float32)
