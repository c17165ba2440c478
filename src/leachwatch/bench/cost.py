"""Cost: what it takes to watch whole regions, reckoned from what a tile takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["LAND_KM2", "Cost", "Prices", "reckon"]

LAND_KM2: Mapping[str, float] = {
    "Kachin": 89_042.0,
    "mainland South-East Asia": 176_520.0 + 230_800.0 + 652_670.0 + 510_890.0 + 313_429.0,
    "the tropics": 0.36 * 148_940_000.0,
}
"""Kachin State: Myanmar census of 2014. Mainland South-East Asia: land of Cambodia, Laos, Myanmar, Thailand
and Vietnam (World Bank, AG.LND.TOTL.K2). The tropics: 36 % of the land of Earth (State of the Tropics), of
148.94 million km² (CIA World Factbook). Whoever wants another region scales by its area."""

_TILE_KM2 = 5.12**2
_GRANULE_KM2 = 100.0**2
_MEGA_PIXEL_KM2 = 100.0
_HOUR = 3600.0


@dataclass(frozen=True)
class Prices:
    """What a look at some ground takes, and what that costs.

    Attributes
    ----------
    cpu_seconds : float
        Of a million pixels and look, as ``leachwatch bench cluster`` prints it.
    bytes : float
        Read for a tile and look, as ``leachwatch bench plan`` prints bytes, over its tiles and looks.
    core_hour : float
        Price of a processor for an hour, dollars.
    gigabit : float
        Of the line to the scenes, Gbit/s.
    """

    cpu_seconds: float
    bytes: float
    core_hour: float
    gigabit: float


@dataclass(frozen=True)
class Cost:
    """What a region takes.

    Attributes
    ----------
    km2 : float
        Land.
    tiles, granules : int
        About how many, whole ones: those on the edge are not counted.
    looks : float
        Tiles times looks at each.
    core_hours, terabytes, dollars : float
        Processors, bytes, and the price of the processors.
    days_two_cores, days_line : float
        On a machine of two processors; and on the line alone, which may be the longer.
    hours_hundred_cores : float
        On a cluster.
    """

    km2: float
    tiles: int
    granules: int
    looks: float
    core_hours: float
    terabytes: float
    dollars: float
    days_two_cores: float
    days_line: float
    hours_hundred_cores: float


def reckon(looks: float, prices: Prices) -> dict[str, Cost]:
    """Reckon what so many looks at each region take.

    Examples
    --------
    >>> one = reckon(1, Prices(cpu_seconds=36.0, bytes=1e6, core_hour=0.05, gigabit=1.0))["Kachin"]
    >>> one.core_hours, one.dollars
    (8.9042, 0.44521)
    """
    return {name: _cost(km2, looks, prices) for name, km2 in LAND_KM2.items()}


def _cost(km2: float, looks: float, prices: Prices) -> Cost:
    tiles = km2 / _TILE_KM2
    core_hours = km2 / _MEGA_PIXEL_KM2 * looks * prices.cpu_seconds / _HOUR
    read = tiles * looks * prices.bytes
    return Cost(
        km2=km2,
        tiles=round(tiles),
        granules=round(km2 / _GRANULE_KM2),
        looks=tiles * looks,
        core_hours=core_hours,
        terabytes=read / 1e12,
        dollars=core_hours * prices.core_hour,
        days_two_cores=core_hours / 2 / 24,
        days_line=read * 8 / (prices.gigabit * 1e9) / _HOUR / 24,
        hours_hundred_cores=core_hours / 100,
    )
