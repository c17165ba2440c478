"""The four numbers of a shock: against its season, the month before, the year before, and usual noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leachwatch.trade.shocks.course import Course
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["Numbers", "numbers_of"]

Floats = NDArray[np.float64]

_NORMAL = 1.4826
_YEAR = 12


@dataclass(frozen=True)
class Numbers:
    """How large a change is, by four bases; each None where its base is not known.

    Attributes
    ----------
    change_vs_season : float or None
        Median month of the new level over the median of the months of its season before, as a share less 1.
    mom, yoy : float or None
        First month over the month before, and over that of the year before, as a share less 1.
    z : float or None
        First month against those of its season before, in spreads by MAD, on the log scale.
    """

    change_vs_season: float | None
    mom: float | None
    yoy: float | None
    z: float | None


def numbers_of(
    course: Course, drawn: Floats, scaled: Floats, span: tuple[int, int], settings: ShockSettings
) -> Numbers:
    """Measure the change at the start of a level.

    Parameters
    ----------
    course : Course
        What is known of the series.
    drawn, scaled : ndarray of float, shape (draws, n)
        Draws of it, in tonnes and on the scale of the search.
    span : (int, int)
        First place of the new level, and the one after its last.
    settings : ShockSettings
        For the season.

    Returns
    -------
    Numbers
        Medians over draws.
    """
    start = span[0]
    raining = np.isin(course.months % _YEAR + 1, settings.monsoon)
    return Numbers(
        _against_season(course, drawn, raining, span, settings),
        _ratio(course, drawn, start, start - 1),
        _ratio(course, drawn, start, start - _YEAR),
        _robust_z(course, scaled, raining, start, settings),
    )


def _ratio(course: Course, drawn: Floats, place: int, base: int) -> float | None:
    """Nothing where either month is not known by itself, or the base may be zero."""
    if base < 0 or not (course.known[place] and course.known[base]) or course.low[base] <= 0:
        return None
    return float(np.median(drawn[:, place] / drawn[:, base])) - 1


def _before(course: Course, raining: NDArray[np.bool_], place: int, start: int) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = course.seen & (raining == raining[place])
    return same & (np.arange(len(same)) < start)


def _against_season(
    course: Course,
    drawn: Floats,
    raining: NDArray[np.bool_],
    span: tuple[int, int],
    settings: ShockSettings,
) -> float | None:
    start, end = span
    shares = []
    for place in np.flatnonzero(course.seen[start:end]) + start:
        same = _before(course, raining, int(place), start)
        if same.sum() < settings.least_season:
            continue
        base = np.median(drawn[:, same], axis=1)
        if (base <= 0).any():
            return None
        shares.append(drawn[:, place] / base)
    return float(np.median(np.median(shares, axis=0))) - 1 if shares else None


def _robust_z(
    course: Course, scaled: Floats, raining: NDArray[np.bool_], start: int, settings: ShockSettings
) -> float | None:
    same = _before(course, raining, start, start)
    if same.sum() <= settings.least_season:
        return None
    base = scaled[:, same]
    middle = np.median(base, axis=1)
    spread = _NORMAL * np.median(abs(base - middle[:, None]), axis=1)
    if (spread <= 0).any():
        return None
    return float(np.median((scaled[:, start] - middle) / spread))
