"""Charts of trade and estimates: what a table says, as a Vega-Lite specification and the rows it shows.

Nothing is told by colour alone: printed figures, bounds, kinds of breaks and partners have a shape, an
outline or a name of their own. Where there is nothing to show there is no chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from leachwatch.publish.language import say, sentence
from leachwatch.publish.sheet import Chart, framed, sources_of
from leachwatch.publish.trade_drawings import (
    CONTRADICTION_NAMES,
    RIVAL_NAMES,
    bars,
    breaks,
    course,
    dumbbell,
    event_lines,
    intervals,
    numbers,
    plain,
    rows_of,
    span_of,
    text,
    time_scale,
)
from leachwatch.publish.trade_frames import (
    CALLED,
    annual_rows,
    event_rows,
    month_rows,
    outcome_rows,
    shock_rows,
)
from leachwatch.publish.trade_words import codes, country

__all__ = ["annual_imports", "contradictions", "monthly_series", "revenue", "supply_shares"]

_DUE, _DUE_EXAMPLE = "would be due", "would be due per 1,000 t"
_SHARES = ("share of supply", "share of supply, as published")


def annual_imports(
    observations: pd.DataFrame,
    *,
    reporter: str = "CHN",
    goods: Mapping[str, str] | None = None,
    simulated: bool = False,
) -> Chart | None:
    """Show imports by year, code and partner, gross weight; codes counted together stand apart.

    Parameters
    ----------
    observations : DataFrame
        Of the table ``observations``.
    reporter : str
        Whose imports.
    goods : mapping of str to str, optional
        Plain names by code.
    simulated : bool
        Whether it must say that no figure is real.

    Returns
    -------
    Chart or None
        None where no whole year is known.
    """
    data = annual_rows(observations, reporter)
    if data.empty:
        return None
    rows = sorted(rows_of(data), key=lambda row: (not row["codes"].isdecimal(), row["codes"]))
    drawing = bars([_bar(row, goods or {}) for row in rows])
    title = say("Imports of {country} by code, partner and year", country=country(reporter))
    caption = say(
        "Thousand tonnes, gross weight of the code, not of oxide in it. MMR is Myanmar, WLD all origins. Two "
        "bars of one partner and year are two published figures. Dashed and empty: derived, or from a thin "
        "source. A line on a bar is the interval."
    )
    return framed(Chart("annual-imports", title, caption, sources_of(data), data, {}, {}), drawing, simulated)


def monthly_series(
    series: pd.DataFrame,
    shocks: pd.DataFrame,
    events: pd.DataFrame,
    *,
    source: str,
    called: float = CALLED,
    simulated: bool = False,
) -> tuple[Chart, ...]:
    """Show each series by month: its bounds, the events of its time, and the breaks in it.

    Parameters
    ----------
    series, shocks : DataFrame
        Of the tables of that name.
    events : DataFrame
        Columns ``id``, ``first``, ``last``, ``partner``, ``note`` and ``source``; may be empty.
    source : str
        Who published the statements.
    called : float
        Least probability of what is called a shock; a break that is less sure is drawn as unsure.
    simulated : bool
        Whether it must say that no figure is real.

    Returns
    -------
    tuple of Chart
        One for each reporter, flow, partner and code, in that order; none where there is no series.
    """
    charts = []
    for key in sorted({_key(row) for row in rows_of(series[["reporter", "flow", "partner", "hs"]])}):
        own = [_key(row) == key for row in rows_of(series)]
        months = month_rows(series[own])
        first, end = months["month"].iloc[0], months["next"].iloc[-1]
        happened = event_rows(events, key[2], first, end)
        broke = shock_rows(shocks, " ".join(key), end, called)
        told = "; ".join(
            dict.fromkeys(one for said in [source, *happened["source"]] for one in said.split("; "))
        )
        drawing = _months(months, happened, broke)
        name = "-".join(("months", *key)).replace("+", "-").replace("*", "").lower()
        chart = Chart(name, _words(key), _HOW_MONTHS, told, _together(months, happened, broke), {}, {})
        below = [text(event_lines(happened), 11)] if len(happened) else []
        charts.append(framed(chart, drawing, simulated, below=below))
    return tuple(charts)


def contradictions(found: pd.DataFrame, *, source: str, simulated: bool = False) -> Chart | None:
    """Show printed values beside those that all other statements allow.

    Parameters
    ----------
    found : DataFrame
        One row a statement that is taken for a misprint: ``statement`` (id), ``what`` (plain words, two
        lines), ``printed``, ``low`` and ``high`` (what fits; None: no limit), ``unit``, ``repair`` (plain
        words).
    source : str
        Who published the statements.
    simulated : bool
        Whether it must say that no figure is real.

    Returns
    -------
    Chart or None
        None where nothing contradicts.
    """
    if found.empty:
        return None
    columns = ["statement", "what", "printed", "low", "high", "unit", "repair"]
    data = found[columns].astype(object).reset_index(drop=True)
    parts = [dumbbell(_contradiction(row)) for row in rows_of(data)]
    title = say("Printed figures that cannot all be true")
    caption = say(
        "Cross: as printed. Bar: what all other statements allow; an arrow where they set no limit. Each has "
        "an axis of its own, so compare within a row. In brackets the likeliest slip: a guess."
    )
    chart = Chart("contradictions", title, caption, source, data, {}, {})
    return framed(chart, alt.vconcat(*parts, spacing=10), simulated, CONTRADICTION_NAMES)


def revenue(
    estimates: pd.DataFrame, *, sources: Mapping[str, str] | None = None, simulated: bool = False
) -> Chart | None:
    """Show what would be due in dollars under each rival regime; never what anybody earned.

    The longest period is shown that was summed; where none was, what would be due on 1,000 tonnes at the
    latest month's rates.

    Parameters
    ----------
    estimates : DataFrame
        Of the table ``estimates``.
    sources : mapping of str to str, optional
        Who published a figure, by its id.
    simulated : bool
        Whether it must say that no figure is real.

    Returns
    -------
    Chart or None
        None where nothing of it was estimated.
    """
    due, example = (outcome_rows(estimates, [name], "USD") for name in (_DUE, _DUE_EXAMPLE))
    summed = due[["/" in period for period in due["period"]]]
    data = summed if len(summed) else example
    if data.empty:
        return None
    period = max(data["period"], key=lambda said: (len(said), said))
    data = data[data["period"] == period].reset_index(drop=True)
    title = say(
        sentence("What would be due under each reported regime, on what crossed in {period}")
        if len(summed)
        else sentence("What would be due under each reported regime, on 1,000 t at the rates of {period}"),
        period=period,
    )
    rows = [_outcome(row, row["scenario"].removeprefix("under "), 1e-6) for row in rows_of(data)]
    caption = say(
        "Million dollars: 5th to 95th percentile, dot at the median. The regimes are rival readings of one "
        "notice; none says what was paid, or to whom."
    )
    chart = Chart("revenue", title, caption, _inputs(data, sources or {}), data, {}, {})
    return framed(chart, intervals(rows, "million dollars"), simulated, RIVAL_NAMES)


def supply_shares(
    estimates: pd.DataFrame, *, sources: Mapping[str, str] | None = None, simulated: bool = False
) -> Chart | None:
    """Show Myanmar's share of supply by each definition, with what was published beside it.

    Parameters
    ----------
    estimates, sources, simulated
        As in `revenue`.

    Returns
    -------
    Chart or None
        None where there is no share.
    """
    data = outcome_rows(estimates, _SHARES, "share")
    if data.empty:
        return None
    rows = sorted((_share(row) for row in rows_of(data)), key=lambda row: row["row"])
    title = say("Myanmar’s share of supply depends on what is counted")
    caption = say(
        "Percent: 5th to 95th percentile, dot at the median; empty square or dashed line: as published. Each "
        "definition divides by something else. The spread between them is the answer; no single one is."
    )
    chart = Chart("supply-shares", title, caption, _inputs(data, sources or {}), data, {}, {})
    return framed(chart, intervals(rows, "percent", most=100), simulated, RIVAL_NAMES)


_HOW_MONTHS = say(
    "Tonnes, gross. Box: all that the printed statements together allow; a line is a narrow bound. Dot: "
    "that month was printed by itself. Dashed box: only a sum over months is known, of which one month may "
    "be all; one that reaches the top goes on above. Triangle: at least so much, without limit. Numbers: "
    "events, named below. Under the months, breaks against the season before: full triangle sure (its point "
    "says which way), circle unsure, diamond explained by the season."
)


def _months(months: pd.DataFrame, happened: pd.DataFrame, broke: pd.DataFrame) -> Any:
    scale = time_scale(months["month"].iloc[0], months["next"].iloc[-1])
    parts = [course(months, happened, scale)]
    if len(happened):
        parts.insert(0, numbers(happened, scale))
    if len(broke):
        parts.append(breaks(broke, scale))
    return alt.vconcat(*parts, spacing=8)


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Name a series, in the order of its name in the table of shocks."""
    return row["reporter"], row["flow"], row["partner"], row["hs"]


