"""Fields: rice in the valleys, burnt plots on the slopes, film houses."""

from __future__ import annotations

from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.simulate import shapes
from leachwatch.simulate.chance import happens
from leachwatch.simulate.grid import CELL
from leachwatch.simulate.layers import Layer, Stroke, constant, layer, seasonal
from leachwatch.simulate.lookalikes import Scene
from leachwatch.simulate.mines import gullied
from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.places import Place
from leachwatch.simulate.shapes import Cover
from leachwatch.simulate.spectra import draw

__all__ = ["burnt", "greenhouse", "paddy"]

_FIELD = (14.0, 30.0)  # m between the middles of terraced fields
_BUND = 1.6  # m
_SMALLEST = 2.0  # cells
_FLOODED = 165  # day of the year, mid June; terraces are flooded for transplanting
_GREEN = 215
_RIPE = 295
_CUT = 320
_SLASHED = (25, 70)  # day of the year
_BURNT = (75, 112)  # day of the year; fires of the hills peak in March and April
_FILM_WIDTH = (6.5, 9.5)  # m of one house


def paddy(scene: Scene, place: Place) -> list[Layer]:
    """Fields with their own days of flooding, greening and harvest."""
    rng, cells = scene.rng, scene.grid.cells
    angle = scene.terrain.downhill(*place.middle) + np.pi / 2
    whole = shapes.blob(
        rng, place.middle, (place.radius, place.radius * 0.6), angle, cells=cells, ragged=0.35
    )
    stubble, green = draw(rng, "stubble"), draw(rng, "green rice")
    flooded = draw(rng, "flooded field")
    return [
        layer(field, _rice(scene, (stubble, flooded, green)), level=0.95)
        for field in _parcels(rng, whole, rng.uniform(*_FIELD), angle)
    ]


def _rice(scene: Scene, colours: tuple[FloatArray, FloatArray, FloatArray]) -> list[Stroke]:
    """Years of one field."""
    rng = scene.rng
    late, tone = rng.normal(0, 9), np.exp(rng.normal(0, 0.09)).astype(np.float32)
    stubble, flooded, green = (colour * tone for colour in colours)
    weedy = stubble * np.float32(0.75) + green * np.float32(0.25)
    ripe = (stubble + green) * np.float32(0.5)
    strokes = []
    for year in range(date.fromordinal(scene.first).year - 1, date.fromordinal(scene.last).year + 1):
        start = date(year, 1, 1).toordinal() + late
        calendar = [
            (60, stubble), (130, weedy), (_FLOODED - 12, stubble), (_FLOODED, flooded),
            (_FLOODED + 22, flooded), (_GREEN, green), (_RIPE - 20, green), (_RIPE, ripe), (_CUT, stubble),
        ]  # fmt: skip
        strokes += [Stroke(start + day, colour, 0.95) for day, colour in calendar]
    return strokes


def _parcels(rng: np.random.Generator, whole: Cover, pitch: float, angle: float) -> list[Cover]:
    """Cut a shape into fields, longer along the slope, with bunds between."""
    rows, columns = whole.share.shape
    scale = 3
    count = max(3, round(rows * columns * CELL**2 / pitch**2))
    seeds = rng.uniform((0, 0), (columns * CELL, rows * CELL), (count, 2))
    stretch = rng.uniform(1.2, 2.4)
    owner, first, second = _nearest((rows * scale, columns * scale), CELL / scale, seeds, (angle, stretch))
    inner = (second - first) > _BUND
    fields = []
    for index in range(count):
        share = cv2.resize(
            ((owner == index) & inner).astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA
        )
        if (share * whole.share).sum() > _SMALLEST:
            fields.append(_trimmed(Cover(whole.top, whole.left, share * whole.share)))
    return fields


