"""The records of a case folder, read and checked one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leachwatch.case.records.actors import Actor, Relation
from leachwatch.case.records.claims import Claim
from leachwatch.case.records.document import MOST_FAULTS, Document, Marks, line_at, read_document
from leachwatch.case.records.events import Event
from leachwatch.case.records.faults import Fault, error_of, path_of, sorted_faults
from leachwatch.case.records.ground import ControlSpell, Territory
from leachwatch.case.records.inside import leaves
from leachwatch.case.records.mending import validated
from leachwatch.case.records.record import PREFIXES, Record
from leachwatch.case.records.sources import Citation, Evidence, Grade, Source
from leachwatch.case.records.zawgyi import is_zawgyi

__all__ = ["FILES", "Records", "look_over", "prefix_of", "read_records"]

FILES: Mapping[str, type[Record]] = {
    "sources.yaml": Source,
    "citations.yaml": Citation,
    "evidence.yaml": Evidence,
    "grades.yaml": Grade,
    "actors.yaml": Actor,
    "relations.yaml": Relation,
    "territories.yaml": Territory,
    "control.yaml": ControlSpell,
    "events.yaml": Event,
    "claims.yaml": Claim,
}
"""Files of a case that people write, each a list of records of one kind; none has to be there."""

_ID = re.compile(r"[a-z]{3}-[0-9a-hjkmnp-tv-z]{10}")
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}


@dataclass(frozen=True)
class Records:
    """All records of a case, each kind by id in the order of its file.

    Attributes
    ----------
    folder : Path
        The case folder.
    lines : mapping of str to tuple
        File and line of every record, by id; those with faults too, which are nowhere else.
    marks : mapping of str to Marks
        Lines of the fields of every record, by id.
    """

    folder: Path
    sources: Mapping[str, Source] = field(default_factory=dict)
    citations: Mapping[str, Citation] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    grades: Mapping[str, Grade] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    territories: Mapping[str, Territory] = field(default_factory=dict)
    control: Mapping[str, ControlSpell] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    marks: Mapping[str, Marks] = field(default_factory=dict, repr=False)

    def __iter__(self) -> Iterator[Record]:
        """Every record, kind by kind."""
        for file in FILES:
            yield from getattr(self, file.removesuffix(".yaml")).values()

    def fault(self, record: Record, place: tuple[str | int, ...], what: str) -> Fault:
        """Make a fault of one of these records, at names and numbers that lead to its place."""
        file, line = self.lines.get(record.id, ("", 1))
        marks = self.marks.get(record.id, line)
        return Fault(file, line_at(marks, *place), record.id, path_of(place), what)


def read_records(folder: Path) -> Records:
    """Read the records of a case.

    Raises
    ------
    RecordError
        If a file is wrong; the message names file, line and field, and how to mend it.
    """
    records, faults = look_over(folder)
    if faults:
        raise error_of(folder, faults, listed_by=f"leachwatch check {folder} --lint")
    return records


def look_over(folder: Path) -> tuple[Records, tuple[Fault, ...]]:
    """Read what can be read of the records of a case, and name all that cannot.

    Returns
    -------
    Records
        Those without a fault.
    tuple of Fault
        All faults of single records, by file and line; what is wrong between records `lint` finds.
    """
    reading = _Reading()
    for file in FILES:
        path = folder / file
        if path.exists() or path.is_symlink():
            reading.read(path, file)
    faults = sorted_faults(reading.faults)
    return Records(folder, lines=reading.lines, marks=reading.marks, **reading.kinds), faults


def prefix_of(kind: type[Record]) -> str:
    """First letters of the ids of a kind of record.

    Examples
    --------
    >>> prefix_of(ControlSpell)
    'spl'
    """
    return PREFIXES["control" if kind is ControlSpell else kind.__name__.lower()]


class _Reading:
    def __init__(self) -> None:
        self.kinds: dict[str, Any] = {file.removesuffix(".yaml"): {} for file in FILES}
        self.lines: dict[str, tuple[str, int]] = {}
        self.marks: dict[str, Marks] = {}
        self.faults: list[Fault] = []

    def read(self, path: Path, file: str) -> None:
        if leaves(path.parent, file):
            what = "leads out of the case folder; put the file itself there"
            self.faults.append(Fault(file, 1, "", "", what))
            return
        if not path.is_file():
            self.faults.append(Fault(file, 1, "", "", "is no file that can be read; take it out of the case"))
            return
        document = read_document(path, file)
        listed = document.value
        if not document.faults and listed is not None and not isinstance(listed, list):
            line = line_at(document.marks)
            what = "is no list of records; begin each with a dash: - id: ..."
            self.faults.append(Fault(file, line, "", "", what))
        self._faults_of_text(document)
        for number, value in enumerate(listed if isinstance(listed, list) else []):
            assert isinstance(document.marks, tuple)  # noqa: S101 - marks of a list
            if len(self.faults) > MOST_FAULTS:
                what = f"more than {MOST_FAULTS:,} faults so far; mend those first"
                self.faults.append(Fault(file, line_at(document.marks, number), "", "", what))
                return
            marks: Marks = document.marks[1][number]  # type: ignore[index]
            self._record(document, number, value, marks)

    def _faults_of_text(self, document: Document) -> None:
        listed = document.value if isinstance(document.value, list) else []
        for fault, place in zip(document.faults, document.places, strict=True):
            if not place or not isinstance(place[0], int):
                self.faults.append(fault)
                continue
            value = listed[place[0]] if place[0] < len(listed) else None
            named = _named(value, place[0])
            self.faults.append(Fault(fault.file, fault.line, named, path_of(place[1:]), fault.what))

    def _record(self, document: Document, number: int, value: Any, marks: Marks) -> None:
        kind = FILES[document.file]
        named = _named(value, number)
        record, faults = validated(kind, value, marks, file=document.file, record=named)
        self.faults += faults
        zawgyi = list(_zawgyi(value, ())) if document.burmese else []
        for place in zawgyi:
            self.faults.append(Fault(document.file, line_at(marks, *place), named, path_of(place), _ZAWGYI))
        own = _own_id(value)
        if own is None:
            return
        line = line_at(marks, "id")
        if own in self.lines:
            file, first = self.lines[own]
            what = f"is the id of the record on line {first} of {file} too; give one of them another"
            self.faults.append(Fault(document.file, line, own, "id", what))
            return
        self.lines[own] = (document.file, line_at(marks))
        self.marks[own] = marks
        prefix = prefix_of(kind)
        if not own.startswith(f"{prefix}-"):
            other = _KINDS.get(own[:3])
            said = f"is the id of a record of kind {other}" if other else "is of no kind"
            what = f"{said}; begin it with {prefix}-"
            self.faults.append(Fault(document.file, line, own, "id", what))
        elif record is not None and not zawgyi:
            self.kinds[document.file.removesuffix(".yaml")][own] = record


_ZAWGYI = (
    "looks like Zawgyi, not Unicode; convert it with a converter from Zawgyi to Unicode, and read it over"
)


def _own_id(value: Any) -> str | None:
    given = value.get("id") if isinstance(value, dict) else None
    return given if isinstance(given, str) and _ID.fullmatch(given) else None


def _named(value: Any, number: int) -> str:
    return _own_id(value) or f"record {number + 1}"


def _zawgyi(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from _zawgyi(inside, (*place, name))
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from _zawgyi(inside, (*place, number))
    elif isinstance(value, str) and is_zawgyi(value):
        yield place
