"""Figures that need no adding up: as published, as estimated, and money turned into other money."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from leachwatch import tables
from leachwatch.case.records.figures import EstimateFigure, MoneyFigure, PublishedFigure
from leachwatch.claims.bands import rounding
from leachwatch.claims.customs import CUSTOMS_GROUPS
from leachwatch.claims.data import FIRST_RUN, Reader, plain_rows
from leachwatch.claims.estimate import Estimate
from leachwatch.claims.interval import Interval
from leachwatch.claims.words import interval_words, listed, span_words
from leachwatch.errors import BasisError
from leachwatch.tables import Table
from leachwatch.trade import Rates

__all__ = ["Quoted"]

_PERCENT = Interval(0.01, 0.01)
_SERIES = "series"
_RATE_GROUP = "exchange-rates"
_CHINA = CUSTOMS_GROUPS["CHN"]


class Quoted:
    """Figures of the tables ``observations`` and ``estimates``, and exchange rates.

    Parameters
    ----------
    reader : Reader
        Of the tables.
    rates : Rates
        Yuan for a dollar, by month.
    """

    def __init__(self, reader: Reader, rates: Rates) -> None:
        self._reader = reader
        self._rates = rates

    def published(self, figure: PublishedFigure) -> Estimate:
        """Take a figure as somebody printed it; percent become shares of 1."""
        if tables.OBSERVATIONS not in self._reader:
            return _no_table(tables.OBSERVATIONS)
        rows = self._observations.get(figure.figure, [])
        if not rows:
            return Estimate.no_measure(
                f"there is no published figure {figure.figure}", "its figure and source"
            )
        spans = [span for span, _, _ in rows]
        if len({unit for _, unit, _ in rows}) > 1 or len(set(spans)) > 1:
            what = f"{figure.figure} has {len(rows)} figures that differ, and which is meant is not said"
            return Estimate.no_measure(what, "a figure of its own id for each")
        unit, span = rows[0][1], spans[0]
        if unit == "percent":
            unit, span = "", span * _PERCENT
        said = f"figure {figure.figure}, as published: {interval_words(span, unit)}"
        groups = {group for _, _, group in rows}
        return Estimate.of(span, unit, said).resting_on([figure.figure], [tables.OBSERVATIONS.name], groups)

    def codes(self, figure: PublishedFigure) -> str:
        """Give the codes of a published figure, ``unstated`` too; empty where it is none of trade."""
        return self._codes.get(figure.figure, "")

    def estimated(self, figure: EstimateFigure) -> Estimate:
        """Take an estimate with its interval; one of several rivals has to be named."""
        if tables.ESTIMATES not in self._reader:
            return _no_table(tables.ESTIMATES)
        rivals = self._estimates.get((figure.quantity, figure.period), [])
        rows = [row for row in rivals if figure.scenario in {"", row[0]}]
        what = f"{figure.quantity} of {figure.period}"
        if not rows:
            known = f"; there is one for {listed(row[0] for row in rivals)}" if rivals else ""
            wanted = f" ({figure.scenario})" if figure.scenario else ""
            return Estimate.uncovered(
                f"there is no estimate of {what}{wanted}{known}", f"figures of {figure.period}"
            )
        if len(rows) > 1:
            named = listed(row[0] for row in rows)
            return Estimate.no_measure(
                f"{what} has rival estimates, and which is meant is not said: {named}", "a scenario"
            )
        scenario, low, high, unit, inputs = rows[0]
        unit = "" if unit == "share" else unit
        said = f"{what} ({scenario}): {interval_words(Interval(low, high), unit)}"
        estimate = Estimate.of(Interval(low, high), unit, said)
        return estimate.resting_on(inputs, [tables.ESTIMATES.name], self._groups_of(inputs))

    def money(self, figure: MoneyFigure) -> Estimate:
        """Turn money into other money at the rate of a month, as exactly as that was printed."""
        try:
            rate = self._rates.on(figure.month.first)
        except BasisError:
            when = span_words(figure.month)
            return Estimate.uncovered(
                f"there is no exchange rate for {when}", "an exchange rate in trade/rates.csv", when
            )
        span = Interval(rate.low, rate.high)
        if rate.low == rate.high:
            span = Interval(rate.rate - rounding(rate.rate), rate.rate + rounding(rate.rate))
        got = Interval(figure.amount, figure.amount) / span
        said = (
            f"{figure.amount:,.0f} {figure.currency} at {rate.rate:g} for a dollar in "
            f"{span_words(figure.month)}: {interval_words(got, figure.into)}"
        )
        return Estimate.of(got, figure.into, said).resting_on(
            [f"rate ({rate.source})"], (), [rate.group or _RATE_GROUP]
        )

    def _groups_of(self, inputs: Iterable[str]) -> set[str]:
        """Name the groups of what an estimate was made of; a prior is nobody's."""
        groups = {group for one in inputs for _, _, group in self._observations.get(one, [])}
        return groups | {_CHINA for one in inputs if one.startswith(_SERIES)}

    @cached_property
    def _observations(self) -> dict[str, list[tuple[Interval, str, str]]]:
        found = defaultdict(list)
        if tables.OBSERVATIONS in self._reader:
            columns = ("source_id", "value", "low", "high", "unit", "reporter", "flow", "partner", "source")
            for row in plain_rows(self._reader.read(tables.OBSERVATIONS), columns):
                name, value, low, high, unit, *who = row
                least = value if low is None else low
                most = value if high is None else high
                if least is not None or most is not None:
                    span = Interval(-math.inf if least is None else least, math.inf if most is None else most)
                    found[name].append((span, unit, _group(*who)))
        return found

    @cached_property
    def _codes(self) -> dict[str, str]:
        if tables.OBSERVATIONS not in self._reader:
            return {}
        columns = ("source_id", "flow", "hs_scope")
        rows = plain_rows(self._reader.read(tables.OBSERVATIONS), columns)
        return {name: scope for name, flow, scope in rows if flow in {"import", "export"} and scope}

    @cached_property
    def _estimates(self) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
        found = defaultdict(list)
        columns = ("quantity", "period", "scenario", "p05", "p95", "unit", "inputs")
        for quantity, period, *row in plain_rows(self._reader.read(tables.ESTIMATES), columns):
            found[quantity, period].append((*row[:-1], list(row[-1])))
        return found


def _group(reporter: str, flow: str, partner: str, source: str) -> str:
    """Group of a published figure: customs of a country, or who printed it."""
    if flow in {"import", "export"}:
        return CUSTOMS_GROUPS.get(reporter, f"{reporter.lower()}-customs")
    if "USGS" in source and partner == "MMR" and flow == "production":
        return _CHINA  # a note to its table says that it is reckoned from China's imports
    return source


def _no_table(table: Table) -> Estimate:
    return Estimate.uncovered(f"there is no table {table.name} yet", FIRST_RUN)
