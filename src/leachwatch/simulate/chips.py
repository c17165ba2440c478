"""Chips of a year: small pictures at 4.8 m, as the yearly median of monthly basemaps gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.simulate import world
from leachwatch.simulate.chance import happens
from leachwatch.simulate.grid import CELL
from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.spectra import BANDS
from leachwatch.simulate.world import World

__all__ = ["BASEMAP_BANDS", "Chip", "chips", "yearly_median"]

BASEMAP_BANDS = ("nir", "red", "green")
"""Bands of a chip, in their order."""

_FIRST = date(2022, 1, 1).toordinal()
_YEARS = 3  # of the series; chips are of the second
_SIZE = 24  # px
_PIXEL = 4.78  # m; zoom level 15 at 26° N
_SEEN = (0.95, 0.95, 0.9, 0.8, 0.5, 0.25, 0.2, 0.25, 0.45, 0.8, 0.95, 0.95)  # months with a clear mosaic
_FEWEST_MONTHS = 3
_SPREAD = (0.55, 1.1)  # cells; point spread of the mosaics, resampled
_SHIFT = 2.6  # m, standard deviation of the misregistration of one mosaic
_GAIN, _BAND_GAIN = 0.05, 0.025  # errors of a mosaic's calibration: all bands together, each band
_HAZE = np.array([0.22, 0.45, 0.68], np.float32)  # by band, relative to blue
_HAZE_BLUE = 0.006  # reflectance, most that is left over
_NOISE = 0.003  # reflectance, of one mosaic
_UNCORRECTED = (0.8, 1.2)  # share of the slopes' light in the mosaics, which are not corrected for it
_FULL = 0.3  # reflectance at 255
_NEAR_POOL = 57.0  # m from a pool to the middle of a chip with pools, each way
_CLEAR_OF_MINES = 100.0  # m from a mine's pad to the middle of a chip without
_TRIES = 400


@dataclass(frozen=True, eq=False)
class Chip:
    """One picture and what it shows.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (24, 24, 3)
        Near infrared, red and green; 255 is a reflectance of 0.3 or more.
    kind : str
        ``pools``, ``anywhere``, or the look-alike in its middle.
    pools : ndarray of float32, shape (24, 24)
        Share of each pixel that is pool, times the share of the year in which it stands.
    pads : ndarray of float32, shape (24, 24)
        The same of a mine's bare ground.
    """

    pixels: NDArray[np.uint8]
    kind: str
    pools: FloatArray
    pads: FloatArray


def chips(seed: int, *, size: int = 256, each: int = 5, anywhere: int = 40, near: int = 1) -> list[Chip]:
    """Cut chips from one simulated district.

    Parameters
    ----------
    seed : int
        Of the district.
    size : int
        Pixels of 10 m on its side.
    each : int
        Chips of every mine.
    anywhere : int
        Chips of ground without mines, wherever.
    near : int
        Chips of every look-alike.
    """
    made = world.make(np.random.default_rng([seed, 0]), size, _FIRST, _FIRST + 365 * _YEARS)
    rng = np.random.default_rng([seed, 4])
    ground = replace(made, correction=float(rng.uniform(*_UNCORRECTED)))
    start = _FIRST + 365
    picture = yearly_median(rng, ground, start)
    pools, pads = _presence(ground, start)
    places = [
        *_at_mines(rng, ground, start + 365, each),
        *_at_lookalikes(rng, ground, near),
        *(("anywhere", place) for place in _free(rng, ground, anywhere)),
    ]
    stack = np.stack([*picture, pools, pads])
    return [_cut(rng, stack, kind, place) for kind, place in places]


def yearly_median(rng: np.random.Generator, ground: World, start: int) -> FloatArray:
    """Show a year of a district as the median of its monthly basemaps.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    ground : World
        The district.
    start : int
        Ordinal of the year's first day.

    Returns
    -------
    ndarray of float32, shape (3, y, x)
        Reflectance in near infrared, red and green, 5 m cells.
    """
    seen = [month for month, share in enumerate(_SEEN) if happens(rng, share)]
    months = seen if len(seen) >= _FEWEST_MONTHS else range(12)
    spread = rng.uniform(*_SPREAD)
    mosaics = [
        _mosaic(rng, ground, start + 30 * month + int(rng.integers(0, 30)), spread) for month in months
    ]
    return np.asarray(np.median(np.stack(mosaics), axis=0), np.float32)


def _mosaic(rng: np.random.Generator, ground: World, day: int, spread: float) -> FloatArray:
    image = ground.reflectance(day)
    east, south = rng.normal(0, _SHIFT / CELL, 2)
    move = np.array([[1, 0, east], [0, 1, south]], np.float32)
    gain = np.exp(rng.normal(0, _GAIN) + rng.normal(0, _BAND_GAIN, 3)).astype(np.float32)
    haze = _HAZE * np.float32(rng.uniform(0, _HAZE_BLUE))
    result = np.empty((3, *image.shape[1:]), np.float32)
    for place, name in enumerate(BASEMAP_BANDS):
        blurred = cv2.GaussianBlur(image[BANDS.index(name)], (0, 0), spread)
        moved = cv2.warpAffine(blurred, move, blurred.shape[::-1], borderMode=cv2.BORDER_REFLECT_101)
        result[place] = moved * gain[place] + haze[place]
    result += rng.standard_normal(result.shape, dtype=np.float32) * np.float32(_NOISE)
    return result


def _presence(ground: World, start: int) -> tuple[FloatArray, FloatArray]:
    """Share of every cell and of the year that pools, and a mine's pads, take."""
    pools, pads = (np.zeros((ground.grid.cells,) * 2, np.float32) for _ in range(2))
    for mine in ground.mines:
        for built, layer in zip(mine.pools, mine.pool_layers, strict=True):
            stands = (min(built.gone, start + 365) - max(built.born, start)) / 365
            _raise(pools, layer.cover.window, layer.cover.share * max(stands, 0.0))
        for pad in mine.pads:
            _raise(pads, pad.cover.window, pad.cover.share * float(pad.at(start + 182)[1]))
    return pools, pads


