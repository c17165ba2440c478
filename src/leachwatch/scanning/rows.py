"""Rows of the tables, from sites and their timelines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from leachwatch.detect import Hits, Judgement, Whole
from leachwatch.history import Between, Ground, HistorySettings, Timeline, outline
from leachwatch.imagery import to_lonlat
from leachwatch.scanning.lineage import Found
from leachwatch.scanning.overlap import Place
from leachwatch.scanning.past import Identity

__all__ = [
    "Row",
    "SiteAccount",
    "coverage_row",
    "month_rows",
    "patch_rows",
    "polygons",
    "site_row",
    "spell_rows",
]

Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class SiteAccount:
    """All that is known of a site.

    Attributes
    ----------
    area : str
        Name of the watched area.
    hits : Hits
        Its pixels and looks.
    whole : mapping of str to float
        What it looks like.
    judgement : Judgement
        What it is taken for.
    ground : Ground
        Its outlines.
    timeline : Timeline
        What it did.
    """

    area: str
    hits: Hits
    whole: Whole
    judgement: Judgement
    ground: Ground
    timeline: Timeline

    @property
    def own_id(self) -> str:
        """UTM zone, hectometre cell of the middle of its pools, and month of first detection."""
        middle = self.ground.pools.centroid
        zone = f"{self.hits.epsg % 100:02d}{'N' if self.hits.epsg < 32700 else 'S'}"  # noqa: PLR2004 - EPSG
        first = next(spell.start.latest for spell in self.timeline.spells if spell.state == "active")
        return f"{zone}-{int(middle.x // 100):05d}-{int(middle.y // 100):05d}-{first:%Y%m}"

    @cached_property
    def found(self) -> Found:
        """It as a site that has no id yet."""
        outline_ = polygons(to_lonlat(self.ground.outline, self.hits.epsg))
        return Found(self.own_id, Place(outline_, self.hits.epsg))


def site_row(identity: Identity, account: SiteAccount, settings: HistorySettings, *, simulated: bool) -> Row:
    """Row of ``sites``."""
    timeline, ground, judgement = account.timeline, account.ground, account.judgement
    last = timeline.spells[-1]
    area, count = timeline.pools, timeline.count
    return {
        "site_id": identity.site_id,
        "geometry": account.found.place.outline,
        "area": account.area,
        "simulated": simulated,
        "score": round(judgement.score, 4),
        "tier": judgement.tier,
        "lookalike": judgement.lookalike,
        "lookalike_score": round(judgement.lookalike_score, 4),
        **_dates("cleared_from", timeline.cleared_from),
        **_dates("pools_from", timeline.pools_from),
        "state": timeline.state,
        **_dates("state_since", last.start),
        "provisional": _provisional(timeline, account.hits.days[-1], settings),
        "pool_area_m2": area.value,
        "pool_area_m2_low": area.low,
        "pool_area_m2_high": area.high,
        "pool_count": max(1, round(count.value)),
        "pool_count_low": max(1, math.floor(count.low)),
        "pool_count_high": max(1, math.ceil(count.high)),
        "worked_area_m2": ground.worked_m2,
        "hull_area_m2": ground.hull_m2,
        "disturbed_area_m2": ground.disturbed_m2,
        "review": identity.review,
        "review_reason": identity.reason,
        "lineage": list(identity.lineage),
    }


def month_rows(site_id: str, account: SiteAccount) -> Iterator[Row]:
    """Rows of ``site_months``."""
    for month in account.timeline.months:
        area = month.pools
        yield {
            "site_id": site_id,
            "month": month.month,
            "clear_share": month.clear_share,
            "looks": month.looks,
            "pool_area_m2": area and area.value,
            "pool_area_m2_low": area and area.low,
            "pool_area_m2_high": area and area.high,
            "worked_area_m2": month.worked_m2,
            "state": month.state,
        }


def spell_rows(site_id: str, account: SiteAccount) -> Iterator[Row]:
    """Rows of ``spells``."""
    for spell in account.timeline.spells:
        yield {
            "site_id": site_id,
            "state": spell.state,
            **_dates("start", spell.start),
            **_dates("end", spell.end),
        }


def patch_rows(site_id: str, account: SiteAccount) -> Iterator[Row]:
    """Rows of ``patches``."""
    for patch in account.timeline.patches:
        yield {
            "site_id": site_id,
            "geometry": to_lonlat(outline(account.hits, patch.pixels), account.hits.epsg),
            **_dates("first_seen", patch.first_seen),
            "last_seen": patch.last_seen,
            "pool_area_m2": patch.pool_m2,
        }


def coverage_row(name: str, outline_: BaseGeometry, month: date, share: float, scenes: int) -> Row:
    """Row of ``coverage``; the outline is in EPSG:4326."""
    return {"tile": name, "geometry": outline_, "month": month, "clear_share": share, "scenes": scenes}


def polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Keep the polygons of a geometry: an intersection may leave points and lines beside them."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _provisional(timeline: Timeline, last_look: date, settings: HistorySettings) -> bool:
    """Whether the pools or the last state came in the last season, so that later looks may revise them."""
    changes = (timeline.pools_from.latest, timeline.spells[-1].start.latest)
    recent = last_look - timedelta(days=30 * settings.season_months)
    return any(change is not None and change > recent for change in changes)


def _dates(name: str, between: Between) -> dict[str, date | None]:
    return {f"{name}_earliest": between.earliest, f"{name}_latest": between.latest}
