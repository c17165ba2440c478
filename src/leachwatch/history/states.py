"""States of a site, look by look: a hidden Markov model in which time is counted in days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.special import softmax

from leachwatch.history.looks import Looks
from leachwatch.history.settings import HistorySettings
from leachwatch.tables import STATES

__all__ = ["WITH_POOLS", "Account", "decode"]

_YEAR = 365.25
_NEVER = -60.0
"""Log likelihood of what cannot be."""
WITH_POOLS = ("active", "idle", "abandoned")
"""States of a site that has had pools; the last ones of `STATES`."""


@dataclass(frozen=True, eq=False)
class Account:
    """What happened at a site, t looks.

    Attributes
    ----------
    path : ndarray of int, shape (t,)
        Most probable course of states, as places in `leachwatch.tables.STATES`.
    probability : ndarray of float64, shape (t, 5)
        Probability of each state at each look, given all looks.
    """

    path: NDArray[np.int_]
    probability: NDArray[np.float64]


def decode(looks: Looks, settings: HistorySettings) -> Account:
    """Find the course of states that explains the looks.

    Parameters
    ----------
    looks : Looks
        At least one.
    settings : HistorySettings
        Rates, and what looks say in each state.

    Returns
    -------
    Account
        States never go back from pools to the time before them: no course leads from active, idle or
        abandoned to absent or cleared.
    """
    steps = _steps(np.diff(looks.days), settings)
    start = np.log(np.array(settings.start))
    pools = STATES.index(WITH_POOLS[0])
    emission = _emission(looks, settings)
    emission[:, looks.days < looks.began.min(), pools:] += _NEVER
    # who asks for a history has found pools, so that they came by the last look
    emission[:, -1, :pools] += _NEVER
    probability, total = _smooth(start, steps, emission)
    likely = emission[int(total.argmax())]
    return Account(_viterbi(start, steps, likely), np.tensordot(softmax(total), probability, axes=1))


def _emission(looks: Looks, settings: HistorySettings) -> NDArray[np.float64]:
    """Log likelihood of each look in each state under each hypothesis, shape (h, t, 5).

    How much a bare pad looks like pools, and how often pools that rest look like one, differs from site to
    site and stays: a hypothesis says both. A slip says the same of all states. Looks soon after each other
    repeat each other.
    """
    gaps = np.diff(looks.days, prepend=looks.days[0] - _YEAR)
    levels = _levels(looks, settings)
    result: NDArray[np.float64] = _slipping(levels, 1 / 4, settings) * _new(gaps, settings.pad_days)
    result += _slipping(_bareness(looks, settings), 1.0, settings) * _new(gaps, settings.use_days)
    said = np.nan_to_num(
        np.clip(looks.use - _middle(looks, settings), -settings.use_most, settings.use_most)
    )[:, None]
    result += said * np.array(settings.use) * _new(gaps, settings.use_days)
    return result


def _levels(looks: Looks, settings: HistorySettings) -> NDArray[np.float64]:
    """Likelihood of each look's evidence in each state under each hypothesis, shape (h, t, 5)."""
    above = looks.level - looks.active_level
    pads, drained = np.array(settings.hypotheses).T[:, :, None]
    like_pad = _density(above, pads, settings.pad_spread)
    usual = _normal(above, settings.level, settings.level_spread)
    result: NDArray[np.float64] = np.repeat(usual[None], len(settings.hypotheses), axis=0)
    result[:, :, STATES.index("cleared")] = like_pad
    idle = STATES.index("idle")
    result[:, :, idle] = (1 - drained) * result[:, :, idle] + drained * like_pad
    return result


def _bareness(looks: Looks, settings: HistorySettings) -> NDArray[np.float64]:
    """Likelihood of each look's bare share in each state, shape (t, 5)."""
    bare = _normal(looks.bare, settings.bare, settings.bare_spread)
    absent, abandoned = STATES.index("absent"), STATES.index("abandoned")
    overgrown = (1 + bare[:, absent]) / 2  # to any degree, or wholly
    bare[:, abandoned] = (1 - settings.overgrown) * bare[:, abandoned] + settings.overgrown * overgrown
    return bare


