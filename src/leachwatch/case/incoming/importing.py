"""Events from a file into a case: with their sources, where these say so, and the hash of the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from leachwatch.case.incoming.drafts import ACLED, COLUMNS, Draft, acled_draft, own_draft
from leachwatch.case.incoming.rows import Sheet, read_sheet
from leachwatch.case.records import Citation, Event, Evidence, Records, Source, read_records
from leachwatch.case.records.faults import Fault
from leachwatch.case.records.inside import leaves
from leachwatch.case.records.mending import nearest, validated
from leachwatch.case.records.record import Tlp
from leachwatch.case.records.rewriting import add_records, new_id
from leachwatch.case.records.zawgyi import is_zawgyi
from leachwatch.errors import RecordError

__all__ = ["Imported", "import_events", "keep_events"]

_KEPT_IN = "evidence"


@dataclass(frozen=True)
class Imported:
    """What comes in with a file of events.

    Attributes
    ----------
    events : tuple of Event
        New ones, in the order of the file.
    known : int
        Rows of events that the case has already.
    sources, citations : tuple
        New records for who says so; sources that the case has are used again.
    evidence : Evidence
        The file itself, with its hash.
    content : bytes
        All of it.
    """

    events: tuple[Event, ...]
    known: int
    sources: tuple[Source, ...]
    citations: tuple[Citation, ...]
    evidence: Evidence
    content: bytes


def import_events(path: Path, case: Path, *, today: date, tlp: Tlp = "AMBER") -> Imported:
    """Read events from a CSV or GeoJSON file, or an export of ACLED, for a case; nothing is written.

    Parameters
    ----------
    path : Path
        CSV with the columns of `COLUMNS`, GeoJSON points with such properties, or a CSV of ACLED.
    case : Path
        The case folder: its sources and actors are used.
    today : date
        Day of the import.
    tlp : str
        Who may see what comes in; of the file itself that stays ``AMBER``.

    Returns
    -------
    Imported

    Raises
    ------
    RecordError
        If anything in the file is wrong; the message names line or feature, and column.
    """
    sheet = read_sheet(path)
    records = read_records(case)
    digest = hashlib.sha256(sheet.content).hexdigest()
    for one in records.evidence.values():
        if one.sha256 == digest:
            raise RecordError(f"{path}: is in the case already, as {one.id}; nothing of it is new")
    is_acled = set(sheet.columns) >= ACLED
    if not is_acled:
        _check_columns(sheet)
    drafts = [acled_draft(row) if is_acled else own_draft(row) for row in sheet.rows]
    known = {event.note.split(":")[0] for event in records.events.values()}
    new = [draft for draft in drafts if not draft.known_as or draft.known_as not in known]
    evidence = _evidence(sheet, records, digest, today)
    register = _Register(records, evidence, today, tlp, "ACLED" if is_acled else "")
    actors = _Actors(records, strict=not is_acled)
    made = [_made(sheet, draft, register, actors) for draft in new]
    wrong = [line for _, lines in made for line in lines]
    if wrong:
        more = f" (and {len(wrong) - 1:,} more)" if len(wrong) > 1 else ""
        raise RecordError(f"{path}: {wrong[0]}{more}")
    return Imported(
        events=tuple(event for event, _ in made if event is not None),
        known=len(drafts) - len(new),
        sources=tuple(register.sources),
        citations=tuple(register.citations.values()),
        evidence=evidence,
        content=sheet.content,
    )


def keep_events(imported: Imported, case: Path) -> None:
    """Write what has come in to the files of a case, all of it or nothing; comments stay.

    Raises
    ------
    RecordError
        If a file of the case cannot be read.
    OutputError
        If one cannot be written.
    """
    add_records(
        {
            case / "sources.yaml": imported.sources,
            case / "citations.yaml": imported.citations,
            case / "evidence.yaml": [imported.evidence],
            case / "events.yaml": imported.events,
        },
        beside={case / imported.evidence.file: imported.content},
    )


def _check_columns(sheet: Sheet) -> None:
    where = f"{sheet.path}: line 1" if sheet.place == "line" else str(sheet.path)
    for name in sheet.columns:
        if name not in COLUMNS:
            near = nearest(name, [*COLUMNS]) or f"columns are {', '.join(COLUMNS)}"
            raise RecordError(f"{where}: {name[:60]!r} is no column of events; {near}")
    for name in ("kind", "title", "first", "source"):
        if sheet.rows and name not in sheet.columns:
            raise RecordError(f"{where}: has no column {name}; add it: {COLUMNS[name]}")


_COLUMN_OF = {
    "place.name": "place", "place.lon": "lon", "place.lat": "lat", "place.precision": "precision",
}  # fmt: skip


def _made(sheet: Sheet, draft: Draft, register: _Register, actors: _Actors) -> tuple[Event | None, list[str]]:
    """Make an event, or say what is wrong with its row."""
    wrong = dict(draft.wrong)
    fields: dict[str, Any] = {
        "id": new_id(Event),
        "tlp": register.tlp,
        "recorded": register.today,
    } | draft.fields
    for name, labels in (("actors", draft.actors), ("against", draft.against)):
        ids, missing = actors.ids(labels)
        fields[name] = ids
        if missing:
            wrong[name] = f"{missing[:60]!r} is no actor of the case; {actors.near(missing)}"
    for name, value in _texts(fields):
        if is_zawgyi(value):
            wrong[name] = "looks like Zawgyi, not Unicode; convert it"
    event, faults = validated(Event, fields, draft.line, file="")
    for fault in faults:
        column = _COLUMN_OF.get(fault.field, fault.field.split(".")[0])
        if not wrong:
            wrong[column.replace("dated", "first")] = fault.what
    if not wrong and event is not None:
        cited, faults = register.cite(draft.source, draft.url, draft.line)
        if cited:
            return event.model_copy(update={"citations": (cited,)}), []
        wrong = {"url" if fault.field == "url" else "source": fault.what for fault in faults}
    return None, [f"{sheet.place} {draft.line}: {column}: {what}" for column, what in wrong.items()]


def _texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Texts of an event, by column."""
    for name, value in fields.items():
        if isinstance(value, str):
            yield name, value
        elif name == "place":
            yield "place", value.get("name", "")


