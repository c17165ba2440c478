"""Context: lines to read beside a verdict, against bases that were picked to impress."""

from __future__ import annotations

from datetime import date
from typing import Any

from leachwatch.case.records import Span
from leachwatch.case.records.claim_tests import ChangeTest, Context
from leachwatch.case.records.figures import TradeFigure
from leachwatch.claims.estimate import Estimate
from leachwatch.claims.interval import Interval
from leachwatch.claims.measures import Measures
from leachwatch.claims.words import interval_words, span_words

__all__ = ["context_lines"]

_PLACEBOS = 12
"""Months, before and after, to which a change is moved."""


def context_lines(test: Any, reading: Any, measures: Measures) -> tuple[str, ...]:
    """Reckon the lines that a test asks for, and the placebos of a change around an event.

    Returns
    -------
    tuple of str
        In the order of the test; a line whose figures are missing says so.
    """
    lines = [_line(one, getattr(reading, one.of, None), measures) for one in getattr(test, "context", ())]
    if isinstance(test, ChangeTest) and test.around is not None:
        lines.append(_placebos(test, reading, measures))
    return tuple(lines)


def _line(asked: Context, figure: Any, measures: Measures) -> str:
    if not isinstance(figure, TradeFigure):
        return f"{asked.kind} of {asked.of}: only figures of trade have one"
    own = measures.customs.measure(figure)
    when = span_words(figure.period)
    if not own.covered:
        return f"{asked.kind} of {when}: {own.missing}"
    if asked.kind == "level":
        other = measures.customs.measure(_moved(figure, asked.versus))
        then = span_words(_moved(figure, asked.versus).period)
        ratio = _over(own, other)
        if ratio is None:
            return f"{when} against {then}: {other.missing or 'the base is zero'}"
        return f"{when} is {interval_words(ratio)} times {then}"
    before = [measures.customs.measure(_moved(figure, -months)) for months in range(1, asked.window + 1)]
    known = [one for one in before if one.covered]
    if not known:
        return f"percentile of {when}: none of the {asked.window} months before it is known"
    least = sum(one.high < own.low for one in known)
    most = sum(one.low <= own.high for one in known)
    share = interval_words(Interval(100 * least / len(known), 100 * most / len(known)), "%")
    return f"{when} is above {share} of the {len(known)} months known of the {asked.window} before it"


def _placebos(test: ChangeTest, reading: Any, measures: Measures) -> str:
    """Move the change to other months: how often one as strong came without the event."""
    before, after = reading.before, reading.after
    if not (isinstance(before, TradeFigure) and isinstance(after, TradeFigure)):
        return "placebos: only figures of trade have them"
    own = _over(measures.customs.measure(after), measures.customs.measure(before))
    found = []
    for months in (*range(-_PLACEBOS, 0), *range(1, _PLACEBOS + 1)):
        ratio = _over(*(measures.customs.measure(_moved(one, months)) for one in (after, before)))
        if ratio is not None:
            found.append(ratio)
    if not found or own is None:
        return f"placebos: the change about other months is not known ({len(found)} of {2 * _PLACEBOS})"
    whole = Interval.hull(found) - Interval(1, 1)
    fall = test.expect.value < 0
    alike = sum(one.low <= own.high if fall else one.high >= own.low for one in found)
    strong = "as deep a fall" if fall else "as steep a rise"
    return (
        f"placebos: moved to {len(found)} other months, the change is {interval_words(whole)}; "
        f"{alike} of them may be {strong}"
    )


def _over(above: Estimate, below: Estimate) -> Interval | None:
    if not (above.covered and below.covered) or below.interval == Interval(0, 0):
        return None
    return above.interval / below.interval


def _moved(figure: TradeFigure, months: int) -> TradeFigure:
    return figure.model_copy(update={"period": _shifted(figure.period, months)})


def _shifted(period: Span, months: int) -> Span:
    """Move a period by months; it is made of whole ones."""
    first, last = _month(period.first, months), _month(period.last, months + 1)
    return Span(first, date.fromordinal(last.toordinal() - 1))


def _month(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
