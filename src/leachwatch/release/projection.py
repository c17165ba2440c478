"""The border between what a team knows and what it publishes: every field that leaves is named here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from leachwatch.case.records import FILES, Records
from leachwatch.case.records.claim_tests import PythonTest
from leachwatch.errors import ReleaseError
from leachwatch.release.basis import Basis, Published
from leachwatch.release.circumstances import Circumstances, circumstances_of
from leachwatch.release.fields import Fields
from leachwatch.release.model import (
    PublicActor,
    PublicCase,
    PublicCitation,
    PublicClaim,
    PublicEvent,
    PublicEvidence,
    PublicGrade,
    PublicRelation,
    PublicSource,
    PublicSpell,
    PublicTerritory,
)
from leachwatch.release.names import PublicationKey, new_key
from leachwatch.release.references import references
from leachwatch.release.strictness import strictness
from leachwatch.release.whole import dangling
from leachwatch.release.withdrawn import Withdrawn

__all__ = ["Release", "Withheld", "as_published", "public", "release_of"]

P = TypeVar(
    "P",
    PublicSource,
    PublicCitation,
    PublicEvidence,
    PublicGrade,
    PublicActor,
    PublicRelation,
    PublicTerritory,
    PublicSpell,
    PublicEvent,
    PublicClaim,
)


@dataclass(frozen=True)
class Withheld:
    """A record that stays behind, and why; for the editor's eyes."""

    record: str
    why: str


@dataclass(frozen=True)
class Release:
    """What is published, and what the team has to know of it.

    Attributes
    ----------
    case : PublicCase
        All that leaves.
    names : mapping of str to str
        Id in this publication by id in the case, where they differ; never published.
    withheld : tuple of Withheld
        Records that stay behind; never published.
    behind : mapping of str to frozenset of str
        Protected sources that told us of a published record, by its id in the case; never published.
    """

    case: PublicCase
    names: Mapping[str, str]
    withheld: tuple[Withheld, ...]
    behind: Mapping[str, frozenset[str]]

    def exactly(self, record: str) -> bool:
        """Whether a record may be shown as it is: it is published, and no protected source told us of it."""
        return self.names.get(record, record) in self._published and record not in self.behind

    def openly(self, record: str) -> bool:
        """Whether a record is published under its own id, as nobody is who is protected."""
        return record in self._published

    def source(self, record: str) -> PublicSource:
        """Source as it is published, by its id in the case."""
        return self._sources[self.names.get(record, record)]

    @cached_property
    def _published(self) -> frozenset[str]:
        kinds = (getattr(self.case, kind) for kind in PublicCase.model_fields)
        return frozenset(one.id for kind in kinds for one in kind)

    @cached_property
    def _sources(self) -> Mapping[str, PublicSource]:
        return {one.id: one for one in self.case.sources}


def public(records: Records, key: PublicationKey, circumstances: Circumstances | None = None) -> Release:
    """Project the records of a case onto what may be published.

    Only records that are CLEAR leave, and only if everything that they name is CLEAR too. What a protected
    source told is dated to the month and placed no nearer than a township or a cell of people; the source
    itself is counted, not listed, unless it is the author of a claim.

    Parameters
    ----------
    records : Records
        Of a case.
    key : PublicationKey
        Of this publication, and of no other.
    circumstances : Circumstances, optional
        What else there is to know.

    Returns
    -------
    Release

    Raises
    ------
    ReleaseError
        If a record rests on a source that has withdrawn, or the result would name what is not in it.
    """
    around = circumstances or Circumstances()
    labels = strictness(records)
    clear = {one.id for one in records if labels[one.id][0] == "CLEAR"}
    _refuse_withdrawn(records, clear, around.withdrawn)
    clear -= {one for one in records.sources if one in around.withdrawn}
    withheld = tuple(
        Withheld(one.id, f"is {label}" if cause == one.id else f"rests on {cause}, which is {label}")
        for one in records
        if (label := labels[one.id][0]) != "CLEAR" and (cause := labels[one.id][1])
    )
    return _released(_only(records, clear), Basis(records, clear, key, around), around, withheld)


def release_of(records: Records) -> Release:
    """Project the records of a case by all that its folder says, under names that are good for once.

    Raises
    ------
    ReleaseError
        As `public`.
    RecordError
        If a file beside the records is wrong.
    """
    return public(records, new_key(), circumstances_of(records.folder))


