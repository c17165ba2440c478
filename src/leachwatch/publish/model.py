"""What a published page may say: the public models.

These are the only values that reach a page. They forbid unknown fields, so that nothing rides along; what is
not named here is not published.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "MONTH_STATES",
    "SITE_STATES",
    "TIERS",
    "Estimate",
    "Interval",
    "MonthState",
    "PublicAccount",
    "PublicCoverage",
    "PublicPatch",
    "PublicSite",
    "PublicSiteMonth",
    "PublicSpell",
    "Ring",
    "Shape",
    "SiteState",
    "Tier",
]

Tier = Literal["confirmed", "probable", "possible"]
SiteState = Literal["cleared", "active", "idle", "abandoned"]
MonthState = Literal["absent", "cleared", "active", "idle", "abandoned", "unseen"]

TIERS: tuple[Tier, ...] = ("confirmed", "probable", "possible")
SITE_STATES: tuple[SiteState, ...] = ("active", "idle", "cleared", "abandoned")
MONTH_STATES: tuple[MonthState, ...] = ("active", "idle", "cleared", "abandoned", "absent", "unseen")

Ring = tuple[tuple[float, float], ...]
Shape = tuple[tuple[Ring, ...], ...]
"""Polygons, each an outer ring and its holes, in degrees of longitude and latitude."""

_PUBLIC = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Interval(BaseModel):
    """Two looks between which something happened.

    Attributes
    ----------
    earliest : date or None
        Not before this day; None where it was so before the first look.
    latest : date or None
        Not after this day; None where it had not happened at the last look.
    """

    model_config = _PUBLIC

    earliest: date | None
    latest: date | None


class Estimate(BaseModel):
    """A number with its 5th and 95th percentile."""

    model_config = _PUBLIC

    value: float
    low: float
    high: float


class PublicSite(BaseModel):
    """One site as it may be published; columns of the table ``sites``."""

    model_config = _PUBLIC

    site_id: str
    area: str
    shape: Shape
    tier: Tier
    score: float
    lookalike: str | None
    lookalike_score: float | None
    cleared: Interval
    pools: Interval
    state: SiteState
    state_since: Interval
    provisional: bool
    pool_area: Estimate
    pool_count: Estimate
    worked_area_m2: float
    hull_area_m2: float
    disturbed_area_m2: float
    accepted: bool


class PublicSiteMonth(BaseModel):
    """One site in one month; ``pool_area`` is None where it could not be measured."""

    model_config = _PUBLIC

    site_id: str
    month: date
    pool_area: Estimate | None
    state: MonthState


class PublicSpell(BaseModel):
    """A time during which a site stayed in one state."""

    model_config = _PUBLIC

    site_id: str
    state: SiteState
    start: Interval
    end: Interval


class PublicPatch(BaseModel):
    """Pools that appeared together."""

    model_config = _PUBLIC

    site_id: str
    shape: Shape
    first_seen: Interval
    pool_area_m2: float


class PublicCoverage(BaseModel):
    """How much of one tile could be seen in one month."""

    model_config = _PUBLIC

    tile: str
    shape: Shape
    month: date
    clear_share: float


class PublicAccount(BaseModel):
    """Everything one page says.

    Attributes
    ----------
    title : str
        Headline of the page.
    simulated : bool
        True where any of it shows no real place.
    made : date or None
        Day the page was made; None leaves it out.
    rejected : int
        Candidates that a person rejected; they are not among `sites`.
    sites : tuple of PublicSite
        Surest first.
    site_months, spells, patches : tuple
        Of those sites only, in the order of their tables.
    coverage : tuple of PublicCoverage
        By tile, then month.
    notes : tuple of str
        What a reader must know before believing it, one sentence each.
    """

    model_config = _PUBLIC

    title: str
    simulated: bool
    made: date | None
    rejected: int
    sites: tuple[PublicSite, ...]
    site_months: tuple[PublicSiteMonth, ...]
    spells: tuple[PublicSpell, ...]
    patches: tuple[PublicPatch, ...]
    coverage: tuple[PublicCoverage, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def months(self) -> tuple[date, ...]:
        """Every month from the first to the last that any table names, without gaps."""
        named = {row.month for row in self.site_months} | {row.month for row in self.coverage}
        if not named:
            return ()
        first, last = (month.year * 12 + month.month - 1 for month in (min(named), max(named)))
        return tuple(date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1))
