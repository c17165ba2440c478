"""A district: its ground, its mines, and what they may be taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from leachwatch.simulate import bare, fields, waters
from leachwatch.simulate.grid import Grid, anywhere
from leachwatch.simulate.layers import Layer, paint
from leachwatch.simulate.liquids import LIQUIDS, Liquid
from leachwatch.simulate.lookalikes import Kind, Lookalike, Maker, Scene
from leachwatch.simulate.mines import Mine, open_mines
from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.places import Place, Places
from leachwatch.simulate.rivers import flow
from leachwatch.simulate.roads import wind
from leachwatch.simulate.sun import LATITUDE, light, overhead
from leachwatch.simulate.terrain import Terrain, mountains
from leachwatch.simulate.vegetation import Vegetation, grow

__all__ = ["World", "make"]

_CORRECTION = (0.4, 0.85)  # how much of the slope's light is left after the provider's correction
_MINE_GAP = 45.0  # m from a mine's pad to a look-alike
_GAP = 15.0  # m between look-alikes


@dataclass(frozen=True)
class _Habitat:
    """How often a kind occurs, how large it is, and where it belongs."""

    maker: Maker
    per_km2: tuple[float, float]
    radius: tuple[float, float]
    valley: bool


_HABITATS: dict[Kind, _Habitat] = {
    "reservoir": _Habitat(waters.reservoir, (0.10, 0.20), (45, 95), valley=False),
    "village": _Habitat(bare.village, (0.20, 0.40), (45, 95), valley=True),
    "paddy": _Habitat(fields.paddy, (0.25, 0.45), (60, 130), valley=True),
    "fishpond": _Habitat(waters.fishpond, (0.25, 0.45), (35, 70), valley=True),
    "greenhouse": _Habitat(fields.greenhouse, (0.15, 0.30), (28, 50), valley=True),
    "quarry": _Habitat(bare.quarry, (0.15, 0.35), (30, 65), valley=False),
    "clearing": _Habitat(bare.clearing, (0.30, 0.50), (50, 105), valley=False),
    "landslide": _Habitat(bare.landslide, (0.40, 0.80), (45, 130), valley=False),
    "burnt": _Habitat(fields.burnt, (0.40, 0.80), (40, 90), valley=False),
}


@dataclass(frozen=True, eq=False)
class World:
    """Everything on the ground, for as long as the series lasts.

    Attributes
    ----------
    grid : Grid
        Where it lies.
    terrain : Terrain
        Its shape.
    vegetation : Vegetation
        What covers it by nature.
    mines : tuple of Mine
        The leach mines.
    lookalikes : tuple of Lookalike
        What is none.
    layers : tuple of Layer
        Paint over the vegetation, from the ground up.
    correction : float
        Share of the slope's light that the provider leaves in.
    """

    grid: Grid
    terrain: Terrain
    vegetation: Vegetation
    mines: tuple[Mine, ...]
    lookalikes: tuple[Lookalike, ...]
    layers: tuple[Layer, ...]
    correction: float

    def reflectance(self, day: int) -> FloatArray:
        """Show the ground on a day as a perfect sensor would see it.

        Parameters
        ----------
        day : int
            Ordinal.

        Returns
        -------
        ndarray of float32, shape (band, y, x)
            Surface reflectance in 5 m cells, 0 to 1.
        """
        image = self.vegetation.reflectance(day)
        level = np.zeros(image.shape[1:], np.float32)
        paint(self.layers, day, image, level)
        image *= light(self.terrain, overhead(day, LATITUDE), level, self.correction)
        return image


def make(
    rng: np.random.Generator,
    size: int,
    first: int,
    last: int,
    liquids: Mapping[Liquid, float] = LIQUIDS,
    crowd: float = 1.0,
) -> World:
    """Make a district.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    size : int
        Pixels of 10 m on a side.
    first, last : int
        Ordinals of the first and last day of the series.
    liquids : mapping of str to float
        Share of pools by main liquid.
    crowd : float
        How many times as many look-alikes as usual.
    """
    where, shape, cover, dig, others, water, ways = rng.spawn(7)
    grid = anywhere(where, size)
    terrain = mountains(shape, grid.cells)
    mines = open_mines(dig, grid, terrain, first, last, liquids)
    river, bars = flow(water, grid, terrain, (first, last))
    scattered, found = _scatter(Scene(others, grid, terrain, first, last), mines, crowd)
    targets = [(mine.place, float(mine.life.cleared)) for mine in mines]
    targets += [(item.place, 0.0) for item in found if item.kind in ("village", "quarry", "clearing")]
    roads, cuts = wind(ways, grid, terrain, targets)
    cuts = [cut for cut in cuts if _clear_of(cut.place, mines)]
    return World(
        grid=grid,
        terrain=terrain,
        vegetation=grow(cover, terrain),
        mines=tuple(mines),
        lookalikes=(*found, *bars, *cuts),
        layers=(*river, *roads, *scattered, *(part for mine in mines for part in mine.layers)),
        correction=float(where.uniform(*_CORRECTION)),
    )


def _scatter(scene: Scene, mines: Sequence[Mine], crowd: float) -> tuple[list[Layer], list[Lookalike]]:
    """Look-alikes of every kind, as many as the district's area asks for."""
    near = [Place(m.place.east, m.place.south, m.place.radius + _MINE_GAP - _GAP) for m in mines]
    places = Places(scene.grid.metres, near)
    layers: list[Layer] = []
    found: list[Lookalike] = []
    for kind, habitat in _HABITATS.items():
        liking = _liking(scene.terrain, valley=habitat.valley)
        expected = scene.rng.uniform(*habitat.per_km2) * scene.grid.square_km * crowd
        for _ in range(max(1, int(expected + scene.rng.random()))):
            place = places.find(scene.rng, liking, float(scene.rng.uniform(*habitat.radius)), gap=_GAP)
            if place is not None:
                layers += habitat.maker(scene, place)
                found.append(Lookalike(kind, place))
    return layers, found


def _liking(terrain: Terrain, *, valley: bool) -> FloatArray:
    """Where valley things and slope things belong."""
    off_river = terrain.to_river > terrain.river_width / 2 + 35
    if valley:
        suits = np.exp(-terrain.to_river / 150) * np.exp(-((terrain.slope / 0.2) ** 2)) + 1e-7
    else:
        suits = (1 - np.exp(-((terrain.slope / 0.2) ** 2))) + 1e-4
    return np.asarray(np.where(off_river, suits, 0), np.float32)


def _clear_of(place: Place, mines: Sequence[Mine]) -> bool:
    return all(
        np.hypot(place.east - mine.place.east, place.south - mine.place.south)
        > place.radius + mine.place.radius
        for mine in mines
    )
