"""The tables of a scan: sites, their months, spells and patches, and what could be seen.

Areas are square metres from the scene's UTM grid; geometries are in EPSG:4326.
"""

from __future__ import annotations

from collections.abc import Iterator

from leachwatch.tables.table import Column, Kind, Table

__all__ = ["COVERAGE", "PATCHES", "SITES", "SITE_MONTHS", "SPELLS", "STATES", "TABLES"]

STATES = ("absent", "cleared", "active", "idle", "abandoned")
"""States of a site, in the order in which a mine lives them."""


def _interval(name: str, meaning: str, *, optional: bool = True) -> Iterator[Column]:
    yield Column(
        f"{name}_earliest",
        "date",
        f"{meaning}: not before this day (null: before the first look)",
        optional=True,
    )
    yield Column(f"{name}_latest", "date", f"{meaning}: not after this day", optional=optional)


def _with_bounds(name: str, kind: Kind, meaning: str, *, optional: bool = False) -> Iterator[Column]:
    yield Column(name, kind, meaning, optional=optional)
    yield Column(f"{name}_low", kind, f"{meaning}, 5th percentile", optional=optional)
    yield Column(f"{name}_high", kind, f"{meaning}, 95th percentile", optional=optional)


SITES = Table(
    "sites",
    ("site_id",),
    (
        Column("site_id", "text", "grid cell and month of first detection, kept from scan to scan"),
        Column("geometry", "polygon", "the pools and the worked ground between them"),
        Column("area", "text", "name of the watched area"),
        Column("simulated", "flag", "true where the scenes were simulated"),
        Column(
            "score",
            "number",
            "probability of a mine there or within 50 m, 0 to 1; calibrated on simulated districts alone",
        ),
        Column("tier", "text", "how sure", words=("confirmed", "probable", "possible")),
        Column("lookalike", "text", "nearest look-alike class", optional=True),
        Column("lookalike_score", "number", "how near it is, 0 to 1", optional=True),
        *_interval("cleared_from", "ground cleared"),
        *_interval("pools_from", "first pools"),
        Column("state", "text", "state at the end of the series", words=STATES[1:]),
        *_interval("state_since", "that state began"),
        Column("provisional", "flag", "true where the last season may still change the account"),
        *_with_bounds("pool_area_m2", "number", "largest pool area of any month, m²"),
        *_with_bounds("pool_count", "count", "pools, from area over typical pool size"),
        Column("worked_area_m2", "number", "bare ground with the pools in it, m²"),
        Column("hull_area_m2", "number", "convex hull of the pools, m²"),
        Column("disturbed_area_m2", "number", "hull and worked ground with a margin of 30 m, m²"),
        Column("review", "text", "what people decided", words=("none", "accepted", "rejected")),
        Column("review_reason", "text", "what a rejected site is instead", optional=True),
        Column("lineage", "texts", "other ids of earlier scans that it took over, or was split from"),
    ),
)

SITE_MONTHS = Table(
    "site_months",
    ("site_id", "month"),
    (
        Column("site_id", "text", "as in sites"),
        Column("month", "date", "first day of the month"),
        Column("clear_share", "number", "best share of the site's pool pixels seen on one day, 0 to 1"),
        Column("looks", "count", "days on which the site could be seen"),
        *_with_bounds("pool_area_m2", "number", "pool area, m²", optional=True),
        Column("worked_area_m2", "number", "bare ground with the pools in it, m²", optional=True),
        Column("state", "text", "unseen is not absent", words=(*STATES, "unseen")),
    ),
)

SPELLS = Table(
    "spells",
    ("site_id", "start_latest"),
    (
        Column("site_id", "text", "as in sites"),
        Column("state", "text", "what the site did", words=STATES[1:]),
        *_interval("start", "the spell began", optional=False),
        Column("end_earliest", "date", "last look that shows the spell", optional=False),
        Column(
            "end_latest",
            "date",
            "first look that no longer does (null: still so at the last look)",
            optional=True,
        ),
    ),
    unique=False,
)

PATCHES = Table(
    "patches",
    ("site_id", "first_seen_latest"),
    (
        Column("site_id", "text", "as in sites"),
        Column("geometry", "polygon", "pixels of one connected group of pools that appeared together"),
        *_interval("first_seen", "appeared", optional=False),
        Column("last_seen", "date", "last look that shows it"),
        Column("pool_area_m2", "number", "pool area inside, m²"),
    ),
    unique=False,
)

COVERAGE = Table(
    "coverage",
    ("tile", "month"),
    (
        Column("tile", "text", "square of the scenes' grid"),
        Column("geometry", "polygon", "outline of the watched part of the tile"),
        Column("month", "date", "first day of the month"),
        Column("clear_share", "number", "share of the watched pixels seen at least once, 0 to 1"),
        Column("scenes", "count", "days with a scene over the tile"),
    ),
)

TABLES = (SITES, SITE_MONTHS, SPELLS, PATCHES, COVERAGE)
"""What a scan writes, in the order in which it is made."""
