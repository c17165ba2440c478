"""Places to learn from: simulated districts, read as the scan reads scenes, with what is truly there."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray

from leachwatch.imagery import BANDS, PIXEL_M, Stack, Tile, find, open_source, read, session, verify_offsets
from leachwatch.scanning import ScanSettings
from leachwatch.simulate import LIQUIDS, district

__all__ = ["Place", "Recipe", "open_place", "outline_of"]

_FINER = 5
"""Cells along a pixel's side in which pools are drawn."""


_TONE, _TONE_SLOPE, _TONE_BAND = 0.2, 0.06, 0.05
"""Standard deviations of the logarithm of exponents: all bands together, along the spectrum, each band."""
_USUAL_LIQUIDS = 0.5
"""Share of districts with liquids as on real chips; in the others any liquid may be the commonest."""
_CROWD = (1.0, 3.0)
_COLOURS = 0.2
"""How far soils, liquids and roofs of such a district are from their usual colours."""
_BLOTCHES = (0.4, 0.14, 0.14)
"""Largest standard deviation of blotches of ground, as logarithms: brightness, lean along the spectrum, near
infrared by itself."""
_BLOTCH_PX = (0.6, 5.0)
_PLAIN = 3
"""One district in so many is plain: the score of a site is calibrated on those."""
_INFRARED = ("rededge2", "rededge3", "nir", "nir08")
_SIZE = 256
_MIDDLE = 1200.0
"""Reflectance x 10,000 that keeps its value: that of bare ground."""


@dataclass(frozen=True)
class Recipe:
    """What a district is made from.

    Attributes
    ----------
    seed : int
        Of the district.
    size : int
        Pixels along a side.
    looks : int
        Scenes.
    start : date
        First day.
    months : int
        Length.
    tone : tuple of float
        Exponent of each band, in the order of `BANDS`: the same ground in other colours.
    liquids : tuple of float
        Share of pools by main liquid, in the order of `LIQUIDS`.
    crowd : float
        How many times as many look-alikes as usual.
    colours : float
        How far materials are from their usual colours.
    blotches : tuple of float
        Standard deviation of the logarithm of what makes ground blotchy: brightness, lean along the spectrum,
        near infrared by itself.
    """

    seed: int
    size: int
    looks: int
    start: date
    months: int
    tone: tuple[float, ...]
    liquids: tuple[float, ...]
    crowd: float
    colours: float = 0.0
    blotches: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @classmethod
    def drawn(cls, seed: int) -> Recipe:
        """Draw one: one look or two a month, over one year to three; one in three is plain.

        Simulated ground varies too little in what a detector should not hang on. Raised to a power, all
        contrasts of a band grow or shrink, those between bands shift, and the order of dark and bright stays.
        """
        rng = np.random.default_rng([seed, 9])
        months = int(rng.integers(14, 33))
        looks = int(months * rng.uniform(0.8, 2.0))
        start = date(int(rng.integers(2018, 2025)), int(rng.integers(1, 13)), 1)
        usual = np.array(list(LIQUIDS.values()))
        along = np.linspace(-1, 1, len(BANDS) - 1)
        plain = cls(seed, _SIZE, looks, start, months, (1.0,) * len(along), tuple(usual / usual.sum()), 1.0)
        if seed % _PLAIN == 0:
            return plain
        whole, slope = np.exp(rng.normal(0, _TONE)), rng.normal(0, _TONE_SLOPE)
        tone = whole * np.exp(slope * along + rng.normal(0, _TONE_BAND, len(along)))
        mixed = usual if rng.random() < _USUAL_LIQUIDS else rng.dirichlet(np.ones(len(LIQUIDS)))
        crowd = float(rng.uniform(*_CROWD))
        bright, lean, infrared = map(float, rng.uniform(0, _BLOTCHES))
        return replace(
            plain,
            tone=tuple(map(float, tone)),
            liquids=tuple(map(float, mixed / mixed.sum())),
            crowd=crowd,
            colours=_COLOURS,
            blotches=(bright, lean, infrared),
        )

    @property
    def plain(self) -> bool:
        """Whether it is as the simulator makes districts when nobody asks for others."""
        return self.seed % _PLAIN == 0


