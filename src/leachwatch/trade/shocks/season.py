"""What the time of year does to trade: rains, Lunar New Year, and the month by itself in long series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from leachwatch.errors import TableError
from leachwatch.trade.shocks.course import month_day, month_number
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["Season", "holiday_share", "season_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NEW_YEARS = (
    "2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 "
    "2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 "
    "2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08"
)
_NEW_YEAR = {int(day[:4]): date.fromisoformat(day) for day in _NEW_YEARS.split()}


@dataclass(frozen=True)
class Season:
    """What may depend on the time of year.

    Attributes
    ----------
    design : ndarray of float, shape (n, effects)
        How much of each effect a month has.
    spreads : ndarray of float, shape (effects,)
        Spread expected of each effect, on the log scale.
    """

    design: Floats
    spreads: Floats

    def effects(self, values: Floats, breaks: Ints, noise: float) -> Floats:
        """Fit the effects beside levels that change at given places.

        Parameters
        ----------
        values : ndarray of float, shape (n,) or (n, series)
            On the log scale; NaN in gaps, which are the same in all series.
        breaks : ndarray of int
            Where levels start.
        noise : float
            Spread of the noise, on the same scale: how far the expected spreads hold the effects back.

        Returns
        -------
        ndarray of float, shape (effects,) or (effects, series)
            Penalised least squares, which is the posterior mean under normal priors.
        """
        seen = np.flatnonzero(~np.isnan(values.reshape(len(values), -1)).any(axis=1))
        own, level = self._beside_levels(seen, breaks)
        told = own.T @ _about_levels(values[seen], level)
        return np.asarray(np.linalg.solve(own.T @ own + self._hold(noise), told), dtype=np.float64)

    def doubt(self, seen: Ints, breaks: Ints, noise: float) -> Floats:
        """Posterior covariance of the effects, of months seen, shape (effects, effects)."""
        own, _ = self._beside_levels(seen, breaks)
        return np.asarray(noise**2 * np.linalg.inv(own.T @ own + self._hold(noise)), dtype=np.float64)

    def freedom(self, seen: Ints, breaks: Ints, noise: float) -> float:
        """How many free numbers the effects are worth: the trace of their fit."""
        own, _ = self._beside_levels(seen, breaks)
        return float(np.trace(np.linalg.solve(own.T @ own + self._hold(noise), own.T @ own)))

    def _hold(self, noise: float) -> Floats:
        hold: Floats = np.diag((noise / self.spreads) ** 2)
        return hold

    def _beside_levels(self, seen: Ints, breaks: Ints) -> tuple[Floats, Ints]:
        """Take the mean of each level from the design; also say which level each month is on."""
        level = np.searchsorted(breaks, seen, side="right")
        return _about_levels(self.design[seen], level), level


def _about_levels(values: Floats, level: Ints) -> Floats:
    out = values.astype(float)
    for one in np.unique(level):
        out[level == one] -= out[level == one].mean(axis=0)
    return out


def season_of(months: Ints, seen: NDArray[np.bool_], settings: ShockSettings) -> Season:
    """Say what may depend on the time of year in a series.

    Parameters
    ----------
    months : ndarray of int, shape (n,)
        Months since the year 0.
    seen : ndarray of bool, shape (n,)
        Which are observed: many of them let each month of the year have an effect of its own.
    settings : ShockSettings
        What is expected.

    Returns
    -------
    Season

    Raises
    ------
    TableError
        If Lunar New Year of a year is not known here.
    """
    of_year = months % 12 + 1
    columns = [np.isin(of_year, settings.monsoon).astype(float), holiday_share(months, settings)]
    spreads = [settings.monsoon_spread, settings.holiday_spread]
    if seen.sum() >= settings.month_effects_from:
        columns += [(of_year == month).astype(float) for month in range(1, 13)]
        spreads += [settings.month_spread] * 12
    return Season(np.stack(columns, axis=1), np.array(spreads))


def holiday_share(months: Ints, settings: ShockSettings) -> Floats:
    """Share of the weeks about Lunar New Year that falls into each month.

    Raises
    ------
    TableError
        If Lunar New Year of a year is not known here.

    Examples
    --------
    >>> settings = ShockSettings()
    >>> months = np.array([month_number(date(2025, month, 1)) for month in (1, 2, 3)])
    >>> holiday_share(months, settings).round(2)
    array([0.48, 0.52, 0.  ])
    """
    years = {month_day(month).year for month in months}
    unknown = sorted(years - set(_NEW_YEAR))
    if unknown:
        raise TableError(
            f"series: Lunar New Year of {unknown[0]} is not known here; use months of {min(_NEW_YEAR)} "
            f"to {max(_NEW_YEAR)}"
        )
    length = settings.holiday_before + settings.holiday_after
    days = [
        month_number(_NEW_YEAR[year] + timedelta(shift - settings.holiday_before))
        for year in years
        for shift in range(length)
    ]
    counted: Floats = (months[:, None] == np.array(days)).sum(axis=1) / length
    return counted
