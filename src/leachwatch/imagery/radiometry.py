"""Radiometry: is a scene's offset what its item says? Catalogs have been wrong in both directions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leachwatch.errors import SceneError
from leachwatch.imagery.catalog import Skipped
from leachwatch.imagery.reader import thumbnail
from leachwatch.imagery.scene import Band, Scene

__all__ = ["RadiometrySettings", "dark_floor", "refuse_wrong_offsets"]


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
        Clear pixels of the thumbnail needed to judge; with fewer the item is believed.
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


def refuse_wrong_offsets(scenes: Iterable[Scene], settings: RadiometrySettings) -> tuple[Skipped, ...]:
    """Name the scenes whose dark floor does not fit the offset that their items announce.

    Parameters
    ----------
    scenes : iterable of Scene
        Each is read once, as a thumbnail.
    settings : RadiometrySettings
        What a dark floor may be.

    Returns
    -------
    tuple of Skipped
        Scenes that must not be used. One that cannot be read is left to the reader to name.
    """
    refused = []
    for scene in scenes:
        for band in settings.bands:
            if band not in scene.assets:
                continue
            try:
                numbers, clear = thumbnail(scene, band, settings.side)
            except SceneError:
                break
            floor = dark_floor(numbers, clear, scene.offset_dn, settings)
            if floor is not None and not settings.floor_min <= floor <= settings.floor_max:
                refused.append(Skipped(scene.id, _why(band, floor, settings)))
                break
    return tuple(refused)


def _why(band: Band, floor: float, settings: RadiometrySettings) -> str:
    wrong = "was not taken off" if floor > settings.floor_max else "was taken off twice"
    return (
        f"its darkest ground has a reflectance of {floor:.3f} in {band}, expected {settings.floor_min:g} to "
        f"{settings.floor_max:g}: the offset {wrong}, whatever the item says"
    )