def _nearest(
    shape: tuple[int, int], cell: float, seeds: NDArray[np.float64], lie: tuple[float, float]
) -> tuple[NDArray[np.int32], FloatArray, FloatArray]:
    """Nearest seed of every cell, and the distances to it and the next, shorter along an angle."""
    angle, stretch = lie
    y, x = (np.arange(count, dtype=np.float32) * cell for count in shape)
    first, second = np.full((2, *shape), np.inf, np.float32)
    owner = np.zeros(shape, np.int32)
    for index, (east, south) in enumerate(seeds):
        reach = second.max() * stretch + cell  # farther away this seed is neither the nearest nor the next
        here = _stretch(y, south, reach), _stretch(x, east, reach)
        down, right = (y[here[0]] - south)[:, None], (x[here[1]] - east)[None, :]
        along = (right * np.cos(angle) + down * np.sin(angle)) / stretch
        this = np.hypot(along, down * np.cos(angle) - right * np.sin(angle))
        near, next_ = first[here], second[here]
        nearer = this < near
        next_[...] = np.where(nearer, near, np.minimum(next_, this))
        owner[here][nearer] = index
        near[...] = np.minimum(near, this)
    return owner, first, second


def _stretch(line: FloatArray, middle: float, reach: float) -> slice:
    """Part of a rising line within reach of a place."""
    return slice(*np.searchsorted(line, (middle - reach, middle + reach)).tolist())


def _trimmed(cover: Cover) -> Cover:
    """Cut a shape to the smallest window."""
    rows, columns = np.flatnonzero(cover.share.any(axis=1)), np.flatnonzero(cover.share.any(axis=0))
    part = cover.share[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Cover(cover.top + int(rows[0]), cover.left + int(columns[0]), np.ascontiguousarray(part))


def burnt(scene: Scene, place: Place) -> list[Layer]:
    """Paint a swidden plot: slashed, burnt, cropped for a season, left to itself."""
    rng, cells = scene.rng, scene.grid.cells
    angle = scene.terrain.downhill(*place.middle)
    cover = shapes.blob(
        rng,
        place.middle,
        (place.radius, place.radius * rng.uniform(0.5, 0.9)),
        angle,
        cells=cells,
        ragged=0.4,
    )
    first_year, last_year = (date.fromordinal(day).year for day in (scene.first, scene.last))
    start = date(int(rng.integers(first_year - 1, last_year + 1)), 1, 1).toordinal()
    slash, fire = start + rng.uniform(*_SLASHED), start + rng.uniform(*_BURNT)
    straw, ash = draw(rng, "slash"), draw(rng, "ash")
    strokes = [
        Stroke(slash - 10, straw, 0.0), Stroke(slash, straw, 0.85), Stroke(fire - 2, straw, 0.9),
        Stroke(fire, ash, 0.95), Stroke(fire + 45, ash * np.float32(1.5), 0.9),
        Stroke(fire + 110, draw(rng, "weeds"), 0.85), Stroke(start + 275.0, draw(rng, "weeds"), 0.85),
        Stroke(start + 320.0, straw, 0.7), Stroke(start + 430.0, straw, 0.55),
        Stroke(start + 560.0, draw(rng, "shrub wet"), 0.6),
        Stroke(start + 900.0, draw(rng, "shrub dry"), 0.35),
    ]  # fmt: skip
    return [layer(cover, strokes, texture=gullied(rng, cover.share.shape, angle))]


def greenhouse(scene: Scene, place: Place) -> list[Layer]:
    """Film houses side by side, some put up during the series."""
    rng, cells = scene.rng, scene.grid.cells
    angle, width = rng.uniform(0, np.pi), rng.uniform(*_FILM_WIDTH)
    yard = shapes.blob(rng, place.middle, (place.radius, place.radius * 0.8), angle, cells=cells)
    layers = [
        layer(
            yard,
            seasonal(draw(rng, "yard"), draw(rng, "weeds"), scene.first, scene.last, lambda _: 0.8),
            level=0.95,
        )
    ]
    film = draw(rng, "film")
    day = rng.uniform(scene.first, scene.last) if happens(rng, 0.4) else 0.0  # some are new
    pitch = width + rng.uniform(0.8, 3.5)
    length = rng.uniform(0.8, 1.4) * place.radius
    for step in np.arange(-0.7, 0.7, pitch / place.radius) * place.radius:
        middle = (place.east - step * np.sin(angle), place.south + step * np.cos(angle))
        cover = shapes.rectangle(middle, (length * rng.uniform(0.85, 1.0), width), angle, cells=cells)
        strokes = constant(film * np.exp(rng.normal(0, 0.08)).astype(np.float32), 0.95)
        if day:
            strokes = [Stroke(day - 5, film, 0.0), Stroke(day, film, 0.95)]
        layers.append(layer(cover, strokes, level=0.9))
    return layers
