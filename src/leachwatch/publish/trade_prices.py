"""Prices as a chart: what was published for a month, and yuan turned into dollars where its rate is known."""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import pandas as pd

from leachwatch.publish.charts import INK
from leachwatch.publish.language import say
from leachwatch.publish.sheet import Chart, framed, sources_of
from leachwatch.publish.trade_drawings import rows_of

__all__ = ["prices"]

_GOODS = re.compile(r"price: (\w+ oxide)(.*)", re.DOTALL)
_MONEY = {"CNY/kg": say("yuan per kg"), "USD/kg": say("dollars per kg")}
_LOOKS = {"published": "circle", "abroad": "diamond", "turned": "square"}
_HOW = say(
    "Circle: published in China. Diamond: published abroad. Empty square: yuan turned into dollars by the "
    "rate of that month; where its rate is not known, yuan stay yuan. A line is a printed range. No point is "
    "joined to the next: of the months between no price was found."
)
_LABELS = 46  # pixels of the numbers on the left, so that panels stand under each other
_OXIDES = {"Dy oxide": say("dysprosium oxide"), "Tb oxide": say("terbium oxide")}


def prices(published: pd.DataFrame, *, simulated: bool = False) -> Chart | None:
    """Show prices of oxides by month, those in yuan and those in dollars apart.

    Parameters
    ----------
    published : DataFrame
        Rows of the table ``observations``: columns ``source_id``, ``metric``, ``period_start``,
        ``period_end``, ``value``, ``low``, ``high``, ``unit``, ``status`` and ``source``.
    simulated : bool
        Whether it must say that no figure is real.

    Returns
    -------
    Chart or None
        None where no price is known.
    """
    data = _rows(published)
    if data.empty:
        return None
    chart = Chart(
        "prices", say("Prices of the oxides, where they were published"), _HOW, sources_of(data), data, {}, {}
    )
    return framed(chart, _drawing(rows_of(data)), simulated)


def _rows(published: pd.DataFrame) -> pd.DataFrame:
    """One row a price, by oxide, then yuan before dollars, then time."""
    columns = [
        "id",
        "goods",
        "where",
        "first",
        "last",
        "low",
        "middle",
        "high",
        "money",
        "unit",
        "look",
        "source",
    ]
    found = [row for one in rows_of(published) if (row := _row(one)) is not None]
    frame = pd.DataFrame([[row[name] for name in columns] for row in found], columns=columns, dtype=object)
    return frame.sort_values(["goods", "money", "first", "id"], kind="stable", ignore_index=True)


def _row(one: dict[str, Any]) -> dict[str, Any] | None:
    named = _GOODS.fullmatch(one["metric"])
    levels = [one[name] for name in ("low", "value", "high")]
    known = [level for level in levels if level is not None and level == level]  # noqa: PLR0124 - NaN
    if named is None or one["unit"] not in _MONEY or one["period_start"] is None or not known:
        return None
    low, high = min(known), max(known)
    where = named[2].strip(" ,()")
    look = "turned" if one["status"] == "derived" else "abroad" if "Europe" in where else "published"
    return {
        "id": one["source_id"],
        "goods": _OXIDES.get(named[1], named[1]),
        "where": where,
        "first": one["period_start"],
        "last": one["period_end"] or one["period_start"],
        "low": low,
        "middle": levels[1] if levels[1] in known else (low + high) / 2,
        "high": high,
        "money": one["unit"][:3],
        "unit": _MONEY[one["unit"]],
        "look": look,
        "source": one["source"],
    }


def _drawing(rows: list[dict[str, Any]]) -> Any:
    """Draw a panel for each oxide and currency, all over the same years."""
    shown = [{**row, "panel": f"{row['goods'].capitalize()}, {row['unit']}"} for row in rows]
    panels = list(dict.fromkeys(row["panel"] for row in shown))
    base = alt.Chart().properties(width=380, height=150)
    ends = [
        f"{min(row['first'] for row in rows)[:4]}-01-01",
        f"{int(max(row['last'] for row in rows)[:4]) + 1}-01-01",
    ]
    axis = alt.Axis(format="%Y", tickCount="year", grid=False)
    x = alt.X("first:T", title=None, scale=alt.Scale(type="utc", domain=ends, nice=False), axis=axis)
    y = alt.Y(
        "low:Q",
        title=None,
        axis=alt.Axis(format=",~f", tickCount=5, domain=False, ticks=False, minExtent=_LABELS),
    )
    spans = base.mark_rule(color=INK["text"], strokeWidth=1.5).encode(x=x, y=y, y2="high:Q")
    looks = list(_LOOKS)
    shape = alt.Shape("look:N", legend=None, scale=alt.Scale(domain=looks, range=list(_LOOKS.values())))
    fill = alt.Fill(
        "look:N", legend=None, scale=alt.Scale(domain=looks, range=[INK["line"], "#2e5d98", INK["paper"]])
    )
    points = base.mark_point(size=60, opacity=1, stroke=INK["text"], strokeWidth=1).encode(
        x=x, y="middle:Q", shape=shape, fill=fill
    )
    layers = alt.layer(spans, points, data=alt.InlineData(values=shown))
    facet = alt.Facet("panel:N", title=None, sort=panels, header=alt.Header(labelLimit=380))
    return layers.facet(facet=facet, columns=2).resolve_scale(y="independent").resolve_axis(x="independent")
