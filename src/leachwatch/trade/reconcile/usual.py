"""What is usual: how plausible a figure is among the others of its series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.stats import laplace

from leachwatch.trade.reconcile.grid import Series, series_of, series_of_base
from leachwatch.trade.reconcile.programme import Floats
from leachwatch.trade.reconcile.settings import ReconcileSettings
from leachwatch.trade.reconcile.system import band, is_change, per_unit
from leachwatch.trade.statement import Statement

__all__ = ["Usual"]

_POINTS = 100
_NEAR_MONTHS = 12
_STRAY = 0.1  # share of a publication's figures that may be of other months than the rest of it
_LEAST_WIDTH = 0.001  # of a figure that is exact, in its unit
_FLAT = 0.1  # density where nothing is known of a series
_LEAST = 1e-30  # density of what is never seen, so that it can be divided by
_ENDS = 12.0  # spreads on either side, beyond which there is nothing


@dataclass(frozen=True)
class _Axis:
    """Where figures of one statement lie: tonnes by their logarithm, percentages in points."""

    relative: bool
    least: float
    centre: float | None
    spread: float
    astray: float

    def at(self, quantity: float) -> float:
        return quantity * _POINTS if self.relative else float(np.log(max(quantity, self.least)))

    def density(self, at: float | Floats) -> Floats:
        if self.centre is None:
            return np.full_like(np.asarray(at, dtype=float), _FLAT / self.spread)
        seen: Floats = laplace.pdf(at, self.centre, self.spread)
        return np.maximum(seen, _LEAST)


class Usual:
    """How usual figures are, by what else is printed of the same series within a year.

    A tonnage is taken to be Laplace in its logarithm around the median of the others that are not zero, a
    month's share of each; a
    change around none; a share around the median of the other shares. The spreads are settings. A figure is
    likelier of another year if the other figures of its publication are.
    """

    def __init__(self, statements: Sequence[Statement], settings: ReconcileSettings) -> None:
        self._statements, self._settings = statements, settings
        self._sizes: dict[object, list[tuple[int, date, float]]] = {}
        for place, one in enumerate(statements):
            if one.kind in {"total", "share"} and one.value > 0:
                self._sizes.setdefault(_key(one), []).append((place, one.period_end, _size(one)))
        self._ends: dict[str, list[tuple[int, date]]] = {}
        for place, one in enumerate(statements):
            self._ends.setdefault(one.source, []).append((place, one.period_end))

    def ratio(self, place: int, meant: Statement) -> float:
        """How much more usual a figure is than the one printed."""
        axis = self._axis(place, self._statements[place])
        was, now = (axis.density(axis.at(_quantity(one))) for one in (self._statements[place], meant))
        return float(now / was)

    def astray(self, place: int, low: float, high: float) -> float:
        """Chance that something usual between two ends is printed as it is for no known reason."""
        axis = self._axis(place, self._statements[place])
        printed = axis.at(_quantity(self._statements[place]))
        at = _between(axis, low, high)
        chance = laplace.pdf(at, printed, axis.astray) * axis.density(at)
        return float(np.trapezoid(chance, at) / axis.density(printed))

    def moved(
        self, place: int, meant: Statement, here: tuple[float, float], there: tuple[float, float]
    ) -> float:
        """Chance of a figure at another time, and of nothing being known of its own time.

        Parameters
        ----------
        here, there : pair of float
            What the rest says of the time printed, and of the other.
        """
        axis, other = self._axis(place, self._statements[place]), self._axis(place, meant)
        at = axis.at(_quantity(meant))
        usual = float(other.density(at)) / float(axis.density(at))
        return usual * _mass(axis, *here) / max(_mass(other, *there), _LEAST) * self._fitting(place, meant)

    def _fitting(self, place: int, meant: Statement) -> float:
        """How much better another time fits the publication: most of them speak of one month."""
        printed = self._statements[place]
        others = [end for other, end in self._ends[printed.source] if other != place]
        if not others:
            return 1.0
        now, was = (others.count(one.period_end) / len(others) for one in (meant, printed))
        return (now + _STRAY) / (was + _STRAY)

    def _axis(self, place: int, one: Statement) -> _Axis:
        settings = self._settings
        width = (2 * one.half_width or _LEAST_WIDTH) * per_unit(one)
        if is_change(one):
            return _Axis(True, width, _POINTS, settings.usual_change, settings.astray_points)
        centre = self._centre(place, one)
        if one.unit == "%":
            return _Axis(True, width, centre, settings.usual_share, settings.astray_points)
        at = None if centre is None else float(np.log(max(centre, width)))
        usual, astray = (float(np.log(one)) for one in (settings.usual_factor, settings.astray_factor))
        return _Axis(False, width, at, usual, astray)

    def _centre(self, place: int, one: Statement) -> float | None:
        others = [
            size
            for other, month, size in self._sizes.get(_key(one), [])
            if other != place and abs(_months(month, one.period_end)) <= _NEAR_MONTHS
        ]
        if not others:
            return None
        return float(np.median(others)) * (_length(one) if one.unit != "%" else 1)


def _between(axis: _Axis, low: float, high: float) -> Floats:
    """Points of an axis between two ends, widened by what rounding hides."""
    start, end = axis.at(max(low - axis.least / 2, 0.0)), axis.at(min(high + axis.least / 2, 1e12))
    middle = start if axis.centre is None else axis.centre
    reach = _ENDS * max(axis.spread, axis.astray)
    first = max(start, min(middle - reach, end))
    return np.linspace(first, max(min(end, max(first, middle) + reach), first + 1e-9), 400)


def _mass(axis: _Axis, low: float, high: float) -> float:
    at = _between(axis, low, high)
    return float(np.trapezoid(axis.density(at), at))


def _quantity(one: Statement) -> float:
    low, high = band(one, 0.0)
    return low if high == float("inf") else high if one.kind == "nearly" else (low + high) / 2


def _size(one: Statement) -> float:
    return _quantity(one) * _POINTS if one.unit == "%" else _quantity(one) / _length(one)


def _length(one: Statement) -> int:
    return _months(one.period_end, one.period_start) + 1


def _months(end: date, start: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _key(one: Statement) -> tuple[Series, Series | None]:
    return series_of(one), series_of_base(one) if one.unit == "%" else None
