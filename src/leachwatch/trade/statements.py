"""Statements as a CSV file: read strictly, every fault with its file, line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any

from leachwatch.errors import RecordError
from leachwatch.tables import BASES
from leachwatch.trade.statement import KINDS, UNITS, Statement, faults

__all__ = ["COLUMNS", "parse_statements", "printed_half_width", "read_statements", "shipped_statements"]

COLUMNS = tuple(field.name for field in fields(Statement))
"""Columns of the file, in any order; those with a default in `Statement` and the base's may be left out."""

_SPARE = {"base_partner", "base_hs", "half_width", "url", "status", "note"}
_FILLED = ("id", "reporter", "partner", "flow", "hs", "basis", "kind", "unit", "source")
_WORDS: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "unit": UNITS,
    "flow": ("import", "export"),
    "basis": BASES,
}
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_COUNTRY = re.compile(r"[A-Z]{3}")
_CODES = re.compile(r"\d{2,10}\*?(\+\d{2,10}\*?)*")


def read_statements(path: Path) -> tuple[Statement, ...]:
    """Read statements from a CSV file in UTF-8.

    Parameters
    ----------
    path : Path
        With a header row; months as ``2024-08``; an empty ``half_width`` follows from the digits printed.

    Returns
    -------
    tuple of Statement
        In the order of the file.

    Raises
    ------
    RecordError
        If the file cannot be read or a cell is wrong: the message says where and what to mend.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); name a CSV file") from error
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}: byte {error.start} is not UTF-8; save it as CSV in UTF-8") from error
    return parse_statements(text, str(path))


def shipped_statements(name: str = "statements.csv") -> tuple[Statement, ...]:
    """Read statements that come with the package.

    Parameters
    ----------
    name : str
        ``statements.csv`` (China's imports of one code from everywhere) or ``partner_statements.csv``.
    """
    file = resources.files("leachwatch.trade") / "data" / name
    return parse_statements(file.read_text(encoding="utf-8-sig"), name)


def parse_statements(text: str, name: str) -> tuple[Statement, ...]:
    """Statements in the text of a CSV file; ``name`` stands in front of every fault.

    Raises
    ------
    RecordError
        As in `read_statements`.
    """
    rows = _rows(text, name)
    header = next(rows, None)
    if header is None:
        raise RecordError(f"{name}:1:1: the file is empty; the first row names the columns")
    columns = _columns(header[1], f"{name}:{header[0]}")
    seen: dict[str, int] = {}
    statements = []
    for line, cells in rows:
        if len(cells) != len(columns):
            raise RecordError(
                f"{name}:{line}:{min(len(cells), len(columns)) + 1}: "
                f"{len(cells)} cells under {len(columns)} columns; quote a cell that holds a comma"
            )
        statement = _Row(f"{name}:{line}", columns, dict(zip(columns, cells, strict=True))).statement()
        if statement.id in seen:
            place = columns.index("id") + 1
            raise RecordError(
                f"{name}:{line}:{place}: id: {statement.id!r} is taken by line {seen[statement.id]}"
            )
        seen[statement.id] = line
        statements.append(statement)
    return tuple(statements)


def printed_half_width(text: str, unit: str) -> float:
    """Half of the last digit printed.

    Zeros at the end of a tonnage without decimals are taken for rounding: 31000 t is 30500 to 31500 t.
    A percentage is taken to be rounded to its last digit, zero or not.

    Examples
    --------
    >>> printed_half_width("35651.5", "t"), printed_half_width("31000", "t"), printed_half_width("-20", "%")
    (0.05, 500.0, 0.5)
    """
    whole, _, decimals = text.lstrip("+-").partition(".")
    digits = whole.lstrip("0")
    if decimals:
        return float(f"5e-{len(decimals) + 1}")
    zeros = len(digits) - len(digits.rstrip("0")) if unit != "%" else 0
    return float(f"5e{zeros - 1}")


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise RecordError(f"{name}:{line}:1: not CSV ({error}); check its quotes") from error


def _columns(header: list[str], place: str) -> list[str]:
    for column, title in enumerate(header, start=1):
        if title not in COLUMNS:
            near = get_close_matches(title, COLUMNS, n=1)
            mend = f"did you mean {near[0]!r}?" if near else f"columns are {', '.join(COLUMNS)}"
            raise RecordError(f"{place}:{column}: no column is called {title!r}; {mend}")
        if title in header[: column - 1]:
            raise RecordError(f"{place}:{column}: column {title!r} stands there twice; take one out")
    missing = [title for title in COLUMNS if title not in header and title not in _SPARE]
    if missing:
        raise RecordError(f"{place}:{len(header) + 1}: column {missing[0]!r} is missing; add it")
    return header


class _Row:
    """The cells of one row, and where they stand."""

    def __init__(self, place: str, columns: list[str], cells: Mapping[str, str]) -> None:
        self._place, self._columns, self._cells = place, columns, cells

    def statement(self) -> Statement:
        for name in _FILLED:
            self._filled(name)
        for name, words in _WORDS.items():
            if self._cells[name] not in words:
                raise self._fault(name, f"{self._cells[name]!r} is not one of {', '.join(words)}")
        values: dict[str, Any] = {name: self._cells.get(name, "") for name in COLUMNS}
        for name in ("period_start", "period_end", "base_start", "base_end"):
            values[name] = self._month(name)
        for name, pattern in (
            ("reporter", _COUNTRY),
            ("partner", _COUNTRY),
            ("base_partner", _COUNTRY),
            ("hs", _CODES),
            ("base_hs", _CODES),
        ):
            values[name] = self._matching(name, pattern)
        values["value"] = self._number("value")
        values["half_width"] = self._half_width()
        for name, fault in faults(values):
            raise self._fault(name, fault)
        return Statement(**values)

    def _filled(self, name: str) -> str:
        if not self._cells[name]:
            raise self._fault(name, "empty; fill it in")
        return self._cells[name]

    def _matching(self, name: str, pattern: re.Pattern[str]) -> str | None:
        text = self._cells.get(name, "")
        if not text and name.startswith("base_"):
            return None
        if not pattern.fullmatch(text):
            wanted = (
                "codes such as 28469019 or 2846*, joined by +" if "hs" in name else "three capitals, as MMR"
            )
            raise self._fault(name, f"{text!r} is not {wanted}")
        return text

    def _month(self, name: str) -> date | None:
        text = self._cells.get(name, "")
        if not text and name.startswith("base_"):
            return None
        found = _MONTH.fullmatch(text)
        try:
            return date(int(found[1]), int(found[2]), 1) if found else self._no_month(name, text)
        except ValueError:
            return self._no_month(name, text)

    def _no_month(self, name: str, text: str) -> date:
        raise self._fault(name, f"{text!r} is not a month; write it as 2024-08")

    def _number(self, name: str) -> float:
        text = self._cells[name]
        if not _NUMBER.fullmatch(text):
            raise self._fault(name, f"{text!r} is not a number; write digits, and a point before decimals")
        return float(text)

    def _half_width(self) -> float:
        if self._cells.get("half_width"):
            return self._number("half_width")
        return printed_half_width(self._cells["value"], self._cells["unit"])

    def _fault(self, name: str, fault: str) -> RecordError:
        column = self._columns.index(name) + 1 if name in self._columns else len(self._columns) + 1
        return RecordError(f"{self._place}:{column}: {name}: {fault}")
