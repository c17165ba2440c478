"""Contrasts of a look: each pixel that may be a pool against the pad around it, and among its neighbours."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from leachwatch.detect.kernels.ground import ASKED, BARE, GREEN, KNOWN, LEACH, PAD, SEEN, Rule

__all__ = ["describe", "measure_contrasts"]

_HALF, _ONE = np.float32(0.5), np.float32(1.0)
_NONE = np.float32(np.nan)
_SLOPE, _SWIR = 1, 2
_CENTRE = np.float32(7.0)  # about ln(1100); keeps the squares of logarithms small
_DN = np.float32(10_000.0)
_LEAST_WEIGHT = np.float32(1e-3)
_BLURRED = 7
_SEEN_PART = 255  # of a count that holds bare pixels above those that were seen
_NEAR = 2  # pixels on each side of the square of 50 m in which neighbours are


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
def _log_mean(total: np.int64, count: np.float32, logs: NDArray[np.float32]) -> np.float32:
    result: np.float32 = logs[np.int64(np.float32(total) / count + _HALF)]
    return result


@njit(nogil=True, cache=True)
def _add_row(
    values: NDArray[np.uint16],
    ground: NDArray[np.uint8],
    y: int,
    sign: int,
    reach: int,
    logs: NDArray[np.float32],
    rule: Rule,
    counts: NDArray[np.int32],
    ratios: NDArray[np.float64],
) -> None:
    """Add a row to the sums of the columns, or take it off again."""
    columns = ground.shape[1]
    here = slice(reach, reach + columns)
    if not _count_row(ground[y], np.int32(sign), counts[0, here], counts[1, here]):
        return
    for x in range(columns):
        if not ground[y, x] & PAD:
            continue
        place = x + reach
        counts[2, place] += sign
        counts[3, place] += sign * np.int32(values[rule.blue, y, x])
        counts[4, place] += sign * np.int32(values[rule.green, y, x])
        counts[5, place] += sign * np.int32(values[rule.red, y, x])
        counts[6, place] += sign * np.int32(values[rule.nir, y, x])
        for which in range(3):
            ratio = _coarse(values, y, x, which, logs, rule)
            if not np.isnan(ratio):
                ratios[which, place] += sign * np.float64(ratio)


@njit(nogil=True, cache=True)
def _count_row(
    bits: NDArray[np.uint8], sign: np.int32, seen: NDArray[np.int32], bare: NDArray[np.int32]
) -> bool:
    """Count a row's pixels that are seen and bare; whether any is of a pad."""
    any_pad = np.uint8(0)
    for x in range(len(bits)):
        seen[x] += sign * np.int32(bits[x] & SEEN)
        bare[x] += sign * np.int32((bits[x] & BARE) != 0)
        any_pad |= bits[x] & PAD
    return bool(any_pad)


@njit(nogil=True, cache=True)
def measure_contrasts(
    values: NDArray[np.uint16],
    reach: int,
    logs: NDArray[np.float32],
    rule: Rule,
    ground: NDArray[np.uint8],
    planes: NDArray[np.float32],
) -> int:
    """Measure each pixel that is not green against the pad around it.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    reach : int
        Pixels on each side of the square in which the pad is.
    logs : ndarray of float32, shape (65536,)
        Natural logarithm of every number that a pixel can have.
    rule : Rule
        Bands and limits.
    ground : ndarray of uint8, shape (y, x)
        As `mark_pad` leaves it; `KNOWN` is added where a pixel can be compared.
    planes : ndarray of float32, shape (9, y, x)
        Overwritten: ln(blue / red), ln(green / red), ln(nir / red), ln(red) above the pad's, each within the
        limit, and 0 where not known; where known the means of the ratios of `_coarse` on the pad; where the
        pixel is `ASKED` the bare share of the square; ln(red) less a constant, 0 where not seen.

    Returns
    -------
    int
        Pixels that are `ASKED`.
    """
    rows, columns = ground.shape
    counts = np.zeros((7, columns + 2 * reach), np.int32)
    ratios = np.zeros((3, columns + 2 * reach), np.float64)
    asked = 0
    for y in range(-reach, rows):
        if y + reach < rows:
            _add_row(values, ground, y + reach, 1, reach, logs, rule, counts, ratios)
        if y - reach - 1 >= 0:
            _add_row(values, ground, y - reach - 1, -1, reach, logs, rule, counts, ratios)
        if y < 0:
            continue
        planes[:4, y] = np.float32(0.0)
        may_be = False
        for x in range(columns):
            bits = ground[y, x]
            planes[8, y, x] = (logs[values[rule.red, y, x]] - _CENTRE) * np.float32(bits & SEEN)
            may_be |= (bits & (SEEN | GREEN)) == SEEN or (bits & LEACH) != 0
        if may_be:
            asked += _measure_row(values, y, reach, logs, rule, counts, ratios, ground, planes)
    return asked


