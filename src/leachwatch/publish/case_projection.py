"""What may be said of a case, taken from its records and from the tables of verdicts, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from leachwatch import tables
from leachwatch.case.records import Citation, Claim, ControlSpell, Dated, Event, Record, Records, clear_claims
from leachwatch.publish.case_model import (
    PublicCase,
    PublicCite,
    PublicClaim,
    PublicHappening,
    PublicHolding,
    PublicReading,
    PublicWhen,
)
from leachwatch.publish.rows import Row, models
from leachwatch.release import Release, circumstances_of, new_key, public

__all__ = ["CaseFrames", "project_case"]


@dataclass(frozen=True)
class CaseFrames:
    """The tables of verdicts, each None where it is not there."""

    verdicts: pd.DataFrame | None
    readings: pd.DataFrame | None

    @classmethod
    def read(cls, out: Path) -> CaseFrames:
        """Read those that are in an ``out`` folder.

        Raises
        ------
        TableError
            If one does not keep the contract.
        """
        verdicts, readings = (
            tables.read(out, table) if (out / table.file_name).exists() else None
            for table in (tables.VERDICTS, tables.READINGS)
        )
        return cls(verdicts, readings)


def project_case(records: Records, frames: CaseFrames) -> PublicCase:
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
    clear = _Clear(records, public(records, new_key(), circumstances_of(records.folder)))
    verdicts = _verdicts(frames.verdicts)
    readings = _readings(frames.readings)
    known = clear_claims(records)
    claims = [one for one in records.claims.values() if clear(one) and one.id in known]
    known &= {one.id for one in claims}
    holdings = [
        one
        for one in records.control.values()
        if clear(one) and all(map(clear.id, (one.territory, *one.controllers)))
    ]
    happenings = [one for one in records.events.values() if clear(one)]
    return PublicCase(
        claims=tuple(
            _claim(records, clear, one, known, verdicts.get(one.id), readings.get(one.id, ()))
            for one in claims
        ),
        holdings=tuple(
            sorted(
                (_holding(records, clear, one) for one in holdings),
                key=lambda one: (one.territory, _begins(one.when)),
            )
        ),
        happenings=tuple(
            sorted((_happening(records, clear, one) for one in happenings), key=lambda one: _begins(one.when))
        ),
    )


@dataclass(frozen=True)
class _Clear:
    """Whether a record may be published as it is: it is released, and no protected source told us of it."""

    records: Records
    release: Release

    def __call__(self, record: Record) -> bool:
        return self._name(record.id) in self._published and record.id not in self.release.behind

    def descriptor(self, source: str) -> str:
        """How the release describes the author of a claim."""
        return self._described[self._name(source)]

    def _name(self, record: str) -> str:
        return self.release.names.get(record, record)

    @cached_property
    def _published(self) -> frozenset[str]:
        case = self.release.case
        return frozenset(one.id for kind in type(case).model_fields for one in getattr(case, kind))

    @cached_property
    def _described(self) -> dict[str, str]:
        return {one.id: one.public_descriptor for one in self.release.case.sources}

    def id(self, name: str) -> bool:
        """Whether the record of an id is published under that id, as nobody is who is protected."""
        return name in self._published


def _claim(
    records: Records,
    clear: _Clear,
    claim: Claim,
    known: frozenset[str],
    verdict: Row | None,
    readings: tuple[PublicReading, ...],
) -> PublicClaim:
    said_by = claim.said_by if claim.said_by and clear.id(claim.said_by) else None
    return PublicClaim(
        id=claim.id,
        text=claim.text,
        kind=claim.kind,
        author=clear.descriptor(claim.author),
        said_by=records.actors[said_by].label if said_by else "",
        published=claim.published,
        verification=claim.verification,
        hedge=claim.hedge,
        part_of=claim.part_of if claim.part_of in known else None,
        untested=claim.untested,
        cites=_cites(records, clear, claim.citations),
        verdict=verdict["verdict"] if verdict else None,
        by_sources=claim.test is not None and claim.test.kind == "corroborate",
        why=verdict["why"] if verdict else "",
        would_change=verdict["would_change"] if verdict else "",
        readings=readings,
    )


def _holding(records: Records, clear: _Clear, spell: ControlSpell) -> PublicHolding:
    actors = [records.actors[one] for one in spell.controllers]
    return PublicHolding(
        territory=records.territories[spell.territory].name,
        controllers=tuple(one.label for one in actors),
        control=spell.control,
        when=_when(spell.dated),
        accepted=spell.status == "accepted",
        note=spell.public_note,
        cites=_cites(records, clear, spell.citations),
    )


def _happening(records: Records, clear: _Clear, event: Event) -> PublicHappening:
    return PublicHappening(
        id=event.id,
        kind=event.kind,
        title=event.title,
        place=event.place.name if event.place and not event.place.sensitive else "",
        when=_when(event.dated),
        important=event.important,
        hedge=event.hedge,
        note=event.public_note,
        cites=_cites(records, clear, event.citations),
    )


def _cites(records: Records, clear: _Clear, citations: Iterable[str]) -> tuple[PublicCite, ...]:
    given = [records.citations[one] for one in citations if one in records.citations]
    return tuple(found for one in given if clear(one) and (found := _cite(records, clear, one)))


def _cite(records: Records, clear: _Clear, citation: Citation) -> PublicCite | None:
    """Cite a source, or the publication that reports what a protected one said."""
    named = [one for one in (citation.source, citation.through) if one and clear.id(one)]
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


_VERDICT = ("claim_id", "verdict", "why", "would_change")


def _verdicts(frame: pd.DataFrame | None) -> dict[str, Row]:
    if frame is None:
        return {}
    rows = (dict(zip(_VERDICT, row, strict=True)) for row in frame[list(_VERDICT)].itertuples(index=False))
    return {row["claim_id"]: row for row in rows}


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
