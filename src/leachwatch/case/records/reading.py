"""The records of a case folder, read and checked one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from leachwatch.case.records.actors import Actor, Relation
from leachwatch.case.records.claims import Claim
from leachwatch.case.records.events import Event
from leachwatch.case.records.ground import ControlSpell, Territory
from leachwatch.case.records.record import Record
from leachwatch.case.records.sources import Citation, Evidence, Grade, Source
from leachwatch.errors import RecordError

__all__ = ["FILES", "Records", "read_records"]

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


@dataclass(frozen=True)
class Records:
    """All records of a case, each kind by id in the order of its file.

    Attributes
    ----------
    folder : Path
        The case folder.
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

    def __iter__(self) -> Iterator[Record]:
        """Every record, kind by kind."""
        for file in FILES:
            yield from getattr(self, file.removesuffix(".yaml")).values()


def read_records(folder: Path) -> Records:
    """Read the records of a case.

    Raises
    ------
    RecordError
        If a file is wrong; the message names file, line and field, and how to mend it.
    """
    kinds: dict[str, Any] = {}
    for file, kind in FILES.items():
        path = folder / file
        listed = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
        try:
            records = [kind.model_validate(one) for one in listed or []]
        except ValidationError as error:
            raise RecordError(f"{path}: {error}") from error
        kinds[file.removesuffix(".yaml")] = {one.id: one for one in records}
    return Records(folder, **kinds)
