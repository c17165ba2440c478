"""Pixels: what single looks show at pools and beside them, as samples for the first two forests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.features import FEATURES, features_of, surroundings
from leachwatch.train.places import Place

__all__ = ["CLASSES", "RESTING", "Samples", "sample_pixels"]

CLASSES = ("none", "grey", "bright")
"""What a look may show at a pixel: no pool in use, or one by its signature."""

RESTING = -2
_MOST_SHARE, _LEAST_SHARE = 0.4, 0.02
_OTHERS, _ON_PADS = 300, 150
"""Pixels without a pool a look: from everywhere, and from the sites' own ground."""
_POOLS, _PARTS = 120, 100
_PAD_PX = 9


@dataclass(frozen=True, eq=False)
class Samples:
    """Pixels and looks, n of them.

    Attributes
    ----------
    values : ndarray of float32, shape (n, feature)
        In the order of `FEATURES`.
    label : ndarray of int8, shape (n,)
        Place in `CLASSES`; -1 of a pixel with less pool than counts, `RESTING` of a pool that nobody works.
    share : ndarray of float32, shape (n,)
        How much of the pixel is pool.
    liquid : ndarray of str, shape (n,)
        What mostly stands in the pool; empty where there is none.
    seed : ndarray of int32, shape (n,)
        Of the district.
    slope : ndarray of float32, shape (n,)
        Median slope of the district.
    """

    values: NDArray[np.float32]
    label: NDArray[np.int8]
    share: NDArray[np.float32]
    liquid: NDArray[np.str_]
    seed: NDArray[np.int32]
    slope: NDArray[np.float32]

    @classmethod
    def together(cls, parts: list[Samples]) -> Samples:
        """Put samples of several places together."""
        return cls(
            *(np.concatenate([getattr(one, name) for one in parts]) for name in cls.__dataclass_fields__)
        )

    def take(self, rows: NDArray[Any]) -> Samples:
        """Return some of the samples."""
        return Samples(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def sample_pixels(place: Place, rng: np.random.Generator) -> Samples:
    """Draw pixels of every look of a place: all kinds of ground, the pads between pools, pools in use.

    A pixel counts as a pool where at least two fifths of it are, and the site works; as one of bright liquid
    where LC10 says so. Pools that rest, and pixels with less of a pool, are marked apart.
    """
    settings = place.settings.detect
    around = surroundings(place.stack, settings)
    edge = place.core.column - place.stack.tile.column
    height, width = place.core.shape
    sites = [_Site(place, site) for site in place.truth["sites"]]
    parts = []
    for day, found in zip(place.stack.days, features_of(place.stack, around, settings), strict=True):
        row, column = found.row - edge, found.column - edge
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        row, column, values = row[inside], column[inside], found.values[:, inside]
        share, used, own, works = _standing(sites, day, (height, width))
        near = cv2.dilate((share > _LEAST_SHARE).view(np.uint8), np.ones((3, 3), np.uint8)) > 0
        on_pad = own & ~near
        pools = np.flatnonzero((used >= _MOST_SHARE)[row, column])
        parts_of = np.flatnonzero((near & works & (used < _MOST_SHARE))[row, column])
        resting = np.flatnonzero((share - used >= _MOST_SHARE)[row, column])
        rest = np.flatnonzero(~(near | own)[row, column])
        pads = np.flatnonzero(on_pad[row, column])
        chosen = np.concatenate(
            [
                _some(rng, pools, _POOLS),
                _some(rng, parts_of, _PARTS),
                _some(rng, resting, _POOLS),
                _some(rng, rest, _OTHERS),
                _some(rng, pads, _ON_PADS),
            ]
        )
        row, column, values = row[chosen], column[chosen], values[:, chosen].T
        pool = used[row, column] >= _MOST_SHARE
        left = (share - used)[row, column] >= _MOST_SHARE
        mixed = np.where(left, RESTING, np.where(near[row, column], -1, 0))
        leach = values[:, FEATURES.index("leach_near")] > 0
        parts.append(
            Samples(
                values=values,
                label=np.where(pool, np.where(leach, 2, 1), mixed).astype(np.int8),
                share=used[row, column],
                liquid=np.where(pool, _liquids(sites, (height, width))[row, column], ""),
                seed=np.full(len(chosen), place.truth["seed"], np.int32),
                slope=np.full(len(chosen), place.truth["slope"], np.float32),
            )
        )
    return Samples.together(parts)


class _Site:
    """Pools of a site as pictures."""

    def __init__(self, place: Place, truth: Any) -> None:
        self.states = truth["states"]
        self.pools = [
            (
                date.fromisoformat(pool["born"]),
                date.fromisoformat(pool["gone"]),
                pool["liquid"],
                place.pool_share([pool]),
            )
            for pool in truth["pools"]
        ]
        ever = np.sum([share for *_, share in self.pools], axis=0) > _LEAST_SHARE
        self.ground = cv2.dilate(ever.astype(np.uint8), np.ones((_PAD_PX, _PAD_PX), np.uint8)) > 0


def _standing(
    sites: list[_Site], day: date, shape: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Share of pool on a day, share of pool in use, the sites' own ground, and that of sites that work."""
    share, used = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    ground, working = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for site in sites:
        works = site.states.get(f"{day:%Y-%m}") == "active"
        ground |= site.ground
        if works:
            working |= site.ground
        for born, gone, _, picture in site.pools:
            if born <= day < gone:
                share += picture
                if works:
                    used += picture
    return np.minimum(share, 1), np.minimum(used, 1), ground, working


def _liquids(sites: list[_Site], shape: tuple[int, int]) -> NDArray[np.str_]:
    """Name the main liquid of the pool that has most of each pixel."""
    best, name = np.zeros(shape, np.float32), np.full(shape, "", "U12")
    for site in sites:
        for _, _, liquid, picture in site.pools:
            more = picture > best
            best[more], name[more] = picture[more], liquid
    return name


def _some(rng: np.random.Generator, places: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    return places if len(places) <= most else np.sort(rng.choice(places, most, replace=False))
