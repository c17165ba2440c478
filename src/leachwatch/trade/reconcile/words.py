"""A repair in words."""

from __future__ import annotations

from collections.abc import Mapping

from leachwatch.trade.reconcile.hypotheses import Change, Repair
from leachwatch.trade.reconcile.settings import Slip
from leachwatch.trade.reconcile.slips import values
from leachwatch.trade.reconcile.system import System, as_printed, band, per_unit
from leachwatch.trade.statement import Statement

__all__ = ["in_words", "kind_of"]

_KINDS: Mapping[Slip, str] = {
    "digit": "one digit differs",
    "neighbours": "two digits turned",
    "lost": "a digit is lost",
    "added": "a digit too many",
    "scale": "point or thousands slipped",
    "sign": "the sign is lost",
    "year": "it is of another year",
    "swap": "taken for each other",
    "drop": "left out",
}
_NEAR = 0.02  # of the gap that a repaired figure may leave and still be worth a word


def kind_of(repair: Repair) -> str:
    """Kind of a repair: that of its one change, or ``several``."""
    return repair.changes[0].slip if len(repair.changes) == 1 else "several"


def in_words(system: System, repair: Repair) -> str:
    """Say what was printed, and what would fit."""
    return "; ".join(_change(system, change) for change in repair.changes)


def _change(system: System, change: Change) -> str:
    was = [system.statements[place] for place in change.places]
    told = " and ".join(f"{one.id} printed {_value(one, one.value)}" for one in was)
    kind = _KINDS[change.slip]
    if change.slip == "drop":
        return f"{told}, the rest allows {_allowed(system, change)}: {kind}{_nearest(system, change)}"
    if change.slip == "year":
        return (
            f"{told}, fits {change.meant[0].period_start:%Y-%m} to {change.meant[0].period_end:%Y-%m}: {kind}"
        )
    fits = " and ".join(_value(one, one.value) for one in change.meant)
    return f"{told}, {fits} fits: {kind}"


def _allowed(system: System, change: Change) -> str:
    one = system.statements[change.places[0]]
    if change.high == float("inf"):
        return f"{_value(one, as_printed(one, change.low))} or more"
    low, high = (as_printed(one, end) for end in (change.low, change.high))
    return f"{_number(low)} to {_value(one, high)}"


def _nearest(system: System, change: Change) -> str:
    """Name a figure one slip away that nearly fits, for people to look at."""
    one = system.statements[change.places[0]]
    gaps = {
        original.statement.value: max(change.low - most, least - change.high)
        for original in values(one)
        for least, most in [band(original.statement, 0.0)]
    }
    least, most = band(one, 0.0)
    whole = max(change.low - most, least - change.high)
    value = min(gaps, key=lambda key: (gaps[key], key), default=None)
    if value is None or not 0 < gaps[value] < _NEAR * whole:
        return ""
    return f"; {_value(one, value)} would miss that by {_value(one, gaps[value] / per_unit(one))}"


def _number(value: float) -> str:
    return f"{round(value, 1):.10g}"


def _value(one: Statement, value: float) -> str:
    return f"{_number(value)} {one.unit}"
