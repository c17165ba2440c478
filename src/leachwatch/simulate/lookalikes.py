"""What a leach mine may be taken for, and how often it stands in a district."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from leachwatch.simulate.grid import Grid
from leachwatch.simulate.layers import Layer
from leachwatch.simulate.places import Place
from leachwatch.simulate.terrain import Terrain

__all__ = ["Kind", "Lookalike", "Scene"]

Kind = Literal[
    "fishpond",
    "reservoir",
    "river_bar",
    "paddy",
    "burnt",
    "landslide",
    "quarry",
    "greenhouse",
    "village",
    "road",
    "clearing",
]


@dataclass(frozen=True)
class Lookalike:
    """One thing that is not a mine.

    Attributes
    ----------
    kind : str
        What it is.
    place : Place
        Where.
    """

    kind: Kind
    place: Place


@dataclass(frozen=True, eq=False)
class Scene:
    """What a maker of look-alikes needs to know.

    Attributes
    ----------
    rng : Generator
        Source of chance.
    grid : Grid
        The district.
    terrain : Terrain
        Its slopes.
    first, last : int
        Ordinals of the first and last day of the series.
    """

    rng: np.random.Generator
    grid: Grid
    terrain: Terrain
    first: int
    last: int


Maker = Callable[[Scene, Place], list[Layer]]
"""Paints one look-alike on its place."""
