"""What a published page may say of a case: the public models.

As in `leachwatch.publish.model`, what is not named here is not published: no note of the team, no path, no
record that is not CLEAR.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from leachwatch.publish.model import Shape
from leachwatch.tables import Result

__all__ = [
    "PublicCase",
    "PublicCite",
    "PublicClaim",
    "PublicDrawing",
    "PublicHappening",
    "PublicHolder",
    "PublicHolding",
    "PublicReading",
    "PublicSiteGround",
    "PublicTenure",
    "PublicTerritory",
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
    against it. ``since`` is the day on which the verdict first came out so, ``before`` what it was then.
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
    since: date | None
    before: str | None
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


class PublicDrawing(BaseModel):
    """One drawing of a territory; a coarse one is ``approximate``, its border off by ``border_m`` metres."""

    model_config = _PUBLIC

    version: str
    shape: Shape
    approximate: bool
    border_m: float
    note: str


class PublicHolder(BaseModel):
    """Who held a territory in a month.

    Attributes
    ----------
    label : str
    certain : bool
        Whether on every day of it, as far as is said; else on some day perhaps.
    together : bool
        Whether it was shared or contested.
    claimed : bool
        Whether it was only claimed.
    """

    model_config = _PUBLIC

    label: str
    certain: bool
    together: bool
    claimed: bool


class PublicTenure(BaseModel):
    """Who held a territory from a month on, until the next; which of its drawings may be in force then."""

    model_config = _PUBLIC

    since: date
    holders: tuple[PublicHolder, ...]
    drawn: tuple[bool, ...]


class PublicTerritory(BaseModel):
    """Ground that somebody may hold; before the first of ``tenures`` nothing is known."""

    model_config = _PUBLIC

    name: str
    name_my: str
    name_zh: str
    name_kac: str
    drawings: tuple[PublicDrawing, ...]
    tenures: tuple[PublicTenure, ...]
    note: str


class PublicSiteGround(BaseModel):
    """A site lies in a territory, ``surely`` where it is further from its border than that may be off."""

    model_config = _PUBLIC

    site_id: str
    territory: str
    surely: bool


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
    territories : tuple of PublicTerritory
        That have an outline, in the order in which they are written.
    grounds : tuple of PublicSiteGround
        Which sites lie in which of them.
    """

    model_config = _PUBLIC

    claims: tuple[PublicClaim, ...]
    holdings: tuple[PublicHolding, ...]
    happenings: tuple[PublicHappening, ...]
    territories: tuple[PublicTerritory, ...] = ()
    grounds: tuple[PublicSiteGround, ...] = ()
