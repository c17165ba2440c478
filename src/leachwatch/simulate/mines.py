"""Leach mines: pads cut into the forest, with rows of pools that come, change and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np

from leachwatch.simulate import liquids, shapes
from leachwatch.simulate.chance import happens
from leachwatch.simulate.grid import CELL, Grid
from leachwatch.simulate.layers import Layer, Stroke, layer, seasonal
from leachwatch.simulate.liquids import Liquid
from leachwatch.simulate.lives import COURSES, Course, Life, live
from leachwatch.simulate.noise import FloatArray, fractal, smoothstep
from leachwatch.simulate.places import Place, Places
from leachwatch.simulate.pools import Pool, Row, lay_out
from leachwatch.simulate.shapes import Cover
from leachwatch.simulate.spectra import draw
from leachwatch.simulate.terrain import Terrain

__all__ = ["Built", "Mine", "gullied", "open_mines", "overgrown"]

_KM2_PER_SITE = 0.9
_FEWEST = 3
_SPACING = 350.0  # m between sites, so that none are linked within 150 m
_REACH = 85.0  # m from a site's middle to its farthest pool
_OFF_RIVER = 110.0  # m from a site's middle to the river
_SMALL_SHARE = 0.22  # of sites with a few pools only
_POOLS = ((5, 7), (7, 26))  # small sites, others
_BARE = (9.0, 29.0)  # m of pad radius per root of pools; 1.95 ha bare for 14 pools on the image at 0.5 m
_RIM = (0.5, 1.8)  # m of wall around a pool; 1.5-2 on the image at 0.5 m, less where pools touch
_WET_PAD = (0.82, 0.97)  # brightness of a pad at the end of the monsoon
_TRODDEN = 0.5  # most share of grey spill and tailings on the ground between the pools
_PAD_SPREAD = 0.18  # of the logarithm of brightness between the terraces of a site
_GULLIES, _PATCHES = (0.05, 0.16), (0.20, 0.45)  # of the logarithm of brightness of bare earth
_BUSHES = (-0.4, 1.2)  # from here on, in standard deviations of a field, bushes are left on a pad
_FIRST_POOLS = 4  # at least, where the site has as many
_BATCH = (20, 170)  # days between rows
_BEYOND = 400  # days after the series; what stands then stands for good
_TO_GONE = (90, 700)  # days from giving up until a pool has fallen in


@dataclass(frozen=True)
class Built:
    """A pool with its dates.

    Attributes
    ----------
    pool : Pool
        Where and how large.
    born, gone : int
        Ordinals of its first day and of the day it has fallen in.
    liquid : str
        What mostly stands in it.
    """

    pool: Pool
    born: int
    gone: int
    liquid: Liquid


@dataclass(frozen=True, eq=False)
class Mine:
    """One site.

    Attributes
    ----------
    place : Place
        Where; the radius holds the pad.
    life : Life
        What it does when.
    pools : tuple of Built
        All pools it ever has.
    pads : tuple of Layer
        Bare ground: spoil, yard, terraces.
    pool_layers : tuple of Layer
        What stands in each pool, in the order of ``pools``.
    surroundings : tuple of Layer
        Huts, and the walls of the pools.
    weeds : tuple of Layer
        What grows over it all when it is given up.
    """

    place: Place
    life: Life
    pools: tuple[Built, ...]
    pads: tuple[Layer, ...]
    pool_layers: tuple[Layer, ...]
    surroundings: tuple[Layer, ...]
    weeds: tuple[Layer, ...]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All paint, from the ground up."""
        return (*self.pads, *self.surroundings, *self.pool_layers, *self.weeds)

    def pool_area(self, day: int) -> float:
        """Area of the pools that stand on a day, full or dry, m²."""
        return sum(built.pool.area for built in self.pools if built.born <= day < built.gone)


