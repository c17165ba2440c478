"""Radiometry: is a scene's offset what its item says? Catalogs have been wrong in both directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leachwatch.errors import SceneError, SceneUnavailable
from leachwatch.imagery.catalog import Skipped
from leachwatch.imagery.rasters import session
from leachwatch.imagery.reader import thumbnail
from leachwatch.imagery.scene import Band, Scene
from leachwatch.imagery.source import Source

__all__ = ["RadiometrySettings", "Verified", "dark_floor", "verify_offsets"]


_CLOUDED = "shows too little ground to verify its offset"


@dataclass(frozen=True)
class RadiometrySettings:
    """What the darkest ground of a scene may look like.

    Attributes
    ----------
    bands : tuple of Band
        Bands in which shaded forest and water are nearly black; those that a scene was opened with are used.
    percentile : float
        Which of the clear pixels count as the darkest, percent.
    floor_min, floor_max : float
        Reflectance that they may have. Shaded forest and water have 0 to 0.03 in B04 and B12, haze adds up to
        0.04; an offset that was left in makes it 0.1 more, one taken off twice 0.1 less.
    clear_min : int
        Clear pixels of the thumbnail needed to judge. With fewer the scene shows next to nothing but cloud,
        and is not used: nobody could tell whether its item is right.
    side : int
        Longest side of the thumbnail, pixels.
    """

    bands: tuple[Band, ...] = ("red", "swir22")
    percentile: float = 1.0
    floor_min: float = -0.03
    floor_max: float = 0.08
    clear_min: int = 400
    side: int = 512


def dark_floor(
    numbers: NDArray[np.uint16], clear: NDArray[np.bool_], offset_dn: int, settings: RadiometrySettings
) -> float | None:
    """Reflectance of the darkest clear ground.

    Parameters
    ----------
    numbers : ndarray of uint16, shape (y, x)
        Digital numbers as in the file; 0 where there is nothing.
    clear : ndarray of bool, shape (y, x)
        Where the ground was seen.
    offset_dn : int
        What the item says is to be taken off.
    settings : RadiometrySettings
        Which pixels count.

    Returns
    -------
    float or None
        May be below 0; None where too little was seen to tell.

    Examples
    --------
    >>> ground = np.full((30, 30), 1150, np.uint16)
    >>> dark_floor(ground, ground > 0, 1000, RadiometrySettings())
    0.015
    >>> dark_floor(ground, ground > 9999, 1000, RadiometrySettings()) is None
    True
    """
    seen = clear & (numbers > 0)
    if seen.sum() < settings.clear_min:
        return None
    darkest = float(np.percentile(numbers[seen], settings.percentile))
    return (darkest - offset_dn) / 10_000


@dataclass(frozen=True)
class Verified:
    """Scenes after their offsets were looked at.

    Attributes
    ----------
    scenes : tuple of Scene
        Those that may be used.
    wrong : tuple of Skipped
        Those whose darkest ground does not fit what their items announce, or cannot be read.
    clouded : tuple of Skipped
        Those that show too little ground to tell.
    """

    scenes: tuple[Scene, ...]
    wrong: tuple[Skipped, ...]
    clouded: tuple[Skipped, ...]


def verify_offsets(
    scenes: Sequence[Scene],
    settings: RadiometrySettings,
    source: Source,
    progress: Callable[[int], None] = lambda _done: None,
    *,
    threads: int = 1,
) -> Verified:
    """Hold the offset that each item announces against the darkest ground of its scene.

    Parameters
    ----------
    scenes : sequence of Scene
        Each is read once, as a thumbnail.
    settings : RadiometrySettings
        What a dark floor may be.
    source : Source
        Where their files are.
    progress : callable
        Told how many are done.
    threads : int
        Scenes looked at at a time where their files are on this disk.

    Returns
    -------
    Verified
        A scene of which no thumbnail can be read cannot be verified, and is not used.

    Raises
    ------
    NetworkError, OutputError
        If files cannot be fetched or kept at all.
    """

    def look(scene: Scene) -> Skipped | None:
        with session():
            return _fault(scene, settings, source)

    judged: list[tuple[Scene, Skipped | None]] = []
    with ThreadPoolExecutor(threads) as pool:
        faults_of = source.map(look, scenes) if source.remote else pool.map(look, scenes)
        for scene, fault in zip(scenes, faults_of, strict=True):
            judged.append((scene, fault))
            progress(len(judged))
    faults = [fault for _, fault in judged if fault]
    return Verified(
        tuple(scene for scene, fault in judged if fault is None),
        tuple(fault for fault in faults if fault.reason != _CLOUDED),
        tuple(fault for fault in faults if fault.reason == _CLOUDED),
    )


def _fault(scene: Scene, settings: RadiometrySettings, source: Source) -> Skipped | None:
    """Say what is wrong with a scene, if anything: also that its offset cannot be verified."""
    told = False
    clear: NDArray[np.bool_] | None = None
    unread: SceneError | None = None
    for band in settings.bands:
        if band not in scene.assets:
            continue
        try:
            numbers, clear = thumbnail(scene, band, settings.side, source, clear)
        except SceneError as error:
            unread = error
            continue
        floor = dark_floor(numbers, clear, scene.offset_dn, settings)
        if floor is None:
            continue
        told = True
        if not settings.floor_min <= floor <= settings.floor_max:
            return Skipped(scene.id, _why(band, floor, settings))
    if told:
        return None
    if unread is not None:
        return Skipped(scene.id, str(unread), isinstance(unread, SceneUnavailable))
    return Skipped(scene.id, _CLOUDED)


def _why(band: Band, floor: float, settings: RadiometrySettings) -> str:
    wrong = "was not taken off" if floor > settings.floor_max else "was taken off twice"
    return (
        f"its darkest ground has a reflectance of {floor:.3f} in {band}, expected {settings.floor_min:g} to "
        f"{settings.floor_max:g}: the offset {wrong}, whatever the item says"
    )
