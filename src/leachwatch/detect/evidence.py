"""Evidence: what each look says for or against a pool at each pixel."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.kernels import Scales, look_evidence
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import PIXEL_M, Stack

__all__ = ["Evidence", "scales_of", "square_sums", "weigh"]

_DN = 10_000


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the looks of a tile say.

    Attributes
    ----------
    pool : ndarray of float32, shape (look, y, x)
        Log odds that the look shows a pool; 0 where not seen.
    bare : ndarray of bool, shape (look, y, x)
        True where the look shows ground without plants.
    seen : ndarray of bool, shape (look, y, x)
        True where the look shows the ground.
    forest : ndarray of float32, shape (y, x)
        Share of seen looks with forest or dense shrub.
    water : ndarray of float32, shape (y, x)
        Share of seen looks with open dark water.
    """

    pool: NDArray[np.float32]
    bare: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    forest: NDArray[np.float32]
    water: NDArray[np.float32]


def weigh(stack: Stack, settings: DetectSettings) -> Evidence:
    """Weigh every look of a tile.

    Parameters
    ----------
    stack : Stack
        With the bands of the settings.
    settings : DetectSettings
        Thresholds and steps.

    Returns
    -------
    Evidence
        Of the stack's shape. A pixel needs `settings.pad_radius_m` of read ground around it.
    """
    looks, shape = len(stack.days), stack.tile.shape
    pool = np.empty((looks, *shape), np.float32)
    bare = np.empty((looks, *shape), np.bool_)
    forest = np.zeros(shape, np.float32)
    water = np.zeros(shape, np.float32)
    scales = scales_of(settings)
    for look in range(looks):
        blue, green, red, nir = (stack.band(band)[look].astype(np.float32) for band in settings.bands)
        valid = stack.valid[look]
        ndvi = _ndvi(red, nir)
        open_water = valid & _dark_water((blue + green) / 2, nir, ndvi, settings)
        bare[look] = valid & (ndvi < settings.bare_ndvi) & ~open_water
        forest += valid & (ndvi > settings.forest_ndvi)
        water += open_water
        usable = valid & (nir > settings.dark_water_nir * _DN) & (ndvi < settings.forest_ndvi)
        contrast = _contrast(np.stack([blue, green, red, nir]), bare[look], usable, settings)
        look_evidence((blue + green) / 2, nir, contrast, valid, scales, pool[look])
    seen = np.maximum(stack.valid.sum(axis=0), 1)
    return Evidence(pool, bare, stack.valid, forest / seen, water / seen)


def scales_of(settings: DetectSettings) -> Scales:
    """Numbers of the rule for one look, as its kernel takes them."""
    reflectances = {"liquid_floor", "liquid_step", "liquid_brightness", "liquid_nir_max", "dark_water_nir"}
    return Scales(
        **{
            name: np.float32(getattr(settings, name) * (_DN if name in reflectances else 1))
            for name in Scales._fields
        }
    )


def _ndvi(red: NDArray[np.float32], nir: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = (nir - red) / np.maximum(nir + red, np.float32(1))
    return result


def _dark_water(
    visible: NDArray[np.float32],
    nir: NDArray[np.float32],
    ndvi: NDArray[np.float32],
    settings: DetectSettings,
) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (
        (nir < settings.dark_water_nir * _DN)
        & (visible < settings.dark_water_brightness * _DN)
        & (ndvi < settings.water_ndvi)
    )
    return result


def _contrast(
    bands: NDArray[np.float32], bare: NDArray[np.bool_], usable: NDArray[np.bool_], settings: DetectSettings
) -> NDArray[np.float32]:
    """Blue, green and near infrared against red, each as a logarithm less the pad's, shape (3, y, x)."""
    side = 2 * (settings.pad_radius_m // PIXEL_M) + 1
    red = bands[2]
    brighter = bare & (red >= _around(red, bare, side, 1))
    pad = np.stack([_around(band, brighter, side, settings.pad_pixels) for band in bands])
    has_pad = pad[3] > settings.pad_nir * _DN  # False where there is none: NaN
    usable = usable & has_pad
    ratios = np.log(np.maximum(bands, 1) / np.where(has_pad, pad, 1))
    contrast = np.stack([_blurred(ratios[band] - ratios[2], usable, settings) for band in (0, 1, 3)])
    contrast[:, ~usable] = np.nan
    return contrast


def _around(
    values: NDArray[np.float32], where: NDArray[np.bool_], side: int, least: int
) -> NDArray[np.float32]:
    """Mean of `values` where `where`, over a square of `side` pixels; NaN where fewer than `least`."""
    weight = where.astype(np.float32)
    total, count = square_sums(values * weight, side), square_sums(weight, side)
    result: NDArray[np.float32] = np.where(
        count > least - 0.5, total / np.maximum(count, 1), np.float32(np.nan)
    )
    return result


def square_sums(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Sum over a square of `side` pixels around each; nothing is added beyond the edge."""
    result: NDArray[np.float32] = cv2.boxFilter(
        values, cv2.CV_32F, (side, side), normalize=False, borderType=cv2.BORDER_ISOLATED
    )
    return result


def _blurred(
    values: NDArray[np.float32], usable: NDArray[np.bool_], settings: DetectSettings
) -> NDArray[np.float32]:
    """Blur among usable pixels only; a single value counts for no more than it can be by nature."""
    weight = usable.astype(np.float32)
    kept = np.where(usable, np.clip(values, -settings.most_contrast, settings.most_contrast), 0).astype(
        np.float32
    )
    smooth = cv2.GaussianBlur(kept, (5, 5), settings.grey_blur_px) / np.maximum(
        cv2.GaussianBlur(weight, (5, 5), settings.grey_blur_px), 1e-3
    )
    result: NDArray[np.float32] = smooth.astype(np.float32)
    return result
