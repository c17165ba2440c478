"""What may be said of a case, taken from its records and from the tables of verdicts, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from leachwatch import tables
from leachwatch.case.records import Citation, Claim, ControlSpell, Dated, Event, Records
from leachwatch.publish.case_model import (
    PublicCase,
    PublicCite,
    PublicClaim,
    PublicHappening,
    PublicHolding,
    PublicReading,
    PublicWhen,
)
from leachwatch.publish.rows import Row, models, rows_of
from leachwatch.publish.territory_projection import project_grounds, project_territories
from leachwatch.release import Release, release_of

__all__ = ["CaseFrames", "project_case"]


@dataclass(frozen=True)
class CaseFrames:
    """The tables of verdicts and of sites on territories, each None where it is not there."""

    verdicts: pd.DataFrame | None
    readings: pd.DataFrame | None
    site_control: pd.DataFrame | None = None

    @classmethod
    def read(cls, out: Path) -> CaseFrames:
        """Read those that are in an ``out`` folder.

        Raises
        ------
        TableError
            If one does not keep the contract.
        """
        return cls(
            *(
                tables.read(out, table) if (out / table.file_name).exists() else None
                for table in (tables.VERDICTS, tables.READINGS, tables.SITE_CONTROL)
            )
        )


def project_case(records: Records, frames: CaseFrames, release: Release | None = None) -> PublicCase:
    """Let out what may be published of a case: what `leachwatch.release` lets out, where it is exact.

    A record that rests on one that is not CLEAR stays behind, and so does one that a protected source told
    any of: here days and places are exact. So does a spell with any of its controllers: "held by A" would be
    wrong of what A and somebody unnamed held together. Not even how many were held back is let out.

    Raises
    ------
    ReleaseError
        If a record rests on a source that has withdrawn, or names one that stays behind.
    TableError
        If a verdict or a reading does not fit the public model.
    """
    release = release or release_of(records)
    verdicts = _verdicts(frames.verdicts)
    readings = _readings(frames.readings)
    claims = [one for one in records.claims.values() if release.exactly(one.id)]
    known = {one.id for one in claims}
    holdings = [one for one in records.control.values() if release.exactly(one.id)]
    happenings = [one for one in records.events.values() if release.exactly(one.id)]
    territories = project_territories(records, release, holdings)
    held = (_holding(records, release, one) for one in holdings)
    happened = (_happening(records, release, one) for one in happenings)
    return PublicCase(
        claims=tuple(
            _claim(records, release, one, known, verdicts.get(one.id), readings.get(one.id, ()))
            for one in claims
        ),
        holdings=tuple(sorted(held, key=lambda one: (one.territory, _begins(one.when)))),
        happenings=tuple(sorted(happened, key=lambda one: _begins(one.when))),
        territories=territories,
        grounds=project_grounds(frames.site_control, {one.name for one in territories}),
    )


def _claim(
    records: Records,
    release: Release,
    claim: Claim,
    known: set[str],
    verdict: Row | None,
    readings: tuple[PublicReading, ...],
) -> PublicClaim:
    said_by = claim.said_by if claim.said_by and release.openly(claim.said_by) else None
    return PublicClaim(
        id=claim.id,
        text=claim.text,
        kind=claim.kind,
        author=release.source(claim.author).public_descriptor,
        said_by=records.actors[said_by].label if said_by else "",
        published=claim.published,
        verification=claim.verification,
        hedge=claim.hedge,
        part_of=claim.part_of if claim.part_of in known else None,
        untested=claim.untested,
        cites=_cites(records, release, claim.citations),
        verdict=verdict["verdict"] if verdict else None,
        since=verdict["run_at"] if verdict else None,
        before=verdict["supersedes"] if verdict else None,
        by_sources=claim.test is not None and claim.test.kind == "corroborate",
        why=verdict["why"] if verdict else "",
        would_change=verdict["would_change"] if verdict else "",
        readings=readings,
    )


def _holding(records: Records, release: Release, spell: ControlSpell) -> PublicHolding:
    actors = [records.actors[one] for one in spell.controllers]
    return PublicHolding(
        territory=records.territories[spell.territory].name,
        controllers=tuple(one.label for one in actors),
        control=spell.control,
        when=_when(spell.dated),
        accepted=spell.status == "accepted",
        note=spell.public_note,
        cites=_cites(records, release, spell.citations),
    )


def _happening(records: Records, release: Release, event: Event) -> PublicHappening:
    return PublicHappening(
        id=event.id,
        kind=event.kind,
        title=event.title,
        place=event.place.name if event.place and not event.place.sensitive else "",
        when=_when(event.dated),
        important=event.important,
        hedge=event.hedge,
        note=event.public_note,
        cites=_cites(records, release, event.citations),
    )


def _cites(records: Records, release: Release, citations: Iterable[str]) -> tuple[PublicCite, ...]:
    given = [records.citations[one] for one in citations if one in records.citations]
    return tuple(
        found for one in given if release.exactly(one.id) and (found := _cite(records, release, one))
    )


def _cite(records: Records, release: Release, citation: Citation) -> PublicCite | None:
    """Cite a source, or the publication that reports what a protected one said."""
    named = [one for one in (citation.source, citation.through) if one and release.openly(one)]
    if not named:
        return None
    source, through = records.sources[named[0]], named[1] if len(named) > 1 else None
    return PublicCite(
        descriptor=source.public_descriptor,
        title=source.title,
        publisher=source.publisher,
        published=source.published,
        url=source.url,
        locator=citation.locator,
        through=records.sources[through].public_descriptor if through else "",
    )


_DATES = ("first_imprecise", "first_precise", "last_precise", "last_imprecise", "starting", "ending")


def _when(dated: Dated) -> PublicWhen:
    return PublicWhen(**{name: getattr(dated, name) for name in _DATES})


def _begins(when: PublicWhen) -> date:
    days = (when.first_imprecise, when.first_precise, when.last_precise, when.last_imprecise)
    return next(day for day in days if day is not None)


_VERDICT = ("claim_id", "verdict", "why", "would_change", "supersedes", "run_at")


def _verdicts(frame: pd.DataFrame | None) -> dict[str, Row]:
    return {} if frame is None else {row["claim_id"]: row for row in rows_of(frame, _VERDICT)}


_READING = (
    "claim_id", "reading", "low", "high", "accepted_low", "accepted_high", "unit", "result", "why", "context",
)  # fmt: skip


def _readings(frame: pd.DataFrame | None) -> dict[str, tuple[PublicReading, ...]]:
    if frame is None:
        return {}
    made = models("readings", _READING, _reading, frame)
    by_claim: dict[str, list[PublicReading]] = {}
    for claim, reading in zip(frame["claim_id"].tolist(), made, strict=True):
        by_claim.setdefault(claim, []).append(reading)
    return {claim: tuple(of) for claim, of in by_claim.items()}


def _reading(row: Row) -> PublicReading:
    named = {name: row[name] for name in _READING if name not in {"claim_id", "context"}}
    return PublicReading(**named, context=tuple(row["context"]))
