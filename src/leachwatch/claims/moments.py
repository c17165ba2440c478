"""Moments: when something began or ended, as an interval of days."""

from __future__ import annotations

import calendar
import math
from datetime import date
from functools import cached_property

from leachwatch import tables
from leachwatch.case.records import Records
from leachwatch.case.records.claim_tests import Coverage
from leachwatch.case.records.figures import Moment, TradeFigure
from leachwatch.claims.customs import CUSTOMS_GROUPS
from leachwatch.claims.data import FIRST_RUN, Data, plain_rows
from leachwatch.claims.estimate import Estimate
from leachwatch.claims.interval import Interval
from leachwatch.claims.mines import Mines
from leachwatch.claims.words import code_words, listed, span_words
from leachwatch.trade import parse_scope

__all__ = ["Moments", "day_words", "days_words", "record_name"]


class Moments:
    """Beginnings and ends of records, of sites and of shocks.

    Parameters
    ----------
    data : Data
        Tables and records.
    mines : Mines
        Sites with their onsets.
    """

    def __init__(self, data: Data, mines: Mines) -> None:
        self._data = data
        self._mines = mines

    def measure(self, moment: Moment, require: Coverage | None = None) -> Estimate:
        """Days, as ordinals, between which it lies; infinite where nothing bounds it.

        ``require`` is what has to have been seen of the ground, for an onset.
        """
        if moment.record is not None:
            return self._of_record(moment.record, moment.edge)
        if moment.onset is not None and moment.where is not None:
            return self._mines.onset(moment.onset, moment.where, require)
        assert moment.shock is not None  # noqa: S101 - a moment is one of the three
        return self._of_shock(moment.shock, moment.direction)

    def _of_record(self, record: str, edge: str) -> Estimate:
        records = self._data.records
        for kind in (records.events, records.control, records.relations):
            if record in kind:
                break
        else:
            return Estimate.no_measure(
                f"there is no record {record}", "an event, spell or relation of that id"
            )
        found = kind[record]
        name = record_name(record, records)
        if found.dated is None:
            return Estimate.uncovered(f"nobody said when {name} was", f"a date of {record} with its source")
        earliest, latest = found.dated.start if edge == "start" else found.dated.end
        if earliest is None and latest is None:
            return Estimate.uncovered(
                f"no date bounds the {edge} of {name}", f"a date of {record} with its source"
            )
        days = Interval(
            -math.inf if earliest is None else earliest.toordinal(),
            math.inf if latest is None else latest.toordinal(),
        )
        said = f"{edge} of {name}: {days_words(days)}"
        return Estimate.of(days, "day", said).resting_on(
            [record], (), self._data.groups_behind(found.citations)
        )

    def _of_shock(self, figure: TradeFigure, direction: str) -> Estimate:
        scope = parse_scope("+".join(figure.hs))
        series = f"{figure.reporter} {figure.flow} {figure.partner} {scope}"
        if tables.SHOCKS not in self._data.reader:
            return Estimate.uncovered("there is no table shocks yet", FIRST_RUN)
        needed = self._data.settings.shock_probability
        within = [
            (start, probability)
            for start, probability in self._shocks.get((series, direction), [])
            if figure.period.first <= start <= figure.period.last
        ]
        when = span_words(figure.period)
        mend = f"a customs export of {code_words(str(scope), figure.partner)}"
        sure = [start for start, probability in within if probability >= needed]
        if sure:
            first = min(sure)
            last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
            said = f"first month of the {direction} of {series}: {first:%Y-%m}"
            group = CUSTOMS_GROUPS.get(figure.reporter, f"{figure.reporter.lower()}-customs")
            days = Interval(first.toordinal(), last.toordinal())
            return Estimate.of(days, "day", said).resting_on([series], [tables.SHOCKS.name], [group])
        if within:
            best = max(probability for _, probability in within)
            what = (
                f"a {direction} of {series} in {when} has a probability of {best:.2f}, less than {needed:g}"
            )
        else:
            what = f"no {direction} of {series} was found in {when}"
        return Estimate.uncovered(what, mend, when)

    @cached_property
    def _shocks(self) -> dict[tuple[str, str], list[tuple[date, float]]]:
        found: dict[tuple[str, str], list[tuple[date, float]]] = {}
        columns = ("series", "direction", "start", "probability")
        for series, direction, start, probability in plain_rows(
            self._data.reader.read(tables.SHOCKS), columns
        ):
            found.setdefault((series, direction), []).append((start, probability))
        return found


def record_name(record: str, records: Records) -> str:
    """Name an event, a spell or a relation as readers know it; its id where there is none."""
    labels = {one.id: one.label for one in records.actors.values()}
    labels |= {one.id: one.name for one in records.territories.values()}
    if record in records.events:
        return records.events[record].title
    if record in records.control:
        spell = records.control[record]
        who = listed(labels.get(one, one) for one in spell.controllers) or "nobody known"
        return f"the hold of {who} on {labels.get(spell.territory, spell.territory)}"
    if record in records.relations:
        told = records.relations[record]
        kind = told.kind.replace("_", " ")
        return f"{labels.get(told.subject, told.subject)} {kind} {labels.get(told.object, told.object)}"
    return record


def days_words(days: Interval) -> str:
    """Write between which days something lies."""
    low, high = day_words(days.low), day_words(days.high)
    if low == high:
        return low
    if math.isinf(days.low):
        return f"{high} or before"
    return f"{low} or after" if math.isinf(days.high) else f"{low} to {high}"


def day_words(day: float) -> str:
    """Write an ordinal as a day."""
    return "?" if math.isinf(day) else date.fromordinal(int(day)).isoformat()
