"""What records refer to: is it there, is it of the right kind, may it be seen, does it go round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import BaseModel

from leachwatch.case.records.actors import Relation
from leachwatch.case.records.faults import Fault
from leachwatch.case.records.reading import Records
from leachwatch.case.records.record import PREFIXES, Record

__all__ = ["REFERENCES", "faults_of_cycles", "faults_of_references"]

_Place = tuple[str | int, ...]

REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Actor", "citations"): ("citation",),
    ("Relation", "subject"): ("actor",),
    ("Relation", "object"): ("actor", "territory"),
    ("Relation", "citations"): ("citation",),
    ("Version", "citations"): ("citation",),
    ("ControlSpell", "territory"): ("territory",),
    ("ControlSpell", "controllers"): ("actor",),
    ("ControlSpell", "citations"): ("citation",),
    ("Event", "actors"): ("actor",),
    ("Event", "against"): ("actor",),
    ("Event", "territory"): ("territory",),
    ("Event", "citations"): ("citation",),
    ("Citation", "source"): ("source",),
    ("Citation", "through"): ("source",),
    ("Citation", "evidence"): ("evidence",),
    ("Evidence", "derived_from"): ("evidence",),
    ("Grade", "subject"): ("source", "citation", "claim"),
    ("Grade", "supersedes"): ("grade",),
    ("Claim", "author"): ("source",),
    ("Claim", "said_by"): ("actor",),
    ("Claim", "about"): ("actor", "territory", "event"),
    ("Claim", "part_of"): ("claim",),
    ("Claim", "citations"): ("citation",),
    ("ChangeTest", "around"): ("event",),
    ("CorroborateTest", "supports"): ("citation",),
    ("CorroborateTest", "contradicts"): ("citation",),
    ("SiteSelection", "territory"): ("territory",),
    ("SiteSelection", "controllers"): ("actor",),
    ("Moment", "record"): ("event", "control", "relation"),
}
"""Which kinds of record a field may name, by model and field."""

_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
_BY_MODEL: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
for (_model, _field), _allowed in REFERENCES.items():
    _BY_MODEL.setdefault(_model, []).append((_field, _allowed))

_SHOWN = 6


def faults_of_references(records: Records) -> Iterator[Fault]:
    """Name ids that lead nowhere or to the wrong kind; note what would be cut when the case is published."""
    labels = {one.id: one.tlp for one in records}
    for record in records:
        for place, target, allowed in _references(record, ()):
            kind = _KINDS.get(target[:3])
            if kind not in allowed:
                wanted = _a(" or ".join(allowed))
                what = f"{target} is {_a(kind) if kind else 'of no known kind'}; name {wanted}"
                yield records.fault(record, place, what)
            elif target not in records.lines:
                yield records.fault(
                    record, place, f"there is no {kind} {target}; mend the id or write the {kind}"
                )
            elif record.tlp == "CLEAR" and labels.get(target, "CLEAR") != "CLEAR":
                what = (
                    f"{target} is {labels[target]}, so it would be cut where this is published; "
                    "make it CLEAR or take it out"
                )
                yield replace(records.fault(record, place, what), severity="note")


def faults_of_cycles(records: Records) -> Iterator[Fault]:
    """Name records that come back to themselves: parts of each other, made of each other."""
    single: tuple[tuple[Iterable[Record], str], ...] = (
        (records.claims.values(), "part_of"),
        (records.grades.values(), "supersedes"),
        (records.evidence.values(), "derived_from"),
    )
    for kind, field in single:
        by_id = {one.id: one for one in kind}
        ways = {own: [target] for own, one in by_id.items() if (target := getattr(one, field)) in by_id}
        for cycle in _cycles(ways):
            yield records.fault(
                by_id[cycle[0]], (field,), f"goes round: {_shown(cycle)}; cut it at one place"
            )
    for word in ("part_of", "controls"):
        yield from _rounds_of_actors(records, word)


def _rounds_of_actors(records: Records, word: str) -> Iterator[Fault]:
    accepted = [one for one in records.relations.values() if one.kind == word and one.status == "accepted"]
    ways: dict[str, list[str]] = {}
    between: dict[tuple[str, str], Relation] = {}
    for one in accepted:
        ways.setdefault(one.subject, []).append(one.object)
        between.setdefault((one.subject, one.object), one)
    for cycle in _cycles(ways):
        turns = [between[pair] for pair in zip(cycle, (*cycle[1:], cycle[0]), strict=True)]
        if _at_once(turns):
            what = f"{word} goes round: {_shown(cycle)}; mend one, or put it in conflict"
            yield records.fault(turns[0], ("object",), what)


def _at_once(relations: Sequence[Relation]) -> bool:
    """Whether there is a day on which none of these is known not to hold."""
    dated = [one.dated for one in relations if one.dated is not None]
    days = [day for one in dated for day in one.changes()]
    return not days or any(all(one.valid_on(day) != "no" for one in dated) for day in days)


def _references(model: BaseModel, place: _Place) -> Iterator[tuple[_Place, str, tuple[str, ...]]]:
    for field, allowed in _BY_MODEL.get(type(model).__name__, ()):
        named = getattr(model, field)
        if isinstance(named, str):
            yield (*place, field), named, allowed
        elif named:
            for number, one in enumerate(named):
                yield (*place, field, number), one, allowed
    for field, value in model.__dict__.items():
        if isinstance(value, BaseModel):
            yield from _references(value, (*place, field))
        elif type(value) is tuple:
            for number, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _references(one, (*place, field, number))


def _cycles(ways: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Ways that come back to where they began, each once, from the first of them in order."""
    done: set[str] = set()
    for start in ways:
        if start in done:
            continue
        trail, on_trail, open_ = [start], {start: 0}, [iter(ways[start])]
        while open_:
            onward = next(open_[-1], None)
            if onward is None:
                done.add(trail[-1])
                del on_trail[trail.pop()]
                open_.pop()
            elif onward in on_trail:
                yield trail[on_trail[onward] :]
            elif onward not in done and onward in ways:
                on_trail[onward] = len(trail)
                trail.append(onward)
                open_.append(iter(ways[onward]))


def _shown(cycle: Sequence[str]) -> str:
    some = [*cycle[:_SHOWN], *(["…"] if len(cycle) > _SHOWN else []), cycle[0]]
    return " → ".join(some)


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
