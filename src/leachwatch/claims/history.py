"""The history of verdicts: a line whenever a verdict, or the data behind it, changed."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from leachwatch.case import Chain, ChainLine
from leachwatch.case.records import Verdict
from leachwatch.claims.data import Reader
from leachwatch.claims.verdicts import Outcome
from leachwatch.tables import Result

__all__ = ["VERDICTS_FILE", "Entry", "Standing", "carry_history", "record_outcomes", "standing"]

VERDICTS_FILE = "verdicts.jsonl"
"""Name of the record, in the case folder."""

_MEND = "put the file back from a copy, or delete this line and those after it"
_Text = Annotated[str, Field(max_length=2_000)]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    id: _Text
    low: float | None
    high: float | None
    result: Result


class Entry(ChainLine):
    """A line of the history.

    Attributes
    ----------
    day : date
        When, UTC.
    claim_id : str
        Which claim.
    verdict : str
        What came out.
    why : str
        In a sentence.
    readings : list
        Each with its interval and its result.
    data : list of str
        Tables it rests on, each with its SHA-256.
    version : str
        Of leachwatch.
    """

    day: date
    claim_id: _Text
    verdict: Verdict
    why: Annotated[str, Field(max_length=20_000)]
    readings: list[_Told]
    data: list[_Text]
    version: _Text


@dataclass(frozen=True)
class Standing:
    """How long a verdict has stood.

    Attributes
    ----------
    since : date
        Day on which it first came out so.
    supersedes : str or None
        Verdict before this one.
    lines : tuple of Entry
        All that was ever recorded of the claim.
    """

    since: date
    supersedes: Verdict | None
    lines: tuple[Entry, ...]


def record_outcomes(
    path: Path, outcomes: Iterable[Outcome], reader: Reader, *, day: date, version: str
) -> Mapping[str, Standing]:
    """Add a line for every verdict that is new, or rests on other data.

    Parameters
    ----------
    path : Path
        ``verdicts.jsonl``; made if it is not there and there is a verdict to record.
    outcomes : iterable of Outcome
        As they came out now.
    reader : Reader
        Of the tables, for their hashes.
    day : date
        Today, UTC.
    version : str
        Of leachwatch.

    Returns
    -------
    mapping of str to Standing
        By claim.

    Raises
    ------
    RecordError
        If the record is broken.
    OutputError
        If it cannot be written.
    """
    chain = Chain(path, Entry, _MEND)
    lines = chain.read()
    last = {line.claim_id: line for line in lines}
    fresh = []
    for outcome in outcomes:
        row = _row(outcome, reader)
        before = last.get(outcome.claim.id)
        if before is None or any(
            row[name] != _plain(before)[name] for name in ("verdict", "readings", "data")
        ):
            fresh.append({"day": day.isoformat(), "version": version, **row})
    chain.add(fresh)
    return standing(chain.read() if fresh else lines)


def carry_history(path: Path, to: Path, claims: Collection[str]) -> None:
    """Go on with a history elsewhere: which verdict came out on which day, and not why.

    Parameters
    ----------
    path : Path
        ``verdicts.jsonl`` as it was published before.
    to : Path
        The same of a new publication; made here.
    claims : collection of str
        Those to go on with: names that protect somebody are good for one publication, and must not be carried
        into the next. Reasons stay behind, since they may name what is no longer published.

    Raises
    ------
    RecordError
        If the record is broken.
    OutputError
        If the new one cannot be written.
    """
    kept = [line for line in Chain(path, Entry, _MEND).read() if line.claim_id in claims]
    rows = [
        {
            "day": line.day.isoformat(),
            "version": line.version,
            "claim_id": line.claim_id,
            "verdict": line.verdict,
            "why": "",
            "readings": [],
            "data": [],
        }
        for line in kept
    ]
    Chain(to, Entry, _MEND).add(rows)


def standing(lines: Sequence[Entry]) -> dict[str, Standing]:
    """Say of each claim since when its last verdict has stood, and what stood before."""
    by_claim: dict[str, list[Entry]] = {}
    for line in lines:
        by_claim.setdefault(line.claim_id, []).append(line)
    found = {}
    for claim, own in by_claim.items():
        start = len(own) - 1
        while start and own[start - 1].verdict == own[-1].verdict:
            start -= 1
        found[claim] = Standing(own[start].day, own[start - 1].verdict if start else None, tuple(own))
    return found


def _row(outcome: Outcome, reader: Reader) -> dict[str, Any]:
    return {
        "claim_id": outcome.claim.id,
        "verdict": outcome.verdict,
        "why": outcome.why,
        "readings": [
            {
                "id": one.id,
                "low": _known(one.estimate.low) if one.estimate.covered else None,
                "high": _known(one.estimate.high) if one.estimate.covered else None,
                "result": one.result,
            }
            for one in outcome.readings
        ],
        "data": [f"{name} {reader.sha256(name)}" for name in outcome.tables],
    }


def _plain(line: Entry) -> dict[str, Any]:
    return line.model_dump(mode="json")


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
