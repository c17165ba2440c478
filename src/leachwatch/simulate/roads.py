"""Earth roads that wind along the slopes to the mines and the villages."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from scipy import sparse
from scipy.ndimage import gaussian_filter1d

from leachwatch.simulate import shapes
from leachwatch.simulate.grid import CELL, Grid
from leachwatch.simulate.layers import Layer, Stroke, constant, layer
from leachwatch.simulate.lookalikes import Lookalike
from leachwatch.simulate.noise import FloatArray, fractal
from leachwatch.simulate.places import Place
from leachwatch.simulate.spectra import draw
from leachwatch.simulate.terrain import Terrain

__all__ = ["Target", "wind"]

_STEP = 4  # cells between the nodes of the search: 20 m
_WIDTH = (3.5, 6.5)  # m
_SHORTEST = 3  # nodes; a shorter way is there already
_EDGE = 20.0  # m
_BRIDGE, _BANK = 25.0, 25.0  # cost of a node within so many metres of the river
_CUT_SPACING = 900.0  # m between slumps of the cut slope

Target = tuple[Place, float]
"""Where a road leads, and the ordinal of the day from which it is there."""


def wind(
    rng: np.random.Generator, grid: Grid, terrain: Terrain, targets: Sequence[Target]
) -> tuple[list[Layer], list[Lookalike]]:
    """Roads from the district's edge to all targets.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    grid : Grid
        The district.
    terrain : Terrain
        Roads avoid its steep parts.
    targets : sequence of Target
        Where roads lead.

    Returns
    -------
    tuple of list of Layer and list of Lookalike
        Paint, and the slumps of the cut slopes.
    """
    side = grid.cells // _STEP
    head = _edge(rng, side)
    before = _search(_toll(rng, terrain, side), head)
    earth = draw(rng, "earth road")
    layers, found = [], []
    ends = [(Place(*_middle(_edge(rng, side), side), 0.0), 0.0) for _ in range(2)]
    for place, day in [*ends, *sorted(targets, key=lambda target: target[1])]:
        path = _path(before, _node(place, side), side)
        if len(path) < _SHORTEST:
            continue
        strokes = (
            constant(earth, 0.85) if day == 0 else [Stroke(day - 10, earth, 0.0), Stroke(day, earth, 0.85)]
        )
        layers.append(layer(shapes.ribbon(path, rng.uniform(*_WIDTH), cells=grid.cells), strokes, level=0.5))
        if day == 0:
            cuts = _cuts(rng, grid, path)
            layers += [part for _, part in cuts]
            found += [Lookalike("road", cut) for cut, _ in cuts]
    return layers, found


def _cuts(rng: np.random.Generator, grid: Grid, path: FloatArray) -> list[tuple[Place, Layer]]:
    """Bare slumps beside a road."""
    result = []
    for _ in range(max(1, round(len(path) * _STEP * CELL / _CUT_SPACING))):
        east, south = path[rng.integers(0, len(path))] + rng.normal(0, 5, 2)
        if not (_EDGE < east < grid.metres - _EDGE and _EDGE < south < grid.metres - _EDGE):
            continue
        place = Place(float(east), float(south), float(rng.uniform(14, 30)))
        cover = shapes.blob(
            rng,
            place.middle,
            (place.radius, place.radius * rng.uniform(0.4, 0.8)),
            rng.uniform(0, np.pi),
            cells=grid.cells,
            ragged=0.4,
        )
        result.append((place, layer(cover, constant(draw(rng, "scar"), 0.9))))
    return result


def _edge(rng: np.random.Generator, side: int) -> tuple[int, int]:
    """Draw a node on the edge, row and column."""
    along, where = int(rng.integers(0, side)), int(rng.integers(0, 4))
    return [(0, along), (side - 1, along), (along, 0), (along, side - 1)][where]


def _middle(node: tuple[int, int], side: int) -> tuple[float, float]:
    """East and south of a node; ``side`` keeps it inside."""
    row, column = (min(max(value, 0), side - 1) for value in node)
    return (column + 0.5) * _STEP * CELL, (row + 0.5) * _STEP * CELL


def _node(place: Place, side: int) -> tuple[int, int]:
    row, column = (int(np.clip(value / CELL / _STEP, 0, side - 1)) for value in (place.south, place.east))
    return row, column


def _toll(rng: np.random.Generator, terrain: Terrain, side: int) -> FloatArray:
    """Cost of crossing a node: steepness, water, and chance."""
    slope = cv2.resize(terrain.slope, (side, side), interpolation=cv2.INTER_AREA)
    water = cv2.resize(terrain.to_river, (side, side), interpolation=cv2.INTER_AREA)
    chance = np.exp(0.5 * fractal(rng, (side, side), exponent=1.0, longest=20))
    return np.asarray((1 + (slope / 0.2) ** 2) * chance + _BRIDGE * (water < _BANK), np.float32)


def _search(toll: FloatArray, head: tuple[int, int]) -> np.ndarray:
    """Cheapest way from the head to every node, as each node's predecessor."""
    side = toll.shape[0]
    index = np.arange(side * side).reshape(side, side)
    starts, ends, costs = [], [], []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = (slice(0, side - down), slice(max(-right, 0), side - max(right, 0)))
        there = (slice(down, side), slice(max(right, 0), side - max(-right, 0)))
        starts.append(index[here].ravel())
        ends.append(index[there].ravel())
        costs.append(((toll[here] + toll[there]) / 2 * np.hypot(down, right)).ravel())
    graph = sparse.coo_array(
        (np.concatenate(costs), (np.concatenate(starts), np.concatenate(ends))), shape=(side * side,) * 2
    )
    before: np.ndarray = sparse.csgraph.dijkstra(
        graph.tocsr(), directed=False, indices=index[head], return_predecessors=True
    )[1]
    return before


def _path(before: np.ndarray, node: tuple[int, int], side: int) -> FloatArray:
    """Smoothed way back to the head, m east and south."""
    current, nodes = node[0] * side + node[1], []
    while current >= 0:
        nodes.append(divmod(int(current), side))
        current = before[current]
    points = np.array([_middle(pair, side) for pair in nodes], np.float32)
    if len(points) < _SHORTEST:
        return points
    return np.asarray(gaussian_filter1d(points, 1.3, axis=0, mode="nearest"), np.float32)
