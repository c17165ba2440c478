"""What a publication may say of the records of a case: the public models.

They are no kin to the records, and forbid what they do not name: a field added to a record tomorrow is not
published until somebody adds it here and to `leachwatch.release.projection`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "Band", "PublicActor", "PublicCase", "PublicCitation", "PublicClaim", "PublicDated", "PublicEvent",
    "PublicEvidence", "PublicGrade", "PublicPlace", "PublicReading", "PublicRelation", "PublicSource",
    "PublicSpell", "PublicTerm", "PublicTerritory", "PublicTest", "PublicVersion",
]  # fmt: skip

Band = Literal["none", "1", "2-3", "more than 3"]
"""How many sources: no nearer than that, since a count over a few people tells who they are."""

_PUBLIC = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class _Public(BaseModel):
    model_config = _PUBLIC


class PublicDated(_Public):
    """When something held; ``to_the_month`` where days were left out to protect whoever said so."""

    first_imprecise: date | None
    first_precise: date | None
    last_precise: date | None
    last_imprecise: date | None
    starting: bool
    ending: bool
    starting_context: str
    ending_context: str
    verbatim: str
    to_the_month: bool


class PublicPlace(_Public):
    """Where something happened, and how much was taken away, in the words of Darwin Core.

    Attributes
    ----------
    name : str
        Empty where it was withheld.
    lon, lat : float or None
        Degrees, EPSG:4326; of the middle of the cell where the place was generalised; None where only the
        township is published.
    precision : int or None
        As in the record; None where the place was generalised.
    cell : str
        Cell of H3 that it was generalised to; empty where it was not.
    coordinate_uncertainty_m : float or None
        ``coordinateUncertaintyInMeters``: the place lies within it of the point.
    data_generalizations, information_withheld : str
        ``dataGeneralizations`` and ``informationWithheld``.
    """

    name: str
    lon: float | None
    lat: float | None
    precision: Literal[1, 2, 3] | None
    cell: str
    coordinate_uncertainty_m: float | None
    data_generalizations: str
    information_withheld: str


class PublicSource(_Public):
    """A source; of a protected one no more than a description and an id that is good for one publication."""

    id: str
    kind: Literal["person", "document", "dataset", "media", "official", "satellite", "group"]
    public_descriptor: str
    title: str
    publisher: str
    url: str
    published: date | None
    protected: bool


class PublicCitation(_Public):
    """Where something is said in a source that is itself published."""

    id: str
    source: str
    locator: str
    through: str | None
    quote: str
    quote_lang: str
    translation: str
    translator_role: str
    evidence: str | None


class PublicEvidence(_Public):
    """What is kept of a published source."""

    id: str
    title: str
    url: str
    sha256: str
    size: int | None
    encoding_format: str
    retrieved: date | None
    copy_kind: Literal["evidentiary", "working", "derived"]
    derived_from: str | None
    tool: str
    status_of_document: Literal["authenticated", "unverified", "disputed", "forged"]


class PublicGrade(_Public):
    """How far somebody trusts a source or a citation that is published."""

    id: str
    subject: str
    reliability: Literal["A", "B", "C", "D", "E", "F"]
    credibility: Literal[1, 2, 3, 4, 5, 6]
    basis: str
    graded_by: str
    graded: date
    supersedes: str | None


class PublicActor(_Public):
    """Somebody who acts in public."""

    id: str
    kind: Literal["armed_group", "organization", "company", "public_body", "person"]
    name: str
    short: str
    name_my: str
    name_zh: str
    name_kac: str
    alias: tuple[str, ...]
    weak_alias: tuple[str, ...]
    previous_name: tuple[str, ...]
    country: str | None
    topics: tuple[str, ...]
    description: str
    citations: tuple[str, ...]
    protected_sources: Band


class PublicTerm(_Public):
    """One term of a tax, a licence or a share."""

    amount: float | None
    unit: str
    share: float | None
    in_kind: bool
    of: str


class PublicRelation(_Public):
    """What one actor does to another, or to a territory."""

    id: str
    kind: Literal["controls", "taxes", "licenses", "mediates", "invests", "allied", "fights", "part_of"]
    subject: str
    object: str
    terms: tuple[PublicTerm, ...]
    dated: PublicDated | None
    verification: str | None
    hedge: str
    status: str
    public_note: str
    citations: tuple[str, ...]
    protected_sources: Band
    descriptor: str


class PublicVersion(_Public):
    """One drawing of a territory; its outline is published by the name of territory and version."""

    version: str
    approximate: bool
    border_m: float
    dated: PublicDated | None
    public_note: str
    citations: tuple[str, ...]
    protected_sources: Band


class PublicTerritory(_Public):
    """Ground that somebody may hold."""

    id: str
    kind: Literal["township", "special_region", "claimed_area", "area", "road", "gate"]
    name: str
    name_my: str
    name_zh: str
    name_kac: str
    pcode: str
    country: str | None
    versions: tuple[PublicVersion, ...]
    public_note: str


class PublicSpell(_Public):
    """Who held a territory, and when."""

    id: str
    territory: str
    controllers: tuple[str, ...]
    control: Literal["sole", "shared", "contested", "ceasefire", "claimed_only", "unknown"]
    administers_tax: bool | None
    dated: PublicDated
    status: str
    public_note: str
    citations: tuple[str, ...]
    protected_sources: Band
    descriptor: str


class PublicEvent(_Public):
    """Something that happened."""

    id: str
    kind: str
    title: str
    actors: tuple[str, ...]
    against: tuple[str, ...]
    place: PublicPlace | None
    territory: str | None
    dated: PublicDated
    catalogue: str
    important: bool
    verification: str | None
    hedge: str
    public_note: str
    citations: tuple[str, ...]
    protected_sources: Band
    descriptor: str


class PublicReading(_Public):
    """One way to understand a claim: each thing that it asks for by its path, such as ``of.partner``."""

    id: str
    why: str
    asks: tuple[tuple[str, str | float | int | bool], ...]


class PublicTest(_Public):
    """How a claim is tested; of a count of sources no more than how many there have to be."""

    kind: str
    quantifier: str
    value: float | None
    value_high: float | None
    unit: str
    readings: tuple[PublicReading, ...]
    at_least: int | None
    within_days: int | None
    information_withheld: str


class PublicClaim(_Public):
    """A sentence, who said it, how it was hedged, and how it is tested."""

    id: str
    text: str
    kind: Literal["numeric", "event", "attribution", "causal", "legal", "quote"]
    author: str
    said_by: str | None
    published: date | None
    first_appearance: date | None
    appearance: tuple[str, ...]
    about: tuple[str, ...]
    dated: PublicDated | None
    verification: str
    hedge: str
    part_of: str | None
    citations: tuple[str, ...]
    protected_sources: Band
    descriptor: str
    test: PublicTest | None
    untested: str
    verdict: str | None


class PublicCase(_Public):
    """Every record that is published; each kind sorted by its ids, which are random."""

    sources: tuple[PublicSource, ...]
    citations: tuple[PublicCitation, ...]
    evidence: tuple[PublicEvidence, ...]
    grades: tuple[PublicGrade, ...]
    actors: tuple[PublicActor, ...]
    relations: tuple[PublicRelation, ...]
    territories: tuple[PublicTerritory, ...]
    control: tuple[PublicSpell, ...]
    events: tuple[PublicEvent, ...]
    claims: tuple[PublicClaim, ...]