def open_mines(
    rng: np.random.Generator,
    grid: Grid,
    terrain: Terrain,
    first: int,
    last: int,
    liquids_there: Mapping[Liquid, float] = liquids.LIQUIDS,
) -> list[Mine]:
    """Open the district's mines.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    grid : Grid
        The district.
    terrain : Terrain
        Its slopes.
    first, last : int
        Ordinals of the first and last day of the series.
    liquids_there : mapping of str to float
        Share of pools by main liquid.
    """
    middles = _middles(rng, grid, terrain)
    leading = list(COURSES[:4])
    rng.shuffle(leading)
    courses = leading[: len(middles)]
    weights = (0.3, 0.2, 0.25, 0.15, 0.1)
    courses += [COURSES[rng.choice(5, p=weights)] for _ in middles[len(courses) :]]
    return [
        _mine(rng, grid, terrain, (place, course), (first, last), liquids_there)
        for place, course in zip(middles, courses, strict=True)
    ]


def _middles(rng: np.random.Generator, grid: Grid, terrain: Terrain) -> list[Place]:
    """Middles of the sites, far enough apart."""
    wanted = max(_FEWEST, round(grid.square_km / _KM2_PER_SITE))
    liking = np.where(terrain.to_river > _OFF_RIVER, np.exp(-(((terrain.slope - 0.3) / 0.25) ** 2)), 0)
    edge = int((_REACH + 15) / CELL)
    inner = np.zeros_like(liking)
    inner[edge:-edge, edge:-edge] = liking[edge:-edge, edge:-edge] + 1e-6
    best: list[Place] = []
    for _ in range(40):
        places = Places(grid.metres)
        for _ in range(wanted):
            places.find(rng, inner.astype(np.float32), 20.0, gap=_SPACING - 40.0)
        best = max(best, places.taken, key=len)
        if len(best) == wanted:
            break
    return best


def _mine(
    rng: np.random.Generator,
    grid: Grid,
    terrain: Terrain,
    site: tuple[Place, Course],
    series: tuple[int, int],
    liquids_there: Mapping[Liquid, float],
) -> Mine:
    place, course = site
    life = live(rng, course, *series)
    count = int(rng.integers(*_POOLS[0 if happens(rng, _SMALL_SHARE) else 1]))
    radius = float(np.clip(rng.uniform(*_BARE) * np.sqrt(count), 34, 110))
    downhill = terrain.downhill(*place.middle)
    rows = lay_out(rng, place.middle, downhill + np.pi / 2, count, min(radius * 0.85, _REACH))
    dated = _dated(rng, life, rows, series[1])
    kept = liquids.habit(rng, liquids_there)
    built = _build(rng, life, kept, dated, series[1])
    ground = _Ground(rng, grid, life, series, downhill)
    pads = ground.pads(place, radius, dated)
    walls = [_wall(rng, item, pads[0].spectra[0], cells=grid.cells) for item in built]
    weeds = [overgrown(rng, pad.cover, life.abandoned, series[1]) for pad in pads if life.abandoned]
    return Mine(
        place=Place(place.east, place.south, radius),
        life=life,
        pools=tuple(built),
        pads=tuple(pads),
        pool_layers=tuple(_contents(rng, life, kept, item, cells=grid.cells) for item in built),
        surroundings=(*ground.camp(place, radius), *walls),
        weeds=tuple(weeds),
    )


def _dated(rng: np.random.Generator, life: Life, rows: Sequence[Row], last: int) -> list[tuple[Row, int]]:
    """Rows with the day on which each is built: the first at once, the others while work goes on."""
    spans = life.working(last + 1)
    at_once = _first_rows(rows, max(1, round(len(rows) * rng.uniform(0.3, 0.7))))
    dated, day = [(row, life.pools_from) for row in rows[:at_once]], life.pools_from
    for row in rows[at_once:]:
        day = _next_workday(day + int(rng.integers(*_BATCH)), spans)
        if day > last:
            break
        dated.append((row, day))
    return dated


def _first_rows(rows: Sequence[Row], wanted: int) -> int:
    """Rows to start with: as many as wanted, more where they hold too few pools."""
    held = np.cumsum([len(row.pools) for row in rows])
    return max(wanted, min(int(np.searchsorted(held, _FIRST_POOLS)) + 1, len(rows)))


