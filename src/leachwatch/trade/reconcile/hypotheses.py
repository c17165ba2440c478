"""Hypotheses: what would make statements agree, and how likely each is."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from leachwatch.trade.reconcile.settings import ReconcileSettings, Slip
from leachwatch.trade.reconcile.slips import exchanged, may_be_exchanged, shifted, values
from leachwatch.trade.reconcile.system import TONNES, System, band, interval, restated
from leachwatch.trade.reconcile.usual import Usual
from leachwatch.trade.statement import Statement

__all__ = ["Change", "Event", "Judge", "Repair", "applied"]

Event = tuple[int, ...]
"""Places of the statements that one misprint touched: one, or two that were exchanged."""

_MOST_WAYS = 4  # to change one of several events, that are followed up


@dataclass(frozen=True)
class Change:
    """One misprint, and what was meant.

    Attributes
    ----------
    slip : str
        What happened; ``drop`` where nothing explains it.
    places : tuple of int
        Statements touched.
    meant : tuple of Statement
        As they would have been printed; empty where the statement is left out.
    low, high : float
        What the rest says of the first statement, as in `System`.
    cost : float
        Minus the natural logarithm of its weight.
    """

    slip: Slip
    places: Event
    meant: tuple[Statement, ...]
    low: float
    high: float
    cost: float


@dataclass(frozen=True)
class Repair:
    """Changes after which everything agrees.

    Attributes
    ----------
    changes : tuple of Change
        The likeliest for the statements touched.
    weight : float
        Of all ways to change just these statements.
    alone : float
        Share of that weight that these changes have, 0 to 1.
    """

    changes: tuple[Change, ...]
    weight: float
    alone: float

    @property
    def places(self) -> frozenset[int]:
        """Statements touched."""
        return frozenset(place for change in self.changes for place in change.places)


def applied(system: System, changes: Sequence[Change], settings: ReconcileSettings) -> System:
    """Put what was meant in place of what was printed; leave nothing out."""
    meant = {
        place: now for change in changes for place, now in zip(change.places, change.meant, strict=False)
    }
    if any(change.slip == "year" for change in changes):
        return restated(system, meant, settings)
    return system.limited({place: band(one, settings.nearly) for place, one in meant.items()})


class Judge:
    """How likely changes are, given what is not doubted.

    Parameters
    ----------
    system : System
    settings : ReconcileSettings
    """

    def __init__(self, system: System, settings: ReconcileSettings) -> None:
        self._system, self._settings = system, settings
        self._usual = Usual(system.statements, settings)
        self._twins: dict[int, tuple[int, ...]] = {}
        self._least: dict[int, float] = {}

    def events(self, place: int) -> Iterator[Event]:
        """Misprints that may have touched a statement."""
        yield (place,)
        for twin in self._twins_of(place):
            yield (min(place, twin), max(place, twin))

    def at_least(self, event: Event) -> float:
        """Lower limit of an event's cost."""
        if len(event) == 2:  # noqa: PLR2004 - a pair
            return self._cost("swap", self._swap_chance(event))
        if event[0] not in self._least:
            self._least[event[0]] = self._least_cost(event[0])
        return self._least[event[0]]

    def repair(self, events: Collection[Event], fixed: Collection[int]) -> Repair | None:
        """Best changes for some events, or None where an exchange does not help.

        Parameters
        ----------
        events : collection of Event
            Without their statements, and without those in ``fixed``, the rest agrees.
        fixed : collection of int
            Statements left out for other reasons.
        """
        out = frozenset(fixed).union(*events)
        fits = list(self._ways(self._system, sorted(events), out))
        if not fits:
            return None
        weights = [math.exp(-sum(change.cost for change in one)) for one in fits]
        best = max(range(len(fits)), key=weights.__getitem__)
        return Repair(fits[best], sum(weights), weights[best] / sum(weights))

    def _ways(
        self, system: System, events: Sequence[Event], out: frozenset[int]
    ) -> Iterator[tuple[Change, ...]]:
        """Ways to change some events, one after the other: each counts with what the ones before it left."""
        if not events:
            yield ()
            return
        changes = sorted(self._changes(system, events[0], out), key=lambda change: change.cost)
        for change in changes if len(events) == 1 else changes[:_MOST_WAYS]:
            if change.cost > changes[0].cost - math.log(self._settings.doubt):
                continue
            after = self._after(system, change) if len(events) > 1 else system
            for rest in self._ways(after, events[1:], out - set(change.places)):
                yield (change, *rest)

    def _after(self, system: System, change: Change) -> System:
        """Apply a change; hold what is left out where it is nearest to what was printed."""
        if change.meant:
            return applied(system, [change], self._settings)
        place = change.places[0]
        ends = system.low[place], system.high[place]
        half = (ends[1] - ends[0]) / 2 if math.isfinite(ends[1]) else 0.0
        nearest = min(max(ends[0] + half, change.low), change.high)
        return system.limited({place: (max(nearest - half, 0.0), nearest + half)})

    def _changes(self, system: System, event: Event, out: frozenset[int]) -> list[Change]:
        if len(event) == 2:  # noqa: PLR2004 - a pair
            return self._exchange(system, event, out)
        place = event[0]
        low, high = interval(system, place, out)
        moved = list(self._moved(system, place, out, (low, high)))
        changes = [self._dropped(place, low, high, moved), *(one for one in moved if math.isfinite(one.high))]
        give = self._settings.tolerance_t / TONNES
        for original in values(system.statements[place], self._settings.slips):
            least, most = band(original.statement, self._settings.nearly)
            if least <= high + give and most >= low - give:
                usual = self._usual.ratio(place, original.statement)
                cost = self._cost(original.slip, original.chance * usual)
                changes.append(Change(original.slip, event, (original.statement,), low, high, cost))
        return changes

    def _dropped(self, place: int, low: float, high: float, moved: Sequence[Change]) -> Change:
        """Leave a statement out: wrong for no known reason, or of a year of which too little is known."""
        weight = math.exp(-self._cost("drop", self._usual.astray(place, low, high)))
        weight += sum(math.exp(-one.cost) for one in moved if not math.isfinite(one.high))
        return Change("drop", (place,), (), low, high, -math.log(weight))

    def _exchange(self, system: System, event: Event, out: frozenset[int]) -> list[Change]:
        """Two figures in each other's place, if that agrees with the rest."""
        one, other = event
        meant = exchanged(system.statements[one], system.statements[other])
        usual = self._usual.ratio(one, meant[0]) * self._usual.ratio(other, meant[1])
        low, high = interval(system, one, out)
        change = Change("swap", event, meant, low, high, self._cost("swap", self._swap_chance(event) * usual))
        after = applied(system, [change], self._settings)
        agrees = after.conflict(out - set(event), self._settings.tolerance_t) is None
        return [change] if agrees else []

    def _moved(
        self, system: System, place: int, out: frozenset[int], here: tuple[float, float]
    ) -> Iterator[Change]:
        """Put the figure into another year, if the rest allows it there."""
        for original in shifted(system.statements[place]):
            there = interval(restated(system, {place: original.statement}, self._settings), place, out)
            least, most = band(original.statement, self._settings.nearly)
            if least <= there[1] and most >= there[0]:
                chance = original.chance * self._usual.moved(place, original.statement, here, there)
                yield Change("year", (place,), (original.statement,), *there, self._cost("year", chance))

    def _swap_chance(self, event: Event) -> float:
        return 1 / len(self._twins_of(event[0]))

    def _twins_of(self, place: int) -> tuple[int, ...]:
        statements = self._system.statements
        if place not in self._twins:
            one = statements[place]
            self._twins[place] = tuple(j for j, it in enumerate(statements) if may_be_exchanged(one, it))
        return self._twins[place]

    def _cost(self, slip: Slip, chance: float) -> float:
        return -math.log(self._settings.misprints * self._settings.slips[slip] * max(chance, 1e-12))

    def _least_cost(self, place: int) -> float:
        known = [
            self._cost(one.slip, one.chance)
            for one in values(self._system.statements[place], self._settings.slips)
        ]
        return min([*known, self._cost("year", 0.5)])
