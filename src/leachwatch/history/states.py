"""States of a site, look by look: a hidden Markov model in which time is counted in days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

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


def decode(
    days: NDArray[np.int_],
    bare: NDArray[np.float64],
    pools: NDArray[np.float64],
    active_level: float,
    settings: HistorySettings,
    *,
    first_pool: int = 0,
) -> Account:
    """Find the course of states that explains the looks.

    Parameters
    ----------
    days : ndarray of int, shape (t,)
        Rising ordinals of the looks that count.
    bare : ndarray of float64, shape (t,)
        Bare share of the worked ground, 0 to 1.
    pools : ndarray of float64, shape (t,)
        Mean log odds of a pool over the pixels that had pools by then.
    active_level : float
        Expected value of `pools` while the site is active.
    settings : HistorySettings
        Rates and spreads.
    first_pool : int
        Ordinal of the day from which any pixel speaks for a pool; before it there was none.

    Returns
    -------
    Account
        States never go back from pools to the time before them: no course leads from active, idle or
        abandoned to absent or cleared.
    """
    emission = _emission(bare, pools, active_level, settings)
    emission[days < first_pool, STATES.index(WITH_POOLS[0]) :] += _NEVER
    steps = _steps(np.diff(days), settings)
    start = np.log(np.array(settings.start))
    return Account(_viterbi(start, steps, emission), _smooth(start, steps, emission))


def _emission(
    bare: NDArray[np.float64], pools: NDArray[np.float64], active_level: float, settings: HistorySettings
) -> NDArray[np.float64]:
    """Log likelihood of each look in each state, shape (t, 5); a slip says the same of all states."""
    ground = _normal(bare[:, None], np.array(settings.bare), np.array(settings.bare_spread))
    active = np.array([state == "active" for state in STATES])
    level = np.where(active, active_level, settings.quiet)
    spread = np.where(active, settings.pool_spread, settings.quiet_spread)
    liquid = _normal(pools[:, None], level, spread)
    flat = 1.0 / 4.0  # evidence spans about four units, the bare share one
    result: NDArray[np.float64] = np.log((1 - settings.slip) * ground * liquid + settings.slip * flat)
    return result


def _normal(
    value: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.exp(-0.5 * ((value - mean) / spread) ** 2) / (
        spread * np.sqrt(2 * np.pi)
    )
    return result


def _steps(gaps: NDArray[np.int_], settings: HistorySettings) -> NDArray[np.float64]:
    """Log probability of each change between looks, shape (t - 1, 5, 5)."""
    rates = np.zeros((len(STATES), len(STATES)))
    for origin, target, rate in settings.rates:
        rates[STATES.index(origin), STATES.index(target)] = rate
    np.fill_diagonal(rates, -rates.sum(axis=1))
    can_follow = np.linalg.matrix_power((rates != 0) | np.eye(len(STATES), dtype=bool), len(STATES))
    by_gap = {int(gap): _log(expm(rates * gap / _YEAR) * can_follow) for gap in np.unique(gaps)}
    return np.array([by_gap[int(gap)] for gap in gaps]).reshape(-1, len(STATES), len(STATES))


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
) -> NDArray[np.float64]:
    """Forward-backward in logarithms."""
    forward = np.empty_like(emission)
    backward = np.zeros_like(emission)
    forward[0] = start + emission[0]
    for look in range(1, len(emission)):
        forward[look] = (
            np.logaddexp.reduce(forward[look - 1][:, None] + steps[look - 1], axis=0) + emission[look]
        )
    for look in range(len(emission) - 2, -1, -1):
        backward[look] = np.logaddexp.reduce(steps[look] + emission[look + 1] + backward[look + 1], axis=1)
    joint = forward + backward
    result: NDArray[np.float64] = np.exp(joint - np.logaddexp.reduce(joint, axis=1)[:, None])
    return result
