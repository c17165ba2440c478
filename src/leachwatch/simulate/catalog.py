"""The static STAC catalog, laid out as Earth Search lays out ``sentinel-2-l2a``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pystac
import rasterio
from numpy.typing import NDArray
from shapely import Polygon

from leachwatch.simulate.chance import happens
from leachwatch.simulate.granules import Granule
from leachwatch.simulate.grid import EPSG, Grid, lonlat
from leachwatch.simulate.sensor import COARSE, FINE
from leachwatch.simulate.sun import Sun

__all__ = ["Gap", "Processing", "Scene", "write_catalog", "write_scene"]

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
    announced : bool or None
        Whether the item says so; None where it says nothing of the offset.
    new_projection : bool
        Whether the item names its grid by ``proj:code`` instead of ``proj:epsg``.
    """

    baseline: str
    applied: bool
    announced: bool | None
    new_projection: bool

    @property
    def added(self) -> int:
        """What the digital numbers still have on top."""
        return 0 if self.applied else 1000

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Processing:
        """Draw one."""
        baseline = str(rng.choice(["05.00", "05.09", "05.10", "05.11"]))
        applied = happens(rng, 0.55)  # about half
        return cls(baseline, applied, announced=applied, new_projection=happens(rng, 0.35))


@dataclass(frozen=True)
class Gap:
    """An asset that is missing.

    Attributes
    ----------
    asset : str
        Its name.
    listed : bool
        True where the item has it all the same, but no file is there.
    """

    asset: str
    listed: bool


@dataclass(frozen=True, eq=False)
class Scene:
    """One look over one granule, coded.

    Attributes
    ----------
    granule : Granule
        Ground of its rasters.
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
    number : int
        Tells processings of one acquisition apart.
    footprint : Polygon or None
        Ground that the item says it shows, UTM; None for all of the granule.
    gap : Gap or None
        What is missing.
    """

    granule: Granule
    day: date
    platform: str
    sun: Sun
    processing: Processing
    fine: NDArray[np.uint16]
    coarse: NDArray[np.uint16]
    classes: NDArray[np.uint8]
    cloud_cover: float
    number: int = 0
    footprint: Polygon | None = None
    gap: Gap | None = None

    @property
    def name(self) -> str:
        """Name in Earth Search's manner."""
        letter = self.platform[-1].upper()
        return f"S2{letter}_{self.granule.mgrs}_{self.day:%Y%m%d}_{self.number}_L2A"

    @property
    def ring(self) -> list[tuple[float, float]]:
        """Outline of what it says it shows, longitude and latitude, closed, anticlockwise."""
        ground = self.granule.outline if self.footprint is None else self.footprint
        return lonlat((east, north) for east, north in ground.exterior.coords)

    def files(self) -> Iterator[tuple[str, int, NDArray[np.uint16] | NDArray[np.uint8]]]:
        """Give every asset's name, pixel in metres, and image."""
        yield from ((name, 10, image) for name, image in zip(FINE, self.fine, strict=True))
        yield from ((name, 20, image) for name, image in zip(COARSE, self.coarse, strict=True))
        yield "scl", 20, self.classes


def write_scene(folder: Path, scene: Scene) -> pystac.Item:
    """Write a scene's rasters and describe them.

    Parameters
    ----------
    folder : Path
        The catalog's.
    scene : Scene
        What to write.

    Returns
    -------
    Item
        Not yet written.
    """
    home = folder / COLLECTION / scene.name
    home.mkdir(parents=True, exist_ok=True)
    item = _item(scene)
    for name, resolution, image in scene.files():
        lost = scene.gap is not None and scene.gap.asset == name
        if not lost:
            _write_raster(home / f"{name}.tif", scene.granule, resolution, image)
        if not lost or (scene.gap is not None and scene.gap.listed):
            item.add_asset(name, _asset(scene, name, resolution))
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


def _item(scene: Scene) -> pystac.Item:
    ring, processing = scene.ring, scene.processing
    lon, lat = zip(*ring, strict=True)
    projection = {"proj:code": f"EPSG:{EPSG}"} if processing.new_projection else {"proj:epsg": EPSG}
    offset = {} if processing.announced is None else {"earthsearch:boa_offset_applied": processing.announced}
    return pystac.Item(
        id=scene.name,
        geometry={"type": "Polygon", "coordinates": [ring]},
        bbox=[min(lon), min(lat), max(lon), max(lat)],
        datetime=datetime(scene.day.year, scene.day.month, scene.day.day, 4, 7, 11, tzinfo=UTC),
        properties={
            "title": f"Simulated {scene.name}",
            "description": _NOTE,
            "platform": scene.platform,
            "constellation": "sentinel-2",
            "instruments": ["msi"],
            "gsd": 10,
            "eo:cloud_cover": scene.cloud_cover,
            "grid:code": f"MGRS-{scene.granule.mgrs}",
            "view:sun_elevation": round(scene.sun.elevation, 4),
            "view:sun_azimuth": round(scene.sun.azimuth, 4),
            "s2:processing_baseline": processing.baseline,
            **offset,
            "leachwatch:simulated": True,
            **projection,
        },
        stac_extensions=[
            *_EXTENSIONS,
            _PROJECTION.format("2.0.0" if processing.new_projection else "1.1.0"),
        ],
    )


def _asset(scene: Scene, name: str, resolution: int) -> pystac.Asset:
    place = {
        "proj:shape": list(scene.granule.shape(resolution)),
        "proj:transform": list(scene.granule.transform(resolution))[:6],
    }
    title, roles, extra = _classes() if name == "scl" else _band(name, resolution, scene.processing)
    return pystac.Asset(
        href=f"./{name}.tif",
        title=title,
        media_type=pystac.MediaType.COG,
        roles=roles,
        extra_fields=extra | place,
    )


def _band(name: str, resolution: int, processing: Processing) -> tuple[str, list[str], dict[str, Any]]:
    """Title, roles and fields of a band's asset."""
    band = {"nodata": 0, "data_type": "uint16", "bits_per_sample": 15, "spatial_resolution": resolution}
    scaling: dict[str, float] = {"scale": 0.0001}
    if processing.announced is not None:
        scaling["offset"] = 0 if processing.announced else -0.1
    extra = {
        "eo:bands": [{"name": name, "common_name": name if not name.startswith("rededge") else "rededge"}],
        "raster:bands": [band | scaling],
    }
    return f"{name} ({_BAND_NAMES[name]}), {resolution} m, simulated", ["data", "reflectance"], extra


def _classes() -> tuple[str, list[str], dict[str, Any]]:
    """Title, roles and fields of the classification's asset."""
    extra = {"raster:bands": [{"nodata": 0, "data_type": "uint8", "spatial_resolution": 20}]}
    return "Scene classification map (SCL), 20 m, simulated", ["data"], extra


def _write_raster(
    path: Path, granule: Granule, resolution: int, image: NDArray[np.uint16] | NDArray[np.uint8]
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
        transform=granule.transform(resolution),
        nodata=0,
        compress="deflate",
        predictor=2,
        level=6,
        blocksize=512,
    ) as target:
        target.write(image, 1)
