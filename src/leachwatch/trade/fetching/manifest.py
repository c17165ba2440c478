"""The manifest of a folder of answers: what was asked for, what came, and of which release.

Without it nobody could tell a month without trade from one that nobody asked about or that is not out yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leachwatch.errors import RecordError
from leachwatch.trade.fetching.query import Query

__all__ = ["MANIFEST", "Cell", "Kept", "Manifest", "Released", "State", "read_manifest"]

MANIFEST = "manifest.json"
"""Name of the file."""

TERMS = (
    "For internal use only: the terms of UN Comtrade forbid passing its data on in any form without written "
    "permission of the UN Statistics Division. Publish what you derive from it, not these files."
)

_Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*\.json$")]

State = Literal["answered", "truncated", "unreleased", "untold", "waiting"]
"""What no row means: no trade, cut off, not out yet, not known whether it is out, not asked so far."""


class _Record(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class Released(_Record):
    """A release of one period, and when UN Comtrade was asked about it.

    Attributes
    ----------
    checksum : str or None
        Of the data set; None where it was not released then.
    released : str or None
        When, as UN Comtrade says.
    seen : datetime
        When that was said.
    """

    checksum: str | None
    released: str | None
    seen: datetime


class Kept(_Record):
    """An answer that is kept.

    Attributes
    ----------
    asked : Query
        What it answers.
    sha256 : str
        Of the file.
    size : int
        Of the file, bytes.
    rows : int
        In it.
    retrieved : datetime
        When it came.
    preview : bool
        Whether it was asked for without a key.
    truncated : bool
        Whether rows may be missing that could not be asked for apart.
    releases : mapping
        By period, what was released when it came; a period is missing where that could not be told.
    """

    asked: Query
    sha256: str
    size: int
    rows: int
    retrieved: datetime
    preview: bool
    truncated: bool
    releases: dict[str, Released]

    def state(self, period: str) -> State:
        """Say what it means that the answer has no row of a period."""
        if self.truncated:
            return "truncated"
        if period not in self.releases:
            return "untold"
        return "answered" if self.releases[period].checksum is not None else "unreleased"


@dataclass(frozen=True)
class Cell:
    """One code, partner and period that was asked for.

    Attributes
    ----------
    reporter, flow, hs, partner, period : str
        As in a query.
    state : str
        What it means where no answer has a row for it; only ``answered`` means that there was no trade.
    """

    reporter: str
    flow: str
    hs: str
    partner: str
    period: str
    state: State


class Manifest(_Record):
    """What a folder of answers holds.

    Attributes
    ----------
    redistribute : bool
        Always false: see `terms`.
    asked : tuple of Query
        What people asked for.
    kept : mapping
        Answers, by name of file.
    wide : tuple of str
        Names of calls whose answer was cut off, so that their parts were asked for instead.
    releases : mapping
        What was last heard of releases, by reporter and period (``CHN 2023``).
    """

    version: Literal[1] = 1
    source: str = "UN Comtrade, comtradeapi.un.org"
    redistribute: Literal[False] = False
    terms: str = TERMS
    asked: tuple[Query, ...] = ()
    kept: dict[_Name, Kept] = {}
    wide: tuple[str, ...] = ()
    releases: dict[str, Released] = {}

    def changed(self, **changes: Any) -> Manifest:
        """Copy with some fields changed."""
        return self.model_copy(update=changes)

    def cells(self) -> Iterator[Cell]:
        """Each cell that was ever asked for, once, and what its absence means."""
        states = {
            (kept.asked.reporter, kept.asked.flow, *cell): kept.state(cell[2])
            for kept in self.kept.values()
            for cell in kept.asked.cells()
        }
        seen = dict.fromkeys((q.reporter, q.flow, *cell) for q in self.asked for cell in q.cells())
        return (Cell(*place, state=states.get(place, "waiting")) for place in seen)

    def text(self) -> str:
        """Write it as JSON, the same for the same content."""
        return self.changed(kept=dict(sorted(self.kept.items()))).model_dump_json(indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder; an empty one where there is none.

    Raises
    ------
    RecordError
        If it cannot be read.
    """
    path = folder / MANIFEST
    if not path.exists():
        return Manifest()
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise RecordError(f"{path}: no manifest of answers; delete the folder and fetch again") from error
