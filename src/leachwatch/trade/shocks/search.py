"""Breaks in the level of a series, each with the chance that none would have looked like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import ruptures
from numpy.typing import NDArray

from leachwatch.trade.shocks.partition import Cuts, cut
from leachwatch.trade.shocks.season import Season
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["Break", "Found", "noise_of", "search"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NORMAL = 1.4826  # spread of a normal distribution over its median absolute deviation


@dataclass(frozen=True)
class Break:
    """One place where the level changes.

    Attributes
    ----------
    place : int
        First month of the new level.
    probability : float
        One less the share of series resampled without a break of which some break is as strong, 0 to 1;
        the mean over draws.
    stability : float
        Share of penalties of the sweep at which the best partition has it, 0 to 1; the mean over draws.
    peer : bool
        Whether PELT of ruptures has it at the default penalty, in the median draw.
    """

    place: int
    probability: float
    stability: float
    peer: bool


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    adjusted : ndarray of float, shape of the draws
        The series without its season, on the scale of the search.
    probability, stability : ndarray of float, shape (n,)
        As in `Break`, for a level that starts in each month or beside it.
    loosest : ndarray of float, shape (n,)
        Share of draws of which the best partition at the least penalty of the sweep has such a level.
    strength : ndarray of float, shape (n,)
        Largest penalty at which a level starts in just that month, the mean over draws; 0 where none does.
    peers : ndarray of int
        Breaks of PELT of ruptures.
    near : int
        What is beside: months.
    """

    adjusted: Floats
    probability: Floats
    stability: Floats
    loosest: Floats
    strength: Floats
    peers: Ints
    near: int

    def at(self, place: int) -> Break:
        """Say what is known of a break at a place."""
        peer = bool((abs(self.peers - place) <= self.near).any())
        return Break(place, float(self.probability[place]), float(self.stability[place]), peer)

    def breaks(self, evidence: Floats, least: float) -> tuple[Break, ...]:
        """List breaks by time that have least evidence: the strongest, and none beside one that is taken."""
        left = np.where((evidence >= least) & (self.strength > 0), self.strength, 0.0)
        found = []
        while left.any():
            place = int(left.argmax())
            found.append(self.at(place))
            left[max(place - self.near, 0) : place + self.near + 1] = 0
        return tuple(sorted(found, key=lambda one: one.place))


def search(values: Floats, season: Season | None, settings: ShockSettings, rng: np.random.Generator) -> Found:
    """Look for breaks in draws of one series.

    Parameters
    ----------
    values : ndarray of float, shape (draws, n) or (draws, n, parts)
        On a scale on which noise is even; NaN in gaps. A season is allowed to single series only.
    season : Season or None
        What to allow the time of year; None to take the series as it is.
    settings : ShockSettings
        What is taken for granted.
    rng : Generator
        Source of chance.

    Returns
    -------
    Found
        Without a break where fewer than two levels have room.

    Notes
    -----
    The strength of a break is the largest penalty at which the best partition still has it. That of a
    resampled series is the largest at which it has any, so that a probability holds for the whole series.
    """
    seen = _seen(values)
    if seen.sum() < 2 * settings.min_size:
        nothing = np.zeros(len(seen))
        return Found(values, nothing, nothing, nothing, nothing, np.array([], dtype=np.int64), settings.near)
    noise = float(np.median(noise_of(values, settings)))
    values = _held(values, np.array(noise), settings)
    penalty = settings.penalty * noise**2 * float(np.log(seen.sum()))
    adjusted = _without(values, season, noise, penalty, settings)
    cuts = cut(adjusted, least=settings.min_size, most=settings.most_breaks)
    critical = cuts.critical_penalties()
    null = _strengths_by_chance(adjusted, cuts, penalty, season, settings, rng)
    present = _present(cuts, noise, settings)
    return Found(
        adjusted,
        _probability(_nearby(critical, settings.near), null),
        present.mean(axis=(0, 1)),
        present[int(np.argmin(settings.sweep))].mean(axis=0),
        critical.mean(axis=0),
        _peers(np.median(adjusted, axis=0), penalty, settings),
        settings.near,
    )


