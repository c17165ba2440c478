"""A statement: one figure that somebody printed about trade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any, Literal, get_args

from leachwatch.errors import RecordError

__all__ = ["KINDS", "UNITS", "Kind", "Statement", "Unit", "faults"]

Kind = Literal["total", "change", "share", "more_than", "nearly"]
Unit = Literal["t", "kg", "%"]

KINDS: tuple[str, ...] = get_args(Kind)
"""What a statement says of its series: a sum over its period, a change, a share, a least, an almost."""

UNITS: tuple[str, ...] = get_args(Unit)


@dataclass(frozen=True)
class Statement:
    """One figure as printed.

    Attributes
    ----------
    id : str
        Its own name, unique in a file.
    reporter, partner : str
        ISO 3166 alpha-3; partner ``WLD`` is all together.
    flow : str
        ``import`` or ``export``, seen from the reporter.
    hs : str
        Codes whose sum is meant, joined by ``+``; a code counts every code below it, with or without a star.
    basis : str
        What was weighed, as in the table ``observations``.
    kind : str
        ``total`` of the period; ``change`` of it against the base period, in percent; ``share`` of the base
        series, in percent; ``more_than`` and ``nearly``, a total that is only hinted at.
    period_start, period_end : date
        First days of the first and the last month, both counted.
    base_start, base_end : date or None
        The same of what a change is measured against, or a share is of (None: the same months).
    base_partner, base_hs : str or None
        Series that a share is of, or a change is measured against (None: the statement's own).
    value : float
        As printed, in ``unit``.
    unit : str
        ``t``, ``kg`` or ``%``; a change of -17 % has the value -17.
    half_width : float
        What rounding hides on either side, in ``unit``.
    source : str
        Publication it stands in: two percentages are taken for swapped only within one.
    url : str
        Where it can be read.
    status, note : str
        For people; nothing computed looks at them.

    Raises
    ------
    RecordError
        If it makes no sense; the message names the statement, the field and the mend.
    """

    id: str
    reporter: str
    partner: str
    flow: str
    hs: str
    basis: str
    kind: Kind
    period_start: date
    period_end: date
    base_start: date | None
    base_end: date | None
    base_partner: str | None
    base_hs: str | None
    value: float
    unit: Unit
    half_width: float
    source: str
    url: str = ""
    status: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        for field, fault in faults(vars(self)):
            raise RecordError(f"statement {self.id}: {field}: {fault}")

    def years_on(self, years: int) -> Statement:
        """Give the same statement for the same months of another year.

        Parameters
        ----------
        years : int
            How many later; below zero for earlier.
        """
        return replace(
            self,
            period_start=_years_on(self.period_start, years),
            period_end=_years_on(self.period_end, years),
            base_start=self.base_start and _years_on(self.base_start, years),
            base_end=self.base_end and _years_on(self.base_end, years),
        )


def _years_on(month: date, years: int) -> date:
    return month.replace(year=month.year + years)


def faults(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields of a statement that make no sense, with what to mend.

    Parameters
    ----------
    values : mapping
        By name of field, each of the field's type.

    Yields
    ------
    field, fault : str
        Name of the field, and what is wrong with it.
    """
    yield from _faults_of_months("period", values["period_start"], values["period_end"])
    yield from _faults_of_months("base", values["base_start"], values["base_end"])
    relative = values["unit"] == "%"
    signed = values["kind"] == "change" or (relative and values["kind"] != "share")
    yield from _faults_of_value(values["value"], values["half_width"], signed=signed)
    if values["kind"] in {"change", "share"} and not relative:
        yield "unit", f"a {values['kind']} is printed in %, not {values['unit']}"
    if values["kind"] == "total" and relative:
        yield "unit", "a total is printed in t or kg, not %"
    if relative and not any(values[name] for name in ("base_start", "base_partner", "base_hs")):
        yield "base_start", "say of or against what the percentage is: a period, a partner or codes"


def _faults_of_months(name: str, start: date | None, end: date | None) -> Iterator[tuple[str, str]]:
    if (start is None) != (end is None):
        yield f"{name}_{'start' if start is None else 'end'}", "missing; give both ends or neither"
    for end_name, day in (("start", start), ("end", end)):
        if day is not None and day.day != 1:
            yield f"{name}_{end_name}", f"{day} is not the first day of a month"
    if start is not None and end is not None and end < start:
        yield f"{name}_end", f"{end} is before the start {start}"


def _faults_of_value(value: float, half_width: float, *, signed: bool) -> Iterator[tuple[str, str]]:
    if not isfinite(value):
        yield "value", f"{value} is not a number"
    elif value < 0 and not signed:
        yield "value", f"{value:g} is below zero"
    if not isfinite(half_width) or half_width < 0:
        yield "half_width", f"{half_width} is not a width"
