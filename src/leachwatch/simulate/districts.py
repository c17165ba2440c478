"""A simulated district as a provider would deliver it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pystac

from leachwatch.simulate import catalog, classes, sensor, weather
from leachwatch.simulate.deliveries import deliver
from leachwatch.simulate.faults import Fault, Faults, jump
from leachwatch.simulate.granules import Granule
from leachwatch.simulate.liquids import LIQUIDS, Liquid
from leachwatch.simulate.series import Series
from leachwatch.simulate.spectra import BANDS, recoloured
from leachwatch.simulate.sun import LATITUDE, overhead
from leachwatch.simulate.swaths import swath
from leachwatch.simulate.truth import write_area, write_truth
from leachwatch.simulate.world import World, make

__all__ = ["District", "district"]

_LOOKS = 24  # where nothing else is said
_MOST_THREADS = 4  # each holds a look's ground in 5 m cells: 40 MB a piece at 512 pixels


@dataclass(frozen=True)
class District:
    """Files of a simulated district.

    Attributes
    ----------
    catalog : Path
        ``catalog.json``, a static STAC catalog.
    area : Path
        ``area.geojson``, the outline, longitude and latitude.
    truth : Path
        ``truth.json``, what the district holds.
    """

    catalog: Path
    area: Path
    truth: Path


def district(  # noqa: PLR0913 - each is one thing that districts differ in
    folder: Path,
    *,
    seed: int,
    size: int = 256,
    looks: int | None = None,
    start: date = date(2022, 1, 1),
    months: int = 24,
    every: int | None = None,
    faults: Faults | None = None,
    liquids: Mapping[Liquid, float] = LIQUIDS,
    crowd: float = 1.0,
    colours: float = 0.0,
) -> District:
    """Simulate a district with leach mines and write it as a catalog with its truth.

    Parameters
    ----------
    folder : Path
        Where to write; made if it is not there.
    seed : int
        The same seed gives the same bytes, and the same ground whatever the faults.
    size : int
        Pixels of 10 m on a side; even, 64 or more.
    looks : int, optional
        Scenes, spread over the months with some jitter; 24 unless ``every`` is given.
    start : date
        First day of the series.
    months : int
        Length of the series.
    every : int, optional
        Days from one scene to the next, the first on ``start``; instead of ``looks``.
    faults : Faults, optional
        What the provider gets wrong; with it the truth names the faults of every item that has some.
    liquids : mapping of str to float
        Share of pools by main liquid; as on real chips unless told otherwise.
    crowd : float
        How many times as many look-alikes as usual, as far as there is room.
    colours : float
        How far soils, liquids and roofs are from their usual colours, as `spectra.recoloured` takes it.

    Returns
    -------
    District
        The files written.

    Raises
    ------
    ValueError
        If a size or a number cannot make a district, or both ``looks`` and ``every`` are given.
    """
    series = _series(seed, start, months, looks, every)
    ordinals = series.first.toordinal(), series.last.toordinal()
    with recoloured(np.random.default_rng([seed, 4]), colours):
        world = make(np.random.default_rng([seed, 0]), size, *ordinals, liquids, crowd)
    folder.mkdir(parents=True, exist_ok=True)
    written = _write(folder, world, series.looks, seed, faults)
    items = [item for item, _ in written]
    result = District(
        catalog.write_catalog(folder, world.grid, items), folder / "area.geojson", folder / "truth.json"
    )
    write_area(result.area, world.grid)
    befallen = {item.id: names for item, names in written if names}
    write_truth(result.truth, world, series, seed=seed, faults=befallen if faults is not None else None)
    return result


def _series(seed: int, start: date, months: int, looks: int | None, every: int | None) -> Series:
    if every is None:
        rng = np.random.default_rng([seed, 1])
        return Series.spread(rng, start, months, _LOOKS if looks is None else looks)
    if looks is not None:
        raise ValueError(f"looks is {looks} and every is {every}; give one of them")
    return Series.regular(start, months, every)


def _write(
    folder: Path, world: World, days: Sequence[date], seed: int, faults: Faults | None
) -> list[tuple[pystac.Item, tuple[Fault, ...]]]:
    """Write the scenes of all days; every look has its own chance, so that threads change nothing."""

    def look(number: int) -> list[tuple[pystac.Item, tuple[Fault, ...]]]:
        rng, mishap = (np.random.default_rng([seed, stream, number]) for stream in (2, 3))
        befallen = (faults or Faults()).drawn(mishap)
        moved = jump(mishap) if "jumps" in befallen else (0.0, 0.0)
        scene = _scene(rng, world, days[number], moved)
        return [
            (catalog.write_scene(folder, one.scene), one.faults) for one in deliver(mishap, scene, befallen)
        ]

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as pool:
        return [one for delivered in pool.map(look, range(len(days))) for one in delivered]


def _scene(rng: np.random.Generator, world: World, day: date, moved: tuple[float, float]) -> catalog.Scene:
    """One look at the world, moved by so many metres east and south."""
    sun = overhead(day.toordinal(), LATITUDE)
    processing, capture = catalog.Processing.drawn(rng), sensor.Capture.drawn(rng).moved(*moved)
    sky = weather.cover(rng, world.grid.size, day, sun)
    clear = sensor.observe(world.reflectance(day.toordinal()), capture)
    look = sensor.Look(
        fine=weather.through(sky, clear.fine, [BANDS.index(name) for name in sensor.FINE]),
        coarse=weather.through(sky, clear.coarse, [BANDS.index(name) for name in sensor.COARSE]),
    )
    seen = swath(rng, world.grid.size // 2)
    labels = classes.classify(rng, look, sky) * seen.astype(np.uint8)
    fine = sensor.digital(rng, look.fine, capture.noise, processing.added)
    coarse = sensor.digital(rng, look.coarse, capture.noise * 0.6, processing.added)
    return catalog.Scene(
        granule=Granule.whole(world.grid),
        day=day,
        platform=str(rng.choice(["sentinel-2a", "sentinel-2b"])),
        sun=sun,
        processing=processing,
        fine=fine * seen.repeat(2, axis=0).repeat(2, axis=1),
        coarse=coarse * seen,
        classes=labels,
        cloud_cover=classes.cloud_cover(labels),
    )
