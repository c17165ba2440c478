"""Loops over pixels and looks of a tile; of this package, the only importer of numba."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["ABSENT", "DARK", "DEEP", "DEEP_ABSENT", "RISEN", "STEADY", "Limits", "testify"]

ABSENT, STEADY, RISEN, DARK, DEEP, DEEP_ABSENT = range(6)
"""What a pixel says of a look's sky: no witness, as ever, haze, shade, deep shade, that but no witness."""


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
def testify(
    values: NDArray[np.uint16],
    bands: tuple[int, int, int],
    shown: NDArray[np.bool_],
    limits: Limits,
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
    out : ndarray of uint8, shape (look, y, x)
        Overwritten with what the pixel says of each look.
    """
    looks, rows, columns = shown.shape
    low = np.empty((3, looks // 2 + 1), np.int32)
    own = np.empty((3, looks), np.int32)
    clear = np.empty(looks, np.bool_)
    for y in range(rows):
        for x in range(columns):
            count = green = 0
            for look in range(looks):
                out[look, y, x] = ABSENT
                clear[look] = shown[look, y, x]
                own[1, look] = red = np.int32(values[look, bands[1], y, x])
                own[2, look] = nir = np.int32(values[look, bands[2], y, x])
                if clear[look]:
                    count += 1
                    if nir - red > limits.ndvi * np.float32(nir + red):
                        green += 1
            if count < limits.looks or 2 * green <= count:
                continue
            for look in range(looks):
                own[0, look] = values[look, bands[0], y, x]
            # the dark part of each band in order: a lower quartile, and for red and infrared the median
            for band in range(3):
                keep = count // 4 + 1 if band == 0 else count // 2 + 1
                held = 0
                for look in range(looks):
                    value = own[band, look]
                    if not clear[look] or (held == keep and value >= low[band, held - 1]):
                        continue
                    place = held if held < keep else held - 1
                    held = place + 1 if held < keep else held
                    while place > 0 and low[band, place - 1] > value:
                        low[band, place] = low[band, place - 1]
                        place -= 1
                    low[band, place] = value
            own_blue, own_red, own_nir = low[0, count // 4], low[1, count // 4], low[2, count // 4]
            usual_red, usual_nir = low[1, count // 2], low[2, count // 2]
            if own_blue > limits.blue:
                continue
            run = run_kind = run_from = 0
            for look in range(looks):
                if own[0, look] == 0:
                    continue
                red, nir = own[1, look], own[2, look]
                rise = np.float32(own[0, look] - own_blue)
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
                out[look, y, x] = word
                if not clear[look]:
                    continue
                if kind != run_kind or kind == 0:
                    run, run_kind, run_from = 0, kind, look
                run += 1
                if kind != 0 and run >= limits.changed_looks:
                    # a change that stays is one of the ground: its pixel is no witness in all of the run
                    for earlier in range(run_from, look + 1):
                        if clear[earlier]:
                            deep = out[earlier, y, x] >= DEEP
                            out[earlier, y, x] = DEEP_ABSENT if deep else ABSENT
                    run_from = look
