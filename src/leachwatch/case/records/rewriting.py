"""Changing files of records in place: every sign that is not to change stays as it was written."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from leachwatch.case.records.document import read_document, value_of
from leachwatch.case.records.dumping import as_yaml
from leachwatch.case.records.faults import error_of
from leachwatch.case.records.outline import RecordPlace, places_of
from leachwatch.case.records.reading import FILES, prefix_of
from leachwatch.case.records.record import Record
from leachwatch.errors import OutputError, RecordError
from leachwatch.writing import write_together

__all__ = ["add_records", "fill_ids", "new_id", "set_fields"]

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 10


def new_id(kind: type[Record]) -> str:
    """Draw an id: it says of what kind a record is, and nothing else.

    Examples
    --------
    >>> from leachwatch.case.records import Event
    >>> new_id(Event)[:4], len(new_id(Event))
    ('evt-', 14)
    """
    return f"{prefix_of(kind)}-{''.join(secrets.choice(_SIGNS) for _ in range(_LENGTH))}"


def fill_ids(folder: Path) -> Mapping[str, int]:
    """Give an id to every record of a case that has none.

    Returns
    -------
    mapping of str to int
        How many each file got; files that needed none are not written.

    Raises
    ------
    RecordError
        If a file cannot be read as YAML; then none is written.
    OutputError
        If they cannot be written; then none is.
    """
    changed: dict[Path, str] = {}
    filled: dict[str, int] = {}
    for file, kind in FILES.items():
        path = folder / file
        if not path.is_file():
            continue
        edit = _Edit(path)
        without = [
            place for place, one in enumerate(edit.listed) if isinstance(one, dict) and not one.get("id")
        ]
        for place in without:
            edit.set(place, "id", new_id(kind), first=True)
        if without:
            changed[path] = edit.text()
            filled[file] = len(without)
    write_together(changed)
    return filled


def set_fields(path: Path, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Set fields of records, by id, and leave the rest of the file as it is.

    Parameters
    ----------
    path : Path
        A file of records.
    changes : mapping of str to mapping
        New plain values by id and field.

    Raises
    ------
    RecordError
        If the file cannot be read, or has no such record.
    OutputError
        If it cannot be written; then it is as it was.
    """
    edit = _Edit(path)
    places = {one.get("id"): place for place, one in enumerate(edit.listed) if isinstance(one, dict)}
    for own, fields in changes.items():
        if own not in places:
            raise RecordError(f"{path}: has no record {own}; look whether it was taken out meanwhile")
        for name, value in fields.items():
            edit.set(places[own], name, value)
    write_together({path: edit.text()})


def add_records(
    files: Mapping[Path, Sequence[Record]], *, beside: Mapping[Path, bytes] | None = None
) -> None:
    """Write records at the end of files, which are made where there are none; all files or none.

    Parameters
    ----------
    files : mapping of Path to sequence of Record
        What comes to the end of which.
    beside : mapping of Path to bytes, optional
        Files that are written with them, in folders that are made.

    Raises
    ------
    RecordError
        If a file is there and cannot be read.
    OutputError
        If one cannot be written.
    """
    changed: dict[Path, bytes | str] = {**(beside or {})}
    for path, records in files.items():
        if records:
            edit = _Edit(path)
            edit.add([_plain(one.model_dump(exclude_defaults=True)) for one in records])
            changed[path] = edit.text()
    for path in beside or {}:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path.parent}: cannot be made ({error.strerror}); free its name") from error
    write_together(changed)


class _Edit:
    """A file of records, and what is to be put into its text; the result is read again before it counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text, self.listed = _content(path)
        places = places_of(self._text)
        self._column = places.column if places else 0
        self._flow = places is not None and places.flow
        self._places = places.records if places else []
        self._puts: list[tuple[int, int, str]] = []
        self._wanted = [dict(one) if isinstance(one, dict) else one for one in self.listed]

    def set(self, place: int, name: str, value: Any, *, first: bool = False) -> None:
        """Set a field of a record; one that is not there comes first or last."""
        record = self._places[place]
        assert record is not None  # noqa: S101 - it is a mapping, so it has a place
        self._wanted[place][name] = value
        if name in record.fields:
            self._replace(record, name, _one_line(value))
        elif record.flow:
            self._put_in_braces(record, f"{name}: {_one_line(value)}", first=first)
        elif first:
            self._puts.append(
                (record.start, record.start, f"{name}: {_one_line(value)}\n{' ' * record.column}")
            )
        else:
            self._put_below(record, f"{' ' * record.column}{name}: {_one_line(value)}\n")

    def add(self, records: Sequence[dict[str, Any]]) -> None:
        """Put records at the end."""
        self._wanted += records
        before = self._text
        if self._flow:
            if self.listed:
                raise RecordError(
                    f"{self._path}: is written in brackets; begin each record with a dash instead"
                )
            before = before.replace("[]", "", 1)
        before += "" if not before or before.endswith("\n") else "\n"
        dumped = as_yaml([*records]).splitlines(keepends=True)
        self._text = before + "".join(
            f"{' ' * self._column}{line}" if line.strip() else line for line in dumped
        )

    def text(self) -> str:
        """Say what the file is to be.

        Raises
        ------
        RecordError
            If the text cannot be changed there without changing anything else.
        """
        pieces, done = [], 0
        for start, end, put in sorted(self._puts, key=lambda one: one[:2]):
            pieces += [self._text[done:start], put]
            done = end
        text = "".join((*pieces, self._text[done:]))
        if value_of(text) != self._wanted:
            raise RecordError(f"{self._path}: cannot be changed without touching more; change it by hand")
        return text

    def _replace(self, record: RecordPlace, name: str, value: str) -> None:
        place = record.fields[name]
        if place.block:
            value += "\n"
        if self._text[place.start - 1 : place.start] == ":":
            value = f" {value}"
        self._puts.append((place.start, place.end, value))

    def _put_in_braces(self, record: RecordPlace, written: str, *, first: bool) -> None:
        if not record.fields:
            self._puts.append((record.start + 1, record.start + 1, written))
        elif first:
            self._puts.append((record.start + 1, record.start + 1, f"{written}, "))
        else:
            self._puts.append((record.end, record.end, f", {written}"))

    def _put_below(self, record: RecordPlace, line: str) -> None:
        if record.block and self._text[record.end - 1 : record.end] == "\n":
            self._puts.append((record.end, record.end, line))
            return
        stop = self._text.find("\n", record.end)
        if stop < 0:
            self._puts.append((len(self._text), len(self._text), f"\n{line}"))
        else:
            self._puts.append((stop + 1, stop + 1, line))


def _content(path: Path) -> tuple[str, list[Any]]:
    """Text of a file of records, and its records as they stand, if it is YAML at all."""
    if not path.exists():
        return "", []
    document = read_document(path, path.name)
    if document.faults:
        raise error_of(path.parent, document.faults)
    if not isinstance(document.value, list | None):
        raise RecordError(f"{path}: is no list of records; begin each with a dash: - id: ...")
    return document.text, document.value or []


def _one_line(value: Any) -> str:
    return as_yaml(_plain(value), one_line=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inside) for name, inside in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
