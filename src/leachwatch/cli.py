"""The command line: parse, call, print. Heavy imports wait until a command runs."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leachwatch import __version__
from leachwatch.bench_cli import bench_app
from leachwatch.check_cli import check
from leachwatch.check_console import print_flips, print_summary
from leachwatch.console import (
    one_line,
    print_card,
    print_plan,
    print_recall,
    print_report,
    print_reviews,
    print_score,
    progress_bar,
    tell,
)
from leachwatch.errors import LeachwatchError, RecordError
from leachwatch.events_cli import events_app
from leachwatch.evidence_cli import evidence_app
from leachwatch.options import AsJson, Quiet
from leachwatch.query_cli import query
from leachwatch.territory_cli import boundaries
from leachwatch.territory_console import print_standing
from leachwatch.trade_cli import trade_app
from leachwatch.trade_console import print_trade
from leachwatch.vault_cli import vault_app

if TYPE_CHECKING:
    from leachwatch.case import Case
    from leachwatch.imagery import Access
    from leachwatch.running import RunReport
    from leachwatch.scanning import Plan

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

Catalog = Annotated[
    str,
    typer.Option(
        "--catalog",
        help="earth-search, planetary-computer, the address of a STAC API or static catalog, or a path.",
        metavar="WHERE",
    ),
]
Offline = Annotated[bool, typer.Option("--offline", help="Ask no host; use what an earlier run kept.")]
Whole = Annotated[
    bool, typer.Option("--whole-scenes", help="Fetch whole files: hosts do not learn which parts are read.")
]
Planned = Annotated[
    bool,
    typer.Option("--plan", help="Say what would be fetched and what hosts would learn, then stop."),
]


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


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder to make.", metavar="DIR")] = Path("demo"),
    *,
    seed: Annotated[int, typer.Option(help="Which made-up district.", min=0)] = 7,
    quiet: Quiet = False,
) -> None:
    """Simulate a district, find its mines and write the page.

    Example: leachwatch demo --out demo
    """
    from leachwatch.bench import read_truth, score
    from leachwatch.case import open_case
    from leachwatch.demo import make_demo

    folder = make_demo(out, seed=seed)
    tell(f"simulated district {seed} in {folder}/scenes", quiet=quiet)
    case = open_case(folder, today=_today())
    ran = _run_case(case, _access(case, offline=True), quiet=quiet)
    truth = read_truth(folder / "scenes" / "truth.json")
    _print_run(ran, quiet=quiet)
    print_score(score(case.out, truth), quiet=quiet)
    print(f"page: {ran.page}")


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


@app.command()
def run(
    folder: Annotated[Path, typer.Argument(help="The case folder.", metavar="DIR")],
    *,
    plan: Planned = False,
    offline: Offline = False,
    whole_scenes: Whole = False,
    max_bytes: Annotated[
        str | None,
        typer.Option(help="What may be fetched in this run, if not as the case says.", metavar="SIZE"),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compute all that a case asks for, and write its page. What is done is not done again.

    Example: leachwatch run kachin
    """
    from leachwatch.case import open_case
    from leachwatch.imagery import located
    from leachwatch.running import case_settings
    from leachwatch.scanning import plan_scan

    case = open_case(folder, today=_today())
    access = _access(case, offline=offline, whole_scenes=whole_scenes, max_bytes=max_bytes)
    if plan:
        access = replace(access, cache=_kept(case.out) if offline else None)
        where = located(case.imagery.catalog, folder)
        settings = case_settings(case)
        planned = plan_scan(where, case.areas, case.period, access=access, settings=settings)
        _show_plan(planned, as_json=as_json)
        return
    ran = _run_case(case, access, quiet=quiet or as_json)
    if as_json:
        print(json.dumps(ran.as_dict()))
        return
    _print_run(ran, quiet=quiet)
    tell(f"page: {ran.page}", quiet=quiet)


app.command()(check)


