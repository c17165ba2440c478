"""Intervals: what a number may be, from the least to the most that the data allow."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Interval"]


@dataclass(frozen=True)
class Interval:
    """What a number may be.

    Attributes
    ----------
    low, high : float
        Least and most; infinite where there is no limit.

    Examples
    --------
    >>> Interval(10, 12) / Interval(2, 4)
    Interval(low=2.5, high=6.0)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if math.isnan(self.low) or math.isnan(self.high) or self.low > self.high:
            raise ValueError(f"{self.low:g} to {self.high:g} is no interval; give the lower end first")

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [_times(one, two) for one in (self.low, self.high) for two in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        """Quotient; without limit where the divisor may be zero.

        Raises
        ------
        ZeroDivisionError
            If the divisor is zero and nothing else.
        """
        if other.low == other.high == 0:
            raise ZeroDivisionError("the divisor is zero")
        if other.low < 0 < other.high:
            return Interval(-math.inf, math.inf)
        return self * other.inverse()

    def inverse(self) -> Interval:
        """One over it; zero may only be one of its ends."""
        if self.high <= 0:
            return Interval(-math.inf if self.high == 0 else 1 / self.high, 1 / self.low)
        return Interval(1 / self.high, math.inf if self.low == 0 else 1 / self.low)

    def widened(self, share: float) -> Interval:
        """Wider by a share of each end, either way."""
        return Interval(self.low - abs(self.low) * share, self.high + abs(self.high) * share)

    def overlaps(self, other: Interval) -> bool:
        """Whether both may be the same."""
        return self.low <= other.high and other.low <= self.high

    def within(self, other: Interval) -> Interval | None:
        """Cut it to what the other allows too; None where they contradict each other."""
        return (
            Interval(max(self.low, other.low), min(self.high, other.high)) if self.overlaps(other) else None
        )

    @classmethod
    def hull(cls, several: Iterable[Interval]) -> Interval:
        """Smallest that holds all."""
        listed = list(several)
        return cls(min(one.low for one in listed), max(one.high for one in listed))


def _times(one: float, other: float) -> float:
    """Product in which zero times no limit is zero: the zero is known, the other end only unbounded."""
    return 0.0 if 0 in {one, other} else one * other
