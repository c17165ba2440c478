"""Mines: how many sites, pools and clusters there are, on how much ground, since when."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.case import ClaimSettings
from leachwatch.case.records.claim_tests import Coverage, ErrorModel
from leachwatch.case.records.figures import AreaFigure, SiteFigure, SiteSelection
from leachwatch.claims.data import Data, days_of
from leachwatch.claims.estimate import Estimate, Lack
from leachwatch.claims.interval import Interval
from leachwatch.claims.plane import Plane
from leachwatch.claims.sites import MAYBE, YES, Answers, SiteBook
from leachwatch.claims.watched import Watched
from leachwatch.claims.words import interval_words, span_words

__all__ = ["IMAGERY", "Mines"]

IMAGERY = "sentinel-2"
"""Independence group of all that comes from the images."""

_GROUND = (tables.SITES, tables.SITE_MONTHS, tables.COVERAGE)
_NOTHING = Interval(0, 0)
_ONCE_IN = 0.05
_NONE_READ = "no real image was read"


class Mines:
    """Counts and areas of sites.

    Parameters
    ----------
    data : Data
        With the tables of a scan.
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        self._sites = SiteBook(data)
        self._watched = Watched(data)

    def versions(self, where: SiteSelection) -> tuple[SiteSelection, ...]:
        """Split a selection in a territory into one for each drawing of it that may be meant."""
        return self._sites.versions(where)

    def count(self, figure: SiteFigure, error: ErrorModel, require: Coverage | None) -> Estimate:
        """How many there are."""
        found = self._answers(figure.where, _until(figure.where), require)
        if isinstance(found, Lack):
            return Estimate(lacks=(found,))
        seen = self._counted(figure, found)
        true = _whole(seen * self._factor(error))
        if seen.high == 0:
            true = Interval(0, _missed(self._rates(error)[1][0]))
        told = interval_words(true)
        said = f"{interval_words(seen)} {figure.count} found, {told} with {self._error_words(error)}"
        return self._resting(Estimate.of(true, "", said), figure.where)

    def area(self, figure: AreaFigure, error: ErrorModel, require: Coverage | None) -> Estimate:
        """How much ground they take up, m²."""
        until = figure.month.last
        found = self._answers(figure.where, until, require)
        if isinstance(found, Lack):
            return Estimate(lacks=(found,))
        parts = self._areas(figure)
        if isinstance(parts, Lack):
            return Estimate(lacks=(parts,))
        low, high = parts
        seen = Interval(float(low[found == YES].sum()), float(high[found >= MAYBE].sum()))
        true = seen * self._factor(error)
        said = (
            f"{interval_words(seen, 'm2')} of {figure.definition} in {span_words(figure.month)}, "
            f"{interval_words(true, 'm2')} with {self._error_words(error)}"
        )
        return self._resting(Estimate.of(true, "m2", said), figure.where)

    def overlap(
        self, where: SiteSelection, inside: SiteSelection, error: ErrorModel, require: Coverage | None
    ) -> Estimate:
        """Which share of some sites are also others; as wide as sites missed and false ones can make it."""
        until = max(filter(None, (_until(where), _until(inside))), default=None)
        among = self._answers(where, until, require)
        if isinstance(among, Lack):
            return Estimate(lacks=(among,))
        other = self._sites.select(inside.model_copy(update={"simulated": where.simulated}))
        if isinstance(other, Lack):
            return Estimate(lacks=(other,))
        factor = self._factor(error)
        both = np.minimum(among, other)
        left = np.minimum(among, YES - other)
        part, rest = (
            Interval(float((one == YES).sum()), float((one >= MAYBE).sum())) * factor for one in (both, left)
        )
        if part.high + rest.high == 0:
            return Estimate.uncovered("no such site was found", "images that show one")
        low = part.low / (part.low + rest.high) if part.low + rest.high else 0.0
        high = part.high / (part.high + rest.low) if part.high + rest.low else 1.0
        said = (
            f"{int((both == YES).sum())} of {int((among >= MAYBE).sum())} sites surely, "
            f"{int((both >= MAYBE).sum())} possibly: {interval_words(Interval(low, high))} "
            f"with {self._error_words(error)}"
        )
        return self._resting(Estimate(low, high, "", said), where, inside)

    def onset(self, what: str, where: SiteSelection, require: Coverage | None) -> Estimate:
        """Day, as an ordinal, on which the earliest of some sites began."""
        found = self._answers(where, _until(where), require)
        if isinstance(found, Lack):
            return Estimate(lacks=(found,))
        column = "pools_from" if what == "pools" else "cleared_from"
        earliest, latest = self._sites.onset(column)
        sure, maybe = found == YES, found >= MAYBE
        if not maybe.any():
            return Estimate.uncovered("no such site was found", "images that show one")
        low = float(earliest[maybe].min())
        high = float(latest[sure].min()) if sure.any() else math.inf
        ends = Interval(
            low if low >= date.min.toordinal() else -math.inf,
            high if high <= date.max.toordinal() else math.inf,
        )
        said = f"{what} of the earliest of {int(maybe.sum())} sites"
        return self._resting(Estimate.of(ends, "day", said), where)

    def _answers(self, where: SiteSelection, until: date | None, require: Coverage | None) -> Answers | Lack:
        lack = self._watched.lack(where, until, require)
        if lack is not None:
            return lack
        if tables.SITES not in self._data.reader or tables.SITE_MONTHS not in self._data.reader:
            return Lack(_NONE_READ, "Sentinel-2 images")
        return self._sites.select(where)

    def _rates(self, error: ErrorModel) -> tuple[tuple[float, float], tuple[float, float]]:
        """Precision and recall of the claim, else of the case."""
        settings = self._data.settings
        return error.precision or settings.precision, error.recall or settings.recall

    def _error_words(self, error: ErrorModel) -> str:
        precision, recall = (interval_words(Interval(*one)) for one in self._rates(error))
        simulated = error.precision is None and self._data.settings.precision == ClaimSettings().precision
        where = ", of simulated districts" if simulated else ""
        return f"the detector's error (precision {precision}, recall {recall}{where})"

    def _factor(self, error: ErrorModel) -> Interval:
        """How many true ones there are for each that is found."""
        precision, recall = self._rates(error)
        return Interval(precision[0] / recall[1], precision[1] / recall[0] if recall[0] else math.inf)

    def _counted(self, figure: SiteFigure, found: Answers) -> Interval:
        sure, maybe = found == YES, found >= MAYBE
        if figure.count == "pools":
            low, high = (
                self._sites.frame[f"pool_count_{end}"].to_numpy(dtype=float) for end in ("low", "high")
            )
            return Interval(float(low[sure].sum()), float(high[maybe].sum()))
        if figure.count == "clusters" and figure.join_m is not None:
            return _clusters(self._sites.points, sure, maybe, figure.join_m)
        return Interval(float(sure.sum()), float(maybe.sum()))

    def _areas(self, figure: AreaFigure) -> tuple[NDArray[np.float64], NDArray[np.float64]] | Lack:
        """Least and most of each site."""
        months, last = self._sites.months, figure.month.last
        place = months.column(last.year * 12 + last.month - 1)
        if place is None:
            return Lack(f"no image of {last:%Y-%m} was read", "Sentinel-2 images", f"{last:%Y-%m}")
        if figure.definition in {"hull", "disturbed"} or (
            figure.definition == "worked" and figure.cumulative
        ):
            return self._at_the_end(figure, place)
        if figure.cumulative:
            return self._dug(last)
        known = self._sites.frame
        if figure.definition == "pools":
            low, high = months.low[:, place], months.high[:, place]
            most = known["pool_area_m2_high"].to_numpy(dtype=float)
        else:
            low = high = months.worked[:, place]
            most = known["worked_area_m2"].to_numpy(dtype=float)
        unseen = np.isnan(high)
        return np.where(unseen, 0.0, low), np.where(unseen, most, high)

    def _at_the_end(
        self, figure: AreaFigure, place: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | Lack:
        """Ground that is measured once, over all looks, and so is only known of the end of the series."""
        if place < self._sites.months.states.shape[1] - 1:
            what = (
                f"{figure.definition} ground is measured over all looks, not up to {figure.month.last:%Y-%m}"
            )
            return Lack(
                what, f"a run of this case that ends with {figure.month.last:%Y-%m}", computable=False
            )
        area = self._sites.frame[f"{figure.definition}_area_m2"].to_numpy(dtype=float)
        return area, area

    def _dug(self, last: date) -> tuple[NDArray[np.float64], NDArray[np.float64]] | Lack:
        """Pools that had appeared by a day, whether they still stood or not."""
        if tables.PATCHES not in self._data.reader:
            return Lack("there is no table patches", "a run of this case")
        patches, sites = self._data.reader.read(tables.PATCHES), self._sites.frame
        row = self._sites.rows.get_indexer(patches["site_id"].to_numpy(dtype=object))
        size = patches["pool_area_m2"].to_numpy(dtype=float)
        sums = []
        for end in ("latest", "earliest"):
            by_then = (days_of(patches[f"first_seen_{end}"]) <= last.toordinal()) & (row >= 0)
            sums.append(np.bincount(row[by_then], size[by_then], minlength=len(sites)))
        whole = np.maximum(sites["pool_area_m2"].to_numpy(dtype=float), 1e-9)
        spread = [sites[f"pool_area_m2_{end}"].to_numpy(dtype=float) / whole for end in ("low", "high")]
        return sums[0] * spread[0], sums[1] * spread[1]

    def _resting(self, estimate: Estimate, *where: SiteSelection) -> Estimate:
        records = [one.territory for one in where if one.territory] + [
            actor for one in where for actor in one.controllers
        ]
        held = any(one.controllers or one.control for one in where)
        names = (*_GROUND, tables.SITE_CONTROL) if held else _GROUND
        there = [one.name for one in names if one in self._data.reader]
        return estimate.resting_on(records, there, [IMAGERY])


def _until(where: SiteSelection) -> date | None:
    """Last day that is asked about."""
    ends = [one.last for one in (where.pools_from, where.cleared_from) if one is not None]
    return max(ends + ([where.valid_on] if where.valid_on else []), default=None)


def _whole(count: Interval) -> Interval:
    """Cut to the whole numbers in it; where there is none, to the two that it lies between.

    Examples
    --------
    >>> _whole(Interval(1.7, 3.2)), _whole(Interval(2.1, 2.4))
    (Interval(low=2, high=3), Interval(low=2, high=3))
    """
    if math.isinf(count.high):
        return Interval(math.ceil(count.low - 1e-9), count.high)
    low, high = math.ceil(count.low - 1e-9), math.floor(count.high + 1e-9)
    return Interval(min(low, high), max(low, high))


def _missed(recall: float) -> float:
    """How many there may be where none was found: the most of which all are missed once in twenty times.

    Examples
    --------
    >>> _missed(0.57), _missed(1.0), _missed(0.0)
    (3, 0, inf)
    """
    if recall in {0.0, 1.0}:
        return 0 if recall else math.inf
    return math.floor(math.log(_ONCE_IN) / math.log(1 - recall))


def _clusters(
    points: NDArray[np.object_], sure: NDArray[np.bool_], maybe: NDArray[np.bool_], join_m: float
) -> Interval:
    """Count groups of sites nearer to each other than so far, whichever of the possible ones count."""
    if not maybe.any():
        return _NOTHING
    every = _labels(points[maybe], join_m)
    least = len(np.unique(every[sure[maybe]]))
    most = (len(np.unique(_labels(points[sure], join_m))) if sure.any() else 0) + int((maybe & ~sure).sum())
    return Interval(least, most)


def _labels(points: NDArray[np.object_], join_m: float) -> NDArray[np.int32]:
    middle: BaseGeometry = shapely.union_all(points)
    flat = Plane(middle).flat(points)
    one, other = shapely.STRtree(flat).query(flat, predicate="dwithin", distance=join_m)
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(points), len(points)))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels
