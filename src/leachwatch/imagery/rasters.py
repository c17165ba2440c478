"""Rasters: one band's file opened, held against what its item says, and read in part or small.

With `blocks`, which it hands what it has opened, the only reader of rasters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from leachwatch.errors import SceneError
from leachwatch.imagery.blocks import unpack
from leachwatch.imagery.directory import Directory, check_size, smallest
from leachwatch.imagery.mirror import Wanted
from leachwatch.imagery.scene import Band, Scene, short
from leachwatch.imagery.source import Source
from leachwatch.network import Span

__all__ = ["driver", "pixels", "session", "small"]


_CACHE = 64 * 2**20
"""Bytes of blocks that GDAL keeps of open files: rasterio takes bytes, GDAL's option megabytes."""

_LARGEST_SMALL = 4096
"""Pixels along a side of what is read whole to be shrunk."""


@cache
def driver() -> str:
    """GDAL driver to open a COG with: LIBERTIFF where GDAL (3.11 and newer) has it, else GTiff."""
    with rasterio.Env() as env:
        return "LIBERTIFF" if "LIBERTIFF" in env.drivers() else "GTiff"


@contextmanager
def session() -> Iterator[None]:
    """Hold GDAL's settings for reading, in one place; threads inherit them by entering it themselves."""
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_NUM_THREADS="1", GDAL_CACHEMAX=_CACHE):
        yield


def pixels(
    scene: Scene, band: Band, first: tuple[int, int], last: tuple[int, int], source: Source
) -> NDArray[np.uint16]:
    """Read lattice columns and rows `first` to `last` (not included) of a file, 0 outside it."""
    height, width = last[1] - first[1], last[0] - first[0]
    west, south, east, north = scene.bounds
    step = scene.assets[band].resolution
    left, top = round(west / step), round(-north / step)
    rows = max(first[1], top), min(last[1], round(-south / step))
    columns = max(first[0], left), min(last[0], round(east / step))
    if rows[0] >= rows[1] or columns[0] >= columns[1]:
        return np.zeros((height, width), np.uint16)
    down, across = (rows[0] - top, rows[1] - top), (columns[0] - left, columns[1] - left)

    def wanted(directory: Directory) -> Sequence[Span]:
        return directory.levels[0].spans(down, across)

    if source.blocks is not None:
        file = f"{scene.digest} {scene.assets[band].href}"
        part = source.blocks.part(file, down, across, lambda: _opened(scene, band, source, wanted))
    else:
        with _opened(scene, band, source, wanted) as picture:
            part = unpack(picture, down, across)
    source.read.add(part.nbytes)
    if part.shape == (height, width):
        return part
    result = np.zeros((height, width), np.uint16)
    result[rows[0] - first[1] : rows[1] - first[1], columns[0] - first[0] : columns[1] - first[0]] = part
    return result


def small(scene: Scene, band: Band, shape: tuple[int, int], source: Source) -> NDArray[np.uint16]:
    """Read a whole band shrunk to a shape, from the smallest overview that has as many pixels."""

    def wanted(directory: Directory) -> Sequence[Span]:
        sizes = [max(level.height, level.width) for level in directory.levels]
        level = directory.levels[smallest(sizes, max(shape))]
        if max(level.height, level.width) > _LARGEST_SMALL:
            raise SceneError("has no overviews, and is too large to be read whole")
        return level.spans((0, level.height), (0, level.width))

    with _opened(scene, band, source, wanted) as picture:
        longest = max(picture.height, picture.width)
        sizes = [longest, *(-(-longest // factor) for factor in picture.overviews(1))]
        level = smallest(sizes, max(shape))
        if sizes[level] > _LARGEST_SMALL:
            raise SceneError(f"asset {band} has no overviews, and is too large to be read whole")
        if not level:
            return np.asarray(picture.read(1, out_shape=shape), np.uint16)
        with rasterio.open(picture.name, driver=driver(), OVERVIEW_LEVEL=level - 1) as overview:
            return np.asarray(overview.read(1, out_shape=shape), np.uint16)


@contextmanager
def _opened(scene: Scene, band: Band, source: Source, wanted: Wanted) -> Iterator[rasterio.DatasetReader]:
    """Open a band's file and see that it is what the item says; whatever fails in reading it is named."""
    asset = scene.assets[band]
    with ExitStack() as stack:
        try:
            path = stack.enter_context(source.holding(scene, asset, wanted))
        except SceneError as error:
            raise type(error)(f"asset {band} {error}") from error
        try:
            yield stack.enter_context(source.opened(path, lambda one: _checked(scene, band, one)))
        except (RasterioError, ValueError, MemoryError) as error:
            cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
            reason = short(cause).replace(str(path), asset.name)
            raise SceneError(f"asset {band} cannot be read ({reason})") from error


@contextmanager
def _checked(scene: Scene, band: Band, path: Path) -> Iterator[rasterio.DatasetReader]:
    with rasterio.open(path, driver=driver()) as picture:
        _check(scene, band, picture)
        yield picture


def _check(scene: Scene, band: Band, picture: rasterio.DatasetReader) -> None:
    """See that a file is the raster that its item describes, and none that nobody can hold."""
    transform, resolution = picture.transform, scene.assets[band].resolution
    if picture.crs is None or picture.crs.to_epsg() != scene.epsg:
        raise SceneError(f"asset {band} is in {picture.crs}, but the item says EPSG:{scene.epsg}")
    if (transform.a, transform.b, transform.d, transform.e) != (resolution, 0, 0, -resolution):
        raise SceneError(f"asset {band} has pixels of {transform.a:g} m, but the item says {resolution}")
    if transform.c % resolution or transform.f % resolution:
        raise SceneError(
            f"asset {band} starts at {transform.c:g}, {transform.f:g}, off the {resolution} m lattice"
        )
    west, south, east, north = scene.bounds
    said = (east - west) / resolution, (north - south) / resolution, west, north
    has = float(picture.width), float(picture.height), transform.c, transform.f
    if has != said:
        raise SceneError(f"asset {band} has {_place(has)}, but the item says {_place(said)}")
    try:
        check_size(picture.width, picture.height, picture.block_shapes[0])
    except SceneError as error:
        raise SceneError(f"asset {band} {error}") from error
    if picture.count < 1 or picture.dtypes[0] not in ("uint8", "uint16"):
        kind = picture.dtypes[0] if picture.count else "empty"
        raise SceneError(f"asset {band} is {kind}, expected uint16")


def _place(raster: tuple[float, float, float, float]) -> str:
    width, height, west, north = raster
    return f"{width:.10g} x {height:.10g} pixels from {west:.10g}, {north:.10g}"