def _evidence(sheet: Sheet, records: Records, digest: str, today: date) -> Evidence:
    name = f"{_KEPT_IN}/{sheet.path.name}"
    if leaves(records.folder, name):
        raise RecordError(f"{records.folder / _KEPT_IN}: leads out of the case; make it a folder of its own")
    if (records.folder / name).exists():
        name = f"{_KEPT_IN}/{digest[:12]}-{sheet.path.name}"
    return Evidence(
        id=new_id(Evidence),
        recorded=today,
        title=f"Events as imported from {sheet.path.name}"[:200],
        file=name[:300],
        sha256=digest,
        size=len(sheet.content),
        encoding_format="application/geo+json" if sheet.place == "feature" else "text/csv",
        retrieved=today,
        copy_kind="evidentiary",
    )


class _Actors:
    """Actors of a case by their names."""

    def __init__(self, records: Records, *, strict: bool) -> None:
        self._strict = strict
        self._ids: dict[str, str] = {}
        for one in records.actors.values():
            for name in (one.label, one.name, *one.alias):
                self._ids.setdefault(name.casefold(), one.id)

    def ids(self, labels: Sequence[str]) -> tuple[list[str], str]:
        """Ids of those that are known, and the first name that is not and would have to be."""
        missing = next((one for one in labels if one.casefold() not in self._ids), "")
        found = [self._ids[one.casefold()] for one in labels if one.casefold() in self._ids]
        return found, missing if self._strict else ""

    def near(self, label: str) -> str:
        """Say which name is like it, or what to do."""
        return nearest(label.casefold(), [*self._ids]) or "write it to actors.yaml first"


class _Register:
    """Sources of what comes in: those of the case, and new ones, with a citation each."""

    def __init__(self, records: Records, evidence: Evidence, today: date, tlp: Tlp, through: str) -> None:
        self.today, self.tlp = today, tlp
        self.sources: list[Source] = []
        self.citations: dict[str, Citation] = {}
        self._evidence = evidence
        self._ids = {self._key(one.public_descriptor, one.url): one.id for one in records.sources.values()}
        self._through = self._source(through, "", 1, kind="dataset")[0] if through else None

    def cite(self, name: str, url: str, line: int) -> tuple[str | None, tuple[Fault, ...]]:
        """Id of the citation of a source in this file, made where there is none."""
        source, faults = self._source(name, url, line)
        if source is None:
            return None, faults
        if source not in self.citations:
            through = self._through if self._through != source else None
            self.citations[source] = Citation(
                id=new_id(Citation), tlp=self.tlp, recorded=self.today, source=source, through=through,
                locator=Path(self._evidence.file).name[:500], evidence=self._evidence.id,
            )  # fmt: skip
        return self.citations[source].id, ()

    def _source(
        self, name: str, url: str, line: int, *, kind: str = "media"
    ) -> tuple[str | None, tuple[Fault, ...]]:
        key = self._key(name, url)
        if key not in self._ids:
            fields = {
                "id": new_id(Source), "tlp": self.tlp, "recorded": self.today, "kind": kind,
                "public_descriptor": name, "url": url,
            }  # fmt: skip
            source, faults = validated(Source, fields, line, file="")
            if source is None:
                return None, faults
            self.sources.append(source)
            self._ids[key] = source.id
        return self._ids[key], ()

    @staticmethod
    def _key(name: str, url: str) -> tuple[str, str]:
        return name.casefold(), url
