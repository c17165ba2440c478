"""Wholes: groups of pool pixels of known places, as samples for the last two forests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from leachwatch.detect import WHOLE, find_hits, group, measure
from leachwatch.imagery import PIXEL_M
from leachwatch.train.places import Place, outline_of

__all__ = ["MINE", "PART", "UNKNOWN", "Group", "find_groups"]

MINE, PART, UNKNOWN = "mine", "part of a mine", "nothing known"
_NEAR_M = 15.0
_MINE_SHARE = 0.2
_THERE_M = 50.0
"""A mine this near to a group is there: the score is the probability of that, as known mines are counted."""
_BESIDE_M = 100.0


@dataclass(frozen=True, eq=False)
class Group:
    """A group of pool pixels and what it truly is.

    Attributes
    ----------
    values : ndarray of float32, shape (feature,)
        In the order of `WHOLE`.
    kind : str
        `MINE`, a kind of look-alike, `UNKNOWN`, or `PART` where less than a fifth of it is a mine: no forest
        is shown these.
    seed : int
        Of the district.
    slope : float
        Median slope of the district.
    pool_m2 : float
        Most pool that stood at once while the site worked, m²; 0 of no mine.
    found_m2 : float
        Pool in its pixels as the model of shares has it, m².
    plain : bool
        Whether its district is one that the score is calibrated on.
    mine_there : bool
        Whether a mine that worked is within 50 m.
    """

    values: NDArray[np.float32]
    kind: str
    seed: int
    slope: float
    pool_m2: float = 0.0
    found_m2: float = 0.0
    plain: bool = True
    mine_there: bool = False


def find_groups(place: Place) -> list[Group]:
    """Find the groups of a place, and say what each is.

    A group is a mine where at least a fifth of it lies on or beside pools. Groups of a mine that never worked
    in the series are left out.
    """
    hits, _ = find_hits(place.stack, place.core, place.settings.detect)
    sites = [
        (site, shapely.union_all([outline_of(pool) for pool in site["pools"]]))
        for site in place.truth["sites"]
        if site["pools"]
    ]
    nothing: Mapping[str, Any] = {}
    found = []
    for one in group(hits, place.settings.detect):
        middles: Any = shapely.points(
            (one.column[one.pool] + 0.5) * PIXEL_M, (-one.row[one.pool] - 0.5) * PIXEL_M
        )
        kind, area = _kind(middles, place.truth), 0.0
        nearest, share, site = max(
            ((float(apart.min()), float((apart <= _NEAR_M).mean()), site)
             for site, apart in ((site, shapely.distance(pools, middles)) for site, pools in sites)),
            default=(float("inf"), 0.0, nothing), key=lambda one: (one[1], -one[0]),
        )  # fmt: skip
        there = nearest <= _THERE_M
        if there and "active" not in site["states"].values():
            continue
        if share > 0:
            kind = MINE if share >= _MINE_SHARE else PART
        if kind == MINE:
            area = max(
                site["pool_area_m2"][month] for month, now in site["states"].items() if now == "active"
            )
        whole = measure(one, place.settings.detect)
        found.append(
            Group(
                values=np.array([whole[name] for name in WHOLE], np.float32),
                kind=kind,
                seed=int(place.truth["seed"]),
                slope=float(place.truth["slope"]),
                pool_m2=area,
                found_m2=float(one.pool_share().sum()) * PIXEL_M**2,
                plain=place.plain,
                mine_there=there,
            )
        )
    return found


def _kind(middles: NDArray[Any], truth: Mapping[str, Any]) -> str:
    """Nearest look-alike, if one is within 100 m."""
    distances = [
        (
            float(shapely.distance(shapely.Point(other["xy"]), middles).min()) - other["radius_m"],
            other["kind"],
        )
        for other in truth["lookalikes"]
    ]
    distance, kind = min(distances, default=(np.inf, UNKNOWN))
    return kind if distance <= _BESIDE_M else UNKNOWN
