"""What a published page may say of trade: the public models.

As in `leachwatch.publish.model`, what is not named here is not published.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

__all__ = [
    "PublicConflict",
    "PublicEvent",
    "PublicImport",
    "PublicOutcome",
    "PublicPrice",
    "PublicShock",
    "PublicSource",
    "PublicStatement",
    "PublicTrade",
    "PublicTradeMonth",
]

_PUBLIC = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class PublicImport(BaseModel):
    """Gross imports of a whole year; columns of the table ``observations``."""

    model_config = _PUBLIC

    source_id: str
    reporter: str
    partner: str
    flow: str
    hs_scope: str
    period_start: date
    period_end: date
    value: float | None
    unit: str
    basis: str
    low: float | None
    high: float | None
    certainty: str | None
    source: str


class PublicPrice(BaseModel):
    """One published price, or yuan of one turned into dollars; columns of the table ``observations``."""

    model_config = _PUBLIC

    source_id: str
    metric: str
    period_start: date
    period_end: date
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str
    source: str


class PublicSource(BaseModel):
    """Who published a figure that an estimate rests on."""

    model_config = _PUBLIC

    source_id: str
    source: str


class PublicTradeMonth(BaseModel):
    """One month of one series; columns of the table ``series``."""

    model_config = _PUBLIC

    month: date
    reporter: str
    partner: str
    flow: str
    hs: str
    low: float
    high: float | None
    mid: float | None
    identified: bool
    reported: bool


class PublicConflict(BaseModel):
    """One repair of one contradiction; columns of the table ``contradictions``."""

    model_config = _PUBLIC

    conflict: str
    rank: int
    statements: tuple[str, ...]
    tonnes: float
    repair: str
    suspects: tuple[str, ...]
    printed: tuple[float, ...]
    fits_low: tuple[float, ...]
    fits_high: tuple[float | None, ...]
    units: tuple[str, ...]
    share: float
    change: str


class PublicShock(BaseModel):
    """One break in one series; columns of the table ``shocks``."""

    model_config = _PUBLIC

    start: date
    end: date | None
    series: str
    sum_of_origins: bool
    direction: str
    change_vs_season: float | None
    mom: float | None
    yoy: float | None
    probability: float
    seasonal: bool
    composition: bool
    event_id: str | None


class PublicEvent(BaseModel):
    """One event of the catalogue; its note is in our words, and meant to be read."""

    model_config = _PUBLIC

    id: str
    first: date
    last: date
    partner: str
    source: str
    note: str


class PublicOutcome(BaseModel):
    """One estimate; columns of the table ``estimates``."""

    model_config = _PUBLIC

    quantity: str
    period: str
    scenario: str
    p05: float
    p50: float | None
    p95: float
    unit: str
    basis: str | None
    inputs: tuple[str, ...]


class PublicStatement(BaseModel):
    """One printed statement that is in a contradiction, or that a series rests on."""

    model_config = _PUBLIC

    id: str
    reporter: str
    partner: str
    flow: str
    hs: str
    kind: str
    period_start: date
    period_end: date
    base_start: date | None
    base_end: date | None
    base_partner: str | None
    base_hs: str | None
    value: float
    unit: str
    source: str


class PublicTrade(BaseModel):
    """Everything the section on trade says.

    Attributes
    ----------
    imports : tuple of PublicImport
        Gross, whole years, codes of chapter 2846.
    withheld : int
        Such figures that may not be passed on.
    prices : tuple of PublicPrice
        As published, and in dollars where the month's rate is known.
    sources : tuple of PublicSource
        Of the figures that estimates rest on.
    months, conflicts, shocks, events, outcomes : tuple
        In the order of their tables.
    statements : tuple of PublicStatement
        As the caller gave them.
    """

    model_config = _PUBLIC

    imports: tuple[PublicImport, ...] = ()
    withheld: int = 0
    prices: tuple[PublicPrice, ...] = ()
    sources: tuple[PublicSource, ...] = ()
    months: tuple[PublicTradeMonth, ...] = ()
    conflicts: tuple[PublicConflict, ...] = ()
    shocks: tuple[PublicShock, ...] = ()
    events: tuple[PublicEvent, ...] = ()
    outcomes: tuple[PublicOutcome, ...] = ()
    statements: tuple[PublicStatement, ...] = ()
