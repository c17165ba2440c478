"""Chance: whether something happens."""

from __future__ import annotations

import numpy as np

__all__ = ["happens"]


def happens(rng: np.random.Generator, probability: float) -> bool:
    """Throw a loaded coin.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    probability : float
        0 for never, 1 for always.
    """
    return bool(rng.random() < probability)
