"""The command line: parse, call, print. Heavy imports wait until a command runs."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from leachwatch import __version__
from leachwatch.bench_cli import bench_app
from leachwatch.check_cli import check
from leachwatch.console import (
    one_line,
    print_card,
    print_recall,
    print_reviews,
    print_score,
    progress_bar,
    tell,
)
from leachwatch.errors import LeachwatchError, RecordError
from leachwatch.events_cli import events_app
from leachwatch.evidence_cli import evidence_app
from leachwatch.options import AsJson, Quiet, today
from leachwatch.publish_cli import publish, verify
from leachwatch.query_cli import query
from leachwatch.run_cli import demo, run, scan
from leachwatch.territory_cli import boundaries
from leachwatch.trade_cli import trade_app
from leachwatch.vault_cli import vault_app

__all__ = ["app", "command_line", "main"]

app = typer.Typer(
    name="leachwatch",
    help="A checkable account of rare-earth leach mining in places nobody can visit.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(trade_app, name="trade")
app.add_typer(bench_app, name="bench")
app.add_typer(events_app, name="events")
app.command()(boundaries)
app.add_typer(evidence_app, name="evidence")
app.add_typer(vault_app, name="vault")
app.command()(query)
app.command()(publish)
app.command()(verify)


class _Stopped(BaseException):
    """Ctrl-C, or a polite kill; not an Exception, so that nothing on the way takes it for a fault."""


def _stop(_signal: int, _frame: object) -> None:
    print("leachwatch: stopping; what is being worked is finished first", file=sys.stderr)
    raise _Stopped


def main() -> None:
    """Run the command line, and leave at once.

    All is written and closed by then. Taking the interpreter down would only give threads of libraries, which
    outlive what they rest on, the time to abort the process, and with it the exit code.
    """
    code = command_line()
    with suppress(OSError):  # whoever read it is gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def command_line() -> int:
    """Run the command line: 0 done, 1 the answer is no, 2 the input is wrong, 130 stopped."""
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        app(prog_name="leachwatch")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except LeachwatchError as error:
        print(one_line(f"leachwatch: {error}"), file=sys.stderr)
        return 2
    except _Stopped:
        print(
            "leachwatch: stopped; the same command goes on from there.",
            file=sys.stderr,
        )
        return 130
    return 0


@app.callback(invoke_without_command=True)
def _root(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        print(f"leachwatch {__version__}")
        raise typer.Exit


app.command()(demo)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.", metavar="DIR")],
    *,
    template: Annotated[
        str | None,
        typer.Option("--template", help="Begin from a case that ships: kachin.", metavar="NAME"),
    ] = None,
) -> None:
    """Make a case folder to fill in.

    Example: leachwatch new kachin --template kachin
    """
    from leachwatch.case import new_case

    path = new_case(folder, template)
    print(f"made {path}; set its areas, dates and imagery, then: leachwatch run {folder}")


app.command()(run)
app.command()(check)
app.command()(scan)


@app.command()
def review(
    site: Annotated[
        str | None,
        typer.Argument(help="Its id; none lists what was decided.", metavar="SITE"),
    ] = None,
    decision: Annotated[str | None, typer.Argument(help="accept or reject.", metavar="DECISION")] = None,
    *,
    reason: Annotated[
        str | None,
        typer.Option(
            help="What a rejected site is: fishpond, landslide, cloud, quarry, village or unsure.",
            metavar="WORD",
        ),
    ] = None,
    note: Annotated[str, typer.Option(help="For people; never published. Name nobody.", metavar="TEXT")] = "",
    case: Annotated[Path, typer.Option(help="The case folder.", metavar="DIR")] = Path(),
    out: Annotated[Path | None, typer.Option(help="Folder of a scan without a case.", metavar="DIR")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List what was decided.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Accept or reject a site; later runs keep it by its place. Score and tier stay what the images say.

    Example: leachwatch review 47N-02874-28412-202203 reject --reason fishpond --case kachin
    """
    from leachwatch.case import keeping, read_reviews, record_review

    kept = keeping(case, out)
    if site is None or listing:
        print_reviews(read_reviews(kept.record), as_json=as_json)
        return
    if decision is None:
        raise RecordError(f"{site}: nothing was decided; say accept or reject after it")
    made = record_review(kept.record, kept.out, site, decision, reason=reason, note=note, day=today())
    if as_json:
        print_reviews([made], as_json=True)
        return
    tell(f"{made.site_id}: {made.decision}; kept in {kept.record}", quiet=quiet)
    tell(f"tables and page follow with the next run, which is quick: {kept.rerun}", quiet=quiet)


