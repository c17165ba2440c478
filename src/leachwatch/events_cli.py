"""The commands of ``leachwatch events``: parse, call, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from leachwatch.errors import RecordError
from leachwatch.options import AsJson, today

if TYPE_CHECKING:
    from leachwatch.case.records.record import Tlp

__all__ = ["events_app"]

events_app = typer.Typer(
    help="Events of a case: from CSV, GeoJSON and ACLED.", no_args_is_help=True, rich_markup_mode=None
)


@events_app.callback()
def _events() -> None:
    """Keep the name of the one command there is."""


@events_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, GeoJSON, or a CSV export of ACLED.", metavar="FILE")],
    *,
    case: Annotated[Path, typer.Option("--case", help="The case folder.", metavar="DIR")] = Path(),
    tlp: Annotated[
        str, typer.Option("--tlp", help="Who may see them; CLEAR alone is ever published.", metavar="LABEL")
    ] = "AMBER",
    dry: Annotated[bool, typer.Option("--dry", help="Read it and say what is in it; keep nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add events from a file to a case, each with its source; the file is kept beside them, with its hash.

    Example: leachwatch events import events.csv --case kachin
    """
    from leachwatch.case.incoming import import_events, keep_events
    from leachwatch.case.records.record import Tlp as Labels

    if tlp not in get_args(Labels):
        raise RecordError(f"--tlp: {tlp!r} is none of {', '.join(get_args(Labels))}")
    if not case.is_dir():
        raise RecordError(
            f"--case: {case}: there is no such folder; make a case with `leachwatch new {case}`"
        )
    found = import_events(file, case, today=today(), tlp=cast("Tlp", tlp))
    if not dry and found.events:
        keep_events(found, case)
    counts = {"events": len(found.events), "known": found.known, "sources": len(found.sources)}
    if as_json:
        print(json.dumps({**counts, "kept": not dry and bool(found.events)}))
        return
    there = f", {found.known} are there already" if found.known else ""
    end = "nothing was kept" if dry or not found.events else f"added to {case / 'events.yaml'}"
    print(f"{counts['events']} new events{there}; {counts['sources']} new sources; {end}")
