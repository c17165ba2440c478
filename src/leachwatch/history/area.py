"""Area: how much pool the pool pixels hold, as draws that carry its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import Hits
from leachwatch.history.settings import HistorySettings
from leachwatch.imagery import PIXEL_M

__all__ = ["Estimate", "counted", "draw_areas", "estimated"]

_CELL_M2 = float(PIXEL_M**2)
_BLOCK = 3
"""Side of the blocks of pixels that are drawn together; the blur of the instrument ties neighbours."""


@dataclass(frozen=True)
class Estimate:
    """A value with its 5th and 95th percentile."""

    value: float
    low: float
    high: float


def draw_areas(pools: Hits, settings: HistorySettings) -> NDArray[np.float64]:
    """Draw the pool area of each pixel, again and again.

    Looks and blocks of pixels are drawn with replacement, and each draw gets an error of the model that
    shares of pixels come from, the same for the whole site.

    Parameters
    ----------
    pools : Hits
        The pool pixels of a site, n of them.
    settings : HistorySettings
        How many draws; factor and error of the model.

    Returns
    -------
    ndarray of float64, shape (1 + draws, n)
        Square metres. The first row is the estimate; the same site gives the same draws.
    """
    rng = np.random.default_rng([pools.epsg, int(pools.column.min()), -int(pools.row.min()) % 2**32])
    speaks = ((pools.evidence > 0) & pools.seen).astype(np.float32)
    looks, count = len(speaks), settings.area_draws
    times = np.vstack([np.ones(looks), rng.multinomial(looks, np.full(looks, 1 / looks), count)])
    # not `@`: the threads of a BLAS would wait in a loop, for products as small as these
    drawn = times.astype(np.float32)
    told, heard = (np.einsum("dl,ln->dn", drawn, said) for said in (speaks * pools.share, speaks))
    share = np.where(heard > 0, told / np.maximum(heard, 1), told[0] / np.maximum(heard[0], 1)) / 100
    blocks = _blocks(pools)
    number = int(blocks.max()) + 1
    weight = np.vstack([np.ones(number), rng.multinomial(number, np.full(number, 1 / number), count)])
    error = np.exp(settings.area_spread * np.concatenate([[0.0], rng.standard_normal(count)]))
    result: NDArray[np.float64] = share * weight[:, blocks] * error[:, None] * settings.area_factor * _CELL_M2
    return result


def estimated(totals: NDArray[np.float64]) -> list[Estimate]:
    """Estimates and intervals of draws, shape (n, 1 + draws), of which the first are the estimates."""
    if not len(totals):
        return []
    lows, highs = np.quantile(totals[:, 1:], [0.05, 0.95], axis=1).tolist()
    return [
        Estimate(value, min(low, value), max(high, value))
        for value, low, high in zip(totals[:, 0].tolist(), lows, highs, strict=True)
    ]


def counted(totals: NDArray[np.float64], settings: HistorySettings) -> Estimate:
    """Count the pools in some area, from their typical size and its spread from site to site."""
    rng = np.random.default_rng(len(totals))
    size = np.exp(settings.pool_size_spread * np.concatenate([[0.0], rng.standard_normal(len(totals) - 1)]))
    (estimate,) = estimated(totals[None] / (settings.typical_pool_m2 * size))
    return estimate


def _blocks(pools: Hits) -> NDArray[np.intp]:
    """Give each pixel the number of its block."""
    place = np.column_stack([pools.column, pools.row]) // _BLOCK
    _, blocks = np.unique(place, axis=0, return_inverse=True)
    result: NDArray[np.intp] = blocks.ravel()
    return result
