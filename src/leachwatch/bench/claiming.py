"""How long it takes to judge many claims over many months of many sites, and in how much memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from leachwatch import tables
from leachwatch.bench.alone import run_alone

__all__ = ["ClaimsTime", "measure_claims", "write_claims_case"]

_SEED = 11
_MONTHS = 60
_WEST, _SOUTH, _SIDE = 97.0, 24.0, 2.0
_FIRST = date(2019, 1, 1)
_HOLDERS = ("KIO", "BGF")

_CHILD = """
import sys, time
from datetime import date
from pathlib import Path
from leachwatch.case import open_case
from leachwatch.case.records import read_records
from leachwatch.claims import check_claims
folder, day = Path(sys.argv[1]), date(2026, 1, 1)
case = open_case(folder, today=day)
start, between = time.perf_counter(), time.process_time()
records = read_records(folder)
read = time.perf_counter()
checked = check_claims(case, records, day=day)
told = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - between}
told["reading_seconds"] = read - start
told["verdicts"] = dict(checked.counts)
"""


@dataclass(frozen=True)
class ClaimsTime:
    """What judging takes, on one core.

    Attributes
    ----------
    claims, site_months : int
        How many.
    seconds, cpu_seconds : float
        From the case folder to verdicts, history and tables written, reading the records with it; on the
        clock, and of the processor.
    reading_seconds : float
        Reading the records alone.
    peak_bytes : int
        Most memory that the process held, all its libraries with it.
    verdicts : dict of str to int
        How many claims have each.
    """

    claims: int
    site_months: int
    seconds: float
    cpu_seconds: float
    reading_seconds: float
    peak_bytes: int
    verdicts: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return asdict(self)


def measure_claims(claims: int = 10_000, site_months: int = 1_000_000) -> ClaimsTime:
    """Write a made-up case and judge its claims in a process of its own.

    Parameters
    ----------
    claims : int
        Of counts, areas, overlaps, onsets and trade by turns, no two alike.
    site_months : int
        Sixty of each site.

    Returns
    -------
    ClaimsTime
    """
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        folder = Path(name)
        sites = max(1, site_months // _MONTHS)
        write_claims_case(folder, claims, sites)
        return ClaimsTime(claims=claims, site_months=sites * _MONTHS, **run_alone(_CHILD, folder))


def write_claims_case(folder: Path, claims: int, sites: int) -> None:
    """Write a case of made-up sites, series and claims."""
    draw = np.random.default_rng(_SEED)
    out = folder / "out"
    out.mkdir()
    square = shapely.box(_WEST, _SOUTH, _WEST + _SIDE, _SOUTH + _SIDE)
    for file, label in (("areas", "all of it"), ("territories", "North")):
        feature = {
            "type": "Feature",
            "properties": {"name": label},
            "geometry": shapely.geometry.mapping(square),
        }
        content = {"type": "FeatureCollection", "features": [feature]}
        (folder / f"{file}.geojson").write_text(json.dumps(content), encoding="utf-8")
    for name, text in _RECORDS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "claims.yaml").write_text("".join(_claims(claims, draw)), encoding="utf-8")
    months = [date(_FIRST.year + step // 12, step % 12 + 1, 1) for step in range(_MONTHS)]
    for table, frame in (
        (tables.SITES, _sites(sites, months, draw)),
        (tables.SITE_MONTHS, _site_months(sites, months, draw)),
        (tables.SITE_CONTROL, _site_control(sites, months, draw)),
        (tables.COVERAGE, _coverage(months, square)),
        (tables.SERIES, _series(months, draw)),
    ):
        tables.write(out, table, frame)


_RECORDS = {
    "case.yaml": (
        "title: made up\nareas: areas.geojson\n"
        "dates: {from: 2019-01, to: 2023-12}\nimagery: {catalog: none}\n"
    ),
    "sources.yaml": "- {id: src-0000000001, kind: media, public_descriptor: a paper}\n",
    "actors.yaml": "- {id: act-0000000001, kind: armed_group, name: KIO}\n"
    "- {id: act-0000000002, kind: armed_group, name: BGF}\n",
    "territories.yaml": "- {id: ter-0000000001, kind: area, name: North, versions: "
    '[{version: "2019", outline: {file: territories.geojson}}]}\n',
}


def _claims(count: int, draw: np.random.Generator) -> Iterator[str]:
    """Claims as YAML, of seven kinds by turns."""
    for number in range(count):
        month = f"{2019 + int(draw.integers(1, 5))}-{int(draw.integers(1, 13)):02d}"
        day, value = f"{month}-{int(draw.integers(1, 29)):02d}", int(draw.integers(1, 20_000))
        lon, lat = (float(one) for one in draw.uniform(0.1, _SIDE - 0.1, 2) + np.array([_WEST, _SOUTH]))
        near = f"near: [{lon:.4f}, {lat:.4f}, {int(draw.integers(2_000, 9_000))}]"
        north, held = (
            "territory: ter-0000000001",
            f"controllers: [act-000000000{1 + number % 2}], valid_on: {day}",
        )
        trade = "of: trade, partner: MMR, hs: ['28469019']"
        kind, reading = (
            ("count", f"of: {{of: sites, where: {{{north}, pools_from: ..{month}}}}}"),
            ("count", f"of: {{of: sites, where: {{{held}, states: [active]}}}}"),
            ("count", f"of: {{of: sites, where: {{{near}, valid_on: {day}}}}}"),
            ("area", f"of: {{of: area, month: {month}, where: {{{north}}}}}"),
            ("overlap", f"where: {{{near}}}, inside: {{{held}}}"),
            ("date", f"moment: {{onset: pools, where: {{{near}}}}}, within: {month}"),
            (
                "ratio",
                f"numerator: {{{trade}, period: {month}}}, denominator: {{{trade}, period: ..{month}}}",
            ),
        )[number % 7]
        expect = "" if kind == "date" else f"expect: {{quantifier: over, value: {value}}}, "
        test = f"{{kind: {kind}, {expect}readings: [{{id: a, {reading.replace('..', '2019-01..')}}}]}}"
        who = "kind: numeric, author: src-0000000001"
        yield f"- {{id: clm-{number:010d}, text: made up {number}, {who}, test: {test}}}\n"


def _sites(count: int, months: list[date], draw: np.random.Generator) -> Any:
    lon, lat = draw.uniform(_WEST, _WEST + _SIDE, count), draw.uniform(_SOUTH, _SOUTH + _SIDE, count)
    began = draw.integers(1, len(months), count)
    onset = {
        f"{what}_{end}": [months[step - (end == "earliest")] for step in began]
        for what in ("cleared_from", "pools_from", "state_since")
        for end in ("earliest", "latest")
    }
    area = draw.uniform(500, 5_000, count)
    content: dict[str, Any] = {
        "site_id": [f"s{number:07d}" for number in range(count)],
        "geometry": shapely.box(lon, lat, lon + 0.001, lat + 0.001),
        "area": "all of it", "simulated": False, "score": 0.9,
        "tier": draw.choice(["confirmed", "probable", "possible"], count), "lookalike": None,
        "lookalike_score": None, **onset, "state": "active", "provisional": False, "pool_area_m2": area,
        "pool_area_m2_low": area * 0.8, "pool_area_m2_high": area * 1.2, "pool_count": 5, "pool_count_low": 4,
        "pool_count_high": 6, "worked_area_m2": area * 3, "hull_area_m2": area * 4,
        "disturbed_area_m2": area * 6, "review": "none", "review_reason": None,
        "lineage": [[] for _ in range(count)],
    }  # fmt: skip
    columns = [column.name for column in tables.SITES.columns]
    return gpd.GeoDataFrame(content, crs="EPSG:4326", index=range(count))[columns]


def _by_month(count: int, months: list[date]) -> dict[str, Any]:
    return {
        "site_id": np.repeat([f"s{number:07d}" for number in range(count)], len(months)),
        "month": np.tile(np.array(months, dtype=object), count),
    }


def _site_months(count: int, months: list[date], draw: np.random.Generator) -> pd.DataFrame:
    area = draw.uniform(500, 5_000, count * len(months))
    content = {
        **_by_month(count, months), "clear_share": 0.9, "looks": 2, "pool_area_m2": area,
        "pool_area_m2_low": area * 0.8, "pool_area_m2_high": area * 1.2, "worked_area_m2": area * 3,
        "state": draw.choice(["absent", "active", "idle", "unseen"], len(area)),
    }  # fmt: skip
    return pd.DataFrame(content)


def _site_control(count: int, months: list[date], draw: np.random.Generator) -> pd.DataFrame:
    many = count * len(months)
    content = {
        **_by_month(count, months), "territory": "North", "controller": draw.choice(_HOLDERS, many),
        "answer": draw.choice(tables.ANSWERS, many), "share": 1.0, "contested": False, "near_border": False,
    }  # fmt: skip
    return pd.DataFrame(content)


def _coverage(months: list[date], square: Any) -> Any:
    rows = [
        {"tile": "t1", "geometry": square, "month": month, "clear_share": 0.99, "scenes": 6}
        for month in months
    ]
    return tables.COVERAGE.frame(rows)


def _series(months: list[date], draw: np.random.Generator) -> pd.DataFrame:
    rows = [
        {
            "month": month, "reporter": "CHN", "partner": partner, "flow": "import", "hs": "28469019",
            "low": low, "high": low + 50, "mid": None, "identified": True, "reported": False,
        }
        for partner in ("MMR", "WLD")
        for month, low in zip(months, draw.uniform(100, 5_000, len(months)).tolist(), strict=True)
    ]  # fmt: skip
    return tables.SERIES.frame(rows)
