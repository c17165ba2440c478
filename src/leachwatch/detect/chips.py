"""Chips: small pictures in near infrared, red and green, each scored as a whole.

The three-band sibling of the detector. It has no blue, no time and no ground around the chip; what it shares
with the detector is that it reads ratios of bands and contrasts to the pad, and that it has learned from
simulated ground alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label, uniform_filter

from leachwatch.detect.forest import Forest

__all__ = [
    "CHIP_FEATURES",
    "PIXEL_FEATURES",
    "ChipModel",
    "chip_features",
    "chip_model",
    "chip_scores",
    "fired",
    "pixel_features",
    "reflectance",
]

FloatArray = NDArray[np.float32]

_FLOOR = 0.004  # reflectance, added before logarithms: noise in dark forest is not contrast
_BARE = 1.0  # ln(near infrared / red); below it ground is rather bare than green
_FEWEST = 8  # bare pixels that make a pad to compare with
_LEAVES = 0.3  # ln(green / red) at the top of the atmosphere; above it is canopy
_LIT = 2.0  # times the red of the chip's canopy: ground, or water with something in it
_STEP = (
    0.3  # ln(blue / red) and ln(green / red) above the pad's, mean of both; plants on bare ground reach 0.15
)
_NEIGHBOURS = 3  # pixels that fire together

PIXEL_FEATURES = (
    "ln G/R",
    "ln N/R",
    "ln N/G",
    "ln G/R less pad",
    "ln N/R less pad",
    "ln R less pad",
    "ln R less chip",
    "ln N less chip",
    "texture of R, 3 px",
    "texture of R, 5 px",
    "texture of G/R, 3 px",
    "texture of G/R, 5 px",
    "bare within 5 px",
    "bare within 11 px",
)
"""What is known of a pixel: logarithms of ratios, their differences and standard deviations, and shares."""

_QUANTILES = (90, 95, 97, 99)

CHIP_FEATURES = tuple(f"evidence p{q}" for q in _QUANTILES)
"""What is known of a chip: percentiles of its pixels' log odds. More was tried and carried over less well."""


@dataclass(frozen=True)
class ChipModel:
    """Two tables of trees, one over the other.

    Attributes
    ----------
    pixels : Forest
        Evidence of a pool in a pixel, from `PIXEL_FEATURES`.
    chips : Forest
        Evidence of pools in a chip, from `CHIP_FEATURES`.
    """

    pixels: Forest
    chips: Forest


@cache
def chip_model() -> ChipModel:
    """Load the model that comes with the package."""
    folder = resources.files("leachwatch.detect") / "models"
    with resources.as_file(folder) as path:
        return ChipModel(Forest.load(Path(path) / "chip_pixels.json"), Forest.load(Path(path) / "chips.json"))


def chip_scores(chips: NDArray[np.uint8], model: ChipModel | None = None) -> FloatArray:
    """Score chips, one by one.

    Parameters
    ----------
    chips : ndarray of uint8, shape (n, y, x, 3)
        Near infrared, red and green in pixels of about 5 m; 255 is a reflectance of 0.3 or more.
    model : ChipModel, optional
        What to score with; by default what comes with the package.

    Returns
    -------
    ndarray of float32, shape (n,)
        Log odds that a chip shows leach pools, for chips as many of which do as do not.

    Examples
    --------
    >>> chip_scores(np.zeros((0, 24, 24, 3), np.uint8)).shape
    (0,)
    """
    known = model or chip_model()
    rows = [_described(chip, known.pixels) for chip in reflectance(chips)]
    if not rows:
        return np.zeros(0, np.float32)
    return np.asarray(known.chips.margin(np.stack(rows, axis=1))[0], np.float32)


def pixel_features(chip: FloatArray) -> FloatArray:
    """Describe every pixel of a chip.

    Parameters
    ----------
    chip : ndarray of float32, shape (y, x, 3)
        Reflectance in near infrared, red and green.

    Returns
    -------
    ndarray of float32, shape (feature, y * x)
        In the order of `PIXEL_FEATURES`; NaN for contrasts where no pad is.
    """
    known = _Parts.of(chip).pixels()
    return np.stack([known[name].ravel() for name in PIXEL_FEATURES]).astype(np.float32)


