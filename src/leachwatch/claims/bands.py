"""Bands: what a sentence lets one expect of its number, by how it hedges it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from leachwatch.case import ClaimSettings
from leachwatch.case.records.claim_tests import Expect
from leachwatch.claims.interval import Interval
from leachwatch.tables import Result

__all__ = ["Band", "band_of", "rounding"]


@dataclass(frozen=True)
class Band:
    """Numbers with which the sentence is right.

    Attributes
    ----------
    low, high : float
        Ends; infinite where there is none.
    low_open, high_open : bool
        Whether the end itself is not enough: "over 300" is wrong of 300.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: float) -> bool:
        """Whether the sentence is right of this value."""
        return not self._below(value) and not self._above(value)

    def judge(self, interval: Interval) -> Result:
        """Say what an interval means for the sentence.

        Returns
        -------
        str
            ``supports`` where all of it lies in the band, ``refutes`` where none does, else ``open``.
        """
        if self._above(interval.low) or self._below(interval.high):
            return "refutes"
        return "supports" if self.holds(interval.low) and self.holds(interval.high) else "open"

    def _below(self, value: float) -> bool:
        return value < self.low or (self.low_open and value == self.low)

    def _above(self, value: float) -> bool:
        return value > self.high or (self.high_open and value == self.high)


def band_of(expect: Expect, settings: ClaimSettings) -> Band:
    """Numbers with which a sentence is right.

    Parameters
    ----------
    expect : Expect
        Quantifier and number; a fall is negative, and "over" of a negative number means nearer to zero.
    settings : ClaimSettings
        How wide each quantifier is.

    Returns
    -------
    Band
        It holds the number itself, but for ``over`` and ``under``.
    """
    return _BANDS[expect.quantifier](expect, settings)


def rounding(value: float) -> float:
    """Half a unit of the last digit printed.

    Examples
    --------
    >>> rounding(7.29), rounding(35000)
    (0.005, 0.5)
    """
    decimals = -int(Decimal(repr(float(value))).normalize().as_tuple().exponent)
    return float(Decimal("0.5").scaleb(-max(0, decimals)))


def _around(value: float, half: float) -> Band:
    return Band(value - half, value + half)


def _between(one: float, other: float) -> Band:
    return Band(min(one, other), max(one, other))


def _share(name: str) -> Callable[[Expect, ClaimSettings], Band]:
    return lambda expect, settings: _around(expect.value, abs(expect.value) * float(getattr(settings, name)))


_BANDS: Mapping[str, Callable[[Expect, ClaimSettings], Band]] = {
    "exactly": lambda expect, _: _around(expect.value, rounding(expect.value)),
    "about": _share("about"),
    "roughly": _share("roughly"),
    "similar": _share("similar"),
    "over": lambda expect, _: Band(expect.value, math.inf, low_open=True),
    "at_least": lambda expect, _: Band(expect.value, math.inf),
    "under": lambda expect, _: Band(-math.inf, expect.value, high_open=True),
    "at_most": lambda expect, _: Band(-math.inf, expect.value),
    "nearly": lambda expect, settings: _between(expect.value * settings.nearly, expect.value),
    "up_to": lambda expect, _: _between(0.0, expect.value),
    "order_of_magnitude": lambda expect, settings: _between(
        expect.value / settings.order_of_magnitude, expect.value * settings.order_of_magnitude
    ),
    "between": lambda expect, _: Band(
        expect.value, expect.value if expect.value_high is None else expect.value_high
    ),
}
