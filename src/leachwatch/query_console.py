"""What ``leachwatch query`` prints."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from leachwatch.cells import guarded, written
from leachwatch.console import one_line

if TYPE_CHECKING:
    from leachwatch.exchange import Answer
    from leachwatch.tables import Table

__all__ = ["print_answer", "print_tables"]

_MOST_ROWS = 100
_WIDEST = 48


def print_answer(answer: Answer, *, form: Literal["plain", "csv", "json"]) -> None:
    """Print rows for people, for a spreadsheet or for a program."""
    if form == "json":
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        print(json.dumps(rows, ensure_ascii=False, default=str))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([guarded(name) for name in answer.columns])
        writer.writerows([written(_tuple(value)) for value in row] for row in answer.rows)
    else:
        _print_plain(answer)


def print_tables(there: Sequence[Table], *, as_json: bool) -> None:
    """Print the tables of a folder, their columns and what they mean."""
    if as_json:
        said = {
            table.name: {column.name: [column.kind, column.meaning] for column in table.columns}
            for table in there
        }
        print(json.dumps(said, ensure_ascii=False))
        return
    for table in there:
        print(table.name)
        for column in table.columns:
            words = f" ({', '.join(column.words)})" if column.words else ""
            print(f"  {column.name:<24} {column.kind:<8} {column.meaning}{words}")
        if table.geometric:
            print(f"  {'longitude, latitude':<24} {'number':<8} of a point inside; geometry itself is WKT")


def _print_plain(answer: Answer) -> None:
    shown = [[_cell(value) for value in row] for row in answer.rows[:_MOST_ROWS]]
    names = [_cell(name) for name in answer.columns]
    widths = [max(map(len, column)) for column in zip(names, *shown, strict=True)]
    right = [
        all(isinstance(row[at], (int, float, type(None))) for row in answer.rows[:_MOST_ROWS])
        for at in range(len(names))
    ]
    for row in [names, ["-" * width for width in widths], *shown]:
        cells = zip(row, widths, right, strict=True)
        print(
            "  ".join(f"{cell:>{wide}}" if end else f"{cell:<{wide}}" for cell, wide, end in cells).rstrip()
        )
    left = len(answer.rows) - len(shown)
    more = f"; {left:,} more with --csv or --json" if left else ""
    if answer.simulated:
        print("SIMULATED: the sites in these tables are no real places")
    print(f"{len(answer.rows):,} row{'' if len(answer.rows) == 1 else 's'}{more}")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        text = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"  # noqa: PLR2004 - a million
    else:
        text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = one_line(text)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
