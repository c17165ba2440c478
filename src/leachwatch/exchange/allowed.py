"""Which columns of which table may leave: what is not named here stays behind.

Of `sites` the reason of a review stays, of `observations` the note: of a user's own words nobody knows what
they say. `leachwatch.publish` draws the same border for the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ALLOWED", "CLAIMS", "GROUND", "TRADE"]

GROUND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sites": (
            "site_id",
            "geometry",
            "area",
            "simulated",
            "score",
            "tier",
            "lookalike",
            "lookalike_score",
            "cleared_from_earliest",
            "cleared_from_latest",
            "pools_from_earliest",
            "pools_from_latest",
            "state",
            "state_since_earliest",
            "state_since_latest",
            "provisional",
            "pool_area_m2",
            "pool_area_m2_low",
            "pool_area_m2_high",
            "pool_count",
            "pool_count_low",
            "pool_count_high",
            "worked_area_m2",
            "hull_area_m2",
            "disturbed_area_m2",
            "review",
            "lineage",
        ),
        "site_months": (
            "site_id",
            "month",
            "clear_share",
            "looks",
            "pool_area_m2",
            "pool_area_m2_low",
            "pool_area_m2_high",
            "worked_area_m2",
            "state",
        ),
        "spells": (
            "site_id",
            "state",
            "start_earliest",
            "start_latest",
            "end_earliest",
            "end_latest",
        ),
        "patches": (
            "site_id",
            "geometry",
            "first_seen_earliest",
            "first_seen_latest",
            "last_seen",
            "pool_area_m2",
        ),
        "coverage": (
            "tile",
            "geometry",
            "month",
            "clear_share",
            "scenes",
        ),
        "site_control": (
            "site_id",
            "month",
            "territory",
            "controller",
            "answer",
            "share",
            "contested",
            "near_border",
        ),
        "control_counts": (
            "controller",
            "month",
            "low",
            "p50",
            "high",
        ),
    }
)
"""What images show, and who held it: simulated where the images are."""

TRADE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "observations": (
            "source_id",
            "row",
            "reporter",
            "partner",
            "flow",
            "hs",
            "hs_scope",
            "period_start",
            "period_end",
            "value",
            "unit",
            "basis",
            "low",
            "high",
            "status",
            "certainty",
            "published",
            "vintage",
            "metric",
            "source",
            "url",
        ),
        "series": (
            "month",
            "reporter",
            "partner",
            "flow",
            "hs",
            "low",
            "high",
            "mid",
            "identified",
            "reported",
        ),
        "contradictions": (
            "conflict",
            "rank",
            "statements",
            "tonnes",
            "repair",
            "suspects",
            "printed",
            "fits_low",
            "fits_high",
            "units",
            "share",
            "change",
        ),
        "shocks": (
            "start",
            "end",
            "series",
            "sum_of_origins",
            "direction",
            "change_vs_season",
            "mom",
            "yoy",
            "z",
            "probability",
            "stability",
            "peer",
            "seasonal",
            "composition",
            "lost_low",
            "lost_p50",
            "lost_high",
            "event_id",
            "note",
        ),
        "events": (
            "event_id",
            "first",
            "last",
            "kind",
            "seasonal",
            "partner",
            "shows",
            "effect",
            "source",
            "url",
            "note",
        ),
        "estimates": (
            "quantity",
            "period",
            "scenario",
            "p05",
            "p50",
            "p95",
            "unit",
            "basis",
            "inputs",
        ),
        "sensitivity": (
            "quantity",
            "period",
            "scenario",
            "place",
            "input",
            "rank_correlation",
        ),
    }
)
"""What was published of trade, and what follows from it; never simulated."""

CLAIMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "readings": (
            "claim_id",
            "reading",
            "low",
            "high",
            "accepted_low",
            "accepted_high",
            "unit",
            "result",
            "why",
            "context",
            "inputs",
        ),
        "verdicts": (
            "claim_id",
            "verdict",
            "why",
            "would_change",
            "published",
            "readings",
            "supporting",
            "independent",
            "data",
            "supersedes",
            "run_at",
            "clear",
        ),
    }
)
"""What became of published claims."""

ALLOWED: Mapping[str, tuple[str, ...]] = MappingProxyType({**GROUND, **TRADE, **CLAIMS})
"""All of them, in the order in which they are written."""
