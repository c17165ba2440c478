"""Customs: the tightest interval that series and published figures leave a sum of months.

Every figure of a period is a bound on the difference of two running sums, and so is every month of a series.
The tightest bounds that follow from all of them together are shortest paths between the months.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leachwatch import tables
from leachwatch.case.records import Span
from leachwatch.case.records.figures import TradeFigure
from leachwatch.claims.data import FIRST_RUN, Reader, plain_rows
from leachwatch.claims.estimate import Estimate, Lack
from leachwatch.claims.interval import Interval
from leachwatch.claims.words import code_words, interval_words, months_words, partner_name, span_words
from leachwatch.trade import conversion, parse_scope

__all__ = ["CUSTOMS_GROUPS", "Customs"]

CUSTOMS_GROUPS = {"CHN": "china-customs"}
"""Independence group of all that goes back to the customs of a country, where it has a name of its own."""

_TONNES = {"t": 1.0, "kg": 0.001}
_BASES = ("gross", "REO", "element", "USD_cif", "USD_fob", "CNY_cif", "CNY_fob")
_SERIES = "series"
_SLACK = 1e-6
_UNITS = {"gross": "t", "REO": "t", "element": "t"}

_Key = tuple[str, str, str, str]
"""Reporter, flow, partner, basis."""


@dataclass(frozen=True)
class _Known:
    """A figure: months from ``first`` up to, not with, ``end``, by number."""

    first: int
    end: int
    span: Interval
    source: str


class Customs:
    """Figures of trade, by who counted what.

    Parameters
    ----------
    reader : Reader
        Of the tables.
    """

    def __init__(self, reader: Reader) -> None:
        self._tables = [one.name for one in (tables.SERIES, tables.OBSERVATIONS) if one in reader]
        self._known: dict[_Key, dict[str, list[_Known]]] = defaultdict(lambda: defaultdict(list))
        if tables.SERIES in reader:
            for key, scope, one in _of_series(reader.read(tables.SERIES)):
                self._known[key][scope].append(one)
        if tables.OBSERVATIONS in reader:
            for key, scope, one in _of_observations(reader.read(tables.OBSERVATIONS)):
                self._known[key][scope].append(one)
        self._sums: dict[tuple[_Key, str], _Sums] = {}
        self._measured: dict[TradeFigure, Estimate] = {}

    def measure(self, figure: TradeFigure) -> Estimate:
        """Bound a sum of months.

        Parameters
        ----------
        figure : TradeFigure
            Several codes are added; codes of fewer than eight digits count all below them.

        Returns
        -------
        Estimate
            In tonnes, or in money; lacking what is missing. A month that nobody speaks of is missing, and not
            zero; one partner never stands for another.
        """
        if figure not in self._measured:
            self._measured[figure] = self._measure(figure)
        return self._measured[figure]

    def _measure(self, figure: TradeFigure) -> Estimate:
        group = CUSTOMS_GROUPS.get(figure.reporter, f"{figure.reporter.lower()}-customs")
        said = f"{_what(figure)} in {span_words(figure.period)}"
        if not self._tables:
            return Estimate.uncovered("there are no tables of trade yet", FIRST_RUN)
        if not _whole_months(figure.period):
            return Estimate.no_measure(
                f"{span_words(figure.period)} is not made of whole months", "figures by the day"
            )
        key = (figure.reporter, figure.flow, figure.partner, figure.basis)
        scope = parse_scope("+".join(figure.hs))
        ways = [self._added(key, codes, figure.period) for codes in ([str(scope)], _singly(scope.codes))]
        found = [way for way in ways if not isinstance(way, list)]
        if not found:
            return self._lacking(figure, str(scope), min(ways, key=len))  # type: ignore[arg-type]
        best = _together([interval for interval, _ in found])
        inputs = [source for _, sources in found for source in sources]
        unit = _UNITS.get(figure.basis, figure.basis[:3])
        told = f"{said}: {interval_words(best, unit)}"
        return Estimate.of(best, unit, told).resting_on(inputs, self._tables, [group])

    def _added(
        self, key: _Key, scopes: Sequence[str], period: Span
    ) -> tuple[Interval, list[str]] | list[date]:
        """Sum over scopes, with its sources; or the months that are missing."""
        total = Interval(0, 0)
        sources: list[str] = []
        missing: set[date] = set()
        for scope in scopes:
            one = self._of(key, scope).between(period)
            if isinstance(one, list):
                missing |= set(one)
            else:
                total, sources = total + one[0], [*sources, *one[1]]
        return sorted(missing) if missing else (total, sources)

    def _of(self, key: _Key, scope: str) -> _Sums:
        if (key, scope) not in self._sums:
            known = self._known[key][scope] if key in self._known and scope in self._known[key] else []
            self._sums[key, scope] = _Sums(known)
        return self._sums[key, scope]

    def _lacking(self, figure: TradeFigure, scope: str, months: list[date]) -> Estimate:
        """Name the conversion that would give it from what is there, or the months that nobody speaks of."""
        when = span_words(figure.period)
        mend = f"a customs export of {code_words(scope, figure.partner)}"
        for key, scopes in self._known.items():
            if key[:3] != (figure.reporter, figure.flow, figure.partner):
                continue
            for other, known in scopes.items():
                if isinstance(_Sums(known).between(figure.period), list):
                    continue
                if key[3] != figure.basis and other == scope:
                    unit, wanted = (_UNITS.get(basis, basis[:3]) for basis in (key[3], figure.basis))
                    lack = conversion(unit, key[3], wanted, figure.basis)
                    what = f"what is known of {when} is {key[3]}, not {figure.basis}; missing: {lack}"
                    return Estimate.no_measure(what, lack)
                if key[3] == figure.basis and other != scope:
                    what = f"what is known of {when} counts HS {other}, not HS {scope}"
                    lack = f"{what}; missing: a figure for the same codes"
                    return Estimate(lacks=(Lack(lack, mend, when, computable=False),))
        gap = months_words(months)
        what = f"no figure at hand gives {_what(figure)} for {when}"
        if gap != when:
            what += f" ({gap} missing)"
        return Estimate.uncovered(what, mend, when)


class _Sums:
    """Running sums of one series of figures, closed under all that follows from them."""

    def __init__(self, known: Sequence[_Known]) -> None:
        self._known = self._figures = known
        self._closed: NDArray[np.float64] | None = None
        if not known:
            return
        self._start, end = min(one.first for one in known), max(one.end for one in known)
        self._size = end - self._start + 1
        self._closed = self._close(known)
        if self._closed is None:  # what was reconciled does not contradict itself
            self._figures = [one for one in known if one.source == _SERIES]
            self._closed = self._close(self._figures)

    def between(self, period: Span) -> tuple[Interval, list[str]] | list[date]:
        """Sum over a period with its sources, or the months that no figure speaks of."""
        months = period.months()
        first, end = _number(months[0]), _number(months[-1]) + 1
        inside = [one for one in self._known if first <= one.first and one.end <= end]
        spoken = _spoken(self._known, first, end)
        missing = [month for month in months if _number(month) not in spoken]
        if missing or not inside:
            return missing
        whole = [one.span for one in inside if (one.first, one.end) == (first, end)]
        if self._closed is not None and (_spoken(self._figures, first, end) == spoken or not whole):
            one, other = first - self._start, end - self._start
            low, high = -self._closed[other, one], self._closed[one, other]
            whole.append(Interval(max(0.0, float(low)), max(0.0, float(low), float(high))))
        return _together(whole), list(dict.fromkeys(one.source for one in inside))

    def _close(self, known: Sequence[_Known]) -> NDArray[np.float64] | None:
        """Bound every difference of running sums; None where figures contradict each other."""
        most = np.full((self._size, self._size), math.inf)
        np.fill_diagonal(most, 0.0)
        later = np.arange(1, self._size)
        most[later, later - 1] = 0.0  # no month is below nothing
        for one in known:
            first, end = one.first - self._start, one.end - self._start
            most[first, end] = min(most[first, end], one.span.high)
            most[end, first] = min(most[end, first], -one.span.low)
        for middle in range(self._size):
            np.minimum(most, most[:, middle, None] + most[middle], out=most)
        return None if (np.diagonal(most) < -_SLACK).any() else most


def _spoken(figures: Sequence[_Known], first: int, end: int) -> set[int]:
    """Months of a period that figures inside it speak of."""
    inside = (one for one in figures if first <= one.first and one.end <= end)
    return {month for one in inside for month in range(one.first, one.end)}


def _of_series(frame: Any) -> Iterator[tuple[_Key, str, _Known]]:
    columns = ("reporter", "flow", "partner", "hs", "month", "low", "high")
    for reporter, flow, partner, hs, month, low, high in plain_rows(frame, columns):
        if low == 0 and high is None:
            continue  # a row that says nothing
        first, most = _number(month), math.inf if high is None else high
        one = _Known(first, first + 1, Interval(low, max(low, most)), _SERIES)
        yield (reporter, flow, partner, "gross"), str(parse_scope(hs)), one


def _of_observations(frame: Any) -> Iterator[tuple[_Key, str, _Known]]:
    """Take sums as published; parts of a flow in one source are added, figures shown wrong left out."""
    used = frame[
        (frame["certainty"].fillna("") != "X")
        & frame["flow"].isin(["import", "export"])
        & frame["unit"].isin(["t", "kg", "USD", "CNY"])
        & frame["basis"].isin(_BASES)
        & frame["period_start"].notna()
        & frame["period_end"].notna()
        & (frame["hs_scope"] != "unstated")
        & (frame["partner"] != "")
    ]
    columns = [
        "source_id", "reporter", "flow", "partner", "basis", "hs_scope", "period_start", "period_end",
        "value", "low", "high", "unit",
    ]  # fmt: skip
    parts: dict[tuple[Any, ...], list[Interval]] = defaultdict(list)
    for row in plain_rows(used, columns):
        *what, value, low, high, unit = row
        if not _whole_months(Span(what[-2], what[-1])):
            continue
        factor = _TONNES.get(unit, 1.0)
        parts[tuple(what)].append(_span(value, low, high) * Interval(factor, factor))
    for (source, reporter, flow, partner, basis, scope, start, end), spans in parts.items():
        total = Interval(sum(one.low for one in spans), sum(one.high for one in spans))
        one = _Known(_number(start), _number(end) + 1, total, source)
        yield (reporter, flow, partner, basis), str(parse_scope(scope)), one


def _span(value: float | None, low: float | None, high: float | None) -> Interval:
    if low is None and high is None:
        return Interval(value or 0.0, math.inf if value is None else value)
    return Interval(low or 0.0, math.inf if high is None else high)


def _together(spans: Sequence[Interval]) -> Interval:
    """Cut to what all allow; where they contradict each other, to what any allows."""
    best: Interval | None = spans[0]
    for one in spans[1:]:
        best = best.within(one) if best is not None else None
    return best if best is not None else Interval.hull(spans)


def _singly(codes: Sequence[str]) -> list[str]:
    return [str(parse_scope(code)) for code in codes]


def _what(figure: TradeFigure) -> str:
    way = "imports from" if figure.flow == "import" else "exports to"
    basis = "" if figure.basis == "gross" else f", {figure.basis}"
    return f"{way} {partner_name(figure.partner)} (HS {'+'.join(figure.hs)}{basis})"


def _whole_months(period: Span) -> bool:
    return period.first.day == 1 and (period.last + timedelta(days=1)).day == 1


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1
