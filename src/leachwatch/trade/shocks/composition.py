"""Shifts between codes: goods declared under another code than before look like a shock in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from leachwatch.trade.shocks.course import Course, Series, draw, month_day
from leachwatch.trade.shocks.search import Break, search
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["Shift", "find_shifts"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """One place where the shares of codes change.

    Attributes
    ----------
    reporter, flow, partner : str
        As in the table ``series``.
    month : date
        First month of the new shares.
    probability : float
        One less the share of resampled months without a shift that show one as strong, 0 to 1.
    before, after : mapping of str to float
        Median share of each code in the months before and after, up to the next shift, 0 to 1.
    total_change : float or None
        Mean month of all codes together, after over before, as a share less 1: near nothing where goods
        have only changed codes. None where nothing came before.
    """

    reporter: str
    flow: str
    partner: str
    month: date
    probability: float
    before: Mapping[str, float]
    after: Mapping[str, float]
    total_change: float | None

    def touches(self, series: Series) -> bool:
        """Whether a series is one of the codes that share."""
        own = (series.reporter, series.flow, series.partner) == (self.reporter, self.flow, self.partner)
        return own and series.hs in self.before


def find_shifts(
    series: Sequence[Course], settings: ShockSettings, rng: np.random.Generator
) -> tuple[Shift, ...]:
    """Look for shifts between the codes of each reporter, flow and partner.

    Shares are compared as square roots, on which noise is even and nothing is a number like any other
    (Hellinger); levels of all codes break together, and the probability is that of `search`.

    Parameters
    ----------
    series : sequence of Course
        Those of single codes are used; a month counts where all codes of a partner are known by themselves
        and something came.
    settings : ShockSettings
        What is taken for granted.
    rng : Generator
        Source of chance.

    Returns
    -------
    tuple of Shift
        With at least the probability that is called; none where a partner has one code, or too few months.
    """
    single = sorted((one for one in series if one.series.hs.isdigit()), key=lambda one: one.series)
    found: list[Shift] = []
    for _, group in groupby(single, key=_parties):
        codes = list(group)
        if len(codes) > 1:
            found += _shifts(codes, settings, rng)
    return tuple(found)


def _parties(course: Course) -> tuple[str, str, str]:
    return course.series.reporter, course.series.flow, course.series.partner


def _shifts(codes: Sequence[Course], settings: ShockSettings, rng: np.random.Generator) -> list[Shift]:
    months, drawn = _together(codes, settings, rng)
    total = drawn.sum(axis=2, keepdims=True)
    total[:, (total <= 0).any(axis=(0, 2))] = np.nan
    shares = drawn / total
    found = search(np.sqrt(shares), None, settings, rng)
    called = found.breaks(found.probability, settings.called)
    ends = [0, *(one.place for one in called), len(months)]
    return [
        _shift(codes, months, (shares, drawn), one, (ends[number], ends[number + 2]))
        for number, one in enumerate(called)
    ]


def _together(
    codes: Sequence[Course], settings: ShockSettings, rng: np.random.Generator
) -> tuple[NDArray[np.int64], Floats]:
    """All codes on one calendar, shape (draws, months, codes); NaN where one is not known by itself."""
    first = min(int(one.months[0]) for one in codes)
    months = np.arange(first, max(int(one.months[-1]) for one in codes) + 1)
    drawn = np.full((settings.draws, len(months), len(codes)), np.nan)
    for number, one in enumerate(codes):
        alone = np.where(one.known, draw(one, settings.draws, settings.split_spread, rng), np.nan)
        drawn[:, one.months - first, number] = alone
    return months, drawn


def _shift(
    codes: Sequence[Course],
    months: NDArray[np.int64],
    tables: tuple[Floats, Floats],
    one: Break,
    reach: tuple[int, int],
) -> Shift:
    shares, drawn = tables
    sides = [slice(reach[0], one.place), slice(one.place, reach[1])]
    before, after = (np.nanmedian(shares[:, side], axis=(0, 1)) for side in sides)
    was, came = (float(np.nanmean(drawn[:, side].sum(axis=2))) for side in sides)
    names = [course.series.hs for course in codes]
    series = codes[0].series
    return Shift(
        series.reporter,
        series.flow,
        series.partner,
        month_day(months[one.place]),
        one.probability,
        dict(zip(names, map(float, before), strict=True)),
        dict(zip(names, map(float, after), strict=True)),
        came / was - 1 if was > 0 else None,
    )
