"""The scene classification that comes with every look, with the errors it is known for."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.simulate.noise import FloatArray, fractal
from leachwatch.simulate.sensor import Look
from leachwatch.simulate.weather import Sky

__all__ = ["CLOUDS", "classify", "cloud_cover"]

DARK, SHADOW, PLANTS, BARE, WATER, UNCLEAR, MEDIUM, HIGH, CIRRUS, SNOW = range(2, 12)
"""Sen2Cor's classes, L2A product specification, table 3."""

CLOUDS = (MEDIUM, HIGH, CIRRUS)

_GREEN = 0.36  # NDVI of plants, Sen2Cor's own limit
_BARE_RED, _BARE_SWIR = 0.07, 0.12  # reflectance of bare ground, at least
_DARK_NIR, _DARK_RED, _DARKEST_NIR = 0.09, 0.045, 0.055  # reflectance of terrain shadow, at most
_WET, _WET_NIR, _WET_BLUE = 0.05, 0.16, 0.25  # NDWI of water at least, reflectance at most
_DEEP_SHADOW = 0.42  # share of the sun that a shadow takes to be seen; the thin rim is missed
_SNOW_INDEX = 0.45
_CIRRUS_FROM, _MEDIUM_FROM, _HIGH_FROM = 0.13, 0.26, 0.55  # opacity; thinner cloud is missed

_BRIGHT = 0.135  # mean of the visible bands above which bare ground may be taken for cloud
_STRICTNESS = 0.04  # how much that limit differs from place to place and look to look


def classify(rng: np.random.Generator, look: Look, sky: Sky) -> NDArray[np.uint8]:
    """Class of every 20 m pixel.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    look : Look
        What was recorded.
    sky : Sky
        The true weather, seen through the rules' errors.

    Returns
    -------
    ndarray of uint8, shape (y, x)
        Sen2Cor's classes, 2 to 11.
    """
    rows, columns = look.coarse.shape[1:]
    blue, green, red, nir = (
        cv2.resize(band, (columns, rows), interpolation=cv2.INTER_AREA) for band in look.fine
    )
    swir = look.coarse[4]
    doubt = fractal(rng, (rows, columns), exponent=0.9, longest=16)
    classes = _ground(blue, green, red, nir, swir)
    _mark_shadow(classes, _coarse(sky.shadow, rows) + 0.12 * doubt, nir)
    _mark_bright(rng, classes, (blue + green + red) / 3, doubt, (green - swir) / (green + swir + 1e-3))
    cloud = _coarse(sky.cloud, rows)
    _mark_cloud(classes, np.asarray(cloud + np.minimum(cloud, 0.05) * doubt, np.float32))
    return classes


def cloud_cover(classes: NDArray[np.uint8]) -> float:
    """Percent of the pixels with data that are of the cloud classes; 0 where there are none."""
    seen = classes[classes > 0]
    return round(float(np.isin(seen, CLOUDS).mean() * 100), 2) if seen.size else 0.0


def _ground(
    blue: FloatArray, green: FloatArray, red: FloatArray, nir: FloatArray, swir: FloatArray
) -> NDArray[np.uint8]:
    """Plants, bare ground, water and dark areas by their spectra."""
    greenness = (nir - red) / (nir + red + 1e-3)
    wetness = (green - nir) / (green + nir + 1e-3)
    classes = np.full(nir.shape, UNCLEAR, np.uint8)
    classes[greenness > _GREEN] = PLANTS
    classes[(greenness <= _GREEN) & (red > _BARE_RED) & (swir > _BARE_SWIR)] = BARE
    classes[(nir < _DARK_NIR) & (red < _DARK_RED)] = DARK
    classes[(wetness > _WET) & (nir < _WET_NIR) & (blue < _WET_BLUE) & (swir < _BARE_SWIR)] = WATER
    return classes


def _mark_shadow(classes: NDArray[np.uint8], shadow: FloatArray, nir: FloatArray) -> None:
    """Shadow of clouds where it is deep; some terrain shadow is taken for it."""
    classes[shadow > _DEEP_SHADOW] = SHADOW
    classes[(classes == DARK) & (nir < _DARKEST_NIR) & (shadow > 0)] = SHADOW


def _mark_bright(
    rng: np.random.Generator,
    classes: NDArray[np.uint8],
    visible: FloatArray,
    doubt: FloatArray,
    snowiness: FloatArray,
) -> None:
    """Bright pools, roofs and pads are taken for cloud or snow now and then."""
    limit = _BRIGHT + rng.exponential(_STRICTNESS) + 0.012 * doubt
    bare = (classes != PLANTS) & (visible > limit)
    classes[bare] = MEDIUM
    classes[bare & (visible > limit + 0.06)] = HIGH
    classes[bare & (snowiness > _SNOW_INDEX) & (visible > limit + 0.03)] = SNOW


def _mark_cloud(classes: NDArray[np.uint8], cloud: FloatArray) -> None:
    """Clouds by thickness."""
    classes[cloud > _CIRRUS_FROM] = CIRRUS
    classes[cloud > _MEDIUM_FROM] = MEDIUM
    classes[cloud > _HIGH_FROM] = HIGH


def _coarse(field: FloatArray, rows: int) -> FloatArray:
    return np.asarray(cv2.resize(field, (rows, rows), interpolation=cv2.INTER_AREA), np.float32)
