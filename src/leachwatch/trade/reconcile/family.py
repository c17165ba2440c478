"""The account of one family: statements that have something to do with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from leachwatch.trade.reconcile.bounds import Bounded, bound, targets, unidentified
from leachwatch.trade.reconcile.course import course
from leachwatch.trade.reconcile.fits import fits
from leachwatch.trade.reconcile.grid import Series, series_of
from leachwatch.trade.reconcile.hypotheses import applied
from leachwatch.trade.reconcile.result import Mend
from leachwatch.trade.reconcile.search import Finding, find_misprints
from leachwatch.trade.reconcile.settings import ReconcileSettings
from leachwatch.trade.reconcile.system import System, build
from leachwatch.trade.reconcile.words import in_words, kind_of
from leachwatch.trade.statement import Statement

__all__ = ["Account", "Conflicting", "Row", "settle"]

Row = dict[str, Any]
"""A row of a table, by column."""

_LEAST_SLACK = 0.05  # tonnes


@dataclass(frozen=True)
class Conflicting:
    """Statements in conflict, and what would mend it.

    Attributes
    ----------
    statements : tuple of str
        Ids.
    tonnes : float
        Least change, in tonnes, that would make them agree.
    mends : tuple of Mend
        The likeliest first.
    """

    statements: tuple[str, ...]
    tonnes: float
    mends: tuple[Mend, ...]


@dataclass(frozen=True)
class Account:
    """What one family gives; the parts are those of `Reconciled`."""

    conflicts: tuple[Conflicting, ...]
    slack: dict[str, float]
    series: list[Row]
    cautious: list[Row]
    sums: list[Row]
    in_force: tuple[str, ...]
    left_out: tuple[str, ...]
    left_out_cautious: tuple[str, ...]


@dataclass(frozen=True)
class _Standing:
    """What counts: a system, the statements with other values in it, and those left out."""

    system: System
    in_force: frozenset[int]
    left_out: frozenset[int]


def settle(statements: Sequence[Statement], settings: ReconcileSettings) -> Account:
    """Account of the statements of one family."""
    printed = build(statements, settings)
    findings = find_misprints(printed, settings)
    standing = _standing(printed, findings, settings)
    suspects = frozenset().union(*(one.suspects(settings) for one in findings))
    months = targets(printed)
    series, sums = _series(standing, months, settings)
    cautious = series
    if (standing.in_force, standing.left_out) != (frozenset(), suspects):
        cautious, _ = _series(_Standing(printed, frozenset(), suspects), months, settings)
    return Account(
        tuple(_conflicting(printed, one, findings, settings) for one in findings),
        _slack(printed) if findings else {},
        series,
        cautious,
        sums,
        _ids(printed, standing.in_force),
        _ids(printed, standing.left_out),
        _ids(printed, suspects),
    )


def _standing(printed: System, findings: Sequence[Finding], settings: ReconcileSettings) -> _Standing:
    """Best repairs where they are sure, no suspects where they are not; less where even that disagrees."""
    sure = [one for one in findings if one.sure(settings)]
    right = frozenset().union(*(one.repairs[0].places for one in sure))
    out = frozenset().union(*(one.suspects(settings) for one in findings if one not in sure)) - right
    system = applied(printed, [change for one in sure for change in one.repairs[0].changes], settings)
    if system.conflict(out, settings.tolerance_t) is None:
        return _Standing(system, right, out)
    out = frozenset().union(*(one.suspects(settings) | one.repairs[0].places for one in findings))
    while (left := printed.conflict(out, settings.tolerance_t)) is not None:
        out |= left.statements
    return _Standing(printed, frozenset(), out)


def _conflicting(
    printed: System, finding: Finding, findings: Sequence[Finding], settings: ReconcileSettings
) -> Conflicting:
    others = frozenset().union(*(one.repairs[0].places for one in findings if one is not finding))
    tonnes = float(printed.slack(others - finding.repairs[0].places).sum())
    mends = [
        Mend(
            "",
            rank,
            kind_of(repair),
            _ids(printed, repair.places),
            finding.share(repair),
            in_words(printed, repair),
            tuple(fits(printed, repair, others - repair.places, settings)),
        )
        for rank, repair in enumerate(finding.repairs, start=1)
    ]
    return Conflicting(_ids(printed, finding.statements), tonnes, tuple(mends))


def _series(
    standing: _Standing, months: Mapping[Series, Sequence[date]], settings: ReconcileSettings
) -> tuple[list[Row], list[Row]]:
    system = standing.system.leaving_out(standing.left_out)
    groups = {series: unidentified(system, series, some) for series, some in months.items()}
    wanted = [
        *((series, group) for series, some in groups.items() for group in some),
        *((series, (month,)) for series, some in months.items() for month in some),
    ]
    found = bound(system, wanted, settings)
    count = sum(len(some) for some in groups.values())
    sums, singles = found[:count], found[count:]
    alone = {
        (series_of(one), one.period_start)
        for one in system.statements
        if one.kind == "total" and one.period_start == one.period_end
    }
    rows = [row for series in months for row in _rows(series, singles, sums, alone)]
    return rows, [{**_names(one), "months": list(one.months), **_ends(one)} for one in sums]


def _rows(
    series: Series, singles: Sequence[Bounded], sums: Sequence[Bounded], alone: set[tuple[Series, date]]
) -> list[Row]:
    own = [one for one in singles if one.series == series]
    together = [one for one in sums if one.series == series]
    open_ = {month for one in together for month in one.months}
    return [
        {
            "month": one.months[0],
            **_names(one),
            **_ends(one),
            "mid": None if value != value else float(value),  # noqa: PLR0124 - not a number
            "identified": one.months[0] not in open_,
            "reported": (series, one.months[0]) in alone,
        }
        for one, value in zip(own, course(own, together), strict=True)
    ]


def _names(one: Bounded) -> Row:
    series = one.series
    return {"reporter": series.reporter, "partner": series.partner, "flow": series.flow, "hs": series.hs}


def _ends(one: Bounded) -> Row:
    return {"low": one.low, "high": None if one.high == float("inf") else one.high}


def _slack(printed: System) -> dict[str, float]:
    pairs = zip(printed.statements, printed.slack(), strict=True)
    return {one.id: round(float(tonnes), 1) for one, tonnes in pairs if tonnes > _LEAST_SLACK}


def _ids(printed: System, places: frozenset[int]) -> tuple[str, ...]:
    return tuple(printed.statements[place].id for place in sorted(places))
