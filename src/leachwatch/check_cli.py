"""The command ``leachwatch check``: parse, call, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leachwatch.check_console import print_checked, print_claim, print_flips
from leachwatch.console import one_line, progress_bar, tell
from leachwatch.errors import RecordError
from leachwatch.options import AsJson, Quiet, today

if TYPE_CHECKING:
    from leachwatch.case import Case
    from leachwatch.claims import Checked

__all__ = ["check"]


def check(
    folder: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE")],
    *,
    claim: Annotated[str | None, typer.Option(help="Show this claim in full.", metavar="ID")] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Write the verdicts into claims.yaml as published.")
    ] = False,
    lint: Annotated[
        bool, typer.Option("--lint", help="Say what is wrong with the records, and judge no claim.")
    ] = False,
    fill: Annotated[bool, typer.Option("--fill", help="Give an id to every record without one.")] = False,
    schemas: Annotated[
        Path | None,
        typer.Option(help="Write JSON Schemas of the records for editors, and stop.", metavar="DIR"),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Hold every claim of a case against its data; exit 1 when a published verdict no longer comes out.

    Example: leachwatch check kachin
    """
    from leachwatch.case import open_case

    if accept and (claim is not None or lint):
        raise RecordError("--accept: writes the verdicts of all claims; leave --claim and --lint out")
    case = open_case(folder, today=today())
    if fill:
        _fill(folder, quiet=quiet or as_json)
    if schemas is not None:
        _write_schemas(schemas, quiet=quiet)
        return
    if lint:
        _lint(folder, as_json=as_json, quiet=quiet)
        return
    checked = _checked(case, quiet=quiet or as_json)
    if claim is not None:
        _show(checked, claim, as_json=as_json)
        if claim in {one.claim.id for one in checked.flipped}:
            raise typer.Exit(1)
        return
    if as_json:
        print(json.dumps(checked.as_dict()))
        print_flips(checked)
    else:
        print_checked(checked, quiet=quiet)
    if accept:
        _accept(checked, quiet=quiet or as_json)
    elif checked.flipped:
        raise typer.Exit(1)


def _fill(folder: Path, *, quiet: bool) -> None:
    from leachwatch.case.records.rewriting import fill_ids

    for file, count in fill_ids(folder).items():
        tell(f"{file}: {count} {'id' if count == 1 else 'ids'} given", quiet=quiet)


def _write_schemas(folder: Path, *, quiet: bool) -> None:
    from leachwatch.case.records.schemas import write_schemas

    for path in write_schemas(folder):
        tell(str(path), quiet=quiet)


def _lint(folder: Path, *, as_json: bool, quiet: bool) -> None:
    """Print every fault of the records, a line each; exit 1 where there is one to mend."""
    from dataclasses import asdict

    from leachwatch.case.records import lint_folder

    faults = lint_folder(folder)
    if as_json:
        print(json.dumps([asdict(one) for one in faults]))
    else:
        for one in faults:
            print(one_line(f"{'note: ' if one.severity == 'note' else ''}{one}"))
    wrong = sum(one.severity == "fault" for one in faults)
    tell(f"{wrong} to mend, {len(faults) - wrong} to look at", quiet=quiet or as_json)
    if wrong:
        raise typer.Exit(1)


def _accept(checked: Checked, *, quiet: bool) -> None:
    """Write verdicts as the team's own, where they differ."""
    from leachwatch.case.records.rewriting import set_fields

    changes = {
        one.claim.id: {"verdict": one.verdict} for one in checked.outcomes if one.verdict != one.claim.verdict
    }
    path = checked.records.folder / "claims.yaml"
    if changes:
        set_fields(path, changes)
    tell(f"{path}: {len(changes)} {'verdict' if len(changes) == 1 else 'verdicts'} written", quiet=quiet)


def _checked(case: Case, *, quiet: bool) -> Checked:
    """Judge the claims; trade that came in since it was last accounted for is accounted for first."""
    from leachwatch import tables
    from leachwatch.case.records import read_records
    from leachwatch.claims import Reader, check_claims, is_simulated
    from leachwatch.estimate import keep_account

    with progress_bar(quiet=quiet) as progress:
        if _is_behind(case.out / tables.SERIES.file_name, case.folder):
            case.out.mkdir(parents=True, exist_ok=True)
            keep_account(case.out, case.folder, real=not is_simulated(Reader(case.out)), progress=progress)
            tell(f"trade accounted for first, in {case.out}", quiet=quiet)
        return check_claims(case, read_records(case.folder), day=today(), progress=progress)


def _is_behind(series: Path, folder: Path) -> bool:
    """Whether trade was never accounted for, or a file of it is younger than the account."""
    if not series.is_file():
        return True
    made = series.stat().st_mtime_ns
    files = [folder / "priors.yaml", *(folder / "trade").rglob("*")]
    return any(one.is_file() and one.stat().st_mtime_ns > made for one in files)


def _show(checked: Checked, claim: str, *, as_json: bool) -> None:
    from leachwatch.case.records import nearest

    found = {one.claim.id: one for one in checked.outcomes}
    if claim not in found:
        own = checked.records.claims.get(claim)
        if own is not None:
            raise RecordError(f"{claim}: has no test, and so no verdict: {own.untested}")
        mend = nearest(claim, list(checked.records.claims)) or "see claims.yaml for its claims"
        raise RecordError(f"claims.yaml: there is no claim {claim!r}; {mend}")
    if as_json:
        print(json.dumps(next(one for one in checked.as_dict()["claims"] if one["claim_id"] == claim)))
    else:
        print_claim(checked, found[claim])
