"""Scoring: found sites against known ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.bench.truth import TrueSite, Truth
from leachwatch.errors import RecordError

__all__ = ["Score", "score"]

MATCH_M = 50.0
"""A found site and a known one are the same where their outlines come this near."""

_NOT_THE_SAME = 1e6

COUNTED = ("confirmed", "probable")
"""Tiers that count as found."""


@dataclass(frozen=True)
class Score:
    """How well the sites of a scan agree with the truth.

    Attributes
    ----------
    found, missed, false : int
        Known sites found, known sites not found, and found sites that are none.
    uncounted : int
        Found sites that are only possible: they are neither right nor false.
    false_by_lookalike : mapping of str to int
        What the false ones are.
    false_per_100_km2 : float
        False alarms on 100 km² of district.
    onset_error_days : float or None
        Median distance of the true first day of pools from the middle of its interval, of sites that began
        after the first month.
    onset_covered : float or None
        Share of those whose interval holds the true day.
    activity : float or None
        Share of seen months, active or idle in truth, whose activity is right.
    area_ratio : float or None
        Median over sites of estimated over true pool area, in months that are active in truth.
    area_covered : float or None
        Share of those months whose interval holds the true area.
    """

    found: int
    missed: int
    false: int
    uncounted: int
    false_by_lookalike: Mapping[str, int]
    false_per_100_km2: float
    onset_error_days: float | None
    onset_covered: float | None
    activity: float | None
    area_ratio: float | None
    area_covered: float | None

    @property
    def precision(self) -> float:
        """Share of found sites that are mines; 0 where none was found."""
        return self.found / max(self.found + self.false, 1)

    @property
    def recall(self) -> float:
        """Share of mines that were found; 0 where there is none."""
        return self.found / max(self.found + self.missed, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.found / max(2 * self.found + self.false + self.missed, 1)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "false_by_lookalike": dict(self.false_by_lookalike),
        }


def score(out: Path, truth: Truth) -> Score:
    """Compare the tables of a scan with the truth.

    Sites of the tiers confirmed and probable count. A known site that was never active in the series, or lies
    outside the watched ground, does not: it is neither missed when it is not found nor false when it is.

    Parameters
    ----------
    out : Path
        Folder of a scan.
    truth : Truth
        What is there.

    Returns
    -------
    Score

    Raises
    ------
    TableError
        If the folder has no tables.
    RecordError
        If the truth is of another place.
    """
    sites = tables.read(out, tables.SITES)
    months = tables.read(out, tables.SITE_MONTHS)
    counted = sites[sites["tier"].isin(COUNTED)].to_crs(truth.epsg)
    pairs, extra = _matched(counted, truth)
    watched = _watched(out, truth)
    known = [site for site in truth.sites if site.workable and site.pools.intersects(watched)]
    kinds = Counter(_kind(outline, truth) for outline in extra)
    found = [(row, site) for row, site in pairs if site in known]
    by_site = dict(iter(months.groupby("site_id")))
    comparisons = [_Comparison(row, by_site[row["site_id"]], site) for row, site in found]
    onsets = [comparison.onset for comparison in comparisons if comparison.onset is not None]
    activity = [right for comparison in comparisons for right in comparison.activity()]
    areas = [list(comparison.areas()) for comparison in comparisons]
    return Score(
        found=len(found),
        missed=len(known) - len(found),
        false=len(extra),
        uncounted=len(sites) - len(counted),
        false_by_lookalike=dict(sorted(kinds.items())),
        false_per_100_km2=len(extra) / truth.km2 * 100,
        onset_error_days=_median([error for error, _ in onsets]),
        onset_covered=_mean([covered for _, covered in onsets]),
        activity=_mean(activity),
        area_ratio=_median([float(np.median([ratio for ratio, _ in area])) for area in areas if area]),
        area_covered=_mean([covered for area in areas for _, covered in area]),
    )


@dataclass(frozen=True)
class _Comparison:
    """One found site beside the known one."""

    row: Any
    months: Any
    site: TrueSite

    @property
    def onset(self) -> tuple[float, bool] | None:
        """Error in days and whether the interval holds the day; None for what began before the first look."""
        first_month = min(self.site.states)
        if self.site.pools_from < first_month:
            return None
        latest = _as_date(self.row["pools_from_latest"])
        earliest = _as_date(self.row["pools_from_earliest"]) or first_month
        if latest is None:
            return None
        middle = earliest + (latest - earliest) / 2
        covered = earliest <= self.site.pools_from <= latest + timedelta(days=1)
        return abs((middle - self.site.pools_from).days), covered

    def activity(self) -> Iterator[bool]:
        for _, month in self.months.iterrows():
            true = self.site.states.get(month["month"])
            if true in ("active", "idle") and month["state"] != "unseen":
                yield (month["state"] == "active") == (true == "active")

    def areas(self) -> Iterator[tuple[float, bool]]:
        for _, month in self.months.iterrows():
            true = self.site.pool_area_m2.get(month["month"], 0.0)
            if self.site.states.get(month["month"]) == "active" and month["state"] == "active" and true > 0:
                low, high = month["pool_area_m2_low"], month["pool_area_m2_high"]
                yield float(month["pool_area_m2"]) / true, bool(low <= true <= high)


def _matched(counted: Any, truth: Truth) -> tuple[list[tuple[Any, TrueSite]], list[BaseGeometry]]:
    """Pair known and found sites, each once, as many as can be, and of those the nearest."""
    rows = [row for _, row in counted.iterrows()]
    apart = np.array([[row["geometry"].distance(site.pools) for site in truth.sites] for row in rows])
    apart = apart.reshape(len(rows), len(truth.sites))
    found, known = linear_sum_assignment(np.where(apart <= MATCH_M, apart, _NOT_THE_SAME))
    matched = [
        (place, number) for place, number in zip(found, known, strict=True) if apart[place, number] <= MATCH_M
    ]
    taken = {place for place, _ in matched}
    pairs = [(rows[place], truth.sites[number]) for place, number in matched]
    return pairs, [row["geometry"] for place, row in enumerate(rows) if place not in taken]


def _watched(out: Path, truth: Truth) -> BaseGeometry:
    coverage = tables.read(out, tables.COVERAGE).drop_duplicates("tile").to_crs(truth.epsg)
    watched: BaseGeometry = shapely.union_all(coverage.geometry)
    if not watched.intersects(box(*truth.bounds)):
        raise RecordError(f"{out}: the scan is of another place than the truth; give the truth of its scenes")
    return watched


def _kind(outline: BaseGeometry, truth: Truth) -> str:
    """Nearest look-alike, if one is within 100 m."""
    distances = [
        (outline.distance(Point(other.x, other.y)) - other.radius_m, other.kind) for other in truth.lookalikes
    ]
    distance, kind = min(distances, default=(float("inf"), ""))
    return kind if distance <= 2 * MATCH_M else "nothing known"


def _as_date(value: Any) -> date | None:
    return value if isinstance(value, date) else None


def _median(values: list[float]) -> float | None:
    return float(np.median(values)) if values else None


def _mean(values: list[bool]) -> float | None:
    return float(np.mean(values)) if values else None
