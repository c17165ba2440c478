"""The command line: parse, call, print. Heavy imports wait until a command runs."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leachwatch import __version__
from leachwatch.errors import LeachwatchError

if TYPE_CHECKING:
    from leachwatch.bench import Accuracy, Score
    from leachwatch.scanning import Report

__all__ = ["app", "main"]

app = typer.Typer(
    name="leachwatch",
    help="A checkable account of rare-earth leach mining in places nobody can visit.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
bench_app = typer.Typer(help="Measure leachwatch itself.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(bench_app, name="bench")

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Catalog = Annotated[
    str,
    typer.Option("--catalog", help="Static STAC catalog, or folder of STAC items, on disk.", metavar="PATH"),
]


class _Stopped(BaseException):
    """Ctrl-C; not an Exception, so that nothing on the way takes it for a fault."""


def _stop(_signal: int, _frame: object) -> None:
    raise _Stopped


def main() -> None:
    """Run the command line: exit 0 done, 1 the answer is no, 2 the input is wrong."""
    signal.signal(signal.SIGINT, _stop)
    try:
        app(prog_name="leachwatch")
    except LeachwatchError as error:
        print(f"leachwatch: {error}", file=sys.stderr)
        sys.exit(2)
    except _Stopped:
        print("leachwatch: stopped; nothing was written. Run the same command again.", file=sys.stderr)
        sys.exit(130)


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
    _tell(f"simulated district {seed} in {folder}/scenes", quiet=quiet)
    case = open_case(folder, today=_today())
    report, page = _run_case(case, quiet=quiet)
    truth = read_truth(folder / "scenes" / "truth.json")
    _print_report(report, quiet=quiet)
    _print_score(score(report.out, truth), quiet=quiet)
    print(f"page: {page}")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.", metavar="DIR")],
) -> None:
    """Make a case folder to fill in.

    Example: leachwatch new kachin
    """
    from leachwatch.case import new_case

    path = new_case(folder)
    print(f"made {path}; set its areas, dates and imagery, then: leachwatch run {folder}")


@app.command()
def run(
    folder: Annotated[Path, typer.Argument(help="The case folder.", metavar="DIR")],
    *,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compute all that a case asks for, and write its page.

    Example: leachwatch run kachin
    """
    from leachwatch.case import open_case

    report, page = _run_case(open_case(folder, today=_today()), quiet=quiet or as_json)
    if as_json:
        print(json.dumps({**report.as_dict(), "page": str(page)}))
        return
    _print_report(report, quiet=quiet)
    _tell(f"page: {page}", quiet=quiet)


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
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Find the leach mines of an area, without a case.

    Example: leachwatch scan --catalog scenes --area area.geojson --from 2022-01 --to 2024-12 --out out
    """
    from leachwatch.case import parse_period, read_areas
    from leachwatch.scanning import scan as scan_area

    period = parse_period(first, last, today=_today())
    areas = read_areas(area)
    with _progress("tiles", quiet=quiet or as_json) as progress:
        report = scan_area(catalog, areas, period, out, progress=progress)
    if as_json:
        print(json.dumps(report.as_dict()))
    else:
        _print_report(report, quiet=quiet)


@app.command()
def score(
    out: Annotated[Path, typer.Argument(help="Folder of a scan.", metavar="OUT")],
    truth: Annotated[Path, typer.Argument(help="The district's truth.json.", metavar="TRUTH")],
    *,
    as_json: AsJson = False,
) -> None:
    """Compare found sites with known ones. Sites that are only possible do not count.

    Example: leachwatch score demo/out demo/scenes/truth.json
    """
    from leachwatch.bench import read_truth
    from leachwatch.bench import score as score_tables

    result = score_tables(out, read_truth(truth))
    if as_json:
        print(json.dumps(result.as_dict()))
    else:
        _print_score(result, quiet=False)


@bench_app.command()
def accuracy(
    seeds: Annotated[int, typer.Option(help="How many districts.", min=1)] = 5,
    *,
    first_seed: Annotated[
        int | None, typer.Option(help="Seed of the first; by default one that no rule was made on.", min=0)
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Simulate districts, scan and score each.

    Example: leachwatch bench accuracy --seeds 5
    """
    from leachwatch.bench import FIRST_UNSEEN_SEED, measure_accuracy

    start = FIRST_UNSEEN_SEED if first_seed is None else first_seed
    with _progress("districts", quiet=quiet or as_json) as progress:
        result = measure_accuracy(range(start, start + seeds), progress=progress)
    if as_json:
        print(json.dumps(result.as_dict()))
    else:
        _print_accuracy(result)


