"""All claims of a case, judged: verdicts, their history, and the tables and the JSON-LD that say so."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from leachwatch import __version__, tables
from leachwatch.case import Case, read_outlines
from leachwatch.case.records import Claim, Records
from leachwatch.claims.claimreview import CLAIM_REVIEWS, claim_reviews
from leachwatch.claims.data import Data, Reader
from leachwatch.claims.history import VERDICTS_FILE, Standing, record_outcomes
from leachwatch.claims.measures import Measures
from leachwatch.claims.verdicts import Outcome, Reading, judge
from leachwatch.errors import OutputError
from leachwatch.release import Release, release_of
from leachwatch.trade import rates_of
from leachwatch.writing import write_together

__all__ = ["Checked", "check_claims", "data_of", "is_simulated", "judge_all", "verdict_frames"]

_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Checked:
    """What became of the claims of a case.

    Attributes
    ----------
    records : Records
        Of the case.
    outcomes : tuple of Outcome
        Of each claim that has a test, in the order of the file.
    history : mapping of str to Standing
        Since when each verdict has stood, by claim.
    out : Path
        Where the tables are.
    """

    records: Records
    outcomes: tuple[Outcome, ...]
    history: Mapping[str, Standing]
    out: Path

    @property
    def untested(self) -> tuple[Claim, ...]:
        """Claims without a test, which get no verdict."""
        return tuple(one for one in self.records.claims.values() if one.test is None)

    @property
    def flipped(self) -> tuple[Outcome, ...]:
        """Those that are no longer what the team published."""
        return tuple(one for one in self.outcomes if one.flipped)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many claims have each verdict; all verdicts, in their order."""
        return {word: sum(one.verdict == word for one in self.outcomes) for word in tables.VERDICT_WORDS}

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "counts": dict(self.counts),
            "untested": len(self.untested),
            "flipped": [one.claim.id for one in self.flipped],
            "claims": [_as_dict(one, self.history[one.claim.id]) for one in self.outcomes],
        }


def check_claims(
    case: Case,
    records: Records,
    *,
    day: date,
    release: Release | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> Checked:
    """Judge every claim of a case, add what changed to its history, and write what came out.

    Parameters
    ----------
    case : Case
        With its tables in ``out``, as far as there are any.
    records : Records
        Of the case.
    day : date
        Today, UTC.
    release : Release, optional
        What of the records may be published; found out where it is not given.
    progress : callable
        Told how many claims are done, of how many.

    Returns
    -------
    Checked

    Raises
    ------
    ReleaseError
        If a record rests on a source that has withdrawn: nothing is judged, since verdicts are for others to
        read.
    TableError
        If a table does not keep the contract.
    OutputError
        If something cannot be written.
    """
    release = release or release_of(records)
    data = data_of(case, records)
    outcomes = judge_all(records, data, progress)
    history = record_outcomes(
        case.folder / VERDICTS_FILE, outcomes, data.reader, day=day, version=__version__
    )
    checked = Checked(records, outcomes, history, case.out)
    if outcomes:
        _write(case, checked, release, data.reader)
    return checked


def data_of(case: Case, records: Records) -> Data:
    """Gather what the claims of a case are held against; tables are read when they are first asked for."""
    reader = Reader(case.out)
    drawn = read_outlines(case.folder, records.territories.values())
    return Data(
        reader,
        records,
        settings=case.claims,
        rates=rates_of(case.folder),
        outlines={(one.territory.id, one.version.version): one.shape for one in drawn},
        areas={one.name: one.geometry for one in case.areas},
        simulated=is_simulated(reader),
    )


def judge_all(
    records: Records,
    data: Data,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> tuple[Outcome, ...]:
    """Judge every claim that has a test."""
    measures = Measures(data)
    tested = [one for one in records.claims.values() if one.test is not None]
    outcomes = []
    for done, claim in enumerate(tested):
        progress("claims", done, len(tested))
        outcomes.append(judge(claim, measures))
    progress("claims", len(tested), len(tested))
    return tuple(outcomes)


def verdict_frames(checked: Checked, release: Release, reader: Reader) -> Mapping[tables.Table, pd.DataFrame]:
    """Outcomes as the tables ``verdicts`` and ``readings``."""
    return {
        tables.READINGS: tables.READINGS.frame(
            [_reading_row(one.claim.id, reading) for one in checked.outcomes for reading in one.readings]
        ),
        tables.VERDICTS: tables.VERDICTS.frame(
            [
                _verdict_row(one, checked.history[one.claim.id], reader)
                | {"clear": release.exactly(one.claim.id)}
                for one in checked.outcomes
            ]
        ),
    }


def _write(case: Case, checked: Checked, release: Release, reader: Reader) -> None:
    try:
        case.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{case.out}: cannot be made ({error.strerror}); check its folder") from error
    frames = verdict_frames(checked, release, reader)
    files: dict[Path, bytes | str] = {
        case.out / table.file_name: tables.encode(table, frame) for table, frame in frames.items()
    }
    reviews = claim_reviews(checked.outcomes, release, checked.history)
    files[case.out / CLAIM_REVIEWS] = json.dumps(reviews, ensure_ascii=False, indent=2) + "\n"
    write_together(files)


def _reading_row(claim: str, reading: Reading) -> dict[str, Any]:
    estimate = reading.estimate
    return {
        "claim_id": claim,
        "reading": reading.id,
        "low": _known(estimate.low) if estimate.covered else None,
        "high": _known(estimate.high) if estimate.covered else None,
        "accepted_low": _known(reading.band.low),
        "accepted_high": _known(reading.band.high),
        "unit": estimate.unit,
        "result": reading.result,
        "why": reading.why,
        "context": list(reading.context),
        "inputs": list(estimate.inputs),
    }


def _verdict_row(outcome: Outcome, stood: Standing, reader: Reader) -> dict[str, Any]:
    return {
        "claim_id": outcome.claim.id,
        "verdict": outcome.verdict,
        "why": outcome.why,
        "would_change": outcome.would_change,
        "published": outcome.claim.verdict,
        "readings": len(outcome.readings),
        "supporting": outcome.supporting,
        "independent": outcome.independent,
        "data": [f"{name} {reader.sha256(name)}" for name in outcome.tables],
        "supersedes": stood.supersedes,
        "run_at": stood.since,
    }


def _as_dict(outcome: Outcome, stood: Standing) -> dict[str, Any]:
    claim = outcome.claim
    return {
        "claim_id": claim.id,
        "text": claim.text,
        "verification": claim.verification,
        "hedge": claim.hedge,
        "verdict": outcome.verdict,
        "published": claim.verdict,
        "why": outcome.why,
        "would_change": outcome.would_change,
        "independent": outcome.independent,
        "since": stood.since.isoformat(),
        "supersedes": stood.supersedes,
        "readings": [_reading_row(claim.id, one) for one in outcome.readings],
    }


def is_simulated(reader: Reader) -> bool:
    """Tell whether the scan in a folder read simulated scenes: its manifest says so, or all its sites do."""
    manifest = reader.out / _MANIFEST
    if manifest.is_file():
        try:
            told = json.loads(manifest.read_text(encoding="utf-8"))
        except ValueError:
            told = None
        result = told.get("result") if isinstance(told, dict) else None
        if isinstance(result, dict) and isinstance(result.get("simulated"), bool):
            return bool(result["simulated"])
    if tables.SITES not in reader:
        return False
    flags: Iterable[bool] = reader.read(tables.SITES)["simulated"].to_numpy(dtype=bool)
    return bool(list(flags)) and all(flags)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
