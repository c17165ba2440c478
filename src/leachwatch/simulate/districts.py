"""A simulated district as a provider would deliver it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from leachwatch.simulate import catalog, classes, sensor, weather
from leachwatch.simulate.spectra import BANDS
from leachwatch.simulate.sun import LATITUDE, overhead
from leachwatch.simulate.truth import write_area, write_truth
from leachwatch.simulate.world import World, make

__all__ = ["District", "district"]

_JITTER = 0.4  # of the step between two looks


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


def district(
    folder: Path,
    *,
    seed: int,
    size: int = 256,
    looks: int = 24,
    start: date = date(2022, 1, 1),
    months: int = 24,
) -> District:
    """Simulate a district with leach mines and write it as a catalog with its truth.

    Parameters
    ----------
    folder : Path
        Where to write; made if it is not there.
    seed : int
        The same seed gives the same bytes.
    size : int
        Pixels of 10 m on a side; even, 64 or more.
    looks : int
        Scenes, spread over the months with some jitter.
    start : date
        First day of the series.
    months : int
        Length of the series.

    Returns
    -------
    District
        The files written.

    Raises
    ------
    ValueError
        If a size or a number cannot make a district.
    """
    last = _after(start, months)
    days = _days(np.random.default_rng([seed, 1]), start, last, looks)
    world = make(np.random.default_rng([seed, 0]), size, start.toordinal(), last.toordinal())
    folder.mkdir(parents=True, exist_ok=True)
    items = [
        catalog.write_scene(folder, world.grid, _scene(np.random.default_rng([seed, 2, number]), world, day))
        for number, day in enumerate(days)
    ]
    result = District(
        catalog.write_catalog(folder, world.grid, items), folder / "area.geojson", folder / "truth.json"
    )
    write_area(result.area, world.grid)
    write_truth(result.truth, world, seed=seed, first=start, last=last, looks=days)
    return result


def _after(start: date, months: int) -> date:
    """Last day of a series of months."""
    if months < 1:
        raise ValueError(f"months is {months}; a series needs 1 or more")
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)


def _days(rng: np.random.Generator, first: date, last: date, looks: int) -> list[date]:
    """Days of the looks, no two the same."""
    span = (last - first).days + 1
    if not 1 <= looks <= span // 2:
        raise ValueError(f"looks is {looks}; {span} days hold 1 to {span // 2}")
    step = span / looks
    places = (np.arange(looks) + 0.5 + rng.uniform(-_JITTER, _JITTER, looks)) * step
    days = np.floor(places).astype(int)
    return [first + timedelta(days=int(day)) for day in np.maximum.accumulate(days + _ties(days))]


def _ties(days: Sequence[int] | np.ndarray) -> np.ndarray:
    """One day more for a day that is taken."""
    return np.concatenate([[0], (np.diff(days) <= 0).astype(int)])


def _scene(rng: np.random.Generator, world: World, day: date) -> catalog.Scene:
    """One look at the world."""
    sun = overhead(day.toordinal(), LATITUDE)
    processing, capture = catalog.Processing.drawn(rng), sensor.Capture.drawn(rng)
    sky = weather.cover(rng, world.grid.size, day, sun)
    clear = sensor.observe(world.reflectance(day.toordinal()), capture)
    look = sensor.Look(
        fine=weather.through(sky, clear.fine, [BANDS.index(name) for name in sensor.FINE]),
        coarse=weather.through(sky, clear.coarse, [BANDS.index(name) for name in sensor.COARSE]),
    )
    seen = sensor.swath(rng, world.grid.size // 2)
    labels = classes.classify(rng, look, sky) * seen.astype(np.uint8)
    fine = sensor.digital(rng, look.fine, capture.noise, processing.added)
    coarse = sensor.digital(rng, look.coarse, capture.noise * 0.6, processing.added)
    return catalog.Scene(
        day=day,
        platform=str(rng.choice(["sentinel-2a", "sentinel-2b"])),
        sun=sun,
        processing=processing,
        fine=fine * seen.repeat(2, axis=0).repeat(2, axis=1),
        coarse=coarse * seen,
        classes=labels,
        cloud_cover=round(float(np.isin(labels[seen], classes.CLOUDS).mean() * 100), 2),
    )
