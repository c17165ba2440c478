"""Comparison: the history of one found site beside that of the known one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any, Literal

import numpy as np

from leachwatch.bench.truth import TrueSite

__all__ = ["Comparison", "Onset"]

_OFTEN = 2.0  # clear looks a month
_AROUND = 2  # months on either side of an onset
_PAUSE_MONTHS = 3
_PAUSE_LOOKS = 2  # within a pause, for it to be seen at all
_SHARE = 0.5  # of a pause that an idle spell must cover

Pause = Literal["found", "missed", "hidden"]


@dataclass(frozen=True)
class Onset:
    """How a site's first pools were dated.

    Attributes
    ----------
    error_days : float
        Distance of the true day from the middle of the interval, days.
    covered : bool
        Whether the interval holds the true day.
    often : bool
        Whether the site was seen twice a month or more in the five months around the true day.
    """

    error_days: float
    covered: bool
    often: bool


@dataclass(frozen=True)
class Comparison:
    """One found site beside the known one.

    Attributes
    ----------
    row : Series
        Of ``sites``.
    months, spells : DataFrame
        Its rows of ``site_months``, rising, and of ``spells``.
    site : TrueSite
        What is there.
    """

    row: Any
    months: Any
    spells: Any
    site: TrueSite

    @property
    def onset(self) -> Onset | None:
        """How the first pools were dated; None for what began before the first look, or was not dated."""
        first_month = min(self.site.states)
        true = self.site.pools_from
        latest = _as_date(self.row["pools_from_latest"])
        if true < first_month or latest is None:
            return None
        earliest = _as_date(self.row["pools_from_earliest"]) or first_month
        middle = earliest + (latest - earliest) / 2
        return Onset(
            abs((middle - true).days),
            earliest <= true <= latest + timedelta(days=1),
            self._looks_around(true) >= _OFTEN,
        )

    def activity(self) -> Iterator[bool]:
        """Whether each seen month that is active or idle in truth is what it is."""
        for _, month in self.months.iterrows():
            true = self.site.states.get(month["month"])
            if true in ("active", "idle") and month["state"] != "unseen":
                yield (month["state"] == "active") == (true == "active")

    def areas(self) -> Iterator[tuple[float, bool]]:
        """Estimated over true pool area, and whether the interval holds it, of months active in both."""
        for _, month in self.months.iterrows():
            true = self.site.pool_area_m2.get(month["month"], 0.0)
            if self.site.states.get(month["month"]) == "active" and month["state"] == "active" and true > 0:
                low, high = month["pool_area_m2_low"], month["pool_area_m2_high"]
                yield float(month["pool_area_m2"]) / true, bool(low <= true <= high)

    def pauses(self) -> Iterator[Pause]:
        """Say of each pause of three months or more between two times of work whether it was found.

        A pause is found where idle spells between two active ones cover half of it. It is hidden, and counts
        neither way, where fewer than two looks show the site during it, or none in the work on either side.
        """
        idle = list(self._pauses_found())
        for before, pause, after in self._pauses_true():
            start, end = pause[0], after[0]
            seen = self._looks(pause) >= _PAUSE_LOOKS and self._looks(before) > 0 and self._looks(after) > 0
            shared = sum(max((min(end, stop) - max(start, begin)).days, 0) for begin, stop in idle)
            if seen:
                yield "found" if shared >= _SHARE * (end - start).days else "missed"
            else:
                yield "hidden"

    def _pauses_true(self) -> Iterator[tuple[list[date], list[date], list[date]]]:
        """Months of the work before, of the pause, and of the work after it."""
        runs = [
            (state, list(months))
            for state, months in groupby(sorted(self.site.states), key=lambda month: self.site.states[month])
        ]
        for (before, first), (state, pause), (after, last) in zip(runs, runs[1:], runs[2:], strict=False):
            if (before, state, after) == ("active", "idle", "active") and len(pause) >= _PAUSE_MONTHS:
                yield first, pause, last

    def _pauses_found(self) -> Iterator[tuple[date, date]]:
        """Idle spells between two active ones, each from the middle of its start to that of its end."""
        rows = sorted(self.spells.to_dict("records"), key=lambda spell: spell["start_latest"])
        active = [place for place, spell in enumerate(rows) if spell["state"] == "active"]
        for before, after in pairwise(active):
            for spell in rows[before + 1 : after]:
                if spell["state"] == "idle":
                    yield _middle(spell, "start"), _middle(spell, "end")

    def _looks(self, months: list[date]) -> int:
        return int(self.months.loc[self.months["month"].isin(months), "looks"].sum())

    def _looks_around(self, day: date) -> float:
        """Mean looks a month in the months around a day that belong to the series."""
        apart = [
            abs((month.year - day.year) * 12 + month.month - day.month) for month in self.months["month"]
        ]
        return float(self.months["looks"][np.array(apart) <= _AROUND].mean())


def _middle(spell: Any, end: str) -> date:
    earliest, latest = _as_date(spell[f"{end}_earliest"]), _as_date(spell[f"{end}_latest"])
    known = [day for day in (earliest, latest) if day is not None]
    return known[0] + (known[-1] - known[0]) / 2


def _as_date(value: Any) -> date | None:
    return value if isinstance(value, date) else None
