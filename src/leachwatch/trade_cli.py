"""The commands of ``leachwatch trade``: parse, call, print."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from leachwatch.console import progress_bar, tell
from leachwatch.errors import RecordError
from leachwatch.options import AsJson, Quiet
from leachwatch.trade_console import print_fetched, print_readout, print_reconciled

__all__ = ["trade_app"]

trade_app = typer.Typer(
    help="Published figures and customs files: what they say, bound and contradict.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_CaseFolder = Annotated[Path, typer.Option("--case", help="The case folder.", metavar="DIR")]


@trade_app.command()
def reconcile(
    file: Annotated[
        Path | None,
        typer.Argument(help="Statements, CSV; without it those that ship.", metavar="FILE.csv"),
    ] = None,
    *,
    cautious: Annotated[
        bool, typer.Option("--cautious", help="Bounds without any statement under suspicion.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make printed totals, shares and changes into bounds of every month, and find what contradicts.

    Example: leachwatch trade reconcile statements.csv
    """
    from leachwatch.trade import read_statements, shipped_statements
    from leachwatch.trade import reconcile as reconcile_statements

    statements = read_statements(file) if file else shipped_statements()
    found = reconcile_statements(statements)
    if as_json:
        print(json.dumps(found.as_dict()))
    else:
        print_reconciled(found, many=len(statements), cautious=cautious)


@trade_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="As downloaded.", metavar="FILE")],
    form: Annotated[str, typer.Option("--format", help="gacc, comtrade or baci.", metavar="WORD")],
    *,
    period: Annotated[
        str | None,
        typer.Option(help="Months of a customs export that does not name them.", metavar="YYYY-MM..YYYY-MM"),
    ] = None,
    export: Annotated[
        bool, typer.Option("--export", help="The customs query was of exports, not imports.")
    ] = False,
    asked_codes: Annotated[
        str | None,
        typer.Option(help="Codes asked for, with commas: a missing row is then a zero.", metavar="CODES"),
    ] = None,
    asked_partners: Annotated[
        str | None, typer.Option(help="Countries asked for, ISO 3166, with commas.", metavar="ISO3")
    ] = None,
    asked_months: Annotated[
        str | None, typer.Option(help="Months asked for.", metavar="YYYY-MM..YYYY-MM")
    ] = None,
    asked_reporter: Annotated[
        str, typer.Option(help="Whose statistics were asked, ISO 3166.", metavar="ISO3")
    ] = "CHN",
    source: Annotated[
        str | None,
        typer.Option(help="Id of the file on the page; its name is never shown there.", metavar="ID"),
    ] = None,
    case: _CaseFolder = Path(),
    dry: Annotated[bool, typer.Option("--dry", help="Read it and say what is in it; keep nothing.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Import a file of trade statistics into a case: China customs, UN Comtrade or BACI.

    Example: leachwatch trade import 2024.csv --format gacc --case kachin
    """
    from leachwatch.trade import FORMATS, Asked, import_file, keep_file, months_of, parse_time

    if form not in FORMATS:
        raise RecordError(f"--format: {form!r} is none of {', '.join(FORMATS)}")
    said = (asked_codes, asked_partners, asked_months)
    if any(said) and not all(said):
        raise RecordError("--asked-codes, --asked-partners and --asked-months go together; give all three")
    flow: Literal["import", "export"] = "export" if export else "import"
    asked = None
    if asked_codes and asked_partners and asked_months:
        codes, partners = (tuple(text.replace(" ", "").split(",")) for text in (asked_codes, asked_partners))
        asked = Asked(asked_reporter, flow, codes, partners, months_of(parse_time(asked_months)))
    span = parse_time(period) if period else None
    if dry:
        readout = import_file(file, form, period=span, flow=flow, asked=asked)
    elif not (case / "case.yaml").is_file():
        raise RecordError(f"{case}: is no case folder; name one with --case, or say --dry to keep nothing")
    else:
        readout = keep_file(case, file, form, period=span, flow=flow, asked=asked, source=source)
    print_readout(file, readout, quiet=quiet, as_json=as_json)
    if not dry:
        tell(f"kept in {case / 'trade'}; used by: leachwatch run {case}", quiet=quiet or as_json)
    if not readout.whole:
        raise typer.Exit(1)


@trade_app.command()
def fetch(
    reporter: Annotated[str, typer.Option(help="Who counted, ISO 3166.", metavar="ISO3")] = "CHN",
    partner: Annotated[
        list[str] | None, typer.Option(help="Where from; may be repeated.", metavar="ISO3")
    ] = None,
    hs: Annotated[
        list[str] | None, typer.Option(help="Code of 2, 4 or 6 digits; may be repeated.", metavar="CODE")
    ] = None,
    *,
    span: Annotated[str | None, typer.Option("--years", help="Such as 2017-2024.", metavar="YEARS")] = None,
    month_span: Annotated[
        str | None, typer.Option("--months", help="Such as 2024-05:2025-01.", metavar="MONTHS")
    ] = None,
    export: Annotated[bool, typer.Option("--export", help="Exports, not imports.")] = False,
    key: Annotated[
        Path | None, typer.Option(help="File with your key, if not in COMTRADE_KEY.", metavar="FILE")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Ask without a key: 500 rows, one period at a time.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again for what has been released anew.")
    ] = False,
    case: _CaseFolder = Path(),
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Fetch annual or monthly trade from UN Comtrade into a case; what is there is not asked for again.

    Example: leachwatch trade fetch --reporter CHN --partner MMR --hs 284690 --years 2017-2024
    """
    from leachwatch.trade import Comtrade, Query, find_key, months, years
    from leachwatch.trade import fetch as fetch_query

    if (span is None) == (month_span is None):
        raise RecordError("say which --years or which --months, one of them")
    periods = years(span) if span else months(month_span or "")
    query = Query.of(
        reporter, partner or ["MMR"], hs or ["284690"], periods, "export" if export else "import"
    )
    if not (case / "case.yaml").is_file():
        raise RecordError(f"{case}: is no case folder; name one with --case")
    folder = case / "trade" / "comtrade"
    with (
        Comtrade(None if preview else find_key(os.environ, key)) as comtrade,
        progress_bar(quiet=quiet or as_json) as progress,
    ):
        got = fetch_query(query, comtrade, folder, refresh=refresh, progress=progress)
    print_fetched(got, folder, quiet=quiet, as_json=as_json)
