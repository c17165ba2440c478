"""How outlines of this scan lie to others: shared ground and distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from leachwatch.imagery import from_lonlat

__all__ = ["Overlap", "Place", "overlaps"]

_NEIGHBOUR_DEGREES = 0.01
_AS_AREAS: dict[str, Any] = {"method": "structure", "keep_collapsed": False}
_SAME_GROUND_M2 = 1.0  # a hundredth of a pixel; less is what is left when coordinates are rounded


@dataclass(frozen=True)
class Place:
    """Where a site is.

    Attributes
    ----------
    outline : shapely geometry
        In EPSG:4326.
    epsg : int
        UTM zone in which it was found.
    """

    outline: BaseGeometry
    epsg: int


@dataclass(frozen=True)
class Overlap:
    """How one place lies to another outline.

    Attributes
    ----------
    place, other : int
        Which of each.
    shared_m2 : float
        Ground that both have, to the square metre.
    likeness : float
        Shared ground over the ground of either, 0 to 1; 1 where both are the same.
    apart_m : float
        Distance; 0 where they touch.
    """

    place: int
    other: int
    shared_m2: float
    likeness: float
    apart_m: float


def overlaps(places: Sequence[Place], others: Sequence[BaseGeometry]) -> list[Overlap]:
    """Compare places with other outlines that lie near them.

    Parameters
    ----------
    places : sequence of Place
        In this scan.
    others : sequence of shapely geometries
        In EPSG:4326.

    Returns
    -------
    list of Overlap
        By `place`, then by `other`; pairs further apart than some hundred metres are left out.
    """
    if not places or not others:
        return []
    ours = [shapely.make_valid(place.outline, **_AS_AREAS) for place in places]
    theirs = [shapely.make_valid(other, **_AS_AREAS) for other in others]
    near = shapely.STRtree(ours).query(theirs, predicate="dwithin", distance=_NEIGHBOUR_DEGREES)
    pairs = [(place, other) for other, place in near.T.tolist()]
    zones = [place.epsg for place in places]
    here = {place: from_lonlat(ours[place], zones[place]) for place in {place for place, _ in pairs}}
    wanted = {(other, zones[place]) for place, other in pairs}
    there = {(other, epsg): from_lonlat(theirs[other], epsg) for other, epsg in wanted}
    return [_overlap(place, other, here[place], there[other, zones[place]]) for place, other in sorted(pairs)]


def _overlap(place: int, other: int, here: BaseGeometry, there: BaseGeometry) -> Overlap:
    shared = here.intersection(there).area
    if shared < _SAME_GROUND_M2:
        return Overlap(place, other, 0.0, 0.0, here.distance(there))
    return Overlap(place, other, float(round(shared)), shared / (here.area + there.area - shared), 0.0)
