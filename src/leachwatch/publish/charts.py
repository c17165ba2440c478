"""The area curve: pool area of all sites, month by month, with its band and with what was not seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, cast

import altair as alt
import vl_convert
from markupsafe import escape

from leachwatch.publish.model import PublicAccount
from leachwatch.publish.series import MonthTotal, monthly_totals

__all__ = ["FONT", "INK", "VEGA_LITE", "area_curve", "static_svg"]

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""Version of Vega-Lite that altair writes; the bundle must read the same."""

INK = {"line": "#b23a12", "text": "#54514c", "grid": "#e3dfd7", "unseen": "#8d8982", "paper": "#fdfcfa"}
"""Colours of the chart in light mode; ``page.css`` replaces each by its own name in dark mode."""

FONT = '"Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif'
"""Of all charts."""

_WIDTH = 900
_HEIGHT = 240
_STRIP = 34
_ATTRIBUTES = (
    r' (?:style|id|clip-path|xmlns:xlink|role|class|aria-[a-z]+|font-family|pointer-events)="[^"]*"'
    r'| opacity="1"'
)
_NOTHING = r'<path d=""[^>]*/>|<path d="M0,0h0v0h0Z"/>|<g></g>'
_PLACES = r' (?:transform|d|x2|y2)="[^"]*"'
_ENOUGH_SEEN = 0.75  # of the sites: below that a sum is a lower bound, and no line leads there


def area_curve(account: PublicAccount) -> dict[str, Any] | None:
    """Vega-Lite specification of the area curve; None where there is no month.

    It has a parameter ``month`` (first day, ISO), at which it draws the cursor.
    """
    rows = [_row(total) for total in monthly_totals(account)]
    if not rows:
        return None
    cursor = alt.param(name="month", value=rows[-1]["key"])
    chart = (
        alt.vconcat(_curve(cursor), _strip(), spacing=6, data=alt.InlineData(values=rows))
        .resolve_scale(x="shared")
        .add_params(cursor)
        .configure(
            font=FONT, background="transparent", padding={"left": 0, "right": 8, "top": 4, "bottom": 0}
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK["text"],
            titleColor=INK["text"],
            gridColor=INK["grid"],
            domainColor=INK["unseen"],
            tickColor=INK["unseen"],
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
    )
    return cast("dict[str, Any]", chart.to_dict())


def static_svg(spec: Mapping[str, Any], caption: str, alt: str = "") -> str:
    """Draw a chart as inline SVG, in this process; nothing is fetched.

    Everything a strict policy or a second chart in the same document could stumble over is taken out, and
    what is said of single marks: the chart is one picture with one name. So is what nobody sees: places
    finer than a tenth of a px, marks of no size, and the font, which is that of the page.

    Parameters
    ----------
    spec : mapping
        Vega-Lite; its parameters are drawn as if nothing was chosen.
    caption : str
        Id of the element that says what the chart shows.
    alt : str
        The chart in words; empty where the caption says it all.

    Returns
    -------
    str
        One ``svg`` element.
    """
    still = {**spec, "params": [param | {"value": ""} for param in spec.get("params", [])]}  # no cursor
    svg: str = vl_convert.vegalite_to_svg(still, vl_version=VEGA_LITE, allowed_base_urls=[])
    svg = re.sub(_NOTHING, "", re.sub(_ATTRIBUTES, "", svg))
    svg = re.sub(_PLACES, lambda places: re.sub(r"\d+\.\d+", _tenth, places[0]), svg)
    named = f'aria-label="{escape(alt)}" aria-describedby' if alt else "aria-labelledby"
    return svg.replace("<svg ", f'<svg role="img" {named}="{caption}" ', 1)


def _tenth(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _row(total: MonthTotal) -> dict[str, Any]:
    area = total.pool_area
    seen = total.seen / total.sites if total.sites else 0.0
    drawn = area if seen >= _ENOUGH_SEEN else None
    return {
        "key": total.month.isoformat(),
        "start": total.month.isoformat(),
        "month": (total.month + timedelta(days=15)).isoformat(),
        "end": (total.month + timedelta(days=28)).isoformat(),
        "area": None if area is None else area.value,
        "line": None if drawn is None else drawn.value,
        "low": None if drawn is None else drawn.low,
        "high": None if drawn is None else drawn.high,
        "complete": total.complete,
        "seen": seen,
    }


def _month(field: str, **axis: Any) -> alt.X:
    return alt.X(f"{field}:T", title=None, axis=alt.Axis(grid=False, **axis))


def _area_axis() -> alt.Axis:
    """Labels on the left, the title flat above them."""
    return alt.Axis(
        format=",.0f", tickCount=5, domain=False, ticks=False,
        titleAngle=0, titleAlign="left", titleAnchor="start", titleX=-52, titleY=-12,
    )  # fmt: skip


def _curve(cursor: Any) -> Any:
    base = alt.Chart().properties(width=_WIDTH, height=_HEIGHT)
    x = _month("month", labels=False, ticks=False, domain=False)
    y = partial(alt.Y, title="Pool area of all sites, m²", axis=_area_axis())
    band = base.mark_area(color=INK["line"], opacity=0.18).encode(x=x, y=y("low:Q"), y2="high:Q")
    line = base.mark_line(color=INK["line"], strokeWidth=2).encode(x=x, y=y("line:Q"))
    full = base.transform_filter("datum.complete && isValid(datum.area)")
    part = base.transform_filter("!datum.complete && isValid(datum.area)")
    whole = full.mark_point(color=INK["line"], filled=True, size=34, opacity=1).encode(x=x, y=y("area:Q"))
    least = part.mark_point(
        color=INK["line"], fill=INK["paper"], shape="triangle-up", size=52, strokeWidth=1.4, opacity=1
    ).encode(x=x, y=y("area:Q"))
    rule = (
        base.transform_filter(f"datum.key === {cursor.name}")
        .mark_rule(color=INK["text"], strokeDash=[3, 3])
        .encode(x=x)
    )
    return alt.layer(band, line, rule, whole, least)


def _strip() -> Any:
    return (
        alt.Chart()
        .mark_rect(color=INK["unseen"])
        .encode(
            x=_month("start", format="%b %Y", tickCount=8, labelOverlap=True),
            x2="end:T",
            y=alt.Y(
                "seen:Q",
                title=None,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", values=[0, 1], grid=False, domain=False, ticks=False),
            ),
        )
        .properties(width=_WIDTH, height=_STRIP)
    )
