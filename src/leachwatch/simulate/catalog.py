"""The static STAC catalog, laid out as Earth Search lays out ``sentinel-2-l2a``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pystac
import rasterio
from numpy.typing import NDArray

from leachwatch.simulate.chance import happens
from leachwatch.simulate.grid import EPSG, Grid
from leachwatch.simulate.sensor import COARSE, FINE
from leachwatch.simulate.sun import Sun

__all__ = ["Processing", "Scene", "write_catalog", "write_scene"]

COLLECTION = "sentinel-2-l2a"

_EXTENSIONS = [
    "https://stac-extensions.github.io/eo/v1.1.0/schema.json",
    "https://stac-extensions.github.io/grid/v1.1.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
    "https://stac-extensions.github.io/view/v1.0.0/schema.json",
]
_PROJECTION = "https://stac-extensions.github.io/projection/v{}/schema.json"
_BAND_NAMES = {
    "blue": "B02", "green": "B03", "red": "B04", "rededge1": "B05", "rededge2": "B06", "rededge3": "B07",
    "nir": "B08", "nir08": "B8A", "swir16": "B11", "swir22": "B12",
}  # fmt: skip
_NOTE = "Simulated: made by leachwatch from random numbers; it shows no real place."


@dataclass(frozen=True)
class Processing:
    """How the provider coded a scene.

    Attributes
    ----------
    baseline : str
        Of the processor, such as ``05.09``.
    applied : bool
        Whether the provider has taken the offset of 1000 away already.
    new_projection : bool
        Whether the item names its grid by ``proj:code`` instead of ``proj:epsg``.
    """

    baseline: str
    applied: bool
    new_projection: bool

    @property
    def added(self) -> int:
        """What the digital numbers still have on top."""
        return 0 if self.applied else 1000

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Processing:
        """Draw one."""
        baseline = str(rng.choice(["05.00", "05.09", "05.10", "05.11"]))
        return cls(baseline, applied=happens(rng, 0.55), new_projection=happens(rng, 0.35))  # about half


@dataclass(frozen=True, eq=False)
class Scene:
    """One look, coded.

    Attributes
    ----------
    day : date
        Acquisition.
    platform : str
        ``sentinel-2a`` or ``sentinel-2b``.
    sun : Sun
        At the overpass.
    processing : Processing
        How it is coded.
    fine : ndarray of uint16, shape (4, y, x)
        Bands of 10 m.
    coarse : ndarray of uint16, shape (6, y, x)
        Bands of 20 m.
    classes : ndarray of uint8, shape (y, x)
        Scene classification, 20 m.
    cloud_cover : float
        Percent.
    """

    day: date
    platform: str
    sun: Sun
    processing: Processing
    fine: NDArray[np.uint16]
    coarse: NDArray[np.uint16]
    classes: NDArray[np.uint8]
    cloud_cover: float

    def name(self, grid: Grid) -> str:
        """Name it in Earth Search's manner."""
        letter = self.platform[-1].upper()
        return f"S2{letter}_{grid.mgrs}_{self.day:%Y%m%d}_0_L2A"


def write_scene(folder: Path, grid: Grid, scene: Scene) -> pystac.Item:
    """Write a scene's rasters and describe them.

    Parameters
    ----------
    folder : Path
        The catalog's.
    grid : Grid
        The district.
    scene : Scene
        What to write.

    Returns
    -------
    Item
        Not yet written.
    """
    home = folder / COLLECTION / scene.name(grid)
    home.mkdir(parents=True, exist_ok=True)
    item = _item(grid, scene)
    for names, images, resolution in ((FINE, scene.fine, 10), (COARSE, scene.coarse, 20)):
        for name, image in zip(names, images, strict=True):
            _write_raster(home / f"{name}.tif", grid, resolution, image)
            item.add_asset(name, _asset(grid, name, resolution, scene.processing))
    _write_raster(home / "scl.tif", grid, 20, scene.classes)
    item.add_asset("scl", _class_asset(grid))
    return item


