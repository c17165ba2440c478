"""A second opinion on cloud and shadow: DLR's ukis-csmask, at 30 m. Optional; needs ``leachwatch[masks]``."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.errors import MaskError

__all__ = ["check_second_opinion", "second_opinion"]

_STEP = 3  # pixels of 10 m to one of the 30 m that the model was trained at
_LEAST = 256  # pixels on a side, the model's own window
_COLOURS, _SHORT_WAVE = ("blue", "green", "red", "nir"), ("swir16", "swir22")
_DN = np.float32(10_000)


def second_opinion(values: NDArray[np.uint16], bands: Sequence[str]) -> NDArray[np.bool_]:
    """Where a trained model sees cloud or a cloud's shadow in one look.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000 at 10 m; 0 where there is nothing.
    bands : sequence of str
        Names along the first axis: blue, green, red and nir; with swir16 and swir22 the better model is used.

    Returns
    -------
    ndarray of bool, shape (y, x)
        True where hidden. Ground without data is not.

    Raises
    ------
    MaskError
        If a colour is missing, or ``ukis-csmask`` is not installed.

    Notes
    -----
    The model looks at 256 x 256 pixels of 30 m at once, so that an answer near the edge of a window depends a
    little on where it was cut. A look of 600 x 600 pixels takes about 0.6 s of one thread.
    """
    missing = [name for name in _COLOURS if name not in bands]
    if missing:
        raise MaskError(f"the second mask needs the band {missing[0]}; read blue, green, red and nir")
    used = _COLOURS + _SHORT_WAVE if set(_SHORT_WAVE) <= set(bands) else _COLOURS
    image = values[[list(bands).index(name) for name in used]]
    coarse = np.stack([_coarse(band) for band in image], axis=-1)
    rows, columns = coarse.shape[:2]
    label = _labels(_padded(coarse), used)[:rows, :columns]
    fine = (label > 0).repeat(_STEP, axis=0).repeat(_STEP, axis=1)
    height, width = values.shape[1:]
    result: NDArray[np.bool_] = fine[:height, :width] & (image > 0).all(axis=0)
    return result


def check_second_opinion() -> None:
    """See that the second mask can be asked, before anything is read for it.

    Raises
    ------
    MaskError
        If ``ukis-csmask`` is not installed.
    """
    _opened(_COLOURS + _SHORT_WAVE)


def _coarse(band: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Mean of 3 x 3 pixels as reflectance; the last row and column are repeated to fill the last of them."""
    height, width = band.shape
    full = cv2.copyMakeBorder(band, 0, -height % _STEP, 0, -width % _STEP, cv2.BORDER_REPLICATE)
    size = full.shape[1] // _STEP, full.shape[0] // _STEP
    result: NDArray[np.float32] = cv2.resize(
        full.astype(np.float32) / _DN, size, interpolation=cv2.INTER_AREA
    )
    return result


def _padded(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mirror an image that is smaller than the model's window to its right and below."""
    rows, columns = (max(_LEAST - side, 0) for side in image.shape[:2])
    padding = ((0, rows), (0, columns), (0, 0))
    return np.pad(image, padding, mode="symmetric") if rows or columns else image


def _labels(image: NDArray[np.float32], bands: tuple[str, ...]) -> NDArray[np.uint8]:
    """Give each pixel 0 for ground, 1 for cloud, 2 for a cloud's shadow; bands in the model's order."""
    # the class does all its work while it is made, and opens its model for it: a copy keeps the model open
    mask = copy.copy(_opened(bands))
    mask.img = mask.normalize(image.copy(), mask.band_mean, mask.band_std)
    result: NDArray[np.uint8] = mask._csm()[..., 0]  # noqa: SLF001 - there is no public way
    return result


@cache
def _opened(bands: tuple[str, ...]) -> Any:
    """Open a model on a blank image, once a process; its session may be used by many threads."""
    try:
        from ukis_csmask.mask import CSmask  # noqa: PLC0415 - few have it installed
    except ImportError as error:
        raise MaskError(
            "the second mask, ukis-csmask, is not installed: pip install 'leachwatch[masks]'"
        ) from error
    blank = np.zeros((_LEAST, _LEAST, len(bands)), np.float32)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Your input image is smaller", category=UserWarning)
        return CSmask(
            img=blank, band_order=list(bands), product_level="l2a", nodata_value=0, intra_op_num_threads=1
        )
