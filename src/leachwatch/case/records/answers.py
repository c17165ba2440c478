"""How answers are put together: a place and a day, several spells, several drawings, several days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from leachwatch.case.records.dated import Answer
from leachwatch.case.records.ground import ControlSpell

__all__ = ["best", "both", "lasting", "of_spell", "of_versions"]

_ORDER: tuple[Answer, ...] = ("yes", "possibly", "unknown", "no")


def both(one: Answer, other: Answer) -> Answer:
    """Whether two things hold together: the place lies inside, and the spell was on.

    Examples
    --------
    >>> both("yes", "possibly"), both("unknown", "no"), both("unknown", "possibly")
    ('possibly', 'no', 'unknown')
    """
    for word in ("no", "unknown", "possibly"):
        if word in (one, other):
            return word
    return "yes"


def best(answers: Iterable[Answer]) -> Answer:
    """Take what the strongest of several spells says of one actor; ``no`` needs all of them to say so.

    Examples
    --------
    >>> best(["no", "unknown"]), best(["unknown", "possibly"]), best(["no"])
    ('unknown', 'possibly', 'no')
    """
    return min(answers, key=_ORDER.index, default="unknown")


def lasting(answers: Iterable[Answer]) -> Answer:
    """Say what holds of a month from its days: ``yes`` on all of them, ``possibly`` if on any.

    Examples
    --------
    >>> lasting(["yes", "yes"]), lasting(["yes", "no"]), lasting(["no", "unknown"])
    ('yes', 'possibly', 'unknown')
    """
    said = set(answers)
    if len(said) == 1:
        return said.pop()
    return "possibly" if said & {"yes", "possibly"} else "unknown"


def of_spell(spell: ControlSpell, day: date) -> Answer:
    """Whether its controllers held the territory of a spell on a day.

    ``possibly`` at most, where rival accounts stand beside it or it waits for work, where its controllers
    contested the ground, and where they only claimed it.
    """
    answer = spell.dated.valid_on(day)
    weak = spell.status != "accepted" or spell.control in {"contested", "claimed_only", "unknown"}
    return "possibly" if weak and answer == "yes" else answer


def of_versions(inside: Iterable[tuple[Answer, Answer]]) -> Answer:
    """Whether a place lies in a territory of which there are several drawings.

    Parameters
    ----------
    inside : iterable of (Answer, Answer)
        Of each drawing: whether it is in force on the day (``yes`` where it has no date), and whether the
        place lies inside it.

    Returns
    -------
    Answer
        ``yes`` only if all that may be in force say so, and one of them surely is. ``unknown`` where none is,
        and the place lies in one that was or will be.

    Examples
    --------
    >>> of_versions([("yes", "yes"), ("yes", "possibly")]), of_versions([("unknown", "yes")])
    ('possibly', 'possibly')
    >>> of_versions([("no", "yes")]), of_versions([("yes", "no"), ("no", "yes")])
    ('unknown', 'no')
    """
    every = list(inside)
    standing = [one for one in every if one[0] != "no"]
    if not standing:
        return "unknown" if any(where != "no" for _, where in every) else "no"
    where = {said for _, said in standing}
    if where == {"no"}:
        return "no"
    if where == {"yes"} and any(force == "yes" for force, _ in standing):
        return "yes"
    return "possibly"
