"""The commands of ``leachwatch bench``: measure, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from leachwatch.console import (
    print_ablation,
    print_accuracy,
    print_chips,
    print_fired,
    print_rates,
    progress_bar,
)
from leachwatch.errors import RecordError
from leachwatch.options import AsJson, Quiet

if TYPE_CHECKING:
    from leachwatch.bench import Rows

__all__ = ["bench_app"]

bench_app = typer.Typer(help="Measure leachwatch itself.", no_args_is_help=True, rich_markup_mode=None)


@bench_app.command()
def accuracy(
    seeds: Annotated[int, typer.Option(help="How many districts.", min=1)] = 5,
    *,
    first_seed: Annotated[
        int | None, typer.Option(help="Seed of the first; by default one that no rule was made on.", min=0)
    ] = None,
    looks: Annotated[
        int | None, typer.Option(help="Scenes of a district, over two years; 24 by default.", min=1)
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(help="Days from one scene to the next, instead of --looks.", min=1, metavar="DAYS"),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Simulate districts, scan and score each.

    Example: leachwatch bench accuracy --seeds 5 --every 5
    """
    from leachwatch.bench import FIRST_UNSEEN_SEED, measure_accuracy

    start = FIRST_UNSEEN_SEED if first_seed is None else first_seed
    with progress_bar(quiet=quiet or as_json) as progress:
        result = measure_accuracy(range(start, start + seeds), looks=looks, every=every, progress=progress)
    if as_json:
        print(json.dumps(result.as_dict()))
    else:
        print_accuracy(result)


