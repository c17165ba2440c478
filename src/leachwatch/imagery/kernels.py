"""Loops over pixels and looks of a tile; of this package, the only importer of numba."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "ABSENT",
    "DARK",
    "DEEP",
    "DEEP_ABSENT",
    "RISEN",
    "STEADY",
    "Limits",
    "lay_fine",
    "lay_nearest",
    "lay_smooth",
    "testify",
]

ABSENT, STEADY, RISEN, DARK, DEEP, DEEP_ABSENT = range(6)
"""What a pixel says of a look's sky: no witness, as ever, haze, shade, deep shade, that but no witness."""


_STRIP = 256
"""Pixels of a row that are worked in step; all their looks stay in the fast caches."""

_LAST = np.uint16(2**16 - 1)  # sorts behind every reflectance
_WHOLE = 16  # weight of a pixel whose neighbours all have data, in sixteenths


class Limits(NamedTuple):
    """Numbers of the rule for witnesses; reflectance x 10,000, the rest as `ClearSettings` says."""

    looks: int
    ndvi: np.float32
    blue: np.float32
    haze_rise: np.float32
    haze_colour: np.float32
    shade_nir: np.float32
    shade_red: np.float32
    deep_nir_from: np.float32
    deep_nir_to: np.float32
    deep_red: np.float32
    changed_looks: int


@njit(nogil=True, cache=True)
def lay_fine(numbers: NDArray[np.uint16], offset: np.int32, out: NDArray[np.uint16]) -> None:
    """Take the offset off; a pixel with data stays above 0, which means nothing there.

    Parameters
    ----------
    numbers : ndarray of uint16, shape (y, x)
        Digital numbers; 0 where there is nothing.
    offset : int32
        To take off, not below 0.
    out : ndarray of uint16, shape (y, x)
        Overwritten.
    """
    rows, columns = numbers.shape
    for y in range(rows):
        for x in range(columns):
            out[y, x] = _without(np.int32(numbers[y, x]), offset)


