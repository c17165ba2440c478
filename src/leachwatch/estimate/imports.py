"""China's imports from Myanmar: gross tonnes by code, of a year and of months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from leachwatch.estimate.draws import Drawn, Draws
from leachwatch.estimate.figures import CODES, GROSS_OF_YEAR, NOT_COUNTED, Figures

__all__ = ["Bounds", "Imports", "months_between", "next_month"]

_MONTHS = 12
_COLUMNS = ("hs", "month", "low", "high")


@dataclass(frozen=True)
class Bounds:
    """What is known of a quantity, and by what.

    Attributes
    ----------
    low, high : float
        Least and most tonnes, gross.
    name : str
        Figure or series.
    """

    low: float
    high: float
    name: str

    def drawn(self, draws: Draws) -> Drawn:
        """Draws between the bounds."""
        return draws.between(self.name, self.low, self.high)


class Imports:
    """Imports by code, from published figures of years and from the reconciled series.

    Parameters
    ----------
    figures : Figures
        Published figures.
    series : DataFrame
        Of the table `SERIES`; only China's imports from Myanmar under single codes are looked at.
    """

    def __init__(self, figures: Figures, series: pd.DataFrame) -> None:
        self._figures = figures
        own = (series["reporter"] == "CHN") & (series["flow"] == "import") & (series["partner"] == "MMR")
        self._months: dict[str, dict[date, Bounds]] = {}
        bounded = series[own.astype(bool) & series["high"].notna().astype(bool)]
        for code, month, low, high in zip(*(bounded[name] for name in _COLUMNS), strict=True):
            self._months.setdefault(code, {})[month] = Bounds(low, high, f"series {code}")

    def years(self) -> list[int]:
        """Years of which some code is known whole, by a figure or by twelve months."""
        whole = {
            month.year
            for months in self._months.values()
            for month in months
            if month.month == 1 and all(other in months for other in _months_of(month.year))
        }
        return sorted(whole | set(GROSS_OF_YEAR))

    def of_year(self, year: int) -> Mapping[str, Bounds]:
        """Tell what is known of each code; of a figure and a series, the narrower."""
        known = {code: [*self._by_figure(year, code), *self._by_months(year, code)] for code in CODES}
        return {
            code: min(bounds, key=lambda one: one.high - one.low) for code, bounds in known.items() if bounds
        }

    def missing(self, year: int) -> list[str]:
        """Codes that would be needed and are not known."""
        known = self.of_year(year)
        return [code for code in CODES if code not in known and (year, code) not in NOT_COUNTED]

    def months(self, code: str) -> Mapping[date, Bounds]:
        """Months of a code that have both bounds."""
        return dict(sorted(self._months.get(code, {}).items()))

    def _by_figure(self, year: int, code: str) -> Iterator[Bounds]:
        identity = GROSS_OF_YEAR.get(year, {}).get(code)
        figure = self._figures.of_year(identity, year) if identity else None
        if figure is not None:
            figure.must_be("t", "gross")
            yield Bounds(figure.low, figure.high, figure.id)

    def _by_months(self, year: int, code: str) -> Iterator[Bounds]:
        months = self._months.get(code, {})
        if all(month in months for month in _months_of(year)):
            held = [months[month] for month in _months_of(year)]
            yield Bounds(sum(one.low for one in held), sum(one.high for one in held), held[0].name)


def _months_of(year: int) -> Iterable[date]:
    return (date(year, month, 1) for month in range(1, _MONTHS + 1))


def next_month(month: date, by: int = 1) -> date:
    """First day of the month so many months later (or, below zero, earlier)."""
    count = month.year * _MONTHS + month.month - 1 + by
    return date(count // _MONTHS, count % _MONTHS + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """Months from the first to the last, both included."""
    count = (last.year - first.year) * _MONTHS + last.month - first.month
    return [next_month(first, step) for step in np.arange(count + 1).tolist()]
