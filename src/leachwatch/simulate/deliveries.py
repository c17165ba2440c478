"""Deliveries: what a provider makes of one look, right or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from leachwatch.simulate.catalog import Gap, Processing, Scene
from leachwatch.simulate.chance import happens
from leachwatch.simulate.classes import cloud_cover
from leachwatch.simulate.faults import Fault
from leachwatch.simulate.sensor import COARSE, FINE
from leachwatch.simulate.swaths import Edge

__all__ = ["Delivery", "deliver"]

_OLD_BASELINE = "04.00"
_OLD_NOISE = 8.0  # digital numbers; how much two processings of one acquisition differ
_SHARED = 0.4  # of the district's columns lie in the next granule too
_OF_THE_LOOK: frozenset[Fault] = frozenset({"partial", "jumps"})  # whatever is made of it has them


@dataclass(frozen=True, eq=False)
class Delivery:
    """One item as it is delivered.

    Attributes
    ----------
    scene : Scene
        To be written.
    faults : tuple of str
        Its own, and those of its look; empty where all is well.
    """

    scene: Scene
    faults: tuple[Fault, ...]


def deliver(rng: np.random.Generator, scene: Scene, faults: frozenset[Fault]) -> Iterator[Delivery]:
    """Deliver a look with its faults.

    Parameters
    ----------
    rng : Generator
        Source of chance; each fault has a share of its own in it.
    scene : Scene
        The look as it should be; it has jumped already if it does.
    faults : frozenset of str
        What befalls it.

    Yields
    ------
    Delivery
        The scene itself first, then what is delivered beside it.
    """
    chance = dict(zip(get_args(Fault), rng.spawn(len(get_args(Fault))), strict=True))
    if "partial" in faults:
        scene = _cut(chance["partial"], scene)
    if "unannounced" in faults:
        coded = _recoded(scene, replace(scene.processing, applied=True, announced=None))
    else:
        coded = scene
    main = _lied(coded) if "lying" in faults else coded
    if "missing" in faults:
        main = _torn(chance["missing"], main)
    yield Delivery(main, _ordered(faults - {"duplicates", "overlaps"}))
    if "duplicates" in faults:
        again = _reprocessed(chance["duplicates"], scene)
        yield Delivery(again, _ordered((faults & _OF_THE_LOOK) | {"duplicates"}))
    if "overlaps" in faults:
        beside = _neighbour(coded)
        if beside.classes.any():
            yield Delivery(beside, _ordered((faults & _OF_THE_LOOK) | {"overlaps"}))


def _ordered(faults: frozenset[Fault]) -> tuple[Fault, ...]:
    return tuple(name for name in get_args(Fault) if name in faults)


def _cut(rng: np.random.Generator, scene: Scene) -> Scene:
    """Cut off what lies beyond the edge of the swath, in the rasters and in the item's geometry."""
    edge = Edge.through(rng, scene.classes > 0)
    inside = edge.inside(len(scene.classes))
    labels = scene.classes * inside
    return replace(
        scene,
        fine=scene.fine * inside.repeat(2, axis=0).repeat(2, axis=1),
        coarse=scene.coarse * inside,
        classes=labels,
        cloud_cover=cloud_cover(labels),
        footprint=edge.ground(scene.granule),
    )


def _lied(scene: Scene) -> Scene:
    """Announce the opposite of what was done."""
    return replace(scene, processing=replace(scene.processing, announced=not scene.processing.applied))


def _torn(rng: np.random.Generator, scene: Scene) -> Scene:
    """Lose one asset."""
    return replace(scene, gap=Gap(str(rng.choice([*FINE, *COARSE, "scl"])), listed=happens(rng, 0.5)))  # half


def _reprocessed(rng: np.random.Generator, scene: Scene) -> Scene:
    """Make the same acquisition once more with an older processor."""
    applied = happens(rng, 0.5)  # a fair coin
    processing = Processing(_OLD_BASELINE, applied, applied, new_projection=False)
    fine, coarse = (
        _changed(numbers, np.rint(rng.normal(0, _OLD_NOISE, numbers.shape)))
        for numbers in (scene.fine, scene.coarse)
    )
    return _recoded(replace(scene, number=scene.number + 1, fine=fine, coarse=coarse), processing)


def _neighbour(scene: Scene) -> Scene:
    """Deliver the eastern part as the next granule, with the same numbers."""
    columns = round(scene.classes.shape[1] * _SHARED)
    granule = scene.granule.eastern(columns)
    labels = scene.classes[:, -columns:]
    footprint = None if scene.footprint is None else granule.clipped(scene.footprint)
    return replace(
        scene,
        granule=granule,
        processing=replace(scene.processing, announced=scene.processing.applied),
        fine=scene.fine[:, :, -2 * columns :],
        coarse=scene.coarse[:, :, -columns:],
        classes=labels,
        cloud_cover=cloud_cover(labels),
        footprint=footprint,
    )


def _recoded(scene: Scene, processing: Processing) -> Scene:
    """Code the same reflectance in another way."""
    change = np.float64(processing.added - scene.processing.added)
    return replace(
        scene,
        processing=processing,
        fine=_changed(scene.fine, change),
        coarse=_changed(scene.coarse, change),
    )


def _changed(numbers: NDArray[np.uint16], change: NDArray[np.float64] | np.float64) -> NDArray[np.uint16]:
    """Add to the numbers; no data stay 0, and nothing else becomes it."""
    return np.where(numbers > 0, np.clip(numbers + change, 1, 65_535), 0).astype(np.uint16)
