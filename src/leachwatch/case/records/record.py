"""What every record has: fields nobody may misspell, an id that says nothing, and who may see it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "ID_PATTERN",
    "PREFIXES", "Country", "Id", "Lat", "Line", "Lon", "Name", "Part", "Prose", "Record", "Several", "Status",
    "Tlp", "Url", "Verification",
]  # fmt: skip

T = TypeVar("T")

PREFIXES = {
    "actor": "act", "relation": "rel", "territory": "ter", "control": "spl", "event": "evt", "source": "src",
    "citation": "cit", "evidence": "evd", "grade": "grd", "claim": "clm",
}  # fmt: skip
"""First letters of an id, by kind of record; the rest is random."""

ID_PATTERN = re.compile(r"^[a-z]{3}-[0-9a-hjkmnp-tv-z]{10}$")
"""Form of an id."""

Id = Annotated[str, Field(pattern=ID_PATTERN.pattern)]
"""Kind and ten random signs (Crockford's base 32): an id made of what a record says could be guessed."""

Name = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(max_length=500)]
Prose = Annotated[str, Field(max_length=5_000)]
Url = Annotated[str, Field(pattern=r"^(https?://\S{1,2000})?$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-84, le=84)]

Several = Annotated[tuple[T, ...], Field(strict=False)]
"""Several of a kind, in the order in which they are written."""

Tlp = Literal["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
"""Traffic Light Protocol 2.0 (https://www.first.org/tlp/): who may see it. CLEAR alone is ever published."""

Status = Literal["accepted", "conflict", "work_needed", "issue"]
"""Standing of a record among researchers; one in conflict is kept beside what it conflicts with."""

Verification = Literal[
    "unverified", "could_not_confirm", "single_source", "corroborated", "tested", "retracted"
]
"""What whoever printed it said of its truth; ``unverified`` is never shown without its hedge."""


class Part(BaseModel):
    """Part of a record: no field but those named, no type but theirs."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, str_strip_whitespace=True
    )


class Record(Part):
    """A record that people write.

    Attributes
    ----------
    id : str
        Random; where it is missing, checking the case with ``--fill`` writes one.
    tlp : str
        Who may see it; what is not said to be CLEAR is never published.
    recorded : date or None
        When it was written down.
    note : str
        For the team; never published.
    """

    id: Id
    tlp: Tlp = "AMBER"
    recorded: date | None = None
    note: Prose = ""
