"""A note: what was done with evidence that is in a case, with its hash before and after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from leachwatch.custody.check import copy_of, last_hash
from leachwatch.custody.intake import digest
from leachwatch.custody.log import note_custody, read_custody
from leachwatch.errors import RecordError

__all__ = ["note_evidence"]

_CHANGING = ("transformed", "redacted")


def note_evidence(case: Path, event: str, evidence: str, *, day: date, role: str, reason: str = "") -> None:
    """Log what was done with evidence.

    Parameters
    ----------
    case : Path
        The case folder.
    event : str
        One of `leachwatch.custody.EVENTS`; ``destroyed`` once the file is deleted.
    evidence : str
        Its id.
    day : date
        Today, UTC.
    role : str
        Who did it: a role, no name.
    reason : str
        Why.

    Raises
    ------
    RecordError
        If there is no such evidence, its bytes are not as the log has them, or the log was changed.
    """
    lines = read_custody(case)
    if event == "collected" or evidence not in {line.evidence for line in lines}:
        raise RecordError(
            f"{evidence}: is not in the log as evidence; take it in with `leachwatch evidence add`"
        )
    before, copy = last_hash(lines, evidence), copy_of(case, evidence)
    if event == "destroyed" and copy is not None:
        raise RecordError(f"{copy}: is still there; delete it, then log that it was destroyed")
    if event != "destroyed" and copy is None:
        raise RecordError(
            f"{evidence}: its file is gone; put it back from a copy, or log that it was destroyed"
        )
    after = digest(copy) if copy is not None else ""
    if after and after != before and event not in _CHANGING:
        raise RecordError(f"{copy}: its bytes are not those in the log; put it back from a copy")
    note_custody(case, event, evidence, day=day, role=role, reason=reason, before=before, after=after)