def _words(key: tuple[str, str, str, str]) -> str:
    reporter, flow, partner, hs = key
    way = (
        sentence("Imports of {codes} by {reporter} from {partner}, month by month")
        if flow == "import"
        else sentence("Exports of {codes} by {reporter} to {partner}, month by month")
    )
    return say(way, codes=codes(hs), reporter=country(reporter), partner=country(partner))


def _together(months: pd.DataFrame, happened: pd.DataFrame, broke: pd.DataFrame) -> pd.DataFrame:
    """Everything that is drawn as one table, with what a row is."""
    tables = {"month": months, "event": happened, "break": broke}
    parts = [frame.assign(row=name) for name, frame in tables.items() if len(frame)]
    return pd.concat(parts, ignore_index=True)


def _bar(row: Mapping[str, Any], goods: Mapping[str, str]) -> dict[str, Any]:
    own, code = row["partner"] == "MMR", row["codes"]
    value, low, high = (None if row[name] is None else row[name] / 1000 for name in ("tonnes", "low", "high"))
    return {
        **row,
        "goods": f"{code} {goods[code]}" if code in goods else code.replace("+", " + "),
        "value": value,
        "low": None if low == high else low,
        "high": high,
        "look": "thin" if row["thin"] else "own" if own else "other",
        "slot": f"{0 if own else 1} {row['partner']} {row['place']}",
        "label": f"{row['partner']} {plain(row['tonnes'] / 1000)}",
    }


