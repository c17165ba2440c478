"""Pools: where they lie on a pad, and when they are built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from leachwatch.simulate.chance import happens

__all__ = ["Pool", "Row", "lay_out"]

_ROUND_SHARE = (0.15, 0.65)  # 526 of 1,407 digitised pools of Chipwi are circular
_DIAMETER = (9.0, 17.0)  # m; 15.6-17.3 on the one image at 0.5 m, 9-14 elsewhere from their spacing
_SHORT_SIDE = (8.5, 13.0)  # m
_LONG_SIDE = (10.5, 19.0)  # m
_GAP = (3.0, 0.8)  # m between neighbours, median and spread of the logarithm; quartiles of the spacing
# of 1,407 digitised pools are 12.6, 14.8 and 18.1 m
_WIDEST = 14.0  # m
_ROW_GAP = (1.2, 8.5)  # m between rows of a block
_TRIES = 60  # rows; where no more fit, the site stays smaller
_BLOCK_SHIFT = (18.0, 70.0)  # m to the next terrace


@dataclass(frozen=True)
class Pool:
    """One pool.

    Attributes
    ----------
    east, south : float
        Middle, m from the corner of the district.
    shape : str
        ``circle`` or ``rectangle``.
    size : tuple of float
        The two sides, or the diameter twice, m.
    angle : float
        Turn of the first side, radians from east to south.
    """

    east: float
    south: float
    shape: Literal["circle", "rectangle"]
    size: tuple[float, float]
    angle: float

    @property
    def area(self) -> float:
        """Square metres."""
        return self.size[0] * self.size[1] * (np.pi / 4 if self.shape == "circle" else 1.0)


@dataclass(frozen=True)
class Row:
    """Pools that were built together.

    Attributes
    ----------
    pools : tuple of Pool
        In order along the row.
    angle : float
        Direction of the row, radians from east to south.
    block : int
        Terrace on which the row lies; 0 is the first.
    """

    pools: tuple[Pool, ...]
    angle: float
    block: int

    @property
    def middle(self) -> tuple[float, float]:
        """Mean of the pools' middles."""
        return (
            float(np.mean([pool.east for pool in self.pools])),
            float(np.mean([pool.south for pool in self.pools])),
        )

    @property
    def half_length(self) -> float:
        """From the middle to the edge of the last pool, m."""
        reach = [
            np.hypot(p.east - self.middle[0], p.south - self.middle[1]) + p.size[0] / 2 for p in self.pools
        ]
        return float(max(reach))


def lay_out(
    rng: np.random.Generator, middle: tuple[float, float], contour: float, count: int, reach: float
) -> list[Row]:
    """Rows of pools on terraces around a middle.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    middle : tuple of float
        East and south, m.
    contour : float
        Direction along the slope, radians.
    count : int
        Pools wanted; a few fewer come where the ground is short.
    reach : float
        No pool's middle lies farther from the middle, m.
    """
    round_share = rng.uniform(*_ROUND_SHARE)
    rows: list[Row] = []
    left, block, tries = count, 0, 0
    angle, origin, depth = contour + rng.normal(0, 0.2), np.array(middle), 0.0
    while left > 0 and tries < _TRIES:
        tries += 1
        row, thick = _row(rng, origin, angle, min(left, int(rng.integers(3, 9))), round_share=round_share)
        row = Row(tuple(pool for pool in row.pools if _fits(pool, rows, middle, reach)), row.angle, block)
        if len(row.pools) >= min(2, left):
            rows.append(row)
            left -= len(row.pools)
            depth = thick + rng.uniform(*_ROW_GAP)
        if len(row.pools) <= 1 or happens(rng, 0.42):  # now and then a new terrace
            block += 1
            angle = contour + rng.normal(0, 0.45)
            origin = np.array(middle) + _turned(
                rng.uniform(-1, 1) * reach * 0.7, rng.uniform(-1, 1) * reach * 0.7, contour
            )
            origin = origin + _turned(0, rng.choice([-1, 1]) * rng.uniform(*_BLOCK_SHIFT) / 2, contour)
        else:
            origin = origin + _turned(rng.normal(0, 3), depth, angle)
    return rows


def _row(
    rng: np.random.Generator, origin: np.ndarray, angle: float, count: int, *, round_share: float
) -> tuple[Row, float]:
    """Lay a row through an origin, and its thickness."""
    circular = happens(rng, round_share)
    if circular:
        along = across = rng.uniform(*_DIAMETER) * rng.uniform(0.85, 1.0)
    else:
        along, across = rng.uniform(*_SHORT_SIDE), rng.uniform(*_LONG_SIDE)
        across = max(across, along)
    pitch = along + min(_GAP[0] * np.exp(_GAP[1] * rng.standard_normal()), _WIDEST)
    bend = rng.normal(0, 0.0015)
    pools = []
    for index in range(count):
        step = (index - (count - 1) / 2) * pitch + rng.normal(0, 0.4)
        east, south = origin + _turned(step, bend * step**2 + rng.normal(0, 0.5), angle)
        swell = rng.normal(1, 0.03)
        pools.append(
            Pool(
                float(east),
                float(south),
                "circle" if circular else "rectangle",
                (round(along * swell, 2), round(across * swell, 2)),
                angle + (0.0 if circular else rng.normal(0, 0.03)),
            )
        )
    return Row(tuple(pools), angle, 0), across


def _fits(pool: Pool, rows: list[Row], middle: tuple[float, float], reach: float) -> bool:
    """Whether a pool lies on the pad and over no other pool."""
    if np.hypot(pool.east - middle[0], pool.south - middle[1]) > reach:
        return False
    return all(
        np.hypot(pool.east - other.east, pool.south - other.south) > _clearance(pool, other)
        for row in rows
        for other in row.pools
    )


def _clearance(one: Pool, other: Pool) -> float:
    return (one.size[0] + one.size[1] + other.size[0] + other.size[1]) / 4


def _turned(along: float, across: float, angle: float) -> np.ndarray:
    return np.array(
        [along * np.cos(angle) - across * np.sin(angle), along * np.sin(angle) + across * np.cos(angle)]
    )
