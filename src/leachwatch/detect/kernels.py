"""Loops over pixels and looks; the only importer of numba."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["best_spell", "look_evidence"]


@njit(nogil=True, cache=True)
def look_evidence(
    visible: NDArray[np.float32],
    nir: NDArray[np.float32],
    contrast: NDArray[np.float32],
    valid: NDArray[np.bool_],
    scales: NDArray[np.float32],
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
    scales : ndarray of float32, shape (10,)
        Step of grey, weight of plants, least steps, log odds a step; floor, step, least brightness and
        largest near infrared of liquid (reflectance x 10,000); largest near infrared of dark water (the
        same); least and largest log odds of a look.
    out : ndarray of float32, shape (y, x)
        Overwritten; 0 where not seen.
    """
    grey_step, plants, least_steps, odds, floor, step, bright, nir_max, dark, least, most = scales
    rows, columns = valid.shape
    for y in range(rows):
        for x in range(columns):
            if not valid[y, x]:
                out[y, x] = 0.0
                continue
            infrared = nir[y, x]
            best = least
            if infrared < nir_max and visible[y, x] > bright:
                best = (visible[y, x] - infrared - floor) / step
            if infrared < dark:
                best = max(best, np.float32(-0.5))
            elif not np.isnan(contrast[0, y, x]):
                steps = np.float32(0.5) * (contrast[0, y, x] + contrast[1, y, x]) / grey_step
                steps -= plants * max(contrast[2, y, x], np.float32(0.0))
                best = max(best, odds * (steps - least_steps))
            out[y, x] = min(max(best, least), most)


@njit(nogil=True, cache=True)
def best_spell(
    evidence: NDArray[np.float32],
    score: NDArray[np.float32],
    first: NDArray[np.int16],
    last: NDArray[np.int16],
    looks: NDArray[np.int16],
) -> None:
    """Find the run of looks in which the evidence for a pool adds up to most (Kadane's algorithm).

    Parameters
    ----------
    evidence : ndarray of float32, shape (look, y, x)
        Log odds a look; 0 where not seen.
    score : ndarray of float32, shape (y, x)
        Overwritten with the largest sum of evidence over any run of looks; 0 where none is above 0.
    first, last : ndarray of int16, shape (y, x)
        Overwritten with that run's first and last look; -1 where none.
    looks : ndarray of int16, shape (y, x)
        Overwritten with how many looks of that run speak for a pool.
    """
    count, rows, columns = evidence.shape
    for y in range(rows):
        for x in range(columns):
            best = running = np.float32(0.0)
            best_first, best_last, best_for = -1, -1, 0
            start, speaking = 0, 0
            for look in range(count):
                value = evidence[look, y, x]
                if running <= 0.0:
                    running, start, speaking = np.float32(0.0), look, 0
                running += value
                if value > 0.0:
                    speaking += 1
                if running > best:
                    best, best_first, best_last, best_for = running, start, look, speaking
            score[y, x] = best
            first[y, x], last[y, x], looks[y, x] = best_first, best_last, best_for
