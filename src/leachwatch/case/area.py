"""Areas to watch, from any vector file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from leachwatch.case.vector import read_vector, sound

__all__ = ["Area", "read_areas"]


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
    frame = read_vector(path)
    names = [*frame["name"]] if "name" in frame.columns else [None] * len(frame)
    return tuple(
        Area(_name(name, number), sound(shape, f"{path}: feature {number}"))
        for number, (name, shape) in enumerate(zip(names, frame.geometry, strict=True), start=1)
    )


def _name(name: Any, number: int) -> str:
    return name if isinstance(name, str) and name.strip() else f"area {number}"