def noise_of(values: Floats, settings: ShockSettings) -> Floats:
    """Spread of the noise, from differences of neighbouring months, which a few breaks do not touch.

    Parameters
    ----------
    values : ndarray of float, shape (series, n) or (series, n, parts)
        NaN in gaps; parts are taken together.
    settings : ShockSettings
        For the least noise.

    Returns
    -------
    ndarray of float, shape (series,)
    """
    steps = np.diff(values[:, _seen(values)], axis=1)
    middle = np.median(steps, axis=1, keepdims=True)
    spread = _NORMAL * np.median(abs(steps - middle), axis=1) / np.sqrt(2)
    whole = np.sqrt((spread.reshape(len(values), -1) ** 2).sum(axis=1))
    held: Floats = np.maximum(whole, settings.least_noise)
    return held


def _seen(values: Floats) -> NDArray[np.bool_]:
    seen: NDArray[np.bool_] = ~np.isnan(values).any(axis=(0, *range(2, values.ndim)))  # type: ignore[assignment]
    return seen


def _without(
    values: Floats, season: Season | None, noise: float, penalty: float, settings: ShockSettings
) -> Floats:
    """Fit season and breaks in turn, from no break and from those of the series as it is; keep the better."""
    if season is None:
        return values
    tried = [_in_turn(values, season, noise, penalty, settings, start) for start in (values, None)]
    worth, adjusted = zip(*tried, strict=True)
    better: Floats = np.where((worth[0] <= worth[1])[:, None], adjusted[0], adjusted[1])
    return better


def _in_turn(
    values: Floats,
    season: Season,
    noise: float,
    penalty: float,
    settings: ShockSettings,
    start: Floats | None,
) -> tuple[Floats, Floats]:
    breaks = [np.array([], dtype=np.int64)] * len(values)
    adjusted = values
    if start is not None:
        _, breaks = _best(start, penalty, settings)
    for _ in range(settings.rounds):
        effects = _effects(values, breaks, season, noise)
        adjusted = values - effects @ season.design.T
        worth, breaks = _best(adjusted, penalty, settings)
    held = ((effects / season.spreads) ** 2).sum(axis=1) * noise**2
    return worth + held, adjusted


def _effects(values: Floats, breaks: list[Ints], season: Season, noise: float) -> Floats:
    """Fit the season of each draw, shape (draws, effects); those of the same breaks at once."""
    alike: dict[tuple[int, ...], list[int]] = {}
    for row, places in enumerate(breaks):
        alike.setdefault(tuple(places.tolist()), []).append(row)
    effects = np.empty((len(values), len(season.spreads)))
    for same, rows in alike.items():
        effects[rows] = season.effects(values[rows].T, np.array(same, dtype=np.int64), noise).T
    return effects


def _best(values: Floats, penalty: float, settings: ShockSettings) -> tuple[Floats, list[Ints]]:
    cuts = cut(values, least=settings.min_size, most=settings.most_breaks)
    counts = cuts.counts_at(penalty)
    worth = cuts.costs[np.arange(len(values)), counts] + penalty * counts
    return worth, [cuts.breaks(row, count) for row, count in enumerate(counts.tolist())]


def _held(values: Floats, noise: Floats, settings: ShockSettings) -> Floats:
    """Draw a month that stands out from both its neighbours towards them: alone it is no level."""
    seen = _seen(values)
    own = values[:, seen]
    before = np.concatenate([own[:, 1:2], own[:, :-1]], axis=1)
    after = np.concatenate([own[:, 1:], own[:, -2:-1]], axis=1)
    reach = settings.alone * noise.reshape(-1, *[1] * (values.ndim - 1))
    held = values.copy()
    held[:, seen] = np.clip(own, np.minimum(before, after) - reach, np.maximum(before, after) + reach)
    return held