def _raise(canvas: FloatArray, window: tuple[slice, slice], values: FloatArray) -> None:
    canvas[window] = np.maximum(canvas[window], values)


def _at_mines(
    rng: np.random.Generator, ground: World, end: int, each: int
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Middles of chips near pools that have been built by the end of the year."""
    for mine in ground.mines:
        built = [one.pool for one in mine.pools if one.born < end]
        for _ in range(each if built else 0):
            pool = built[int(rng.integers(len(built)))]
            east, south = rng.uniform(-_NEAR_POOL, _NEAR_POOL, 2)
            yield "pools", (pool.east + east, pool.south + south)


def _at_lookalikes(
    rng: np.random.Generator, ground: World, near: int
) -> Iterator[tuple[str, tuple[float, float]]]:
    for other in ground.lookalikes:
        for _ in range(near):
            east, south = rng.normal(0, other.place.radius * 0.7, 2)
            place = other.place.east + east, other.place.south + south
            if _clear(ground, place):
                yield other.kind, place


def _free(rng: np.random.Generator, ground: World, count: int) -> list[tuple[float, float]]:
    margin = _SIZE * _PIXEL / 2
    points = rng.uniform(margin, ground.grid.metres - margin, (_TRIES, 2))
    return [place for place in map(tuple, points.tolist()) if _clear(ground, place)][:count]


def _clear(ground: World, place: tuple[float, float]) -> bool:
    return all(
        np.hypot(place[0] - mine.place.east, place[1] - mine.place.south)
        > mine.place.radius + _CLEAR_OF_MINES
        for mine in ground.mines
    )


def _cut(rng: np.random.Generator, stack: FloatArray, kind: str, place: tuple[float, float]) -> Chip:
    scale = _PIXEL / CELL
    corner = np.array(place) / CELL - 0.5 - (_SIZE - 1) / 2 * scale + rng.uniform(-0.5, 0.5, 2)
    move = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    parts = [
        cv2.warpAffine(band, move, (_SIZE, _SIZE), flags=flags, borderMode=cv2.BORDER_REFLECT_101)
        for band in stack
    ]
    coded = np.rint(np.clip(np.stack(parts[:3], axis=-1) / _FULL, 0, 1) * 255).astype(np.uint8)
    return Chip(coded, kind, parts[3].astype(np.float32), parts[4].astype(np.float32))
