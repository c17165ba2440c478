"""Kinds of ground of a look, a byte a pixel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "ASKED",
    "BARE",
    "FOREST",
    "GREEN",
    "KNOWN",
    "LEACH",
    "PAD",
    "SEEN",
    "WATER",
    "Rule",
    "count_ground",
    "mark_ground",
    "mark_pad",
]

SEEN, FOREST, GREEN, BARE = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
"""Bits of a pixel: seen; NDVI above that of forest; not below it; few plants, and no open dark water."""
WATER, LEACH, PAD, KNOWN = np.uint8(16), np.uint8(32), np.uint8(64), np.uint8(128)
"""Open dark water; LC10 of leach liquid; part of a pad; not green, and a pad around to be compared with."""
ASKED = np.uint8(LEACH | KNOWN)
"""A pixel with any of these may be a pool."""

_UNSURE = np.uint8(64)  # may be water, until the ground around is known; no pad is marked before
_HALF, _ONE = np.float32(0.5), np.float32(1.0)


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


@njit(nogil=True, cache=True)
def mark_ground(
    values: NDArray[np.uint16], valid: NDArray[np.bool_], reach: int, rule: Rule, ground: NDArray[np.uint8]
) -> None:
    """Mark what each pixel of a look is: seen, forest, bare, open dark water, bright as leach liquid is.

    Parameters
    ----------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000.
    valid : ndarray of bool, shape (y, x)
        Where the ground was seen.
    reach : int
        Pixels on each side of the square whose usual near infrared open water is darker than.
    rule : Rule
        Bands and limits.
    ground : ndarray of uint8, shape (y, x)
        Overwritten with `SEEN`, `FOREST`, `GREEN`, `BARE`, `WATER` and `LEACH`; 0 where not seen.
    """
    rows, columns = valid.shape
    first, last = rows, -1
    for y in range(rows):
        blues, greens = values[rule.blue, y], values[rule.green, y]
        reds, nirs = values[rule.red, y], values[rule.nir, y]
        any_unsure = np.uint8(0)
        for x in range(columns):
            red, nir = np.float32(reds[x]), np.float32(nirs[x])
            index = (nir - red) / max(nir + red, _ONE)
            visible = _HALF * (np.float32(blues[x]) + np.float32(greens[x]))
            dark = (nir < rule.dark_nir) & (index < rule.dark_ndvi) & (visible < rule.dark_visible)
            sure = dark & (nir < rule.darkest_nir)
            bits = SEEN | (FOREST * np.uint8(index > rule.green_ndvi))
            bits |= GREEN * np.uint8(index >= rule.green_ndvi)
            bits |= LEACH * np.uint8(visible - nir > rule.leach)
            bits |= WATER * np.uint8(sure) | _UNSURE * np.uint8(dark & (nir >= rule.darkest_nir))
            bits |= BARE * np.uint8((index < rule.bare_ndvi) & (not sure))
            bits *= np.uint8(valid[y, x])
            ground[y, x] = bits
            any_unsure |= bits & _UNSURE
        if any_unsure:
            first, last = min(first, y), y
    if last >= 0:
        _settle_water(values[rule.nir], (first, last), reach, rule, ground)


@njit(nogil=True, cache=True)
def _settle_water(
    nir: NDArray[np.uint16], between: tuple[int, int], reach: int, rule: Rule, ground: NDArray[np.uint8]
) -> None:
    """Say of each pixel that may be water whether it is darker than the ground around, as shade is not.

    The sums are whole numbers, so that they do not depend on where the picture was cut.
    """
    rows, columns = ground.shape
    total = np.zeros(columns + 2 * reach, np.int64)
    count = np.zeros(columns + 2 * reach, np.int64)
    for y in range(between[0] - reach, between[1] + reach + 1):
        enters, leaves, middle = y, y - 2 * reach - 1, y - reach
        if 0 <= enters < rows:
            for x in range(columns):
                seen = np.int64(ground[enters, x] & SEEN)
                total[x + reach] += seen * np.int64(nir[enters, x])
                count[x + reach] += seen
        if leaves >= between[0] - reach and leaves >= 0:
            for x in range(columns):
                seen = np.int64(ground[leaves, x] & SEEN)
                total[x + reach] -= seen * np.int64(nir[leaves, x])
                count[x + reach] -= seen
        if middle < between[0]:
            continue
        around, seen_around = total[: 2 * reach].sum(), count[: 2 * reach].sum()
        for x in range(columns):
            around += total[x + 2 * reach]
            seen_around += count[x + 2 * reach]
            if ground[middle, x] & _UNSURE:
                ground[middle, x] &= ~_UNSURE
                usual = np.float32(around) / max(np.float32(seen_around), _ONE)
                if np.float32(nir[middle, x]) < rule.dark_beside * usual:
                    ground[middle, x] = (ground[middle, x] | WATER) & ~BARE
            around -= total[x]
            seen_around -= count[x]


@njit(nogil=True, cache=True)
def count_ground(
    ground: NDArray[np.uint8],
    forest: NDArray[np.uint16],
    water: NDArray[np.uint16],
    seen: NDArray[np.uint16],
) -> None:
    """Count where a look shows forest, open dark water, and anything at all.

    Parameters
    ----------
    ground : ndarray of uint8, shape (y, x)
        As `mark_ground` leaves it.
    forest, water, seen : ndarray of uint16, shape (y, x)
        Counted up.
    """
    rows, columns = ground.shape
    for y in range(rows):
        for x in range(columns):
            bits = ground[y, x]
            woods = np.uint16((bits & FOREST) != 0)
            forest[y, x] += woods
            water[y, x] += np.uint16((bits & WATER) != 0) & ~woods
            seen[y, x] += np.uint16(bits & SEEN)


@njit(nogil=True, cache=True)
def mark_pad(red: NDArray[np.uint16], reach: int, ground: NDArray[np.uint8]) -> None:
    """Mark the pad: the bare ground that is as bright in red as the bare ground around, or brighter.

    Parameters
    ----------
    red : ndarray of uint16, shape (y, x)
        Reflectance x 10,000.
    reach : int
        Pixels on each side of the square around.
    ground : ndarray of uint8, shape (y, x)
        As `mark_ground` leaves it; `PAD` is added.
    """
    rows, columns = ground.shape
    total = np.zeros(columns + 2 * reach, np.int32)
    count = np.zeros(columns + 2 * reach, np.int32)
    here = slice(reach, reach + columns)
    for y in range(-reach, rows):
        enters, leaves = y + reach, y - reach - 1
        if enters < rows:
            _add_bare(ground[enters], red[enters], np.int32(1), total[here], count[here])
        if leaves >= 0:
            _add_bare(ground[leaves], red[leaves], np.int32(-1), total[here], count[here])
        if y < 0:
            continue
        any_bare = np.uint8(0)
        for x in range(columns):
            any_bare |= ground[y, x] & BARE
        if not any_bare:
            continue
        around, bare_around = np.int64(total[: 2 * reach].sum()), np.int64(count[: 2 * reach].sum())
        for x in range(columns):
            around += total[x + 2 * reach]
            bare_around += count[x + 2 * reach]
            if ground[y, x] & BARE and np.int64(red[y, x]) * bare_around >= around:
                ground[y, x] |= PAD
            around -= total[x]
            bare_around -= count[x]


@njit(nogil=True, cache=True)
def _add_bare(
    bits: NDArray[np.uint8],
    red: NDArray[np.uint16],
    sign: np.int32,
    total: NDArray[np.int32],
    count: NDArray[np.int32],
) -> None:
    """Add a row's bare pixels to the sums of the columns, or take them off again."""
    for x in range(len(bits)):
        bare = sign * np.int32((bits[x] & BARE) != 0)
        total[x] += bare * np.int32(red[x])
        count[x] += bare
