"""Charts of trade in words, from their data, for those who do not see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from leachwatch.publish import trade_words, words
from leachwatch.publish.language import joined, many, say, sentence
from leachwatch.publish.sheet import Chart
from leachwatch.publish.trade_drawings import plain, rows_of, span_of

__all__ = ["misprints", "months", "prices", "rivals", "years"]

_Row = Mapping[Any, Any]

_KINDS = {
    "fall": say("a fall"),
    "rise": say("a rise"),
    "seasonal": say("seasonal"),
    "unsure": say("unsure"),
}


def months(chart: Chart) -> str:
    """Say from when to when a series goes, between what, how much of it is known, and where it breaks."""
    rows = chart.data[chart.data["row"] == "month"].to_dict("records")
    known = [row for row in rows if row["known"] in {"printed", "bounds"}]
    printed = sum(row["known"] == "printed" for row in rows)
    said = [
        say(
            "{title}, {first} to {last}.",
            title=chart.title,
            first=words.month(rows[0]["month"]),
            last=words.month(rows[-1]["month"]),
        ),
        say(
            "{known} of {all} months have bounds of their own; {printed} were printed.",
            known=len(known),
            all=len(rows),
            printed=printed,
        ),
    ]
    if known:
        low, high = min(known, key=lambda row: row["low"]), max(known, key=lambda row: row["high"])
        said.append(say("Lowest: {low}. Highest: {high}.", low=_month(low), high=_month(high)))
    broke = chart.data[chart.data["row"] == "break"].to_dict("records")
    breaks = _one_by_one([_break(row) for row in broke]) if broke else say("none")
    return joined([*said, say("Breaks: {breaks}.", breaks=breaks)])


def years(chart: Chart) -> str:
    """Say for each code how many figures there are, the smallest and the largest."""
    by_codes: dict[str, list[_Row]] = {}
    for row in rows_of(chart.data):
        by_codes.setdefault(row["codes"], []).append(row)
    return joined([_titled(chart), *(_code(codes, rows) for codes, rows in by_codes.items())])


def rivals(chart: Chart, factor: float, unit: str) -> str:
    """Say the interval of each, in a unit of which there are ``factor`` in one of the table's."""
    said = _one_by_one([_rival(row, factor) for row in rows_of(chart.data)])
    return joined([_titled(chart), say("In {unit}: {values}.", unit=unit, values=said)])


def misprints(chart: Chart) -> str:
    """Say of each figure what was printed, and what fits."""
    return joined(
        [_titled(chart), say("{it}.", it=_one_by_one([_misprint(row) for row in rows_of(chart.data)]))]
    )


def prices(chart: Chart) -> str:
    """Say for each oxide and currency how many prices there are, the first and the last."""
    rows = rows_of(chart.data)
    panels = dict.fromkeys((row["goods"], row["unit"]) for row in rows)
    said = (_panel(*key, [row for row in rows if (row["goods"], row["unit"]) == key]) for key in panels)
    return joined([_titled(chart), *said])


def _titled(chart: Chart) -> str:
    return say("{it}.", it=chart.title)


def _one_by_one(parts: Sequence[str]) -> str:
    return reduce(lambda one, more: say("{one}; {more}", one=one, more=more), parts)


def _panel(goods: str, unit: str, rows: list[_Row]) -> str:
    ends = list(
        dict.fromkeys(
            say("{span} ({day})", span=span_of(row["low"], row["high"]), day=row["first"][:7])
            for row in (rows[0], rows[-1])
        )
    )
    span = say("{first} to {last}", first=ends[0], last=ends[-1]) if len(ends) > 1 else ends[0]
    return many(
        "{goods} in {unit}: {many} figure, {span}.",
        "{goods} in {unit}: {many} figures, {span}.",
        len(rows),
        goods=goods,
        unit=unit,
        many=words.figure(len(rows)),
        span=span,
    )


def _misprint(row: _Row) -> str:
    fits = (
        say("{number} or more", number=plain(row["low"]))
        if row["high"] is None
        else span_of(row["low"], row["high"])
    )
    printed = f"{plain(row['printed'])} {row['unit']}"
    return say(
        "{name}: printed {printed}, fits {fits}",
        name=row["statement"],
        printed=printed,
        fits=fits,
    )


def _month(row: _Row) -> str:
    return say(
        "{number} tonnes in {month}", number=span_of(row["low"], row["high"]), month=words.month(row["month"])
    )


def _break(row: _Row) -> str:
    kind = _KINDS[row["kind"]]
    if row["composition"]:
        kind = say("{kind}, codes change places", kind=kind)
    return say(
        "{month}, {change} against the season, {kind}",
        month=words.month(row["start"]),
        change=trade_words.change(row["change"]),
        kind=kind,
    )


def _code(codes: str, rows: list[_Row]) -> str:
    least, most = (pick(rows, key=lambda row: row["tonnes"]) for pick in (min, max))
    if len(rows) == 1:
        return say("{codes}: {number}.", codes=trade_words.codes(codes), number=_year(most))
    return say(
        "{codes}: {many} figures, from {least} to {most}.",
        codes=trade_words.codes(codes),
        many=len(rows),
        least=_year(least),
        most=_year(most),
    )


def _year(row: _Row) -> str:
    return say(
        "{number} tonnes ({country}, {year})",
        number=plain(row["tonnes"]),
        country=trade_words.country(row["partner"]),
        year=str(row["year"]),
    )


def _rival(row: _Row, factor: float) -> str:
    span = span_of(row["p05"] * factor, row["p95"] * factor)
    said = (
        sentence("{name}, {period}, as published: {span}")
        if row["published"]
        else sentence("{name}, {period}: {span}")
    )
    return say(said, name=row["scenario"], period=row["period"], span=span)
