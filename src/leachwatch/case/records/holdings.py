"""One ground, two sole holders: spells that cannot both be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from leachwatch.case.records.dated import Dated
from leachwatch.case.records.faults import Fault
from leachwatch.case.records.ground import ControlSpell
from leachwatch.case.records.reading import Records

__all__ = ["faults_of_control"]


def faults_of_control(records: Records) -> Iterator[Fault]:
    """Name sole spells of different holders on the same ground and day, each beside one of the others.

    Where both are sure it is a fault, where one of them only may have held it a note. Spells that are not
    accepted are kept to be compared, and overlap as they will.
    """
    grounds: dict[str, list[ControlSpell]] = {}
    for spell in records.control.values():
        if spell.control == "sole" and spell.status == "accepted":
            grounds.setdefault(spell.territory, []).append(spell)
    for spells in grounds.values():
        yield from _overlaps(records, sorted(spells, key=lambda one: _possible(one.dated)))


def _overlaps(records: Records, spells: list[ControlSpell]) -> Iterator[Fault]:
    going: list[ControlSpell] = []
    for spell in spells:
        first = _possible(spell.dated)[0]
        going = [one for one in going if _possible(one.dated)[1] >= first]
        others = [one for one in going if one.controllers != spell.controllers]
        if others:  # one that is sure before one that only may be
            yield _overlap(records, spell, next((one for one in others if _surely(spell, one)), others[0]))
        going.append(spell)


def _surely(spell: ControlSpell, other: ControlSpell) -> bool:
    one, two = _sure(spell.dated), _sure(other.dated)
    return one is not None and two is not None and one[0] <= two[1] and two[0] <= one[1]


def _overlap(records: Records, spell: ControlSpell, other: ControlSpell) -> Fault:
    file, line = records.lines[other.id]
    there = f"{other.id} ({file}, line {line}), by another"
    if _surely(spell, other):
        held = [days for one in (spell, other) if (days := _sure(one.dated))]
        first, last = max(days[0] for days in held), min(days[1] for days in held)
        when = f"on {first}" if first == last else f"from {first} to {last}"
        what = f"is sole {when}, and so is {there}; mend a date, make it contested, or put it in conflict"
        return records.fault(spell, ("dated",), what)
    first = max(_possible(spell.dated)[0], _possible(other.dated)[0])
    what = f"may be sole on {first}, and so may {there}; look whether the dates are right"
    return replace(records.fault(spell, ("dated",), what), severity="note")


def _possible(dated: Dated) -> tuple[date, date]:
    """First and last day that any of its dates speaks of."""
    days = (dated.first_imprecise, dated.first_precise, dated.last_precise, dated.last_imprecise)
    known = [day for day in days if day is not None]
    return known[0], known[-1]


def _sure(dated: Dated) -> tuple[date, date] | None:
    """First and last day on which it surely held."""
    days = [day for day in (dated.first_precise, dated.last_precise) if day is not None]
    return (days[0], days[-1]) if days else None
