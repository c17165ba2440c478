"""Drawings of trade and estimates: rows to marks, without title, caption or source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import Any

import altair as alt
import pandas as pd

from leachwatch.publish.charts import INK
from leachwatch.publish.language import say

__all__ = [
    "CONTRADICTION_NAMES",
    "RIVAL_NAMES",
    "SIGNS",
    "bars",
    "breaks",
    "course",
    "dumbbell",
    "event_lines",
    "intervals",
    "numbers",
    "plain",
    "rows_of",
    "span_of",
    "text",
    "time_scale",
]

Row = Mapping[str, Any]

SIGNS = 130
"""Of a line of text as wide as a drawing."""

CONTRADICTION_NAMES, RIVAL_NAMES = 250, 460
"""Pixels of a drawing's width that are for the names on its left."""

_WIDTH = 860  # of a drawing with them, pixels

_BLUE, _PALE = "#2e5d98", "#cfc9be"
_SURE = "datum.kind === 'fall' || datum.kind === 'rise'"
_LANES = 3
_ROOM = 1.4  # of the highest bar: what stands on it has to fit above it
_LARGE = 1000
_LATE = 0.75  # of the width: behind it text stands on the left, or it would not fit


def bars(rows: Sequence[Row]) -> Any:
    """Draw a small panel for each ``goods``: years, and in them a bar for each ``slot``.

    ``look`` is ``own``, ``other`` or ``thin``; ``label`` stands on the bar, ``value`` is its height.
    """
    base = alt.Chart().properties(width=400, height=170)
    years = [row["year"] for row in rows]
    every = list(range(min(years), max(years) + 1))
    order = list(dict.fromkeys(sorted(row["slot"] for row in rows)))
    x = alt.X("year:O", title=None, scale=alt.Scale(domain=every), axis=alt.Axis(labelAngle=0, ticks=False))
    offset = alt.XOffset("slot:N", sort=order)
    room = alt.Scale(domain=[0, max(row["value"] for row in rows) * _ROOM or 1], nice=False)
    y = alt.Y("value:Q", title=None, scale=room, axis=alt.Axis(tickCount=5, domain=False, ticks=False))
    looks = ["own", "other", "thin"]
    drawn = base.mark_bar(stroke=INK["text"], strokeWidth=1).encode(
        x=x,
        xOffset=offset,
        y=y,
        fill=_choice("look", looks, [INK["line"], _PALE, INK["paper"]]),
        strokeDash=alt.StrokeDash(
            "look:N", legend=None, scale=alt.Scale(domain=looks, range=[[1, 0], [1, 0], [3, 2]])
        ),
    )
    spans = base.transform_filter("isValid(datum.low)").mark_rule(color=INK["text"], strokeWidth=1.5)
    labels = base.mark_text(color=INK["text"], fontSize=10, angle=270, align="left", dx=4)
    layers = alt.layer(
        drawn,
        spans.encode(x=x, xOffset=offset, y="low:Q", y2="high:Q"),
        labels.encode(x=x, xOffset=offset, y=y, text="label:N"),
        data=_inline(rows),
    )
    header = alt.Header(labelLimit=400)
    goods = list(dict.fromkeys(row["goods"] for row in rows))
    panels = layers.facet(facet=alt.Facet("goods:N", title=None, sort=goods, header=header), columns=2)
    return panels.resolve_axis(x="independent")


def course(months: pd.DataFrame, happened: pd.DataFrame, scale: alt.Scale) -> Any:
    """Draw the months of a series, and where something happened."""
    top = _top(months)
    rows = [
        {**row, "shown": None if row["high"] is None else min(row["high"], top)} for row in rows_of(months)
    ]
    base = alt.Chart(_inline(rows)).properties(width=_WIDTH, height=250)
    axis = alt.Axis(format="%b %Y", tickCount=10, labelOverlap=True, grid=False)
    x, x2 = alt.X("month:T", title=None, scale=scale, axis=axis), alt.X2("next:T")
    y = alt.Y(
        "low:Q",
        title=None,
        axis=alt.Axis(format=",.0f", tickCount=6, domain=False, ticks=False),
        scale=alt.Scale(domain=[0, top], nice=False),
    )
    boxes = base.transform_filter("datum.known === 'bounds' || datum.known === 'printed'")
    printed, sums, least = (
        base.transform_filter(f"datum.known === '{known}'") for known in ("printed", "sum", "least")
    )
    dots = printed.transform_calculate(
        middle="(toNumber(toDate(datum.month)) + toNumber(toDate(datum.next))) / 2",
        level="(datum.low + datum.high) / 2",
    ).mark_point(color=INK["line"], filled=True, size=46, opacity=1)
    shapes = [
        sums.mark_rect(fill=_PALE, fillOpacity=0.35, stroke=INK["text"], strokeDash=[4, 3]).encode(
            x=x, x2=x2, y=y, y2="shown:Q"
        ),
        boxes.mark_rect(fill=INK["line"], fillOpacity=0.3, stroke=INK["line"], strokeWidth=1.5).encode(
            x=x, x2=x2, y=y, y2="high:Q"
        ),
        least.mark_rule(color=INK["text"]).encode(x=x, x2=x2, y=y),
        least.mark_point(shape="triangle-up", color=INK["text"], size=60, xOffset=7, yOffset=-6).encode(
            x=x, y=y
        ),
        dots.encode(x=alt.X("middle:T", scale=scale), y="level:Q"),
    ]
    if len(happened):
        rules = alt.Chart(_inline(rows_of(happened))).mark_rule(color=INK["unseen"], strokeDash=[1, 3])
        shapes.insert(0, rules.encode(x=alt.X("first:T", scale=scale)))
    return alt.layer(*shapes)