@app.command()
def scan(
    catalog: Catalog,
    area: Annotated[
        Path, typer.Option(help="Polygons to watch: GeoJSON, GeoPackage, shapefile.", metavar="FILE")
    ],
    first: Annotated[str, typer.Option("--from", help="First month or day.", metavar="YYYY-MM")],
    last: Annotated[str, typer.Option("--to", help="Last month or day.", metavar="YYYY-MM")],
    out: Annotated[Path, typer.Option(help="Folder for the tables.", metavar="DIR")],
    *,
    plan: Planned = False,
    offline: Offline = False,
    whole_scenes: Whole = False,
    model: Annotated[
        Path | None,
        typer.Option(
            help="Model that leachwatch train has written, if not the one that ships.", metavar="DIR"
        ),
    ] = None,
    second_mask: Annotated[
        bool, typer.Option("--second-mask", help="Ask ukis-csmask too what clouds hide; takes long.")
    ] = False,
    max_bytes: Annotated[str, typer.Option(help="What may be fetched in one run.", metavar="SIZE")] = "20GB",
    collection: Annotated[
        list[str] | None, typer.Option(help="Collection to search; may be repeated.", metavar="NAME")
    ] = None,
    host: Annotated[
        list[str] | None,
        typer.Option(help="Host that the catalog may lead to; may be repeated.", metavar="NAME"),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(help="Where to keep what is fetched, if not OUT/work/cache.", metavar="DIR"),
    ] = None,
    cache_bytes: Annotated[str, typer.Option(help="What may be kept there.", metavar="SIZE")] = "50GB",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Find the leach mines of an area, without a case. What is done is not done again.

    Example: leachwatch scan --catalog earth-search --area area.geojson --from 2023-01 --to 2024-12 --out out
    """
    from leachwatch.case import parse_period, read_areas
    from leachwatch.imagery import Access
    from leachwatch.publish import draw_strips
    from leachwatch.running import scan_settings
    from leachwatch.scanning import plan_scan
    from leachwatch.scanning import scan as scan_area

    period = parse_period(first, last, today=_today())
    areas = read_areas(area)
    access = Access(
        collections=tuple(collection or ()),
        hosts=tuple(host or ()),
        offline=offline,
        whole_scenes=whole_scenes,
        most_bytes=_bytes("--max-bytes", max_bytes),
        cache=cache or (_kept(out) if offline else None),
        cache_bytes=_bytes("--cache-bytes", cache_bytes),
    )
    settings = scan_settings(second_mask, model)
    if plan:
        _show_plan(plan_scan(catalog, areas, period, access=access, settings=settings), as_json=as_json)
        return
    with progress_bar(quiet=quiet or as_json) as progress:
        report = scan_area(catalog, areas, period, out, access=access, settings=settings, progress=progress)
        strips = draw_strips(out, progress=progress)
    if as_json:
        print(json.dumps(report.as_dict()))
        return
    print_report(report, quiet=quiet)
    if strips:
        tell(f"looks at each site: {strips}", quiet=quiet)


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
    made = record_review(kept.record, kept.out, site, decision, reason=reason, note=note, day=_today())
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
    *,
    hosts: Annotated[
        bool, typer.Option("--hosts", help="Ask the public catalogs whether they answer.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what this machine has: versions, drivers, browser, hosts.

    Example: leachwatch doctor
    """
    from leachwatch.doctor import examine

    findings = examine(hosts=hosts)
    if as_json:
        print(json.dumps([finding.__dict__ for finding in findings]))
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'LACK'}  {finding.name:<22} {finding.value}")
            if finding.mend:
                print(f"      mend: {finding.mend}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _run_case(case: Case, access: Access, *, quiet: bool) -> RunReport:
    from leachwatch.running import run_case

    with progress_bar(quiet=quiet) as progress:
        return run_case(case, access, day=_today(), progress=progress)


def _print_run(ran: RunReport, *, quiet: bool) -> None:
    print_report(ran.scan, quiet=quiet)
    print_standing(ran.standing, quiet=quiet)
    print_trade(ran.trade, quiet=quiet)
    if ran.checked is not None:
        print_summary(ran.checked, quiet=quiet)
        print_flips(ran.checked)


def _access(case: Case, *, offline: bool, whole_scenes: bool = False, max_bytes: str | None = None) -> Access:
    """Read what a case says may be asked of whom, and what the command line says beside it."""
    from leachwatch.imagery import Access

    said = case.imagery
    return Access(
        collections=tuple(said.collections),
        hosts=tuple(said.hosts),
        offline=offline,
        whole_scenes=whole_scenes or said.whole_scenes,
        most_bytes=_bytes("--max-bytes", max_bytes) if max_bytes else said.max_bytes,
    )


def _kept(out: Path) -> Path | None:
    """Where an earlier run kept what it fetched; None where there was none."""
    cache = out / "work" / "cache"
    return cache if cache.is_dir() else None


def _show_plan(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(plan.as_dict()))
    else:
        print_plan(plan)


def _bytes(option: str, text: str) -> int:
    from leachwatch.case import parse_size

    try:
        return parse_size(text)
    except RecordError as error:
        raise RecordError(f"{option}: {error}") from error


def _today() -> Any:
    return datetime.now(UTC).date()
