"""Slips: what a printed figure may have been before it was misprinted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from leachwatch.trade.reconcile.settings import SLIPS, Slip
from leachwatch.trade.statement import Statement

__all__ = ["Original", "exchanged", "may_be_exchanged", "printed", "shifted", "values"]

_DIGITS = "0123456789"
_POINT_SCALES = (0.1, 10.0)
_SCALES = (0.001, *_POINT_SCALES, 1000.0)
_ALL_GONE = -100  # percent
_HALF = 0.45  # of the last digit, a little less than its half


@dataclass(frozen=True)
class Original:
    """What may have been meant.

    Attributes
    ----------
    slip : str
        What happened to it.
    statement : Statement
        As it would have been printed.
    chance : float
        Chance that a slip of this kind makes just this misprint of it, 0 to 1.
    """

    slip: Slip
    statement: Statement
    chance: float


def printed(statement: Statement) -> str:
    """Digits of a statement's value as printed, without its sign."""
    return f"{abs(statement.value):.{_decimals(statement.value, statement.half_width)}f}"


def _decimals(value: float, half_width: float) -> int:
    """Decimals that a value was printed with: those it has, or those its rounding implies.

    Examples
    --------
    >>> _decimals(23.0, 0.05), _decimals(35651.5, 0.5), _decimals(43855.0, 1.0)
    (1, 1, 0)
    """
    _, _, own = f"{abs(value):.9f}".rstrip("0").partition(".")
    implied = next((places for places in range(7) if half_width >= _HALF * 10**-places), 0)
    return max(len(own), implied)


def values(statement: Statement, slips: Mapping[Slip, float] = SLIPS) -> list[Original]:
    """Statements that one slip of the finger, of the decimal point or of the sign turns into this one.

    Parameters
    ----------
    statement : Statement
        As printed.
    slips : mapping of str to float
        How often each kind happens.

    Returns
    -------
    list of Original
        None of them twice: of two slips with the same result, the likelier.
    """

    def often(one: Original) -> float:
        return slips[one.slip] * one.chance

    found: dict[float, Original] = {}
    for original in [*_by_digits(statement), *_by_scale(statement), *_by_sign(statement)]:
        value = original.statement.value
        allowed = value >= _ALL_GONE if statement.kind == "change" else value >= 0
        known = found.get(value)
        if allowed and value != statement.value and (known is None or often(known) < often(original)):
            found[value] = original
    return list(found.values())


def shifted(statement: Statement) -> Iterator[Original]:
    """Give the same figure for the year before and for the year after."""
    for years in (-1, 1):
        yield Original("year", statement.years_on(years), 0.5)


def may_be_exchanged(one: Statement, other: Statement) -> bool:
    """Whether two figures can have taken each other's place.

    They are percentages of one kind and of the same codes, of one publication, for periods that end together.
    """
    return (
        one.unit == other.unit == "%"
        and one.kind == other.kind
        and (one.source, one.hs) == (other.source, other.hs)
        and one.period_end == other.period_end
        and one.value != other.value
    )


def exchanged(one: Statement, other: Statement) -> tuple[Statement, Statement]:
    """Two statements with each other's figures."""
    return (
        replace(one, value=other.value, half_width=other.half_width),
        replace(other, value=one.value, half_width=one.half_width),
    )


def _by_digits(statement: Statement) -> Iterator[Original]:
    whole, _, rest = printed(statement).partition(".")
    digits = whole + rest
    sign = -1.0 if statement.value < 0 else 1.0
    kinds: tuple[tuple[Slip, set[str]], ...] = (
        ("digit", set(_substituted(digits))),
        ("neighbours", set(_turned(digits))),
        ("lost", set(_longer(digits))),
        ("added", set(_shorter(digits, len(rest) + 1))),
    )
    for slip, texts in kinds:
        able = {text for text in texts if text != digits and (text[0] != "0" or len(text) == len(rest) + 1)}
        for text in able:
            value = sign * int(text) / 10 ** len(rest)
            yield Original(slip, replace(statement, value=value), 1 / len(able))


def _substituted(digits: str) -> Iterator[str]:
    for place in range(len(digits)):
        for digit in _DIGITS:
            yield digits[:place] + digit + digits[place + 1 :]


def _turned(digits: str) -> Iterator[str]:
    for place, (left, right) in enumerate(pairwise(digits)):
        yield digits[:place] + right + left + digits[place + 2 :]


def _longer(digits: str) -> Iterator[str]:
    for place in range(len(digits) + 1):
        for digit in _DIGITS:
            yield digits[:place] + digit + digits[place:]


def _shorter(digits: str, fewest: int) -> Iterator[str]:
    if len(digits) > fewest:
        for place in range(len(digits)):
            yield digits[:place] + digits[place + 1 :]


def _by_scale(statement: Statement) -> Iterator[Original]:
    scales = _POINT_SCALES if statement.unit == "%" else _SCALES
    _, _, rest = printed(statement).partition(".")
    for scale in scales:
        width = max(statement.half_width, 0.5 * 10.0 ** -len(rest) * scale if scale > 1 else 0.0)
        value = round(statement.value * scale, 9)
        yield Original("scale", replace(statement, value=value, half_width=width), 1 / len(scales))


def _by_sign(statement: Statement) -> Iterator[Original]:
    if statement.kind == "change":
        yield Original("sign", replace(statement, value=-statement.value), 1.0)
