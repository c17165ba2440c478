"""Loops over pixels and looks; the only importer of numba."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Scales", "look_evidence", "pool_spells", "sum_trees"]


class Scales(NamedTuple):
    """Numbers of the rule for one look; reflectance x 10,000, evidence as log odds."""

    grey_step: np.float32
    plants: np.float32
    grey_least: np.float32
    grey_odds: np.float32
    liquid_floor: np.float32
    liquid_step: np.float32
    liquid_brightness: np.float32
    liquid_nir_max: np.float32
    dark_water_nir: np.float32
    dark_water_evidence: np.float32
    evidence_min: np.float32
    evidence_max: np.float32


@njit(nogil=True, cache=True)
def look_evidence(
    visible: NDArray[np.float32],
    nir: NDArray[np.float32],
    contrast: NDArray[np.float32],
    valid: NDArray[np.bool_],
    scales: Scales,
    out: NDArray[np.float32],
) -> None:
    """Log odds of one look that each pixel shows a pool.

    The larger of two signatures. *Grey block*: bluer and greener against red than the pad around, and no more
    plants than it. *Bright liquid*: LC10 = (B02 + B03) / 2 - B08 above its floor, where blue and green are
    bright. Open dark water that is not bright speaks a little against: it may be clear liquid or a fish pond.

    Parameters
    ----------
    visible, nir : ndarray of float32, shape (y, x)
        Mean of blue and green, and near infrared; reflectance x 10,000.
    contrast : ndarray of float32, shape (3, y, x)
        ln(blue / red), ln(green / red) and ln(nir / red), each less the pad's; NaN where there is no pad.
    valid : ndarray of bool, shape (y, x)
        Where the ground was seen.
    scales : Scales
        As `DetectSettings` says.
    out : ndarray of float32, shape (y, x)
        Overwritten; 0 where not seen.
    """
    rows, columns = valid.shape
    for y in range(rows):
        for x in range(columns):
            if not valid[y, x]:
                out[y, x] = 0.0
                continue
            infrared = nir[y, x]
            best = scales.evidence_min
            if infrared < scales.liquid_nir_max and visible[y, x] > scales.liquid_brightness:
                best = (visible[y, x] - infrared - scales.liquid_floor) / scales.liquid_step
            if infrared < scales.dark_water_nir:
                best = max(best, scales.dark_water_evidence)
            elif not np.isnan(contrast[0, y, x]):
                steps = np.float32(0.5) * (contrast[0, y, x] + contrast[1, y, x]) / scales.grey_step
                steps -= scales.plants * max(contrast[2, y, x], np.float32(0.0))
                best = max(best, scales.grey_odds * (steps - scales.grey_least))
            out[y, x] = min(max(best, scales.evidence_min), scales.evidence_max)


@njit(nogil=True, cache=True)
def pool_spells(
    evidence: NDArray[np.float32],
    enough: float,
    score: NDArray[np.float32],
    first: NDArray[np.int16],
    last: NDArray[np.int16],
    looks: NDArray[np.int16],
) -> None:
    """Find the runs of looks in which the evidence for a pool adds up (Kadane's algorithm).

    A run begins where the sum so far is not above 0 and reaches to where it is largest.

    Parameters
    ----------
    evidence : ndarray of float32, shape (look, y, x)
        Log odds a look; 0 where not seen.
    enough : float
        Sum from which a run counts; where none has it, the best one does.
    score : ndarray of float32, shape (y, x)
        Overwritten with the largest sum of any run; 0 where none is above 0.
    first, last : ndarray of int16, shape (y, x)
        Overwritten with the first look of the first run that counts and the last look of the last; -1 where
        there is none.
    looks : ndarray of int16, shape (y, x)
        Overwritten with how many looks of the best run speak for a pool.
    """
    count, rows, columns = evidence.shape
    for y in range(rows):
        for x in range(columns):
            best = running = peak = np.float32(0.0)
            best_first, best_last, best_for = -1, -1, 0
            any_first, any_last = -1, -1
            start, peak_look, speaking = 0, -1, 0
            for look in range(count):
                value = evidence[look, y, x]
                if running <= 0.0:
                    running, peak, start, speaking = np.float32(0.0), np.float32(0.0), look, 0
                running += value
                if value > 0.0:
                    speaking += 1
                if running > peak:
                    peak, peak_look = running, look
                    if peak >= enough:
                        any_last = peak_look
                        if any_first < 0:
                            any_first = start
                if running > best:
                    best, best_first, best_last, best_for = running, start, look, speaking
            score[y, x], looks[y, x] = best, best_for
            first[y, x] = best_first if any_first < 0 else any_first
            last[y, x] = best_last if any_last < 0 else any_last


_BLOCK = 2048


@njit(nogil=True, cache=True)
def sum_trees(
    inputs: NDArray[np.float32],
    feature: NDArray[np.uint8],
    border: NDArray[np.float32],
    leaf: NDArray[np.float32],
    bias: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Sum symmetric trees over blocks of pixels, without a branch.

    Parameters
    ----------
    inputs : ndarray of float32, shape (feature, n)
        One row a feature; NaN is above no border.
    feature : ndarray of uint8, shape (tree, depth)
        Which row each level asks about.
    border : ndarray of float32, shape (tree, depth)
        The answer is yes where the input is above it.
    leaf : ndarray of float32, shape (tree, 2 ** depth, k)
        What each leaf adds; level 0 is the lowest bit of the leaf's number.
    bias : ndarray of float32, shape (k,)
        Where the sums begin.
    out : ndarray of float32, shape (k, n)
        Overwritten with the sums.
    """
    trees, depth = feature.shape
    classes, total = out.shape
    place = np.empty(_BLOCK, np.uint8)
    for start in range(0, total, _BLOCK):
        size = min(_BLOCK, total - start)
        for k in range(classes):
            for i in range(size):
                out[k, start + i] = bias[k]
        for tree in range(trees):
            for i in range(size):
                place[i] = 0
            for level in range(depth):
                row = inputs[feature[tree, level]]
                limit, bit = border[tree, level], np.uint8(1 << level)
                for i in range(size):
                    place[i] |= bit * np.uint8(row[start + i] > limit)
            for k in range(classes):
                for i in range(size):
                    out[k, start + i] += leaf[tree, place[i], k]