def _top(months: pd.DataFrame) -> float:
    """End of the scale: what is known of a month fits; of sums over months the boxes may run out of it."""
    known = months[months["known"] != "sum"]
    shown = known if len(known) else months
    ends = [low if high is None else high for low, high in zip(shown["low"], shown["high"], strict=True)]
    return float(max(ends)) * 1.1 or 1.0


def numbers(happened: pd.DataFrame, scale: alt.Scale) -> Any:
    """Draw the numbers of events, at two heights so that neighbours can be told apart."""
    rows = [{**row, "height": row["number"] % 2} for row in rows_of(happened)]
    base = alt.Chart(_inline(rows)).properties(width=_WIDTH, height=34)
    x, y = alt.X("first:T", scale=scale, axis=None), alt.Y("height:O", axis=None, sort="descending")
    spans = base.mark_rule(color=INK["text"], strokeWidth=2, yOffset=8).encode(x=x, x2="last:T", y=y)
    said = base.mark_text(color=INK["text"], fontWeight="bold", fontSize=12, align="left")
    return alt.layer(spans, said.encode(x=x, y=y, text="number:N"))


def breaks(broke: pd.DataFrame, scale: alt.Scale) -> Any:
    """Draw breaks under the course: what kind, how much, how sure, how long."""
    first, end = (date.fromisoformat(day) for day in scale["domain"])
    late = (first + (end - first) * _LATE).isoformat()
    rows = [
        {**row, "lane": place % _LANES, "label": _break(row), "late": row["start"] > late}
        for place, row in enumerate(rows_of(broke))
    ]
    lanes = min(len(rows), _LANES)
    base = alt.Chart(_inline(rows)).properties(width=_WIDTH, height=24 * lanes)
    x = alt.X("start:T", scale=scale, axis=None)
    y = alt.Y("lane:O", axis=None, scale=alt.Scale(domain=list(range(lanes))))
    lines = base.mark_rule(color=INK["text"], strokeWidth=1.5, yOffset=6).encode(
        x=x, x2="end:T", y=y, strokeDash=alt.condition(_SURE, alt.value([1, 0]), alt.value([2, 3]))
    )
    kinds = ["fall", "rise", "seasonal", "unsure"]
    shapes = ["triangle-down", "triangle-up", "diamond", "circle"]
    signs = base.mark_point(size=80, opacity=1, stroke=INK["line"], strokeWidth=1.5, xOffset=5).encode(
        x=x,
        y=y,
        shape=alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=shapes)),
        fill=alt.condition(_SURE, alt.value(INK["line"]), alt.value(INK["paper"])),
    )
    look: dict[str, Any] = {"dy": -3, "fontSize": 11, "color": INK["text"]}
    after = base.transform_filter("!datum.late").mark_text(align="left", dx=15, **look)
    before = base.transform_filter("datum.late").mark_text(align="right", dx=-5, **look)
    said = (texts.encode(x=x, y=y, text="label:N") for texts in (after, before))
    return alt.layer(lines, signs, *said)


def dumbbell(row: Row) -> Any:
    """Draw ``printed`` and the interval ``low`` to ``end`` that fits, with the line between them.

    Where ``high`` is missing an arrow stands at the end.
    """
    base = alt.Chart(_inline([row])).properties(width=_WIDTH - CONTRADICTION_NAMES, height=40)
    names = _names(CONTRADICTION_NAMES, "split(datum.label, '\\n')")
    axis = alt.Axis(tickCount=5, grid=False, title=None, format=",~f")
    x = alt.X("printed:Q", scale=alt.Scale(zero=False, padding=24), axis=axis)
    between = base.mark_rule(color=INK["unseen"], strokeWidth=1.5)
    fits = base.mark_rule(color=_BLUE, strokeWidth=9, strokeCap="round")
    cross = base.mark_point(shape="cross", angle=45, color=INK["line"], size=130, filled=True, opacity=1)
    said = base.mark_text(align="left", dy=-16, fontSize=11, color=INK["text"])
    parts = [
        between.encode(x=x, x2="near:Q", y=names),
        fits.encode(x="low:Q", x2="end:Q", y=names),
        cross.encode(x=x, y=names),
        said.encode(x=alt.value(4), y=names, text="told:N"),
    ]
    if row["high"] is None:
        arrow = base.mark_point(shape="triangle-right", color=_BLUE, size=160, filled=True, opacity=1)
        parts.insert(2, arrow.encode(x="end:Q", y=names))
    return alt.layer(*parts)


