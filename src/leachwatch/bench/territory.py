"""Territories: how long questions about control take on a made-up country."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from leachwatch import tables
from leachwatch.case.records import Actor, ControlSpell, Dated, Outline, Records, Territory, Version
from leachwatch.territory import (
    CountSettings,
    Ground,
    control_counts,
    place,
    read_ground,
    site_control,
)

__all__ = ["TerritoryTime", "measure_territory"]

_SEED = 6
_SIDE, _VERTICES, _SPELLS, _ACTORS = 6, 1_000, 4, 6
"""Territories along a side, vertices of each outline, spells in each, and actors."""
_WEST, _SOUTH, _STEP = 97.0, 23.0, 0.5
_FIRST_YEAR = 2017
_ASKED = 2_000


@dataclass(frozen=True)
class TerritoryTime:
    """What questions about control take.

    Attributes
    ----------
    territories, vertices, spells, sites, site_months : int
        Of the made-up country.
    read_seconds : float
        Outlines read, checked and made ready.
    control_at_ms, control_at_ms_99 : float
        One `Ground.control_at`, warm, in time of the processor: median, and what 99 of 100 stay below.
    place_seconds, site_control_seconds, counts_seconds : float
        Sites laid on the drawings; the table ``site_control``; the table ``control_counts``.
    cpu_seconds : float
        Of the processor, for the last three together: less than on the clock where others work, too.
    rows : int
        Of ``site_control``.
    """

    territories: int
    vertices: int
    spells: int
    sites: int
    site_months: int
    read_seconds: float
    control_at_ms: float
    control_at_ms_99: float
    place_seconds: float
    site_control_seconds: float
    counts_seconds: float
    cpu_seconds: float
    rows: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return asdict(self)


def measure_territory(sites: int = 10_000, months: int = 100, draws: int = 1_000) -> TerritoryTime:
    """Make up a country of territories, lay sites on it and time the questions.

    Parameters
    ----------
    sites, months : int
        Of the tables.
    draws : int
        Of the counts.

    Returns
    -------
    TerritoryTime
    """
    chance = np.random.default_rng(_SEED)
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        records = _records(Path(name), chance)
        start = time.perf_counter()
        ground = read_ground(records)
        read = time.perf_counter() - start
    asked = _asked(ground, chance)
    found, all_months = _sites(sites, chance), _months(sites, months, chance)
    cpu, times = time.process_time(), [time.perf_counter()]
    placed = place(found, ground.zones)
    times.append(time.perf_counter())
    rows = len(site_control(ground, placed, all_months))
    times.append(time.perf_counter())
    control_counts(ground, placed, found, all_months, CountSettings(draws=draws))
    times.append(time.perf_counter())
    cpu = time.process_time() - cpu
    lay, table, counts = np.diff(times).tolist()
    return TerritoryTime(
        len(records.territories),
        _VERTICES,
        len(records.control),
        sites,
        len(all_months),
        read,
        float(np.median(asked)),
        float(np.quantile(asked, 0.99)),
        lay,
        table,
        counts,
        cpu,
        rows,
    )


def _asked(ground: Ground, chance: np.random.Generator) -> np.ndarray:
    """Milliseconds of each of many questions, after one that does not count."""
    lons, lats = (chance.uniform(low, low + _SIDE * _STEP, _ASKED) for low in (_WEST, _SOUTH))
    day = date(_FIRST_YEAR + 5, 6, 15)
    ground.control_at(float(lons[0]), float(lats[0]), day)
    took = []
    for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True):
        start = time.thread_time()
        ground.control_at(lon, lat, day)
        took.append((time.thread_time() - start) * 1_000)
    return np.array(took)


def _records(folder: Path, chance: np.random.Generator) -> Records:
    """Make ragged territories side by side, each held by one after another; one spell in five contested."""
    actors = [
        Actor(id=f"act-{number:010d}", kind="armed_group", name=f"made-up group {number}")
        for number in range(_ACTORS)
    ]
    features, territories, spells = [], [], []
    for number in range(_SIDE * _SIDE):
        row, column = divmod(number, _SIDE)
        outline = _ragged(_WEST + (column + 0.5) * _STEP, _SOUTH + (row + 0.5) * _STEP, chance)
        features.append(
            {
                "type": "Feature",
                "properties": {"name": str(number)},
                "geometry": shapely.geometry.mapping(outline),
            }
        )
        drawn = Outline(file="made-up.geojson", where={"name": (str(number),)})
        version = Version(version="drawn", outline=drawn)
        own = f"ter-{number:010d}"
        territories.append(Territory(id=own, kind="area", name=f"made-up land {number}", versions=(version,)))
        spells += [_spell(number * _SPELLS + turn, own, actors, turn) for turn in range(_SPELLS)]
    whole = {"type": "FeatureCollection", "features": features}
    (folder / "made-up.geojson").write_text(json.dumps(whole), encoding="utf-8")
    return Records(
        folder,
        actors={one.id: one for one in actors},
        territories={one.id: one for one in territories},
        control={one.id: one for one in spells},
    )


def _ragged(lon: float, lat: float, chance: np.random.Generator) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, _VERTICES, endpoint=False)
    radius = _STEP * 0.55 * (1 + 0.02 * chance.uniform(-1, 1, _VERTICES))
    return shapely.Polygon(np.column_stack([lon + radius * np.cos(angles), lat + radius * np.sin(angles)]))


def _spell(number: int, territory: str, actors: list[Actor], turn: int) -> ControlSpell:
    year = _FIRST_YEAR + 2 * turn
    several = number % 5 == 0
    chosen = tuple(actors[(number + other) % _ACTORS].id for other in range(1 + several))
    dated = Dated(
        first_imprecise=date(year, 3, 1),
        first_precise=date(year, 4, 10),
        last_precise=date(year + 2, 2, 20),
        last_imprecise=date(year + 2, 4, 1),
        starting=True,
        ending=True,
    )
    return ControlSpell(
        id=f"spl-{number:010d}",
        territory=territory,
        controllers=chosen,
        control="contested" if several else "sole",
        dated=dated,
    )


def _sites(many: int, chance: np.random.Generator) -> Any:
    lons, lats = (chance.uniform(low, low + _SIDE * _STEP, many) for low in (_WEST, _SOUTH))
    seen = {
        "cleared_from_earliest": date(_FIRST_YEAR, 1, 15),
        "cleared_from_latest": date(_FIRST_YEAR + 3, 1, 15),
        "pools_from_earliest": None,
        "pools_from_latest": date(_FIRST_YEAR + 4, 1, 15),
    }
    columns = {name: _typed([day] * many, pa.date32()) for name, day in seen.items()}
    columns["site_id"] = _typed(_ids(many), pa.string())
    columns["score"] = _typed(chance.uniform(0.2, 1, many), pa.float64())
    columns["review"] = _typed(["none"] * many, pa.string())
    shapes = shapely.box(lons, lats, lons + 0.004, lats + 0.004)
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=shapes, crs=4326)


def _months(sites: int, months: int, chance: np.random.Generator) -> pd.DataFrame:
    days = [date(_FIRST_YEAR + number // 12, number % 12 + 1, 1) for number in range(months)]
    states = np.array([*tables.STATES, "unseen"])[chance.integers(0, len(tables.STATES) + 1, sites * months)]
    return pd.DataFrame(
        {
            "site_id": _typed(np.repeat(np.array(_ids(sites)), months), pa.string()),
            "month": _typed(np.tile(np.array(days), sites), pa.date32()),
            "state": _typed(states, pa.string()),
        }
    )


def _ids(many: int) -> list[str]:
    return [f"47N-{number:05d}-00000-{_FIRST_YEAR}01" for number in range(many)]


def _typed(values: Any, kind: pa.DataType) -> Any:
    return pd.array(values, dtype=pd.ArrowDtype(kind))