def _next_workday(day: int, spans: Sequence[tuple[int, int]]) -> int:
    """Give a day, or the first day of work after it, or one beyond all series."""
    return next((max(day, start) for start, end in spans if day < end), date.max.toordinal())


def _build(
    rng: np.random.Generator,
    life: Life,
    kept: liquids.Habit,
    rows: Sequence[tuple[Row, int]],
    last: int,
) -> list[Built]:
    built = []
    for row, start in rows:
        common = kept.liquid(rng)
        for pool in row.pools:
            born = start if start == life.pools_from else min(start + int(rng.integers(0, 25)), last)
            gone = life.abandoned + int(rng.integers(*_TO_GONE)) if life.abandoned else last + _BEYOND
            liquid = common if happens(rng, 0.65) else kept.liquid(rng)  # a row works together
            built.append(Built(pool, born, max(gone, born + 30), liquid))
    return built


def _wall(rng: np.random.Generator, built: Built, pad: FloatArray, *, cells: int) -> Layer:
    """Paint the wall around a pool; the pool itself covers its middle."""
    pool, width = built.pool, 2 * rng.uniform(*_RIM)
    earth = np.asarray(pad * rng.uniform(0.85, 1.45), np.float32)
    strokes = [
        Stroke(built.born - 1.0, earth, 0.0),
        Stroke(built.born, earth),
        Stroke(built.gone, earth, 0.6),
    ]
    return layer(_outline(pool, (pool.size[0] + width, pool.size[1] + width), cells), strokes, level=1.0)


def _contents(
    rng: np.random.Generator, life: Life, kept: liquids.Habit, built: Built, *, cells: int
) -> Layer:
    """Paint what stands in a pool."""
    strokes = liquids.strokes(rng, life, kept, built.liquid, born=built.born, gone=built.gone)
    return layer(_outline(built.pool, built.pool.size, cells), strokes, level=1.0)


def _outline(pool: Pool, size: tuple[float, float], cells: int) -> Cover:
    if pool.shape == "circle":
        return shapes.disc(pool.east, pool.south, size[0], cells=cells)
    return shapes.rectangle((pool.east, pool.south), size, pool.angle, cells=cells)