def _middle(looks: Looks, settings: HistorySettings) -> float:
    """Find what a site says halfway between work and rest: as most do, and below its own better looks."""
    known = looks.use[np.isfinite(looks.use)]
    if not len(known):
        return settings.use_middle
    own = float(np.quantile(known, 0.75)) - settings.use_apart
    return (1 - settings.use_own) * settings.use_middle + settings.use_own * own


def _slipping(likely: NDArray[np.float64], flat: float, settings: HistorySettings) -> NDArray[np.float64]:
    """Log likelihood where some looks say nothing, and then anything within their range alike."""
    result: NDArray[np.float64] = np.log((1 - settings.slip) * likely + settings.slip * flat)
    return result


def _new(gaps: NDArray[np.float64], days: float) -> NDArray[np.float64]:
    """How much of what a look says is new after so many days, shape (t, 1)."""
    result: NDArray[np.float64] = (1 - np.exp(-gaps / days))[:, None]
    return result


def _normal(
    value: NDArray[np.float64], mean: Sequence[float], spread: Sequence[float]
) -> NDArray[np.float64]:
    """Density of each value in each state, shape (t, 5)."""
    return _density(value[:, None], np.array(mean), np.array(spread))


def _density(value: NDArray[np.float64], mean: Any, spread: Any) -> NDArray[np.float64]:
    """Density of the normal distribution."""
    apart = (value - mean) / spread
    result: NDArray[np.float64] = np.exp(-(apart**2) / 2) / np.sqrt(2 * np.pi) / spread
    return result


def _steps(gaps: NDArray[np.int_], settings: HistorySettings) -> NDArray[np.float64]:
    """Log probability of each change between looks, shape (t - 1, 5, 5)."""
    steps = [_step(settings.rates, int(gap)) for gap in gaps]
    return np.array(steps).reshape(-1, len(STATES), len(STATES))


@cache
def _step(changes: tuple[tuple[str, str, float], ...], gap: int) -> NDArray[np.float64]:
    """Log probability of each change in so many days, shape (5, 5)."""
    rates = np.zeros((len(STATES), len(STATES)))
    for origin, target, rate in changes:
        rates[STATES.index(origin), STATES.index(target)] = rate
    np.fill_diagonal(rates, -rates.sum(axis=1))
    can_follow = np.linalg.matrix_power((rates != 0) | np.eye(len(STATES), dtype=bool), len(STATES))
    return _log(expm(rates * gap / _YEAR) * can_follow)


def _log(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm, with minus infinity for what cannot be."""
    with np.errstate(divide="ignore"):
        result: NDArray[np.float64] = np.log(share)
    return result


def _viterbi(
    start: NDArray[np.float64], steps: NDArray[np.float64], emission: NDArray[np.float64]
) -> NDArray[np.int_]:
    best = start + emission[0]
    came_from = np.zeros(emission.shape, np.int_)
    for look in range(1, len(emission)):
        ways = best[:, None] + steps[look - 1]
        came_from[look] = ways.argmax(axis=0)
        best = ways.max(axis=0) + emission[look]
    path = np.empty(len(emission), np.int_)
    path[-1] = best.argmax()
    for look in range(len(emission) - 1, 0, -1):
        path[look - 1] = came_from[look, path[look]]
    return path


def _smooth(
    start: NDArray[np.float64], steps: NDArray[np.float64], emission: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Forward-backward in logarithms, for h hypotheses at once.

    Returns
    -------
    probability : ndarray of float64, shape (h, t, 5)
        Of each state at each look.
    total : ndarray of float64, shape (h,)
        Log likelihood of all looks.
    """
    forward = np.empty_like(emission)
    backward = np.zeros_like(emission)
    forward[:, 0] = start + emission[:, 0]
    for look in range(1, emission.shape[1]):
        ways = forward[:, look - 1, :, None] + steps[look - 1]
        forward[:, look] = np.logaddexp.reduce(ways, axis=1) + emission[:, look]
    for look in range(emission.shape[1] - 2, -1, -1):
        ways = steps[look] + (emission[:, look + 1] + backward[:, look + 1])[:, None]
        backward[:, look] = np.logaddexp.reduce(ways, axis=2)
    joint = forward + backward
    total = np.logaddexp.reduce(joint, axis=2)
    return np.exp(joint - total[:, :, None]), total[:, -1]
