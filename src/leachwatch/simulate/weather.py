"""What stands between the ground and the satellite: cloud, its shadow, haze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np

from leachwatch.simulate.chance import happens
from leachwatch.simulate.noise import FloatArray, fractal, smoothstep
from leachwatch.simulate.sun import Sun

__all__ = ["Sky", "cover", "through"]

_CLOUD_SHARE = (  # mean share of cloud by month; dry from November to April, monsoon from May to October
    0.10, 0.12, 0.18, 0.28, 0.50, 0.74, 0.80, 0.76, 0.62, 0.38, 0.14, 0.08,
)  # fmt: skip
_CLEAR_DAYS = (0.72, 0.70, 0.62, 0.48, 0.28, 0.08, 0.05, 0.07, 0.15, 0.38, 0.66, 0.74)
"""Probability of hardly any cloud, by month."""
_CLOUD = np.array([0.55, 0.54, 0.55, 0.57, 0.59, 0.60, 0.60, 0.60, 0.40, 0.28], np.float32)
_SHADOW_LIGHT = np.array([0.48, 0.42, 0.36, 0.34, 0.30, 0.28, 0.27, 0.26, 0.22, 0.20], np.float32)
"""Light left under a thick cloud, by band; what is left is skylight."""
_HAZE = np.array([1.0, 0.68, 0.45, 0.38, 0.30, 0.25, 0.22, 0.20, 0.05, 0.03], np.float32)
"""Haze by band relative to blue."""
_HAZE_BLUE = (0.0005, 0.012)  # reflectance; left over by the atmospheric correction
_CLOUD_HEIGHT = (700.0, 2200.0)  # m above ground
_CLOUD_SIZE = (40.0, 170.0)  # pixels of 10 m
_VEILED = 0.18  # share of looks under a thin veil


@dataclass(frozen=True, eq=False)
class Sky:
    """One look's weather on the 10 m grid.

    Attributes
    ----------
    cloud : ndarray of float32, shape (y, x)
        Opacity, 0 to 1.
    shadow : ndarray of float32, shape (y, x)
        Share of the direct sun taken away, 0 to 1.
    bright : ndarray of float32, shape (y, x)
        Brightness of the cloud relative to the mean one.
    haze : ndarray of float32, shape (y, x)
        Added reflectance in blue.
    """

    cloud: FloatArray
    shadow: FloatArray
    bright: FloatArray
    haze: FloatArray


def cover(rng: np.random.Generator, size: int, day: date, sun: Sun) -> Sky:
    """Draw the sky of a look.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    size : int
        Pixels of 10 m on a side.
    day : date
        Season.
    sun : Sun
        Throws the shadows.
    """
    shape = (size, size)
    field = fractal(rng, shape, exponent=1.8, longest=rng.uniform(*_CLOUD_SIZE))
    cloud = _opacity(field, _share(rng, day.month), rng.uniform(0.5, 1.6))
    shadow = _thrown(cloud, sun, rng.uniform(*_CLOUD_HEIGHT))
    veil = np.zeros(shape, np.float32)
    if happens(rng, _VEILED):
        thin = smoothstep(fractal(rng, shape, exponent=1.8, longest=size), -0.6, 1.6)
        veil = thin * np.float32(rng.uniform(0.06, 0.22))
    haze = rng.uniform(*_HAZE_BLUE) * np.exp(0.3 * fractal(rng, shape, exponent=2.0))
    return Sky(
        cloud=np.asarray(1 - (1 - cloud) * (1 - veil), np.float32),
        shadow=shadow,
        bright=np.exp(0.12 * fractal(rng, shape, exponent=1.2, longest=40) + rng.normal(0, 0.1)).astype(
            np.float32
        ),
        haze=np.asarray(haze, np.float32),
    )


def through(sky: Sky, ground: FloatArray, bands: list[int]) -> FloatArray:
    """Show the ground as seen through the sky, on the 10 m or the 20 m grid.

    Parameters
    ----------
    sky : Sky
        Weather on the 10 m grid.
    ground : ndarray of float32, shape (band, y, x)
        Surface reflectance.
    bands : list of int
        Places in `BANDS` of the ground's bands.

    Returns
    -------
    ndarray of float32, shape (band, y, x)
        Reflectance with cloud, shadow and haze.
    """
    rows, columns = ground.shape[1:]
    cloud, shadow, bright, haze = (
        cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)[None]
        for part in (sky.cloud, sky.shadow, sky.bright, sky.haze)
    )
    pick = np.array(bands)
    dimmed = ground * (1 - shadow * (1 - _SHADOW_LIGHT[pick, None, None]))
    below = dimmed + haze * _HAZE[pick, None, None]
    return np.asarray(below * (1 - cloud) + cloud * _CLOUD[pick, None, None] * bright, np.float32)


def _share(rng: np.random.Generator, month: int) -> float:
    """Share of cloud on one day."""
    if happens(rng, _CLEAR_DAYS[month - 1]):
        return float(max(rng.normal(0.0, 0.02), 0))
    mean = min(_CLOUD_SHARE[month - 1] / (1 - _CLEAR_DAYS[month - 1]), 0.88)
    return float(rng.beta(mean * 3.0, (1 - mean) * 3.0))


def _opacity(field: FloatArray, share: float, soft: float) -> FloatArray:
    """Thick in the middle, thin at the edges."""
    if share <= 0:
        return np.zeros_like(field)
    edge = float(np.quantile(field, 1 - share))
    thick = smoothstep(field, edge - soft * 0.3, edge + soft * 0.7) * np.float32(0.98)
    return np.asarray(cv2.GaussianBlur(thick, (0, 0), 0.8 + soft), np.float32)


def _thrown(cloud: FloatArray, sun: Sun, height: float) -> FloatArray:
    """Move the cloud away from the sun."""
    reach = height / np.tan(np.radians(sun.elevation)) / 10
    turn = np.radians(sun.azimuth)
    rows, columns = round(float(reach * np.cos(turn))), round(float(-reach * np.sin(turn)))
    moved = np.roll(cloud, (rows, columns), axis=(0, 1))
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), 1.5) * (1 - cloud), np.float32)