@njit(nogil=True, cache=True)
def lay_nearest(coarse: NDArray[np.uint16], top: int, left: int, step: int, out: NDArray[np.uint8]) -> None:
    """Lay coarse classes into fine pixels.

    Parameters
    ----------
    coarse : ndarray of uint16, shape (y, x)
        Classes.
    top, left : int
        Fine pixels of `coarse` above and left of `out`.
    step : int
        Fine pixels along the side of a coarse one.
    out : ndarray of uint8, shape (y, x)
        Overwritten.
    """
    rows, columns = out.shape
    for y in range(rows):
        if y and (top + y) % step:
            out[y] = out[y - 1]
            continue
        line = coarse[(top + y) // step]
        place, inside = left // step, left % step
        for x in range(columns):
            out[y, x] = line[place]
            inside += 1
            if inside == step:
                place, inside = place + 1, 0


@njit(nogil=True, cache=True)
def lay_smooth(
    coarse: NDArray[np.uint16], top: int, left: int, offset: np.int32, out: NDArray[np.uint16]
) -> None:
    """Interpolate pixels of twice the side, and take the offset off.

    Each fine pixel is nine sixteenths of its own coarse one, three of each of the two beside it and one of
    that across the corner; those without data count nothing, and lend no darkness to their neighbours.

    Parameters
    ----------
    coarse : ndarray of uint16, shape (y, x)
        Digital numbers; 0 where there is nothing. At its edge the last are repeated.
    top, left : int
        Fine pixels of `coarse` above and left of `out`.
    offset : int32
        To take off, not below 0.
    out : ndarray of uint16, shape (y, x)
        Overwritten; 0 where the own coarse pixel has nothing.
    """
    height, width = coarse.shape
    rows, columns = out.shape
    sums = np.empty(width + 2, np.float32)  # of the row, with one more at each end
    weights = np.empty(width + 2, np.int32)
    pairs = np.empty(width, np.uint32)
    fine = pairs.view(np.uint16)
    for y in range(rows):
        own = (top + y) >> 1
        beside = min(max(own + 2 * ((top + y) & 1) - 1, 0), height - 1)
        line, other = coarse[own], coarse[beside]
        _add_rows(line, other, sums)
        if _least(line, other) > 0:
            _interpolate(sums, offset, pairs)
            _copy(fine[left : left + columns], out[y])
            continue
        _interpolate(sums, np.int32(0), pairs)
        for x in range(width):
            weights[x + 1] = 3 * np.int32(line[x] > 0) + np.int32(other[x] > 0)
        weights[0], weights[width + 1] = weights[1], weights[width]
        for x in range(2 * width):
            place = (x >> 1) + 1
            weight = 3 * weights[place] + weights[place + 2 * (x & 1) - 1]
            if line[place - 1] == 0:
                fine[x] = 0
            elif weight < _WHOLE:
                fine[x] = np.rint(np.float32(fine[x]) / (np.float32(weight) / np.float32(_WHOLE)))
        for x in range(columns):
            out[y, x] = _without(np.int32(fine[left + x]), offset)


# Loops over one row are functions of their own: within the others, they are not worked in step.


@njit(nogil=True, cache=True)
def _add_rows(line: NDArray[np.uint16], other: NDArray[np.uint16], sums: NDArray[np.float32]) -> None:
    """Add a coarse row, three times, and the one beside it; those at the ends are repeated."""
    width = len(line)
    for x in range(width):
        sums[x + 1] = np.float32(3) * np.float32(line[x]) + np.float32(other[x])
    sums[0], sums[width + 1] = sums[1], sums[width]


@njit(nogil=True, cache=True)
def _least(line: NDArray[np.uint16], other: NDArray[np.uint16]) -> np.uint16:
    least = _LAST
    for x in range(len(line)):
        least = min(least, line[x], other[x])
    return least


@njit(nogil=True, cache=True)
def _interpolate(sums: NDArray[np.float32], offset: np.int32, pairs: NDArray[np.uint32]) -> None:
    """Make two fine pixels of each coarse one, two in a word, and take the offset off; all have data.

    Sums are whole numbers below 2**20, which single precision holds exactly, and so their sixteenths; to add
    2**23 and take it off again rounds to the nearest, and of two as near to the even one.
    """
    off, least = np.float32(offset), np.float32(1)
    three, sixteenth, whole = np.float32(3), np.float32(1 / 16), np.float32(2**23)
    for x in range(len(pairs)):
        own = three * sums[x + 1]
        first = (((own + sums[x]) * sixteenth + whole) - whole) - off
        second = (((own + sums[x + 2]) * sixteenth + whole) - whole) - off
        first, second = max(least, first), max(least, second)
        pairs[x] = np.uint32(np.int32(first)) | np.uint32(np.int32(second)) << np.uint32(16)


@njit(nogil=True, cache=True)
def _copy(line: NDArray[np.uint16], out: NDArray[np.uint16]) -> None:
    for x in range(len(out)):
        out[x] = line[x]


@njit(nogil=True, cache=True)
def _without(number: np.int32, offset: np.int32) -> np.uint16:
    """Take the offset off a number; 0, which means nothing there, stays, and no other becomes it."""
    return np.uint16(max(number - offset, np.int32(1)) * np.int32(number > 0))


@njit(nogil=True, cache=True)
def testify(
    values: NDArray[np.uint16],
    bands: tuple[int, int, int],
    shown: NDArray[np.bool_],
    limits: Limits,
    order: NDArray[np.int32],
    out: NDArray[np.uint8],
) -> None:
    """Compare each look of a vegetated pixel with its own lower quartiles, deep shade with its medians.

    Parameters
    ----------
    values : ndarray of uint16, shape (look, band, y, x)
        Reflectance x 10,000; 0 where there is nothing.
    bands : tuple of int
        Places of blue, red and near infrared.
    shown : ndarray of bool, shape (look, y, x)
        Where the mask shows the ground.
    limits : Limits
        As `ClearSettings` says.
    order : ndarray of int32, shape (n, 2)
        Places to compare, one pair after the other, so that as many numbers as there are looks are sorted.
    out : ndarray of uint8, shape (look, y, x)
        Overwritten with what the pixel says of each look.
    """
    looks, rows, columns = shown.shape
    own = np.empty((3, looks, _STRIP), np.uint16)
    low = np.empty((looks, _STRIP), np.uint16)
    usual = np.empty((3, 2, _STRIP), np.int32)  # lower quartile and median of each band
    clear, words = np.empty((looks, _STRIP), np.bool_), np.empty((looks, _STRIP), np.uint8)
    count, green = np.empty(_STRIP, np.int32), np.empty(_STRIP, np.int32)
    for y in range(rows):
        for start in range(0, columns, _STRIP):
            width = min(_STRIP, columns - start)
            count[:], green[:] = 0, 0
            for look in range(looks):
                for x in range(width):
                    clear[look, x] = shown[look, y, start + x]
                    own[1, look, x] = values[look, bands[1], y, start + x]
                    own[2, look, x] = values[look, bands[2], y, start + x]
                for x in range(width):
                    red, nir = np.float32(own[1, look, x]), np.float32(own[2, look, x])
                    leafy = nir - red > limits.ndvi * (nir + red)
                    count[x] += clear[look, x]
                    green[x] += clear[look, x] & leafy
            words[:] = ABSENT
            witnesses = 0
            for x in range(width):
                witnesses += (count[x] >= limits.looks) & (2 * green[x] > count[x])
            if witnesses:
                for look in range(looks):
                    own[0, look, :width] = values[look, bands[0], y, start : start + width]
                for band in range(3):
                    for look in range(looks):
                        for x in range(width):
                            low[look, x] = own[band, look, x] if clear[look, x] else _LAST
                    _sort_looks(low, order, width)
                    for x in range(width):
                        usual[band, 0, x] = low[count[x] // 4, x]
                        usual[band, 1, x] = low[count[x] // 2, x]
                for x in range(width):
                    if count[x] >= limits.looks and 2 * green[x] > count[x]:
                        _hear(own[:, :, x], usual[:, :, x], clear[:, x], limits, words[:, x])
            for look in range(looks):
                out[look, y, start : start + width] = words[look, :width]


@njit(nogil=True, cache=True)
def _sort_looks(values: NDArray[np.uint16], order: NDArray[np.int32], width: int) -> None:
    """Bring the looks of each pixel of a strip in rising order, all pixels in step."""
    for pair in range(len(order)):
        first, second = values[order[pair, 0]], values[order[pair, 1]]
        for x in range(width):
            less, more = min(first[x], second[x]), max(first[x], second[x])
            first[x], second[x] = less, more


@njit(nogil=True, cache=True)
def _hear(
    own: NDArray[np.uint16],
    usual: NDArray[np.int32],
    clear: NDArray[np.bool_],
    limits: Limits,
    words: NDArray[np.uint8],
) -> None:
    """Say what one pixel says of each look, from its bands and what they usually are."""
    own_blue, own_red, own_nir = usual[0, 0], usual[1, 0], usual[2, 0]
    usual_red, usual_nir = usual[1, 1], usual[2, 1]
    if own_blue > limits.blue:
        return
    run = run_kind = run_from = 0
    for look in range(len(clear)):
        if own[0, look] == 0:
            continue
        red, nir = np.int32(own[1, look]), np.int32(own[2, look])
        rise = np.float32(np.int32(own[0, look]) - own_blue)
        kind, word = 0, STEADY
        if rise > limits.haze_rise:
            kind = 1
            word = RISEN if red - own_red < limits.haze_colour * rise else ABSENT
        elif nir < limits.shade_nir * own_nir or nir < limits.deep_nir_to * usual_nir:
            kind = 2
            word = DARK if red < own_red + limits.shade_red else ABSENT
            lit = nir >= limits.deep_nir_from * usual_nir
            deep = lit and nir < limits.deep_nir_to * usual_nir
            if word == DARK and deep and red < limits.deep_red * usual_red:
                word = DEEP
        words[look] = word
        if not clear[look]:
            continue
        if kind != run_kind or kind == 0:
            run, run_kind, run_from = 0, kind, look
        run += 1
        if kind != 0 and run >= limits.changed_looks:
            # a change that stays is one of the ground: its pixel is no witness in all of the run
            for earlier in range(run_from, look + 1):
                if clear[earlier]:
                    deep = words[earlier] >= DEEP
                    words[earlier] = DEEP_ABSENT if deep else ABSENT
            run_from = look
