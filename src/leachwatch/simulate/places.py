"""Places for things: none over another, each where its kind belongs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from leachwatch.simulate.grid import CELL
from leachwatch.simulate.noise import FloatArray

__all__ = ["Place", "Places"]

_TRIES = 600


@dataclass(frozen=True)
class Place:
    """A circle of ground.

    Attributes
    ----------
    east, south : float
        Middle, m from the corner.
    radius : float
        Metres.
    """

    east: float
    south: float
    radius: float

    @property
    def middle(self) -> tuple[float, float]:
        """East and south."""
        return self.east, self.south


@dataclass
class Places:
    """Ground that is taken; grows as things are placed.

    Attributes
    ----------
    metres : float
        Side of the district, m.
    taken : list of Place
        What lies there already.
    """

    metres: float
    taken: list[Place] = field(default_factory=list)

    def find(
        self, rng: np.random.Generator, liking: FloatArray, radius: float, *, gap: float
    ) -> Place | None:
        """Take a free place, more likely where the liking is higher.

        Parameters
        ----------
        rng : Generator
            Source of chance.
        liking : ndarray of float32, shape (y, x)
            How well each 5 m cell suits; 0 for not at all.
        radius : float
            Metres.
        gap : float
            Least distance to the edge of anything else, m.

        Returns
        -------
        Place or None
            None where nothing is free.
        """
        margin = min(radius + 20, self.metres / 2 - 1)
        points = rng.uniform(margin, self.metres - margin, (_TRIES, 2))
        cells = (points / CELL).astype(int)
        weight = liking[cells[:, 1], cells[:, 0]].astype(np.float64)
        for other in self.taken:
            distance = np.hypot(points[:, 0] - other.east, points[:, 1] - other.south)
            weight[distance < radius + other.radius + gap] = 0
        if weight.sum() <= 0:
            return None
        east, south = points[rng.choice(_TRIES, p=weight / weight.sum())]
        place = Place(float(east), float(south), radius)
        self.taken.append(place)
        return place
