"""Published figures as a CSV file: the ones that ship, or others in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from leachwatch.case import Period
from leachwatch.errors import LeachwatchError, RecordError
from leachwatch.tables import OBSERVATIONS
from leachwatch.trade.codes import parse_scope
from leachwatch.trade.readout import Fault, Readout
from leachwatch.trade.sheet import Sheet, read_sheet
from leachwatch.trade.statements import printed_half_width
from leachwatch.trade.times import parse_time
from leachwatch.trade.units import measure

__all__ = ["COLUMNS", "SHIPPED", "read_figures", "shipped_figures"]

SHIPPED = "figures.csv"
"""Name of the file that ships, and of the source of its rows in faults."""

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "id": "its own name, unique in the file",
        "metric": "what the value is",
        "value": "as printed: 41700, ~12000 (about), 1550-1570 (a range), 84/71/14 (several, see parts)",
        "lo": "least that it may be, where it is not told by the digits of the value",
        "hi": "most that it may be",
        "unit": "of weight, money, price or share; behind a weight its basis: t gross, t REO, t Dy2O3",
        "parts": "what each of several values is of: years, or names; without it, one for each year",
        "period_start": "a year, month or day",
        "period_end": "the same; empty where it is the same as the start",
        "commodity": "what the source calls the goods",
        "hs": "codes as printed; with a question mark where they are guessed",
        "hs_scope": "codes that were counted, where they are others than those printed, or unstated",
        "reporter": "who counted: ISO 3166 alpha-3",
        "partner": "where from or to; WLD for all, empty where none is meant",
        "flow": "import, export, production or none",
        "source": "who published it",
        "url": "where it can be read",
        "status": "reported, derived, bounds or disputed",
        "certainty": "A to D, or X where it was shown to be wrong",
        "published": "day on which it was published, where it is known",
        "vintage": "edition of the source",
        "note": "what to know before using it",
    }
)
"""Columns of the file."""

_SPARE = {"parts", "hs_scope", "flow", "status", "published", "vintage"}
_BASES: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "t gross": ("t", "gross"),
        "t REO": ("t", "REO"),
        "t Dy2O3": ("t", "oxide"),
        "t Tb4O7": ("t", "oxide"),
        "t (Dy or oxide not stated)": ("t", None),
        "% REO": ("%", None),
        "% of REO": ("%", None),
    }
)
_NUMBER = r"-?\d+(?:\.\d+)?"
_VALUE = re.compile(rf"(?P<about>~?)(?P<number>{_NUMBER})|(?P<low>\d+(?:\.\d+)?)-(?P<high>\d+(?:\.\d+)?)")
_COUNTRY = re.compile(r"[A-Z]{3}")


def shipped_figures() -> Readout:
    """Read the published figures that come with the package.

    Returns
    -------
    Readout
        Nothing is refused.
    """
    with resources.as_file(resources.files("leachwatch.trade") / "data" / SHIPPED) as path:
        return read_figures(path).strictly()


def read_figures(path: Path) -> Readout:
    """Read published figures from a CSV file in UTF-8.

    Parameters
    ----------
    path : Path
        With the columns of `COLUMNS`; flow, status, scope and parts may be left out.

    Returns
    -------
    Readout
        One observation for each value: its id is the ``source_id``, a cell with several values gives as many
        rows. Of bounds that were reckoned there is no value, since nobody printed the middle.

    Raises
    ------
    RecordError
        If the file cannot be read as a whole.
    """
    sheet = read_sheet(path, ("utf-8",), frozenset(name.replace("_", "") for name in COLUMNS))
    missing = [name for name in COLUMNS if name not in sheet.columns and name not in _SPARE]
    if missing:
        raise RecordError(f"{path.name}: column {missing[0]!r} is missing; add it")
    rows, faults, seen = [], list(sheet.faults), dict[str, int]()
    for line, cells in _records(sheet):
        try:
            observed = list(_observed(cells, seen))
        except _Wrong as wrong:
            faults.append(Fault(path.name, line, wrong.column, wrong.why))
            continue
        seen[cells["id"]] = line
        rows += observed
    unread = [name for name in sheet.columns if name not in COLUMNS]
    return Readout(
        frame=OBSERVATIONS.frame(rows),
        rows=sheet.rows,
        kept=len(seen),
        refused=tuple(sorted(faults, key=lambda fault: fault.line)),
        warnings=(f"{path.name}: columns not known and not read: {', '.join(unread)}",) if unread else (),
    )


class _Wrong(Exception):  # noqa: N818 - it says what is so
    """A cell that cannot be read."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


def _records(sheet: Sheet) -> Iterator[tuple[int, Mapping[str, str]]]:
    for row, line in enumerate(sheet.lines.tolist()):
        yield line, {name: cells.text(row) for name, cells in sheet.columns.items()}


