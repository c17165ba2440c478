"""The commands that look at ground, ``demo``, ``run`` and ``scan``: parse, call, print."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leachwatch.check_console import print_flips, print_summary
from leachwatch.console import print_plan, print_report, print_score, progress_bar, tell
from leachwatch.errors import RecordError
from leachwatch.options import AsJson, Quiet, Scheduler, today
from leachwatch.territory_console import print_standing
from leachwatch.trade_console import print_trade

if TYPE_CHECKING:
    from leachwatch.case import Case
    from leachwatch.imagery import Access
    from leachwatch.running import RunReport
    from leachwatch.scanning import Plan

__all__ = ["demo", "run", "scan"]

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
    case = open_case(folder, today=today())
    ran = _run_case(case, _access(case, offline=True), quiet=quiet)
    truth = read_truth(folder / "scenes" / "truth.json")
    _print_run(ran, quiet=quiet)
    print_score(score(case.out, truth), quiet=quiet)
    print(f"page: {ran.page}")


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
    scheduler: Scheduler = "",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compute all that a case asks for, and write its page. Tiles that are done are not worked again.

    Example: leachwatch run kachin
    """
    from leachwatch.case import open_case
    from leachwatch.imagery import located
    from leachwatch.scanning import ScanSettings, plan_scan

    case = open_case(folder, today=today())
    access = _access(case, offline=offline, whole_scenes=whole_scenes, max_bytes=max_bytes)
    if plan:
        access = replace(access, cache=_kept(case.out) if offline else None)
        where = located(case.imagery.catalog, folder)
        settings = ScanSettings.of(case)
        planned = plan_scan(where, case.areas, case.period, access=access, settings=settings)
        _show_plan(planned, as_json=as_json)
        return
    ran = _run_case(case, access, scheduler=scheduler, quiet=quiet or as_json)
    if as_json:
        print(json.dumps(ran.as_dict()))
        return
    _print_run(ran, quiet=quiet)
    tell(f"page: {ran.page}", quiet=quiet)


def scan(
    catalog: Catalog,
    area: Annotated[
        Path, typer.Option(help="Polygons to watch: GeoJSON, GeoPackage, shapefile.", metavar="FILE")
    ],
    first: Annotated[str, typer.Option("--from", help="First month or day.", metavar="YYYY-MM")],
    last: Annotated[str, typer.Option("--to", help="Last month or day.", metavar="YYYY-MM")],
    out: Annotated[
        str, typer.Option(help="Folder for the tables, or a URL such as s3://bucket/kachin.", metavar="DIR")
    ],
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
        list[str] | None,
        typer.Option(help="Collection to take scenes from; may be repeated.", metavar="NAME"),
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
    scheduler: Scheduler = "",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Find the leach mines of an area, without a case. Tiles that are done are not worked again.

    Example: leachwatch scan --catalog earth-search --area area.geojson --from 2023-01 --to 2024-12 --out out
    """
    from leachwatch.case import parse_period, read_areas
    from leachwatch.imagery import Access
    from leachwatch.publish import draw_strips
    from leachwatch.scanning import ScanSettings, plan_scan
    from leachwatch.scanning import scan as scan_area
    from leachwatch.storage import is_url

    period = parse_period(first, last, today=today())
    areas = read_areas(area)
    access = Access(
        collections=tuple(collection or ()),
        hosts=tuple(host or ()),
        offline=offline,
        whole_scenes=whole_scenes,
        most_bytes=_bytes("--max-bytes", max_bytes),
        cache=cache or (_kept(Path(out)) if offline and not is_url(out) else None),
        cache_bytes=_bytes("--cache-bytes", cache_bytes),
    )
    settings = ScanSettings.told(second_mask=second_mask, model=model)
    if plan:
        _show_plan(plan_scan(catalog, areas, period, access=access, settings=settings), as_json=as_json)
        return
    with progress_bar(quiet=quiet or as_json) as progress:
        report = scan_area(
            catalog,
            areas,
            period,
            out,
            access=access,
            settings=settings,
            scheduler=scheduler,
            progress=progress,
        )
        strips = None if is_url(out) else draw_strips(Path(out), progress=progress)
    if as_json:
        print(json.dumps(report.as_dict()))
        return
    print_report(report, quiet=quiet)
    if strips:
        tell(f"looks at each site: {strips}", quiet=quiet)


def _run_case(case: Case, access: Access, *, scheduler: str = "", quiet: bool) -> RunReport:
    from leachwatch.running import run_case

    with progress_bar(quiet=quiet) as progress:
        return run_case(case, access, day=today(), scheduler=scheduler, progress=progress)


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