@njit(nogil=True, cache=True)
def _measure_row(
    values: NDArray[np.uint16],
    y: int,
    reach: int,
    logs: NDArray[np.float32],
    rule: Rule,
    counts: NDArray[np.int32],
    ratios: NDArray[np.float64],
    ground: NDArray[np.uint8],
    planes: NDArray[np.float32],
) -> int:
    """Measure one row, by sums that run along it."""
    side = 2 * reach
    seen, bare = np.int64(counts[0, :side].sum()), np.int64(counts[1, :side].sum())
    pad, blue = np.int64(counts[2, :side].sum()), np.int64(counts[3, :side].sum())
    green, red = np.int64(counts[4, :side].sum()), np.int64(counts[5, :side].sum())
    nir = np.int64(counts[6, :side].sum())
    first, second, third = ratios[0, :side].sum(), ratios[1, :side].sum(), ratios[2, :side].sum()
    asked = 0
    for x in range(ground.shape[1]):
        last = x + side
        seen += counts[0, last]
        bare += counts[1, last]
        pad += counts[2, last]
        blue += counts[3, last]
        green += counts[4, last]
        red += counts[5, last]
        nir += counts[6, last]
        first += ratios[0, last]
        second += ratios[1, last]
        third += ratios[2, last]
        bits, count = ground[y, x], np.float32(pad)
        if (
            bits & SEEN
            and not bits & GREEN
            and count > rule.pad_pixels - _HALF
            and np.float32(nir) > rule.pad_nir * count
        ):
            own = logs[values[rule.red, y, x]]
            ratio = own - _log_mean(red, count, logs)
            planes[0, y, x] = logs[values[rule.blue, y, x]] - _log_mean(blue, count, logs) - ratio
            planes[1, y, x] = logs[values[rule.green, y, x]] - _log_mean(green, count, logs) - ratio
            planes[2, y, x] = logs[values[rule.nir, y, x]] - _log_mean(nir, count, logs) - ratio
            planes[3, y, x] = ratio
            for plane in range(4):
                planes[plane, y, x] = min(max(planes[plane, y, x], -rule.most), rule.most)
            planes[4, y, x] = np.float32(first) / count
            planes[5, y, x] = np.float32(second) / count
            planes[6, y, x] = np.float32(third) / count
            bits |= KNOWN
            ground[y, x] = bits
        if bits & ASKED:
            asked += 1
            planes[7, y, x] = np.float32(bare) / max(np.float32(seen), _ONE)
        seen -= counts[0, x]
        bare -= counts[1, x]
        pad -= counts[2, x]
        blue -= counts[3, x]
        green -= counts[4, x]
        red -= counts[5, x]
        nir -= counts[6, x]
        first -= ratios[0, x]
        second -= ratios[1, x]
        third -= ratios[2, x]
    return asked


@njit(nogil=True, cache=True)
def describe(
    values: NDArray[np.uint16],
    ground: NDArray[np.uint8],
    planes: NDArray[np.float32],
    around: tuple[NDArray[np.float32], NDArray[np.float32]],
    weights: NDArray[np.float32],
    logs: NDArray[np.float32],
    rule: Rule,
    place: tuple[NDArray[np.int32], NDArray[np.int32]],
    out: NDArray[np.float32],
) -> None:
    """Put the features of the pixels that are `ASKED` together.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    ground : ndarray of uint8, shape (y, x)
        As `measure_contrasts` leaves it.
    planes : ndarray of float32, shape (9, y, x)
        The same.
    around : tuple of two ndarray of float32, shape (y, x)
        Shares of forest and of water.
    weights : ndarray of float32, shape (5,)
        Of a pixel's neighbours along a line, in a blur.
    logs : ndarray of float32, shape (65536,)
        Natural logarithm of every number that a pixel can have.
    rule : Rule
        Bands and limits.
    place : tuple of ndarray of int32, shape (n,)
        Overwritten with the rows and columns of the pixels.
    out : ndarray of float32, shape (feature, n)
        Overwritten, in the order of `leachwatch.detect.features.FEATURES`.
    """
    rows, columns = ground.shape
    blurred = np.zeros((_BLURRED, columns + 2 * _NEAR), np.float32)
    local = np.zeros((2, columns + 2 * _NEAR), np.float64)
    counts = np.zeros(columns + 2 * _NEAR, np.int32)
    near = np.empty(_BLURRED, np.float32)
    i = 0
    for y in range(rows):
        any_asked = np.uint8(0)
        for x in range(columns):
            any_asked |= ground[y, x] & ASKED
        if not any_asked:
            continue
        blurred[:], local[:], counts[:] = np.float32(0.0), 0.0, 0
        for row in range(max(y - _NEAR, 0), min(y + _NEAR + 1, rows)):
            _add_neighbours(
                values, ground, planes, row, weights[row - y + _NEAR], rule, blurred, local, counts
            )
        for x in range(columns):
            if ground[y, x] & ASKED:
                place[0][i], place[1][i] = y, x
                _describe_pixel(values, ground[y, x], planes, y, x, logs, rule, out[:, i])
                _describe_neighbours(blurred, local, counts, ground[y, x], x, weights, near, out[:, i])
                out[17, i], out[18, i] = around[0][y, x], around[1][y, x]
                i += 1


