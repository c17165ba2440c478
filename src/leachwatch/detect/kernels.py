"""Loops over pixels and looks; the only importer of numba."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "Rule",
    "choose",
    "count_ground",
    "lay_pad",
    "mark_ground",
    "measure_contrasts",
    "pick",
    "pool_spells",
    "sum_trees",
]


class Rule(NamedTuple):
    """Places of the bands along their axis, -1 for one that is not there, and limits of `DetectSettings`.

    Reflectances x 10,000.
    """

    blue: int
    green: int
    red: int
    nir: int
    rededge1: int
    rededge2: int
    rededge3: int
    nir08: int
    swir16: int
    swir22: int
    bare_ndvi: np.float32
    green_ndvi: np.float32
    dark_nir: np.float32
    darkest_nir: np.float32
    dark_beside: np.float32
    dark_visible: np.float32
    dark_ndvi: np.float32
    pad_pixels: np.float32
    pad_nir: np.float32
    leach: np.float32
    most: np.float32


MUTE, NONE, ASK = np.uint8(0), np.uint8(1), np.uint8(2)
"""What a look may say of a pixel: nothing, that there is no pool, or what the model says."""

_HALF = np.float32(0.5)
_NONE = np.float32(np.nan)
_SLOPE, _SWIR = 1, 2
_CENTRE = np.float32(7.0)  # about ln(1100); keeps the squares of logarithms small


@njit(nogil=True, cache=True)
def _ndvi(red: np.float32, nir: np.float32) -> np.float32:
    return (nir - red) / max(nir + red, np.float32(1.0))


@njit(nogil=True, cache=True)
def _open_water(values: NDArray[np.uint16], usual: NDArray[np.float32], y: int, x: int, rule: Rule) -> bool:
    """Whether a pixel of a look is open water: dark, and darker than the land around, as shade is not."""
    nir = np.float32(values[rule.nir, y, x])
    if nir >= rule.dark_nir or nir >= max(rule.darkest_nir, rule.dark_beside * usual[y, x]):
        return False
    if _ndvi(np.float32(values[rule.red, y, x]), nir) >= rule.dark_ndvi:
        return False
    visible = _HALF * (np.float32(values[rule.blue, y, x]) + np.float32(values[rule.green, y, x]))
    return bool(visible < rule.dark_visible)


@njit(nogil=True, cache=True)
def count_ground(
    values: NDArray[np.uint16],
    valid: NDArray[np.bool_],
    usual: NDArray[np.float32],
    rule: Rule,
    forest: NDArray[np.uint16],
    water: NDArray[np.uint16],
    seen: NDArray[np.uint16],
) -> None:
    """Count where a look shows forest, open dark water, and anything at all.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    valid : ndarray of bool, shape (y, x)
        Where the ground was seen.
    usual : ndarray of float32, shape (y, x)
        Near infrared of the ground around, x 10,000.
    rule : Rule
        Bands and limits.
    forest, water, seen : ndarray of uint16, shape (y, x)
        Counted up.
    """
    rows, columns = valid.shape
    for y in range(rows):
        for x in range(columns):
            if not valid[y, x]:
                continue
            red, nir = np.float32(values[rule.red, y, x]), np.float32(values[rule.nir, y, x])
            seen[y, x] += 1
            if _ndvi(red, nir) > rule.green_ndvi:
                forest[y, x] += 1
            elif _open_water(values, usual, y, x, rule):
                water[y, x] += 1


@njit(nogil=True, cache=True)
def mark_ground(
    values: NDArray[np.uint16],
    valid: NDArray[np.bool_],
    usual: NDArray[np.float32],
    rule: Rule,
    bare: NDArray[np.float32],
    red: NDArray[np.float32],
) -> None:
    """Mark the bare ground of a look: few plants and no open dark water.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    valid : ndarray of bool, shape (y, x)
        Where the ground was seen.
    usual : ndarray of float32, shape (y, x)
        Near infrared of the ground around, x 10,000.
    rule : Rule
        Bands and limits.
    bare, red : ndarray of float32, shape (y, x)
        Overwritten with 1 where bare, and with its red; 0 elsewhere.
    """
    rows, columns = valid.shape
    for y in range(rows):
        for x in range(columns):
            bare[y, x] = red[y, x] = np.float32(0.0)
            if not valid[y, x]:
                continue
            own = np.float32(values[rule.red, y, x])
            if _ndvi(own, np.float32(values[rule.nir, y, x])) >= rule.bare_ndvi:
                continue
            if _open_water(values, usual, y, x, rule):
                continue
            bare[y, x], red[y, x] = np.float32(1.0), own


@njit(nogil=True, cache=True)
def _coarse(
    values: NDArray[np.uint16], y: int, x: int, which: int, logs: NDArray[np.float32], rule: Rule
) -> np.float32:
    """Ratio of bands of 20 m as a logarithm: red edge over red, its slope, short-wave over near infrared.

    NaN where one of the bands is not there.
    """
    first, second, low = rule.rededge1, rule.rededge1, rule.red
    if which == _SLOPE:
        first, second, low = rule.rededge2, rule.rededge3, rule.rededge1
    elif which == _SWIR:
        first, second, low = rule.swir16, rule.swir22, rule.nir08
    if first < 0 or second < 0 or low < 0:
        return _NONE
    one, other, below = values[first, y, x], values[second, y, x], values[low, y, x]
    if one == 0 or other == 0 or below == 0:
        return _NONE
    result: np.float32 = _HALF * (logs[one] + logs[other]) - logs[below]
    return result


@njit(nogil=True, cache=True)
def lay_pad(
    values: NDArray[np.uint16],
    bare: NDArray[np.float32],
    bare_around: NDArray[np.float32],
    red_around: NDArray[np.float32],
    logs: NDArray[np.float32],
    rule: Rule,
    planes: NDArray[np.float32],
) -> None:
    """Lay out the pad: the bare ground that is as bright in red as the bare ground around, or brighter.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    bare, bare_around, red_around : ndarray of float32, shape (y, x)
        1 where bare; its sum, and that of its red, in the square around.
    logs : ndarray of float32, shape (65536,)
        Natural logarithm of every number that a pixel can have.
    rule : Rule
        Bands.
    planes : ndarray of float32, shape (8, y, x)
        Overwritten: 1 on the pad, then its blue, green, red and near infrared, and the three ratios of
        `_coarse`; 0 elsewhere.
    """
    rows, columns = bare.shape
    bands = (rule.blue, rule.green, rule.red, rule.nir)
    for y in range(rows):
        for x in range(columns):
            for plane in range(8):
                planes[plane, y, x] = np.float32(0.0)
            if bare[y, x] == np.float32(0.0):
                continue
            if np.float32(values[rule.red, y, x]) * bare_around[y, x] < red_around[y, x]:
                continue
            planes[0, y, x] = np.float32(1.0)
            for number in range(4):
                planes[number + 1, y, x] = np.float32(values[bands[number], y, x])
            for number in range(3):
                ratio = _coarse(values, y, x, number, logs, rule)
                planes[number + 5, y, x] = np.float32(0.0) if np.isnan(ratio) else ratio


@njit(nogil=True, cache=True)
def _log_mean(total: np.float32, count: np.float32, logs: NDArray[np.float32]) -> np.float32:
    result: np.float32 = logs[np.int64(total / count + _HALF)]
    return result


@njit(nogil=True, cache=True)
def _has_pad(pad: tuple[NDArray[np.float32], ...], y: int, x: int, rule: Rule) -> bool:
    count = pad[0][y, x]
    return bool(count > rule.pad_pixels - _HALF and pad[4][y, x] > rule.pad_nir * count)


@njit(nogil=True, cache=True)
def measure_contrasts(
    values: NDArray[np.uint16],
    valid: NDArray[np.bool_],
    pad: tuple[NDArray[np.float32], ...],
    logs: NDArray[np.float32],
    rule: Rule,
    planes: NDArray[np.float32],
) -> None:
    """Measure each pixel against the pad around it.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    valid : ndarray of bool, shape (y, x)
        Where the ground was seen.
    pad : tuple of eight ndarray of float32, shape (y, x)
        Sums of the planes of `lay_pad` in the square around.
    logs : ndarray of float32, shape (65536,)
        Natural logarithm of every number that a pixel can have.
    rule : Rule
        Bands and limits.
    planes : ndarray of float32, shape (8, y, x)
        Overwritten: ln(blue / red), ln(green / red), ln(nir / red), ln(red) above the pad's, each within the
        limit; 1 where they are known, of ground that is not green; LC10 where seen; ln(red) and its square.
    """
    rows, columns = valid.shape
    for y in range(rows):
        for x in range(columns):
            for plane in range(8):
                planes[plane, y, x] = np.float32(0.0)
            if not valid[y, x]:
                continue
            blue, green = values[rule.blue, y, x], values[rule.green, y, x]
            red, nir = values[rule.red, y, x], values[rule.nir, y, x]
            planes[5, y, x] = _HALF * (np.float32(blue) + np.float32(green)) - np.float32(nir)
            own = logs[red] - _CENTRE
            planes[6, y, x], planes[7, y, x] = own, own * own
            if _ndvi(np.float32(red), np.float32(nir)) >= rule.green_ndvi or not _has_pad(pad, y, x, rule):
                continue
            count = pad[0][y, x]
            pad_red = _log_mean(pad[3][y, x], count, logs)
            ratio = logs[red] - pad_red
            planes[0, y, x] = logs[blue] - _log_mean(pad[1][y, x], count, logs) - ratio
            planes[1, y, x] = logs[green] - _log_mean(pad[2][y, x], count, logs) - ratio
            planes[2, y, x] = logs[nir] - _log_mean(pad[4][y, x], count, logs) - ratio
            planes[3, y, x] = ratio
            for plane in range(4):
                planes[plane, y, x] = min(max(planes[plane, y, x], -rule.most), rule.most)
            planes[4, y, x] = np.float32(1.0)


@njit(nogil=True, cache=True)
def choose(
    values: NDArray[np.uint16],
    valid: NDArray[np.bool_],
    usual: NDArray[np.float32],
    planes: NDArray[np.float32],
    rule: Rule,
) -> NDArray[np.uint8]:
    """Choose the pixels that may be pools: not green and beside a pad, or bright as leach liquid is.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    valid : ndarray of bool, shape (y, x)
        Where the ground was seen.
    usual : ndarray of float32, shape (y, x)
        Near infrared of the ground around, x 10,000.
    planes : ndarray of float32, shape (8, y, x)
        As `measure_contrasts` leaves them.
    rule : Rule
        Bands and limits.

    Returns
    -------
    ndarray of uint8, shape (y, x)
        `ASK` where a pool may be, `NONE` where plants or open water are, `MUTE` where nothing can be said:
        not seen, or neither green nor with a pad to compare it with, as in deep shade.
    """
    rows, columns = valid.shape
    result = np.empty((rows, columns), np.uint8)
    for y in range(rows):
        for x in range(columns):
            result[y, x] = MUTE
            if not valid[y, x]:
                continue
            if planes[4, y, x] > _HALF or planes[5, y, x] > rule.leach:
                result[y, x] = ASK
                continue
            index = _ndvi(np.float32(values[rule.red, y, x]), np.float32(values[rule.nir, y, x]))
            if index >= rule.bare_ndvi or _open_water(values, usual, y, x, rule):
                result[y, x] = NONE
    return result


@njit(nogil=True, cache=True)
def pick(
    values: NDArray[np.uint16],
    place: tuple[NDArray[np.int64], NDArray[np.int64]],
    planes: NDArray[np.float32],
    near: tuple[NDArray[np.float32], ...],
    local: tuple[NDArray[np.float32], ...],
    wide: tuple[NDArray[np.float32], ...],
    pad: tuple[NDArray[np.float32], ...],
    logs: NDArray[np.float32],
    rule: Rule,
    out: NDArray[np.float32],
) -> None:
    """Put the features of the chosen pixels together.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    place : tuple of ndarray of int, shape (n,)
        Rows and columns of the chosen pixels.
    planes : ndarray of float32, shape (8, y, x)
        As `measure_contrasts` leaves them.
    near : tuple of seven ndarray of float32, shape (y, x)
        The first six planes and where the ground was seen, blurred.
    local : tuple of four ndarray of float32, shape (y, x)
        Sums over the small square of ln(red), its square, bare ground and ground that was seen.
    wide : tuple of four ndarray of float32, shape (y, x)
        Sums over the wide square of bare ground and ground that was seen; shares of forest and of water.
    pad : tuple of eight ndarray of float32, shape (y, x)
        Sums of the planes of `lay_pad` in the square around.
    logs : ndarray of float32, shape (65536,)
        Natural logarithm of every number that a pixel can have.
    rule : Rule
        Bands and limits.
    out : ndarray of float32, shape (feature, n)
        Overwritten, in the order of `leachwatch.detect.features.FEATURES`.
    """
    dn = np.float32(10_000.0)
    for i in range(len(place[0])):
        y, x = place[0][i], place[1][i]
        blue, green = values[rule.blue, y, x], values[rule.green, y, x]
        red, nir = np.float32(values[rule.red, y, x]), np.float32(values[rule.nir, y, x])
        known = planes[4, y, x] > _HALF
        weight = max(near[4][y, x], np.float32(1e-3))
        for plane in range(4):
            out[plane, i] = planes[plane, y, x] if known else _NONE
            out[4 + plane, i] = near[plane][y, x] / weight if known else _NONE
        out[8, i] = planes[5, y, x] / dn
        out[9, i] = near[5][y, x] / max(near[6][y, x], np.float32(1e-3)) / dn
        out[10, i] = _HALF * (np.float32(blue) + np.float32(green)) / dn
        out[11, i] = nir / dn
        out[12, i] = _ndvi(red, nir)
        out[13, i] = -_ndvi(np.float32(green), nir)
        seen = max(local[3][y, x], np.float32(1.0))
        mean = local[0][y, x] / seen
        out[14, i] = np.sqrt(max(local[1][y, x] / seen - mean * mean, np.float32(0.0)))
        out[15, i] = wide[0][y, x] / max(wide[1][y, x], np.float32(1.0))
        out[16, i] = local[2][y, x] / seen
        out[17, i], out[18, i] = wide[2][y, x], wide[3][y, x]
        for number in range(3):
            ratio = _coarse(values, y, x, number, logs, rule)
            out[19 + number, i] = ratio - pad[5 + number][y, x] / pad[0][y, x] if known else _NONE


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
