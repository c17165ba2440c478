"""Events: what happened, where, when, and who says so."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from leachwatch.case.records.dated import Dated
from leachwatch.case.records.record import Id, Lat, Lon, Name, Part, Prose, Record, Several, Verification

__all__ = ["Event", "Place"]

EventKind = Literal[
    "town_seized", "offensive", "clash", "gate_closed", "gate_opened", "tax_imposed", "tax_changed",
    "ban_announced", "ban_lifted", "export_control", "licence_granted", "licence_cancelled", "mining_started",
    "mining_stopped", "mining_resumed", "protest", "crackdown", "accident", "disaster", "coup", "policy",
    "meeting", "visit", "report_published", "statement", "market", "other",
]  # fmt: skip


class Place(Part):
    """Where something happened.

    Attributes
    ----------
    name : str
        A town, a gate, a township.
    lon, lat : float
        Degrees, EPSG:4326.
    precision : int
        1 the place itself, 2 near it, 3 somewhere in the region (as ACLED's ``geo_precision``).
    sensitive : bool
        Whether it would harm somebody if it were published as it is, such as the nearest house or the place
        a picture was taken from; it is then published as coarsely as what a protected source said.
    """

    name: Name
    lon: Lon
    lat: Lat
    precision: Literal[1, 2, 3]
    sensitive: bool = False


class Event(Record):
    """Something that happened.

    Attributes
    ----------
    kind : str
        What.
    title : str
        In a line.
    actors, against : tuple of str
        Who did it, and to whom.
    place : Place or None
        Where.
    territory : str or None
        Where, if in a territory of the case.
    dated : Dated
        When it went on; a day's event has that day as both precise dates.
    catalogue : str
        Id in the catalogue of trade events, where it is there too.
    important : bool
        Whether it is named on charts.
    verification : str or None
        What whoever printed it said of its truth.
    hedge : str
        In words, shown wherever the event is.
    public_note : str
        For readers.
    citations : tuple of str
        Who says so.
    """

    kind: EventKind
    title: Name
    actors: Several[Id] = ()
    against: Several[Id] = ()
    place: Place | None = None
    territory: Id | None = None
    dated: Dated
    catalogue: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,60}$")] = ""
    important: bool = False
    verification: Verification | None = None
    hedge: Prose = ""
    public_note: Prose = ""
    citations: Several[Id] = ()
