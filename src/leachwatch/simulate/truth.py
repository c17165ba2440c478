"""The truth file: what the district holds, for whoever scores a detector."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from leachwatch.simulate.faults import Fault
from leachwatch.simulate.grid import EPSG, Grid
from leachwatch.simulate.lookalikes import Lookalike
from leachwatch.simulate.mines import Built, Mine
from leachwatch.simulate.series import Series
from leachwatch.simulate.world import World

__all__ = ["write_area", "write_truth"]

_MIDDLE = 15  # a month's state is the state on this day


def write_truth(
    path: Path,
    world: World,
    series: Series,
    *,
    seed: int,
    faults: Mapping[str, Sequence[Fault]] | None = None,
) -> None:
    """Write ``truth.json``.

    Parameters
    ----------
    path : Path
        File to write.
    world : World
        The district.
    series : Series
        Its months and looks.
    seed : int
        What it was made from.
    faults : mapping of str to sequence of str, optional
        Names of the faults of every item that has some; left out where none were asked for.
    """
    months = list(_months(series.first, series.last))
    truth: dict[str, Any] = {
        "simulated": True,
        "seed": seed,
        "slope": round(float(np.median(world.terrain.slope)), 3),
        "crs": f"EPSG:{EPSG}",
        "bounds": list(world.grid.bounds),
        "months": [f"{month:%Y-%m}" for month in months],
        "looks": [look.isoformat() for look in series.looks],
        "sites": [
            _site(world.grid, f"m{number:02d}", mine, months)
            for number, mine in enumerate(world.mines, start=1)
        ],
        "lookalikes": [_lookalike(world.grid, item) for item in world.lookalikes],
    }
    if faults is not None:
        truth["faults"] = {item: list(names) for item, names in faults.items()}
    path.write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


def write_area(path: Path, grid: Grid) -> None:
    """Write ``area.geojson``: the district's outline in longitude and latitude."""
    feature = {
        "type": "Feature",
        "properties": {"name": "simulated district", "simulated": True},
        "geometry": {"type": "Polygon", "coordinates": [grid.ring()]},
    }
    area = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(area, indent=1) + "\n", encoding="utf-8")


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _site(grid: Grid, name: str, mine: Mine, months: Sequence[date]) -> dict[str, Any]:
    days = {f"{month:%Y-%m}": month.replace(day=_MIDDLE).toordinal() for month in months}
    return {
        "id": name,
        "xy": grid.utm(*mine.place.middle),
        "cleared": date.fromordinal(mine.life.cleared).isoformat(),
        "pools_from": date.fromordinal(mine.life.pools_from).isoformat(),
        "states": {month: mine.life.state(day) for month, day in days.items()},
        "pool_area_m2": {month: round(float(mine.pool_area(day)), 1) for month, day in days.items()},
        "pools": [_pool(grid, built) for built in mine.pools],
    }


def _pool(grid: Grid, built: Built) -> dict[str, Any]:
    """Describe a pool; its angle is degrees from east towards north."""
    return {
        "xy": grid.utm(built.pool.east, built.pool.south),
        "shape": built.pool.shape,
        "size_m": list(built.pool.size),
        "angle_deg": round(float(-np.degrees(built.pool.angle) % 180), 1),
        "born": date.fromordinal(built.born).isoformat(),
        "gone": date.fromordinal(built.gone).isoformat(),
        "liquid": built.liquid,
    }


def _lookalike(grid: Grid, item: Lookalike) -> dict[str, Any]:
    return {"kind": item.kind, "xy": grid.utm(*item.place.middle), "radius_m": round(item.place.radius, 1)}
