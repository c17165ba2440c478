"""Colours of maps in other programs: the same as on the page (a test holds them together)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

__all__ = ["BEFORE", "INK", "STATES", "TIERS", "appeared", "year_colours"]

STATES: Mapping[str, str] = MappingProxyType(
    {"active": "#b23a12", "idle": "#c98a00", "cleared": "#1f7a72", "abandoned": "#55525c"}
)
TIERS: Mapping[str, tuple[float, str]] = MappingProxyType(
    {"confirmed": (0.7, "solid"), "probable": (0.35, "solid"), "possible": (0.45, "dot")}
)
"""Width in mm and line style of an outline."""

BEFORE, INK = "#8b8378", "#1d1b18"
_RAMP = ("#a8cbe6", "#8fb8dc", "#74a3d0", "#5a8cc1", "#4274ae", "#2e5d98", "#1c457f", "#0d2c5e")


def appeared(row: Mapping[str, Any]) -> int | None:
    """Year in which a patch was first seen; None where it was there at the first look."""
    latest: date = row["first_seen_latest"]
    return None if row["first_seen_earliest"] is None else latest.year


def year_colours(years: Iterable[int | None]) -> dict[int | None, str]:
    """Give every year from the first to the last a colour, light to dark; None is what was there before."""
    said = set(years)
    known = sorted(year for year in said if year is not None)
    span = range(known[0], known[-1] + 1) if known else range(0)
    steps = max(len(span) - 1, 1)
    shades = {year: _RAMP[round((year - span[0]) * (len(_RAMP) - 1) / steps)] for year in span}
    if len(span) == 1:
        shades = {span[0]: _RAMP[-2]}
    return ({None: BEFORE} if None in said else {}) | shades
