"""Scoring: found sites against known ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.bench.comparison import Comparison
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
    confirmed, confirmed_false : int
        Sites of the first tier, and those of them that are none.
    false_by_lookalike : mapping of str to int
        What the false ones are.
    outside_km2 : float
        District less its mines and what lies within `MATCH_M` of them, km².
    onset_error_days : float or None
        Median distance of the true first day of pools from the middle of its interval, of sites that began
        after the first month.
    onset_error_often_days : float or None
        The same of sites that were seen twice a month or more around that day.
    onset_covered : float or None
        Share of all those whose interval holds the true day.
    activity : float or None
        Share of seen months, active or idle in truth, whose activity is right.
    pauses_found, pauses_missed, pauses_hidden : int
        Pauses of three months or more of the mines found, as in `Comparison.pauses`.
    area_ratio : float or None
        Median over sites of estimated over true pool area, in months that are active in truth.
    area_covered : float or None
        Share of those months whose interval holds the true area.
    judged : sequence of (float, bool)
        Score of each site of any tier, and whether a mine is there; without sites at mines that never worked.
    """

    found: int
    missed: int
    false: int
    uncounted: int
    confirmed: int
    confirmed_false: int
    false_by_lookalike: Mapping[str, int]
    outside_km2: float
    onset_error_days: float | None
    onset_error_often_days: float | None
    onset_covered: float | None
    activity: float | None
    pauses_found: int
    pauses_missed: int
    pauses_hidden: int
    area_ratio: float | None
    area_covered: float | None
    judged: Sequence[tuple[float, bool]]

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

    @property
    def confirmed_precision(self) -> float | None:
        """Share of confirmed sites that are mines; None where none is confirmed."""
        return 1 - self.confirmed_false / self.confirmed if self.confirmed else None

    @property
    def false_per_100_km2(self) -> float:
        """False alarms on 100 km² outside mines."""
        return self.false / self.outside_km2 * 100

    @property
    def pauses(self) -> float | None:
        """Share of the pauses that could be seen which were found; None where there is none."""
        seen = self.pauses_found + self.pauses_missed
        return self.pauses_found / seen if seen else None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "confirmed_precision": self.confirmed_precision,
            "false_per_100_km2": self.false_per_100_km2,
            "pauses": self.pauses,
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
    sites = tables.read(out, tables.SITES).to_crs(truth.epsg)
    counted = sites[sites["tier"].isin(COUNTED)]
    pairs, extra = _matched(counted, truth)
    watched = _watched(out, truth)
    known = [site for site in truth.sites if site.workable and site.pools.intersects(watched)]
    found = [(row, site) for row, site in pairs if site in known]
    return Score(
        found=len(found),
        missed=len(known) - len(found),
        false=len(extra),
        uncounted=len(sites) - len(counted),
        confirmed=sum(row["tier"] == "confirmed" for row in [*(row for row, _ in found), *extra]),
        confirmed_false=sum(row["tier"] == "confirmed" for row in extra),
        false_by_lookalike=dict(sorted(Counter(_kind(row["geometry"], truth) for row in extra).items())),
        outside_km2=_outside_km2(truth),
        judged=tuple(_judged(sites, truth)),
        **_histories(out, found),
    )


def _histories(out: Path, found: Sequence[tuple[Any, TrueSite]]) -> dict[str, Any]:
    """Measures of what the found sites did when."""
    months, spells = tables.read(out, tables.SITE_MONTHS), tables.read(out, tables.SPELLS)
    comparisons = [
        Comparison(
            row,
            months[months["site_id"] == row["site_id"]],
            spells[spells["site_id"] == row["site_id"]],
            site,
        )
        for row, site in found
    ]
    onsets = [comparison.onset for comparison in comparisons if comparison.onset is not None]
    areas = [list(comparison.areas()) for comparison in comparisons]
    pauses = Counter(pause for comparison in comparisons for pause in comparison.pauses())
    return {
        "onset_error_days": _median([onset.error_days for onset in onsets]),
        "onset_error_often_days": _median([onset.error_days for onset in onsets if onset.often]),
        "onset_covered": _mean([onset.covered for onset in onsets]),
        "activity": _mean([right for comparison in comparisons for right in comparison.activity()]),
        "pauses_found": pauses["found"],
        "pauses_missed": pauses["missed"],
        "pauses_hidden": pauses["hidden"],
        "area_ratio": _median([float(np.median([ratio for ratio, _ in area])) for area in areas if area]),
        "area_covered": _mean([covered for area in areas for _, covered in area]),
    }


def _matched(counted: Any, truth: Truth) -> tuple[list[tuple[Any, TrueSite]], list[Any]]:
    """Pair known and found sites, each once, as many as can be, the nearest first; and what is left."""
    rows = [row for _, row in counted.iterrows()]
    apart = np.array([[row["geometry"].distance(site.pools) for site in truth.sites] for row in rows])
    apart = apart.reshape(len(rows), len(truth.sites))
    found, known = linear_sum_assignment(np.where(apart <= MATCH_M, apart, _NOT_THE_SAME))
    matched = [
        (place, number) for place, number in zip(found, known, strict=True) if apart[place, number] <= MATCH_M
    ]
    taken = {place for place, _ in matched}
    pairs = [(rows[place], truth.sites[number]) for place, number in matched]
    return pairs, [row for place, row in enumerate(rows) if place not in taken]


def _judged(sites: Any, truth: Truth) -> Iterator[tuple[float, bool]]:
    """Score of each site, and whether a mine is there."""
    for _, row in sites.iterrows():
        near = [site for site in truth.sites if row["geometry"].distance(site.pools) <= MATCH_M]
        if not near or any(site.workable for site in near):
            yield float(row["score"]), bool(near)


def _outside_km2(truth: Truth) -> float:
    """District without its mines."""
    mines = shapely.union_all([site.pools.buffer(MATCH_M) for site in truth.sites])
    return truth.km2 - float(mines.intersection(box(*truth.bounds)).area) / 1e6


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


def _median(values: list[float]) -> float | None:
    return float(np.median(values)) if values else None


def _mean(values: list[bool]) -> float | None:
    return float(np.mean(values)) if values else None