@njit(nogil=True, cache=True)
def _add_neighbours(
    values: NDArray[np.uint16],
    ground: NDArray[np.uint8],
    planes: NDArray[np.float32],
    y: int,
    weight: np.float32,
    rule: Rule,
    blurred: NDArray[np.float32],
    local: NDArray[np.float64],
    counts: NDArray[np.int32],
) -> None:
    """Add a row to the sums of the columns: blurred contrasts where known and LC10 where seen; texture."""
    columns = ground.shape[1]
    blues, greens, nirs = values[rule.blue, y], values[rule.green, y], values[rule.nir, y]
    for plane in range(4):
        for x in range(columns):
            blurred[plane, x + _NEAR] += weight * planes[plane, y, x]
    for x in range(columns):
        seen = np.float32(ground[y, x] & SEEN)
        visible = _HALF * (np.float32(blues[x]) + np.float32(greens[x]))
        blurred[4, x + _NEAR] += weight * np.float32((ground[y, x] & KNOWN) != 0)
        blurred[5, x + _NEAR] += weight * (seen * (visible - np.float32(nirs[x])))
        blurred[6, x + _NEAR] += weight * seen
    for x in range(columns):
        own = planes[8, y, x]
        local[0, x + _NEAR] += np.float64(own)
        local[1, x + _NEAR] += np.float64(own * own)
    for x in range(columns):
        counts[x + _NEAR] += np.int32(ground[y, x] & SEEN) + (np.int32(ground[y, x] & BARE) << 5)


@njit(nogil=True, cache=True)
def _describe_pixel(
    values: NDArray[np.uint16],
    bits: np.uint8,
    planes: NDArray[np.float32],
    y: int,
    x: int,
    logs: NDArray[np.float32],
    rule: Rule,
    out: NDArray[np.float32],
) -> None:
    """Say what the pixel alone shows."""
    blue, green = np.float32(values[rule.blue, y, x]), np.float32(values[rule.green, y, x])
    red, nir = np.float32(values[rule.red, y, x]), np.float32(values[rule.nir, y, x])
    known = bits & KNOWN
    for plane in range(4):
        out[plane] = planes[plane, y, x] if known else _NONE
    out[8] = (_HALF * (blue + green) - nir) / _DN
    out[10] = _HALF * (blue + green) / _DN
    out[11] = nir / _DN
    out[12] = (nir - red) / max(nir + red, _ONE)
    out[13] = -((nir - green) / max(nir + green, _ONE))
    out[15] = planes[7, y, x]
    for which in range(3):
        ratio = _coarse(values, y, x, which, logs, rule)
        out[19 + which] = ratio - planes[4 + which, y, x] if known else _NONE


@njit(nogil=True, cache=True)
def _describe_neighbours(
    blurred: NDArray[np.float32],
    local: NDArray[np.float64],
    counts: NDArray[np.int32],
    bits: np.uint8,
    x: int,
    weights: NDArray[np.float32],
    near: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Say what the pixel shows among its neighbours, from sums of columns."""
    near[:] = np.float32(0.0)
    own = square = 0.0
    count = np.int32(0)
    for step in range(2 * _NEAR + 1):
        for plane in range(_BLURRED):
            near[plane] += weights[step] * blurred[plane, x + step]
        own += local[0, x + step]
        square += local[1, x + step]
        count += counts[x + step]
    weight = max(near[4], _LEAST_WEIGHT)
    for plane in range(4):
        out[4 + plane] = near[plane] / weight if bits & KNOWN else _NONE
    out[9] = near[5] / max(near[6], _LEAST_WEIGHT) / _DN
    seen = max(np.float32(count & _SEEN_PART), _ONE)
    mean = np.float32(own) / seen
    out[14] = np.sqrt(max(np.float32(square) / seen - mean * mean, np.float32(0.0)))
    out[16] = np.float32(count >> 8) / seen
