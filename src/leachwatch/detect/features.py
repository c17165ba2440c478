"""Features: what a look shows at each pixel, for the most part against the pad around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.kernels import (
    ASKED,
    BARE,
    SEEN,
    Rule,
    count_ground,
    describe,
    mark_ground,
    mark_pad,
    measure_contrasts,
)
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import PIXEL_M, Band, Stack, one_by_one

__all__ = [
    "FEATURES",
    "LookFeatures",
    "Surroundings",
    "features_of",
    "largest_near",
    "surroundings",
]

FEATURES = (
    "blue_pad",  # ln(B02 / B04) above the pad's
    "green_pad",  # ln(B03 / B04) above the pad's
    "nir_pad",  # ln(B08 / B04) above the pad's
    "red_pad",  # ln(B04) above the pad's
    "blue_pad_near",  # the same four, blurred among their neighbours
    "green_pad_near",
    "nir_pad_near",
    "red_pad_near",
    "leach",  # LC10 = (B02 + B03) / 2 - B08, reflectance
    "leach_near",
    "visible",  # (B02 + B03) / 2, reflectance
    "nir",  # reflectance
    "ndvi",
    "ndwi",
    "texture",  # standard deviation of ln(B04) over 50 m
    "bare_140",  # share of bare ground in squares of 140 and 50 m
    "bare_50",
    "forest_400",  # share of forest in a square of 400 m, from all looks
    "water_100",  # largest share of looks with open dark water within 50 m
    "rededge_pad",  # ln(B05 / B04) above the pad's, at 20 m as the next two
    "slope_pad",  # ln(sqrt(B06 B07) / B05) above the pad's
    "swir_pad",  # ln(sqrt(B11 B12) / B8A) above the pad's
)
"""What a look says of a pixel, in this order; unknown ones are NaN."""

_DN = 10_000
_BLUR_SIDE = 5
_LOGS = np.log(np.maximum(np.arange(2**16), 1)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What all looks together say of the ground around, shape (y, x) each, and what each shows.

    Attributes
    ----------
    forest : ndarray of float32
        Share of the ground in the square of `DetectSettings.context_m` that is forest.
    water : ndarray of float32
        Share of looks with open dark water, of bodies larger than a dark pool.
    water_near : ndarray of float32
        Largest such share within `DetectSettings.pond_m`.
    ground : ndarray of uint8, shape (look, y, x)
        What each look shows, in the bits of `leachwatch.detect.kernels`: 0 where not seen.
    """

    forest: NDArray[np.float32]
    water: NDArray[np.float32]
    water_near: NDArray[np.float32]
    ground: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class LookFeatures:
    """What one look shows at the pixels that may be pools, n of them.

    Attributes
    ----------
    bare : ndarray of bool, shape (y, x)
        Ground without plants, seen.
    told : ndarray of bool, shape (y, x)
        Ground of which the look says something: seen, and green, open water, or with a pad to compare it
        with. In deep shade there is none.
    row, column : ndarray of int32, shape (n,)
        Pixels that are not green, or are bright as leach liquid is.
    values : ndarray of float32, shape (feature, n)
        In the order of `FEATURES`.
    """

    bare: NDArray[np.bool_]
    told: NDArray[np.bool_]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    values: NDArray[np.float32]


