"""One workbook for Excel: a sheet of definitions, then one sheet a table."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from typing import Any

import xlsxwriter

from leachwatch.cells import guarded, listed
from leachwatch.exchange.public import SIMULATED, Account, Shown
from leachwatch.exchange.shapes import POINT, point_in
from leachwatch.tables import Column

__all__ = ["workbook_files"]

_LONGEST = 32_767  # signs in a cell
_MOST_ROWS = 1_048_575  # below the header
_KINDS = {
    "text": "text", "texts": "list, parted by ;",
    "numbers": "list, parted by ;", "date": "day", "number": "number", "count": "whole number",
    "flag": "TRUE or FALSE",
}  # fmt: skip
_WIDTH, _WIDEST = 9, 42


def workbook_files(account: Account) -> dict[str, bytes]:
    """Write the workbook, by file name."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held,
        {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd",
        },
    )  # fmt: skip
    book.set_properties(
        {
            "title": account.named, "comments": account.told, "author": "leachwatch",
            "created": datetime.combine(account.made, time(), UTC).replace(tzinfo=None),
        }
    )  # fmt: skip
    bold, red = book.add_format({"bold": True}), book.add_format({"bold": True, "font_color": "#b23a12"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    _definitions(book.add_worksheet("definitions"), account, bold, red, wrapped)
    for shown in account.shown:
        _sheet(book.add_worksheet(shown.name), account, shown, bold)
    book.close()
    return {"tables.xlsx": held.getvalue()}


def _definitions(sheet: Any, account: Account, bold: Any, red: Any, wrapped: Any) -> None:
    lines = [*([(SIMULATED, red)] if account.simulated else []), (guarded(account.title), bold)]
    lines += [(guarded(note), None) for note in account.notes]
    lines += [
        (f"{shown.name}: the first {_MOST_ROWS:,} of {len(shown.frame):,} rows; the CSV file has all", red)
        for shown in account.shown
        if len(shown.frame) > _MOST_ROWS
    ]
    for row, (line, look) in enumerate(lines):
        sheet.write_string(row, 0, line[:_LONGEST], look)
    start = len(lines) + 1
    for at, name in enumerate(("table", "column", "type", "may be empty", "words", "meaning")):
        sheet.write_string(start, at, name, bold)
    row = start
    for shown in account.shown:
        for column in _columns(shown):
            row += 1
            empty = "yes" if column.optional else "no"
            said = (shown.name, column.name, _KINDS[column.kind], empty, ", ".join(column.words))
            for at, value in enumerate(said):
                sheet.write_string(row, at, value)
            sheet.write_string(row, len(said), guarded(column.meaning), wrapped)
    sheet.freeze_panes(start + 1, 0)
    sheet.set_column(0, 3, 18)
    sheet.set_column(4, 4, 40)
    sheet.set_column(5, 5, 90)


def _columns(shown: Shown) -> tuple[Column, ...]:
    return (*shown.plain, *(POINT if shown.table.geometric else ()))


def _sheet(sheet: Any, account: Account, shown: Shown, bold: Any) -> None:
    if shown.simulated:
        sheet.set_tab_color("#b23a12")
        sheet.set_header(f"&C{SIMULATED}")
    else:
        sheet.set_header(f"&C{account.title.replace('&', '&&')}"[:200])
    columns = _columns(shown)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.name, bold)
        wide = max(_WIDTH, min(_WIDEST, len(column.name) + 3))
        sheet.set_column(at, at, wide)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(shown.rows(), start=1):
        if number > _MOST_ROWS:
            break
        for at, column in enumerate(columns):
            _cell(sheet, number, at, _value(row, column))
    sheet.autofilter(0, 0, max(min(len(shown.frame), _MOST_ROWS), 1), len(columns) - 1)


def _value(row: dict[str, Any], column: Column) -> Any:
    if column in POINT:
        return point_in(row["geometry"])[POINT.index(column)]
    value = row[column.name]
    return listed(value) if isinstance(value, tuple) else value


def _cell(sheet: Any, row: int, at: int, value: Any) -> None:
    """Write a value as what it is: no text becomes a formula, an address or a number."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, datetime.combine(value, time()))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, at, value)
    else:
        sheet.write_string(row, at, guarded(value)[:_LONGEST])
