"""Periods as people write them in a claim: a year, a month, a day, or two of these with dots between."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from leachwatch.case.period import Period

__all__ = ["Span", "SpanText"]


@dataclass(frozen=True, order=True)
class Span:
    """Days, both included.

    Attributes
    ----------
    first, last : date
        The first is not after the last.
    """

    first: date
    last: date

    @classmethod
    def of(cls, written: Any) -> Span:
        """Read ``2017``, ``2024-10``, ``2024-10-11``, or two with ``..`` between; ``..2023`` has no start.

        Raises
        ------
        ValueError
            If it is none of these, or ends before it begins.

        Examples
        --------
        >>> str(Span.of("2024-10..2025-01"))
        '2024-10-01..2025-01-31'
        """
        if isinstance(written, Span):
            return written
        first, dots, last = str(written).partition("..")
        begins = date.min if dots and not first.strip() else _day(first, end=False)
        span = cls(begins, _day(last or first, end=True))
        if span.last < span.first:
            raise ValueError(f"{written} ends before it begins; swap the two")
        return span

    def __str__(self) -> str:
        return f"{self.first if self.begins else ''}..{self.last}"

    @property
    def begins(self) -> bool:
        """Whether it has a beginning: ``..2023`` is all time up to the end of 2023."""
        return self.first != date.min

    def months(self) -> tuple[date, ...]:
        """First day of each month that has a day in it."""
        return tuple(Period(self.first, self.last).months())


def _day(text: str, *, end: bool) -> date:
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text.strip())
    wrong = ValueError(
        f"{text.strip()!r} is no period; write 2017, 2024-10, 2024-10-11, or two with .. between"
    )
    if not found:
        raise wrong
    year = int(found[1])
    month = int(found[2] or (12 if end else 1))
    try:
        return date(year, month, int(found[3] or (monthrange(year, month)[1] if end else 1)))
    except ValueError:
        raise wrong from None


SpanText = Annotated[
    Span,
    BeforeValidator(Span.of),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "description": "2017, 2024-10, 2024-10-11, or two of these with .. between",
        }
    ),
]
"""A `Span` as it is written in YAML."""