@app.command()
def doctor(*, as_json: AsJson = False) -> None:
    """Say what this machine has: versions, drivers, browser.

    Example: leachwatch doctor
    """
    from leachwatch.doctor import examine

    findings = examine()
    if as_json:
        print(json.dumps([finding.__dict__ for finding in findings]))
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'LACK'}  {finding.name:<22} {finding.value}")
            if finding.mend:
                print(f"      mend: {finding.mend}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _run_case(case: Any, *, quiet: bool) -> tuple[Report, Path]:
    from leachwatch.publish import page
    from leachwatch.scanning import scan as scan_area

    with _progress("tiles", quiet=quiet) as progress:
        report = scan_area(case.catalog, case.areas, case.period, case.out, progress=progress)
    return report, page(case.out, title=case.title, simulated=report.simulated, notes=report.caveats)


def _print_report(report: Report, *, quiet: bool) -> None:
    tiers = ", ".join(f"{report.tiers.get(tier, 0)} {tier}" for tier in ("confirmed", "probable", "possible"))
    _tell(f"{_many(report.rows['sites'], 'site')}: {tiers}", quiet=quiet)
    if report.rejected:
        names = ", ".join(f"{count} {name}" for name, count in sorted(report.rejected.items()))
        _tell(f"rejected as look-alikes: {names}", quiet=quiet)
    _tell(f"{_many(report.scenes, 'scene')} on {_many(report.looks, 'day')}", quiet=quiet)
    _tell(f"seen in a month: {report.clear_share:.0%} of the ground (mean)", quiet=quiet)
    for caveat in report.caveats:
        _tell(f"note: {caveat}", quiet=quiet)
    for skipped in report.skipped:
        print(f"skipped {skipped.scene}: {skipped.reason}", file=sys.stderr)
    if report.simulated:
        _tell("SIMULATED: these scenes show no real place", quiet=quiet)
    _tell(f"tables: {report.out}", quiet=quiet)


def _print_score(result: Score, *, quiet: bool) -> None:
    found = f"{_many(result.found, 'mine')} found, {result.missed} missed, {result.false} false"
    rates = f"precision {result.precision:.2f}, recall {result.recall:.2f}, F1 {result.f1:.2f}"
    lines = [f"against the truth: {found}; {rates}"]
    if result.uncounted:
        lines.append(f"not counted: {_many(result.uncounted, 'possible site')}")
    if result.false_by_lookalike:
        names = ", ".join(f"{count} {name}" for name, count in result.false_by_lookalike.items())
        lines.append(f"false alarms: {names} ({result.false_per_100_km2:.1f} on 100 km²)")
    if result.onset_error_days is not None:
        lines.append(
            f"first pools: median error {result.onset_error_days:.0f} days; "
            f"the interval holds the true day in {result.onset_covered:.0%}"
        )
    if result.activity is not None:
        lines.append(f"active or idle: right in {result.activity:.0%} of the months seen")
    if result.area_ratio is not None:
        lines.append(
            f"pool area: {result.area_ratio:.2f} of the true (median of sites); "
            f"the interval holds the true area in {result.area_covered:.0%} of months"
        )
    for line in lines:
        _tell(line, quiet=quiet)


def _print_accuracy(result: Accuracy) -> None:
    print("simulated districts: these numbers are not to be ranked against real-world ones")
    print(" seed  precision  recall    F1  onset d  in interval  active  area  false alarms")
    for seed, one in zip(result.seeds, result.scores, strict=True):
        false = ", ".join(f"{count} {name}" for name, count in one.false_by_lookalike.items()) or "none"
        rates = f"{one.precision:9.2f}  {one.recall:6.2f}  {one.f1:4.2f}"
        onset = f"{_cell(one.onset_error_days, 7, 0)}  {_cell(one.onset_covered, 11)}"
        print(f"{seed:5d}  {rates}  {onset}  {_cell(one.activity, 6)}  {_cell(one.area_ratio, 4)}  {false}")
    print(
        f"median  {_cell(result.median('precision'), 8)}  {_cell(result.median('recall'), 6)}  "
        f"{_cell(result.median('f1'), 4)}  {_cell(result.median('onset_error_days'), 7, 0)}  "
        f"{_cell(result.median('onset_covered'), 11)}  {_cell(result.median('activity'), 6)}  "
        f"{_cell(result.median('area_ratio'), 4)}"
    )


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _cell(value: float | None, width: int, digits: int = 2) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"


def _tell(text: str, *, quiet: bool) -> None:
    if not quiet:
        print(text)


def _today() -> Any:
    return datetime.now(UTC).date()


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on the error stream where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
