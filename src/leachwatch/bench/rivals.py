"""Rivals: the same ground worked with what a user would pick instead of leachwatch.

The only importer of odc-stac and LightGBM; both are in the extra ``bench``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import geopandas as gpd
import numpy as np
import pystac
import xarray as xr
from numpy.typing import NDArray
from rasterio.features import shapes
from scipy.ndimage import label
from shapely.geometry import shape

from leachwatch.detect import DetectSettings
from leachwatch.errors import BenchError
from leachwatch.imagery import PIXEL_M, ClearSettings

__all__ = ["assemble", "boost", "check_rivals", "train_boost"]

_CHUNK = 2048
"""Pixels along the side of a chunk, as the examples of odc-stac have it; smaller ones are slower."""
_DN, _OFFSET = 1e-4, -0.1
_TREES, _LEAVES = 100, 31
_SAMPLE = 20_000
_LEAST = 2  # quarters in which a pixel must show a pool


def check_rivals() -> None:
    """See that they are installed.

    Raises
    ------
    BenchError
        Which says how to install them.
    """
    for name in ("odc.stac", "lightgbm"):
        _needed(name)


def assemble(catalog: Path, out: Path, threads: int) -> int:
    """Find pools with odc-stac, xarray and dask: medians of three months, thresholds, outlines in a file.

    All ten bands, the classes that leachwatch hides and its margin around clouds, as many threads. What it
    does not do is in ``docs/method/speed.md``.

    Parameters
    ----------
    catalog : Path
        A static catalog.
    out : Path
        File for the outlines.
    threads : int
        Of dask.

    Returns
    -------
    int
        Groups of pool pixels.
    """
    with _dask(threads):
        values = _load(catalog)
        clear = _clear(values.scl)
        medians = _reflectance(values, clear).resample(time="QS").median(skipna=True)
        return _write(_pools(medians).to_numpy(), values.odc.geobox, out)


def boost(catalog: Path, out: Path, threads: int, model: Any) -> int:
    """Find pools with a LightGBM over every pixel of every look that shows the ground.

    Parameters
    ----------
    catalog, out, threads
        As `assemble` takes them.
    model : lightgbm.Booster
        Of `train_boost`.

    Returns
    -------
    int
        Groups of pool pixels.
    """
    with _dask(threads):
        values = _load(catalog)
        odds = np.full((values.sizes["time"], values.sizes["y"], values.sizes["x"]), np.nan, np.float32)
        for look in range(len(odds)):
            one = values.isel(time=[look])
            planes, clear = _planes(one)
            odds[look][clear] = model.predict(planes[:, clear].T, num_threads=threads)
        named = xr.DataArray(odds, dims=("time", "y", "x"), coords=values.coords)
        likely = named.resample(time="QS").mean()
        return _write((likely > 0.5).to_numpy(), values.odc.geobox, out)  # noqa: PLR2004 - rather a pool than not


def train_boost(catalog: Path, threads: int) -> Any:
    """Train such a model on some pixels; what it learns is of no use, its time is what is measured.

    Returns
    -------
    lightgbm.Booster
    """
    lightgbm = _needed("lightgbm")
    with _dask(threads):
        values = _load(catalog)
        looks = [_planes(values.isel(time=[look])) for look in range(min(values.sizes["time"], 6))]
    rows = np.concatenate([planes[:, clear].T for planes, clear in looks])
    rng = np.random.default_rng(0)
    rows = rows[rng.integers(0, len(rows), _SAMPLE)]
    target = rows[:, -1] - rows[:, -2] + rng.normal(0, 0.1, len(rows))
    data = lightgbm.Dataset(rows, target > np.quantile(target, 0.9))
    told = {"objective": "binary", "num_leaves": _LEAVES, "num_threads": threads, "verbose": -1}
    return lightgbm.train(told, data, _TREES)


def _needed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise BenchError(
            f"{name.replace('.', '-')}, which leachwatch is measured against, is not installed: "
            "pip install 'leachwatch[bench]', or leave it out with --no-rivals"
        ) from error


@contextmanager
def _dask(threads: int) -> Iterator[None]:
    dask = _needed("dask")
    with warnings.catch_warnings(), dask.config.set(scheduler="threads", num_workers=threads):
        warnings.simplefilter("ignore")  # of ground that no look shows, and of files without ground
        yield


def _load(catalog: Path) -> xr.Dataset:
    """Every look of every band at 10 m, lazily."""
    settings = DetectSettings()
    items = list(pystac.Catalog.from_file(str(catalog)).get_items(recursive=True))
    loaded: xr.Dataset = _needed("odc.stac").load(
        items,
        bands=[*settings.bands, *settings.coarse, "scl"],
        chunks={"x": _CHUNK, "y": _CHUNK},
        groupby="solar_day",
        resolution=PIXEL_M,
        resampling={"scl": "nearest", "*": "bilinear"},
    )
    return loaded


def _clear(scl: xr.DataArray) -> xr.DataArray:
    """Where the classification shows the ground, with the margin around clouds."""
    settings = ClearSettings()
    reach = settings.margin_m // PIXEL_M
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))

    def grown(cloud: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.stack([cv2.dilate(look.astype(np.uint8), disc) > 0 for look in cloud])

    cloud = scl.isin(settings.cloud)
    near = xr.apply_ufunc(grown, cloud, dask="parallelized", output_dtypes=[np.bool_])
    shown: xr.DataArray = ~scl.isin(settings.hidden) & ~near
    return shown


def _reflectance(values: xr.Dataset, clear: xr.DataArray) -> xr.Dataset:
    bands = values.drop_vars("scl")
    return bands.astype("float32").where(clear & (bands > 0)) * np.float32(_DN) + np.float32(_OFFSET)


def _pools(seen: xr.Dataset) -> xr.DataArray:
    """Bright liquid, or a grey block: bare, dark in infrared, flat to the short waves."""
    settings = DetectSettings()
    ndvi = (seen.nir - seen.red) / (seen.nir + seen.red)
    bright = (seen.blue + seen.green) / 2 - seen.nir > settings.liquid_floor
    slope = np.sqrt(seen.rededge2 * seen.rededge3) / seen.rededge1
    short = np.sqrt(seen.swir16 * seen.swir22) / seen.nir08
    grey = (ndvi < settings.bare_ndvi) & (seen.nir < 0.2) & (slope < 1.3) & (short < 1.1)  # noqa: PLR2004
    result: xr.DataArray = bright | grey & (seen.green > seen.red)
    return result


def _planes(look: xr.Dataset) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Ten bands and three indices of one look, shape (feature, y, x), and where it shows the ground."""
    clear = _clear(look.scl)
    seen = _reflectance(look, clear).assign(clear=clear).compute().isel(time=0)
    leach = (seen.blue + seen.green) / 2 - seen.nir
    ndvi = (seen.nir - seen.red) / (seen.nir + seen.red)
    ndwi = (seen.green - seen.nir) / (seen.green + seen.nir)
    bands = [seen[name].to_numpy() for name in seen.data_vars if name != "clear"]
    planes = np.stack([*bands, ndwi.to_numpy(), ndvi.to_numpy(), leach.to_numpy()]).astype(np.float32)
    return planes, seen.clear.to_numpy() & np.isfinite(planes).all(axis=0)


def _write(pool: NDArray[np.bool_], grid: Any, out: Path) -> int:
    """Outline what is a pool in two quarters or more, with the first of them, and write it."""
    groups, many = label(pool.sum(axis=0) >= _LEAST, np.ones((3, 3)))
    first = pool.argmax(axis=0)
    found = [
        (shape(outline), int(first[groups == number].min()))
        for outline, number in shapes(groups.astype(np.int32), groups > 0, transform=grid.transform)
    ]
    frame = gpd.GeoDataFrame(
        {"quarter": [quarter for _, quarter in found]},
        geometry=[outline for outline, _ in found],
        crs=str(grid.crs),
    )
    frame.to_parquet(out)
    return int(many)