def _observed(cells: Mapping[str, str], seen: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Observations of one row of the file; ids of the rows before it are taken."""
    if cells["id"] in seen:
        raise _Wrong("id", f"{cells['id']!r} is taken by line {seen[cells['id']]}; give another")
    common = _common(cells)
    unit, basis = _BASES.get(cells["unit"], (cells["unit"], None))
    kept = _tried("unit", measure, unit)
    if kept.unit in {"USD", "CNY"} and common["flow"] in {"import", "export"}:
        basis = f"{kept.unit}_{'cif' if common['flow'] == 'import' else 'fob'}"
    for number, (value, period, of) in enumerate(_values(cells), start=1):
        bounds = _bounds(cells, value, unit)
        printed = bounds.pop("value") if common["status"] != "bounds" else bounds.pop("value") and None
        if printed is None and bounds == {"low": None, "high": None}:
            raise _Wrong("value", "is empty, and so are lo and hi; give one of them")
        scaled = {name: None if one is None else one * kept.factor for name, one in bounds.items()}
        yield (
            common
            | scaled
            | {
                "row": number,
                "value": None if printed is None else printed * kept.factor,
                "unit": kept.unit,
                "basis": basis,
                "period_start": period and period.first,
                "period_end": period and period.last,
                "metric": f"{common['metric']}: {of}" if of else common["metric"],
            }
        )


def _common(cells: Mapping[str, str]) -> dict[str, Any]:
    """Columns of the table that are the same for all values of a row."""
    for column in ("id", "metric", "source"):
        if not cells[column]:
            raise _Wrong(column, "is empty; fill it in")
    for column in ("reporter", "partner"):
        if cells[column] and not _COUNTRY.fullmatch(cells[column]):
            raise _Wrong(column, f"{cells[column]!r} is not three capitals, as MMR")
    scope = _tried("hs_scope", parse_scope, cells.get("hs_scope") or cells["hs"])
    flow = cells.get("flow") or ("import" if "import" in cells["metric"] else "none")
    words = {
        "flow": flow,
        "status": cells.get("status") or "reported",
        "certainty": cells["certainty"] or None,
    }
    allowed = {one.name: one.words for one in OBSERVATIONS.columns}
    for name, word in words.items():
        if word is not None and word not in allowed[name]:
            raise _Wrong(name, f"{word!r} is not one of {', '.join(allowed[name])}")
    by_codes = scope.stated and flow in {"import", "export"}
    notes = (cells["commodity"] if by_codes else "", cells["note"])
    of = "" if by_codes else cells["commodity"]
    return words | {
        "source_id": cells["id"],
        "reporter": cells["reporter"],
        "partner": cells["partner"],
        "hs": cells["hs"],
        "hs_scope": str(scope),
        "published": _day(cells.get("published", "")),
        "vintage": cells.get("vintage") or None,
        "metric": f"{cells['metric']}: {of}" if of else cells["metric"],
        "source": cells["source"],
        "url": cells["url"] or None,
        "note": "; ".join(filter(None, notes)) or None,
    }


def _values(cells: Mapping[str, str]) -> Iterator[tuple[str, Period | None, str]]:
    """Text of each value, its period, and what it is of where that is no time."""
    period = _period(cells)
    texts = [text.strip() for text in cells["value"].split("/")]
    if len(texts) == 1:
        yield texts[0], period, ""
        return
    parts = (
        [part.strip() for part in cells.get("parts", "").split("/")] if cells.get("parts") else _years(period)
    )
    if len(parts) != len(texts):
        raise _Wrong("value", f"has {len(texts)} values; say in `parts` what each of them is of")
    for text, part in zip(texts, parts, strict=True):
        if part[:1].isdigit():
            yield text, _tried("parts", parse_time, part), ""
        else:
            yield text, period, part


def _period(cells: Mapping[str, str]) -> Period | None:
    start, end = cells["period_start"], cells["period_end"] or cells["period_start"]
    if not end:
        return None
    first = _tried("period_start", parse_time, start)
    last = _tried("period_end", parse_time, end)
    if last.last < first.first:
        raise _Wrong("period_end", f"{end!r} is before the start; swap the two")
    return Period(first.first, last.last)


def _years(period: Period | None) -> Sequence[str]:
    return [] if period is None else [str(year) for year in range(period.first.year, period.last.year + 1)]


def _bounds(cells: Mapping[str, str], text: str, unit: str) -> dict[str, float | None]:
    """Value, and the least and most that it may be: as given, else by the digits printed."""
    given = {"low": _number("lo", cells["lo"]), "high": _number("hi", cells["hi"])}
    found = _VALUE.fullmatch(text)
    if text and found is None:
        raise _Wrong("value", f"{text!r} is no number, range or list; write 41700, 1550-1570 or 84/71/14")
    if found is None or found["number"] is None:
        printed = {"low": float(found["low"]), "high": float(found["high"])} if found else {}
        return given | {name: one for name, one in printed.items() if given[name] is None} | {"value": None}
    value = float(found["number"])
    if given == {"low": None, "high": None} and not found["about"]:
        half = printed_half_width(found["number"], unit if unit in {"t", "USD", "CNY"} else "%")
        given = {"low": value - half if value < 0 else max(value - half, 0), "high": value + half}
    return given | {"value": value}


def _number(column: str, text: str) -> float | None:
    if text and not re.fullmatch(_NUMBER, text):
        raise _Wrong(column, f"{text!r} is no number; write digits, and a point before decimals")
    return float(text) if text else None


def _day(text: str) -> date | None:
    if not text:
        return None
    period: Period = _tried("published", parse_time, text)
    if period.first != period.last:
        raise _Wrong("published", f"{text!r} is no day; write 2025-03-28, or leave it empty")
    return period.first


def _tried(column: str, parse: Any, text: str) -> Any:
    """Value of a cell; what is wrong with it is told with its column."""
    try:
        return parse(text)
    except LeachwatchError as error:
        raise _Wrong(column, str(error)) from error
