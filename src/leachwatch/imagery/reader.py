"""Reading: one tile, all looks, as unsigned 16-bit reflectance. The only importer of rasterio's readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from leachwatch.errors import SceneError
from leachwatch.imagery.catalog import Skipped
from leachwatch.imagery.clear import ClearSettings, clear
from leachwatch.imagery.grid import PIXEL_M, Tile
from leachwatch.imagery.scene import Band, Scene

__all__ = ["Stack", "driver", "read", "read_look", "session", "thumbnail"]


_GROUND = (2, 4, 5, 6)


@dataclass(frozen=True, eq=False)
class Stack:
    """All looks of a tile.

    Attributes
    ----------
    tile : Tile
        The window that was read.
    bands : tuple of Band
        Along the second axis of `values`.
    days : tuple of date
        One a look, rising.
    values : ndarray of uint16, shape (look, band, y, x)
        Reflectance x 10,000 with the offset taken off; 0 where the scene has nothing.
    valid : ndarray of bool, shape (look, y, x)
        True where the ground was seen.
    used : frozenset of str
        Ids of the scenes that were read.
    skipped : tuple of Skipped
        Scenes that could not be read.
    """

    tile: Tile
    bands: tuple[Band, ...]
    days: tuple[date, ...]
    values: NDArray[np.uint16]
    valid: NDArray[np.bool_]
    used: frozenset[str] = frozenset()
    skipped: tuple[Skipped, ...] = ()

    def band(self, name: Band) -> NDArray[np.uint16]:
        """Return one band, shape (look, y, x)."""
        return self.values[:, self.bands.index(name)]


@cache
def driver() -> str:
    """GDAL driver to open a COG with: LIBERTIFF where GDAL (3.11 and newer) has it, else GTiff."""
    with rasterio.Env() as env:
        return "LIBERTIFF" if "LIBERTIFF" in env.drivers() else "GTiff"


@contextmanager
def session() -> Iterator[None]:
    """Hold GDAL's settings for reading, in one place; threads inherit them by entering it themselves."""
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_NUM_THREADS="1", GDAL_CACHEMAX=64):
        yield


def read(tile: Tile, scenes: Sequence[Scene], bands: Sequence[Band], settings: ClearSettings) -> Stack:
    """Read all looks of a tile.

    Scenes of one day are one look; where they overlap, the newest baseline is taken, then the latest id.

    Parameters
    ----------
    tile : Tile
        The window; parts outside a scene come back as 0 and not valid.
    scenes : sequence of Scene
        On the tile's zone; those that do not touch it are left out.
    bands : sequence of Band
        What to read, without ``scl``, which is always read.
    settings : ClearSettings
        How the scene classification is read.

    Returns
    -------
    Stack
        Looks by day. A scene that cannot be read is left out and named in `skipped`.
    """
    touching = sorted(
        (scene for scene in scenes if scene.epsg == tile.epsg and _touches(scene, tile)),
        key=lambda scene: (scene.baseline, scene.id),
        reverse=True,
    )
    dates = sorted({scene.day for scene in touching})
    values = np.zeros((len(dates), len(bands), *tile.shape), np.uint16)
    valid = np.zeros((len(dates), *tile.shape), np.bool_)
    read_ids: dict[date, list[str]] = {}
    skipped: list[Skipped] = []
    for scene in touching:
        look = dates.index(scene.day)
        try:
            _lay_beneath(values[look], valid[look], *read_look(tile, scene, bands, settings))
        except SceneError as error:
            skipped.append(Skipped(scene.id, str(error)))
            continue
        read_ids.setdefault(scene.day, []).append(scene.id)
    kept = [look for look, day in enumerate(dates) if day in read_ids]
    complete = len(kept) == len(dates)
    return Stack(
        tile=tile,
        bands=tuple(bands),
        days=tuple(dates[look] for look in kept),
        values=values if complete else values[kept],
        valid=valid if complete else valid[kept],
        used=frozenset(name for names in read_ids.values() for name in names),
        skipped=tuple(skipped),
    )


def read_look(
    tile: Tile, scene: Scene, bands: Sequence[Band], settings: ClearSettings
) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Read one scene's window.

    Returns
    -------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000; 0 where the scene has nothing.
    valid : ndarray of bool, shape (y, x)
        True where the ground was seen.

    Raises
    ------
    SceneError
        If a file is missing, damaged, or not the raster that the item describes.
    """
    values = np.empty((len(bands), *tile.shape), np.uint16)
    for index, band in enumerate(bands):
        values[index] = _without_offset(_window(tile, scene, band), scene.offset_dn)
    scl = _window(tile, scene, "scl").astype(np.uint8)
    valid = clear(scl, PIXEL_M, settings) & (values > 0).all(axis=0)
    return values, valid


def thumbnail(scene: Scene, band: Band, side: int) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Read a whole band small, as the file has it, from its overviews where it has any.

    Parameters
    ----------
    scene : Scene
        With this band and ``scl``.
    band : Band
        Which.
    side : int
        Longest side, pixels.

    Returns
    -------
    numbers : ndarray of uint16, shape (y, x)
        Digital numbers, offset and all; 0 where there is nothing.
    clear : ndarray of bool, shape (y, x)
        Where the scene classification shows plants, bare ground, water or dark areas (2, 4, 5, 6).

    Raises
    ------
    SceneError
        If a file is missing, damaged, or not the raster that the item describes.
    """
    west, south, east, north = scene.bounds
    scale = min(1.0, side / (max(east - west, north - south) / PIXEL_M))
    shape = round((north - south) / PIXEL_M * scale), round((east - west) / PIXEL_M * scale)
    numbers, scl = (_small(scene, name, shape) for name in (band, "scl"))
    return numbers, np.isin(scl, _GROUND)


