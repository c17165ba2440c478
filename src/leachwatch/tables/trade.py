"""The tables of trade and estimates: figures as published, what they bound, what broke, what it is worth.

No two values of different ``hs_scope`` or ``basis`` may be compared or added.
"""

from __future__ import annotations

from collections.abc import Iterator

from leachwatch.tables.table import Column, Table

__all__ = [
    "BASES",
    "CONTRADICTIONS",
    "ESTIMATES",
    "EVENTS",
    "NOT_PASSED_ON",
    "OBSERVATIONS",
    "SENSITIVITY",
    "SERIES",
    "SHOCKS",
    "TRADE_TABLES",
]

BASES = ("gross", "REO", "oxide", "element", "USD_cif", "USD_fob", "CNY_cif", "CNY_fob")
"""What a value weighs or is worth: gross, all rare-earth oxide in it, one oxide or one element in it, or
money with freight and insurance (cif) or without (fob)."""

NOT_PASSED_ON = "UN Comtrade"
"""How the name of a source begins whose terms allow internal use only: its rows stay with who fetched them,
what is derived from them does not."""

REPAIRS = ("digit", "neighbours", "lost", "added", "scale", "sign", "year", "swap", "drop", "several")
"""Kinds of repair: another digit, two neighbours turned, a digit lost or added, point or thousands slipped,
sign lost, another year's figure, two figures exchanged, a statement left out, and more than one of these.
"""


def _partners() -> Iterator[Column]:
    yield Column("reporter", "text", "who counted: ISO 3166 alpha-3")
    yield Column(
        "partner",
        "text",
        "where from or to: ISO 3166 alpha-3, WLD for all together; empty where none is meant",
    )
    yield Column("flow", "text", "seen from the reporter", words=("import", "export", "production", "none"))


OBSERVATIONS = Table(
    "observations",
    ("source_id", "period_start", "partner", "hs", "basis", "row"),
    (
        Column("source_id", "text", "the published figure, or the file it was read from"),
        Column("row", "count", "which row of that source, from 1; of a text file, the line"),
        *_partners(),
        Column("hs", "text", "code as printed; empty where the source names none"),
        Column(
            "hs_scope",
            "text",
            "codes counted, as a sorted list with +, a star for all codes below; `unstated` if not said",
        ),
        Column("period_start", "date", "first day (null: of no time, as a molar mass is)", optional=True),
        Column("period_end", "date", "last day", optional=True),
        Column("value", "number", "as printed (null: only an interval is known)", optional=True),
        Column("unit", "text", "t, kg, USD, CNY, CNY/t, CNY/kg, USD/kg or percent"),
        Column(
            "basis",
            "text",
            "what was weighed or paid (null where the unit has none, or the source does not say)",
            words=BASES,
            optional=True,
        ),
        Column("low", "number", "least value that rounds to what was printed", optional=True),
        Column("high", "number", "largest value that rounds to what was printed", optional=True),
        Column("status", "text", "where it comes from", words=("reported", "derived", "bounds", "disputed")),
        Column(
            "certainty",
            "text",
            "A official, B one good source, C derived or thin, D ambiguous, X shown to be wrong",
            words=("A", "B", "C", "D", "X"),
            optional=True,
        ),
        Column("published", "date", "when it was published", optional=True),
        Column("vintage", "text", "edition or version of the source", optional=True),
        Column("metric", "text", "what the value is, in a word or two"),
        Column("source", "text", "who published it"),
        Column("url", "text", "where it can be read", optional=True),
        Column("note", "text", "what to know before using it", optional=True),
    ),
)

SERIES = Table(
    "series",
    ("reporter", "flow", "hs", "partner", "month"),
    (
        Column("month", "date", "first day of the month"),
        *_partners(),
        Column("hs", "text", "code, or codes joined by +"),
        Column("low", "number", "least tonnes that every statement allows, t gross"),
        Column(
            "high",
            "number",
            "most tonnes that every statement allows, t gross (null: no limit)",
            optional=True,
        ),
        Column(
            "mid", "number", "a smooth course between the bounds: for drawing only, t gross", optional=True
        ),
        Column("identified", "flag", "false where only a sum over months is known"),
        Column("reported", "flag", "true where a statement prints this month by itself"),
    ),
)

