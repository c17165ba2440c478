"""Dates of what a protected source said, to the month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from leachwatch.case.records import Dated
from leachwatch.release.model import PublicDated

__all__ = ["exact", "month_of", "to_the_month"]

_DAY = timedelta(days=1)


def month_of(day: date | None) -> date | None:
    """First day of a day's month."""
    return day.replace(day=1) if day else None


def exact(dated: Dated) -> PublicDated:
    """Give dates as they are."""
    return PublicDated(
        first_imprecise=dated.first_imprecise,
        first_precise=dated.first_precise,
        last_precise=dated.last_precise,
        last_imprecise=dated.last_imprecise,
        starting=dated.starting,
        ending=dated.ending,
        starting_context=dated.starting_context,
        ending_context=dated.ending_context,
        verbatim=dated.verbatim,
        to_the_month=False,
    )


def to_the_month(dated: Dated) -> PublicDated:
    """Widen dates to whole months, and leave out the words that they were read from.

    What is published stays true: it held on some day between the imprecise ends, which move outwards, and on
    every day between the precise ones, which move inwards, and go where no whole month is left. A month that
    begins or ends with the precise day is left out, too: otherwise that day could be read off.

    Examples
    --------
    >>> day = date(2024, 10, 18)
    >>> wide = to_the_month(Dated(first_precise=day, last_precise=day))
    >>> str(wide.first_imprecise), wide.first_precise, str(wide.last_imprecise)
    ('2024-10-01', None, '2024-10-31')
    """
    known = [
        day
        for day in (dated.first_imprecise, dated.first_precise, dated.last_precise, dated.last_imprecise)
        if day is not None
    ]
    precise = [day for day in (dated.first_precise, dated.last_precise) if day is not None]
    first: date | None = None
    last: date | None = None
    if precise:
        first = _month_end(precise[0]) + _DAY
        last = precise[-1].replace(day=1) - _DAY
        if first > last:
            first = last = None
    return PublicDated(
        first_imprecise=month_of(known[0]),
        first_precise=first,
        last_precise=last,
        last_imprecise=_month_end(known[-1]),
        starting=dated.starting,
        ending=dated.ending,
        starting_context="",
        ending_context="",
        verbatim="",
        to_the_month=True,
    )


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