def write_catalog(folder: Path, grid: Grid, items: Sequence[pystac.Item]) -> Path:
    """Write the catalog, its collection and its items.

    Returns
    -------
    Path
        ``catalog.json``.
    """
    lon, lat = zip(*grid.ring(), strict=True)
    times = [item.datetime for item in items]
    extent = pystac.Extent(
        pystac.SpatialExtent([[min(lon), min(lat), max(lon), max(lat)]]),
        pystac.TemporalExtent([[min(t for t in times if t), max(t for t in times if t)]]),
    )
    catalog = pystac.Catalog("leachwatch-simulated", _NOTE, title="Simulated district")
    collection = pystac.Collection(
        COLLECTION, _NOTE, extent, title="Simulated Sentinel-2 Level-2A", license="Apache-2.0"
    )
    catalog.add_child(collection)
    collection.add_items(items)
    catalog.normalize_hrefs(str(folder))
    catalog.save(pystac.CatalogType.SELF_CONTAINED)
    return folder / "catalog.json"


def _item(grid: Grid, scene: Scene) -> pystac.Item:
    ring = grid.ring()
    lon, lat = zip(*ring, strict=True)
    projection = {"proj:code": f"EPSG:{EPSG}"} if scene.processing.new_projection else {"proj:epsg": EPSG}
    return pystac.Item(
        id=scene.name(grid),
        geometry={"type": "Polygon", "coordinates": [ring]},
        bbox=[min(lon), min(lat), max(lon), max(lat)],
        datetime=datetime(scene.day.year, scene.day.month, scene.day.day, 4, 7, 11, tzinfo=UTC),
        properties={
            "title": f"Simulated {scene.name(grid)}",
            "description": _NOTE,
            "platform": scene.platform,
            "constellation": "sentinel-2",
            "instruments": ["msi"],
            "gsd": 10,
            "eo:cloud_cover": scene.cloud_cover,
            "grid:code": f"MGRS-{grid.mgrs}",
            "view:sun_elevation": round(scene.sun.elevation, 4),
            "view:sun_azimuth": round(scene.sun.azimuth, 4),
            "s2:processing_baseline": scene.processing.baseline,
            "earthsearch:boa_offset_applied": scene.processing.applied,
            "leachwatch:simulated": True,
            **projection,
        },
        stac_extensions=[
            *_EXTENSIONS,
            _PROJECTION.format("2.0.0" if scene.processing.new_projection else "1.1.0"),
        ],
    )


def _asset(grid: Grid, name: str, resolution: int, processing: Processing) -> pystac.Asset:
    band = {"nodata": 0, "data_type": "uint16", "bits_per_sample": 15, "spatial_resolution": resolution}
    scaling = {"scale": 0.0001, "offset": 0 if processing.applied else -0.1}
    title = f"{name} ({_BAND_NAMES[name]}), {resolution} m, simulated"
    extra = {
        "eo:bands": [{"name": name, "common_name": name if not name.startswith("rededge") else "rededge"}],
        "raster:bands": [band | scaling],
    }
    return _described(grid, name, resolution, title, extra)


def _class_asset(grid: Grid) -> pystac.Asset:
    extra = {"raster:bands": [{"nodata": 0, "data_type": "uint8", "spatial_resolution": 20}]}
    return _described(grid, "scl", 20, "Scene classification map (SCL), 20 m, simulated", extra)


def _described(grid: Grid, name: str, resolution: int, title: str, extra: dict[str, Any]) -> pystac.Asset:
    side = grid.size * 10 // resolution
    place = {"proj:shape": [side, side], "proj:transform": list(grid.transform(resolution))[:6]}
    return pystac.Asset(
        href=f"./{name}.tif",
        title=title,
        media_type=pystac.MediaType.COG,
        roles=["data", "reflectance"] if name != "scl" else ["data"],
        extra_fields=extra | place,
    )


def _write_raster(
    path: Path, grid: Grid, resolution: int, image: NDArray[np.uint16] | NDArray[np.uint8]
) -> None:
    rows, columns = image.shape
    with rasterio.open(
        path,
        "w",
        driver="COG",
        width=columns,
        height=rows,
        count=1,
        dtype=image.dtype,
        crs=f"EPSG:{EPSG}",
        transform=grid.transform(resolution),
        nodata=0,
        compress="deflate",
        predictor=2,
        level=6,
        blocksize=512,
    ) as target:
        target.write(image, 1)
