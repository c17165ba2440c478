"""Recall on lists of known points: how much of what is known a scan found, of what it could see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from leachwatch import tables
from leachwatch.bench.columns import Seen, State
from leachwatch.bench.cover import Cover, Fate
from leachwatch.bench.points import Point, PointList
from leachwatch.bench.rates import Level, Rate
from leachwatch.bench.score import COUNTED, MATCH_M
from leachwatch.detect import link
from leachwatch.errors import RecordError

__all__ = ["Recall", "recall"]

LINK_M = 150.0
"""Known points this near to each other are one known site, as pools are in a scan."""

_SIZES_M = (8.0, 12.0, 16.0)
"""Where one class of diameter ends and the next begins: below a pixel, about one, more, wide."""

_STATES: tuple[State, ...] = ("active", "abandoned", "unknown")


@dataclass(frozen=True)
class Recall:
    """How much of a list of known points a scan found.

    Attributes
    ----------
    listed : int
        Points of in-situ leaching in the list.
    left_out : mapping of str to int
        Points of other types.
    no_points : int
        Features of the list that are no point.
    outside : int
        Points outside the watched ground.
    before : int
        Points that count though they were seen before the scan begins: their pools may have gone since.
    points, sites : Level
        Recall of points, and of known sites: points linked within 150 m.
    agrees : Rate
        Of found points that were seen in the scan's period, those before whose date the scan does not rule
        pools out.
    missed : tuple of Point
        Points that could be seen and were not found.
    simulated : bool
        Whether the sites of the scan are.
    """

    listed: int
    left_out: Mapping[str, int]
    no_points: int
    outside: int
    before: int
    points: Level
    sites: Level
    agrees: Rate
    missed: tuple[Point, ...]
    simulated: bool

    @property
    def unseen(self) -> Rate:
        """Points that could not be seen: outside the watched ground, or without a clear month."""
        return Rate(self.outside + self.points.unclear, self.listed)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "simulated": self.simulated,
            "listed": self.listed,
            "left_out": dict(self.left_out),
            "no_points": self.no_points,
            "outside": self.outside,
            "before": self.before,
            "unseen": self.unseen.as_dict(),
            "points": self.points.as_dict(),
            "sites": self.sites.as_dict(),
            "dates_agree": self.agrees.as_dict(),
            "precision": None,
            "missed": [{"name": one.name, "lon": one.lon, "lat": one.lat} for one in self.missed],
        }


def recall(out: Path, known: PointList) -> Recall:
    """Compare the sites of a scan with a list of known points.

    Sites of the tiers confirmed and probable count, and find every point within 50 m of their outline. What
    could not be seen is neither found nor missed. There is no precision: no list is complete, so a found site
    that is on none may be true.

    Parameters
    ----------
    out : Path
        Folder of a scan.
    known : PointList
        The points.

    Returns
    -------
    Recall

    Raises
    ------
    TableError
        If the folder has no tables.
    RecordError
        If no point lies on the watched ground.
    """
    sites, coverage = tables.read(out, tables.SITES), tables.read(out, tables.COVERAGE)
    if coverage.empty:
        raise RecordError(f"{out}: the scan watched no ground; scan again")
    cover = Cover.of(coverage)
    found, places = _watched(known, cover, sites[sites["tier"].isin(COUNTED)])
    if not found:
        raise RecordError(f"{known.path}: no point lies on the ground of {out}, which reaches {cover.reach}")
    groups = link(places, LINK_M)
    return Recall(
        listed=len(known.points),
        left_out=known.left_out,
        no_points=known.no_points,
        outside=len(known.points) - len(found),
        before=sum(one.fate == "seen" and cover.is_before(one.seen) for one in found),
        points=_level(found),
        sites=_level([_together(some) for some in _grouped(found, groups)]),
        agrees=_agreement(found, cover),
        missed=tuple(one.point for one in found if one.fate == "seen" and one.site is None),
        simulated=bool(sites["simulated"].any()),
    )


@dataclass(frozen=True)
class _Known:
    """A point, or a site of points by its first one, and what became of it."""

    point: Point
    fate: Fate
    site: Any
    diameter_m: float | None
    seen: Seen | None
    state: State

    @property
    def size(self) -> str:
        if self.diameter_m is None:
            return "unknown"
        return _size_classes()[int(np.searchsorted(_SIZES_M, self.diameter_m, side="right"))]

    @property
    def year(self) -> str:
        return "undated" if self.seen is None else str(self.seen.earliest.year)


def _size_classes() -> tuple[str, ...]:
    between = (f"{low:g} to {high:g} m" for low, high in pairwise(_SIZES_M))
    return (f"under {_SIZES_M[0]:g} m", *between, f"{_SIZES_M[-1]:g} m and more")


def _watched(known: PointList, cover: Cover, sites: Any) -> tuple[list[_Known], NDArray[np.float64]]:
    """Points on the watched ground, with their places in metres."""
    points = known.points
    places = gpd.GeoSeries.from_xy([one.lon for one in points], [one.lat for one in points], crs=4326)
    months = cover.clear_months(places)
    places = places[[clear is not None for clear in months]].to_crs(cover.tiles.estimate_utm_crs())
    nearest = _nearest(places, sites.to_crs(places.crs))
    watched = [(point, clear) for point, clear in zip(points, months, strict=True) if clear is not None]
    found = [
        _Known(point, cover.fate(point.seen, clear), site, point.diameter_m, point.seen, point.state)
        for (point, clear), site in zip(watched, nearest, strict=True)
    ]
    return found, np.column_stack([places.x, places.y])


def _nearest(places: Any, sites: Any) -> list[Any]:
    """Nearest found site of each place, within reach; None where there is none."""
    nearest: list[Any] = [None] * len(places)
    if not sites.empty:
        pairs = sites.sindex.nearest(places, return_all=False, max_distance=MATCH_M)
        for number, site in zip(*pairs, strict=True):
            nearest[number] = sites.iloc[site]
    return nearest


def _grouped(points: Sequence[_Known], groups: NDArray[np.int32]) -> Iterator[Sequence[_Known]]:
    together: dict[int, list[_Known]] = {}
    for point, group in zip(points, groups.tolist(), strict=True):
        together.setdefault(group, []).append(point)
    yield from together.values()


def _together(points: Sequence[_Known]) -> _Known:
    """Make one site: found with any of its points; of those that count, the widest and the first seen."""
    fates: tuple[Fate, ...] = ("seen", "unclear", "later")
    fate = next(fate for fate in fates if any(one.fate == fate for one in points))
    own = [one for one in points if one.fate == fate]
    dated = [one.seen for one in own if one.seen is not None]
    return _Known(
        own[0].point,
        fate,
        next((one.site for one in points if one.site is not None), None),
        max((one.diameter_m for one in own if one.diameter_m is not None), default=None),
        min(dated, key=lambda seen: seen.earliest, default=None),
        next(state for state in _STATES if any(one.state == state for one in own)),
    )


def _level(known: Sequence[_Known]) -> Level:
    seen = [one for one in known if one.fate == "seen"]
    return Level(
        watched=len(known),
        unclear=sum(one.fate == "unclear" for one in known),
        later=sum(one.fate == "later" for one in known),
        found=_rate(seen),
        by_size=_rates(seen, (*_size_classes(), "unknown"), lambda one: one.size),
        by_year=_rates(seen, sorted({one.year for one in seen}), lambda one: one.year),
        by_state=_rates(seen, _STATES, lambda one: one.state),
    )


def _rates(known: Sequence[_Known], names: Sequence[str], of: Callable[[_Known], str]) -> dict[str, Rate]:
    """Rate of each class that has any, in the order of the names."""
    rates = {name: _rate([one for one in known if of(one) == name]) for name in names}
    return {name: rate for name, rate in rates.items() if rate.of}


def _rate(known: Sequence[_Known]) -> Rate:
    return Rate(sum(one.site is not None for one in known), len(known))


def _agreement(points: Sequence[_Known], cover: Cover) -> Rate:
    """Found points seen in the period, and those whose site may have had pools by then."""
    dated = [
        (one.site["pools_from_earliest"], one.seen.latest)
        for one in points
        if one.fate == "seen" and one.site is not None and one.seen and one.seen.earliest >= cover.first
    ]
    return Rate(sum(not isinstance(begin, date) or begin <= day for begin, day in dated), len(dated))
