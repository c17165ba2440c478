"""Fits: what the rest allows a doubted figure to be, in the unit in which it was printed."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from leachwatch.trade.reconcile.hypotheses import Repair, applied
from leachwatch.trade.reconcile.settings import ReconcileSettings
from leachwatch.trade.reconcile.system import System, as_printed, interval
from leachwatch.trade.statement import Statement

__all__ = ["Fit", "fits"]


@dataclass(frozen=True)
class Fit:
    """One printed figure, and what would fit in its place.

    Attributes
    ----------
    statement : str
        Its id.
    printed : float
        As printed.
    low : float
        Least that the rest allows.
    high : float or None
        Most that it allows; None where nothing limits it.
    unit : str
        Of all three: ``t``, ``kg`` or ``%``.
    """

    statement: str
    printed: float
    low: float
    high: float | None
    unit: str


def fits(
    system: System, repair: Repair, dropped: Collection[int], settings: ReconcileSettings
) -> Iterator[Fit]:
    """Ask the rest about each figure that a repair touches; what else the repair touches counts as mended.

    Parameters
    ----------
    system : System
        As printed.
    repair : Repair
        What would make it agree.
    dropped : collection of int
        Statements left out for other reasons.
    settings : ReconcileSettings

    Yields
    ------
    Fit
        In the order of the statements.
    """
    lost = frozenset(place for change in repair.changes if not change.meant for place in change.places)
    for place in sorted(repair.places):
        moved = [change for change in repair.changes if change.slip == "year" and place in change.places]
        mends = [change for change in repair.changes if change.meant and change not in moved]
        yield _fit(
            applied(system, mends, settings), place, {*dropped, *lost, place}, system.statements[place]
        )


def _fit(system: System, place: int, dropped: Collection[int], one: Statement) -> Fit:
    low, high = (as_printed(one, end) for end in interval(system, place, dropped))
    most = math.ceil(round(high, 6) * 1000) / 1000 if math.isfinite(high) else None
    return Fit(one.id, one.value, math.floor(round(low, 6) * 1000) / 1000, most, one.unit)
