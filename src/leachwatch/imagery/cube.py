"""Looks as xarray, for users: the same numbers that the scan reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import xarray as xr
from shapely.geometry.base import BaseGeometry

from leachwatch.errors import AreaError, SceneError
from leachwatch.imagery.catalog import find, zones
from leachwatch.imagery.clear import ClearSettings
from leachwatch.imagery.grid import PIXEL_M, Tile, from_lonlat
from leachwatch.imagery.radiometry import RadiometrySettings, verify_offsets
from leachwatch.imagery.rasters import session
from leachwatch.imagery.reader import read
from leachwatch.imagery.scene import BANDS, Band, Scene
from leachwatch.imagery.source import Access, open_source

__all__ = ["open_cube"]

_COLOURS: tuple[Band, ...] = tuple(band for band in BANDS if band != "scl")


def open_cube(  # noqa: PLR0913 - each is one thing that a user may set
    catalog: str | Path,
    area: BaseGeometry,
    first: date,
    last: date,
    *,
    bands: Sequence[Band] = _COLOURS,
    clear: ClearSettings | None = None,
    access: Access | None = None,
) -> xr.Dataset:
    """Read an area's looks, as the scan sees them.

    Parameters
    ----------
    catalog : str or Path
        A name such as ``earth-search``, the address of a STAC API or static catalog, or a path.
    area : shapely geometry
        In EPSG:4326.
    first, last : date
        Acquisition days, both included.
    bands : sequence of Band
        Which bands to read.
    clear : ClearSettings, optional
        How the scene classification is read.
    access : Access, optional
        What may be asked of whom.

    Returns
    -------
    xarray.Dataset
        One uint16 variable a band, dimensions (time, y, x): reflectance x 10,000 with the offset taken off,
        0 where there is nothing; ``clear``, True where the ground was seen; ``spatial_ref`` with the CRS,
        that of the UTM zone whose scenes cover most of the area. Scenes that could not be used are named in
        the attribute ``skipped``. The whole is in memory: choose an area that fits.

    Raises
    ------
    CatalogError
        If the catalog cannot be used or has no scene in the period.
    NetworkError
        If there is no network to use.
    SceneError
        If there is no such band, or none is named.
    AreaError
        If no scene touches the area.
    """
    if not bands:
        raise SceneError(f"there is no band to read; name one at least of {', '.join(_COLOURS)}")
    unknown = sorted(set(bands) - set(_COLOURS))
    if unknown:
        raise SceneError(f"there is no band {', '.join(unknown)}; choose from {', '.join(_COLOURS)}")
    with open_source(catalog, access) as source, session():
        checks = RadiometrySettings()
        optional = tuple(band for band in checks.bands if band not in bands)
        finding = find(source, area, first, last, (*bands, "scl"), optional=optional)
        verified = verify_offsets(finding.scenes, checks, source)
        epsg = max(zones(finding.scenes), key=lambda code: _overlap(area, finding.scenes, code))
        tile = _window(from_lonlat(area, epsg), epsg)
        stack = read(tile, verified.scenes, bands, clear or ClearSettings(), source)
    skipped = (*finding.skipped, *verified.wrong, *verified.clouded, *stack.skipped)
    days = sorted({*stack.days, *stack.hidden})
    if not days and skipped:
        raise SceneError(f"{catalog}: no scene can be read ({skipped[0].scene}: {skipped[0].reason})")
    if not days:
        raise AreaError(f"no scene of {catalog} touches the area; check that its coordinates are lon, lat")
    west, _, _, north = tile.bounds
    cube = xr.Dataset(
        {
            **{band: (("time", "y", "x"), stack.band(band)) for band in bands},
            "clear": (("time", "y", "x"), stack.valid),
        },
        coords={
            "time": np.array(stack.days, "datetime64[ns]"),
            "y": north - PIXEL_M * (np.arange(tile.height) + 0.5),
            "x": west + PIXEL_M * (np.arange(tile.width) + 0.5),
            "spatial_ref": ((), 0, pyproj.CRS.from_epsg(epsg).to_cf()),
        },
        attrs={"skipped": [f"{one.scene}: {one.reason}" for one in skipped]},
    )
    nothing: dict[str, Any] = {**dict.fromkeys(bands, np.uint16(0)), "clear": np.False_}
    return cube.reindex(time=np.array(days, "datetime64[ns]"), fill_value=nothing, copy=False)


def _overlap(area: BaseGeometry, scenes: Sequence[Scene], epsg: int) -> float:
    """Area that the scenes of a zone have, m² summed over scenes."""
    here = from_lonlat(area, epsg)
    return float(sum(here.intersection(scene.footprint).area for scene in scenes if scene.epsg == epsg))


def _window(area: BaseGeometry, epsg: int) -> Tile:
    west, south, east, north = area.bounds
    column, row = int(west // PIXEL_M), int(-north // PIXEL_M)
    return Tile(epsg, column, row, int(-(-east // PIXEL_M)) - column, int(-(south // PIXEL_M)) - row)
