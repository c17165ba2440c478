"""Stacks painted by hand: forest, a pad in it, pools on the pad."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from leachwatch.imagery import Stack, Tile

FOREST = (240, 340, 240, 2300)
PAD = (800, 1170, 1420, 2640)
GREY = (850, 920, 940, 1820)
TURQUOISE = (2600, 2400, 600, 300)
FISH_POND = (200, 300, 300, 100)
RED_SOIL_DARK = (520, 760, 923, 1716)  # the pad, at 0.65 of its light
SHRUB = (400, 700, 500, 2200)

BANDS = ("blue", "green", "red", "nir")
TILE = Tile(32647, 60_500, -287_500, 120, 120)


def stack(
    parts: list[tuple[tuple[int, int, int, int], tuple[int, int, int, int], int, int]],
    *,
    looks: int = 16,
    noise: float = 30.0,
    seed: int = 1,
    hidden: tuple[int, ...] = (),
) -> Stack:
    """Paint parts (top, left, height, width; spectrum; first and last look) on forest, in order."""
    rng = np.random.default_rng(seed)
    values = np.empty((looks, 4, *TILE.shape), np.uint16)
    for look in range(looks):
        picture = np.empty((4, *TILE.shape), float)
        picture[:] = np.array(FOREST, float)[:, None, None]
        for (top, left, height, width), spectrum, first, last in parts:
            if first <= look <= last:
                picture[:, top : top + height, left : left + width] = np.array(spectrum)[:, None, None]
        noisy = picture + rng.normal(0, noise, picture.shape)
        values[look] = np.clip(noisy, 1, 60_000).astype(np.uint16)
    valid = np.ones((looks, *TILE.shape), np.bool_)
    valid[list(hidden)] = False
    days = tuple(date(2022, 1, 10) + timedelta(days=30 * look) for look in range(looks))
    return Stack(TILE, BANDS, days, values, valid)  # type: ignore[arg-type]


PAD_AREA = (50, 50, 18, 18)
POOLS = (55, 55, 5, 8)


def mine(
    liquid: tuple[int, int, int, int] = GREY, first: int = 4, last: int = 99, *, cleared: int = 2
) -> list[tuple[tuple[int, int, int, int], tuple[int, int, int, int], int, int]]:
    """A pad of 180 m with a block of pools on it."""
    return [(PAD_AREA, PAD, cleared, 99), (POOLS, liquid, first, last)]
