"""Sites and their months as arrays, and which of them a selection means: surely, possibly or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point

from leachwatch import tables
from leachwatch.case.records import Span, Territory, Version
from leachwatch.case.records.figures import SiteSelection
from leachwatch.claims.data import Data, days_of, month_numbers
from leachwatch.claims.estimate import Lack
from leachwatch.claims.holders import Holders
from leachwatch.claims.plane import Plane

__all__ = ["MAYBE", "NO", "YES", "Answers", "SiteBook"]

Answers = NDArray[np.int8]
"""For each site: 0 no, 1 possibly, 2 yes."""

NO, MAYBE, YES = np.int8(0), np.int8(1), np.int8(2)

_NEVER, _ALWAYS = np.iinfo(np.int64).min, np.iinfo(np.int64).max
_DEGREE_M = 110_000.0
"""Metres in a degree of latitude, a little less than the least."""

_UNSEEN = len(tables.STATES)
_NO_ROW = _UNSEEN + 1


@dataclass(frozen=True)
class Months:
    """Months of every site as matrices of sites by months; NaN where there is no number.

    Attributes
    ----------
    first : int
        Number of the first month.
    states : ndarray of int8
        Place in ``STATES``; past its end where the site was not seen, or has no row.
    low, high, worked : ndarray of float32
        Pool area with its bounds, worked ground, m².
    """

    first: int
    states: NDArray[np.int8]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    worked: NDArray[np.float32]

    def column(self, month: int) -> int | None:
        """Where a month stands; None where no month of it was looked at."""
        place = month - self.first
        return place if 0 <= place < self.states.shape[1] else None


class SiteBook:
    """Sites of a scan.

    Parameters
    ----------
    data : Data
        With the tables ``sites`` and ``site_months``.
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        self._inside: dict[tuple[str, str], Answers] = {}
        self._onsets: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._plainly: dict[tuple[Any, ...], Answers] = {}
        self._found: dict[SiteSelection, Answers | Lack] = {}

    @cached_property
    def frame(self) -> Any:
        """Table of sites."""
        return self._data.reader.read(tables.SITES)

    def select(self, where: SiteSelection) -> Answers | Lack:
        """Say of each site whether it is meant.

        Returns
        -------
        ndarray of int8, or Lack
            The latter where a part of the question cannot be asked.
        """
        if where not in self._found:
            self._found[where] = self._select(where)
        return self._found[where]

    def versions(self, where: SiteSelection) -> tuple[SiteSelection, ...]:
        """Split a selection in a territory into one for each drawing of it that may be meant."""
        territory = self._data.records.territories.get(where.territory or "")
        if territory is None or where.version:
            return (where,)
        drawn = [one.version for one in territory.versions if _drawn_on(one, where.valid_on)]
        return tuple(where.model_copy(update={"version": one}) for one in drawn) or (where,)

    def _select(self, where: SiteSelection) -> Answers | Lack:
        plain = where.tiers, where.areas, where.simulated
        if plain not in self._plainly:
            self._plainly[plain] = self._plain(where)
        parts: list[Answers | Lack] = [self._plainly[plain]]
        if where.pools_from is not None:
            parts.append(self._began("pools_from", where.pools_from))
        if where.cleared_from is not None:
            parts.append(self._began("cleared_from", where.cleared_from))
        if where.near is not None:
            parts.append(self._near(*where.near))
        if where.territory is not None:
            parts.append(self._within(where.territory, where.version))
        if where.states and where.valid_on is not None:
            parts.append(self._in_state(where.states, where.valid_on))
        if where.valid_on is not None and (where.controllers or where.control):
            parts.append(self._holders.held(where, where.valid_on))
        lacking = [one for one in parts if isinstance(one, Lack)]
        if lacking:
            return lacking[0]
        least: Answers = np.minimum.reduce([one for one in parts if not isinstance(one, Lack)])
        return least

    def _plain(self, where: SiteSelection) -> Answers:
        frame = self.frame
        meant = self._reviews != "rejected"
        meant &= np.isin(self._tiers, where.tiers) | (self._reviews == "accepted")
        if not where.simulated:
            meant &= ~self._simulated
        if where.areas:
            meant &= frame["area"].isin(list(where.areas)).to_numpy(dtype=bool)
        return np.where(meant, YES, NO)

    @cached_property
    def _reviews(self) -> NDArray[np.str_]:
        return np.asarray(self.frame["review"].to_numpy(dtype=str))

    @cached_property
    def _tiers(self) -> NDArray[np.str_]:
        return np.asarray(self.frame["tier"].to_numpy(dtype=str))

    @cached_property
    def _simulated(self) -> NDArray[np.bool_]:
        return np.asarray(self.frame["simulated"].to_numpy(dtype=bool))

    def _began(self, what: str, span: Span) -> Answers:
        """Whether it surely, possibly or never began in a period."""
        earliest, latest = self.onset(what)
        first = _NEVER if span.first == date.min else span.first.toordinal()
        last = span.last.toordinal()
        inside = (earliest >= first) & (latest <= last)
        apart = (latest < first) | (earliest > last)
        return np.where(inside, YES, np.where(apart, NO, MAYBE))

    def onset(self, what: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Earliest and latest day, as ordinals, on which something began; past all days where unbounded."""
        if what not in self._onsets:
            earliest = days_of(self.frame[f"{what}_earliest"], _NEVER)
            self._onsets[what] = earliest, days_of(self.frame[f"{what}_latest"], _ALWAYS)
        return self._onsets[what]

    def _near(self, lon: float, lat: float, metres: float) -> Answers:
        plane, answers = Plane(Point(lon, lat)), np.full(len(self.frame), NO)
        high = metres / _DEGREE_M
        wide = high / max(0.01, np.cos(np.radians(abs(lat) + high)))
        around = self._tree.query(shapely.box(lon - wide, lat - high, lon + wide, lat + high))
        apart = shapely.distance(plane.flat(self.points[around]), plane.flat(Point(lon, lat)))
        answers[around[apart <= metres]] = YES
        return answers

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.points)

    def _within(self, territory: str, version: str) -> Answers | Lack:
        key = (territory, version)
        if key not in self._inside:
            known = self._data.records.territories.get(territory)
            outline = self._data.outlines.get(key)
            if known is None or outline is None:
                name = known.name if known else territory
                what = f"{name} is not drawn" + (f" in a version {version}" if version else "")
                return Lack(what, f"an outline of {name}", computable=False)
            plane, border = Plane(outline), _border(known, version)
            flat, points = plane.flat(outline), plane.flat(self.points)
            inside = shapely.contains(flat, points)
            near = shapely.distance(shapely.boundary(flat), points) <= border
            self._inside[key] = np.where(near, MAYBE, np.where(inside, YES, NO))
        return self._inside[key]

    def _in_state(self, states: Sequence[str], day: date) -> Answers:
        """Whether it was seen in one of the states; a site that was not seen may have been in any."""
        place = self.months.column(_month(day))
        if place is None:
            return np.full(len(self.frame), MAYBE)
        held = self.months.states[:, place]
        wanted = np.isin(held, [tables.STATES.index(one) for one in states])
        return np.where(wanted, YES, np.where(held >= _UNSEEN, MAYBE, NO))

    @cached_property
    def points(self) -> NDArray[np.object_]:
        """A point in each site."""
        return np.asarray(shapely.point_on_surface(self.frame.geometry.to_numpy()), dtype=object)

    @cached_property
    def rows(self) -> pd.Index:
        """Ids of sites, in the order of all arrays."""
        ids: pd.Index = pd.Index(self.frame["site_id"].to_numpy(dtype=object))
        return ids

    @cached_property
    def _holders(self) -> Holders:
        return Holders(self._data, self.rows)

    @cached_property
    def months(self) -> Months:
        """All months of all sites."""
        frame = self._data.reader.read(tables.SITE_MONTHS)
        site = self.rows.get_indexer(frame["site_id"].to_numpy(dtype=object))
        number = month_numbers(frame["month"])
        first, last = (int(number.min()), int(number.max())) if len(number) else (0, -1)
        at = site >= 0
        shape = (len(self.rows), last - first + 1)
        where = (site[at], number[at] - first)
        words = pd.Index([*tables.STATES, "unseen"])
        states = np.full(shape, _NO_ROW, dtype=np.int8, order="F")
        states[where] = words.get_indexer(frame["state"].to_numpy(dtype=object))[at]
        columns = [
            _matrix(shape, where, frame[name].to_numpy(dtype=np.float32, na_value=np.nan)[at])
            for name in ("pool_area_m2_low", "pool_area_m2_high", "worked_area_m2")
        ]
        return Months(first, states, *columns)


def _matrix(shape: tuple[int, int], where: Any, values: NDArray[np.float32]) -> NDArray[np.float32]:
    matrix = np.full(shape, np.nan, dtype=np.float32, order="F")  # asked month by month
    matrix[where] = values
    return matrix


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _drawn_on(version: Version, day: date | None) -> bool:
    return version.dated is None or day is None or version.dated.valid_on(day) != "no"


def _border(territory: Territory, version: str) -> float:
    by_name: Mapping[str, float] = {one.version: one.border_m for one in territory.versions}
    return by_name.get(version, max(by_name.values()))