def intervals(rows: Sequence[Row], unit: str, most: float | None = None) -> Any:
    """Draw the intervals of rivals, one below the other: ``low``, ``middle`` (may be none), ``high``."""
    base = alt.Chart(_inline(rows)).properties(width=_WIDTH - RIVAL_NAMES, height=alt.Step(26))
    names = _names(RIVAL_NAMES)
    scale = alt.Scale(domain=[0, most]) if most else alt.Scale(zero=True)
    x = alt.X("low:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=6))
    lines = base.mark_rule(color=_BLUE, strokeWidth=3)
    dots = base.transform_filter("isValid(datum.middle)").mark_point(size=70, opacity=1, stroke=_BLUE)
    said = base.mark_text(align="left", dx=10, fontSize=11, color=INK["text"])
    looks = ["drawn", "published"]
    dashes = alt.StrokeDash("look:N", legend=None, scale=alt.Scale(domain=looks, range=[[1, 0], [3, 2]]))
    shapes = alt.Shape("look:N", legend=None, scale=alt.Scale(domain=looks, range=["circle", "square"]))
    return alt.layer(
        lines.encode(x=x, x2="high:Q", y=names, strokeDash=dashes),
        dots.encode(x="middle:Q", y=names, shape=shapes, fill=_choice("look", looks, [_BLUE, INK["paper"]])),
        said.encode(x="high:Q", y=names, text="told:N"),
    )


def text(lines: Sequence[str], size: int, left: int = 0) -> Any:
    """Draw lines of text that begin ``left`` pixels beside the drawing above."""
    rows = [{"line": line, "place": place} for place, line in enumerate(lines)]
    said = alt.Chart(_inline(rows)).mark_text(align="left", fontSize=size, color=INK["text"])
    placed = said.encode(x=alt.value(-left), y=alt.Y("place:O", axis=None, sort=None), text="line:N")
    return placed.properties(width=_WIDTH - left, height=alt.Step(size + 5))


def time_scale(first: date, end: date) -> alt.Scale:
    """Time from one day to another."""
    return alt.Scale(type="utc", domain=[first.isoformat(), end.isoformat()], nice=False)


def event_lines(happened: pd.DataFrame) -> list[str]:
    """Say what happened, one line each."""
    said = (f"{row['number']} · {row['first'][:7]} · {row['note']}" for row in rows_of(happened))
    return [shorten(line, SIGNS, placeholder=" …") for line in said]


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as Vega-Lite takes them: days as text."""
    return [
        {str(name): value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def span_of(low: float, high: float) -> str:
    """Write an interval, as one number where its ends are written alike."""
    if plain(low) == plain(high):
        return plain(low)
    return say("{first} to {last}", first=plain(low), last=plain(high))


def plain(value: float) -> str:
    """Write a number for people.

    Examples
    --------
    >>> plain(43855.2), plain(-59.6), plain(0.0)
    ('43,855', '−59.6', '0')
    """
    said = f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.3g}"
    return said.replace("-", "−")


def _break(row: Row) -> str:
    change = "change unknown" if row["change"] is None else f"{100 * row['change']:+.0f} %".replace("-", "−")
    what = {"seasonal": ", the season explains it", "unsure": ", unsure"}.get(row["kind"], "")
    what += ", codes change places" if row["composition"] else ""
    return f"{change} (probability {row['probability']:.2f}{what})"


def _names(width: int, lines: str | None = None) -> alt.Y:
    """Write names on the left, in a column of one width; ``lines`` is what cuts a name in lines."""
    gap = 9
    axis = alt.Axis(
        labelLimit=width - gap, labelPadding=gap, minExtent=width, maxExtent=width, domain=False, ticks=False,
        labelExpr=lines or alt.Undefined, labelFontSize=11,
    )  # fmt: skip
    return alt.Y("row:N", title=None, sort=None, axis=axis)


def _choice(field: str, domain: list[str], values: list[str]) -> alt.Fill:
    return alt.Fill(f"{field}:N", legend=None, scale=alt.Scale(domain=domain, range=values))


def _inline(rows: Sequence[Row]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])
