"""Tonnes lost since a break: what the months before it would have gone on to, less what came."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.statespace.structural import UnobservedComponents

from leachwatch.trade.shocks.scale import scale_of
from leachwatch.trade.shocks.season import Season
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["Lost", "Window", "lost_tonnes"]

Floats = NDArray[np.float64]

_STEPS = 400
_NO_BREAK = np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Lost:
    """Tonnes below the counterfactual; below zero where more came than it says.

    Attributes
    ----------
    low, p50, high : float
        5th, 50th and 95th percentile.
    """

    low: float
    p50: float
    high: float


@dataclass(frozen=True)
class Window:
    """Where a counterfactual is fitted, and where it is compared.

    Attributes
    ----------
    since, start, end : int
        First place of the level before, first of the break, and the one after its last.
    """

    since: int
    start: int
    end: int


def lost_tonnes(
    drawn: Floats,
    season: Season,
    window: Window,
    settings: ShockSettings,
    rng: np.random.Generator,
) -> Lost | None:
    """Compare the months since a break with where those before it would have gone.

    Season and level are fitted to the months before the break alone: the season with its prior, then a local
    level (`statsmodels.tsa.statespace.structural.UnobservedComponents`), whose courses are simulated with
    the noise as uncertain as so few months leave it (Student's t).

    Parameters
    ----------
    drawn : ndarray of float, shape (draws, n)
        Draws of the series, tonnes.
    season : Season
        What the time of year may do.
    window : Window
        Which months.
    settings : ShockSettings
        How many months are needed, and how many courses simulated.
    rng : Generator
        Source of chance.

    Returns
    -------
    Lost or None
        None where too few months are observed before, or no model fits them.
    """
    seen = ~np.isnan(drawn[0])
    if seen[window.since : window.start].sum() < settings.least_before:
        return None
    scale = scale_of(drawn[:, window.since : window.start], settings)
    gaps = []
    for row in range(min(settings.lost_draws, len(drawn))):
        courses = _simulated(scale.on(drawn[row]), season, window, settings, rng)
        if courses is None:
            return None
        came = drawn[row, window.start : window.end]
        gaps.append(np.nansum(scale.back(courses) - came, axis=1))
    low, middle, high = np.quantile(np.concatenate(gaps), [0.05, 0.5, 0.95])
    return Lost(float(low), float(middle), float(high))


def _simulated(
    scaled: Floats, season: Season, window: Window, settings: ShockSettings, rng: np.random.Generator
) -> Floats | None:
    """Courses from the break on, on the scale of the search, shape (paths, months)."""
    before = slice(window.since, window.start)
    past = Season(season.design[before], season.spreads)
    seen = np.flatnonzero(~np.isnan(scaled[before]))
    noise = max(float(np.std(scaled[before][seen])), settings.least_noise)
    effects = past.effects(scaled[before], _NO_BREAK, noise)
    level = _fitted(scaled[before] - past.design @ effects)
    if level is None:
        return None
    months, freedom = window.end - window.start, len(seen) - 1
    wide = settings.lost_caution * np.sqrt(freedom / rng.chisquare(freedom, (settings.paths, 1)))
    start = level.spread * rng.standard_normal((settings.paths, 1))
    walk = level.step * rng.standard_normal((settings.paths, months)).cumsum(axis=1)
    own = level.noise * rng.standard_normal((settings.paths, months))
    doubt = past.doubt(seen, _NO_BREAK, max(level.noise, settings.least_noise))
    drawn = rng.multivariate_normal(effects, doubt, settings.paths)
    courses: Floats = level.mean + wide * (start + walk + own)
    return courses + drawn @ season.design[window.start : window.end].T


@dataclass(frozen=True)
class _Level:
    """Where the level is after the last month, how sure that is, how far it moves in one, and the noise."""

    mean: float
    spread: float
    step: float
    noise: float


def _fitted(values: Floats) -> _Level | None:
    model = UnobservedComponents(values, "local level")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # asked for by name instead
        tried = (model.fit(disp=False, method=method, maxiter=_STEPS) for method in ("lbfgs", "nm"))
        result = next((one for one in tried if one.mle_retvals["converged"]), None)
    if result is None:
        return None
    noise, step = np.sqrt(np.maximum(result.params, 0))
    filtered = result.filter_results
    spread = np.sqrt(max(filtered.predicted_state_cov[0, 0, -1] - step**2, 0))
    return _Level(float(filtered.predicted_state[0, -1]), float(spread), float(step), float(noise))
