"""Small hand-made catalogs: one raster value a band, so that every number can be told by eye."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from shapely.geometry import box

from leachwatch import tables
from leachwatch.imagery import BANDS, Access, Band, Finding, Source, find, open_source
from leachwatch.network import Hosts, Transport

FINE = ("blue", "green", "red", "nir")
WEST, NORTH, EPSG = 605_000, 2_875_000, 32647


def raster(
    path: Path, values: NDArray[Any], resolution: int, *, epsg: int = EPSG, west: float = WEST
) -> None:
    with rasterio.open(
        path,
        "w",
        driver="COG",
        width=values.shape[1],
        height=values.shape[0],
        count=1,
        dtype=values.dtype,
        crs=f"EPSG:{epsg}",
        transform=Affine(resolution, 0, west, 0, -resolution, NORTH),
        nodata=0,
    ) as target:
        target.write(values, 1)


def item(  # noqa: PLR0913 - each is one thing that items differ in
    folder: Path,
    day: str = "2022-01-15",
    *,
    values: Mapping[str, int | NDArray[Any]] | None = None,
    bands: Sequence[str] = (*FINE, "swir16", "scl"),
    size: int = 64,
    properties: Mapping[str, Any] | None = None,
    west: int = WEST,
    name: str | None = None,
) -> Path:
    """Write one item with its rasters; 500 in every band and clear unless told otherwise."""
    name = name or f"S2A_47RNJ_{day.replace('-', '')}_0_L2A"
    home = folder / name
    home.mkdir(parents=True)
    assets = {}
    for band in bands:
        resolution = 10 if band in FINE else 20
        side = size * 10 // resolution
        value = (values or {}).get(band, 4 if band == "scl" else 500)
        picture = np.broadcast_to(np.asarray(value, np.uint8 if band == "scl" else np.uint16), (side, side))
        raster(home / f"{band}.tif", np.ascontiguousarray(picture), resolution, west=west)
        assets[band] = {
            "href": f"./{band}.tif",
            "proj:shape": [side, side],
            "proj:transform": [resolution, 0, west, 0, -resolution, NORTH],
            "raster:bands": [{"scale": 0.0001, "offset": 0}],
        }
    described = {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": name,
        "geometry": {"type": "Point", "coordinates": [100.06, 25.97]},
        "bbox": [100.0, 25.9, 100.1, 26.0],
        "properties": {
            "datetime": f"{day}T04:07:11Z",
            "proj:epsg": EPSG,
            "s2:processing_baseline": "05.09",
            "earthsearch:boa_offset_applied": True,
            **(properties or {}),
        },
        "links": [],
        "assets": assets,
    }
    path = home / f"{name}.json"
    path.write_text(json.dumps(described), encoding="utf-8")
    return path


def edit(path: Path, **changes: Any) -> None:
    """Change an item's properties; None takes one away."""
    described = json.loads(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        name = key.replace("__", ":")
        described["properties"].pop(name, None)
        if value is not None:
            described["properties"][name] = value
    path.write_text(json.dumps(described), encoding="utf-8")


def found(
    source: str | Path,
    first: date,
    last: date,
    bands: Sequence[Band] = BANDS,
    *,
    access: Access | None = None,
) -> Finding:
    """What a search of a source finds, wherever on Earth."""
    with open_source(source, access) as opened:
        return find(opened, box(-180, -80, 180, 84), first, last, bands)


def on_disk() -> Source:
    """A source of which only files on this disk are read."""
    return Source("on disk", "on disk", Access(), Transport(Hosts()), None)


def same_tables(one: Path, other: Path) -> bool:
    """Whether two scans wrote the same bytes."""
    return all(
        (one / table.file_name).read_bytes() == (other / table.file_name).read_bytes()
        for table in tables.TABLES
    )