def surroundings(stack: Stack, settings: DetectSettings) -> Surroundings:
    """Look at the ground around each pixel, over all looks.

    Parameters
    ----------
    stack : Stack
        With the four bands of 10 m.
    settings : DetectSettings
        What is forest and what is water.

    Returns
    -------
    Surroundings
    """
    forest, water, seen = (np.zeros(stack.tile.shape, np.uint16) for _ in range(3))
    ground: NDArray[np.uint8] = stack.room.empty(stack.valid.shape, np.uint8)
    rule, reach = _rule(stack, settings), settings.context_m // PIXEL_M
    for values, valid, marked in one_by_one(stack.values, stack.valid, ground):
        mark_ground(values, valid, reach, rule, marked)
        count_ground(marked, forest, water, seen)
    looks: NDArray[np.float32] = np.maximum(seen, 1).astype(np.float32)
    woods = (2 * forest >= seen) & (seen > 0)
    side = _side(settings.context_m)
    around = _square_sums(woods.astype(np.float32), side)
    known = np.maximum(_square_sums((seen > 0).astype(np.float32), side), np.float32(1))
    wet = _bodies(water.astype(np.float32) / looks, settings.pond_side_m // PIXEL_M)
    share = (around / known).astype(np.float32, copy=False)
    return Surroundings(share, wet, largest_near(wet, settings.pond_m), ground)


def features_of(stack: Stack, around: Surroundings, settings: DetectSettings) -> Iterator[LookFeatures]:
    """Features of every look of a stack, one look after the other.

    Parameters
    ----------
    stack : Stack
        With the four bands of 10 m; those of 20 m that it lacks, or that a look lacks, stay unknown.
    around : Surroundings
        Of the same stack.
    settings : DetectSettings
        Radii and thresholds.

    Yields
    ------
    LookFeatures
        A pixel needs as much read ground around it as `leachwatch.detect.margin` says for values that do not
        depend on where the stack was cut.
    """
    rule, reach = _rule(stack, settings), settings.pad_radius_m // PIXEL_M
    weights = cv2.getGaussianKernel(_BLUR_SIDE, settings.blur_px, cv2.CV_32F).ravel()
    planes = np.empty((9, *stack.tile.shape), np.float32)
    for values, marked in one_by_one(stack.values, around.ground):
        ground = marked.copy()
        mark_pad(values[rule.red], reach, ground)
        count = measure_contrasts(values, reach, _LOGS, rule, ground, planes)
        row, column = np.empty((2, count), np.int32)
        picked = np.empty((len(FEATURES), count), np.float32)
        context = around.forest, around.water_near
        describe(values, ground, planes, context, weights, _LOGS, rule, (row, column), picked)
        bare = (ground & BARE) > 0
        told = (ground & ASKED > 0) | (ground & SEEN > 0) & ~bare
        yield LookFeatures(bare, told, row, column, picked)


def _square_sums(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Sum over a square of `side` pixels around each; nothing is added beyond the edge."""
    result: NDArray[np.float32] = cv2.boxFilter(
        values, cv2.CV_32F, (side, side), normalize=False, borderType=cv2.BORDER_ISOLATED
    )
    return result


def largest_near(values: NDArray[np.float32], distance_m: int) -> NDArray[np.float32]:
    """Largest value in the square that reaches so far around each pixel."""
    result: NDArray[np.float32] = cv2.dilate(values, np.ones((_side(distance_m),) * 2, np.uint8))
    return result


def _bodies(wet: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Largest value that all of some square of so many pixels around each pixel has: the grey opening."""
    square, last = np.ones((side, side), np.uint8), side - 1
    least = cv2.erode(wet, square, anchor=(last, last))
    result: NDArray[np.float32] = cv2.dilate(least, square, anchor=(0, 0))
    return result


def _side(radius_m: int) -> int:
    return 2 * (radius_m // PIXEL_M) + 1


def _rule(stack: Stack, settings: DetectSettings) -> Rule:
    def place(band: Band) -> int:
        return stack.bands.index(band) if band in stack.bands else -1

    return Rule(
        blue=place("blue"),
        green=place("green"),
        red=place("red"),
        nir=place("nir"),
        rededge1=place("rededge1"),
        rededge2=place("rededge2"),
        rededge3=place("rededge3"),
        nir08=place("nir08"),
        swir16=place("swir16"),
        swir22=place("swir22"),
        bare_ndvi=np.float32(settings.bare_ndvi),
        green_ndvi=np.float32(settings.forest_ndvi),
        dark_nir=np.float32(settings.dark_water_nir * _DN),
        darkest_nir=np.float32(settings.darkest_nir * _DN),
        dark_beside=np.float32(settings.dark_water_beside),
        dark_visible=np.float32(settings.dark_water_brightness * _DN),
        dark_ndvi=np.float32(settings.water_ndvi),
        pad_pixels=np.float32(settings.pad_pixels),
        pad_nir=np.float32(settings.pad_nir * _DN),
        leach=np.float32(settings.liquid_floor * _DN),
        most=np.float32(settings.most_contrast),
    )