def _small(scene: Scene, band: Band, shape: tuple[int, int]) -> NDArray[np.uint16]:
    with _opened(scene, band) as source:
        small: NDArray[np.uint16] = source.read(1, out_shape=shape).astype(np.uint16)
    return small


def _touches(scene: Scene, tile: Tile) -> bool:
    west, south, east, north = scene.bounds
    tile_west, tile_south, tile_east, tile_north = tile.bounds
    return west < tile_east and east > tile_west and south < tile_north and north > tile_south


def _lay_beneath(
    values: NDArray[np.uint16],
    valid: NDArray[np.bool_],
    below: NDArray[np.uint16],
    below_valid: NDArray[np.bool_],
) -> None:
    """Fill, in place, what a look does not have yet with another scene of the same day."""
    empty = (values == 0).any(axis=0)
    values[:, empty] = below[:, empty]
    valid[empty] = below_valid[empty]


def _without_offset(numbers: NDArray[np.uint16], offset_dn: int) -> NDArray[np.uint16]:
    """Take the offset off; a pixel with data stays above 0, which means nothing there."""
    if not offset_dn:
        return numbers
    lifted = np.where(numbers > offset_dn, numbers, offset_dn + 1) - offset_dn
    result: NDArray[np.uint16] = np.where(numbers > 0, lifted, 0).astype(np.uint16)
    return result


def _window(tile: Tile, scene: Scene, band: Band) -> NDArray[np.uint16]:
    """Read one band over a tile at 10 m."""
    step = scene.assets[band].resolution // PIXEL_M
    # 20 m pixels are cut on their own lattice, one more on each side, and trimmed once they are at 10 m
    column, row = tile.column - step * (step > 1), tile.row - step * (step > 1)
    first = column // step, row // step
    last = (
        -((-tile.column - tile.width) // step) + (step > 1),
        -((-tile.row - tile.height) // step) + (step > 1),
    )
    coarse = _pixels(scene, band, first, last)
    if step == 1:
        return coarse
    fine = _nearest(coarse, step) if band == "scl" else _smooth(coarse, step)
    top, left = tile.row - first[1] * step, tile.column - first[0] * step
    result: NDArray[np.uint16] = fine[top : top + tile.height, left : left + tile.width]
    return result


def _nearest(coarse: NDArray[np.uint16], step: int) -> NDArray[np.uint16]:
    return coarse.repeat(step, axis=0).repeat(step, axis=1)


def _smooth(coarse: NDArray[np.uint16], step: int) -> NDArray[np.uint16]:
    """Interpolate between pixels that have data; those without lend no darkness to their neighbours."""
    size = coarse.shape[1] * step, coarse.shape[0] * step
    fine: NDArray[np.uint16] = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    if coarse.all():
        return fine
    weight = cv2.resize((coarse > 0).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    mended = np.rint(fine / np.maximum(weight, np.float32(1e-6)))
    result: NDArray[np.uint16] = np.where(_nearest(coarse, step) > 0, mended, 0).astype(np.uint16)
    return result


def _pixels(scene: Scene, band: Band, first: tuple[int, int], last: tuple[int, int]) -> NDArray[np.uint16]:
    """Read lattice columns and rows `first` to `last` (not included) of a file, 0 outside it."""
    result = np.zeros((last[1] - first[1], last[0] - first[0]), np.uint16)
    with _opened(scene, band) as source:
        resolution = scene.assets[band].resolution
        left, top = round(source.transform.c / resolution), round(-source.transform.f / resolution)
        rows = max(first[1], top), min(last[1], top + source.height)
        columns = max(first[0], left), min(last[0], left + source.width)
        if rows[0] < rows[1] and columns[0] < columns[1]:
            window = Window(columns[0] - left, rows[0] - top, columns[1] - columns[0], rows[1] - rows[0])
            result[rows[0] - first[1] : rows[1] - first[1], columns[0] - first[0] : columns[1] - first[0]] = (
                source.read(1, window=window)
            )
    return result


@contextmanager
def _opened(scene: Scene, band: Band) -> Iterator[rasterio.DatasetReader]:
    """Open a band's file and see that it is what the item says; whatever fails in reading it is named."""
    asset = scene.assets[band]
    try:
        with rasterio.open(asset.path, driver=driver()) as source:
            _check(scene, band, source)
            yield source
    except RasterioError as error:
        reason = str(error.__cause__ or error).splitlines()[0].replace(str(asset.path), asset.path.name)
        raise SceneError(f"asset {band} cannot be read ({reason})") from error


def _check(scene: Scene, band: Band, source: rasterio.DatasetReader) -> None:
    transform, resolution = source.transform, scene.assets[band].resolution
    if source.crs is None or source.crs.to_epsg() != scene.epsg:
        raise SceneError(f"asset {band} is in {source.crs}, but the item says EPSG:{scene.epsg}")
    if (transform.a, transform.b, transform.d, transform.e) != (resolution, 0, 0, -resolution):
        raise SceneError(f"asset {band} has pixels of {transform.a:g} m, but the item says {resolution}")
    if transform.c % resolution or transform.f % resolution:
        raise SceneError(
            f"asset {band} starts at {transform.c:g}, {transform.f:g}, off the {resolution} m lattice"
        )
    if source.count < 1 or source.dtypes[0] not in ("uint8", "uint16"):
        raise SceneError(f"asset {band} is {source.dtypes[0] if source.count else 'empty'}, expected uint16")
