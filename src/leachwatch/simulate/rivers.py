"""The river: water that turns brown in the monsoon, and bars that it covers."""

from __future__ import annotations

import numpy as np

from leachwatch.simulate import shapes
from leachwatch.simulate.grid import Grid
from leachwatch.simulate.layers import Layer, Stroke, constant, greenness, layer, seasonal
from leachwatch.simulate.lookalikes import Lookalike
from leachwatch.simulate.noise import FloatArray, fractal
from leachwatch.simulate.places import Place
from leachwatch.simulate.spectra import draw
from leachwatch.simulate.terrain import Terrain

__all__ = ["flow"]

_BAR_SPACING = (260.0, 600.0)  # m along the river
_BAR_HALF_LENGTH = (22.0, 70.0)  # m
_BAR_HALF_WIDTH = (7.0, 17.0)  # m


def flow(
    rng: np.random.Generator, grid: Grid, terrain: Terrain, series: tuple[int, int]
) -> tuple[list[Layer], list[Lookalike]]:
    """Water and bars of the river.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    grid : Grid
        The district.
    terrain : Terrain
        Holds the river's course.
    series : tuple of int
        Ordinals of the first and last day.

    Returns
    -------
    tuple of list of Layer and list of Lookalike
        Paint from the ground up, and the bars.
    """
    first, last = series[0] - 30, series[1] + 30
    clear, brown = draw(rng, "clear water"), draw(rng, "brown water")
    banks = layer(
        shapes.ribbon(terrain.river, terrain.river_width * 1.8, cells=grid.cells),
        constant(draw(rng, "sand"), 0.35),
    )
    water = layer(
        shapes.ribbon(terrain.river, terrain.river_width, cells=grid.cells),
        seasonal(clear * 0.75 + brown * 0.25, brown, first, last, lambda _: 0.96),
        level=1.0,
    )
    bars, found = [], []
    for place, angle in _bar_places(rng, grid, terrain):
        cover = shapes.blob(
            rng,
            place.middle,
            (place.radius, rng.uniform(*_BAR_HALF_WIDTH)),
            angle,
            cells=grid.cells,
            ragged=0.3,
        )
        bars.append(_bar(rng, cover, (first, last)))
        found.append(Lookalike("river_bar", place))
    return [banks, water, *bars], found


def _bar(rng: np.random.Generator, cover: shapes.Cover, series: tuple[int, int]) -> Layer:
    """Sand and gravel that high water covers in part."""
    sand, lowest = draw(rng, "sand"), rng.uniform(0.15, 0.6)
    wet = np.asarray(sand * 0.75, np.float32)
    texture = np.exp(
        0.1 * fractal(rng, (cover.share.shape[0], cover.share.shape[1]), exponent=1.2, longest=12)
    )
    strokes: list[Stroke] = seasonal(sand, wet, *series, lambda day: 1 - (1 - lowest) * greenness(day) ** 1.5)
    return layer(cover, strokes, texture=texture.astype(np.float32), level=1.0)


def _bar_places(rng: np.random.Generator, grid: Grid, terrain: Terrain) -> list[tuple[Place, float]]:
    """Places on the inner side of the bends, with the river's direction."""
    line: FloatArray = terrain.river
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    result, position = [], float(rng.uniform(50, 250))
    while position < along[-1]:
        index = min(int(np.searchsorted(along, position)), len(line) - 2)
        step = line[index + 1] - line[index]
        angle = float(np.arctan2(step[1], step[0]))
        side = rng.choice([-1, 1]) * terrain.river_width * rng.uniform(0.45, 0.8)
        east, south = line[index] + np.array([-np.sin(angle), np.cos(angle)]) * side
        if 0 < east < grid.metres and 0 < south < grid.metres:
            result.append((Place(float(east), float(south), float(rng.uniform(*_BAR_HALF_LENGTH))), angle))
        position += rng.uniform(*_BAR_SPACING)
    return result
