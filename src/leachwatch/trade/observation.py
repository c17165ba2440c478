"""An observation: one figure with what it counts, so that unlike figures are not compared or added."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Protocol

import pandas as pd

from leachwatch.errors import BasisError
from leachwatch.trade.codes import UNSTATED, Scope, parse_scope

__all__ = [
    "Observation",
    "Span",
    "add",
    "compare",
    "conversion",
    "dependence",
    "difference",
    "made_from_customs",
    "observations",
    "scaled",
]

_CUSTOMS = {"import", "export"}
_USGS = re.compile(r"\bUSGS\b|\bU\.? ?S\.? Geological Survey\b|Mineral Commodity Summaries", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """What a number may be.

    Attributes
    ----------
    low, high : float
        Least and largest; infinite where there is no limit.
    """

    low: float
    high: float

    def __sub__(self, other: Span) -> Span:
        return Span(self.low - other.high, self.high - other.low)

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def holds(self, value: float) -> bool:
        """Whether the number may be this value; a billionth is left to floating point."""
        slack = 1e-9 * max(abs(value), abs(self.low if math.isfinite(self.low) else 0), 1)
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True)
class Observation:
    """A row of the table ``observations``; its columns are described there."""

    source_id: str
    row: int
    reporter: str
    partner: str
    flow: str
    hs: str
    hs_scope: str
    period_start: date | None
    period_end: date | None
    value: float | None
    unit: str
    basis: str | None
    low: float | None
    high: float | None
    status: str
    certainty: str | None
    published: date | None
    vintage: str | None
    metric: str
    source: str
    url: str | None
    note: str | None

    @property
    def scope(self) -> Scope:
        """Codes that it counts."""
        return parse_scope(self.hs_scope)

    @property
    def span(self) -> Span:
        """What it may be: the value itself where no bound is given, without limit where one is."""
        low, high = self.low, self.high
        if low is None and high is None and self.value is not None:
            return Span(self.value, self.value)
        return Span(-math.inf if low is None else low, math.inf if high is None else high)

    def independent_of(self, other: Observation) -> bool:
        """Whether nothing is known that ties the two; `dependence` says what does."""
        return dependence(self, other) is None

    def __str__(self) -> str:
        """Name, number and what it counts, as in messages."""
        span, basis = self.span, f" {self.basis}" if self.basis else ""
        number = f"{self.value:,g}" if self.value is not None else f"{span.low:,g} to {span.high:,g}"
        what = self.hs_scope if self.scope.stated else self.metric
        return f"{self.source_id} ({number} {self.unit}{basis}, {what}, {self.partner})"

    def as_row(self) -> dict[str, Any]:
        """Values by column, for `Table.frame`."""
        return asdict(self)


def observations(frame: pd.DataFrame) -> tuple[Observation, ...]:
    """Rows of the table ``observations``, in its order; a missing value is None."""
    names = [field.name for field in fields(Observation)]
    plain = frame[names].astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return tuple(Observation(**{str(name): value for name, value in row.items()}) for row in rows)


def difference(one: Observation, other: Observation) -> Span:
    """Subtract the second from the first: over months or partners, never over codes or bases.

    Parameters
    ----------
    one, other : Observation
        Of the same unit, basis and codes.

    Returns
    -------
    Span
        In their unit.

    Raises
    ------
    BasisError
        If they count other things; the message names the conversion that is missing.
    """
    _must_be_alike(one, other)
    return one.span - other.span


def compare(one: Observation, other: Observation) -> bool:
    """Whether two figures of the same thing can both be right, given how far each is rounded.

    Raises
    ------
    BasisError
        If they are not of the same thing: as in `difference`, or another partner, flow or time.
    """
    _must_be_alike(one, other)
    for what in ("partner", "flow", "period_start", "period_end"):
        mine, theirs = getattr(one, what), getattr(other, what)
        if mine != theirs:
            raise BasisError(f"{one} and {other} are not of the same {what}: {mine} and {theirs}")
    return (one.span - other.span).holds(0)


def add(one: Observation, other: Observation) -> Observation:
    """Sum of two figures that differ in one thing only: codes, or months, or partners.

    Returns
    -------
    Observation
        Derived; its source names both.

    Raises
    ------
    BasisError
        If something would be counted twice or left out, or they are of another unit or basis.
    """
    _must_be_of_one_basis(one, other)
    for what in ("reporter", "flow"):
        if getattr(one, what) != getattr(other, what):
            raise BasisError(f"{one} and {other} cannot be added: their {what} differs")
    parts = {"hs_scope": _codes(one, other), "period": _months(one, other), "partner": _partners(one, other)}
    odd = [name for name, (same, _) in parts.items() if not same]
    if len(odd) != 1 or not parts[odd[0]][1]:
        mend = "add parts that differ in one thing only: other codes, partners, or the months that follow"
        raise BasisError(f"{one} and {other} cannot be added: {mend}")
    span = one.span + other.span
    values = None if one.value is None or other.value is None else one.value + other.value
    scope = str(one.scope | other.scope)
    return replace(
        one,
        source_id=f"{one.source_id}+{other.source_id}",
        row=1,
        hs=scope if "hs_scope" in odd else one.hs,
        hs_scope=scope if "hs_scope" in odd else one.hs_scope,
        partner=f"{one.partner}+{other.partner}" if "partner" in odd else one.partner,
        period_start=_least(one.period_start, other.period_start),
        period_end=_most(one.period_end, other.period_end),
        value=values,
        low=span.low if math.isfinite(span.low) else None,
        high=span.high if math.isfinite(span.high) else None,
        status="derived",
        certainty=max(one.certainty or "C", other.certainty or "C"),
        published=None,
        source=f"sum of {one.source_id} and {other.source_id}",
        url=None,
        note=None,
    )


def scaled(one: Observation, share: Span, *, partner: str) -> Observation:
    """Take the part of a total that a share gives a partner.

    Parameters
    ----------
    one : Observation
        The total.
    share : Span
        From 0 to 1; of 95 % as printed, 0.945 to 0.955.
    partner : str
        Whose part: ISO 3166 alpha-3.

    Returns
    -------
    Observation
        Derived, of the same codes and basis.
    """
    span = one.span
    return replace(
        one,
        source_id=f"{one.source_id} by share",
        partner=partner,
        value=None if one.value is None else one.value * (share.low + share.high) / 2,
        low=span.low * share.low,
        high=span.high * share.high,
        status="derived",
        source=f"a share of {one.source_id}",
        url=None,
        note=None,
    )


def dependence(one: Observation, other: Observation) -> str | None:
    """Why the one is no check on the other; None where nothing is known that ties them."""
    for mine, theirs in ((one, other), (other, one)):
        reason = made_from_customs(mine)
        if reason and (made_from_customs(theirs) or _of_customs(theirs, "CHN")):
            return f"{mine.source_id}: {reason}"
    if one.reporter == other.reporter and one.flow == other.flow and one.flow in _CUSTOMS:
        return f"{one.source_id} and {other.source_id} both go back to the customs of {one.reporter}"
    return None


class Counted(Protocol):
    """A figure with whose it is and who published it."""

    @property
    def partner(self) -> str:
        """Whose it is, ISO 3166 alpha-3."""

    @property
    def source(self) -> str:
        """Who published it."""

    @property
    def metric(self) -> str:
        """What it is."""


def made_from_customs(one: Counted) -> str | None:
    """Why a figure is no witness to China's imports, in words; None where it may be one.

    The USGS reckons what Myanmar (Burma) mines from what China imports, as a note to its table of world mine
    production says: set against customs it would agree with itself.
    """
    if one.partner == "MMR" and _USGS.search(f"{one.source} {one.metric}"):
        return "USGS makes its figure for Burma from China's import statistics (MCS 2025, note 12)"
    return None


def _of_customs(one: Observation, reporter: str) -> bool:
    return one.reporter == reporter and one.flow in _CUSTOMS


def _must_be_of_one_basis(one: Observation, other: Observation) -> None:
    if (one.unit, one.basis) != (other.unit, other.basis):
        missing = conversion(one.unit, one.basis, other.unit, other.basis)
        raise BasisError(f"{one} and {other} are of another basis; missing: {missing}")
    if one.basis in {None, "element", "oxide"} and one.metric != other.metric:
        raise BasisError(f"{one} and {other} are not of the same thing: {one.metric}, {other.metric}")


def _must_be_alike(one: Observation, other: Observation) -> None:
    _must_be_of_one_basis(one, other)
    mine, theirs = one.scope, other.scope
    counted_by_codes = bool({one.flow, other.flow} & _CUSTOMS)
    if mine == theirs and (mine.stated or not counted_by_codes):
        return
    if UNSTATED in {mine, theirs}:
        raise BasisError(f"{one} and {other}: the codes of one are not stated; missing: what it counts")
    raise BasisError(f"{one} and {other} count other codes; missing: a figure for the same codes")


def conversion(unit: str, basis: str | None, other_unit: str, other_basis: str | None) -> str:
    """Name what leads from one unit and basis to another.

    Examples
    --------
    >>> conversion("t", "gross", "t", "REO")
    'the grade, tonnes of oxide in a tonne of these codes'
    """
    steps = {
        frozenset({"gross", "REO"}): "the grade, tonnes of oxide in a tonne of these codes",
        frozenset({"REO", "oxide"}): "the share of that oxide in all rare-earth oxide",
        frozenset({"oxide", "element"}): "the weight of the element in its oxide",
        frozenset({"REO", "element"}): "the share of the element in the oxide",
        frozenset({"gross", "element"}): "the grade and the share of the element",
        frozenset({"gross", "oxide"}): "the grade and the share of that oxide",
        frozenset({"USD_cif", "USD_fob"}): "freight and insurance",
        frozenset({"CNY_cif", "CNY_fob"}): "freight and insurance",
    }
    if unit == other_unit:
        told = steps.get(frozenset({str(basis), str(other_basis)}))
        return told or f"what leads from {basis or 'no basis'} to {other_basis or 'no basis'}"
    if {unit[:3], other_unit[:3]} == {"CNY", "USD"}:
        return "the month's exchange rate"
    if "t" in {unit, other_unit}:
        return "a price per tonne of the same codes"
    return f"what leads from {unit} to {other_unit}"


def _codes(one: Observation, other: Observation) -> tuple[bool, bool]:
    return one.scope == other.scope and one.scope.stated, one.scope.disjoint(other.scope)


def _months(one: Observation, other: Observation) -> tuple[bool, bool]:
    """Whether of the same time; whether the one begins on the day after the other ends."""
    mine, theirs = (one.period_start, one.period_end), (other.period_start, other.period_end)
    day = timedelta(days=1)
    follows = any(
        end is not None and start is not None and end + day == start
        for end, start in ((mine[1], theirs[0]), (theirs[1], mine[0]))
    )
    return mine == theirs, follows


def _partners(one: Observation, other: Observation) -> tuple[bool, bool]:
    mine, theirs = set(one.partner.split("+")), set(other.partner.split("+"))
    return mine == theirs, mine.isdisjoint(theirs) and "WLD" not in mine | theirs


def _least(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else min(one, other)


def _most(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
