"""One scene: what a STAC item says of it, and how its numbers become reflectance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any, Literal, get_args

import pystac
from shapely.errors import ShapelyError
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from leachwatch.errors import SceneError
from leachwatch.imagery.grid import PIXEL_M, from_lonlat

__all__ = ["BANDS", "Asset", "Band", "Scene", "scene_from_item"]

Band = Literal[
    "blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "swir16", "swir22", "scl"
]
BANDS: tuple[Band, ...] = get_args(Band)
"""Asset names of Earth Search: B02-B07, B08, B8A, B11, B12 and the scene classification."""

_UTM_NORTH, _UTM_SOUTH = range(32601, 32661), range(32701, 32761)
_OFFSET_SINCE_BASELINE = 4.0
_OFFSET_DN = 1000
"""Added by ESA since processing baseline 04.00 (January 2022, Sentinel-2 products specification)."""


@dataclass(frozen=True)
class Asset:
    """One band's file.

    Attributes
    ----------
    path : Path
        Of the file on disk.
    resolution : int
        Metres a pixel, 10 or 20.
    """

    path: Path
    resolution: int


@dataclass(frozen=True)
class Scene:
    """One acquisition over one granule.

    Attributes
    ----------
    id : str
        Of the STAC item.
    day : date
        Acquisition day, UTC.
    epsg : int
        UTM zone of its grid.
    bounds : tuple of float
        West, south, east, north of its rasters, metres.
    assets : mapping of band to Asset
        At least the bands that were asked for.
    footprint : shapely Polygon
        Where the item says it has data, in the scene's CRS; the rasters' outline where it does not say.
    offset_dn : int
        Digital numbers to take off so that reflectance is DN / 10,000: 0 or 1000.
    baseline : float
        Of ESA's processor; 0 where the item does not say.
    simulated : bool
        Whether the item says it was simulated.
    source : Path
        The item's file.
    """

    id: str
    day: date
    epsg: int
    bounds: tuple[float, float, float, float]
    assets: Mapping[Band, Asset]
    footprint: BaseGeometry
    offset_dn: int
    baseline: float
    simulated: bool
    source: Path


def scene_from_item(item: pystac.Item, bands: Sequence[Band]) -> Scene:
    """Read a STAC item.

    Parameters
    ----------
    item : pystac.Item
        With the assets of Earth Search, `proj:epsg` or `proj:code`, `proj:shape` and `proj:transform`.
    bands : sequence of Band
        The assets that are needed.

    Returns
    -------
    Scene
        Whose grid lies on the 10 m lattice of its UTM zone.

    Raises
    ------
    SceneError
        If an asset is missing or is not a local file, or the item does not say what the scene's grid is.
    """
    name: Any = item.id  # outside data: anything
    if not isinstance(name, str) or not name:
        raise SceneError("has no id")
    missing = [band for band in bands if band not in item.assets]
    if missing:
        raise SceneError(f"{item.id}: has no asset {', '.join(missing)}")
    if item.datetime is None:
        raise SceneError(f"{item.id}: has no datetime")
    epsg = _epsg(item)
    bounds = _bounds(item, item.assets["red" if "red" in bands else bands[0]])
    return Scene(
        id=item.id,
        day=item.datetime.astimezone(UTC).date(),
        epsg=epsg,
        bounds=bounds,
        assets={band: _asset(item, band) for band in bands},
        footprint=_footprint(item, epsg, bounds),
        offset_dn=_offset_dn(item),
        baseline=_number(item.properties.get("s2:processing_baseline"), 0.0),
        simulated=item.properties.get("leachwatch:simulated") is True,
        source=Path(item.get_self_href() or ""),
    )


def _epsg(item: pystac.Item) -> int:
    code = item.properties.get("proj:code") or item.properties.get("proj:epsg")
    text = str(code).upper().removeprefix("EPSG:")
    epsg = int(text) if text.isdigit() else 0
    if epsg not in _UTM_NORTH and epsg not in _UTM_SOUTH:
        raise SceneError(f"{item.id}: proj:code is {code!r}, not a UTM zone such as EPSG:32647")
    return epsg


def _projection(item: pystac.Item, asset: pystac.Asset, name: str, length: int) -> list[float]:
    values = asset.extra_fields.get(name, item.properties.get(name))
    if not isinstance(values, list) or len(values) < length:
        raise SceneError(f"{item.id}: has no {name}")
    numbers = [_number(value, math.nan) for value in values[:length]]
    if not all(math.isfinite(number) for number in numbers):
        raise SceneError(f"{item.id}: {name} is {values}, not numbers")
    return numbers


def _bounds(item: pystac.Item, asset: pystac.Asset) -> tuple[float, float, float, float]:
    height, width = _projection(item, asset, "proj:shape", 2)
    step, skew, west, skew_y, step_y, north = _projection(item, asset, "proj:transform", 6)
    if skew or skew_y or step <= 0 or step_y != -step or west % PIXEL_M or north % PIXEL_M:
        raise SceneError(f"{item.id}: its grid is turned or off the 10 m lattice; it would have to be warped")
    return west, north - height * step, west + width * step, north


def _asset(item: pystac.Item, band: Band) -> Asset:
    asset = item.assets[band]
    path = Path(asset.get_absolute_href() or "")
    # not only addresses with ://; GDAL would also follow /vsicurl/, /vsis3/ and their like
    if not path.is_file():
        raise SceneError(f"{item.id}: asset {band} is no file on this disk")
    step = _projection(item, asset, "proj:transform", 1)[0]
    if step not in (PIXEL_M, 2 * PIXEL_M):
        raise SceneError(f"{item.id}: asset {band} has pixels of {step:g} m, expected 10 or 20")
    return Asset(path, int(step))


def _offset_dn(item: pystac.Item) -> int:
    """Decide by the item: what its provider has taken off already, else its baseline."""
    applied = item.properties.get("earthsearch:boa_offset_applied")
    if applied is True:
        return 0
    baseline = _number(item.properties.get("s2:processing_baseline"), math.nan)
    if math.isfinite(baseline):
        return _OFFSET_DN if baseline >= _OFFSET_SINCE_BASELINE else 0
    rasters = item.assets["red"].extra_fields.get("raster:bands") if "red" in item.assets else None
    if not (isinstance(rasters, list) and rasters and isinstance(rasters[0], dict)):
        return 0
    offset = _number(rasters[0].get("offset"), 0.0)
    if offset not in (0.0, -_OFFSET_DN / 10_000):
        raise SceneError(f"{item.id}: raster:bands has the offset {offset:g}, expected 0 or -0.1")
    return _OFFSET_DN if offset else 0


def _footprint(item: pystac.Item, epsg: int, bounds: tuple[float, float, float, float]) -> BaseGeometry:
    """Ground with data: the item's geometry, which leaves out what the orbit did not reach."""
    rasters = box(*bounds)
    try:
        said = from_lonlat(shape(item.geometry or {}), epsg)
    except (ShapelyError, TypeError, ValueError, AttributeError, LookupError):
        return rasters
    data = said.buffer(PIXEL_M).intersection(rasters) if said.is_valid and said.area > 0 else rasters
    return data if data.area > 0 else rasters


def _number(value: Any, default: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return number if math.isfinite(number) else default
