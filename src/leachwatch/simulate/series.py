"""The series: the days on which the satellite looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

__all__ = ["Series"]

_JITTER = 0.4  # of the step between two looks


@dataclass(frozen=True)
class Series:
    """Some months with looks in them.

    Attributes
    ----------
    first, last : date
        First and last day of the months.
    looks : tuple of date
        Days of the scenes, rising, no two the same.
    """

    first: date
    last: date
    looks: tuple[date, ...]

    @classmethod
    def spread(cls, rng: np.random.Generator, first: date, months: int, looks: int) -> Series:
        """Spread a number of looks over some months, with jitter."""
        last = _after(first, months)
        return cls(first, last, _days(rng, first, last, looks))

    @classmethod
    def regular(cls, first: date, months: int, every: int) -> Series:
        """Look on the first day and every so many days from then on."""
        last = _after(first, months)
        if every < 1:
            raise ValueError(f"every is {every}; looks are 1 day apart or more")
        ordinals = range(first.toordinal(), last.toordinal() + 1, every)
        return cls(first, last, tuple(map(date.fromordinal, ordinals)))


def _after(start: date, months: int) -> date:
    """Last day of a series of months."""
    if months < 1:
        raise ValueError(f"months is {months}; a series needs 1 or more")
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)


def _days(rng: np.random.Generator, first: date, last: date, looks: int) -> tuple[date, ...]:
    """Days of the looks, no two the same."""
    span = (last - first).days + 1
    if not 1 <= looks <= span // 2:
        raise ValueError(f"looks is {looks}; {span} days hold 1 to {span // 2}")
    step = span / looks
    places = (np.arange(looks) + 0.5 + rng.uniform(-_JITTER, _JITTER, looks)) * step
    days = np.floor(places).astype(int)
    return tuple(first + timedelta(days=int(day)) for day in np.maximum.accumulate(days + _ties(days)))


def _ties(days: Sequence[int] | np.ndarray) -> np.ndarray:
    """One day more for a day that is taken."""
    return np.concatenate([[0], (np.diff(days) <= 0).astype(int)])
