"""How well shocks are found in simulated series: false alarms, recall, delay, and lost tonnes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from leachwatch.bench.rates import Rate
from leachwatch.bench.shock_series import SimulatedSeries, simulate_series
from leachwatch.trade.shocks import ShockSettings, find_shocks

__all__ = ["FACTORS", "LENGTHS", "ShockAccuracy", "measure_shocks"]

LENGTHS = (18, 24, 36, 60)
"""Months of a simulated series."""

FACTORS = (0.2, 0.4, 0.6, 0.75, 1.5, 2.5)
"""What the level is multiplied with from the break on."""

_WITHIN = 2
_LATER = (2, 3, 4, 6, 9)


@dataclass(frozen=True)
class Trial:
    """What one search of one simulated series came to.

    Attributes
    ----------
    length : int
        Months of it.
    factor : float or None
        Size of its break.
    found : int or None
        Months from the break to the nearest shock of the same direction within two; None where there is none.
    later : int or None
        Least months from the break on that the series must have for that, of 2, 3, 4, 6, 9; None where
        it never is.
    false : int
        Shocks that are on no break.
    covered : bool or None
        Whether the lost tonnes are within their interval; None where none is given.
    """

    length: int
    factor: float | None
    found: int | None
    later: int | None
    false: int
    covered: bool | None


@dataclass(frozen=True)
class ShockAccuracy:
    """How well shocks are found.

    Attributes
    ----------
    trials : tuple of Trial
        One a series.
    """

    trials: tuple[Trial, ...]

    def false_alarms(self, length: int | None = None) -> float:
        """Count false alarms a year on seasonal series without a break."""
        own = [one for one in self.trials if one.factor is None and length in {None, one.length}]
        return sum(one.false for one in own) / (sum(one.length for one in own) / 12)

    def series_alarmed(self, length: int | None = None) -> Rate:
        """Count series without a break in which at least one is called."""
        own = [one for one in self.trials if one.factor is None and length in {None, one.length}]
        return Rate(sum(one.false > 0 for one in own), len(own))

    def recall(self, *, length: int | None = None, factor: float | None = None) -> Rate:
        """Count breaks that are found within two months of where they are."""
        own = self._broken(length, factor)
        return Rate(sum(one.found is not None for one in own), len(own))

    @property
    def precision(self) -> Rate:
        """Shocks on a break, of all in series that have one; the way back counts as neither."""
        own = self._broken(None, None)
        right = sum(one.found is not None for one in own)
        return Rate(right, right + sum(one.false for one in own))

    @property
    def exact(self) -> Rate:
        """Found breaks whose month is right."""
        found = [one for one in self._broken(None, None) if one.found is not None]
        return Rate(sum(one.found == 0 for one in found), len(found))

    def months_needed(self, factor: float | None = None) -> float | None:
        """Median of the months from the break on after which it is first called, of those that are."""
        needed = [one.later for one in self._broken(None, factor) if one.later is not None]
        return float(np.median(needed)) if needed else None

    def coverage(self, length: int | None = None) -> Rate:
        """Count intervals of lost tonnes, meant to hold nine in ten, that hold the truth."""
        own = [one.covered for one in self._broken(length, None) if one.covered is not None]
        return Rate(sum(own), len(own))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        lengths = sorted({one.length for one in self.trials})
        factors = sorted({one.factor for one in self.trials if one.factor is not None})
        return {
            "series": len(self.trials),
            "false_alarms_a_year": {str(one): self.false_alarms(one) for one in lengths},
            "series_alarmed": _rates({str(one): self.series_alarmed(one) for one in lengths}),
            "recall": {
                str(length): _rates({str(one): self.recall(length=length, factor=one) for one in factors})
                for length in lengths
            },
            "precision": self.precision.as_dict(),
            "exact_month": self.exact.as_dict(),
            "months_needed": {str(one): self.months_needed(one) for one in factors},
            "coverage": _rates({str(one): self.coverage(one) for one in lengths}),
        }

    def _broken(self, length: int | None, factor: float | None) -> list[Trial]:
        return [
            one
            for one in self.trials
            if one.factor is not None and length in {None, one.length} and factor in {None, one.factor}
        ]


def measure_shocks(
    seeds: Sequence[int],
    settings: ShockSettings | None = None,
    *,
    lengths: Sequence[int] = LENGTHS,
    factors: Sequence[float] = FACTORS,
) -> ShockAccuracy:
    """Search simulated series, of which the truth is known.

    Parameters
    ----------
    seeds : sequence of int
        One series of each length and size of break for each.
    settings : ShockSettings, optional
        Of the search.
    lengths : sequence of int
        Months.
    factors : sequence of float
        Sizes of breaks; series without one are always searched too.

    Returns
    -------
    ShockAccuracy
    """
    used = settings or ShockSettings()
    return ShockAccuracy(tuple(_trials(seeds, used, lengths, factors)))


def _rates(some: Mapping[str, Rate]) -> dict[str, Any]:
    return {name: rate.as_dict() for name, rate in some.items()}


def _trials(
    seeds: Sequence[int], settings: ShockSettings, lengths: Sequence[int], factors: Sequence[float]
) -> Iterator[Trial]:
    for seed in seeds:
        for length in lengths:
            for factor in (None, *factors):
                yield _trial(simulate_series(seed, length, factor), seed, factor, settings)


def _trial(made: SimulatedSeries, seed: int, factor: float | None, settings: ShockSettings) -> Trial:
    rows = _called(made, seed, settings)
    on = {row.Index for row in rows if any(_is_on(made, row, at) for at in range(len(made.breaks)))}
    false = sum(row.Index not in on for row in rows)
    if factor is None:
        return Trial(len(made.months), None, None, None, false, None)
    nearest = _nearest(made, rows)
    if nearest is None:
        return Trial(len(made.months), factor, None, None, false, None)
    offset = _place(made, nearest.start) - made.breaks[0][0]
    return Trial(
        len(made.months), factor, offset, _needed(made, seed, settings), false, _covered(made, nearest)
    )


def _called(made: SimulatedSeries, seed: int, settings: ShockSettings) -> list[Any]:
    shocks = find_shocks(made.frame, settings, np.random.default_rng(seed), (), made.sums)
    called = shocks[~shocks["seasonal"] & (shocks["probability"] >= settings.called)]
    return list(called.itertuples())


def _place(made: SimulatedSeries, day: Any) -> int:
    return made.months.index(day)


def _is_on(made: SimulatedSeries, row: Any, number: int) -> bool:
    place, way = made.breaks[number]
    return bool(row.direction == way and abs(_place(made, row.start) - place) <= _WITHIN)


def _nearest(made: SimulatedSeries, rows: Sequence[Any]) -> Any | None:
    own = [row for row in rows if _is_on(made, row, 0)]
    return min(own, key=lambda row: abs(_place(made, row.start) - made.breaks[0][0]), default=None)


def _needed(made: SimulatedSeries, seed: int, settings: ShockSettings) -> int | None:
    """Least months from the break on with which it is called, without what came later."""
    quick = replace(settings, least_before=len(made.months) + 1)  # no counterfactual
    for later in _LATER:
        last = made.breaks[0][0] + later
        if last > len(made.months):
            return None
        shorter = _cut_off(made, last)
        if _nearest(made, _called(shorter, seed, quick)) is not None:
            return later
    return None


def _cut_off(made: SimulatedSeries, last: int) -> SimulatedSeries:
    """Take the series as it was known at that place; a sum that reaches beyond is not."""
    there = made.months[:last]
    sums = tuple(one for one in made.sums if set(one.months) <= set(there))
    return replace(made, frame=made.frame[made.frame["month"].isin(there)], sums=sums)


def _covered(made: SimulatedSeries, row: Any) -> bool | None:
    if pd.isna(row.lost_low):
        return None
    known = set(made.frame["month"])
    end = made.months[-1] if pd.isna(row.end) else row.end
    lost = sum(
        made.without[place] - made.truth[place]
        for place, day in enumerate(made.months)
        if row.start <= day <= end and day in known
    )
    return bool(row.lost_low <= lost <= row.lost_high)
