"""Four-date time: what is known of when something held, and when it may have."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from pydantic import model_validator

from leachwatch.case.records.record import Line, Part
from leachwatch.tables import Answer

__all__ = ["Answer", "Dated"]

_DAY = timedelta(days=1)
_OLDEST, _LATEST = 1800, 2100


class Dated(Part):
    """When something held, after the handbook of Security Force Monitor (https://help.securityforcemonitor.org).

    Attributes
    ----------
    first_imprecise, last_imprecise : date or None
        It held on at least one day from the first to the last of these; each may stand alone.
    first_precise, last_precise : date or None
        It held on every day from the first to the last of these.
    starting, ending : bool
        Whether the first (last) dates say when it began (ended), not only when it was first (last) seen.
    starting_context, ending_context : str
        By what it began or ended.
    verbatim : str
        The words of the source, where dates are a reading of them.

    Notes
    -----
    A missing start is unknown, not "since always".
    """

    first_imprecise: date | None = None
    first_precise: date | None = None
    last_precise: date | None = None
    last_imprecise: date | None = None
    starting: bool = False
    ending: bool = False
    starting_context: Line = ""
    ending_context: Line = ""
    verbatim: Line = ""

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        known = [
            (name, day)
            for name in ("first_imprecise", "first_precise", "last_precise", "last_imprecise")
            if (day := getattr(self, name)) is not None
        ]
        if not known:
            raise ValueError("has no date at all; give at least one, or leave the whole out")
        for name, day in known:
            if not _OLDEST <= day.year <= _LATEST:
                raise ValueError(f"{name} {day} is not between {_OLDEST} and {_LATEST}; mend the year")
        for (earlier, before), (later, after) in pairwise(known):
            if after < before:
                raise ValueError(f"{later} {after} is before {earlier} {before}; swap or mend them")
        if self.starting and self.first_imprecise is None and self.first_precise is None:
            raise ValueError("starting is true, but there is no first date; give one or delete starting")
        if self.ending and self.last_imprecise is None and self.last_precise is None:
            raise ValueError("ending is true, but there is no last date; give one or delete ending")
        return self

    @property
    def start(self) -> tuple[date | None, date | None]:
        """Earliest and latest day on which it can have begun; None where nothing bounds it."""
        first = self._ends[0]
        latest = self.first_precise or self.last_precise or self.last_imprecise
        return (first if self.starting else None), latest

    @property
    def end(self) -> tuple[date | None, date | None]:
        """Earliest and latest day on which it can have ended; None where nothing bounds it."""
        last = self._ends[1]
        earliest = self.last_precise or self.first_precise or self.first_imprecise
        return earliest, (last if self.ending else None)

    def valid_on(self, day: date) -> Answer:
        """Whether it held on a day.

        Examples
        --------
        >>> taken = Dated(first_imprecise=date(2024, 10, 11), first_precise=date(2024, 10, 18), starting=True)
        >>> [taken.valid_on(date(2024, 10, day)) for day in (10, 15, 18)], taken.valid_on(date(2025, 1, 1))
        (['no', 'possibly', 'yes'], 'unknown')
        """
        first, last = self._ends
        if day < first:
            return "no" if self.starting else "unknown"
        if day > last:
            return "no" if self.ending else "unknown"
        precise = [one for one in (self.first_precise, self.last_precise) if one is not None]
        if precise and precise[0] <= day <= precise[-1]:
            return "yes"
        return "possibly"

    def changes(self) -> tuple[date, ...]:
        """Days from which on `valid_on` may answer otherwise, in order."""
        first, last = self._ends
        precise = [one for one in (self.first_precise, self.last_precise) if one is not None]
        days = {first, last + _DAY}
        if precise:
            days |= {precise[0], precise[-1] + _DAY}
        return tuple(sorted(days))

    @property
    def _ends(self) -> tuple[date, date]:
        days = (self.first_imprecise, self.first_precise, self.last_precise, self.last_imprecise)
        known = [day for day in days if day is not None]
        return known[0], known[-1]
