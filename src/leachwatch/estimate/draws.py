"""Draws: the same chance for the same name, whatever else is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from leachwatch.estimate.priors import Prior

__all__ = ["Drawn", "Draws"]

Drawing = Callable[[np.random.Generator], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A quantity as draws; arithmetic keeps account of what it rests on.

    Attributes
    ----------
    array : ndarray of float64, shape (draws,)
        One value a draw; the same place is the same draw in every quantity.
    inputs : frozenset of str
        Ids of the figures and priors in it.
    """

    array: NDArray[np.float64]
    inputs: frozenset[str] = frozenset()

    def __add__(self, other: Drawn | float) -> Drawn:
        return self._with(other, np.add)

    def __sub__(self, other: Drawn | float) -> Drawn:
        return self._with(other, np.subtract)

    def __rsub__(self, other: float) -> Drawn:
        return Drawn(other - self.array, self.inputs)

    def __mul__(self, other: Drawn | float) -> Drawn:
        return self._with(other, np.multiply)

    def __truediv__(self, other: Drawn | float) -> Drawn:
        return self._with(other, np.divide)

    def _with(self, other: Drawn | float, ufunc: np.ufunc) -> Drawn:
        if isinstance(other, Drawn):
            return Drawn(ufunc(self.array, other.array), self.inputs | other.inputs)
        return Drawn(ufunc(self.array, other), self.inputs)


class Draws:
    """Draws by name.

    Each name has a generator of its own, made from the seed and the name. So a grade is drawn once and serves
    every month (drawn anew each month, its error would cancel in a sum), and one more prior changes no other.

    Parameters
    ----------
    priors : mapping of str to Prior
        As from `read_priors`.
    seed : int
        At or above 0.
    size : int
        Draws of each.
    """

    def __init__(self, priors: Mapping[str, Prior], seed: int, size: int) -> None:
        self._priors = priors
        self._seed = seed
        self._size = size
        self._held: dict[str, Drawn] = {}

    def __contains__(self, identity: str) -> bool:
        return identity in self._priors

    def of(self, identity: str) -> Drawn:
        """Draws of a prior.

        Raises
        ------
        KeyError
            If there is no such prior; ask with ``in`` where it may be missing.
        """
        prior = self._priors[identity]
        return self._kept(identity, lambda rng: prior.draw(rng, self._size))

    def between(self, name: str, low: float, high: float) -> Drawn:
        """Draws between two bounds, all places alike.

        The place between the bounds belongs to the name: two intervals drawn by the same name move together.

        Parameters
        ----------
        name : str
            Id of a figure or a series.
        low, high : float
            Bounds; the same where the value is known.
        """
        if low == high:
            return Drawn(np.full(self._size, low), frozenset({name}))
        place = self._kept(name, lambda rng: rng.random(self._size))
        return Drawn(low + (high - low) * place.array, place.inputs)

    def sources(self) -> Mapping[str, NDArray[np.float64]]:
        """Everything drawn so far, by name."""
        return {name: drawn.array for name, drawn in sorted(self._held.items())}

    def _kept(self, name: str, drawing: Drawing) -> Drawn:
        if name not in self._held:
            self._held[name] = Drawn(drawing(self._generator(name)), frozenset({name}))
        return self._held[name]

    def _generator(self, name: str) -> np.random.Generator:
        words = np.frombuffer(sha256(name.encode()).digest(), dtype="<u4")
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=words.tolist()))
