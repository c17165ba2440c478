"""Sites by controller through time: how many each held, with the interval that doubt leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd
from pydantic import BaseModel, ConfigDict

from leachwatch.publish import words
from leachwatch.publish.charts import INK
from leachwatch.publish.pictures.still import Still, of_chart
from leachwatch.publish.rows import models
from leachwatch.publish.sheet import Chart, framed
from leachwatch.publish.trade_drawings import rows_of, span_of

__all__ = ["PublicCount", "counts_of", "sites_by_controller"]

_WIDTH, _HEIGHT = 800, 110
_SIMULATED = "SIMULATED: no real place."


class PublicCount(BaseModel):
    """Sites that one controller held in one month; columns of the table ``control_counts``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    controller: str
    month: date
    low: float
    p50: float
    high: float


def counts_of(frame: pd.DataFrame) -> tuple[PublicCount, ...]:
    """Let out the counts, and nothing else.

    Raises
    ------
    TableError
        If a value does not fit the public model.
    """
    return tuple(
        models("control_counts", tuple(PublicCount.model_fields), lambda row: PublicCount(**row), frame)
    )


def sites_by_controller(counts: Sequence[PublicCount], *, simulated: bool) -> Still | None:
    """Draw a panel for each controller, the one that held most first; None where there is nothing."""
    if not counts:
        return None
    data = pd.DataFrame([one.model_dump() for one in counts])
    most = data.groupby("controller")["high"].max()
    order = sorted(most.index, key=lambda name: (-most[name], name))
    data = data.assign(place=data["controller"].map(order.index)).sort_values(["place", "month"])
    data = data.drop(columns="place").reset_index(drop=True)
    title = "Sites by who held the ground, month by month"
    caption = (
        "Sites that were there in that month, on ground that each held. Line: median; band: 5th to 95th "
        "percentile, from sites and borders that are in doubt. To hold the ground is not to own the mine."
    )
    source = "site months and control spells of the case, by leachwatch"
    said = f"{_SIMULATED} {caption}" if simulated else caption
    chart = Chart("sites-by-controller", title, said, source, data, {}, {})
    return of_chart(
        framed(chart, _drawing(data, order), simulated=False), _told(title, data, order, simulated=simulated)
    )


def _drawing(data: pd.DataFrame, order: list[str]) -> Any:
    rows = [{**row, "next": _next(row["month"])} for row in rows_of(data)]
    base = alt.Chart().properties(width=_WIDTH, height=_HEIGHT)
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b %Y", tickCount=8, grid=False, labelOverlap=True),
    )
    y = alt.Y(
        "low:Q", title=None, scale=alt.Scale(domainMin=0),
        axis=alt.Axis(tickCount=4, format="d", domain=False, ticks=False),
    )  # fmt: skip
    band = base.mark_rect(color=INK["line"], opacity=0.22).encode(x=x, x2="next:T", y=y, y2="high:Q")
    line = base.mark_rule(color=INK["line"], strokeWidth=2.4).encode(x=x, x2="next:T", y="p50:Q")
    header = alt.Header(labelLimit=_WIDTH)
    return alt.layer(band, line, data=alt.InlineData(values=rows)).facet(
        facet=alt.Facet("controller:N", title=None, sort=order, header=header), columns=1, spacing=14
    )


def _next(month: str) -> str:
    first = date.fromisoformat(month)
    return date(first.year + first.month // 12, first.month % 12 + 1, 1).isoformat()


def _told(title: str, data: pd.DataFrame, order: list[str], *, simulated: bool) -> str:
    first, last = data["month"].min(), data["month"].max()
    said = [f"{title}, {words.month(first)} to {words.month(last)}."]
    for name in order:
        own = data[data["controller"] == name]
        start, end = own.iloc[0], own.iloc[-1]
        said.append(
            f"{name}: {_range(start)} in {words.month(start['month'])}, {_range(end)} in "
            f"{words.month(end['month'])}."
        )
    return " ".join([_SIMULATED, *said] if simulated else said)


def _range(row: Any) -> str:
    return f"{row['p50']:g} ({span_of(row['low'], row['high'])})"