@bench_app.command()
def ablation(
    seeds: Annotated[int, typer.Option(help="How many districts.", min=1)] = 5,
    *,
    first_seed: Annotated[
        int | None, typer.Option(help="Seed of the first; by default one that no rule was made on.", min=0)
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what each stage of detection buys, by taking it away.

    Example: leachwatch bench ablation --seeds 5
    """
    from leachwatch.bench import FIRST_UNSEEN_SEED, measure_ablation

    start = FIRST_UNSEEN_SEED if first_seed is None else first_seed
    with progress_bar(quiet=quiet or as_json) as progress:
        result = measure_ablation(range(start, start + seeds), progress=progress)
    if as_json:
        print(json.dumps(result.as_dict()))
    else:
        print_ablation(result)


@bench_app.command()
def chips(
    file: Annotated[Path, typer.Argument(help="Chips with labels, .npz; nothing of them is kept.")],
    *,
    rows: Annotated[str, typer.Option(help="odd, even or all; even ones were calibrated on.")] = "odd",
    rgb: Annotated[bool, typer.Option("--rgb", help="The bands are red, green and blue.")] = False,
    plots: Annotated[
        Path | None, typer.Option(help="Folder for a picture of even rows beside simulated chips.")
    ] = None,
    before: Annotated[
        Path | None, typer.Option(help="chips.json of an earlier simulator, for the picture.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Score small pictures in near infrared, red and green, and compare with their labels.

    With --rgb: the share of chips, by class, on which the rule without near infrared fires.

    Example: leachwatch bench chips chips.npz --json
    """
    from leachwatch.bench import draw_chips, measure_chips, measure_fired

    if rows not in ("odd", "even", "all"):
        raise RecordError(f"--rows: {rows!r} is none of odd, even, all")
    if plots is not None:
        with progress_bar(quiet=quiet or as_json) as progress:
            draw_chips(file, plots, before=before, progress=progress)
    if rgb:
        fired = measure_fired(file)
        print(json.dumps(fired.as_dict())) if as_json else print_fired(fired)
        return
    result = measure_chips(file, cast("Rows", rows))
    print(json.dumps(result.as_dict())) if as_json else print_chips(result)


@bench_app.command()
def speed(
    size: Annotated[int, typer.Option(help="Pixels along the side of the district.", min=256)] = 1024,
    *,
    looks: Annotated[int, typer.Option(help="Scenes.", min=6)] = 36,
    repeats: Annotated[int, typer.Option(help="How often each is timed.", min=1)] = 5,
    rivals: Annotated[
        bool, typer.Option("--rivals/--no-rivals", help="Measure what a user would pick instead, too.")
    ] = True,
    fit: Annotated[
        bool, typer.Option("--fit/--no-fit", help="Fit how the cost grows with area and looks.")
    ] = True,
    distant: Annotated[
        bool, typer.Option("--distant/--no-distant", help="Scan over HTTP with latency, too.")
    ] = True,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Time a scan against the bare reading of the same bytes, and against what a user would pick instead.

    Example: leachwatch bench speed --size 512
    """
    from leachwatch.bench import PARTS, measure_speed
    from leachwatch.speed_console import print_speed

    with progress_bar(quiet=quiet or as_json) as progress:
        wanted = {"rivals": rivals, "growth": fit, "distant": distant}
        parts = [part for part in PARTS if wanted[part]]
        result = measure_speed(size=size, looks=looks, repeats=repeats, parts=parts, progress=progress)
    if as_json:
        print(json.dumps(result.as_dict()))
    else:
        print_speed(result)


@bench_app.command("plan")
def planning(
    tiles: Annotated[int, typer.Option(help="About how many.", min=1, max=14_000)] = 10_000,
    *,
    looks: Annotated[int, typer.Option(help="Scenes of each granule in a year.", min=1, max=365)] = 100,
    as_json: AsJson = False,
) -> None:
    """Plan a scan of a simulated catalog without pixels, in a process of its own: seconds and memory.

    Example: leachwatch bench plan --tiles 10000
    """
    from leachwatch.bench import measure_planning

    _print(measure_planning(tiles, looks).as_dict(), as_json=as_json)


@bench_app.command("cluster")
def clustering(
    size: Annotated[int, typer.Option(help="Pixels along the side of the district.", min=96)] = 1536,
    *,
    looks: Annotated[int, typer.Option(help="Scenes.", min=6)] = 12,
    repeats: Annotated[int, typer.Option(help="How often each cluster scans.", min=1)] = 3,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Scan on one worker process and on two, with Dask's trimming of memory and without: seconds and memory.

    Example: leachwatch bench cluster --repeats 3
    """
    from leachwatch.bench import measure_cluster

    with progress_bar(quiet=quiet or as_json) as progress:
        found = measure_cluster(size=size, looks=looks, repeats=repeats, progress=progress)
    _print(found.as_dict(), as_json=as_json)


@bench_app.command("cost")
def costs(
    cpu_seconds: Annotated[
        float, typer.Option(help="Processor seconds of a million pixels and look: see bench cluster.", min=0)
    ],
    tile_bytes: Annotated[
        str, typer.Option("--bytes", help="Read for a tile and look: see bench plan.", metavar="SIZE")
    ],
    *,
    looks: Annotated[float, typer.Option(help="At each place.", min=0)] = 100,
    core_hour: Annotated[
        float, typer.Option(help="Price of a processor for an hour, dollars.", min=0)
    ] = 0.05,
    gigabit: Annotated[float, typer.Option(help="Of the line to the scenes, Gbit/s.", min=0.001)] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Reckon what it takes to watch Kachin, mainland South-East Asia and the tropics, from what a tile takes.

    Example: leachwatch bench cost --cpu-seconds 0.5 --bytes 2MB --looks 100
    """
    from dataclasses import asdict

    from leachwatch.bench import Prices, reckon
    from leachwatch.case import parse_size
    from leachwatch.speed_console import print_costs

    prices = Prices(cpu_seconds, parse_size(tile_bytes), core_hour, gigabit)
    found = reckon(looks, prices)
    if as_json:
        _print({name: asdict(cost) for name, cost in found.items()}, as_json=True)
    else:
        print_costs(found, prices)


@bench_app.command("reconcile")
def reconciling(
    seeds: Annotated[int, typer.Option(help="Presses of each size.", min=1)] = 10,
    *,
    first_seed: Annotated[int, typer.Option(help="Seed of the first.", min=0)] = 75,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Reconcile simulated printed figures with misprints: do bounds hold the truth, do misprints rank first.

    Example: leachwatch bench reconcile --seeds 10
    """
    from leachwatch.bench import measure_reconciling

    with progress_bar(quiet=quiet or as_json) as progress:
        result = measure_reconciling(range(first_seed, first_seed + seeds), progress=progress)
    _print(result.as_dict(), as_json=as_json)


@bench_app.command()
def shocks(
    seeds: Annotated[int, typer.Option(help="Series of each length and size of break.", min=1)] = 10,
    *,
    first_seed: Annotated[int, typer.Option(help="Seed of the first.", min=0)] = 200,
    as_json: AsJson = False,
) -> None:
    """Search simulated series with known breaks: false alarms, recall, lost tonnes. Nine seconds a seed.

    Example: leachwatch bench shocks --seeds 10
    """
    from leachwatch.bench import measure_shocks

    _print(measure_shocks(range(first_seed, first_seed + seeds)).as_dict(), as_json=as_json)


@bench_app.command()
def reading(
    rows: Annotated[int, typer.Option(help="Rows of the file.", min=1)] = 1_000_000,
    *,
    form: Annotated[str, typer.Option("--format", help="gacc or baci.", metavar="WORD")] = "gacc",
    as_json: AsJson = False,
) -> None:
    """Read a made-up customs export, or a year of BACI, in a process of its own: seconds and memory.

    Example: leachwatch bench reading --format baci --rows 11000000
    """
    from leachwatch.bench import FORMS, measure_reading

    if form not in FORMS:
        raise RecordError(f"--format: {form!r} is none of {', '.join(FORMS)}")
    _print(measure_reading(rows, form).as_dict(), as_json=as_json)


@bench_app.command()
def records(
    many: Annotated[int, typer.Option("--records", help="Records of the case.", min=20)] = 10_000,
    *,
    as_json: AsJson = False,
) -> None:
    """Read and lint the records of a made-up case: seconds.

    Example: leachwatch bench records --records 10000
    """
    from leachwatch.bench import measure_linting

    _print(measure_linting(many).as_dict(), as_json=as_json)


@bench_app.command()
def claims(
    count: Annotated[int, typer.Option("--claims", help="How many claims.", min=1)] = 10_000,
    *,
    site_months: Annotated[int, typer.Option(help="Months of all sites together.", min=60)] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Judge made-up claims over made-up sites in a process of its own: seconds and memory.

    Example: leachwatch bench claims
    """
    from leachwatch.bench import measure_claims

    _print(measure_claims(count, site_months).as_dict(), as_json=as_json)


@bench_app.command()
def territory(
    sites: Annotated[int, typer.Option(help="How many.", min=1)] = 10_000,
    *,
    months: Annotated[int, typer.Option(help="Of each.", min=1)] = 100,
    draws: Annotated[int, typer.Option(help="Of the counts.", min=1)] = 1_000,
    as_json: AsJson = False,
) -> None:
    """Time questions about control on a made-up country: one place, all sites and months, counts.

    Example: leachwatch bench territory --sites 10000 --months 100
    """
    from leachwatch.bench import measure_territory

    _print(measure_territory(sites, months, draws).as_dict(), as_json=as_json)


@bench_app.command("page")
def paging(
    sites: Annotated[int, typer.Option(help="How many.", min=20)] = 2_000,
    *,
    months: Annotated[int, typer.Option(help="Of each.", min=12)] = 60,
    films: Annotated[int, typer.Option(help="How many sites have a film strip, of noise.", min=0)] = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Use a page of made-up sites in Chromium: bytes by part, milliseconds to the first paint and an answer.

    Needs Chromium, chromedriver and selenium, which comes with the tests.

    Example: leachwatch bench page --sites 2000 --months 60
    """
    from leachwatch.bench import measure_page

    with progress_bar(quiet=quiet or as_json) as progress:
        result = measure_page(sites, months, films, progress=progress)
    _print(result.as_dict(), as_json=as_json)


def _print(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result))
    else:
        print_rates(result)
