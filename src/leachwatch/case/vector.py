"""Vector files that people bring: read in degrees, without following where they lead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from leachwatch.case.records.inside import leads_elsewhere
from leachwatch.errors import AreaError

__all__ = ["read_vector", "sound"]

_HEAD = 1 << 16
_DEGREES = (-180.0, -90.0, 180.0, 90.0)
_METRES_AT_LEAST = 1_000.0
"""A projected place nearer than this to the origin of its CRS in both directions is one in degrees."""


def read_vector(path: Path, *, layer: str = "") -> Any:
    """Read a GeoJSON, GeoPackage, shapefile or other vector file.

    Parameters
    ----------
    path : Path
        Features in any CRS that the file names; degrees where it names none.
    layer : str
        Which layer; needed where there are several.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326, in the file's order.

    Raises
    ------
    AreaError
        If the file is missing, leads to others, cannot be read, has no feature, or its CRS is not that of
        its coordinates.
    """
    if not path.is_file():
        raise AreaError(
            f"{path}: there is no such file; give a GeoJSON, GeoPackage or shapefile with polygons"
        )
    if leads_elsewhere(path):
        raise AreaError(f"{path}: leads to other files, which are not opened; export it as GeoJSON")
    try:
        frame: Any = gpd.read_file(path, layer=layer or _only_layer(path))
    except (DataSourceError, DataLayerError, ValueError, OSError) as error:
        raise AreaError(f"{path}: cannot be read as a vector file; export it as GeoJSON") from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise AreaError(f"{path}: has no features; draw the area to watch as a polygon")
    _check_crs(path, frame)
    if frame.crs is None or frame.crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return frame.set_crs(4326, allow_override=True)
    return frame.to_crs(4326)


def _only_layer(path: Path) -> str | None:
    names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if len(names) > 1:
        shown = ", ".join(names[:5])
        raise AreaError(f"{path}: has {len(names)} layers ({shown}); name one, or keep one alone")
    return names[0] if names else None


def _check_crs(path: Path, frame: Any) -> None:
    """Refuse coordinates that cannot be in the CRS that the file names, and more CRS than one."""
    if frame.crs is not None and frame.crs.is_projected:
        bounds = frame.total_bounds
        if np.isfinite(bounds).all() and (np.abs(bounds) < _METRES_AT_LEAST).all():
            raise AreaError(
                f"{path}: names {frame.crs.to_string()[:40]}, whose unit is the metre, but its coordinates "
                "look like degrees; name EPSG:4326 in it"
            )
    inside = np.array([_within(bounds, _DEGREES) for bounds in frame.bounds.to_numpy()])
    geographic = frame.crs is None or frame.crs.is_geographic
    if geographic and inside.any() and not inside.all():
        odd, other = int((~inside).argmax()) + 1, int(inside.argmax()) + 1
        raise AreaError(f"{path}: feature {odd} is not in the CRS of feature {other}; bring all to one")
    named = _own_crs(path)
    if len(named) > 1:
        shown = ", ".join(sorted(named))
        raise AreaError(f"{path}: names more than one CRS ({shown}); bring all to one")


def _within(bounds: np.ndarray, limits: tuple[float, float, float, float]) -> bool:
    if np.isnan(bounds).any():
        return True  # an empty shape is nowhere
    west, south, east, north = bounds
    return bool(limits[0] <= west and limits[1] <= south and east <= limits[2] and north <= limits[3])


def _own_crs(path: Path) -> set[str]:
    """CRS that a GeoJSON file names in itself and in its features, of which GDAL heeds the first alone."""
    with path.open("rb") as file:
        content = file.read(_HEAD)
        if content.lstrip()[:1] != b"{":
            return set()
        content += file.read()
    if content.count(b'"crs"') <= 1:
        return set()
    try:
        whole = json.loads(content)
        features = [one for one in whole.get("features", ()) if isinstance(one, dict)]
        named = [one["crs"] for one in (whole, *features) if one.get("crs")]
        return {CRS.from_user_input(one["properties"]["name"]).to_string() for one in named}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ProjError):
        return set()


def sound(shape: BaseGeometry | None, where: str, *, kinds: tuple[str, ...] = ("Polygon",)) -> BaseGeometry:
    """Shape of a feature, if it can be used.

    Parameters
    ----------
    shape : shapely geometry or None
        In degrees.
    where : str
        File and feature, for messages.
    kinds : tuple of str
        What it may be, alone or several.

    Raises
    ------
    AreaError
        If it is empty, of another kind, crosses itself, or lies off the Earth.
    """
    if shape is None or shape.is_empty:
        raise AreaError(f"{where} is empty; draw a polygon or delete it")
    if shape.geom_type.removeprefix("Multi") not in kinds:
        raise AreaError(f"{where} is a {shape.geom_type}, not a polygon; draw its outline")
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        raise AreaError(f"{where} is not a valid polygon ({reason}); redraw it or buffer it by 0")
    west, south, east, north = shape.bounds
    if not _on_earth(west, south, east, north):
        reach = f"{where} reaches {west:g}, {south:g} to {east:g}, {north:g}"
        if _on_earth(south, west, north, east):
            raise AreaError(f"{reach}: lat and lon look swapped; write lon first, then lat")
        raise AreaError(f"{reach}, which is no lon, lat; name its CRS in the file or write degrees")
    return shapely.force_2d(shape)


def _on_earth(west: float, south: float, east: float, north: float) -> bool:
    return -180 <= west <= east <= 180 and -84 <= south <= north <= 84  # noqa: PLR2004 - UTM ends at 84
