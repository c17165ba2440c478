"""What of a case rests on whom: which sources are protected, and what they alone say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from leachwatch.case.records import Citation, Claim, ControlSpell, Event, Records, Relation, Source
from leachwatch.release.circumstances import Circumstances
from leachwatch.release.descriptors import described
from leachwatch.release.model import Band
from leachwatch.release.names import PublicationKey

__all__ = ["Basis", "Published"]

_FEW = 3
_SEVERAL = "several people and groups"


class Basis:
    """Who stands behind each record.

    Parameters
    ----------
    records : Records
        All of a case: what is kept back may still say whom a recording is of.
    leaving : collection of str
        Ids of those that are published.
    key : PublicationKey
        Of the publication.
    around : Circumstances
        How many people each descriptor fits, and how many it has to.
    """

    def __init__(
        self, records: Records, leaving: Collection[str], key: PublicationKey, around: Circumstances
    ) -> None:
        self._records = records
        self._leaving = leaving
        self._key = key
        self._around = around

    def protected(self, source: str) -> bool:
        """Whether a source is a person, or is kept anonymous; one that is not there may be either."""
        found = self._records.sources.get(source)
        return found is None or found.kind == "person" or found.anonymous

    def shielded(self, citation: Citation) -> bool:
        """Whether it is a protected source that says so, and no publication that reports it."""
        through = citation.through
        return self.protected(citation.source) and (through is None or self.protected(through))

    def open_ids(self, citations: Iterable[str]) -> tuple[str, ...]:
        """Those citations that may be listed."""
        return tuple(one for one in citations if not self.shielded(self._records.citations[one]))

    def behind(self, citations: Iterable[str]) -> frozenset[str]:
        """Protected sources that say so to us."""
        found = (self._records.citations[one] for one in citations)
        return frozenset(one.source for one in found if self.shielded(one))

    def band(self, citations: Iterable[str]) -> Band:
        """How many protected sources say so, as near as may be said."""
        groups = {self._records.sources[one].group for one in self.behind(citations)}
        if not groups:
            return "none"
        if len(groups) == 1:
            return "1"
        return "2-3" if len(groups) <= _FEW else "more than 3"

    def descriptor(self, citations: Iterable[str]) -> str:
        """How those protected sources are described: by one descriptor if all share it."""
        found = {self.described(self._records.sources[one]) for one in self.behind(citations)}
        return found.pop() if len(found) == 1 else _SEVERAL if found else ""

    def described(self, source: Source) -> str:
        """How a source is described."""
        if self.protected(source.id):
            return described(source, self._around.descriptors, self._around.people)
        return source.public_descriptor

    def derived(self, record: Relation | ControlSpell | Event | Claim) -> bool:
        """Whether a protected source told us any of it."""
        if self.behind(record.citations):
            return True
        if isinstance(record, Claim):
            return self.protected(record.author) and not self.open_ids(record.citations)
        return False

    @cached_property
    def withheld_evidence(self) -> frozenset[str]:
        """Evidence of what protected sources said, what was made of it, and what nobody cites."""
        listed = self._records.citations.values()
        shown = {
            one.evidence
            for one in listed
            if one.id in self._leaving and one.evidence and not self.shielded(one)
        }
        hidden = {one.evidence for one in listed if one.evidence and self.shielded(one)}
        hidden |= self._records.evidence.keys() - shown
        links = [(one.id, one.derived_from) for one in self._records.evidence.values() if one.derived_from]
        while True:
            more = {other for pair in links if hidden & set(pair) for other in pair} - hidden
            if not more:
                return frozenset(one for one in hidden if one)
            hidden |= more

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Id in this publication of every record whose own id would link it to others."""
        protected = [one for one in self._records.sources if self.protected(one)]
        records = self._records
        dated: list[Relation | ControlSpell | Event] = [
            *records.relations.values(),
            *records.control.values(),
            *records.events.values(),
        ]
        leaving = self._leaving
        told = [one.id for one in dated if one.id in leaving and self.derived(one)]
        told += [
            one.id
            for one in records.claims.values()
            if one.id in leaving and (self.derived(one) or self.protected(one.author))
        ]
        return {one: self._key.name(one) for one in (*protected, *told) if one in leaving}

    def name(self, record: str) -> str:
        """Id of a record in this publication."""
        return self.names.get(record, record)


class Published(Basis):
    """Who stands behind the records of a publication: nobody in them has to be protected any more."""

    def protected(self, source: str) -> bool:  # noqa: ARG002 - of everybody
        """Nobody: descriptors, dates and places are as they may be read already."""
        return False
