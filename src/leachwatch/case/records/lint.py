"""What is wrong between records, and between them and their files."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from leachwatch.case.records.attachments import faults_of_files
from leachwatch.case.records.faults import Fault, sorted_faults
from leachwatch.case.records.holdings import faults_of_control
from leachwatch.case.records.linking import faults_of_cycles, faults_of_references
from leachwatch.case.records.mending import nearest
from leachwatch.case.records.reading import FILES, Records, look_over

__all__ = ["lint", "lint_folder"]


def lint_folder(folder: Path, *, catalogue: Collection[str] | None = None) -> tuple[Fault, ...]:
    """Find everything that is wrong with the records of a case, one by one and between them."""
    records, faults = look_over(folder)
    return sorted_faults((*faults, *lint(records, catalogue=catalogue)))


def lint(records: Records, *, catalogue: Collection[str] | None = None) -> tuple[Fault, ...]:
    """Find what is wrong between records.

    References to nothing, or to the wrong kind; records that come back to themselves; two of one name; two
    sole holders of one ground; files that are missing, changed, or outside the case folder.

    Parameters
    ----------
    records : Records
        As `look_over` reads them; what is wrong with a single one is not said again.
    catalogue : collection of str, optional
        Ids of the catalogue of trade events; not looked up where None.

    Returns
    -------
    tuple of Fault
        By file and line; some are notes.
    """
    return sorted_faults(
        (
            *faults_of_references(records),
            *faults_of_cycles(records),
            *faults_of_control(records),
            *faults_of_files(records),
            *_twins(records),
            *_faults_of_catalogue(records, catalogue),
            *_misnamed(records.folder),
        )
    )


def _twins(records: Records) -> Iterator[Fault]:
    """Actors of one label and territories of one name: tables could not tell them apart."""
    seen: dict[tuple[str, str], str] = {}
    for actor in records.actors.values():
        first = seen.setdefault(("actor", actor.label.casefold()), actor.id)
        if first != actor.id:
            place = "short" if actor.short else "name"
            what = f"{actor.label!r} is what {first} is called too; give one of them another short name"
            yield records.fault(actor, (place,), what)
    for territory in records.territories.values():
        first = seen.setdefault(("territory", territory.name.casefold()), territory.id)
        if first != territory.id:
            what = f"{territory.name!r} is what {first} is called too; give one of them another name"
            yield records.fault(territory, ("name",), what)


def _faults_of_catalogue(records: Records, catalogue: Collection[str] | None) -> Iterator[Fault]:
    for event in records.events.values():
        if catalogue is not None and event.catalogue and event.catalogue not in catalogue:
            near = nearest(event.catalogue, [*catalogue])
            what = (
                f"the catalogue of trade events has no {event.catalogue!r}; {near or 'mend it or delete it'}"
            )
            yield records.fault(event, ("catalogue",), what)


def _misnamed(folder: Path) -> Iterator[Fault]:
    """Files that are named nearly as one of records, and so are not read."""
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("*.y*ml")):
        near = get_close_matches(f"{path.stem}.yaml", [*FILES], n=1, cutoff=0.8)
        if path.name not in FILES and near and path.name != "case.yaml":
            note = Fault(path.name, 1, "", "", f"is not read; did you mean {near[0]}?")
            yield replace(note, severity="note")
