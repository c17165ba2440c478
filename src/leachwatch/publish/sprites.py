"""Sprites: looks side by side as one small image, packed so that it can stand in a text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.films import Film

__all__ = ["BLANK", "GAP", "PAPER", "UNSEEN", "Packing", "colours", "evidence", "ramp"]

Packing = Literal["exact", "small"]
"""Whether colours are kept to the last bit, for a file of its own, or packed for a page."""

GAP = 1
"""Pixels of paper between two looks."""

PAPER, BLANK, UNSEEN = "#fdfcfa", "#e9e4da", "#a09a90"
_MISSING = "#c9c3b8"
_AGAINST, _NEUTRAL, _FOR = "#b35806", "#ffffff", "#053061"
"""Ends and middle of the evidence: orange and blue are told apart by everybody."""

_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 88, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 9)


def colours(film: Film, looks: Sequence[int], packing: Packing) -> str:
    """Write true colour of some looks as a data address."""
    pictures = film.colours[list(looks)].copy()
    pictures[~pictures.any(axis=-1)] = _rgb(_MISSING)
    if packing == "small":
        return _address("jpeg", ".jpg", _joined(pictures), _JPEG)
    return _address("png", ".png", _joined(pictures), _PNG)


def evidence(film: Film, looks: Sequence[int], most: float) -> str:
    """Write evidence of some looks, from `-most` to `most`, as a data address.

    What was not asked is blank, what was not seen is grey.
    """
    places = list(looks)
    known = ramp(np.nan_to_num(film.evidence[places].astype(np.float32)) / np.float32(most))
    pictures = np.where(film.judged[..., None], known, _rgb(BLANK))
    pictures[film.unseen[places]] = _rgb(UNSEEN)
    return _address("png", ".png", _joined(pictures), _PNG)


def ramp(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colours of values from -1 (against a pool) to 1 (for one), with white at 0.

    Examples
    --------
    >>> ramp(np.array([-1.0, 0.0, 2.0], np.float32)).tolist()
    [[179, 88, 6], [255, 255, 255], [5, 48, 97]]
    """
    share = np.clip(np.abs(values), 0, 1)[..., None]
    end = np.where(values[..., None] < 0, _rgb(_AGAINST), _rgb(_FOR)).astype(np.float32)
    mixed: NDArray[np.uint8] = np.rint(_rgb(_NEUTRAL) * (1 - share) + end * share).astype(np.uint8)
    return mixed


def _rgb(name: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(name[1:]), np.uint8)


def _joined(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put looks side by side, with paper between them."""
    looks, height, width, _ = pictures.shape
    sheet = np.empty((height, looks * (width + GAP) - GAP, 3), np.uint8)
    sheet[:] = _rgb(PAPER)
    for place, picture in enumerate(pictures):
        sheet[:, place * (width + GAP) : place * (width + GAP) + width] = picture
    return sheet


def _address(kind: str, suffix: str, picture: NDArray[np.uint8], options: Sequence[int]) -> str:
    _, packed = cv2.imencode(suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), list(options))
    return f"data:image/{kind};base64,{b64encode(packed.tobytes()).decode()}"