@dataclass(frozen=True, eq=False)
class Place:
    """A district as it was seen, and as it is.

    Attributes
    ----------
    stack : Stack
        All looks, with the margin that detection wants.
    core : Tile
        The district itself.
    truth : mapping
        What ``truth.json`` says.
    settings : ScanSettings
        With which it was read.
    plain : bool
        Whether nothing was changed about it to learn from.
    """

    stack: Stack
    core: Tile
    truth: Mapping[str, Any]
    settings: ScanSettings
    plain: bool = True

    def pool_share(self, pools: Sequence[Mapping[str, Any]]) -> NDArray[np.float32]:
        """How much of each pixel of the core some pools cover, shape (y, x), 0 to 1."""
        height, width = self.core.shape
        fine = np.zeros((height * _FINER, width * _FINER), np.uint8)
        for pool in pools:
            # a filled polygon takes the cells under its edge too: half a cell more on every side
            corners = np.array(
                outline_of(pool).buffer(-PIXEL_M / _FINER / 2, join_style="mitre").exterior.coords
            )
            column = (corners[:, 0] / PIXEL_M - self.core.column) * _FINER
            row = (-corners[:, 1] / PIXEL_M - self.core.row) * _FINER
            places = np.rint((np.column_stack([column, row]) - 0.5) * 16).astype(np.int32)
            cv2.fillPoly(fine, [places], 1, shift=4)
        result: NDArray[np.float32] = cv2.resize(
            fine.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA
        )
        return result


def open_place(recipe: Recipe, settings: ScanSettings) -> Place:
    """Simulate a district and read it; the files go again."""
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        made = district(
            Path(name),
            seed=recipe.seed,
            size=recipe.size,
            looks=recipe.looks,
            start=recipe.start,
            months=recipe.months,
            liquids=dict(zip(LIQUIDS, recipe.liquids, strict=True)),
            crowd=recipe.crowd,
            colours=recipe.colours,
        )
        truth = json.loads(made.truth.read_text(encoding="utf-8"))
        days = [date.fromisoformat(day) for day in truth["looks"]]
        west, south, east, north = truth["bounds"]
        core = Tile(
            int(truth["crs"].split(":")[1]),
            round(west / PIXEL_M),
            round(-north / PIXEL_M),
            round((east - west) / PIXEL_M),
            round((north - south) / PIXEL_M),
        )
        area = shapely.from_geojson(json.dumps(json.loads(made.area.read_text())["features"][0]["geometry"]))
        with open_source(made.catalog) as source, session():
            found = find(
                source, area, min(days), max(days), (*settings.needed, "scl"), optional=settings.detect.coarse
            )
            scenes = verify_offsets(found.scenes, settings.radiometry, source).scenes
            window = core.grown(settings.margin)
            stack = read(window, scenes, settings.bands, settings.clear, source)
    stack = _blotched(_toned(stack, recipe.tone), recipe)
    return Place(stack, core, truth, settings, recipe.plain)


def _toned(stack: Stack, tone: Sequence[float]) -> Stack:
    """Raise each band to its power."""
    values = stack.values.copy()
    numbers = np.arange(2**16)
    for place, band in enumerate(stack.bands):
        power = tone[BANDS.index(band)]
        table = np.rint(_MIDDLE * (np.maximum(numbers, 1) / _MIDDLE) ** power)
        values[:, place] = np.where(numbers > 0, np.clip(table, 1, 2**16 - 1), 0).astype(np.uint16)[
            values[:, place]
        ]
    return replace(stack, values=values)


def _blotched(stack: Stack, recipe: Recipe) -> Stack:
    """Make the ground uneven, in the same way in every look: real soil is, and no pool for it."""
    if not any(recipe.blotches):
        return stack
    rng = np.random.default_rng([recipe.seed, 10])
    bright, lean, infrared = (most * _field(rng, stack.tile.shape) for most in recipe.blotches)
    values = stack.values.copy()
    for place, band in enumerate(stack.bands):
        number = BANDS.index(band)
        log = bright + lean * np.interp(number, (0, len(BANDS) - 2), (-1, 1))
        factor = np.exp(log + infrared if band in _INFRARED else log).astype(np.float32)
        changed = np.clip(np.rint(values[:, place] * factor), 1, 2**16 - 1)
        values[:, place] = np.where(values[:, place] > 0, changed, 0)
    return replace(stack, values=values)


def _field(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Draw smooth noise of any grain, of standard deviation 1."""
    grain = float(np.exp(rng.uniform(*np.log(_BLOTCH_PX))))
    noise = cv2.GaussianBlur(rng.standard_normal(shape).astype(np.float32), (0, 0), grain)
    result: NDArray[np.float32] = noise / noise.std()
    return result


def outline_of(pool: Mapping[str, Any]) -> shapely.Polygon:
    """Outline of a pool, metres of the zone."""
    east, north = pool["xy"]
    along, across = pool["size_m"]
    if pool["shape"] == "circle":
        return shapely.Point(east, north).buffer(along / 2)
    square = shapely.box(east - along / 2, north - across / 2, east + along / 2, north + across / 2)
    turned: shapely.Polygon = shapely.affinity.rotate(square, pool["angle_deg"], origin=(east, north))
    return turned
