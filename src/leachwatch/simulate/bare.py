"""Bare and built ground: landslides, quarries, clearings, villages."""

from __future__ import annotations

from datetime import date

import numpy as np

from leachwatch.simulate import shapes
from leachwatch.simulate.chance import happens
from leachwatch.simulate.layers import Layer, Stroke, constant, layer, seasonal
from leachwatch.simulate.lookalikes import Scene
from leachwatch.simulate.mines import gullied, overgrown
from leachwatch.simulate.places import Place
from leachwatch.simulate.spectra import draw

__all__ = ["clearing", "landslide", "quarry", "village"]

_MONSOON = (165, 275)  # day of the year; slopes fail between June and September
_ROOFS = {"tin roof": 0.4, "rusty roof": 0.3, "blue roof": 0.2, "white roof": 0.1}
_ROOF_SIDES = ((6.0, 14.0), (5.0, 9.0))  # m


def landslide(scene: Scene, place: Place) -> list[Layer]:
    """Paint a bare scar, long in the direction of the slope, that greens over the years."""
    rng, cells = scene.rng, scene.grid.cells
    angle = scene.terrain.downhill(*place.middle)
    radii = (place.radius, place.radius * rng.uniform(0.16, 0.32))
    cover = shapes.blob(rng, place.middle, radii, angle, cells=cells, ragged=0.35)
    year = int(rng.integers(date.fromordinal(scene.first).year - 2, date.fromordinal(scene.last).year + 1))
    day = date(year, 1, 1).toordinal() + float(rng.integers(*_MONSOON))
    soil = draw(rng, "scar")
    strokes = [Stroke(day - 1, soil, 0.0), Stroke(day, soil, 0.97)]
    texture = gullied(rng, cover.share.shape, angle)
    return [layer(cover, strokes, texture=texture), overgrown(rng, cover, int(day) + 60, scene.last)]


def quarry(scene: Scene, place: Place) -> list[Layer]:
    """Pale benches, a darker pit, heaps of grey chippings."""
    rng, cells = scene.rng, scene.grid.cells
    angle = scene.terrain.downhill(*place.middle)
    cover = shapes.blob(rng, place.middle, (place.radius, place.radius * 0.7), angle, cells=cells, ragged=0.3)
    layers = [
        layer(
            cover,
            constant(draw(rng, "rock"), 0.97),
            texture=gullied(rng, cover.share.shape, angle),
            level=0.4,
        )
    ]
    for _ in range(int(rng.integers(2, 7))):
        east, south = np.array(place.middle) + rng.normal(0, place.radius * 0.3, 2)
        half = rng.uniform(8, place.radius * 0.35)
        heap = shapes.blob(rng, (east, south), (half, half * 0.8), rng.uniform(0, np.pi), cells=cells)
        layers.append(layer(heap, constant(draw(rng, "grey rock"), 0.9), level=0.7))
    if happens(rng, 0.4):  # some pits hold water
        pit = shapes.blob(rng, place.middle, (rng.uniform(8, 18), rng.uniform(7, 13)), angle, cells=cells)
        layers.append(layer(pit, constant(draw(rng, "fed water"), 0.95), level=1.0))
    return layers


def clearing(scene: Scene, place: Place) -> list[Layer]:
    """Ground cleared and terraced like a mine's, on which no pool is built."""
    rng, cells = scene.rng, scene.grid.cells
    downhill = scene.terrain.downhill(*place.middle)
    day = rng.uniform(scene.first - 200, scene.first + (scene.last - scene.first) * 0.7)
    dry = draw(rng, "pad")
    wet = dry * np.float32(rng.uniform(0.8, 0.95))
    layers = []
    for index in range(int(rng.integers(1, 4))):
        shift = rng.normal(0, place.radius * 0.25 * (index > 0), 2)
        radii = (place.radius * rng.uniform(0.5, 0.8), place.radius * rng.uniform(0.3, 0.55))
        middle = (place.east + shift[0], place.south + shift[1])
        cover = shapes.blob(
            rng, middle, radii, downhill + np.pi / 2 + rng.normal(0, 0.2), cells=cells, ragged=0.35
        )
        strokes = [Stroke(day - 10, dry, 0.0), *seasonal(dry, wet, day, scene.last + 20, lambda _: 0.97)]
        layers.append(layer(cover, strokes, texture=gullied(rng, cover.share.shape, downhill), level=0.7))
        if happens(rng, 0.4):  # some are soon given up
            layers.append(overgrown(rng, cover, int(day + rng.uniform(90, 400)), scene.last))
    return layers


def village(scene: Scene, place: Place) -> list[Layer]:
    """Houses among gardens, along a lane or two."""
    rng, cells = scene.rng, scene.grid.cells
    angle = scene.terrain.downhill(*place.middle) + np.pi / 2
    ground = shapes.blob(
        rng, place.middle, (place.radius, place.radius * 0.65), angle, cells=cells, ragged=0.4
    )
    strokes = seasonal(draw(rng, "yard"), draw(rng, "weeds"), scene.first, scene.last, lambda _: 0.75)
    layers = [layer(ground, strokes, texture=gullied(rng, ground.share.shape, angle), level=0.6)]
    names, shares = list(_ROOFS), rng.dirichlet(8 * np.array(list(_ROOFS.values())))
    for _ in range(int(place.radius * rng.uniform(0.2, 0.5))):
        along, across = rng.normal(0, place.radius * 0.42), rng.normal(0, place.radius * 0.22)
        middle = (
            place.east + along * np.cos(angle) - across * np.sin(angle),
            place.south + along * np.sin(angle) + across * np.cos(angle),
        )
        sides = (float(rng.uniform(*_ROOF_SIDES[0])), float(rng.uniform(*_ROOF_SIDES[1])))
        turn = angle + rng.choice([0, np.pi / 2]) + rng.normal(0, 0.2)
        roof = draw(rng, str(rng.choice(names, p=shares)))
        layers.append(layer(shapes.rectangle(middle, sides, turn, cells=cells), constant(roof), level=0.9))
    return layers
