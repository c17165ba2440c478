"""One scene: what a STAC item says of it, and how its numbers become reflectance."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urljoin

import pystac
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from leachwatch.errors import SceneError
from leachwatch.imagery.granules import granule_of
from leachwatch.imagery.grid import PIXEL_M, from_lonlat
from leachwatch.network import Hosts, is_address

__all__ = ["BANDS", "FINE", "Asset", "Band", "Scene", "scene_from_item", "short"]

Band = Literal[
    "blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "swir16", "swir22", "scl"
]
BANDS: tuple[Band, ...] = get_args(Band)
"""Asset names of Earth Search: B02-B07, B08, B8A, B11, B12 and the scene classification."""

FINE: tuple[Band, ...] = ("blue", "green", "red", "nir")
"""Bands of 10 m."""

_OTHER_NAMES: Mapping[Band, tuple[str, ...]] = {
    "blue": ("B02",), "green": ("B03",), "red": ("B04",), "rededge1": ("B05",), "rededge2": ("B06",),
    "rededge3": ("B07",), "nir": ("B08",), "nir08": ("B8A",), "swir16": ("B11",), "swir22": ("B12",),
    "scl": ("SCL",),
}  # fmt: skip
"""What other providers call them, such as the Planetary Computer."""

_NAME = re.compile(r"(?!\.)[\w.:+\-]{1,200}")
_LONGEST_REASON = 300
_MOST_CORNERS = 1000
_LARGEST_FILE, _LONGEST_SIDE = 1 << 40, 1 << 32
_UTM_NORTH, _UTM_SOUTH = range(32601, 32661), range(32701, 32761)
_OFFSET_SINCE_BASELINE = 4.0
_OFFSET_DN = 1000
"""Added by ESA since processing baseline 04.00 (January 2022, Sentinel-2 products specification)."""


@dataclass(frozen=True)
class Asset:
    """One band's file.

    Attributes
    ----------
    href : str
        Path of the file on this disk, or its address.
    resolution : int
        Metres a pixel, 10 or 20.
    size : int or None
        Bytes of the file, where the item or the disk says it.
    """

    href: str
    resolution: int
    size: int | None = None

    @property
    def remote(self) -> bool:
        """Whether it is beyond this disk."""
        return is_address(self.href)

    @property
    def name(self) -> str:
        """Last part of its path."""
        return re.split(r"[/\\]", self.href.partition("?")[0])[-1]


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
    granule : str
        MGRS name of its square, such as ``47RNJ``; empty where the item does not say it.
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
    digest : str
        SHA-256 of what the item says, wherever it was read: another one means another scene.
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
    digest: str
    granule: str = ""


def scene_from_item(
    content: Mapping[str, Any],
    where: str,
    bands: Sequence[Band],
    *,
    optional: Sequence[Band] = (),
    hosts: Hosts | None = None,
) -> Scene:
    """Read a STAC item.

    Parameters
    ----------
    content : mapping
        The item as its JSON says, STAC 0.9 to 1.1. With the assets of Earth Search, or bands named B02 to B12
        and SCL; `proj:epsg` or `proj:code`, `proj:shape` and `proj:transform`.
    where : str
        Path or address that its links are relative to.
    bands : sequence of Band
        The assets that are needed.
    optional : sequence of Band
        Those that are taken where the item has them.
    hosts : Hosts, optional
        That its assets may be on; none if not given.

    Returns
    -------
    Scene
        Whose grid lies on the 10 m lattice of its UTM zone.

    Raises
    ------
    SceneError
        If an asset is missing or is where it may not be, or the item does not say what the scene's grid is.
    """
    try:
        return _scene(content, where, (bands, optional), hosts or Hosts())
    except SceneError as error:
        raise SceneError(short(error)) from error
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError) as error:
        raise SceneError(f"is not as STAC says ({short(error)})") from error


def _scene(
    content: Mapping[str, Any], where: str, wanted: tuple[Sequence[Band], Sequence[Band]], hosts: Hosts
) -> Scene:
    bands, optional = wanted
    name: Any = content.get("id")  # outside data: anything
    if not isinstance(name, str) or not name:
        raise SceneError("has no id")
    if not _NAME.fullmatch(name):
        raise SceneError(f"its id {name[:60]!r} could be a path; only letters, digits and .:+_- are taken")
    item = _item(content, where)
    names = {band: found for band in (*bands, *optional) if (found := _asset_name(item, band))}
    missing = [band for band in bands if band not in names]
    if missing:
        raise SceneError(f"has no asset {', '.join(missing)}")
    if item.datetime is None:
        raise SceneError("has no datetime")
    epsg = _epsg(item)
    assets = {band: _asset(item, name, band, where, hosts) for band, name in names.items()}
    red = names["red" if "red" in names else bands[0]]
    bounds = _bounds(item, item.assets[red])
    return Scene(
        id=item.id,
        day=item.datetime.astimezone(UTC).date(),
        epsg=epsg,
        bounds=bounds,
        granule=granule_of(item.properties),
        assets=assets,
        footprint=_footprint(item, epsg, bounds),
        offset_dn=_offset_dn(item, names),
        baseline=_number(item.properties.get("s2:processing_baseline"), 0.0),
        simulated=item.properties.get("leachwatch:simulated") is True,
        digest=_digest(content),
    )


def _item(content: Mapping[str, Any], where: str) -> pystac.Item:
    # without links: hrefs are relative to where the item was read, not to where it says it is
    without = {**content, "links": []}
    try:
        return pystac.Item.from_dict(without, href=where, preserve_dict=False)
    except Exception as error:  # outside data: whatever it does, it is named
        raise SceneError(f"is not as STAC says ({short(error)})") from error


def _digest(content: Mapping[str, Any]) -> str:
    """Of what the item says of itself; links differ between places where the same item is kept."""
    said = {key: value for key, value in content.items() if key != "links"}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _asset_name(item: pystac.Item, band: Band) -> str | None:
    return next((name for name in (band, *_OTHER_NAMES[band]) if name in item.assets), None)


def _epsg(item: pystac.Item) -> int:
    code = item.properties.get("proj:code") or item.properties.get("proj:epsg")
    text = str(code).upper().removeprefix("EPSG:")
    epsg = int(text) if text.isdigit() else 0
    if epsg not in _UTM_NORTH and epsg not in _UTM_SOUTH:
        raise SceneError(f"proj:code is {str(code)[:40]!r}, not a UTM zone such as EPSG:32647")
    return epsg


def _projection(item: pystac.Item, asset: pystac.Asset, name: str, length: int) -> list[float]:
    values = asset.extra_fields.get(name, item.properties.get(name))
    if not isinstance(values, list) or len(values) < length:
        raise SceneError(f"has no {name}")
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values[:length]):
        raise SceneError(f"{name} is {str(values)[:60]}, not numbers")
    numbers = [_number(value, math.nan) for value in values[:length]]
    if not all(math.isfinite(number) for number in numbers):
        raise SceneError(f"{name} is {str(values)[:60]}, not numbers")
    return numbers


def _bounds(item: pystac.Item, asset: pystac.Asset) -> tuple[float, float, float, float]:
    height, width = _projection(item, asset, "proj:shape", 2)
    if height % 1 or width % 1 or not (0 < height < _LONGEST_SIDE and 0 < width < _LONGEST_SIDE):
        raise SceneError(f"proj:shape is {height:g}, {width:g}, no size of a scene")
    step, skew, west, skew_y, step_y, north = _projection(item, asset, "proj:transform", 6)
    if skew or skew_y or step <= 0 or step_y != -step or west % PIXEL_M or north % PIXEL_M:
        raise SceneError("its grid is turned or off the 10 m lattice; it would have to be warped")
    return west, north - height * step, west + width * step, north


def _asset(item: pystac.Item, name: str, band: Band, where: str, hosts: Hosts) -> Asset:
    asset = item.assets[name]
    href = str(asset.href)
    try:
        href = _placed(href, where)
        if is_address(href):
            hosts.check(href)
    except SceneError as error:
        raise SceneError(f"asset {band} {error}") from error
    size = _size(asset, href)
    if not is_address(href) and size is None:
        raise SceneError(f"asset {band} is no file on this disk")
    step = _projection(item, asset, "proj:transform", 1)[0]
    if step not in (PIXEL_M, 2 * PIXEL_M):
        raise SceneError(f"asset {band} has pixels of {step:g} m, expected 10 or 20")
    return Asset(href, int(step), size)


def _placed(href: str, where: str) -> str:
    """Place an asset beside its item; what an item from elsewhere names is elsewhere too."""
    if is_address(href):
        return href
    return urljoin(where, href) if is_address(where) else str(Path(where).parent / href)


def _size(asset: pystac.Asset, href: str) -> int | None:
    if is_address(href):
        size = asset.extra_fields.get("file:size")
        return size if isinstance(size, int) and 0 < size < _LARGEST_FILE else None
    try:
        path = Path(href)
        return path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):
        return None


def _offset_dn(item: pystac.Item, names: Mapping[Band, str]) -> int:
    """Decide by the item: what its provider has taken off already, else its baseline, else its rasters."""
    applied = item.properties.get("earthsearch:boa_offset_applied")
    if applied is True:
        return 0
    baseline = _number(item.properties.get("s2:processing_baseline"), math.nan)
    if math.isfinite(baseline):
        return _OFFSET_DN if baseline >= _OFFSET_SINCE_BASELINE else 0
    offset = _said_offset(item.assets[names["red"]]) if "red" in names else 0.0
    if offset not in (0.0, -_OFFSET_DN / 10_000):
        raise SceneError(f"its red band has the offset {offset:g}, expected 0 or -0.1")
    return _OFFSET_DN if offset else 0


def _said_offset(asset: pystac.Asset) -> float:
    """Offset of an asset's raster: `raster:bands` of STAC 1.0, `bands` or the asset itself of 1.1."""
    for name, key in (("raster:bands", "offset"), ("bands", "raster:offset")):
        parts = asset.extra_fields.get(name)
        if isinstance(parts, list) and parts and isinstance(parts[0], dict) and key in parts[0]:
            return _number(parts[0][key], 0.0)
    return _number(asset.extra_fields.get("raster:offset"), 0.0)


def _footprint(item: pystac.Item, epsg: int, bounds: tuple[float, float, float, float]) -> BaseGeometry:
    """Ground with data: the item's geometry, which leaves out what the orbit did not reach."""
    rasters = box(*bounds)
    try:
        outline = shape(item.geometry or {})
        if shapely.get_num_coordinates(outline) > _MOST_CORNERS:
            return rasters
        said = from_lonlat(outline, epsg)
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


def short(error: Exception) -> str:
    """Say what a library said, in one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:_LONGEST_REASON]
