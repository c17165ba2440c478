"""What a sentence lets one expect, and what the data allow, as two bars along one axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from leachwatch.publish import words
from leachwatch.publish.case_model import PublicReading
from leachwatch.publish.language import say

__all__ = ["Band", "band", "figure", "stretch"]

WIDTH = 300
_MARGIN = 0.12  # of the axis beyond what is drawn on it
_DIGITS = 3


@dataclass(frozen=True)
class Band:
    """Two bars in units of the drawing; an open end reaches the edge.

    Attributes
    ----------
    accepted, estimate : tuple of float
        Left and right ends.
    """

    accepted: tuple[float, float]
    estimate: tuple[float, float]


def band(reading: PublicReading) -> Band | None:
    """Place both bars; None where there is no estimate, or nothing to hold it against."""
    if reading.low is None or (reading.accepted_low is None and reading.accepted_high is None):
        return None
    ends = [reading.low, reading.high, reading.accepted_low, reading.accepted_high]
    known = [end for end in ends if end is not None]
    least, most = min(known), max(known)
    margin = (most - least) * _MARGIN or abs(most) * _MARGIN or 1.0
    least, most = least - margin, most + margin

    def x(value: float | None, default: float) -> float:
        return default if value is None else round((value - least) / (most - least) * WIDTH, 1)

    left, right = x(reading.low, 0), x(reading.high, WIDTH)
    return Band((x(reading.accepted_low, 0), x(reading.accepted_high, WIDTH)), (left, max(right, left + 2)))


def figure(value: float) -> str:
    """Write a number with three significant digits, and all those before the point.

    Examples
    --------
    >>> figure(0.02847), figure(-0.5), figure(43912.4), figure(9.347)
    ('0.0285', '−0.5', '43,912', '9.35')
    """
    if value == 0:
        return "0"
    decimals = max(0, _DIGITS - 1 - floor(log10(abs(value))))
    text = f"{abs(value):,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if value < 0 else text


def stretch(low: float | None, high: float | None, unit: str) -> str:
    """Write an interval, open at an end or at both.

    Examples
    --------
    >>> stretch(1.0, 2.5, "t"), stretch(None, -0.8, ""), stretch(300, None, ""), stretch(4, 4, "")
    ('1 to 2.5 t', 'up to −0.8', '300 or more', '4')
    """
    named = words.UNITS.get(unit, unit)
    if low is None and high is None:
        return say("not known")
    if low is None:
        return say("up to {number}", number=_with(figure(high or 0.0), named))
    if high is None:
        return say("{number} or more", number=_with(figure(low), named))
    if figure(low) == figure(high):
        return _with(figure(low), named)
    return say("{first} to {last}", first=figure(low), last=_with(figure(high), named))


def _with(number: str, unit: str) -> str:
    return say("{number} {unit}", number=number, unit=unit) if unit else number
