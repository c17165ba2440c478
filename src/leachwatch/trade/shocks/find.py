"""Shocks of every series, as rows of the table ``shocks``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leachwatch.tables import SHOCKS
from leachwatch.trade.events import Event
from leachwatch.trade.shocks.composition import Shift, find_shifts
from leachwatch.trade.shocks.course import Course, KnownSum, courses, draw, month_day, month_number
from leachwatch.trade.shocks.lost import Lost, Window, lost_tonnes
from leachwatch.trade.shocks.match import matching_event
from leachwatch.trade.shocks.numbers import Numbers, numbers_of
from leachwatch.trade.shocks.scale import Scale, scale_of
from leachwatch.trade.shocks.search import Break, Found, noise_of, search
from leachwatch.trade.shocks.season import Season, season_of
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["find_shocks"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Looked:
    """One series, drawn and searched: with its season taken out, and as it is."""

    course: Course
    drawn: Floats
    scale: Scale
    scaled: Floats
    season: Season
    beyond: Found
    plain: Found


@dataclass(frozen=True)
class _Change:
    """One row to be: where, until when, how sure, which way, and whether the season explains it."""

    at: Break
    end: int
    direction: Literal["fall", "rise"]
    seasonal: bool
    since: int

    def called(self, settings: ShockSettings) -> bool:
        """Whether it is a shock."""
        return not self.seasonal and self.at.probability >= settings.called


def find_shocks(
    series: pd.DataFrame,
    settings: ShockSettings,
    rng: np.random.Generator,
    events: Sequence[Event] = (),
    sums: Sequence[KnownSum] = (),
) -> pd.DataFrame:
    """Find breaks in the level of each series, and say how sure, how large and how seasonal each is.

    Months that are only bounded are drawn within their bounds; what is not known at all is a gap. A row is a
    candidate: it is called a shock from the probability ``settings.called`` on, unless it is seasonal.

    Parameters
    ----------
    series : DataFrame
        Keeping ``SERIES``, of any number of series.
    settings : ShockSettings
        What is taken for granted.
    rng : Generator
        Source of chance; each series has its own child.
    events : sequence of Event
        The catalogue in which each is looked up; it does not touch what is found.
    sums : sequence of KnownSum
        Of months that are not identified.

    Returns
    -------
    DataFrame
        Keeping ``SHOCKS``.

    Raises
    ------
    TableError
        If the frame, or a sum, cannot be used (see `courses`).
    """
    found = list(courses(series, sums))
    shifts = find_shifts(found, settings, rng)
    chances = rng.spawn(len(found))
    rows = [
        _row(looked, change, shifts, events, settings, chance)
        for looked, chance in (
            (_look(one, settings, own), own) for one, own in zip(found, chances, strict=True)
        )
        for change in _changes(looked, settings)
    ]
    return SHOCKS.frame(rows)


def _look(course: Course, settings: ShockSettings, rng: np.random.Generator) -> _Looked:
    drawn = draw(course, settings.draws, settings.split_spread, rng)
    scale = scale_of(drawn, settings)
    scaled = scale.on(drawn)
    season = season_of(course.months, course.seen, settings)
    beyond = search(scaled, season, settings, rng)
    return _Looked(course, drawn, scale, scaled, season, beyond, search(scaled, None, settings, rng))


def _changes(looked: _Looked, settings: ShockSettings) -> Iterator[_Change]:
    beyond = looked.beyond.breaks(looked.beyond.probability, settings.listed)
    called = [0, *(one.place for one in beyond if one.probability >= settings.called)]
    for one, (before, end) in _between(beyond, looked):
        since = max(place for place in called if place < one.place)
        rises = _step(looked.beyond.adjusted, before, one.place, end) > 0
        yield _Change(one, end, "rise" if rises else "fall", seasonal=False, since=since)
    plain = looked.plain.breaks(looked.plain.loosest, settings.seasonal_listed)
    for one, (before, end) in _between(plain, looked):
        apart = all(abs(one.place - other.place) > settings.near for other in beyond)
        rises = _step(looked.scaled, before, one.place, end) > 0
        change = _Change(
            looked.beyond.at(one.place), end, "rise" if rises else "fall", seasonal=True, since=0
        )
        if apart and _by_rains(looked, change, settings):
            yield change


def _between(breaks: Sequence[Break], looked: _Looked) -> Iterator[tuple[Break, tuple[int, int]]]:
    """Each break with the start of the level before it and the end of its own."""
    edges = [0, *(one.place for one in breaks), len(looked.course.months)]
    for number, one in enumerate(breaks):
        yield one, (edges[number], edges[number + 2])


def _step(scaled: Floats, before: int, start: int, end: int) -> float:
    """How far the level moves, on the scale of the search."""
    return float(np.nanmean(scaled[:, start:end]) - np.nanmean(scaled[:, before:start]))


def _by_rains(looked: _Looked, change: _Change, settings: ShockSettings) -> bool:
    """Whether the rains turn where the level does, and the months of its season before were alike.

    A fall starts in the rains, a rise within two months after them. Against its season before, the level is
    beyond no more than the noise of one month.
    """
    start = change.at.place
    of_year = [(int(looked.course.months[start]) - back) % 12 + 1 for back in range(3)]
    raining, *lately = (month in settings.monsoon for month in of_year)
    turns = raining if change.direction == "fall" else any(lately) and not raining
    share = _numbers(looked, start, change.end, settings).change_vs_season
    if not turns or share is None:
        return False
    usual = float(np.nanmedian(looked.drawn))
    step = looked.scale.on(np.array([usual, usual * (1 + share)])) @ [-1, 1]
    noise = float(np.median(noise_of(looked.beyond.adjusted, settings)))
    return bool((step if change.direction == "rise" else -step) < noise)


def _numbers(looked: _Looked, start: int, end: int, settings: ShockSettings) -> Numbers:
    return numbers_of(looked.course, looked.drawn, looked.scaled, (start, end), settings)


def _row(
    looked: _Looked,
    change: _Change,
    shifts: Sequence[Shift],
    events: Sequence[Event],
    settings: ShockSettings,
    rng: np.random.Generator,
) -> dict[str, Any]:
    course, start = looked.course, change.at.place
    day = month_day(course.months[start])
    numbers = _numbers(looked, start, change.end, settings)
    lost = _lost(looked, change, settings, rng) if change.called(settings) else None
    shift = _shift_at(shifts, course, start, settings)
    event = matching_event(day, change.direction, course.series, events, settings, seasonal=change.seasonal)
    return {
        "start": day,
        "end": month_day(course.months[change.end - 1]) if change.end < len(course.months) else None,
        "series": str(course.series),
        "sum_of_origins": course.series.sum_of_origins,
        "direction": change.direction,
        "change_vs_season": numbers.change_vs_season,
        "mom": numbers.mom,
        "yoy": numbers.yoy,
        "z": numbers.z,
        "probability": change.at.probability,
        "stability": change.at.stability,
        "peer": change.at.peer,
        "seasonal": change.seasonal,
        "composition": shift is not None,
        "lost_low": lost and lost.low,
        "lost_p50": lost and lost.p50,
        "lost_high": lost and lost.high,
        "event_id": event and event.id,
        "note": "; ".join(_notes(looked, change, lost, shift, settings)) or None,
    }


def _lost(looked: _Looked, change: _Change, settings: ShockSettings, rng: np.random.Generator) -> Lost | None:
    window = Window(change.since, change.at.place, change.end)
    return lost_tonnes(looked.drawn, looked.season, window, settings, rng)


def _shift_at(shifts: Sequence[Shift], course: Course, start: int, settings: ShockSettings) -> Shift | None:
    for shift in shifts:
        apart = month_number(shift.month) - course.months[start]
        if shift.touches(course.series) and abs(apart) <= settings.near:
            return shift
    return None


def _notes(
    looked: _Looked, change: _Change, lost: Lost | None, shift: Shift | None, settings: ShockSettings
) -> Iterator[str]:
    """Say what a reader has to know, and what cannot be known."""
    course, start = looked.course, change.at.place
    if change.seasonal:
        yield "the time of year explains it"
    elif not change.called(settings):
        yield f"not called a shock: probability below {settings.called:g}"
    if course.series.sum_of_origins:
        yield "sum of origins: what one does is hidden by the others"
    if not course.known[start - 1 : start + 1].all():
        yield "the month is not certain: it, or the one before, is a gap or known within a sum only"
    if shift:
        total = "unknown" if shift.total_change is None else f"{100 * shift.total_change:+.0f} %"
        yield f"codes change places: all of them together {total}"
    if lost is None and change.called(settings):
        before = int(course.seen[change.since : start].sum())
        few = f"{before} months since the shock before, {settings.least_before} needed"
        yield f"lost tonnes unknown: {few if before < settings.least_before else 'no model fits'}"
