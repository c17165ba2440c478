"""Times as sources write them: a year, a month, a day, or from one to another."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from leachwatch.case import Period
from leachwatch.errors import PeriodError

__all__ = ["parse_month", "parse_time"]

_FORMS = (
    re.compile(r"(?P<y>\d{4})(?:(?P<sign>[-/])(?P<m>\d{1,2})(?:(?P=sign)(?P<d>\d{1,2}))?)?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})?"),
    re.compile(r"(?P<y>\d{4})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?"),
)
_YEARS = range(1950, 2101)


def parse_time(text: str) -> Period:
    """Read a time, or two of them joined by ``..``, as the days from the first to the last.

    Parameters
    ----------
    text : str
        Such as ``2024``, ``2024-01``, ``202401``, ``2024/1``, ``2024年1月``, ``2024-01-15`` or
        ``2024-01..2024-03``. A month without its year is none: the year is never guessed.

    Returns
    -------
    Period

    Raises
    ------
    PeriodError
        If it is none of these, or ends before it begins.

    Examples
    --------
    >>> parse_time("2024-01..2024-02").last
    datetime.date(2024, 2, 29)
    """
    first, _, last = text.partition("..")
    start, stop = _period(first.strip()), _period((last or first).strip())
    if stop.last < start.first:
        raise PeriodError(f"{text!r} ends before it begins; swap the two")
    return Period(start.first, stop.last)


def parse_month(text: str) -> Period:
    """Read a time that is one whole month.

    Raises
    ------
    PeriodError
        If it is not.
    """
    period = parse_time(text)
    days = monthrange(period.first.year, period.first.month)[1]
    if period.first.day != 1 or period.last != period.first.replace(day=days):
        raise PeriodError(f"{text!r} is no month; write it as 2024-01")
    return period


def _period(text: str) -> Period:
    for form in _FORMS:
        found = form.fullmatch(text) if text.isascii() or "年" in text else None
        if found:
            return _days(text, int(found["y"]), found["m"], found["d"])
    raise PeriodError(f"{text!r} is no time with its year; write it as 2024, 2024-01 or 2024-01-15")


def _days(text: str, year: int, month: str | None, day: str | None) -> Period:
    """Days of a time; without a month it is the whole year, without a day the whole month."""
    if year not in _YEARS:
        raise PeriodError(f"{text!r}: trade statistics have no such year; write it as 2024-01")
    end = int(month or 12)
    try:
        first = date(year, int(month or 1), int(day or 1))
        return Period(first, date(year, end, int(day) if day else monthrange(year, end)[1]))
    except ValueError as error:
        raise PeriodError(f"{text!r} is no time ({error}); write it as 2024-01 or 2024-01-15") from error
