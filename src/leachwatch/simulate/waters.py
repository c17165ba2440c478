"""Still waters that are no leach pools: fish ponds and reservoirs."""

from __future__ import annotations

import numpy as np

from leachwatch.simulate import shapes
from leachwatch.simulate.chance import happens
from leachwatch.simulate.layers import Layer, Stroke, constant, greenness, layer, seasonal
from leachwatch.simulate.lookalikes import Scene
from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.places import Place
from leachwatch.simulate.spectra import draw

__all__ = ["fishpond", "reservoir"]

_POND_SIDE = (14.0, 34.0)  # m; valley ponds of one household
_DYKE = (2.0, 5.0)  # m between ponds
_FED_SHARE = 0.3  # of ponds pale with feed and silt


def fishpond(scene: Scene, place: Place) -> list[Layer]:
    """Paint a few ponds with dykes between them; one is drained now and then."""
    rng, cells = scene.rng, scene.grid.cells
    angle, width = rng.uniform(0, np.pi), rng.uniform(*_POND_SIDE)
    yard = shapes.blob(rng, place.middle, (place.radius, place.radius * 0.7), angle, cells=cells, ragged=0.3)
    wet, dry = draw(rng, "weeds"), draw(rng, "yard")
    layers = [layer(yard, seasonal(dry, wet, scene.first, scene.last, lambda _: 0.7), level=0.9)]
    pitch = width + rng.uniform(*_DYKE)
    for step in np.arange(-place.radius * 0.75, place.radius * 0.75, pitch):
        for side in (-1, 1)[: 1 + happens(rng, 0.4)]:
            length = float(np.clip(rng.uniform(*_POND_SIDE) * 1.3, width, place.radius * 0.9))
            across = side * (length / 2 + 2)
            middle = (
                place.east + (step + pitch / 2) * np.cos(angle) - across * np.sin(angle),
                place.south + (step + pitch / 2) * np.sin(angle) + across * np.cos(angle),
            )
            cover = shapes.rectangle(middle, (width, length), angle, cells=cells)
            layers.append(layer(cover, _pond(scene), level=1.0))
    return layers


def _pond(scene: Scene) -> list[Stroke]:
    """Green or pale water, and the mud of a pond that is let off for a while."""
    rng = scene.rng
    usual: FloatArray = draw(rng, "fed water" if happens(rng, _FED_SHARE) else "fish water")
    if happens(rng, 0.6):  # most are never let off in the series
        return constant(usual, 0.97)
    mud = draw(rng, "yard") * np.float32(0.7)
    day, stay = rng.uniform(scene.first, scene.last), rng.uniform(20, 80)
    return [Stroke(day - 6, usual), Stroke(day, mud), Stroke(day + stay, mud), Stroke(day + stay + 15, usual)]


def reservoir(scene: Scene, place: Place) -> list[Layer]:
    """Dark water in a side valley, with a bare rim when it is low."""
    rng, cells = scene.rng, scene.grid.cells
    angle = scene.terrain.downhill(*place.middle)
    radii = (place.radius * 0.95, place.radius * rng.uniform(0.35, 0.6))
    rim = shapes.blob(rng, place.middle, radii, angle, cells=cells, ragged=0.45)
    lowest = rng.uniform(0.72, 0.93)
    core = np.clip((rim.share - 0.5) * 2, 0, 1).astype(np.float32)
    inner = shapes.blob(
        rng, place.middle, (radii[0] * lowest, radii[1] * lowest), angle, cells=cells, ragged=0.4
    )
    water = draw(rng, "clear water")
    silty = water * np.float32(0.75) + draw(rng, "brown water") * np.float32(0.25)
    return [
        layer(rim, constant(draw(rng, "scar"), 0.85), level=0.8),
        layer(
            rim.thinned(core),
            seasonal(water, silty, scene.first, scene.last, greenness),
            level=1.0,
        ),
        layer(inner, seasonal(water, silty, scene.first, scene.last, lambda _: 0.98), level=1.0),
    ]
