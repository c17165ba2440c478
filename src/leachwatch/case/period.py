"""The period to watch, from months or days as people write them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from leachwatch.errors import PeriodError

__all__ = ["Period", "parse_period"]


@dataclass(frozen=True)
class Period:
    """Days to watch, both included.

    Attributes
    ----------
    first, last : date
        The first is not after the last.
    """

    first: date
    last: date

    def months(self) -> Iterator[date]:
        """First day of each month of the period."""
        year, month = self.first.year, self.first.month
        while date(year, month, 1) <= self.last:
            yield date(year, month, 1)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December


def parse_period(
    first: str, last: str, *, today: date, names: tuple[str, str] = ("--from", "--to")
) -> Period:
    """Read the first and last month or day.

    Parameters
    ----------
    first, last : str
        ``2022-01`` or ``2022-01-15``; a month as the last means its last day.
    today : date
        Nothing was seen after it. A month that has begun may be asked for and ends today.
    names : tuple of str
        What the user calls the two, for messages.

    Returns
    -------
    Period

    Raises
    ------
    PeriodError
        If a date does not exist, the first is after the last, or the first lies in the future.

    Examples
    --------
    >>> parse_period("2022-01", "2024-02", today=date(2026, 1, 1)).last
    datetime.date(2024, 2, 29)
    """
    first_name, last_name = names
    start = _day(first, first_name, end=False)
    stop = _day(last, last_name, end=True)
    if start > stop:
        raise PeriodError(f"{first_name} {first} is after {last_name} {last}; swap them")
    if start > today:
        raise PeriodError(f"{first_name} {first} is in the future (today is {today}); nothing was seen yet")
    if (stop if len(last.strip()) > len("2022-01") else stop.replace(day=1)) > today:
        raise PeriodError(f"{last_name} {last} is in the future (today is {today}); end with {today:%Y-%m}")
    return Period(start, min(stop, today))


def _day(text: str, option: str, *, end: bool) -> date:
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text.strip())
    wrong = PeriodError(f"{option} {text!r} is not a date; write it like 2022-01 or 2022-01-15")
    if match is None:
        raise wrong
    year, month = int(match[1]), int(match[2])
    try:
        if match[3]:
            return date(year, month, int(match[3]))
        return date(year, month, monthrange(year, month)[1] if end else 1)
    except ValueError:
        raise wrong from None
