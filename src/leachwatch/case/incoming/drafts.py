"""An event as a row describes it, before it has an id and its source a record."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from leachwatch.case.incoming.rows import Row
from leachwatch.case.records.span import Span

__all__ = ["ACLED", "COLUMNS", "Draft", "acled_draft", "own_draft"]

COLUMNS: Mapping[str, str] = {
    "kind": "what happened, one of the kinds of an event",
    "title": "in a line",
    "first": "when it began: 2024-10-11, 2024-10 or 2024",
    "last": "when it ended; as `first` where empty",
    "lon": "degrees east (GeoJSON: from the point)",
    "lat": "degrees north (GeoJSON: from the point)",
    "place": "name of the place; needed with lon and lat",
    "precision": "1 the place itself, 2 near it, 3 somewhere in the region",
    "source": "who says so, as readers are told",
    "url": "where it is said",
    "actors": "who did it: short names of actors of the case, with semicolons",
    "against": "to whom: the same",
    "verification": "what whoever printed it said of its truth",
    "hedge": "in words, shown wherever the event is",
    "public_note": "for readers",
    "note": "for the team; never published",
}
"""Columns of a table, or properties of a feature; ``kind``, ``title``, ``first``, ``source`` are needed."""

ACLED = {"event_id_cnty", "event_date", "event_type", "sub_event_type"}
"""Columns by which an export of ACLED is known."""

_KINDS = {
    "armed clash": "clash",
    "non-state actor overtakes territory": "town_seized",
    "government regains territory": "town_seized",
    "peaceful protest": "protest",
    "protest with intervention": "protest",
    "excessive force against protesters": "protest",
    "violent demonstration": "protest",
}
"""Kinds of ours by sub-event of ACLED; every other one is ``other``, and the title says what it was."""

_WEEK = timedelta(days=3)


@dataclass
class Draft:
    """What a row says.

    Attributes
    ----------
    line : int
        Of the row.
    fields : dict
        Plain fields of an event.
    source, url : str
        Who says so, and where.
    actors, against : tuple of str
        Names of actors.
    known_as : str
        Id of it elsewhere; such a one does not come in twice.
    wrong : dict of str to str
        What is wrong already, by column.
    """

    line: int
    fields: dict[str, Any]
    source: str = ""
    url: str = ""
    actors: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    known_as: str = ""
    wrong: dict[str, str] = field(default_factory=dict)


def own_draft(row: Row) -> Draft:
    """Read a row with the columns of `COLUMNS`."""
    words = row.words
    draft = Draft(row.line, {}, words.get("source", ""), words.get("url", ""))
    if not draft.source:
        draft.wrong["source"] = "is empty; say who says so"
    for name in ("kind", "title", "verification", "hedge", "public_note", "note"):
        if words.get(name):
            draft.fields[name] = words[name]
    draft.actors, draft.against = _names(words.get("actors", "")), _names(words.get("against", ""))
    draft.fields["dated"] = _dated(draft, words.get("first", ""), words.get("last", ""))
    if any(words.get(name) for name in ("lon", "lat", "place", "precision")):
        draft.fields["place"] = _place(
            draft, words, {"name": "place", "lon": "lon", "lat": "lat", "precision": "precision"}
        )
    return draft


def acled_draft(row: Row) -> Draft:
    """Read a row of an export of ACLED; what it says in words stays with the team."""
    words = row.words
    known_as = f"ACLED {words['event_id_cnty']}"
    happened, where = words["sub_event_type"] or words["event_type"], words.get("location", "")
    draft = Draft(row.line, {}, words.get("source", "") or "ACLED", known_as=known_as)
    if not words["event_id_cnty"]:
        draft.wrong["event_id_cnty"] = "is empty; export the rows with their ids"
    draft.actors, draft.against = _names(words.get("actor1", "")), _names(words.get("actor2", ""))
    draft.fields = {
        "kind": _KINDS.get(happened.lower(), "other"),
        "title": f"{happened}: {where}"[:200] if where else happened[:200],
        "dated": _acled_dated(draft, words["event_date"], words.get("time_precision", "")),
        "note": f"{known_as}: {words.get('notes', '')}"[:5_000],
    }
    columns = {"name": "location", "lon": "longitude", "lat": "latitude", "precision": "geo_precision"}
    draft.fields["place"] = _place(draft, words, columns)
    return draft


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(";") if name.strip())


def _dated(draft: Draft, first: str, last: str) -> dict[str, Any]:
    if not first:
        draft.wrong["first"] = "is empty; write a day, a month or a year"
        return {}
    for name, text in (("first", first), ("last", last or first)):
        try:
            Span.of(text)
        except ValueError as error:
            draft.wrong[name] = str(error)
            return {}
    begins, ends = Span.of(first), Span.of(last or first)
    if ends.last < begins.first:
        draft.wrong["last"] = f"{last} is before first {first}; swap the two"
        return {}
    return _between(begins.first, ends.last, days=begins.first == begins.last and ends.first == ends.last)


def _between(first: date, last: date, *, days: bool) -> dict[str, Any]:
    """Every day from first to last, or some day between them."""
    kind = "precise" if days else "imprecise"
    return {f"first_{kind}": first, f"last_{kind}": last, "starting": True, "ending": True}


def _acled_dated(draft: Draft, text: str, precision: str) -> dict[str, Any]:
    day = None
    for form in ("%Y-%m-%d", "%d %B %Y", "%d-%b-%Y", "%d/%m/%Y"):
        with suppress(ValueError):
            day = day or datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    if day is None:
        draft.wrong["event_date"] = "is no date such as 2024-10-11; export it again"
        return {}
    if precision in ("", "1"):
        return _between(day, day, days=True)
    if precision == "2":
        return _between(day - _WEEK, day + _WEEK, days=False)
    if precision == "3":
        month = Span.of(f"{day:%Y-%m}")
        return _between(month.first, month.last, days=False)
    draft.wrong["time_precision"] = "is none of 1, 2, 3; export it again"
    return {}


def _place(draft: Draft, words: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, Any]:
    place: dict[str, Any] = {}
    for name, column in columns.items():
        text = words.get(column, "")
        if not text:
            draft.wrong[column] = "is empty; a place has its name, lon, lat and precision"
        elif name == "name":
            place[name] = text
        else:
            try:
                place[name] = int(text) if name == "precision" else float(text)
            except ValueError:
                draft.wrong[column] = "is no number; write it like 98.63, with a point"
    lon, lat = place.get("lon", 0.0), place.get("lat", 0.0)
    if abs(lat) > 90 >= abs(lon):  # noqa: PLR2004 - degrees from the equator to a pole
        draft.wrong[columns["lat"]] = f"is {lat:g}: lat and lon look swapped"
    return place