def _contradiction(row: Mapping[str, Any]) -> dict[str, Any]:
    printed, low, high, unit = (row[name] for name in ("printed", "low", "high", "unit"))
    fits = f"{plain(low)} {unit} or more" if high is None else f"{span_of(low, high)} {unit}"
    end = low + (low - printed) / 4 if high is None else high
    return {
        **row,
        "end": end,
        "near": min(max(printed, low), end),
        "row": f"{row['statement']}: {row['what']}",
        "told": f"printed {plain(printed)} {unit}, fits {fits} ({row['repair']})",
    }


def _share(row: Mapping[str, Any]) -> dict[str, Any]:
    definition, _, identity = row["scenario"].partition(" [")
    printed = f", published ({identity.rstrip(']')})" if row["published"] else ""
    return _outcome(row, f"{definition}, {row['period']}{printed}", 100)


def _outcome(row: Mapping[str, Any], name: str, factor: float) -> dict[str, Any]:
    low, middle, high = (None if row[level] is None else row[level] * factor for level in _LEVELS)
    look = "published" if row["published"] else "drawn"
    told = span_of(row["p05"] * factor, row["p95"] * factor)
    if middle is not None:
        told = plain(middle) if row["published"] or told == plain(middle) else f"{plain(middle)} ({told})"
    return {**row, "row": name, "low": low, "middle": middle, "high": high, "look": look, "told": told}


_LEVELS = ("p05", "p50", "p95")


def _inputs(data: pd.DataFrame, sources: Mapping[str, str]) -> str:
    ids = dict.fromkeys(one for row in data["inputs"] for one in row.split(", ") if one)
    return "; ".join(f"{one} ({sources[one]})" if one in sources else one for one in ids)
