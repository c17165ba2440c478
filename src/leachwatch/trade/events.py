"""The catalogue of events: what closed, opened or hindered the trade, and what else may look like it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from leachwatch.errors import RecordError

__all__ = ["Event", "read_events", "shipped_events"]

Kind = Literal["disruption", "recovery", "confounder"]
Shows = Literal["fall", "rise", "none", "unknown"]

_Word = Annotated[str, Field(min_length=1, max_length=500)]


class Event(BaseModel):
    """One event of the catalogue.

    Attributes
    ----------
    id : str
        Short name, unique.
    first, last : date
        First and last day; where only a part of a month is known, that part.
    kind : str
        ``disruption``, ``recovery``, or ``confounder``: what looks like a shock and is none.
    seasonal : bool
        Whether it comes with the time of year.
    partner : str
        Whose exports it touches, ISO 3166 alpha-3.
    shows : str
        What tonnes were seen to do: ``fall``, ``rise``, ``none``, or ``unknown`` where nobody printed them.
    effect : str
        What was printed of it; empty where nothing was.
    source, url : str
        Who says so, and where; the address may be empty.
    note : str
        What happened, in our words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    first: date
    last: date
    kind: Kind
    seasonal: bool
    partner: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    shows: Shows
    effect: Annotated[str, Field(max_length=500)]
    source: _Word
    url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")]
    note: Annotated[str, Field(max_length=500)]

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Event:
        if self.last < self.first:
            raise ValueError("last is before first")
        return self


def shipped_events() -> tuple[Event, ...]:
    """Events that come with the package: imports from Myanmar, 2018 to 2025.

    Examples
    --------
    >>> {event.id: str(event.first) for event in shipped_events()}["pangwa-taken-2024"]
    '2024-10-11'
    """
    data = files("leachwatch.trade") / "data" / "events.csv"
    return _parsed("events.csv", data.read_text(encoding="utf-8"))


def read_events(path: Path) -> tuple[Event, ...]:
    """Read a catalogue of events.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 with the columns of `Event`.

    Returns
    -------
    tuple of Event
        In the order of the file.

    Raises
    ------
    RecordError
        If the file cannot be read, a column is missing or unknown, a value is wrong, or an id comes twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{path}: cannot be read as UTF-8 text ({error}); save it as such") from error
    return _parsed(str(path), text)


def _parsed(name: str, text: str) -> tuple[Event, ...]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    events: dict[str, Event] = {}
    try:
        header = next(rows, [])
        _check_header(name, header)
        for row in rows:
            event = _event(f"{name}:{rows.line_num}", header, row)
            if event.id in events:
                raise RecordError(f"{name}:{rows.line_num}:id: {event.id!r} comes twice; give it another id")
            events[event.id] = event
    except csv.Error as error:
        raise RecordError(f"{name}:{rows.line_num}: is no CSV ({error}); mend the quotes") from error
    return tuple(events.values())


def _check_header(name: str, header: Sequence[str]) -> None:
    odd = sorted(set(header) ^ set(Event.model_fields))
    if odd or len(set(header)) < len(header):
        wanted = ",".join(Event.model_fields)
        raise RecordError(
            f"{name}:1: columns {odd or list(header)} are missing, unknown or double; use {wanted}"
        )


def _event(where: str, header: Sequence[str], row: Sequence[str]) -> Event:
    if len(row) != len(header):
        raise RecordError(f"{where}: has {len(row)} values, not {len(header)}; mend the commas and quotes")
    try:
        return Event.model_validate(dict(zip(header, row, strict=True)))
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        column = ".".join(str(part) for part in fault["loc"]) or "last"
        raise RecordError(f"{where}:{column}: {fault['msg']}; see the columns of Event") from error
