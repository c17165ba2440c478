"""The command ``leachwatch query``: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from leachwatch.errors import QueryError
from leachwatch.options import AsJson

__all__ = ["query"]


def query(
    sql: Annotated[
        str | None, typer.Argument(help="One SELECT, in the SQL of DuckDB.", metavar="SQL")
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder with tables.", metavar="DIR")] = Path("out"),
    listing: Annotated[
        bool, typer.Option("--tables", help="List the tables there, their columns and what they mean.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for spreadsheets.")] = False,
    as_json: AsJson = False,
    seconds: Annotated[float, typer.Option(help="How long it may take.", min=0.1)] = 60,
) -> None:
    """Ask the tables of a folder in SQL. Nothing is changed, and nothing else can be reached.

    Example: leachwatch query "SELECT state, count(*) AS sites FROM sites GROUP BY state" --out kachin/out
    """
    from leachwatch.exchange import ask, tables_of
    from leachwatch.query_console import print_answer, print_tables

    if as_csv and as_json:
        raise QueryError("--csv and --json: say one of them")
    if listing or sql is None:
        print_tables(tables_of(out), as_json=as_json)
        return
    form: Literal["plain", "csv", "json"] = "csv" if as_csv else "json" if as_json else "plain"
    print_answer(ask(out, sql, seconds=seconds), form=form)