CONTRADICTIONS = Table(
    "contradictions",
    ("conflict", "rank"),
    (
        Column("conflict", "text", "one set of statements that cannot all be true"),
        Column("rank", "count", "1 is the repair that explains most with least"),
        Column("statements", "texts", "ids of the statements in conflict"),
        Column("tonnes", "number", "least total change, in tonnes, that would make them agree"),
        Column(
            "repair",
            "text",
            "what kind of slip would explain it",
            words=REPAIRS,
        ),
        Column("suspects", "texts", "ids of the statements that the repair changes"),
        Column("printed", "numbers", "of each suspect, the figure as printed"),
        Column(
            "fits_low",
            "numbers",
            "of each suspect, the least that the rest allows: all statements but it, the other suspects as "
            "mended, without the suspects of other conflicts",
        ),
        Column("fits_high", "numbers", "of each suspect, the most that the rest allows (null: no limit)"),
        Column("units", "texts", "of each suspect, what printed, fits_low and fits_high are in: t, kg or %"),
        Column("share", "number", "weight among the repairs of this conflict, 0 to 1"),
        Column("change", "text", "the repair in words: what was printed, what would fit"),
    ),
)

SHOCKS = Table(
    "shocks",
    ("series", "start"),
    (
        Column("start", "date", "first month of the new level"),
        Column("end", "date", "last month of it (null: still so at the end)", optional=True),
        Column("series", "text", "reporter, flow, partner and codes"),
        Column("sum_of_origins", "flag", "true where the series adds several origins, which hides shocks"),
        Column("direction", "text", "which way the level moves", words=("fall", "rise")),
        Column(
            "change_vs_season",
            "number",
            "median month of the level against those of its season before (rains, dry), as a share",
            optional=True,
        ),
        Column("mom", "number", "first month against the one before, as a share", optional=True),
        Column("yoy", "number", "first month against the year before, as a share", optional=True),
        Column("z", "number", "robust z of the first month against the season", optional=True),
        Column(
            "probability",
            "number",
            "1 less the share of series resampled without a break that show one as strong, 0 to 1",
        ),
        Column("stability", "number", "share of penalties of the sweep at which the break is there, 0 to 1"),
        Column("peer", "flag", "true where PELT of ruptures has it too, within a month"),
        Column("seasonal", "flag", "true where the season alone explains it"),
        Column("composition", "flag", "true where codes of the partner change places in the same months"),
        Column("lost_low", "number", "tonnes below the counterfactual, 5th percentile", optional=True),
        Column("lost_p50", "number", "tonnes below the counterfactual, median", optional=True),
        Column("lost_high", "number", "tonnes below the counterfactual, 95th percentile", optional=True),
        Column("event_id", "text", "event of the catalogue it falls on", optional=True),
        Column("note", "text", "what to know before using it, and what cannot be known", optional=True),
    ),
)

EVENTS = Table(
    "events",
    ("first", "event_id"),
    (
        Column("event_id", "text", "short name"),
        Column("first", "date", "first day; where only a part of a month is known, that part"),
        Column("last", "date", "last day"),
        Column("kind", "text", "what it was", words=("disruption", "recovery", "confounder")),
        Column("seasonal", "flag", "whether it comes with the time of year"),
        Column("partner", "text", "whose exports it touches, ISO 3166 alpha-3"),
        Column("shows", "text", "what tonnes were seen to do", words=("fall", "rise", "none", "unknown")),
        Column("effect", "text", "what was printed of it; empty where nothing was"),
        Column("source", "text", "who says so"),
        Column("url", "text", "where; empty where it has no address"),
        Column("note", "text", "what happened, in our words"),
    ),
)

ESTIMATES = Table(
    "estimates",
    ("quantity", "period", "scenario"),
    (
        Column("quantity", "text", "what is estimated"),
        Column("period", "text", "year, month or range"),
        Column("scenario", "text", "which definition or regime; rivals stand side by side"),
        Column("p05", "number", "5th percentile of the draws; of a published figure, its least value"),
        Column(
            "p50",
            "number",
            "median of the draws; of a published figure, its value (null: only a range was printed)",
            optional=True,
        ),
        Column("p95", "number", "95th percentile of the draws; of a published figure, its largest value"),
        Column("unit", "text", "t, USD, CNY, share or t/site-year"),
        Column("basis", "text", "what is weighed or paid", words=BASES, optional=True),
        Column("inputs", "texts", "ids of the figures and priors it rests on"),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    ("quantity", "period", "scenario", "place"),
    (
        Column("quantity", "text", "as in estimates"),
        Column("period", "text", "as in estimates"),
        Column("scenario", "text", "as in estimates"),
        Column("place", "count", "1 is what moves it most"),
        Column("input", "text", "id of the figure, series or prior that was drawn"),
        Column("rank_correlation", "number", "Spearman's rho of the estimate with it, -1 to 1"),
    ),
)

TRADE_TABLES = (OBSERVATIONS, SERIES, CONTRADICTIONS, SHOCKS, EVENTS, ESTIMATES, SENSITIVITY)
"""What trade and estimates write, in the order in which it is made."""