def as_published(records: Records) -> Release:
    """Take the records of a publication as they are: whom they do not name is protected by that already.

    Parameters
    ----------
    records : Records
        Of the public case that is part of a publication (`leachwatch.release.written`).

    Returns
    -------
    Release
        Of all of them, each under the id that it has there.

    Raises
    ------
    ReleaseError
        If one is not CLEAR, or names what is not there: then it is no public case.
    """
    labels = strictness(records)
    for one in records:
        if labels[one.id][0] != "CLEAR":
            raise ReleaseError(f"{one.id}: is not CLEAR, or rests on what is not; this is no published case")
    for claim in records.claims.values():
        if isinstance(claim.test, PythonTest):
            raise ReleaseError(f"{claim.id}: is tested by a program of somebody's own, and none is published")
    every = {one.id for one in records}
    around = Circumstances()
    return _released(records, Published(records, every, new_key(), around), around, ())


def _released(
    records: Records, basis: Basis, around: Circumstances, withheld: tuple[Withheld, ...]
) -> Release:
    projection = _Projection(records, basis, around)
    case = projection.case()
    if loose := dangling(case):
        record, other = loose[0]
        raise ReleaseError(f"{record}: names {other}, which is not published; take it out of the record")
    return Release(case, basis.names, withheld, projection.behind())


def _refuse_withdrawn(records: Records, clear: set[str], withdrawn: Withdrawn) -> None:
    gone = {one for one in records.sources if one in withdrawn}
    for record, others in references(records).items():
        if record in clear and (rest := sorted(others & gone)):
            raise ReleaseError(
                f"{record}: rests on {rest[0]}, which has withdrawn; take it out, or rest it on another"
            )


def _only(records: Records, ids: set[str]) -> Records:
    kinds = (file.removesuffix(".yaml") for file in FILES)
    kept = {
        kind: {one: record for one, record in getattr(records, kind).items() if one in ids} for kind in kinds
    }
    return Records(records.folder, **kept)


class _Projection:
    """One publication in the making."""

    def __init__(self, records: Records, basis: Basis, around: Circumstances) -> None:
        self.records = records
        self.basis = basis
        self.fields = Fields(basis, around, records.territories)

    def case(self) -> PublicCase:
        held, show = self.records, self.fields
        citations = [one for one in held.citations.values() if not self.basis.shielded(one)]
        evidence = [one for one in held.evidence.values() if one.id not in self.basis.withheld_evidence]
        authors = {one.author for one in held.claims.values()}
        sources = [
            one for one in held.sources.values() if not self.basis.protected(one.id) or one.id in authors
        ]
        graded = {one.id for one in (*sources, *citations, *held.claims.values())} - self.basis.names.keys()
        grades = {one.id: one for one in held.grades.values() if one.subject in graded}
        return PublicCase(
            sources=_sorted(show.source(one) for one in sources),
            citations=_sorted(show.citation(one) for one in citations),
            evidence=_sorted(show.evidence(one) for one in evidence),
            grades=_sorted(show.grade(one, grades) for one in grades.values()),
            actors=_sorted(show.actor(one) for one in held.actors.values()),
            relations=_sorted(show.relation(one) for one in held.relations.values()),
            territories=_sorted(show.territory(one) for one in held.territories.values()),
            control=_sorted(show.spell(one) for one in held.control.values()),
            events=_sorted(show.event(one) for one in held.events.values()),
            claims=_sorted(show.claim(one) for one in held.claims.values()),
        )

    def behind(self) -> Mapping[str, frozenset[str]]:
        held = self.records
        cited = (held.relations, held.control, held.events, held.actors)
        found = {one.id: self.basis.behind(one.citations) for kind in cited for one in kind.values()}
        for territory in held.territories.values():
            found[territory.id] = self.basis.behind(
                one for version in territory.versions for one in version.citations
            )
        for claim in held.claims.values():
            author = (
                {claim.author} if self.basis.protected(claim.author) and self.basis.derived(claim) else set()
            )
            found[claim.id] = self.basis.behind(claim.citations) | author
        return {one: sources for one, sources in found.items() if sources}


def _sorted(records: Iterable[P]) -> tuple[P, ...]:
    return tuple(sorted(records, key=lambda one: str(one.id)))
