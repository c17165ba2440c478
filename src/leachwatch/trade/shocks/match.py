"""Shocks beside the catalogue of events: which falls on which, and how well the one finds the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from leachwatch.trade.events import Event
from leachwatch.trade.shocks.course import Series, month_number
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["ShockScore", "matching_event", "score_shocks"]

_WAYS = {"disruption": "fall", "recovery": "rise"}


@dataclass(frozen=True)
class ShockScore:
    """How well called shocks and the catalogue agree.

    Attributes
    ----------
    found : mapping of str to int
        Events that count and were found, each with its delay: months from that in which the event began to
        the first of the new level; below zero where the break is put before it.
    missed : tuple of str
        Events that count and were not found.
    right, wrong : tuple of date
        First months of called shocks on an event that counts, and of those on none. The catalogue is not
        complete, so that a wrong one may be an event nobody listed.
    not_judged : tuple of date
        First months of called shocks on an event that does not count, though it may have moved trade.
    left_out : mapping of str to str
        Events that do not count, each with the reason.
    """

    found: Mapping[str, int]
    missed: tuple[str, ...]
    right: tuple[date, ...]
    wrong: tuple[date, ...]
    not_judged: tuple[date, ...]
    left_out: Mapping[str, str]

    @property
    def precision(self) -> float | None:
        """Share of judged shocks that are right; None where there is none."""
        judged = len(self.right) + len(self.wrong)
        return len(self.right) / judged if judged else None

    @property
    def recall(self) -> float | None:
        """Share of events that count and were found; None where none counts."""
        counted = len(self.found) + len(self.missed)
        return len(self.found) / counted if counted else None

    @property
    def delay(self) -> float | None:
        """Median delay, months; None where nothing was found."""
        return float(np.median(list(self.found.values()))) if self.found else None


def matching_event(
    start: date,
    direction: str,
    series: Series,
    events: Sequence[Event],
    settings: ShockSettings,
    *,
    seasonal: bool = False,
) -> Event | None:
    """Find the event on which a shock falls.

    An event fits that touches the series, moves it that way (as seen; where nobody saw, a disruption lowers
    and a recovery raises), and began within the tolerance. The nearest is taken; a shock beyond the season
    takes a seasonal event only where no other fits, and what the season explains takes seasonal ones only.

    Parameters
    ----------
    start : date
        First month of the new level.
    direction : str
        ``fall`` or ``rise``.
    series : Series
        Where it was found.
    events : sequence of Event
        The catalogue.
    settings : ShockSettings
        For the tolerance, months.
    seasonal : bool
        Whether the season alone explains it.

    Returns
    -------
    Event or None
    """
    fitting = [
        event
        for event in events
        if _touches(event, series)
        and _way(event) == direction
        and abs(_delay(start, event)) <= settings.tolerance
        and (event.seasonal or not seasonal)
    ]
    return min(fitting, key=lambda event: (event.seasonal, abs(_delay(start, event)), event.id), default=None)


def score_shocks(
    shocks: pd.DataFrame,
    events: Sequence[Event],
    span: tuple[date, date],
    *,
    series: Series,
    settings: ShockSettings,
) -> ShockScore:
    """Score the shocks of one series on the catalogue.

    An event counts where all of this is so: it is no confounder; tonnes were seen to fall or rise
    (``shows``); the series is an import from its partner, or from all; and the span holds at least as many
    months before that in which it began, and from it on, as a level lasts (``min_size``). Whether the method
    can find so short an effect is no reason to leave it out. Shocks count that the season does not explain,
    with at least the probability that is called.

    Parameters
    ----------
    shocks : DataFrame
        Keeping ``SHOCKS``.
    events : sequence of Event
        The catalogue.
    span : (date, date)
        First and last month of the series that are known by themselves.
    series : Series
        Which series; rows of others are not looked at.
    settings : ShockSettings
        For the tolerance, the least level and the least probability.

    Returns
    -------
    ShockScore
    """
    left_out = {event.id: reason for event in events if (reason := _reason(event, series, span, settings))}
    counted = [event for event in events if event.id not in left_out]
    found: dict[str, int] = {}
    right, wrong, not_judged = [], [], []
    for row in _called(shocks, series, settings):
        open_still = [event for event in counted if event.id not in found]
        event = matching_event(row.start, row.direction, series, open_still, settings)
        other = matching_event(row.start, row.direction, series, events, settings)
        if event:
            found[event.id] = _delay(row.start, event)
            right.append(row.start)
        elif other and other.id in left_out and other.kind != "confounder":
            not_judged.append(row.start)
        else:
            wrong.append(row.start)
    missed = tuple(event.id for event in counted if event.id not in found)
    return ShockScore(found, missed, tuple(right), tuple(wrong), tuple(not_judged), left_out)


def _called(shocks: pd.DataFrame, series: Series, settings: ShockSettings) -> list[Any]:
    own = shocks[shocks["series"] == str(series)]
    called = own[~own["seasonal"] & (own["probability"] >= settings.called)]
    return list(called.itertuples())


def _touches(event: Event, series: Series) -> bool:
    return series.flow == "import" and (series.sum_of_origins or series.partner == event.partner)


def _way(event: Event) -> str | None:
    return event.shows if event.shows in {"fall", "rise", "none"} else _WAYS.get(event.kind)


def _delay(start: date, event: Event) -> int:
    return month_number(start) - month_number(event.first)


def _reason(event: Event, series: Series, span: tuple[date, date], settings: ShockSettings) -> str | None:
    """Why an event does not count."""
    began = month_number(event.first)
    before, after = began - month_number(span[0]), month_number(span[1]) - began + 1
    reasons = (
        (event.kind == "confounder", "is a confounder"),
        (event.shows == "unknown", "nobody printed what tonnes did"),
        (event.shows == "none", "tonnes did not move"),
        (not _touches(event, series), f"does not touch {series}"),
        (before < settings.min_size, f"fewer than {settings.min_size} months of the series before it"),
        (after < settings.min_size, f"fewer than {settings.min_size} months of the series from it on"),
    )
    return next((reason for holds, reason in reasons if holds), None)
