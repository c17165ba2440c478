"""Who held the ground, as bars in time.

A bar is solid where it is known, hatched where only possible, and open at an end where nobody said that it
began or stopped there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from leachwatch.publish.case_model import PublicHappening, PublicHolding, PublicWhen
from leachwatch.publish.language import listed, say

__all__ = ["Bar", "Lane", "Mark", "Timeline", "timeline"]

WIDTH, LABEL, LANE, BAR = 1000, 250, 30, 14
_LETTER = 7.0  # width of a letter, in units of the drawing
_ARROW = 12  # of an open end
_MOST_TICKS = 10

_Scale = Callable[[date], float]


@dataclass(frozen=True)
class Bar:
    """One spell: where its certain part and its possible parts lie, along the drawing.

    Attributes
    ----------
    first, last : float
        Ends of the whole.
    certain : tuple of float or None
        Ends of the part in which it held every day; None where no part is certain.
    open_start, open_end : bool
        Whether nobody said that it began (ended) there.
    row : int
        Place among those of the same territory that overlap in time.
    label_at : float
        Where the name begins.
    label, tells : str
        Name under the bar; all of it in words.
    contested : bool
        Whether others held it too, or a rival account stands beside it.
    """

    first: float
    last: float
    certain: tuple[float, float] | None
    open_start: bool
    open_end: bool
    row: int
    label_at: float
    label: str
    tells: str
    contested: bool


@dataclass(frozen=True)
class Lane:
    """A territory and its spells."""

    name: str
    top: float
    height: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Mark:
    """An event: where it stands, and its number in the list below."""

    number: int
    first: float
    last: float
    row: int
    tells: str


@dataclass(frozen=True)
class Timeline:
    """The drawing.

    Attributes
    ----------
    first, last : date
        What its left and right ends stand for.
    lanes : tuple of Lane
    marks : tuple of Mark
        Important events.
    ticks : tuple of (float, str)
        Years along it.
    width, height, marks_top : float
        In units of the drawing.
    """

    first: date
    last: date
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    width: float
    height: float
    marks_top: float


def timeline(holdings: Sequence[PublicHolding], happenings: Sequence[PublicHappening]) -> Timeline | None:
    """Lay out spells and important events; None where there is none.

    Parameters
    ----------
    holdings : sequence of PublicHolding
        By territory, then time.
    happenings : sequence of PublicHappening
        By time.
    """
    marked = [(number, one) for number, one in enumerate(happenings, start=1) if one.important]
    days = [
        day
        for when in (*(one.when for one in holdings), *(one.when for _, one in marked))
        for day in _days(when)
    ]
    if not days:
        return None
    first = date(min(days).year, 1, 1)
    last = date(max(days).year + 1, 1, 1)
    span = (last - first).days

    def x(day: date) -> float:
        return round(LABEL + (day - first).days / span * (WIDTH - LABEL - _ARROW), 1)

    lanes, top = [], 26.0
    for name in dict.fromkeys(one.territory for one in holdings):
        bars = _stacked([_bar(one, x) for one in holdings if one.territory == name])
        height = LANE * (1 + max(bar.row for bar in bars))
        lanes.append(Lane(name, top, height, tuple(bars)))
        top += height + 6
    marks, rows = _marks(marked, x)
    return Timeline(
        first, last, tuple(lanes), marks, _ticks(first, last, x), WIDTH, top + 12 + 22 * rows, top + 8
    )


def _bar(held: PublicHolding, x: _Scale) -> Bar:
    when = held.when
    days = _days(when)
    precise = [day for day in (when.first_precise, when.last_precise) if day is not None]
    certain = (x(precise[0]), x(precise[-1] + timedelta(days=1))) if precise and held.accepted else None
    first, last = x(days[0]), x(days[-1] + timedelta(days=1))
    who = listed(held.controllers) if held.controllers else say("not known")
    return Bar(
        first=first,
        last=max(last, first + 3),
        certain=certain if held.control != "claimed_only" else None,
        open_start=not when.starting,
        open_end=not when.ending,
        row=0,
        label_at=max(LABEL, min(first, WIDTH - _LETTER * len(who))),
        label=who,
        tells=say("{territory}: {who}", territory=held.territory, who=who),
        contested=held.control in {"contested", "shared", "ceasefire"} or not held.accepted,
    )


def _stacked(bars: Sequence[Bar]) -> list[Bar]:
    """Put bars that overlap, with their names and arrows, into rows of their own, the earliest first."""
    ends: list[float] = []
    stacked = []
    for bar in sorted(bars, key=lambda bar: (bar.first, bar.last)):
        row = next(
            (number for number, end in enumerate(ends) if end <= min(bar.first - _ARROW, bar.label_at)),
            len(ends),
        )
        ends[row : row + 1] = [max(bar.last + _ARROW, bar.label_at + _LETTER * len(bar.label))]
        stacked.append(replace(bar, row=row))
    return stacked


def _marks(marked: Sequence[tuple[int, PublicHappening]], x: _Scale) -> tuple[tuple[Mark, ...], int]:
    ends: list[float] = []
    marks = []
    for number, one in marked:
        days = _days(one.when)
        first, last = x(days[0]), x(days[-1] + timedelta(days=1))
        row = next((place for place, end in enumerate(ends) if end <= first), len(ends))
        ends[row : row + 1] = [max(last, first + 20)]
        marks.append(Mark(number, first, last, row, f"{number}: {one.title}"))
    return tuple(marks), len(ends)


def _ticks(first: date, last: date, x: _Scale) -> tuple[tuple[float, str], ...]:
    step = -(-(last.year - first.year) // _MOST_TICKS)
    return tuple((x(date(year, 1, 1)), str(year)) for year in range(first.year, last.year, step))


def _days(when: PublicWhen) -> list[date]:
    days = (when.first_imprecise, when.first_precise, when.last_precise, when.last_imprecise)
    return [day for day in days if day is not None]
