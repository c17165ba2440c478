"""The life of a mine: cleared, worked, paused, resumed, left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

__all__ = ["Course", "Life", "Spell", "State", "live"]

State = Literal["absent", "cleared", "active", "idle", "abandoned"]
Course = Literal["running", "opened", "paused", "ended", "left"]

COURSES: tuple[Course, ...] = ("opened", "paused", "running", "ended", "left")
"""What mines do during a series, the most telling first."""

_TO_POOLS = (35, 240)  # days from clearing to the first pools
_EARLIER = (120, 900)  # days before the series for what was there already
_PAUSE = (105, 300)  # days; three months at least
_SHORTEST = 60  # days of work on either side of a pause
_TO_ABANDONED = (60, 170)  # days from the last work to a site that is given up


@dataclass(frozen=True)
class Spell:
    """A state that holds from a day on.

    Attributes
    ----------
    state : str
        What the site does.
    first : int
        Ordinal of the first day.
    """

    state: State
    first: int


@dataclass(frozen=True)
class Life:
    """States of one site, in order.

    Attributes
    ----------
    spells : tuple of Spell
        Starts with ``cleared``, then ``active``.
    """

    spells: tuple[Spell, ...]

    @property
    def cleared(self) -> int:
        """Ordinal of the day on which the forest was gone."""
        return self.spells[0].first

    @property
    def pools_from(self) -> int:
        """Ordinal of the day of the first pools."""
        return self.spells[1].first

    @property
    def abandoned(self) -> int | None:
        """Ordinal of the day on which the site was given up."""
        return next((spell.first for spell in self.spells if spell.state == "abandoned"), None)

    def state(self, day: float) -> State:
        """State on a day."""
        past: list[State] = [spell.state for spell in self.spells if spell.first <= day]
        return past[-1] if past else "absent"

    def working(self, end: int) -> list[tuple[int, int]]:
        """First and end day of every active spell, up to a day."""
        firsts = [spell.first for spell in self.spells] + [end]
        return [
            (spell.first, min(following, end))
            for spell, following in zip(self.spells, firsts[1:], strict=True)
            if spell.state == "active" and spell.first < end
        ]


def live(rng: np.random.Generator, course: Course, first: int, last: int) -> Life:
    """Draw the days of a life.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    course : str
        What the mine does during the series.
    first, last : int
        Ordinals of the first and the last day of the series.
    """
    length = last - first
    start = first - int(rng.integers(*_EARLIER))
    if course == "opened":
        start = first + int(length * rng.uniform(0.15, 0.75))
    spells = [Spell("cleared", start - int(rng.integers(*_TO_POOLS))), Spell("active", start)]
    if course == "paused":
        spells += _pause(rng, first, length)
    if course == "ended":
        spells += _end(rng, first + int(length * rng.uniform(0.2, 0.6)))
    if course == "left":
        stop = max(start + _SHORTEST, first - int(rng.integers(60, 400)))
        spells += _end(rng, stop)
    return Life(tuple(spells))


def _pause(rng: np.random.Generator, first: int, length: int) -> list[Spell]:
    longest = max(int(length * 0.45), _PAUSE[0] + 1)
    pause = int(rng.integers(_PAUSE[0], min(_PAUSE[1], longest) + 1))
    room = max(length - pause - 2 * _SHORTEST, 1)
    stop = first + min(_SHORTEST, length // 6) + int(rng.integers(0, room))
    return [Spell("idle", stop), Spell("active", stop + pause)]


def _end(rng: np.random.Generator, stop: int) -> list[Spell]:
    return [Spell("idle", stop), Spell("abandoned", stop + int(rng.integers(*_TO_ABANDONED)))]
