"""What a published page may say of a case: the public models.

As in `leachwatch.publish.model`, what is not named here is not published: no note of the team, no path, no
record that is not CLEAR.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from leachwatch.tables import Result

__all__ = [
    "PublicCase",
    "PublicCite",
    "PublicClaim",
    "PublicHappening",
    "PublicHolding",
    "PublicReading",
    "PublicWhen",
]

_PUBLIC = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class PublicWhen(BaseModel):
    """When something held: fields of `leachwatch.case.records.Dated`."""

    model_config = _PUBLIC

    first_imprecise: date | None
    first_precise: date | None
    last_precise: date | None
    last_imprecise: date | None
    starting: bool
    ending: bool


class PublicCite(BaseModel):
    """Who says so; ``through`` is who reports it, where it was not read itself."""

    model_config = _PUBLIC

    descriptor: str
    title: str
    publisher: str
    published: date | None
    url: str
    locator: str
    through: str


class PublicReading(BaseModel):
    """One way to understand a claim; columns of the table ``readings``."""

    model_config = _PUBLIC

    reading: str
    low: float | None
    high: float | None
    accepted_low: float | None
    accepted_high: float | None
    unit: str
    result: Result
    why: str
    context: tuple[str, ...]


class PublicClaim(BaseModel):
    """A sentence, who said it, its hedge, and what became of it.

    ``verdict`` is None where none is due; ``by_sources`` is true where sources were counted, and no data held
    against it.
    """

    model_config = _PUBLIC

    id: str
    text: str
    kind: str
    author: str
    said_by: str
    published: date | None
    verification: str
    hedge: str
    part_of: str | None
    untested: str
    cites: tuple[PublicCite, ...]
    verdict: str | None
    by_sources: bool
    why: str
    would_change: str
    readings: tuple[PublicReading, ...]


class PublicHolding(BaseModel):
    """Who held a territory, and when."""

    model_config = _PUBLIC

    territory: str
    controllers: tuple[str, ...]
    control: str
    when: PublicWhen
    accepted: bool
    note: str
    cites: tuple[PublicCite, ...]


class PublicHappening(BaseModel):
    """An event."""

    model_config = _PUBLIC

    id: str
    kind: str
    title: str
    place: str
    when: PublicWhen
    important: bool
    hedge: str
    note: str
    cites: tuple[PublicCite, ...]


class PublicCase(BaseModel):
    """What a case says beside images and trade.

    Attributes
    ----------
    claims : tuple of PublicClaim
        In the order in which they are written.
    holdings : tuple of PublicHolding
        By territory, then time.
    happenings : tuple of PublicHappening
        By time.
    """

    model_config = _PUBLIC

    claims: tuple[PublicClaim, ...]
    holdings: tuple[PublicHolding, ...]
    happenings: tuple[PublicHappening, ...]
