"""Each kind of record, field by field: what is not named here does not leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import overload

from leachwatch.case.records import (
    Actor,
    Citation,
    Claim,
    ControlSpell,
    Dated,
    Event,
    Evidence,
    Grade,
    Relation,
    Source,
    Territory,
    Version,
)
from leachwatch.release.basis import Basis
from leachwatch.release.circumstances import Circumstances
from leachwatch.release.model import (
    PublicActor,
    PublicCitation,
    PublicClaim,
    PublicDated,
    PublicEvent,
    PublicEvidence,
    PublicGrade,
    PublicPlace,
    PublicRelation,
    PublicSource,
    PublicSpell,
    PublicTerm,
    PublicTerritory,
    PublicVersion,
)
from leachwatch.release.months import exact, month_of, to_the_month
from leachwatch.release.places import coarse_place, exact_place
from leachwatch.release.tests_of_claims import public_test

__all__ = ["Fields"]

_LARGE = ("township", "special_region", "claimed_area")


class Fields:
    """Projects records of one case for one publication.

    Parameters
    ----------
    basis : Basis
        Who stands behind each record.
    around : Circumstances
        What else there is to know.
    territories : mapping of str to Territory
        That are published.
    """

    def __init__(self, basis: Basis, around: Circumstances, territories: Mapping[str, Territory]) -> None:
        self._basis = basis
        self._around = around
        self._territories = territories
        self._name = basis.name

    def source(self, one: Source) -> PublicSource:
        """Of a protected one no more than its descriptor and an id that is good for once."""
        protected = self._basis.protected(one.id)
        return PublicSource(
            id=self._name(one.id),
            kind=one.kind,
            public_descriptor=self._basis.described(one),
            title="" if protected else one.title,
            publisher="" if protected else one.publisher,
            url="" if protected else one.url,
            published=None if protected else one.published,
            protected=protected,
        )

    def citation(self, one: Citation) -> PublicCitation:
        """Of a protected source only what a publication reports of it, as said by that publication."""
        reported = self._basis.protected(one.source)  # by a publication, which is then what was read
        evidence = None if one.evidence in self._basis.withheld_evidence else one.evidence
        through = one.through if one.through and not self._basis.protected(one.through) else None
        return PublicCitation(
            id=one.id,
            source=through if reported and through else one.source,
            locator=one.locator,
            through=None if reported else through,
            quote=one.quote,
            quote_lang=one.quote_lang,
            translation=one.translation,
            translator_role=one.translator_role,
            evidence=evidence,
        )

    def evidence(self, one: Evidence) -> PublicEvidence:
        """Never where in the case it lies."""
        return PublicEvidence(
            id=one.id,
            title=one.title,
            url=one.url,
            sha256=one.sha256,
            size=one.size,
            encoding_format=one.encoding_format,
            retrieved=one.retrieved,
            copy_kind=one.copy_kind,
            derived_from=one.derived_from,
            tool=one.tool,
            status_of_document=one.status_of_document,
        )

    def actor(self, one: Actor) -> PublicActor:
        """Whole: an actor acts in public."""
        return PublicActor(
            id=one.id,
            kind=one.kind,
            name=one.name,
            short=one.short,
            name_my=one.name_my,
            name_zh=one.name_zh,
            name_kac=one.name_kac,
            alias=one.alias,
            weak_alias=one.weak_alias,
            previous_name=one.previous_name,
            country=one.country,
            topics=one.topics,
            description=one.description,
            citations=self._basis.open_ids(one.citations),
            protected_sources=self._basis.band(one.citations),
        )

    def relation(self, one: Relation) -> PublicRelation:
        """To the month where a protected source told of it."""
        return PublicRelation(
            id=self._name(one.id),
            kind=one.kind,
            subject=one.subject,
            object=one.object,
            terms=tuple(
                PublicTerm(
                    amount=term.amount, unit=term.unit, share=term.share, in_kind=term.in_kind, of=term.of
                )
                for term in one.terms
            ),
            dated=_dated(one.dated, derived=self._basis.derived(one)),
            verification=one.verification,
            hedge=one.hedge,
            status=one.status,
            public_note=one.public_note,
            citations=self._basis.open_ids(one.citations),
            protected_sources=self._basis.band(one.citations),
            descriptor=self._basis.descriptor(one.citations),
        )

    def territory(self, one: Territory) -> PublicTerritory:
        """Whole, each drawing with its own dates."""
        return PublicTerritory(
            id=one.id,
            kind=one.kind,
            name=one.name,
            name_my=one.name_my,
            name_zh=one.name_zh,
            name_kac=one.name_kac,
            pcode=one.pcode,
            country=one.country,
            versions=tuple(self._version(version) for version in one.versions),
            public_note=one.public_note,
        )

    def _version(self, one: Version) -> PublicVersion:
        return PublicVersion(
            version=one.version,
            approximate=one.approximate,
            border_m=one.border_m,
            dated=_dated(one.dated, derived=bool(self._basis.behind(one.citations))),
            public_note=one.public_note,
            citations=self._basis.open_ids(one.citations),
            protected_sources=self._basis.band(one.citations),
        )

    def spell(self, one: ControlSpell) -> PublicSpell:
        """To the month where a protected source told of it."""
        return PublicSpell(
            id=self._name(one.id),
            territory=one.territory,
            controllers=one.controllers,
            control=one.control,
            administers_tax=one.administers_tax,
            dated=_dated(one.dated, derived=self._basis.derived(one)),
            status=one.status,
            public_note=one.public_note,
            citations=self._basis.open_ids(one.citations),
            protected_sources=self._basis.band(one.citations),
            descriptor=self._basis.descriptor(one.citations),
        )

    def event(self, one: Event) -> PublicEvent:
        """Where and when as exactly as who told of it allows."""
        derived = self._basis.derived(one)
        territory = self._territories[one.territory] if one.territory else None
        exactly = not derived and not (one.place and one.place.sensitive)
        if territory and not exactly and territory.kind not in _LARGE:
            territory = None
        return PublicEvent(
            id=self._name(one.id),
            kind=one.kind,
            title=one.title,
            actors=one.actors,
            against=one.against,
            place=self._place(one, territory, exactly=exactly),
            territory=territory.id if territory else None,
            dated=_dated(one.dated, derived=derived),
            catalogue=one.catalogue if exactly else "",
            important=one.important,
            verification=one.verification,
            hedge=one.hedge,
            public_note=one.public_note,
            citations=self._basis.open_ids(one.citations),
            protected_sources=self._basis.band(one.citations),
            descriptor=self._basis.descriptor(one.citations),
        )

    def _place(self, one: Event, territory: Territory | None, *, exactly: bool) -> PublicPlace | None:
        if one.place is None:
            return None
        if exactly:
            return exact_place(one.place)
        township = territory if territory and territory.kind == "township" else None
        return coarse_place(one.place, township, self._around.population, self._around.people)

    def claim(self, one: Claim) -> PublicClaim:
        """In its own words; its date, addresses and test as who made it allows."""
        derived = self._basis.derived(one)
        return PublicClaim(
            id=self._name(one.id),
            text=one.text,
            kind=one.kind,
            author=self._name(one.author),
            said_by=one.said_by,
            published=month_of(one.published) if derived else one.published,
            first_appearance=month_of(one.first_appearance) if derived else one.first_appearance,
            appearance=() if derived else one.appearance,
            about=tuple(self._name(other) for other in one.about),
            dated=_dated(one.dated, derived=derived),
            verification=one.verification,
            hedge=one.hedge,
            part_of=self._name(one.part_of) if one.part_of else None,
            citations=self._basis.open_ids(one.citations),
            protected_sources=self._basis.band(one.citations),
            descriptor=self._basis.descriptor(one.citations),
            test=public_test(one.test, self._name, derived=derived) if one.test else None,
            untested=one.untested,
            verdict=one.verdict,
        )

    @staticmethod
    def grade(one: Grade, kept: Mapping[str, Grade]) -> PublicGrade:
        """With the grade it takes the place of, where that is published too."""
        return PublicGrade(
            id=one.id,
            subject=one.subject,
            reliability=one.reliability,
            credibility=one.credibility,
            basis=one.basis,
            graded_by=one.graded_by,
            graded=one.graded,
            supersedes=one.supersedes if one.supersedes in kept else None,
        )


@overload
def _dated(dated: Dated, *, derived: bool) -> PublicDated: ...
@overload
def _dated(dated: Dated | None, *, derived: bool) -> PublicDated | None: ...
def _dated(dated: Dated | None, *, derived: bool) -> PublicDated | None:
    """To the month where a protected source told of it."""
    if dated is None:
        return None
    return to_the_month(dated) if derived else exact(dated)
