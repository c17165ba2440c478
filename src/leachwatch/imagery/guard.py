"""What was seen, decided from all looks of a tile: the mask, and what each place's own history says of it.

The scene classification calls bright pads and white pools cloud or snow, and misses thin cloud and shadow.
Two rules put it right. What is flagged on most otherwise clear days does not move and is surface. And the
forest around is a witness: where most of it turned pale or dark at once, and back, the sky did it.

Every rule is local: what is seen at a pixel depends on nothing beyond `ClearSettings.reach_m`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.imagery.clear import ClearSettings, among, clear
from leachwatch.imagery.grid import PIXEL_M
from leachwatch.imagery.kernels import ABSENT, DARK, DEEP, DEEP_ABSENT, RISEN, Limits, testify
from leachwatch.imagery.room import MEMORY, Room, let_go, one_by_one
from leachwatch.imagery.scene import FINE

__all__ = ["seen", "tells_nothing"]

_DN = 10_000
_NEEDED = ("blue", "red", "nir")
_AT_A_TIME = 2**20
"""Pixels and looks that are compared before they are let go of."""


def seen(
    scl: NDArray[np.uint8],
    values: NDArray[np.uint16],
    bands: Sequence[str],
    settings: ClearSettings,
    room: Room = MEMORY,
) -> NDArray[np.bool_]:
    """Where the ground was seen, look by look.

    Parameters
    ----------
    scl : ndarray of uint8, shape (look, y, x)
        Scene classification at 10 m, looks by day.
    values : ndarray of uint16, shape (look, band, y, x)
        Reflectance x 10,000; 0 where there is nothing. What is seen is seen in the bands of 10 m, if any.
    bands : sequence of str
        Names along the second axis of `values`. Without blue, red and nir the mask alone decides.
    settings : ClearSettings
        Classes, margins and limits.
    room : Room
        Where arrays over all looks lie.

    Returns
    -------
    ndarray of bool, shape (look, y, x)
        True where seen.

    Examples
    --------
    A pad that the mask calls cloud in each of six looks, and a cloud that is there once:

    >>> scl, values = np.full((6, 80, 80), 4, np.uint8), np.full((6, 4, 80, 80), 2000, np.uint16)
    >>> scl[:, 10:20, 10:20] = 9
    >>> scl[2, 50:60, 50:60] = 9
    >>> valid = seen(scl, values, ("blue", "green", "red", "nir"), ClearSettings())
    >>> bool(valid[:, 15, 15].all()), valid[:, 55, 55].tolist()
    (True, [True, True, False, True, True, True])
    """
    fine = [place for place, band in enumerate(bands) if band in FINE] or list(range(len(bands)))
    result: NDArray[np.bool_] = room.empty(scl.shape, np.bool_)
    if not set(_NEEDED) <= set(bands):
        for valid, classes, image in one_by_one(result, scl, values):
            valid[:] = _has(image, fine) & clear(classes, PIXEL_M, settings)
        return result
    place = [list(bands).index(name) for name in _NEEDED]
    second = _second_opinions(values, bands, settings, room)
    calm, lasting = _lasting(scl, second, settings, room)
    words = _testimony(scl, values, (place[0], place[1], place[2]), settings, room)
    for look, (valid, classes, image) in enumerate(one_by_one(result, scl, values)):
        surface = lasting & calm[look]
        bright = image[place[2]] >= settings.ground_nir * _DN
        shown = clear(classes, PIXEL_M, settings, surface, bright) & ~_sky(words[look], settings)
        if second is not None:
            shown &= ~second[look] | surface & ~bright
        valid[:] = shown & _has(image, fine)
        let_go(calm[look], words[look])
    return result


def tells_nothing(scl: NDArray[np.uint8], settings: ClearSettings) -> bool:
    """Whether a look of which nothing is shown says nothing of other looks either: `seen` is as without it.

    Parameters
    ----------
    scl : ndarray of uint8, shape (y, x)
        Scene classification at 10 m.
    settings : ClearSettings
        Classes, margins and limits.

    Examples
    --------
    >>> tells_nothing(np.full((80, 80), 9, np.uint8), ClearSettings())
    True

    Shadow hides the ground too, yet whoever flags nothing there on a calm day is heard about what lasts:

    >>> tells_nothing(np.full((80, 80), 3, np.uint8), ClearSettings())
    False
    """
    hidden = bool(among(scl, settings.hidden).all())
    return hidden and not _calm(scl, among(scl, settings.cloud), settings).any()


def _has(image: NDArray[np.uint16], bands: Sequence[int]) -> NDArray[np.bool_]:
    """Where a look has all of some bands."""
    result: NDArray[np.bool_] = image[bands[0]] > 0
    for band in bands[1:]:
        result &= image[band] > 0
    return result


def _second_opinions(
    values: NDArray[np.uint16], bands: Sequence[str], settings: ClearSettings, room: Room
) -> NDArray[np.bool_] | None:
    """Ask the second mask what is hidden, shape (look, y, x); None where it is not asked."""
    if not settings.second_opinion:
        return None
    from leachwatch.imagery.second import second_opinion  # noqa: PLC0415 - few have it installed

    result: NDArray[np.bool_] = room.empty((len(values), *values.shape[2:]), np.bool_)
    for hidden, image in one_by_one(result, values):
        hidden[:] = second_opinion(image, bands)
    return result


def _lasting(
    scl: NDArray[np.uint8], second: NDArray[np.bool_] | None, settings: ClearSettings, room: Room
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which looks are otherwise clear around a pixel, and where flags last through those.

    Returns
    -------
    calm : ndarray of bool, shape (look, y, x)
        True where hardly anything around is flagged.
    lasting : ndarray of bool, shape (y, x)
        True where most calm looks are flagged, and one pixel of the classification around.
    """
    shape = scl.shape[1:]
    calm: NDArray[np.bool_] = room.empty(scl.shape, np.bool_)
    looks, flags = np.zeros(shape, np.uint16), np.zeros(shape, np.uint16)
    for look, (classes, quiet) in enumerate(one_by_one(scl, calm)):
        flagged = among(classes, settings.cloud)
        if second is not None:
            flagged |= second[look]
            let_go(second[look])
        quiet[:] = _calm(classes, flagged, settings)
        looks += quiet
        flags += quiet & flagged
    often = (flags > settings.lasting_flags * looks) & (looks >= settings.lasting_looks)
    edge = 2 * (settings.lasting_edge_m // PIXEL_M) + 1
    lasting: NDArray[np.bool_] = cv2.dilate(often.view(np.uint8), np.ones((edge, edge), np.uint8)) > 0
    return calm, lasting


def _calm(
    classes: NDArray[np.uint8], flagged: NDArray[np.bool_], settings: ClearSettings
) -> NDArray[np.bool_]:
    """Where hardly anything around is flagged in one look."""
    data = classes > 0
    most = settings.around_flagged * _count_around(data, settings.around_m)
    result: NDArray[np.bool_] = data & (_count_around(flagged, settings.around_m) <= most)
    return result


def _testimony(
    scl: NDArray[np.uint8],
    values: NDArray[np.uint16],
    place: tuple[int, int, int],
    settings: ClearSettings,
    room: Room,
) -> NDArray[np.uint8]:
    """Ask each pixel what it says of the sky in each look: a word of `kernels`; some rows at a time."""
    words: NDArray[np.uint8] = room.empty(scl.shape, np.uint8)
    looks, height, width = scl.shape
    some = max(_AT_A_TIME // max(looks * width, 1), 1)
    for first in range(0, height, some):
        rows = slice(first, min(first + some, height))
        own = np.empty((looks, len(place), rows.stop - first, width), np.uint16)
        shown = np.empty((looks, *own.shape[2:]), np.bool_)
        for look, (image, classes) in enumerate(one_by_one(values, scl)):
            for band, where in enumerate(place):
                own[look, band] = image[where, rows]
            shown[look] = ~among(classes[rows], settings.hidden) & (own[look] > 0).all(axis=0)
        said = np.empty(shown.shape, np.uint8)
        testify(own, (0, 1, 2), shown, _limits(settings), _sorting(looks), said)
        for word, new in one_by_one(words, said):
            word[rows] = new
    return words


@cache
def _sorting(many: int) -> NDArray[np.int32]:
    """List pairs of places that, put in order one after the other, sort so many numbers.

    Batcher's merge exchange (Knuth, The Art of Computer Programming, 5.2.2, algorithm M).
    """
    pairs: list[tuple[int, int]] = []
    top = 1 << max((many - 1).bit_length() - 1, 0)
    step = top
    while step:
        apart, bit, half = step, 0, top
        while True:
            pairs += [(at, at + apart) for at in range(many - apart) if at & step == bit]
            if half == step:
                break
            apart, half, bit = half - step, half // 2, step
        step //= 2
    return np.array(pairs, np.int32).reshape(-1, 2)


def _limits(settings: ClearSettings) -> Limits:
    return Limits(
        looks=settings.witness_looks,
        ndvi=np.float32(settings.witness_ndvi),
        blue=np.float32(settings.witness_blue * _DN),
        haze_rise=np.float32(settings.haze_rise * _DN),
        haze_colour=np.float32(settings.haze_colour),
        shade_nir=np.float32(settings.shade_nir),
        shade_red=np.float32(settings.shade_red * _DN),
        deep_nir_from=np.float32(settings.deep_nir[0]),
        deep_nir_to=np.float32(settings.deep_nir[1]),
        deep_red=np.float32(settings.deep_red),
        changed_looks=settings.changed_looks,
    )


def _sky(words: NDArray[np.uint8], settings: ClearSettings) -> NDArray[np.bool_]:
    """Where most witnesses around say that the sky hid the ground, or the ground lies in deep shade."""
    risen, dark = words == RISEN, (words == DARK) | (words == DEEP)
    deep: NDArray[np.bool_] = (words == DEEP) | (words == DEEP_ABSENT)
    if not risen.any() and not dark.any():
        return deep
    witnesses = _count_around((words != ABSENT) & (words != DEEP_ABSENT), settings.witness_m)
    enough = witnesses >= settings.witness_m2 // PIXEL_M**2
    hazy = 2 * _count_around(risen, settings.witness_m) > witnesses
    shaded = 2 * _count_around(dark, settings.witness_m) > witnesses
    return deep | enough & (hazy | shaded)


def _count_around(where: NDArray[np.bool_], distance_m: int) -> NDArray[np.int32]:
    """Pixels that are True in a square around each; none beyond the edge."""
    side = 2 * (distance_m // PIXEL_M) + 1
    result: NDArray[np.int32] = cv2.boxFilter(
        where.view(np.uint8), cv2.CV_32S, (side, side), normalize=False, borderType=cv2.BORDER_ISOLATED
    )
    return result
