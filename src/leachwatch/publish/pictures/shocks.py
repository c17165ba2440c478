"""Breaks in the months of trade: how deep each was, how sure it is, and what it falls on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from leachwatch.publish import trade_words, words
from leachwatch.publish.pictures.still import Still, of_chart
from leachwatch.publish.sheet import Chart, framed
from leachwatch.publish.trade_drawings import RIVAL_NAMES, intervals, text
from leachwatch.publish.trade_model import PublicEvent, PublicShock

__all__ = ["shock_picture"]

_SURE = 0.9  # least probability of what is called a shock
_SOURCE = "printed statements, reconciled by leachwatch; events as in the table of that name"


def shock_picture(shocks: Sequence[PublicShock], events: Sequence[PublicEvent]) -> Still | None:
    """Draw every break whose change is known, in the order of time; None where there is none."""
    named = {one.id: one.note for one in events}
    known = sorted((one for one in shocks if one.change_vs_season is not None), key=_order)
    if not known:
        return None
    data = pd.DataFrame([_row(one, named) for one in known])
    title = "Breaks in monthly trade, against the season before"
    caption = (
        "Percent: the median month of the new level against those of its season before. Circle: sure; "
        "square and dashed line: unsure, or the season explains it. An event on it is no proof of a cause."
    )
    rows = [_drawn(row) for row in data.to_dict("records")]
    chart = Chart("shocks", title, caption, _SOURCE, data, {}, {})
    below = [text(list(dict.fromkeys(row["event"] for row in rows if row["event"])), 11, RIVAL_NAMES)]
    whole = framed(chart, intervals(rows, "percent"), simulated=False, left=RIVAL_NAMES, below=below)
    said = " ".join(f"{row['when']}, {row['series']}: {row['told']}. {row['event']}".strip() for row in rows)
    return of_chart(whole, f"{title}. {said}")


def _order(one: PublicShock) -> tuple[str, str]:
    return one.start.isoformat(), one.series


def _row(one: PublicShock, named: Mapping[str, str]) -> dict[str, Any]:
    kind = "seasonal" if one.seasonal else "sure" if one.probability >= _SURE else "unsure"
    return {
        "start": one.start,
        "end": one.end,
        "series": one.series,
        "change_vs_season": one.change_vs_season,
        "probability": one.probability,
        "kind": kind,
        "event": one.event_id,
        "event_note": None if one.event_id is None else named.get(one.event_id),
    }


def _drawn(row: Mapping[Any, Any]) -> dict[str, Any]:
    change = 100 * row["change_vs_season"]
    when = words.month(row["start"])
    event = f"{when} falls on: {row['event_note']}." if row["event_note"] else ""
    doubt = {"seasonal": ", the season explains it", "unsure": ", unsure"}.get(row["kind"], "")
    series = trade_words.series(row["series"])
    return {
        "row": f"{when}, {series}",
        "when": when,
        "series": series,
        "low": min(change, 0.0),
        "middle": change,
        "high": max(change, 0.0),
        "look": "drawn" if row["kind"] == "sure" else "published",
        "told": f"{change:+,.0f} % (probability {row['probability']:.2f}{doubt})".replace("-", "−"),
        "event": event,
    }
