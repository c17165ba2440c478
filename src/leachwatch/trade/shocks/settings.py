"""Everything that the search for shocks takes for granted, with unit and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["ShockSettings"]


@dataclass(frozen=True)
class ShockSettings:
    """Settings of the search for shocks.

    Sources: *bench* is ``leachwatch.bench.shocks`` on simulated series, seeds that are not reported
    (`docs/method/shocks.md`); *choice* is a convention that another analyst may set otherwise.

    Attributes
    ----------
    longest_sum : int
        Months of a sum that says something of its months. Choice.
    most_gap, least_known : int
        Months of a gap inside a stretch that is searched, and months known by themselves in it. Choice.
    transform : str
        Scale on which levels are compared: ``log1p`` of tonnes over a small amount, or ``sqrt``. Choice.
    small_share : float
        That small amount, as a share of the median month: far below it, months differ little. Choice.
    monsoon : tuple of int
        Months of the rains in northern Myanmar; the others are the dry season. Trade brief, 5.3.
    holiday_before, holiday_after : int
        Days about Lunar New Year in which trade is thin. Choice.
    monsoon_spread, holiday_spread, month_spread : float
        Spread expected of the effect of the rains, of the holiday, and of each month of the year by itself,
        on the log scale; they hold the season of a short series near nothing. Choice.
    month_effects_from : int
        Months observed from which each month of the year has an effect of its own: three of each.
    rounds : int
        Times that season and breaks are fitted in turn.
    draws : int
        Series drawn inside the bounds.
    split_spread : float
        How months of which only the sum is known differ among themselves, on the log scale: as the
        identified months of the shipped series do, rounded. Choice.
    alone : float
        Spreads of the noise by which a month may stand out from both its neighbours; what is more is cut, for
        the search only: a month alone is no level.
    min_size : int
        Months that a level lasts at least. Trade brief, 5.3.
    most_breaks : int
        Breaks looked for in one series.
    penalty : float
        Price of a break, times noise variance and log of the months observed; for the season, the noise and
        the cross-check only. Bench.
    sweep : tuple of float
        Prices over which stability is told, in the same unit.
    least_noise : float
        Noise that a series has at least, on the log scale: a series of equal months is not beyond doubt.
    resamples : int
        Series resampled without a break.
    block : int
        Months that are resampled together, so that noise follows on itself as it did.
    caution : float
        What resampled noise is widened by: levels fit away a part of the slow noise. Bench.
    listed : float
        Least probability of a break that is listed.
    seasonal_listed : float
        Share of draws in which a change that the rains explain must be there, at the least penalty of the
        sweep, to be listed as such.
    called : float
        Least probability of a break that is called a shock. Bench.
    near : int
        Months by which the same break may lie apart in two draws, or in the cross-check.
    least_season : int
        Months of the same season that a baseline needs.
    least_before : int
        Months observed since the break before that a counterfactual needs.
    paths : int
        Courses simulated for each draw of the counterfactual.
    lost_draws : int
        Draws for which the counterfactual is fitted.
    lost_caution : float
        What the counterfactual's spread is widened by: a few months do not show how noise follows on itself,
        nor how seasons differ. Bench.
    tolerance : int
        Months by which a shock may begin before the first or after the last day of its event.
    """

    longest_sum: int = 6
    most_gap: int = 2
    least_known: int = 12
    transform: Literal["log1p", "sqrt"] = "log1p"
    small_share: float = 0.05
    monsoon: tuple[int, ...] = (6, 7, 8, 9, 10)
    holiday_before: int = 7
    holiday_after: int = 14
    monsoon_spread: float = 0.3
    holiday_spread: float = 0.3
    month_spread: float = 0.15
    month_effects_from: int = 36
    rounds: int = 3
    draws: int = 80
    split_spread: float = 0.3
    alone: float = 2.0
    min_size: int = 2
    most_breaks: int = 8
    penalty: float = 4.0
    sweep: tuple[float, ...] = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
    least_noise: float = 0.02
    resamples: int = 400
    block: int = 4
    caution: float = 1.5
    listed: float = 0.5
    seasonal_listed: float = 0.5
    called: float = 0.9
    near: int = 1
    least_season: int = 3
    least_before: int = 12
    paths: int = 500
    lost_draws: int = 4
    lost_caution: float = 1.2
    tolerance: int = 1
