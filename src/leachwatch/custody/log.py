"""The log: one line for everything that is done with a piece of evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

import rfc8785
from pydantic import Field

from leachwatch.case.chain import Chain, ChainLine
from leachwatch.case.records.record import Id
from leachwatch.errors import RecordError

__all__ = ["CUSTODY", "EVENTS", "CustodyLine", "chain_of", "custody_heads", "note_custody", "read_custody"]

CUSTODY = "custody.jsonl"
"""Name of the log in a case folder."""

_Event = Literal[
    "collected", "accessed", "transferred", "copied", "transformed", "redacted", "exported", "verified",
    "destroyed",
]  # fmt: skip

EVENTS: tuple[_Event, ...] = get_args(_Event)
"""What may happen to evidence."""

_MEND = "put the log back from a copy; a log that was changed cannot be made whole again"

_Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class CustodyLine(ChainLine):
    """One thing that was done with one piece of evidence.

    Attributes
    ----------
    seq : int
        Number of the line, from 1.
    event : str
        What was done.
    at : date
        On which day, UTC; no more, so that the log does not say when somebody was at work.
    actor_role : str
        By whom: a role, never a name. Who held the role is kept in the vault.
    evidence : str
        To what.
    sha256_before, sha256_after : str
        Of its bytes; empty where there were none.
    reason : str
        Why.
    """

    seq: Annotated[int, Field(ge=1)]
    event: _Event
    at: date
    actor_role: Annotated[str, Field(min_length=1, max_length=100)]
    evidence: Id
    sha256_before: _Sha256
    sha256_after: _Sha256
    reason: Annotated[str, Field(max_length=500)]


def chain_of(case: Path) -> Chain[CustodyLine]:
    """Give the log of a case."""
    return Chain(case / CUSTODY, CustodyLine, _MEND, lambda row: rfc8785.dumps(dict(row)))


def read_custody(case: Path) -> list[CustodyLine]:
    """Read the log of a case, first to last.

    Raises
    ------
    RecordError
        If it was changed; the message names the first line that does not hold.
    """
    return chain_of(case).read()


def custody_heads(case: Path) -> tuple[str, ...]:
    """SHA-256 of every line of the log of a case, first to last; none where it has no log."""
    return chain_of(case).heads()


def note_custody(  # noqa: PLR0913 - each is one thing that a line says
    case: Path,
    event: str,
    evidence: str,
    *,
    day: date,
    role: str,
    reason: str = "",
    before: str = "",
    after: str = "",
) -> None:
    """Add a line to the log.

    Raises
    ------
    RecordError
        If a word is not one of those, or the log was changed; nothing is written.
    OutputError
        If it cannot be written.
    """
    if event not in EVENTS:
        raise RecordError(f"{event!r}: is none of {', '.join(EVENTS)}; say one of these")
    row = {
        "event": event,
        "at": day.isoformat(),
        "actor_role": role,
        "evidence": evidence,
        "sha256_before": before,
        "sha256_after": after,
        "reason": reason,
    }
    chain_of(case).add([row])
