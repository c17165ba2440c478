"""The unknowns: tonnes of one month, code and partner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from leachwatch.trade.statement import Statement

__all__ = ["WORLD", "Cell", "Grid", "Series", "families", "months_between", "series_of", "series_of_base"]

WORLD = "WLD"


@dataclass(frozen=True, order=True)
class Series:
    """What is counted month by month.

    Attributes
    ----------
    reporter, flow : str
        As in a statement.
    hs : str
        Codes in order, joined by ``+``.
    partner : str
        One partner, or ``WLD``.
    """

    reporter: str
    flow: str
    hs: str
    partner: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Its codes without stars: each counts all codes that begin with it."""
        return tuple(code.rstrip("*") for code in self.hs.split("+"))


Cell = tuple[str, str, str, str, date]
"""Reporter, flow, code, partner and month; a code or ``WLD`` with others below it is what they leave over."""


def series_of(statement: Statement) -> Series:
    """Series that a statement speaks of."""
    return _series(statement, statement.hs, statement.partner)


def series_of_base(statement: Statement) -> Series:
    """Series that a share is of, or a change is measured against."""
    return _series(statement, statement.base_hs or statement.hs, statement.base_partner or statement.partner)


def _series(statement: Statement, hs: str, partner: str) -> Series:
    return Series(statement.reporter, statement.flow, "+".join(sorted(set(hs.split("+")))), partner)


def months_between(start: date, end: date) -> Iterator[date]:
    """First days of the months from one to another, both counted."""
    for month in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield date(month // 12, month % 12 + 1, 1)


class Grid:
    """Which cells make up which series.

    Parameters
    ----------
    series : iterable of Series
        All that any statement names.
    all_partners, all_codes : bool
        Whether nothing is left over beside those named.
    """

    def __init__(self, series: Iterable[Series], *, all_partners: bool, all_codes: bool) -> None:
        named = set(series)
        self._codes = sorted({code for one in named for code in one.codes})
        self._partners: dict[tuple[str, str, str], set[str]] = {}
        for one in sorted(named):
            for code in self._codes if all_partners else self._below(one.codes):
                self._partners.setdefault((one.reporter, one.flow, code), set()).add(one.partner)
        if all_partners:
            for partners in self._partners.values():
                if len(partners) > 1:
                    partners.discard(WORLD)
        if all_codes:
            self._codes = [code for code in self._codes if len(self._below([code])) == 1]

    def cells(self, series: Series, months: Iterable[date]) -> list[Cell]:
        """Cells whose sum is the series over some months."""
        codes = self._below(series.codes)
        return [
            (series.reporter, series.flow, code, partner, month)
            for month in months
            for code in codes
            for partner in self._within(series, code)
        ]

    def _below(self, codes: Sequence[str]) -> list[str]:
        return [code for code in self._codes if code.startswith(tuple(codes))]

    def _within(self, series: Series, code: str) -> list[str]:
        if series.partner != WORLD:
            return [series.partner]
        return sorted(self._partners.get((series.reporter, series.flow, code), set()))


def families(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Statements by what they can ever have to do with each other: the same codes and partners, in any month.

    Returns
    -------
    list of lists of Statement
        In the order of their first statements.
    """
    pairs = [(series_of(one), series_of_base(one)) for one in statements]
    grid = Grid((series for pair in pairs for series in pair), all_partners=False, all_codes=False)
    names: dict[tuple[str, ...], int] = {}
    links = [
        (row, names.setdefault(cell[:4], len(names)))
        for row, pair in enumerate(pairs)
        for series in set(pair)
        for cell in grid.cells(series, [date.min])
    ]
    ends = np.array(links).T + np.array([[0], [len(statements)]])
    size = len(statements) + len(names)
    _, label = connected_components(
        csr_array((np.ones(len(links)), tuple(ends)), shape=(size, size)), directed=False
    )
    found: dict[int, list[Statement]] = {}
    for place, one in enumerate(statements):
        found.setdefault(int(label[place]), []).append(one)
    return list(found.values())
