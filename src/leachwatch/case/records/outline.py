"""Where the records of a file and their fields begin and end in its text, so that it can be changed there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

__all__ = ["FieldPlace", "ListPlace", "RecordPlace", "places_of"]


@dataclass
class FieldPlace:
    """A field of a record, in signs from the beginning of the text.

    Attributes
    ----------
    start, end : int
        Of its value, comments behind it left out.
    block : bool
        Whether its value is text over several lines after ``|`` or ``>``.
    """

    start: int
    end: int
    block: bool = False


@dataclass
class RecordPlace:
    """A record.

    Attributes
    ----------
    start : int
        Its first field, or its opening brace.
    column : int
        Signs before its fields on their lines.
    flow : bool
        Whether it is written in braces.
    fields : dict of str to FieldPlace
        By name; the first where one stands twice.
    end : int
        Where the last value of it ends.
    block : bool
        Whether that one is text over several lines.
    """

    start: int
    column: int
    flow: bool
    fields: dict[str, FieldPlace] = field(default_factory=dict)
    end: int = 0
    block: bool = False


@dataclass
class ListPlace:
    """The list of a file.

    Attributes
    ----------
    column : int
        Signs before its dashes.
    flow : bool
        Whether it is written in brackets.
    records : list of RecordPlace or None
        In their order; None for what is no record.
    """

    column: int
    flow: bool
    records: list[RecordPlace | None] = field(default_factory=list)


def places_of(text: str) -> ListPlace | None:
    """Find the records of a text that has been read as YAML already.

    Returns
    -------
    ListPlace or None
        None where it is no list.
    """
    events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    for event in events:
        if isinstance(event, yaml.SequenceStartEvent):
            return _list(event, events)
        if isinstance(event, yaml.NodeEvent):
            return None
    return None


def _list(start: Any, events: Iterator[Any]) -> ListPlace:
    found = ListPlace(start.start_mark.column, bool(start.flow_style))
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        if isinstance(event, yaml.MappingStartEvent):
            found.records.append(_record(event, events))
        else:
            _extent(event, events)
            found.records.append(None)
    return found


def _record(start: Any, events: Iterator[Any]) -> RecordPlace:
    mark = start.start_mark
    record = RecordPlace(mark.index, mark.column, bool(start.flow_style), end=start.end_mark.index)
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        event = next(events)
        end, block = _extent(event, events)
        first = _first(event)
        record.fields.setdefault(str(getattr(key, "value", "")), FieldPlace(first, end, block))
        record.end, record.block = end, block
    return record


def _first(event: Any) -> int:
    return int(event.start_mark.index)


def _extent(event: Any, events: Iterator[Any]) -> tuple[int, bool]:
    """Where a value ends, and whether in a text over several lines; its events are used up."""
    end, block, depth, flow = int(event.end_mark.index), False, 0, list[bool]()
    while True:
        stop = int(event.end_mark.index)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            flow.append(bool(event.flow_style))
            end, block = stop if flow[-1] else end, False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if flow.pop():  # a block ends where the next token begins, behind comments
                end, block = stop, False
        else:
            end, block = stop, getattr(event, "style", None) in ("|", ">")
        if depth == 0:
            return end, block
        event = next(events)
