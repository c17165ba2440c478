"""A chart with its title, its caption and its source, as a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any, cast

import altair as alt
import pandas as pd

from leachwatch.publish.charts import FONT, INK
from leachwatch.publish.trade_drawings import SIGNS, rows_of, text

__all__ = ["Chart", "framed", "sources_of"]

_MOST_LINES = 6
_SIMULATED = "Simulated figures: no real trade."


@dataclass(frozen=True, eq=False)
class Chart:
    """One chart.

    Attributes
    ----------
    name : str
        For files and anchors.
    title : str
        What it shows, in plain words.
    caption : str
        How to read it.
    source : str
        Who published what it rests on.
    data : DataFrame
        Every row that is drawn.
    spec : dict
        Vega-Lite, with title, caption, source and data in it.
    bare : dict
        The same without these words, for a page that writes them beside it.
    """

    name: str
    title: str
    caption: str
    source: str
    data: pd.DataFrame
    spec: dict[str, Any]
    bare: dict[str, Any]


def framed(
    chart: Chart,
    drawing: Any,
    simulated: bool,  # noqa: FBT001 - passed on
    left: int = 0,
    below: Sequence[Any] = (),
) -> Chart:
    """Put title, caption and source around a drawing that has names of some width on its left.

    Parameters
    ----------
    chart : Chart
        Without its specifications.
    drawing : altair chart
        Of its data.
    simulated : bool
        Whether it must say that no figure is real.
    left : int
        Width of the names on the left of the drawing, pixels.
    below : sequence of altair chart
        What stands between the drawing and its source.
    """
    caption = f"{_SIMULATED} {chart.caption}" if simulated else chart.caption
    source = wrap(f"Source: {chart.source}", int(SIGNS * 1.15))
    if len(source) > _MOST_LINES:
        source = [*source[: _MOST_LINES - 1], "… and more, in the data"]
    title = alt.TitleParams(
        text=wrap(chart.title, 90), subtitle=wrap(caption, SIGNS), anchor="start", frame="bounds",
        fontSize=17, subtitleFontSize=12, subtitleLineHeight=16, subtitlePadding=6, offset=16,
        color=INK["text"], subtitleColor=INK["text"],
    )  # fmt: skip
    whole = alt.vconcat(drawing, *below, text(source, 10, left), spacing=12).properties(title=title)
    spec = cast("dict[str, Any]", _dressed(whole, _CLOSE).to_dict())
    bare = cast("dict[str, Any]", _dressed(drawing, _WIDE).to_dict())
    return replace(chart, caption=caption, spec=spec, bare=bare)


_CLOSE: Mapping[str, float] = {"left": 0, "right": 8, "top": 4, "bottom": 0}
_WIDE: Mapping[str, float] = {**_CLOSE, "left": 60, "right": 40}  # a reader's own font may be a wider one


def _dressed(whole: Any, padding: Mapping[str, float]) -> Any:
    ink = INK["text"]
    return (
        whole.configure(font=FONT, background="transparent", padding=dict(padding))
        .configure_view(stroke=None)
        .configure_header(labelColor=ink, labelFontSize=12, labelAnchor="start", labelFontWeight="bold")
        .configure_axis(
            labelColor=ink, titleColor=ink, gridColor=INK["grid"], domainColor=INK["unseen"],
            tickColor=INK["unseen"], labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
        )
    )  # fmt: skip


def sources_of(data: pd.DataFrame) -> str:
    """Who published the rows of a chart, with their ids."""
    by_source: dict[str, list[str]] = {}
    for row in rows_of(data):
        by_source.setdefault(row["source"], []).append(row["id"])
    return "; ".join(f"{source} ({', '.join(dict.fromkeys(ids))})" for source, ids in by_source.items())