@dataclass(frozen=True, eq=False)
class _Ground:
    """Makes the pads of one site.

    Attributes are the source of chance, the district, the site's life, the series and the way downhill.
    """

    rng: np.random.Generator
    grid: Grid
    life: Life
    series: tuple[int, int]
    downhill: float

    def pads(self, place: Place, radius: float, rows: Sequence[tuple[Row, int]]) -> list[Layer]:
        """Paint the yard, a tongue of spoil below it, and a terrace for each row."""
        rng, contour = self.rng, self.downhill + np.pi / 2
        soil, cells = draw(rng, "pad"), self.grid.cells
        wide = (radius * rng.uniform(0.8, 1.0), radius * rng.uniform(0.5, 0.9))
        tongue = radius * rng.uniform(0.5, 1.1)
        below = (
            place.east + np.cos(self.downhill) * (wide[1] + tongue * 0.4),
            place.south + np.sin(self.downhill) * (wide[1] + tongue * 0.4),
        )
        parts = [
            self._pad(
                shapes.blob(rng, below, (tongue, radius * 0.22), self.downhill, cells=cells, ragged=0.35),
                soil,
                self.life.cleared + 15,
                0.3,
            ),
            self._pad(
                shapes.blob(rng, place.middle, wide, contour, cells=cells, ragged=0.35),
                soil,
                self.life.cleared,
                0.6,
            ),
        ]
        most = rng.uniform(0, _TRODDEN)
        for row, day in rows:
            halves = (row.half_length + rng.uniform(4, 13), row.pools[0].size[1] / 2 + rng.uniform(3, 11))
            cover = shapes.blob(rng, row.middle, halves, row.angle, cells=cells, ragged=0.12)
            early = self.life.cleared if day == self.life.pools_from else day - int(rng.integers(12, 90))
            trodden = soil + (draw(rng, "grey") - soil) * np.float32(most * rng.uniform(0.4, 1.0))
            parts.append(self._pad(cover, trodden, max(early, self.life.cleared), 0.95))
        return parts

    def _pad(self, cover: Cover, soil: FloatArray, day: int, level: float) -> Layer:
        dry = np.asarray(soil * np.exp(self.rng.normal(0, _PAD_SPREAD)), np.float32)
        wet = np.asarray(dry * self.rng.uniform(*_WET_PAD), np.float32)
        strokes = [Stroke(day - 8.0, dry, 0.0), *seasonal(dry, wet, day, self.series[1] + 20, lambda _: 0.97)]
        texture = gullied(self.rng, cover.share.shape, self.downhill)
        return layer(
            cover.thinned(_spared(self.rng, cover.share.shape)), strokes, texture=texture, level=level
        )

    def camp(self, place: Place, radius: float) -> list[Layer]:
        """Paint a few huts beside the pools."""
        result = []
        for _ in range(int(self.rng.integers(1, 4))):
            turn, far = self.rng.uniform(0, 2 * np.pi), radius * self.rng.uniform(0.5, 0.8)
            middle = (place.east + far * np.cos(turn), place.south + far * np.sin(turn))
            sides = (self.rng.uniform(4, 9), self.rng.uniform(4, 7))
            cover = shapes.rectangle(middle, sides, self.rng.uniform(0, np.pi), cells=self.grid.cells)
            roof = draw(self.rng, str(self.rng.choice(["blue roof", "tin roof", "rusty roof"])))
            day = self.life.cleared + 20.0
            result.append(layer(cover, [Stroke(day - 5, roof, 0.0), Stroke(day, roof)], level=0.8))
        return result


def _spared(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Share of ground that is bare: bushes are left here and there."""
    low = rng.uniform(*_BUSHES)
    bushes = smoothstep(fractal(rng, (shape[0], shape[1]), exponent=1.2, longest=14), low, low + 1.4)
    return np.asarray(1 - np.float32(rng.uniform(0.2, 0.8)) * bushes, np.float32)


def gullied(rng: np.random.Generator, shape: tuple[int, ...], downhill: float) -> FloatArray:
    """Brightness of bare earth: patches, and gullies that run downhill.

    Returns
    -------
    ndarray of float32, shape (y, x)
        About 1.
    """
    rows, columns = shape
    grain = rng.standard_normal((rows, columns), dtype=np.float32)
    kernel = np.zeros((9, 9), np.float32)
    steps = np.linspace(-4, 4, 33)
    kernel[
        np.round(4 + steps * np.sin(downhill)).astype(int), np.round(4 + steps * np.cos(downhill)).astype(int)
    ] = 1
    gullies = cv2.filter2D(grain, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
    patches = fractal(rng, (rows, columns), exponent=1.6, longest=30)
    deep = gullies / max(float(gullies.std()), 1e-6)
    return np.asarray(np.exp(rng.uniform(*_GULLIES) * deep + rng.uniform(*_PATCHES) * patches), np.float32)


def overgrown(rng: np.random.Generator, cover: Cover, day: int, last: int) -> Layer:
    """Weeds that spread over bare ground from a day on, patch by patch.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    cover : Cover
        The bare ground.
    day : int
        Ordinal of the day on which it is given up.
    last : int
        Ordinal of the last day that matters.
    """
    years, most = rng.uniform(0.8, 2.6), rng.uniform(0.6, 0.95)
    rows, columns = cover.share.shape
    patches = 0.65 + 0.35 * np.tanh(fractal(rng, (rows, columns), exponent=1.3, longest=16))
    wet, dry = draw(rng, "weeds"), draw(rng, "shrub dry")
    strokes = seasonal(
        dry, wet, day, max(last, day) + 20, lambda now: most * (1 - np.exp(-(now - day) / 365 / years * 2))
    )
    return layer(cover.thinned(patches.astype(np.float32)), strokes)
