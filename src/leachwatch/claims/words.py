"""Words: numbers, months and partners as people write them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from leachwatch.case.records import Span
from leachwatch.claims.bands import Band
from leachwatch.claims.interval import Interval
from leachwatch.trade import by_iso

__all__ = [
    "band_words", "code_words", "interval_words", "listed", "months_words", "number", "partner_name",
    "span_words",
]  # fmt: skip

_NAMES = {
    "CHN": "China", "LAO": "Laos", "MMR": "Myanmar", "MYS": "Malaysia", "THA": "Thailand", "USA": "the USA",
    "VNM": "Vietnam", "WLD": "all origins",
}  # fmt: skip
_FEW = 3
_WHOLE = 1000
_LAST_MONTH = 12


def number(value: float) -> str:
    """Write a number with three digits or all of its whole ones.

    Examples
    --------
    >>> number(41700.4), number(9.876), number(-0.8125)
    ('41,700', '9.88', '-0.812')
    """
    if math.isinf(value):
        return "no limit"
    if abs(value) >= _WHOLE or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def interval_words(interval: Interval, unit: str = "") -> str:
    """Write what a number may be.

    Examples
    --------
    >>> interval_words(Interval(2, 3), "t"), interval_words(Interval(4, math.inf))
    ('2 to 3 t', '4 or more')
    """
    low, high = interval.low, interval.high
    after = f" {unit}" if unit else ""
    if math.isinf(low) and math.isinf(high):
        return "anything"
    if math.isinf(high):
        return f"{number(low)}{after} or more"
    if math.isinf(low):
        return f"{number(high)}{after} or less"
    if number(low) == number(high):
        return f"{number(low)}{after}"
    return f"{number(low)} to {number(high)}{after}"


def band_words(band: Band, unit: str = "") -> str:
    """Write what a sentence allows.

    Examples
    --------
    >>> band_words(Band(300, math.inf, low_open=True)), band_words(Band(8.5, 11.5))
    ('more than 300', '8.5 to 11.5')
    """
    after = f" {unit}" if unit else ""
    if math.isinf(band.high) and not math.isinf(band.low):
        return f"{'more than' if band.low_open else 'at least'} {number(band.low)}{after}"
    if math.isinf(band.low) and not math.isinf(band.high):
        return f"{'less than' if band.high_open else 'at most'} {number(band.high)}{after}"
    return interval_words(Interval(band.low, band.high), unit)


def span_words(span: Span) -> str:
    """Write a period as short as it can be said.

    Examples
    --------
    >>> span_words(Span.of("2017")), span_words(Span.of("2024-10")), span_words(Span.of("2024-10..2024-12"))
    ('2017', '2024-10', '2024-10 to 2024-12')
    """
    first, last = span.first, span.last
    if not _whole_months(first, last):
        return f"{first}" if first == last else f"{first} to {last}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    if first.month == 1 and last.month == _LAST_MONTH:
        return f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    return f"{first:%Y-%m} to {last:%Y-%m}"


def months_words(months: Sequence[date]) -> str:
    """Write months, runs of them joined."""
    runs: list[list[date]] = []
    for month in months:
        if runs and _next(runs[-1][-1]) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return listed(span_words(Span.of(f"{run[0]:%Y-%m}..{run[-1]:%Y-%m}")) for run in runs[:_FEW]) + (
        " and others" if len(runs) > _FEW else ""
    )


def listed(words: Iterable[str]) -> str:
    """Join words as in a sentence.

    Examples
    --------
    >>> listed(["2017"]), listed(["2017", "2023"]), listed(["a", "b", "c"])
    ('2017', '2017 and 2023', 'a, b and c')
    """
    every = list(dict.fromkeys(words))
    return " and ".join(filter(None, [", ".join(every[:-1]), every[-1]])) if every else ""


def partner_name(iso3: str) -> str:
    """Name of a partner; its code where none is known here."""
    return _NAMES.get(iso3, iso3)


def code_words(scope: str, partner: str) -> str:
    """Goods and partner as one asks customs for them.

    Examples
    --------
    >>> code_words("28469019+28469099", "MMR")
    'HS 28469019 and 28469099 from partner 106 (Myanmar)'
    """
    codes = f"HS {listed(code.rstrip('*') for code in scope.split('+'))}"
    known = by_iso().get(partner)
    if partner == "WLD":
        return f"{codes} from all partners together"
    if known is not None and known.gacc and known.verified:
        return f"{codes} from partner {known.gacc} ({partner_name(partner)})"
    return f"{codes} from {partner_name(partner)}"


def _whole_months(first: date, last: date) -> bool:
    return first.day == 1 and (
        last == date.max or _next(last.replace(day=1)).toordinal() - 1 == last.toordinal()
    )


def _next(month: date) -> date:
    return date(month.year + month.month // _LAST_MONTH, month.month % _LAST_MONTH + 1, 1)
