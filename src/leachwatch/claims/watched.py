"""What was seen of the ground that a claim is about: without it, no count of sites says anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.case.records import Span
from leachwatch.case.records.claim_tests import Coverage
from leachwatch.case.records.figures import SiteSelection
from leachwatch.claims.data import Data, month_numbers
from leachwatch.claims.estimate import Lack
from leachwatch.claims.plane import RADIUS_M, Plane
from leachwatch.claims.words import span_words

__all__ = ["Watched", "least_seen"]

_YEAR = 12
_NONE_READ = "no real image was read"


@dataclass(frozen=True)
class _Place:
    """The ground asked about: its name, and its shape; None for all that is watched."""

    name: str
    shape: BaseGeometry | None


class Watched:
    """What the scan saw.

    Parameters
    ----------
    data : Data
        With the table ``coverage``.
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        self._shares: dict[_Place, NDArray[np.float64]] = {}
        self._asked: dict[Any, Lack | None] = {}

    def lack(self, where: SiteSelection, until: date | None, require: Coverage | None) -> Lack | None:
        """Say what was not seen of the ground that is asked about.

        Parameters
        ----------
        where : SiteSelection
            Which sites are asked about, and so which ground.
        until : date or None
            Day up to which it is asked about; the end of the scan where None.
        require : Coverage or None
            What has to have been seen; by default as the case says, in the year before that day.

        Returns
        -------
        Lack or None
            None where enough was seen.
        """
        key = (where.areas, where.territory, where.version, where.near, where.simulated, until, require)
        if key not in self._asked:
            self._asked[key] = self._lack(where, until, require)
        return self._asked[key]

    def _lack(self, where: SiteSelection, until: date | None, require: Coverage | None) -> Lack | None:
        strange = [one for one in where.areas if one not in self._data.areas]
        if strange:
            what = f"there is no watched area {strange[0]}"
            return Lack(what, f"an area {strange[0]} in the area file of the case", computable=False)
        place = self._place(where)
        images = f"Sentinel-2 images of {place.name}"
        when = "" if until is None else f"up to {until:%Y-%m}"
        if tables.COVERAGE not in self._data.reader or not len(self._tiles):
            return Lack(f"{_NONE_READ} of {place.name}", images, when)
        if self._data.simulated and not where.simulated:
            return Lack(f"{_NONE_READ} of {place.name}: all scenes of this case are simulated", images, when)
        last = self._first + self._seen.shape[1] - 1
        end = last if until is None else _number(until)
        if end > last:
            what = f"the images of {place.name} end with {_month(last):%Y-%m}"
            return Lack(what, images, f"{_month(last + 1):%Y-%m} to {_month(end):%Y-%m}")
        settings = self._data.settings
        looks = require.clear_looks if require else settings.clear_looks
        enough = require.share_of_area if require else settings.share_of_area
        period = require.period if require else _year_before(end)
        return self._unseen(place, period, looks, enough)

    def _unseen(self, place: _Place, period: Span, looks: int, enough: float) -> Lack | None:
        months = [one - self._first for one in map(_number, period.months())]
        inside = [one for one in months if 0 <= one < self._seen.shape[1]]
        per_tile = least_seen(self._seen[:, inside], looks)
        share = float(self._share_of(place) @ per_tile)
        if share >= enough:
            return None
        images = f"Sentinel-2 images of {place.name}"
        when = span_words(period)
        many = "a clear look" if looks == 1 else f"{looks} clear looks"
        what = f"only {share:.0%} of {place.name} surely had {many} in {when}, and {enough:.0%} is needed"
        return Lack(what, images, when)

    def _share_of(self, place: _Place) -> NDArray[np.float64]:
        """Share of the ground that lies in each tile."""
        if place not in self._shares:
            whole = place.shape if place.shape is not None else shapely.union_all(self._tiles)
            plane = Plane(whole)
            ground, tiles = plane.flat(whole), plane.flat(self._tiles)
            parts = shapely.area(shapely.intersection(tiles, ground))
            together = shapely.area(shapely.intersection(shapely.union_all(tiles), ground))
            once = together / parts.sum() if parts.sum() else 1.0  # tiles of two granules may overlap
            self._shares[place] = parts * once / shapely.area(ground)
        return self._shares[place]

    def _place(self, where: SiteSelection) -> _Place:
        if where.territory is not None:
            known = self._data.records.territories.get(where.territory)
            name = (
                f"{known.name if known else where.territory}{f' ({where.version})' if where.version else ''}"
            )
            return _Place(name, self._data.outlines.get((where.territory, where.version)))
        if where.near is not None:
            lon, lat, metres = where.near
            return _Place(f"{metres / 1000:g} km around {lat:.3f}, {lon:.3f}", _circle(lon, lat, metres))
        shapes = [self._data.areas[one] for one in where.areas]
        if shapes:
            return _Place(", ".join(where.areas), shapely.union_all(shapes))
        return _Place("the ground that is watched", None)

    @cached_property
    def _parts(self) -> tuple[NDArray[np.object_], NDArray[np.float64], int]:
        frame = self._data.reader.read(tables.COVERAGE)
        names, first_rows, codes = np.unique(
            frame["tile"].to_numpy(dtype=str), return_index=True, return_inverse=True
        )
        months = month_numbers(frame["month"])
        first, last = (int(months.min()), int(months.max())) if len(months) else (0, -1)
        seen = np.zeros((len(names), last - first + 1))
        seen[codes, months - first] = frame["clear_share"].to_numpy(dtype=float)
        return np.asarray(frame.geometry.to_numpy()[first_rows], dtype=object), seen, first

    @property
    def _tiles(self) -> NDArray[np.object_]:
        return self._parts[0]

    @property
    def _seen(self) -> NDArray[np.float64]:
        return self._parts[1]

    @property
    def _first(self) -> int:
        return self._parts[2]


def least_seen(shares: NDArray[np.float64], looks: int) -> NDArray[np.float64]:
    """Least share of the ground that was seen so many times, whichever parts clouds hid.

    Parameters
    ----------
    shares : ndarray of float, shape (tile, month)
        Share of each tile that was seen in each month.
    looks : int
        Months in which it has to have been seen.

    Returns
    -------
    ndarray of float, shape (tile,)

    Notes
    -----
    Ground seen in fewer than k of n months takes up at most k - 1 of their sum, so that the rest is at
    least (sum - (k - 1)) / (n - k + 1), for any n of the months; the clearest ones are tried.

    Examples
    --------
    >>> least_seen(np.array([[0.9, 0.8, 0.1]]), 2).round(2)
    array([0.7])
    """
    clearest = -np.sort(-shares, axis=1)
    sums = np.cumsum(clearest, axis=1)
    least = np.zeros(len(shares))
    for many in range(looks, shares.shape[1] + 1):
        least = np.maximum(least, (sums[:, many - 1] - (looks - 1)) / (many - looks + 1))
    return np.clip(least, 0.0, 1.0)


def _circle(lon: float, lat: float, metres: float) -> BaseGeometry:
    degree = np.radians(RADIUS_M)
    ring = Point(0, 0).buffer(metres, quad_segs=16)
    wide = degree * np.cos(np.radians(lat))
    return shapely.transform(
        ring, lambda at: np.column_stack([lon + at[:, 0] / wide, lat + at[:, 1] / degree])
    )


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _year_before(month: int) -> Span:
    return Span.of(f"{_month(month - _YEAR + 1):%Y-%m}..{_month(month):%Y-%m}")


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