def chip_features(evidence: FloatArray) -> FloatArray:
    """Describe a chip as a whole.

    Parameters
    ----------
    evidence : ndarray of float32, shape (y * x,)
        Log odds of a pool in each pixel.

    Returns
    -------
    ndarray of float32, shape (feature,)
        In the order of `CHIP_FEATURES`.
    """
    return np.percentile(evidence, _QUANTILES).astype(np.float32)


def fired(chip: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Apply the grey block's rule where there is no near infrared.

    Ground that is lit and not canopy is compared with its brighter half, the pad. A pixel fires where it is
    bluer and greener against red than the pad is; so do turbid ponds of other mines, and roofs.

    Parameters
    ----------
    chip : ndarray of uint8, shape (y, x, 3)
        Red, green and blue; 255 is a reflectance of 0.3 or more.

    Returns
    -------
    ndarray of bool, shape (y, x)
        True where it fires, in groups of three pixels or more.
    """
    red, green, blue = np.log(np.moveaxis(reflectance(chip), -1, 0) + np.float32(_FLOOR))
    canopy = green - red > _LEAVES
    ground = ~canopy & (red > (np.median(red[canopy]) if canopy.any() else red.min()) + np.log(_LIT))
    if ground.sum() < _FEWEST:
        return np.zeros_like(ground)
    pad = ground & (red >= np.median(red[ground]))
    contrast = (
        (blue - red) - np.median((blue - red)[pad]) + (green - red) - np.median((green - red)[pad])
    ) / 2
    groups, _ = label(ground & (contrast > _STEP), np.ones((3, 3)))
    return np.asarray((np.bincount(groups.ravel())[groups] >= _NEIGHBOURS) & (groups > 0))


def _described(chip: FloatArray, pixels: Forest) -> FloatArray:
    return chip_features(pixels.margin(pixel_features(chip))[0])


def reflectance(chips: NDArray[np.uint8]) -> FloatArray:
    """Reflectance of coded chips, 0 to 0.3."""
    return np.asarray(chips.astype(np.float32) * np.float32(0.3 / 255), np.float32)


@dataclass(frozen=True, eq=False)
class _Parts:
    """Logarithms of a chip, and the pad in it."""

    near: FloatArray
    red: FloatArray
    green: FloatArray
    bare: NDArray[np.bool_]
    pad: NDArray[np.bool_]

    @classmethod
    def of(cls, chip: FloatArray) -> _Parts:
        near, red, green = np.log(np.moveaxis(chip, -1, 0) + np.float32(_FLOOR))
        bare = near - red < _BARE
        pad = bare & (red >= np.median(red[bare])) if bare.sum() >= _FEWEST else np.zeros_like(bare)
        return cls(near, red, green, bare, pad)

    def of_pad(self, values: FloatArray) -> float:
        """Median over the pad, NaN where there is none."""
        return float(np.median(values[self.pad])) if self.pad.any() else np.nan

    def pixels(self) -> Mapping[str, FloatArray]:
        green, plants = self.green - self.red, self.near - self.red
        share = self.bare.astype(np.float32)
        return {
            "ln G/R": green,
            "ln N/R": plants,
            "ln N/G": self.near - self.green,
            "ln G/R less pad": green - self.of_pad(green),
            "ln N/R less pad": plants - self.of_pad(plants),
            "ln R less pad": self.red - self.of_pad(self.red),
            "ln R less chip": self.red - np.median(self.red),
            "ln N less chip": self.near - np.median(self.near),
            "texture of R, 3 px": _texture(self.red, 3),
            "texture of R, 5 px": _texture(self.red, 5),
            "texture of G/R, 3 px": _texture(green, 3),
            "texture of G/R, 5 px": _texture(green, 5),
            "bare within 5 px": uniform_filter(share, 5, mode="reflect"),
            "bare within 11 px": uniform_filter(share, 11, mode="reflect"),
        }


def _texture(values: FloatArray, size: int) -> FloatArray:
    """Measure the standard deviation within a square."""
    mean = uniform_filter(values, size, mode="reflect")
    square = uniform_filter(values * values, size, mode="reflect")
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)), np.float32)
