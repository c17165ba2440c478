"""The satellite: point spread, sampling, misregistration, noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.simulate.grid import CELL
from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.spectra import BANDS

__all__ = ["COARSE", "FINE", "Capture", "Look", "digital", "observe"]

FINE = ("blue", "green", "red", "nir")
"""Bands of 10 m."""

COARSE = ("rededge1", "rededge2", "rededge3", "nir08", "swir16", "swir22")
"""Bands of 20 m."""

_SIGMA_FINE = 4.1  # m; with the 10 m pixel, 5.0 m in all
_SIGMA_COARSE = 8.8  # m; with the 20 m pixel, 10.5 m in all
_SHIFT = 2.5  # m, standard deviation of the misregistration
_MOST_SHIFT = 5.0  # m, half a pixel
_NOISE = (0.003, 0.006)  # reflectance
_GAIN_NOISE = 0.02  # of the signal
_GAIN = 0.02  # error of a look's calibration and correction, all bands together


@dataclass(frozen=True)
class Capture:
    """How one look was taken.

    Attributes
    ----------
    east, south : float
        Misregistration, m.
    noise : float
        Standard deviation, reflectance.
    gain : float
        Brightness relative to the truth.
    """

    east: float
    south: float
    noise: float
    gain: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Capture:
        """Draw one."""
        east, south = np.clip(rng.normal(0, _SHIFT, 2), -_MOST_SHIFT, _MOST_SHIFT)
        return cls(float(east), float(south), rng.uniform(*_NOISE), float(np.exp(rng.normal(0, _GAIN))))

    def moved(self, east: float, south: float) -> Capture:
        """Give the same capture, displaced by so many metres more."""
        return replace(self, east=self.east + east, south=self.south + south)


@dataclass(frozen=True, eq=False)
class Look:
    """What the satellite recorded, before it is coded.

    Attributes
    ----------
    fine : ndarray of float32, shape (4, y, x)
        Bands of `FINE`, reflectance.
    coarse : ndarray of float32, shape (6, y, x)
        Bands of `COARSE`, reflectance.
    """

    fine: FloatArray
    coarse: FloatArray


def observe(ground: FloatArray, capture: Capture) -> Look:
    """Blur, shift and sample the ground.

    Parameters
    ----------
    ground : ndarray of float32, shape (band, y, x)
        Reflectance in 5 m cells.
    capture : Capture
        How it is taken.
    """
    return Look(
        fine=_sampled([ground[place] for place in _index(FINE)], capture, _SIGMA_FINE, 2),
        coarse=_sampled([ground[place] for place in _index(COARSE)], capture, _SIGMA_COARSE, 4),
    )


def digital(
    rng: np.random.Generator, reflectance: FloatArray, noise: float, offset: int
) -> NDArray[np.uint16]:
    """Reflectance with noise as digital numbers.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    reflectance : ndarray of float32, shape (band, y, x)
        0 to about 1.
    noise : float
        Standard deviation at zero signal.
    offset : int
        Added to the numbers: 1000 or 0.

    Returns
    -------
    ndarray of uint16, shape (band, y, x)
        1 to 65535; 0 is kept for no data.
    """
    scatter = rng.standard_normal(reflectance.shape, dtype=np.float32)
    spread = np.sqrt(np.float32(noise) ** 2 + (np.float32(_GAIN_NOISE) * reflectance) ** 2)
    numbers = np.rint((reflectance + scatter * spread) * 10_000) + offset
    return np.asarray(np.clip(numbers, 1, 65_535), np.uint16)


def _index(names: tuple[str, ...]) -> list[int]:
    return [BANDS.index(name) for name in names]


def _sampled(bands: Sequence[FloatArray], capture: Capture, sigma: float, step: int) -> FloatArray:
    move = np.array([[1, 0, capture.east / CELL], [0, 1, capture.south / CELL]], np.float32)
    rows, columns = bands[0].shape
    result = np.empty((len(bands), rows // step, columns // step), np.float32)
    for index, band in enumerate(bands):
        blurred = cv2.GaussianBlur(band, (0, 0), sigma / CELL, borderType=cv2.BORDER_REFLECT_101)
        moved = cv2.warpAffine(
            blurred, move, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
        result[index] = cv2.resize(moved, (columns // step, rows // step), interpolation=cv2.INTER_AREA)
    return result * np.float32(capture.gain)
