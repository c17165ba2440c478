"""Tables of trade and estimates, as the rows that each chart shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

__all__ = [
    "CALLED",
    "annual_rows",
    "break_kind",
    "event_rows",
    "month_rows",
    "month_start",
    "outcome_rows",
    "shock_rows",
]

CALLED = 0.9
"""Least probability of what is called a fall or a rise."""

_TONNES = {"t": 1.0, "kg": 0.001}
_WORLD = "WLD"
_THIN = frozenset({"C", "D"})
_LAST_MONTH = 12


def annual_rows(observations: pd.DataFrame, reporter: str) -> pd.DataFrame:
    """Find imports of whole years by gross weight; what was shown to be wrong is left out.

    Parameters
    ----------
    observations : DataFrame
        Of the table ``observations``.
    reporter : str
        Whose imports.

    Returns
    -------
    DataFrame
        Columns ``codes``, ``year``, ``partner``, ``tonnes``, ``low``, ``high`` (t, gross), ``thin`` (derived,
        or from a thin source), ``place`` (among the figures of that code, year and partner, from 1), ``id``
        and ``source``.
    """
    found = [row for one in _records(observations) if (row := _annual(one, reporter)) is not None]
    places: dict[tuple[Any, ...], int] = {}
    for row in sorted(found, key=lambda row: (row["codes"], row["year"], row["partner"], row["id"])):
        key = row["codes"], row["year"], row["partner"]
        places[key] = row["place"] = places.get(key, 0) + 1
    columns = ["codes", "year", "partner", "tonnes", "low", "high", "thin", "place", "id", "source"]
    return _frame(found, columns, ["codes", "year", "partner", "place"])


def month_rows(series: pd.DataFrame) -> pd.DataFrame:
    """Months of one series with their bounds.

    Parameters
    ----------
    series : DataFrame
        Of the table ``series``; one reporter, flow, partner and code.

    Returns
    -------
    DataFrame
        Columns ``month``, ``next`` (first days), ``low``, ``high``, ``mid`` (t, gross) and ``known``:
        ``printed``, ``bounds``, ``sum`` (only a sum over months is known) or ``least`` (no upper limit).
    """
    rows = [
        {
            "month": one["month"],
            "next": month_start(one["month"], 1),
            "low": one["low"],
            "high": one["high"],
            "mid": one["mid"],
            "known": _known(one),
        }
        for one in _records(series)
    ]
    return _frame(rows, ["month", "next", "low", "high", "mid", "known"], ["month"])


def event_rows(events: pd.DataFrame, partner: str, first: date, end: date) -> pd.DataFrame:
    """Events that touch a partner between two days, with a number each; all of them for the world.

    Parameters
    ----------
    events : DataFrame
        Columns ``id``, ``first``, ``last``, ``partner``, ``note`` and ``source``.
    partner : str
        Of the series.
    first, end : date
        First day, and the one after the last.

    Returns
    -------
    DataFrame
        Columns ``number``, ``id``, ``first``, ``last``, ``note`` and ``source``.
    """
    inside = [
        one
        for one in sorted(_records(events), key=lambda one: (one["first"], one["id"]))
        if partner in {_WORLD, one["partner"]} and one["first"] < end and one["last"] >= first
    ]
    rows = [
        {
            "number": number,
            "id": one["id"],
            "first": max(one["first"], first),
            "last": min(one["last"], end - timedelta(days=1)),
            "note": one["note"],
            "source": one["source"],
        }
        for number, one in enumerate(inside, 1)
    ]
    return _frame(rows, ["number", "id", "first", "last", "note", "source"], ["number"])


def shock_rows(shocks: pd.DataFrame, name: str, end: date, called: float) -> pd.DataFrame:
    """Shocks of one series.

    Parameters
    ----------
    shocks : DataFrame
        Of the table ``shocks``.
    name : str
        Of the series there.
    end : date
        Day after the last month of the series.
    called : float
        Least probability of what is called a shock.

    Returns
    -------
    DataFrame
        Columns ``start``, ``end`` (day after the last month), ``change`` (as a share, null where it cannot
        be told), ``probability``, ``kind`` (as `break_kind` says), ``direction``, ``composition`` (flag) and
        ``event_id``.
    """
    rows = [
        {
            "start": one["start"],
            "end": end if one["end"] is None else month_start(one["end"], 1),
            "change": one["change_vs_season"],
            "probability": one["probability"],
            "kind": break_kind(
                seasonal=one["seasonal"],
                probability=one["probability"],
                direction=one["direction"],
                called=called,
            ),
            "direction": one["direction"],
            "composition": one["composition"],
            "event_id": one["event_id"],
        }
        for one in _records(shocks)
        if one["series"] == name
    ]
    columns = ["start", "end", "change", "probability", "kind", "direction", "composition", "event_id"]
    return _frame(rows, columns, ["start"])


def outcome_rows(estimates: pd.DataFrame, quantities: Sequence[str], unit: str) -> pd.DataFrame:
    """Estimates of some quantities, and what was published beside them.

    Parameters
    ----------
    estimates : DataFrame
        Of the table ``estimates``.
    quantities : sequence of str
        Those to show; what was published is named ``..., as published``.
    unit : str
        Rows of another are left out.

    Returns
    -------
    DataFrame
        Columns ``scenario``, ``period``, ``p05``, ``p50``, ``p95``, ``unit``, ``published`` (flag) and
        ``inputs`` (ids, joined by a comma).
    """
    rows = [
        {
            "scenario": one["scenario"],
            "period": one["period"],
            "p05": one["p05"],
            "p50": one["p50"],
            "p95": one["p95"],
            "unit": one["unit"],
            "published": one["quantity"].endswith("as published"),
            "inputs": ", ".join(one["inputs"]),
        }
        for one in _records(estimates)
        if one["quantity"] in quantities and one["unit"] == unit
    ]
    columns = ["scenario", "period", "p05", "p50", "p95", "unit", "published", "inputs"]
    return _frame(rows, columns, ["scenario", "period"])


def break_kind(*, seasonal: bool, probability: float, direction: str, called: float = CALLED) -> str:
    """Say what a break is taken for: ``fall``, ``rise``, ``seasonal`` or ``unsure``.

    Which way the level moved is the table's word: against the season, the month or the year before a number
    may have another sign.
    """
    if seasonal:
        return "seasonal"
    return "unsure" if probability < called else direction


def month_start(day: date, later: int = 0) -> date:
    """First day of a month, or of one some months later."""
    months = day.year * _LAST_MONTH + day.month - 1 + later
    return date(months // _LAST_MONTH, months % _LAST_MONTH + 1, 1)


def _annual(one: Mapping[str, Any], reporter: str) -> dict[str, Any] | None:
    factor = _TONNES.get(one["unit"])
    first, last = one["period_start"], one["period_end"]
    if factor is None or first is None or last is None or one["certainty"] == "X":
        return None
    whole = (first.month, first.day, last.month, last.day) == (1, 1, _LAST_MONTH, 31)
    asked = one["reporter"], one["flow"], one["basis"]
    if not whole or first.year != last.year or asked != (reporter, "import", "gross"):
        return None
    low, high = one["low"], one["high"]
    value = one["value"] if one["value"] is not None else _middle(low, high)
    if value is None or one["hs_scope"] == "unstated":
        return None
    return {
        "codes": one["hs_scope"],
        "year": first.year,
        "partner": one["partner"],
        "tonnes": value * factor,
        "low": None if low is None else low * factor,
        "high": None if high is None else high * factor,
        "thin": one["certainty"] in _THIN,
        "id": one["source_id"],
        "source": one["source"],
    }


def _middle(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else (low + high) / 2


def _known(one: Mapping[str, Any]) -> str:
    if one["high"] is None:
        return "least"
    if not one["identified"]:
        return "sum"
    return "printed" if one["reported"] else "bounds"


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows with plain values; None for whatever is missing."""
    for row in frame.to_dict("records"):
        yield {str(name): _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], key: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [[row[name] for name in columns] for row in rows], columns=list(columns), dtype=object
    )
    return frame.sort_values(key, kind="stable", ignore_index=True)
