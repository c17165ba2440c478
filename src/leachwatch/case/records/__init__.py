"""The records of a case: who, where, when, what happened, who says so, and what is claimed."""

from leachwatch.case.records.actors import Actor, Relation, Term
from leachwatch.case.records.answers import best, both, lasting, of_spell, of_versions
from leachwatch.case.records.claims import Claim, Verdict
from leachwatch.case.records.dated import Answer, Dated
from leachwatch.case.records.dumping import as_yaml
from leachwatch.case.records.events import Event, Place
from leachwatch.case.records.faults import Fault
from leachwatch.case.records.ground import ControlSpell, Outline, Territory, Version, as_named
from leachwatch.case.records.lint import lint, lint_folder
from leachwatch.case.records.mending import nearest
from leachwatch.case.records.reading import FILES, Records, look_over, read_records
from leachwatch.case.records.record import PREFIXES, Record
from leachwatch.case.records.sources import Citation, Evidence, Grade, Source
from leachwatch.case.records.span import Span

__all__ = [
    "FILES", "PREFIXES", "Actor", "Answer", "Citation", "Claim", "ControlSpell", "Dated", "Event", "Evidence",
    "Fault", "Grade", "Outline", "Place", "Record", "Records", "Relation", "Source", "Span", "Term",
    "Territory", "Verdict", "Version", "as_named", "as_yaml", "best", "both", "lasting", "lint",
    "lint_folder", "look_over", "nearest", "of_spell", "of_versions", "read_records",
]  # fmt: skip
