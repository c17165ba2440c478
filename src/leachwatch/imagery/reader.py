"""Reading: one tile, all looks, as unsigned 16-bit reflectance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import box

from leachwatch.errors import SceneError, SceneUnavailable
from leachwatch.imagery.catalog import Skipped
from leachwatch.imagery.clear import ClearSettings, among
from leachwatch.imagery.grid import PIXEL_M, Tile
from leachwatch.imagery.guard import seen, tells_nothing
from leachwatch.imagery.kernels import lay_fine, lay_nearest, lay_smooth
from leachwatch.imagery.rasters import pixels, session, small
from leachwatch.imagery.room import MEMORY, Room, let_go
from leachwatch.imagery.scene import FINE, Band, Scene
from leachwatch.imagery.source import Source

__all__ = ["Stack", "read", "read_look", "thumbnail", "touching"]


_GROUND = (2, 4, 5, 6)
_PLANES = 8
"""Bytes a pixel and look of what is made from the looks: masks, ground, and what is listed of some pixels."""


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
        One a look that shows something, rising.
    values : ndarray of uint16, shape (look, band, y, x)
        Reflectance x 10,000 with the offset taken off; 0 where the scene has nothing.
    valid : ndarray of bool, shape (look, y, x)
        True where the ground was seen.
    used : frozenset of str
        Ids of the scenes that were read.
    skipped : tuple of Skipped
        Scenes that could not be read.
    hidden : tuple of date
        Looks that show nothing of the window, rising; what the others show is as without them.
    room : Room
        For more arrays of the same looks.
    """

    tile: Tile
    bands: tuple[Band, ...]
    days: tuple[date, ...]
    values: NDArray[np.uint16]
    valid: NDArray[np.bool_]
    used: frozenset[str] = frozenset()
    skipped: tuple[Skipped, ...] = ()
    hidden: tuple[date, ...] = ()
    room: Room = MEMORY

    def band(self, name: Band) -> NDArray[np.uint16]:
        """Return one band, shape (look, y, x)."""
        return self.values[:, self.bands.index(name)]


def read(
    tile: Tile,
    scenes: Sequence[Scene],
    bands: Sequence[Band],
    settings: ClearSettings,
    source: Source,
    room: Room = MEMORY,
) -> Stack:
    """Read all looks of a tile.

    Scenes of one day are one look. Where they overlap, the newest baseline is taken, then the scene that has
    most of the tile, then the latest id; the others fill what it has not.

    Parameters
    ----------
    tile : Tile
        The window; parts outside a scene come back as 0 and not valid.
    scenes : sequence of Scene
        On the tile's zone; those that do not touch it are left out.
    bands : sequence of Band
        What to read, without ``scl``, which is always read. A band of 20 m that a scene does not have stays
        0 in its look; one of 10 m makes the scene one that cannot be read.
    settings : ClearSettings
        How the scene classification is read, and what the looks together say against it.
    source : Source
        Where the scenes' files are.
    room : Room
        Where the looks lie.

    Returns
    -------
    Stack
        Looks by day. One that shows nothing is left out, and its day is in `hidden`; a scene that cannot be
        read is left out and named in `skipped`.

    Raises
    ------
    NetworkError, OutputError
        If files cannot be fetched or kept at all.
    """
    days = _by_day(tile, scenes)
    room = room.holding(len(days) * tile.height * tile.width * (2 * len(bands) + _PLANES))
    values = room.empty((len(days), len(bands), *tile.shape), np.uint16)
    scl = room.empty((len(days), *tile.shape), np.uint8)

    def look(place: int) -> tuple[tuple[str, ...], tuple[Skipped, ...], bool]:
        with session():
            told = _read_day(tile, days[place], bands, settings, source, (values[place], scl[place]))
        shows = not tells_nothing(scl[place], settings) or bool(values[place].any())
        let_go(values[place], scl[place])
        return *told, shows

    try:
        told = list(source.map(look, range(len(days))))
    except BaseException:
        room.forget()  # other looks may still be on their way
        raise
    read_ids, skipped, shows = zip(*told, strict=True) if told else ((), (), ())
    kept = [place for place, ids in enumerate(read_ids) if ids and shows[place]]
    for place, was in enumerate(kept):
        if place < was:
            values[place], scl[place] = values[was], scl[was]
            let_go(values[place], values[was], scl[place], scl[was])
    values, scl = values[: len(kept)], scl[: len(kept)]
    return Stack(
        tile=tile,
        bands=tuple(bands),
        days=tuple(days[place][0].day for place in kept),
        values=values,
        valid=seen(scl, values, bands, settings, room),
        used=frozenset(name for ids in read_ids for name in ids),
        skipped=tuple(one for some in skipped for one in some),
        hidden=tuple(
            some[0].day
            for some, ids, showing in zip(days, read_ids, shows, strict=True)
            if ids and not showing
        ),
        room=room,
    )


def _by_day(tile: Tile, scenes: Sequence[Scene]) -> list[list[Scene]]:
    """Scenes that touch a tile, by day; of each day the one to prefer first."""
    window = box(*tile.bounds)
    days: dict[date, list[Scene]] = {}
    for scene in touching(tile, scenes):
        days.setdefault(scene.day, []).append(scene)

    def preference(scene: Scene) -> tuple[float, float, str]:
        covered = window.intersection(scene.footprint).area / window.area
        return scene.baseline, round(covered, 3), scene.id

    return [
        sorted(some, key=preference, reverse=True) if len(some) > 1 else some
        for _, some in sorted(days.items())
    ]


