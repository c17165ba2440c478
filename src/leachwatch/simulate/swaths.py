"""The edge of the swath: what of the district the satellite passed over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from leachwatch.simulate.chance import happens
from leachwatch.simulate.granules import COARSE_PIXEL, Granule

__all__ = ["Edge", "swath"]

_CUT = 0.06  # share of looks that the edge of the swath cuts
_LEAN = 0.21  # columns per row, the orbit's tilt
_LEFT = (0.2, 0.8)  # where the edge runs, as a share of what it may cut


@dataclass(frozen=True)
class Edge:
    """A leaning line with data on one side.

    Attributes
    ----------
    across : float
        Where it runs, in columns of 20 m, leaning as the orbit does.
    west : bool
        True where the data lie west of it, False where they lie east.
    """

    across: float
    west: bool

    @classmethod
    def through(cls, rng: np.random.Generator, seen: NDArray[np.bool_]) -> Edge:
        """Draw an edge that leaves some of what was seen, however little that was."""
        across = float(np.quantile(_across(len(seen))[seen], rng.uniform(*_LEFT)))
        return cls(across, west=happens(rng, 0.5))  # a fair coin

    def inside(self, size: int) -> NDArray[np.bool_]:
        """Pixels of 20 m with data, shape (size, size)."""
        across = _across(size)
        return np.asarray(across < self.across if self.west else across > self.across)

    def ground(self, granule: Granule) -> Polygon:
        """Ground of a granule with data, UTM, anticlockwise."""
        down = granule.rows / 2 + 1  # rows of 20 m; the edge runs on beyond the corners
        far = float(granule.columns + granule.rows) * (-1 if self.west else 1)
        crossing = self.across + (1 + _LEAN) / 2  # the rule speaks of pixels by their middles
        corners = [(crossing + _LEAN, -1.0), (crossing - _LEAN * down, down), (far, down), (far, -1.0)]
        side = Polygon(
            [(granule.west + COARSE_PIXEL * x, granule.north - COARSE_PIXEL * y) for x, y in corners]
        )
        return granule.clipped(side)


def swath(rng: np.random.Generator, size: int) -> NDArray[np.bool_]:
    """Draw the part of the district that the satellite passed over; mostly all of it.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    size : int
        Pixels of 20 m on a side.

    Returns
    -------
    ndarray of bool, shape (y, x)
        False where there are no data.
    """
    if not happens(rng, _CUT):
        return np.ones((size, size), np.bool_)
    across = rng.uniform(*_LEFT) * _across(size).max()
    return Edge(float(across), west=happens(rng, 0.5)).inside(size)


def _across(size: int) -> NDArray[np.float64]:
    """Column of every 20 m pixel, leaning."""
    return np.asarray(np.arange(size)[None, :] + _LEAN * np.arange(size)[:, None], np.float64)