@app.command()
def score(
    out: Annotated[Path, typer.Argument(help="Folder of a scan.", metavar="OUT")],
    truth: Annotated[
        Path,
        typer.Argument(
            help="A district's truth.json, or a list of known points: CSV, KML, KMZ, GeoJSON, GeoPackage, "
            "shapefile.",
            metavar="TRUTH",
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Compare found sites with known ones. Sites that are only possible do not count.

    Example: leachwatch score demo/out demo/scenes/truth.json
    """
    from leachwatch.bench import is_point_list, read_points, read_truth, recall
    from leachwatch.bench import score as score_tables

    if is_point_list(truth):
        found = recall(out, read_points(truth))
        if as_json:
            print(json.dumps(found.as_dict()))
        else:
            print_recall(found)
        return
    result = score_tables(out, read_truth(truth))
    if as_json:
        print(json.dumps(result.as_dict()))
    else:
        print_score(result, quiet=False)


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="Folder for the model.", metavar="DIR")],
    *,
    labels: Annotated[
        Path | None,
        typer.Option(help="CSV of known places: lon, lat, label (mine, or what else), date.", metavar="FILE"),
    ] = None,
    scan_folder: Annotated[
        list[Path] | None,
        typer.Option(
            "--scan",
            help="Folder of a scan of those places, with what was reviewed there; may be repeated.",
            metavar="OUT",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.", min=0)] = 0,
    places: Annotated[int, typer.Option(help="Simulated districts to learn from.", min=10)] = 120,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Train the model that tells mines from the rest, and say how good it is and where it fails.

    Example: leachwatch train --out model --labels points.csv --scan kachin/out
    """
    from leachwatch.train import TrainSettings, labelled_groups, read_labels
    from leachwatch.train import train as train_model

    if labels and not scan_folder:
        raise RecordError("--labels: says what is known; give --scan too, a scan of those places")
    known = labelled_groups(scan_folder or [], read_labels(labels) if labels else [])
    tell(f"{len(known)} groups of the scans have a label", quiet=quiet or as_json or not scan_folder)
    settings = TrainSettings(seed=seed, pixel_places=places // 4, site_places=places - places // 4)
    with progress_bar(quiet=quiet or as_json) as progress:
        model = train_model(out, settings, known, progress)
    if as_json:
        print(json.dumps({"pixel": model.grey.card, "site": model.site.card}))
    else:
        print_card(model, quiet=quiet)
        tell(f"model: {out}; use it with: leachwatch scan --model {out} ...", quiet=quiet)


@app.command()
def doctor(
    out: Annotated[
        str | None,
        typer.Argument(help="Folder or URL of a scan; none looks at this machine.", metavar="OUT"),
    ] = None,
    *,
    hosts: Annotated[
        bool, typer.Option("--hosts", help="Ask the public catalogs whether they answer.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what this machine has: versions, drivers, browser, hosts; or how the scan into OUT stands, and why.

    Example: leachwatch doctor kachin/out
    """
    from leachwatch.doctor_console import print_checkup, print_findings

    if out is not None:
        from leachwatch.scanning import check_up

        found = check_up(out)
        print(json.dumps(found.as_dict())) if as_json else print_checkup(found)
        raise typer.Exit(not found.well)
    from leachwatch.doctor import examine

    findings = examine(hosts=hosts)
    if as_json:
        print(json.dumps([finding.__dict__ for finding in findings]))
    else:
        print_findings(findings)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