def _strengths_by_chance(
    adjusted: Floats,
    cuts: Cuts,
    penalty: float,
    season: Season | None,
    settings: ShockSettings,
    rng: np.random.Generator,
) -> Floats:
    """Strength of the strongest break of each series resampled without one, shape (resamples,)."""
    counts, noise = cuts.counts_at(penalty), float(np.median(noise_of(adjusted, settings)))
    rows = rng.integers(len(adjusted), size=settings.resamples)
    rests, freedoms = zip(
        *(
            _rest(row, cuts.breaks(place, count), season, noise)
            for place, (row, count) in enumerate(zip(adjusted, counts.tolist(), strict=True))
        ),
        strict=True,
    )
    freedom = np.array(freedoms)[rows].reshape(-1, *[1] * (adjusted.ndim - 1))
    wide = settings.caution * np.sqrt(freedom / rng.chisquare(freedom))
    made = np.full((settings.resamples, *adjusted.shape[1:]), np.nan)
    made[:, cuts.seen] = wide * _resampled(np.array(rests)[rows], settings.block, rng)
    made = _held(made, noise_of(made, settings), settings)
    if season is not None:
        none = np.array([], dtype=np.int64)
        made -= (season.design @ season.effects(made.T, none, noise)).T
    return cut(made, least=settings.min_size, most=settings.most_breaks).largest_penalties()


def _rest(row: Floats, breaks: Ints, season: Season | None, noise: float) -> tuple[Floats, float]:
    """Take the levels away, and widen what is left by what was fitted away; also say how free it is."""
    seen = np.flatnonzero(_seen(row[None]))
    level = np.searchsorted(breaks, seen, side="right")
    rest = row[seen].copy()
    for one in range(len(breaks) + 1):
        rest[level == one] -= rest[level == one].mean(axis=0)
    fitted = len(breaks) + 1 + (0 if season is None else season.freedom(seen, breaks, noise))
    free = max(len(rest) - fitted, 1.0)
    return rest * np.sqrt(len(rest) / free), free


def _probability(strength: Floats, null: Floats) -> Floats:
    """One less the p-value of each month's break, the mean over draws, shape (n,)."""
    stronger = len(null) - np.searchsorted(np.sort(null), strength, side="left")
    chance = 1 - (1 + stronger) / (1 + len(null))
    mean: Floats = np.where(strength > 0, chance, 0.0).mean(axis=0)
    return mean


def _resampled(rests: Floats, block: int, rng: np.random.Generator) -> Floats:
    """Blocks of each row in another order, round the end."""
    count, length = rests.shape[:2]
    starts = rng.integers(length, size=(count, -(-length // block)))
    places = (starts[..., None] + np.arange(block)).reshape(count, -1)[:, :length] % length
    taken: Floats = rests[np.arange(count)[:, None], places]
    return taken


def _nearby(strength: Floats, near: int) -> Floats:
    """Largest within some months, along the last axis."""
    padded = np.pad(strength, [(0, 0)] * (strength.ndim - 1) + [(near, near)])
    largest: Floats = np.lib.stride_tricks.sliding_window_view(padded, 2 * near + 1, axis=-1).max(axis=-1)
    return largest


def _present(cuts: Cuts, noise: float, settings: ShockSettings) -> Floats:
    """1 where the best partition has a break in a month or beside it, shape (prices, draws, n)."""
    present = np.zeros((len(settings.sweep), len(cuts.costs), len(cuts.seen)))
    unit = noise**2 * float(np.log(cuts.seen.sum()))
    for place, price in enumerate(settings.sweep):
        for row, count in enumerate(cuts.counts_at(price * unit).tolist()):
            present[place, row, cuts.breaks(row, count)] = 1
    return _nearby(present, settings.near)


def _peers(row: Floats, penalty: float, settings: ShockSettings) -> Ints:
    seen = np.flatnonzero(_seen(row[None]))
    model = ruptures.Pelt(model="l2", min_size=settings.min_size, jump=1).fit(row[seen])
    return seen[np.array(model.predict(pen=penalty)[:-1], dtype=np.int64)]
