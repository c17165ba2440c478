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

__all__ = ["MINE", "UNKNOWN", "Group", "find_groups"]

MINE, UNKNOWN = "mine", "nothing known"
_NEAR_M = 15.0
_MINE_SHARE = 0.2
_BESIDE_M = 100.0


@dataclass(frozen=True, eq=False)
class Group:
    """A group of pool pixels and what it truly is.

    Attributes
    ----------
    values : ndarray of float32, shape (feature,)
        In the order of `WHOLE`.
    kind : str
        `MINE`, a kind of look-alike, or `UNKNOWN`.
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
    """

    values: NDArray[np.float32]
    kind: str
    seed: int
    slope: float
    pool_m2: float = 0.0
    found_m2: float = 0.0
    plain: bool = True


def find_groups(place: Place) -> list[Group]:
    """Find the groups of a place, and say what each is.

    A group is a mine where at least a fifth of it lies on or beside pools. Groups that are a mine in small
    part, or a mine that never worked in the series, are left out.
    """
    hits, _ = find_hits(place.stack, place.core, place.settings.detect)
    sites = [
        (site, shapely.union_all([outline_of(pool) for pool in site["pools"]]))
        for site in place.truth["sites"]
        if site["pools"]
    ]
    found = []
    for one in group(hits, place.settings.detect):
        middles: Any = shapely.points(
            (one.column[one.pool] + 0.5) * PIXEL_M, (-one.row[one.pool] - 0.5) * PIXEL_M
        )
        share, site = max(
            ((float((shapely.distance(pools, middles) <= _NEAR_M).mean()), number)
             for number, (_, pools) in enumerate(sites)),
            default=(0.0, -1),
        )  # fmt: skip
        kind, area = _kind(middles, place.truth), 0.0
        if share >= _MINE_SHARE:
            states = sites[site][0]["states"]
            if "active" not in states.values():
                continue
            kind = MINE
            area = max(
                sites[site][0]["pool_area_m2"][month] for month, now in states.items() if now == "active"
            )
        elif share > 0:
            continue
        whole = measure(one, place.settings.detect)
        found_m2 = float(one.pool_share().sum()) * PIXEL_M**2
        values = np.array([whole[name] for name in WHOLE], np.float32)
        seed, slope = int(place.truth["seed"]), float(place.truth["slope"])
        found.append(Group(values, kind, seed, slope, area, found_m2, place.plain))
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
