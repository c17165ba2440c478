"""Hits: the pixels of a tile that may be pools, and the ground around them, with their looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.evidence import Evidence, weigh
from leachwatch.detect.features import largest_near
from leachwatch.detect.kernels import pool_spells
from leachwatch.detect.model import load_model
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import PIXEL_M, ClearSettings, Stack, Tile

__all__ = ["Hits", "find_hits", "join", "margin"]


_BY_PIXEL = ("column", "row", "pool", "score", "first", "last", "looks", "forest", "water", "traits")
_BY_LOOK = ("evidence", "bright", "share", "use", "seen", "bare")


@dataclass(frozen=True, eq=False)
class Hits:
    """Pixels of one UTM zone that may be pools, or lie near one. n pixels, t looks.

    Attributes
    ----------
    epsg : int
        UTM zone.
    days : tuple of date
        Looks, rising.
    column, row : ndarray of int32, shape (n,)
        Places on the zone's 10 m lattice.
    pool : ndarray of bool, shape (n,)
        True for pool pixels, False for the ground around.
    score : ndarray of float32, shape (n,)
        Log odds gathered over the best run of looks.
    first, last : ndarray of int32, shape (n,)
        First day of the first run of looks that counts and last day of the last, as proleptic ordinals; 0
        where there is none.
    evidence : ndarray of float32, shape (t, n)
        Log likelihood ratio of each look for a pool in use; 0 where not seen.
    seen, bare : ndarray of bool, shape (t, n)
        Whether the look shows the ground, and ground without plants.
    forest, water : ndarray of float32, shape (n,)
        Share of forest in the wider square around, share of looks with open dark water nearby.
    looks : ndarray of int16, shape (n,)
        Looks of the best run that speak for a pool.
    traits : ndarray of float32, shape (n, feature)
        Mean of each of `leachwatch.detect.features.FEATURES` over the looks that speak for a pool; NaN where
        none does.
    bright : ndarray of bool, shape (t, n)
        Whether the look shows bright liquid rather than a grey block.
    share : ndarray of uint8, shape (t, n)
        Percent of the pixel that is pool, where the look speaks for one.
    use : ndarray of float16, shape (t, n)
        Log likelihood that the pool is in use, less that it rests, where the look speaks for one.
    """

    epsg: int
    days: tuple[date, ...]
    column: NDArray[np.int32]
    row: NDArray[np.int32]
    pool: NDArray[np.bool_]
    score: NDArray[np.float32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    evidence: NDArray[np.float32]
    seen: NDArray[np.bool_]
    bare: NDArray[np.bool_]
    forest: NDArray[np.float32]
    water: NDArray[np.float32]
    looks: NDArray[np.int16]
    traits: NDArray[np.float32]
    bright: NDArray[np.bool_]
    share: NDArray[np.uint8]
    use: NDArray[np.float16]

    def pool_share(self) -> NDArray[np.float32]:
        """How much of each pixel is pool, 0 to 1: the mean over the looks that speak for one; 0 of others.

        Returns
        -------
        ndarray of float32, shape (n,)
        """
        speaking = self.evidence > 0
        total = np.where(speaking, self.share, 0).sum(axis=0, dtype=np.float32)
        result = total / np.maximum(speaking.sum(axis=0), 1) / 100
        return np.where(self.pool, result, 0).astype(np.float32)

    def take(self, pixels: NDArray[np.intp]) -> Hits:
        """Return some of the pixels."""
        return replace(
            self,
            **{name: getattr(self, name)[pixels] for name in _BY_PIXEL},
            **{name: getattr(self, name)[:, pixels] for name in _BY_LOOK},
        )


def margin(settings: DetectSettings, clear: ClearSettings) -> int:
    """Pixels that must be read around a tile so that its hits do not depend on where it was cut."""
    # a pool pixel beside the tile draws ground within it; shores and neighbours decide whether it is one
    pool_m = settings.ring_m + settings.shore_m + 2 * PIXEL_M
    # the pad is looked for twice (its mean, then its brighter half), then blurred
    look_m = 2 * settings.pad_radius_m + 2 * PIXEL_M
    return (pool_m + max(look_m, settings.context_m, settings.pond_m) + clear.reach_m) // PIXEL_M + 1


def find_hits(
    stack: Stack, core: Tile, settings: DetectSettings, watched: NDArray[np.bool_] | None = None
) -> tuple[Hits, NDArray[np.int64]]:
    """Find the hits of a tile.

    Parameters
    ----------
    stack : Stack
        Read with `margin` pixels around the tile.
    core : Tile
        The tile itself; only its pixels are returned.
    settings : DetectSettings
        Thresholds.
    watched : ndarray of bool, shape (y, x) of the tile, optional
        Which of its pixels to count in the second result; all if not given.

    Returns
    -------
    hits : Hits
        Pool pixels of the tile, and all pixels within `settings.ring_m` of one, in or beside the tile.
    fired : ndarray of int64, shape (t,)
        Watched pixels that speak for a pool in each look, before anything else is asked of them.
    """
    evidence = weigh(stack, load_model(settings.model), settings)
    score, first, last, looks = _spells(evidence, settings)
    pool = _pool_pixels(score, looks, settings) & (
        largest_near(evidence.around.water, settings.shore_m) < settings.often_water
    )
    near = _grown(pool, settings.ring_m // PIXEL_M)
    inside = _inside(stack.tile, core)
    rows, columns = np.nonzero(near & inside)
    series = evidence.series(rows, columns)
    ordinals = np.array([0, *(day.toordinal() for day in stack.days)], np.int32)
    hits = Hits(
        epsg=core.epsg,
        days=stack.days,
        column=(columns + stack.tile.column).astype(np.int32),
        row=(rows + stack.tile.row).astype(np.int32),
        pool=pool[rows, columns],
        score=score[rows, columns],
        first=ordinals[first[rows, columns] + 1],
        last=ordinals[last[rows, columns] + 1],
        evidence=series.evidence,
        seen=series.seen,
        bare=evidence.bare(rows, columns),
        forest=evidence.around.forest[rows, columns],
        water=evidence.around.water_near[rows, columns],
        looks=looks[rows, columns],
        traits=evidence.traits(rows, columns),
        bright=series.bright,
        share=series.share,
        use=series.use,
    )
    if watched is not None:
        inside[inside] = watched.ravel()
    counted = inside.ravel()
    return hits, np.array([np.count_nonzero(counted[word.spoken]) for word in evidence.words], np.int64)


def _spells(
    evidence: Evidence, settings: DetectSettings
) -> tuple[NDArray[np.float32], NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
    """Best run of looks of every pixel: score, first look, last look, looks that speak; shape (y, x) each.

    Only pixels of which some look speaks for a pool are gone through; the others gather nothing.
    """
    shape = evidence.speaking.shape
    score, looks = np.zeros(shape, np.float32), np.zeros(shape, np.int16)
    first, last = np.full(shape, -1, np.int16), np.full(shape, -1, np.int16)
    row, column = np.nonzero(evidence.speaking)
    series = evidence.series(row, column)
    gathered = np.empty((1, len(row)), np.float32)
    places: list[NDArray[np.int16]] = [np.empty((1, len(row)), np.int16) for _ in range(3)]
    doubt = np.float32(settings.doubt)
    evidence_of, seen = series.evidence[:, None], series.seen[:, None]
    pool_spells(evidence_of, seen, doubt, settings.pool_evidence, gathered, *places)
    score[row, column] = gathered[0]
    for plane, place in zip((first, last, looks), places, strict=True):
        plane[row, column] = place[0]
    return score, first, last, looks


def join(parts: Sequence[Hits], more: Iterable[date] = ()) -> Hits:
    """Put the hits of a zone's tiles together; a look that a tile does not have is not seen there.

    Parameters
    ----------
    parts : sequence of Hits
        One at least.
    more : iterable of date
        Looks that no tile need have.
    """
    days = tuple(sorted({*more, *(day for part in parts for day in part.days)}))
    place = {day: look for look, day in enumerate(days)}
    total = sum(len(part.column) for part in parts)
    by_look = {name: np.zeros((len(days), total), getattr(parts[0], name).dtype) for name in _BY_LOOK}
    start = 0
    for part in parts:
        looks = [place[day] for day in part.days]
        columns = slice(start, start + len(part.column))
        for name, whole in by_look.items():
            whole[looks, columns] = getattr(part, name)
        start += len(part.column)
    flat = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _BY_PIXEL}
    return Hits(epsg=parts[0].epsg, days=days, **by_look, **flat)


def _pool_pixels(
    score: NDArray[np.float32], looks: NDArray[np.int16], settings: DetectSettings
) -> NDArray[np.bool_]:
    sure = (score >= settings.pool_evidence) & (looks >= settings.pool_looks)
    edge = (score >= settings.edge_evidence) & (looks >= settings.pool_looks) & _grown(sure, 1)
    pool: NDArray[np.bool_] = sure | edge
    return pool & ~_lonely(pool) | (score >= settings.lone_evidence) & pool


def _lonely(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels without a neighbour."""
    around = cv2.filter2D(
        where.astype(np.uint8), cv2.CV_8U, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT
    )
    result: NDArray[np.bool_] = where & (around == 1)
    return result


def _grown(where: NDArray[np.bool_], pixels: int) -> NDArray[np.bool_]:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    result: NDArray[np.bool_] = cv2.dilate(where.astype(np.uint8), disc) > 0
    return result


def _inside(read: Tile, core: Tile) -> NDArray[np.bool_]:
    inside = np.zeros(read.shape, np.bool_)
    inside[core.place_in(read)] = True
    return inside
