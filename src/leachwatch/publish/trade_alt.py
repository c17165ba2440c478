"""Charts of trade in words, from their data, for those who do not see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leachwatch.publish import trade_words, words
from leachwatch.publish.sheet import Chart
from leachwatch.publish.trade_drawings import plain, rows_of, span_of

__all__ = ["misprints", "months", "prices", "rivals", "years"]

_Row = Mapping[Any, Any]


def months(chart: Chart) -> str:
    """Say from when to when a series goes, between what, how much of it is known, and where it breaks."""
    rows = chart.data[chart.data["row"] == "month"].to_dict("records")
    known = [row for row in rows if row["known"] in {"printed", "bounds"}]
    printed = sum(row["known"] == "printed" for row in rows)
    said = [
        f"{chart.title}, {words.month(rows[0]['month'])} to {words.month(rows[-1]['month'])}.",
        f"{len(known)} of {len(rows)} months have bounds of their own; {printed} were printed.",
    ]
    if known:
        low, high = min(known, key=lambda row: row["low"]), max(known, key=lambda row: row["high"])
        said.append(f"Lowest: {_month(low)}. Highest: {_month(high)}.")
    broke = chart.data[chart.data["row"] == "break"].to_dict("records")
    said.append(f"Breaks: {'; '.join(map(_break, broke)) or 'none'}.")
    return " ".join(said)


def years(chart: Chart) -> str:
    """Say for each code how many figures there are, the smallest and the largest."""
    by_codes: dict[str, list[_Row]] = {}
    for row in rows_of(chart.data):
        by_codes.setdefault(row["codes"], []).append(row)
    return f"{chart.title}. {' '.join(_code(codes, rows) for codes, rows in by_codes.items())}"


def rivals(chart: Chart, factor: float, unit: str) -> str:
    """Say the interval of each, in a unit of which there are ``factor`` in one of the table's."""
    said = "; ".join(_rival(row, factor) for row in rows_of(chart.data))
    return f"{chart.title}. In {unit}: {said}."


def misprints(chart: Chart) -> str:
    """Say of each figure what was printed, and what fits."""
    said = "; ".join(_misprint(row) for row in rows_of(chart.data))
    return f"{chart.title}. {said}."


def prices(chart: Chart) -> str:
    """Say for each oxide and currency how many prices there are, the first and the last."""
    rows = rows_of(chart.data)
    panels = dict.fromkeys((row["goods"], row["unit"]) for row in rows)
    said = (_panel(*key, [row for row in rows if (row["goods"], row["unit"]) == key]) for key in panels)
    return f"{chart.title}. {' '.join(said)}"


def _panel(goods: str, unit: str, rows: list[_Row]) -> str:
    ends = dict.fromkeys(
        f"{span_of(row['low'], row['high'])} ({row['first'][:7]})" for row in (rows[0], rows[-1])
    )
    return f"{goods} in {unit}: {words.count(len(rows), 'figure')}, {' to '.join(ends)}."


def _misprint(row: _Row) -> str:
    fits = f"{plain(row['low'])} or more" if row["high"] is None else span_of(row["low"], row["high"])
    return f"{row['statement']}: printed {plain(row['printed'])} {row['unit']}, fits {fits}"


def _month(row: _Row) -> str:
    return f"{span_of(row['low'], row['high'])} tonnes in {words.month(row['month'])}"


def _break(row: _Row) -> str:
    kind = {"seasonal": "seasonal", "unsure": "unsure"}.get(row["kind"], f"a {row['kind']}")
    kind += ", codes change places" if row["composition"] else ""
    return f"{words.month(row['start'])}, {trade_words.change(row['change'])} against the season, {kind}"


def _code(codes: str, rows: list[_Row]) -> str:
    least, most = (pick(rows, key=lambda row: row["tonnes"]) for pick in (min, max))
    if len(rows) == 1:
        return f"{trade_words.codes(codes)}: {_year(most)}."
    return f"{trade_words.codes(codes)}: {len(rows)} figures, from {_year(least)} to {_year(most)}."


def _year(row: _Row) -> str:
    return f"{plain(row['tonnes'])} tonnes ({trade_words.country(row['partner'])}, {row['year']})"


def _rival(row: _Row, factor: float) -> str:
    printed = ", as published" if row["published"] else ""
    return f"{row['scenario']}, {row['period']}{printed}: {span_of(row['p05'] * factor, row['p95'] * factor)}"