def _read_day(
    tile: Tile,
    scenes: Sequence[Scene],
    bands: Sequence[Band],
    settings: ClearSettings,
    source: Source,
    target: tuple[NDArray[np.uint16], NDArray[np.uint8]],
) -> tuple[tuple[str, ...], tuple[Skipped, ...]]:
    """Read the scenes of a day into one look, in place, until nothing is left to fill.

    The first scene that can be read is read where it belongs, over whatever a broken one left there.
    """
    values, scl = target
    used: list[str] = []
    skipped: list[Skipped] = []
    for scene in scenes:
        if used and scl.all():
            break
        try:
            if used:
                _lay_beneath(values, scl, *read_look(tile, scene, bands, settings, source))
            else:
                read_look(tile, scene, bands, settings, source, target)
        except SceneError as error:
            skipped.append(Skipped(scene.id, str(error), isinstance(error, SceneUnavailable)))
        else:
            used.append(scene.id)
    return tuple(used), tuple(skipped)


def read_look(
    tile: Tile,
    scene: Scene,
    bands: Sequence[Band],
    settings: ClearSettings,
    source: Source,
    into: tuple[NDArray[np.uint16], NDArray[np.uint8]] | None = None,
) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Read one scene's window.

    Parameters
    ----------
    tile, scene, bands, settings, source
        As `read` takes them.
    into : tuple of ndarray, optional
        Arrays for the result, overwritten; new ones if not given.

    Returns
    -------
    values : ndarray of uint16, shape (band, y, x)
        Reflectance x 10,000; 0 where the scene has nothing. All 0, and not read, where all is hidden.
    scl : ndarray of uint8, shape (y, x)
        Scene classification at 10 m; 0 where the scene has nothing.

    Raises
    ------
    SceneError
        If a file is missing, damaged, or not the raster that the item describes.
    """
    values, scl = into or (np.empty((len(bands), *tile.shape), np.uint16), np.empty(tile.shape, np.uint8))
    lay_nearest(*_cut(tile, scene, "scl", source), scl)
    if among(scl, settings.hidden).all():
        values[:] = 0
        return values, scl
    for index, band in enumerate(bands):
        if band not in scene.assets and band not in FINE:
            values[index] = 0
            continue
        _lay(tile, scene, band, source, values[index])
    return values, scl


def thumbnail(
    scene: Scene, band: Band, side: int, source: Source, clear: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Read a whole band small, as the file has it, from its overviews where it has any.

    Parameters
    ----------
    scene : Scene
        With this band and ``scl``.
    band : Band
        Which.
    side : int
        Longest side, pixels.
    source : Source
        Where the scene's files are.
    clear : ndarray of bool, shape (y, x), optional
        The second result for another band of the scene; it is the same for all.

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
    numbers = small(scene, band, shape, source)
    return numbers, np.isin(small(scene, "scl", shape, source), _GROUND) if clear is None else clear


def touching(tile: Tile, scenes: Iterable[Scene]) -> tuple[Scene, ...]:
    """Scenes whose rasters have a part of a tile."""
    west, south, east, north = tile.bounds
    return tuple(
        scene
        for scene in scenes
        if scene.epsg == tile.epsg
        and scene.bounds[0] < east
        and scene.bounds[2] > west
        and scene.bounds[1] < north
        and scene.bounds[3] > south
    )


def _lay_beneath(
    values: NDArray[np.uint16],
    scl: NDArray[np.uint8],
    below: NDArray[np.uint16],
    below_scl: NDArray[np.uint8],
) -> None:
    """Fill, in place, what a look does not have yet with another scene of the same day.

    Whether it has a pixel is for its classification to say: 0 where there is nothing. A cloud of the scene
    above is not looked under.
    """
    empty = scl == 0
    values[:, empty] = below[:, empty]
    scl[empty] = below_scl[empty]


def _lay(tile: Tile, scene: Scene, band: Band, source: Source, fine: NDArray[np.uint16]) -> None:
    """Read one band over a tile into an array at 10 m, its offset taken off."""
    coarse, top, left, step = _cut(tile, scene, band, source)
    offset = np.int32(scene.offset_dn)
    if step == 1:
        lay_fine(coarse, offset, fine)
    elif step == 2:  # noqa: PLR2004 - 20 m
        lay_smooth(coarse, top, left, offset, fine)
    else:
        smooth = _smooth(coarse, step)[top : top + tile.height, left : left + tile.width]
        lay_fine(smooth, offset, fine)


def _cut(tile: Tile, scene: Scene, band: Band, source: Source) -> tuple[NDArray[np.uint16], int, int, int]:
    """Read one band over a tile as its file has it.

    Returns
    -------
    numbers : ndarray of uint16, shape (y, x)
        Digital numbers. Those of 20 m are cut on their own lattice, one more on each side.
    top, left : int
        Pixels of 10 m of them above and left of the tile.
    step : int
        Pixels of 10 m along the side of one of them.
    """
    step = scene.assets[band].resolution // PIXEL_M
    more = step > 1
    first = (tile.column - step * more) // step, (tile.row - step * more) // step
    last = -((-tile.column - tile.width) // step) + more, -((-tile.row - tile.height) // step) + more
    numbers = pixels(scene, band, first, last, source)
    return numbers, tile.row - first[1] * step, tile.column - first[0] * step, step


def _smooth(coarse: NDArray[np.uint16], step: int) -> NDArray[np.uint16]:
    """Interpolate between pixels that have data; those without lend no darkness to their neighbours."""
    size = coarse.shape[1] * step, coarse.shape[0] * step
    fine: NDArray[np.uint16] = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    if coarse.all():
        return fine
    weight = cv2.resize((coarse > 0).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    mended = np.rint(fine / np.maximum(weight, np.float32(1e-6)))
    own = coarse.repeat(step, axis=0).repeat(step, axis=1)
    result: NDArray[np.uint16] = np.where(own > 0, mended, 0).astype(np.uint16)
    return result
