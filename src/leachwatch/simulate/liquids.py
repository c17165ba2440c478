"""What stands in a pool, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from leachwatch.simulate.chance import happens
from leachwatch.simulate.layers import Stroke
from leachwatch.simulate.lives import Life
from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.spectra import draw, suspension

__all__ = ["LIQUIDS", "Habit", "Liquid", "habit", "specimen", "strokes"]

Liquid = Literal["grey", "teal", "bottle", "turquoise", "milky", "white", "brown"]

LIQUIDS: dict[Liquid, float] = {
    "grey": 0.52,
    "teal": 0.19,
    "bottle": 0.09,
    "turquoise": 0.06,
    "milky": 0.05,
    "white": 0.035,
    "brown": 0.055,
}
"""Share of pools by main liquid; grey 54 %, teal 25 % and white 2 % of 150 chips of Kachin with pools."""

_SUSPENDED = {"turquoise": (4.0, 22.0), "milky": (30.0, 90.0), "white": (120.0, 380.0)}
"""Range of white precipitate, g/m³."""

_TRACE = 1e-3  # of a liquid that a district does not have
_DISSOLVED = (0.0, 0.5)  # 1/m at 440 nm
_FLOOR_SHARE = (0.08, 0.45)  # rim, film and floor seen together with the liquid
_EMPTY = (0.06, 0.24)  # share of the working time in which a pool stands empty
_STAY = (25.0, 110.0)  # days, mean time between changes of liquid
_DRAIN = (5, 45)  # days after the last work until a pool is dry
_SAME, _SAME_BRIGHT = 0.72, 0.36  # probability that a fill is like the one before
_PASSING = ("turquoise", "milky")  # seen on single days; the yearly medians of real pools have none
_BATCHES = (0.02, 0.20)  # share of fills preceded by a batch of bright precipitate
_BATCH_STAY = (5.0, 22.0)  # days
_RAMP = 3.0  # days of filling and draining


@dataclass(frozen=True)
class Habit:
    """How a site keeps its pools.

    Attributes
    ----------
    palette : tuple of float
        Probability of each liquid, in the order of `LIQUIDS`.
    empty : float
        Share of time a pool in use stands empty.
    stay : float
        Mean days between changes.
    batches : float
        Share of fills that are a batch of bright precipitate, gone after days.
    """

    palette: tuple[float, ...]
    empty: float
    stay: float
    batches: float

    def liquid(self, rng: np.random.Generator) -> Liquid:
        """Draw a liquid."""
        names: list[Liquid] = list(LIQUIDS)
        return names[int(rng.choice(len(names), p=self.palette))]


def habit(rng: np.random.Generator, shares: Mapping[Liquid, float] = LIQUIDS) -> Habit:
    """Draw a site's habit; some sites are nearly all grey, some are bright.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    shares : mapping of str to float
        Share of pools by main liquid in the district, of each of `LIQUIDS` that has any.
    """
    usual = np.array([shares.get(name, 0.0) for name in LIQUIDS])
    palette = rng.dirichlet(2 * usual / usual.sum() + _TRACE)
    return Habit(
        tuple(palette / palette.sum()), rng.uniform(*_EMPTY), rng.uniform(*_STAY), rng.uniform(*_BATCHES)
    )


def specimen(rng: np.random.Generator, liquid: Liquid) -> FloatArray:
    """One fill of a liquid.

    Returns
    -------
    ndarray of float32, shape (band,)
        Reflectance of the pool, 0 to 1.
    """
    if liquid not in _SUSPENDED:
        return draw(rng, liquid)
    particles = float(np.exp(rng.uniform(*np.log(_SUSPENDED[liquid]))))
    deep = suspension(particles, rng.uniform(*_DISSOLVED))
    share = np.float32(rng.uniform(*_FLOOR_SHARE))
    return np.asarray(deep * (1 - share) + draw(rng, "dry") * share, np.float32)


def strokes(
    rng: np.random.Generator, life: Life, kept: Habit, liquid: Liquid, *, born: int, gone: int
) -> list[Stroke]:
    """Draw the colours of a pool from the day it is built.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    life : Life
        When the site works.
    kept : Habit
        How the site keeps its pools.
    liquid : str
        What mostly stands in this one.
    born, gone : int
        Ordinals of the first day of the pool and of the day it has fallen in.
    """
    floor, usual = draw(rng, "dry"), specimen(rng, liquid)
    changes: list[tuple[float, FloatArray]] = [(float(born), floor)]
    for start, end in life.working(gone):
        if end <= born:
            continue
        day = float(max(start, born) + rng.integers(0, 12))
        while day < end:
            if happens(rng, kept.batches):
                changes.append((day, specimen(rng, "milky" if happens(rng, 0.5) else "turquoise")))
                day += rng.uniform(*_BATCH_STAY)
            changes.append((day, _fill(rng, kept, usual, floor, liquid)))
            day += 8 + rng.exponential(kept.stay)
        left = _standing(rng, floor)
        changes.append((float(end + rng.integers(*_DRAIN)), left))
    return _stepped(changes, born, gone)


def _fill(
    rng: np.random.Generator, kept: Habit, usual: FloatArray, floor: FloatArray, liquid: Liquid
) -> FloatArray:
    """Draw what a pool in use holds next."""
    if happens(rng, kept.empty):
        return floor
    if happens(rng, _SAME_BRIGHT if liquid in _PASSING else _SAME):
        return np.asarray(usual * np.exp(rng.normal(0, 0.08)), np.float32)
    if liquid in _PASSING:
        return specimen(rng, "teal" if happens(rng, 0.4) else "grey")  # as the yearly medians are
    return specimen(rng, liquid if happens(rng, 0.4) else kept.liquid(rng))  # often its own kind


def _standing(rng: np.random.Generator, floor: FloatArray) -> FloatArray:
    """Draw what is left in a pool nobody works: a dull floor, sometimes with rain on it."""
    if happens(rng, 0.68):
        return floor
    rain = draw(rng, "brown" if happens(rng, 0.56) else "bottle")  # silt, or algae
    share = np.float32(rng.uniform(0.2, 0.7))
    return np.asarray(rain * share + floor * (1 - share), np.float32)


def _stepped(changes: list[tuple[float, FloatArray]], born: int, gone: int) -> list[Stroke]:
    """Strokes that hold each colour until shortly before the next."""
    ordered = sorted(changes, key=lambda change: change[0])
    result = [Stroke(born - _RAMP, ordered[0][1], 0.0)]
    for index, (day, spectrum) in enumerate(ordered):
        following = ordered[index + 1][0] if index + 1 < len(ordered) else float(gone)
        result.append(Stroke(day, spectrum))
        result.append(Stroke(max(following - _RAMP, day + 0.1), spectrum))
    return [*result, Stroke(gone + 60.0, ordered[-1][1], 0.0)]
