"""Which records a record names: found in its types, so that a field added tomorrow is not overlooked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from leachwatch.case.records import Record, Records
from leachwatch.case.records.record import ID_PATTERN

__all__ = ["named_by", "references"]


def references(records: Records) -> Mapping[str, frozenset[str]]:
    """Give the ids that each record names, by its id."""
    return {record.id: named_by(record) - {record.id} for record in records}


def named_by(value: BaseModel) -> frozenset[str]:
    """Every whole string of a record that has the form of an id."""
    return frozenset(_ids(value))


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if ID_PATTERN.fullmatch(value):
            yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if not (isinstance(value, Record) and name == "note"):
                yield from _ids(getattr(value, name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _ids(one)
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from _ids(one)
