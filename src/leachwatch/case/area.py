"""Areas to watch, from any vector file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from leachwatch.errors import AreaError

__all__ = ["Area", "read_areas"]

_VIRTUAL = b"<OGRVRTDataSource"
"""How a file begins, whatever its name, that GDAL takes for a list of other files and addresses."""
_HEAD = 1 << 16


@dataclass(frozen=True)
class Area:
    """One area to watch.

    Attributes
    ----------
    name : str
        From the feature's ``name``, else ``area 1`` and so on.
    geometry : shapely Polygon or MultiPolygon
        In EPSG:4326.
    """

    name: str
    geometry: BaseGeometry


def read_areas(path: str | Path) -> tuple[Area, ...]:
    """Read the areas of a GeoJSON, GeoPackage, shapefile or other vector file.

    Parameters
    ----------
    path : str or Path
        Polygons in any CRS that the file names.

    Returns
    -------
    tuple of Area
        In EPSG:4326, in the file's order.

    Raises
    ------
    AreaError
        If the file is missing, cannot be read, has no polygon, or a polygon is broken or lies off the Earth.
    """
    path = Path(path)
    if not path.is_file():
        raise AreaError(
            f"{path}: there is no such file; give a GeoJSON, GeoPackage or shapefile with polygons"
        )
    with path.open("rb") as file:
        if _VIRTUAL in file.read(_HEAD):
            raise AreaError(f"{path}: leads to other files, which are not opened; export it as GeoJSON")
    try:
        frame: Any = gpd.read_file(path)
    except (DataSourceError, DataLayerError, ValueError, OSError) as error:
        raise AreaError(f"{path}: cannot be read as a vector file; export it as GeoJSON") from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise AreaError(f"{path}: has no features; draw the area to watch as a polygon")
    if frame.crs is not None:
        frame = frame.to_crs(4326)
    names = [*frame["name"]] if "name" in frame.columns else [None] * len(frame)
    return tuple(
        Area(_name(name, number), _polygon(shape, path, number))
        for number, (name, shape) in enumerate(zip(names, frame.geometry, strict=True), start=1)
    )


def _name(name: Any, number: int) -> str:
    return name if isinstance(name, str) and name.strip() else f"area {number}"


def _polygon(shape: BaseGeometry | None, path: Path, number: int) -> BaseGeometry:
    where = f"{path}: feature {number}"
    if shape is None or shape.is_empty:
        raise AreaError(f"{where} is empty; draw a polygon or delete it")
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
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
    return shape


def _on_earth(west: float, south: float, east: float, north: float) -> bool:
    return -180 <= west <= east <= 180 and -84 <= south <= north <= 84  # noqa: PLR2004 - UTM ends at 84
