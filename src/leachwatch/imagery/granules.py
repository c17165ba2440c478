"""Granules: the squares of about 110 km in which Sentinel-2 is delivered, named by the MGRS.

Scenes are searched by granule, never by the polygon that somebody watches: a search then tells the host no
more than a square in which there are many things to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from leachwatch.imagery.grid import from_lonlat, to_lonlat

__all__ = ["Granule", "granule_of", "granules_over"]

_SQUARE_M = 100_000
_REACH_M = 9_800
"""How far a granule goes on beyond its square, to the east and south (Sentinel-2 tiling grid, 109.8 km)."""
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = ("ABCDEFGHJKLMNPQRSTUV", "FGHJKLMNPQRSTUVABCDE")
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_BAND_DEGREES, _SOUTHERNMOST = 8, -80
_ZONE_DEGREES = 6


@dataclass(frozen=True, order=True)
class Granule:
    """A square to search.

    Attributes
    ----------
    name : str
        Such as ``47RNJ``.
    bounds : tuple of float
        West, south, east, north in degrees.
    """

    name: str
    bounds: tuple[float, float, float, float]


def granules_over(area: BaseGeometry) -> tuple[Granule, ...]:
    """Name the granules that may show an area.

    Parameters
    ----------
    area : shapely geometry
        In EPSG:4326.

    Returns
    -------
    tuple of Granule
        By name; of every zone whose granules reach the area, for they overlap at the border of zones. One
        that the mission does not use is harmless to ask for.

    Examples
    --------
    >>> [granule.name for granule in granules_over(box(98.33, 25.55, 98.43, 25.65))]
    ['47RMJ']
    """
    found: set[Granule] = set()
    west, _, east, _ = area.bounds
    reach = 1.5  # degrees; a granule of the next zone overlaps by no more up to 60 degrees of latitude
    for zone in range(_zone(west - reach), _zone(east + reach) + 1):
        for hemisphere in (326, 327):
            found.update(_of_zone(area, hemisphere * 100 + (zone - 1) % 60 + 1))
    return tuple(sorted(found))


def granule_of(properties: Any) -> str:
    """Read the name of a granule from an item's properties, whatever they are.

    Returns
    -------
    str
        Empty where they do not say it.

    Examples
    --------
    >>> granule_of({"grid:code": "MGRS-47RNJ"}), granule_of({"s2:mgrs_tile": "47RNJ"}), granule_of(None)
    ('47RNJ', '47RNJ', '')
    """
    said = properties if isinstance(properties, dict) else {}
    parts = [said.get(f"mgrs:{part}") for part in ("utm_zone", "latitude_band", "grid_square")]
    for one in (said.get("grid:code"), said.get("s2:mgrs_tile"), "".join(str(part) for part in parts)):
        match = re.fullmatch(r"(?:MGRS-|T)?0?(\d{1,2}[C-X][A-Z]{2})", one) if isinstance(one, str) else None
        if match:
            return match[1]
    return ""


def _zone(longitude: float) -> int:
    return int((longitude + 180) // _ZONE_DEGREES) + 1


def _of_zone(area: BaseGeometry, epsg: int) -> Iterator[Granule]:
    """Granules of one zone and hemisphere that the area touches."""
    lat_south, lat_north = area.bounds[1], area.bounds[3]
    if (lat_north < 0 and epsg < 32_700) or (lat_south > 0 and epsg >= 32_700):  # noqa: PLR2004 - EPSG
        return
    here = from_lonlat(area, epsg)
    west, south, east, north = here.bounds
    for column in range(int((west - _REACH_M) // _SQUARE_M), int(east // _SQUARE_M) + 1):
        for row in range(int(south // _SQUARE_M), int((north + _REACH_M) // _SQUARE_M) + 1):
            if not 1 <= column <= 8:  # noqa: PLR2004 - a zone has eight columns
                continue
            x, y = column * _SQUARE_M, row * _SQUARE_M
            ground = box(x, y - _REACH_M, x + _SQUARE_M + _REACH_M, y + _SQUARE_M)
            if here.intersects(ground):
                degrees = to_lonlat(ground, epsg)
                for band in _bands(to_lonlat(box(x, y, x + _SQUARE_M, y + _SQUARE_M), epsg)):
                    yield Granule(_name(epsg, column, row, band), degrees.bounds)


def _bands(square: BaseGeometry) -> str:
    """Letters of the latitude bands that a square touches."""
    _, south, _, north = square.bounds
    first, last = (int((lat - _SOUTHERNMOST) // _BAND_DEGREES) for lat in (south, north))
    return "".join(_BANDS[min(max(place, 0), len(_BANDS) - 1)] for place in range(first, last + 1))


def _name(epsg: int, column: int, row: int, band: str) -> str:
    zone = epsg % 100
    return f"{zone}{band}{_COLUMNS[(zone - 1) % 3][column - 1]}{_ROWS[(zone - 1) % 2][row % 20]}"
