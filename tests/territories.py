"""Small cases with territories, written as files and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shapely
import yaml
from hypothesis import strategies as st

from leachwatch import tables
from leachwatch.case.records import Records, read_records
from leachwatch.territory import Ground, read_ground

KIO, NDAK, SAC = "act-000000000k", "act-000000000n", "act-000000000s"
ACTORS = [
    {
        "id": KIO,
        "kind": "armed_group",
        "name": "Kachin Independence Organisation",
        "short": "KIO",
        "alias": ["KIA/KIO"],
        "name_kac": "Wunpawng Mungdan Shanglawt Hpung",
    },
    {"id": NDAK, "kind": "armed_group", "name": "New Democratic Army - Kachin", "short": "NDA-K"},
    {
        "id": SAC,
        "kind": "public_body",
        "name": "State Administration Council",
        "short": "SAC",
        "weak_alias": ["the army"],
    },
]
EAST, WEST = "ter-000000000e", "ter-000000000w"
SEIZED = {
    "first_imprecise": "2024-10-11",
    "first_precise": "2024-10-18",
    "last_precise": "2026-01-01",
    "starting": True,
}
LOST = {
    "first_precise": "2010-01-01",
    "last_precise": "2024-10-10",
    "last_imprecise": "2024-10-18",
    "starting": True,
    "ending": True,
}
"""Made up, around the days on which a town changed hands."""


def square(west: float, south: float, side: float = 1.0) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)


def write_shapes(path: Path, shapes: Mapping[str, Any], **more: object) -> Path:
    """Write shapes as GeoJSON, each with its name."""
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(shape)}
        for name, shape in shapes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": features}), encoding="utf-8")
    return path


def territory(number: str, name: str, *versions: dict[str, Any], **more: object) -> dict[str, Any]:
    """Describe a territory; its versions are drawn in ``territories.geojson`` unless they say otherwise."""
    drawn = versions or ({},)
    whole = [
        {"version": f"v{place}", "outline": {"file": "territories.geojson", "where": {"name": [name]}}, **one}
        for place, one in enumerate(drawn)
    ]
    return {"id": number, "kind": "area", "name": name, "versions": whole, **more}


def spell(
    number: int, territory: str, controllers: Iterable[str], dated: dict[str, Any], **more: object
) -> dict[str, Any]:
    said = {"id": f"spl-{number:010d}", "territory": territory, "controllers": [*controllers]}
    return {**said, "control": "sole", "dated": dated, **more}


def write_case(
    folder: Path, territories: Iterable[dict[str, Any]], control: Iterable[dict[str, Any]] = ()
) -> Records:
    """Write the records of a case and read them back."""
    listed = {"actors.yaml": ACTORS, "territories.yaml": [*territories], "control.yaml": [*control]}
    for file, records in listed.items():
        text = yaml.safe_dump(json.loads(json.dumps(records)), allow_unicode=True)
        (folder / file).write_text(_dates_bare(text), encoding="utf-8")
    return read_records(folder)


def _dates_bare(text: str) -> str:
    """Dates as people write them in YAML, without quotes."""
    return text.replace("'", "")


def east_and_west(folder: Path, control: list[dict[str, Any]], **more: Any) -> Ground:
    """Two territories of a degree each that meet at 98.5 E."""
    write_shapes(folder / "territories.geojson", {"West": square(97.5, 25.0), "East": square(98.5, 25.0)})
    both = [territory(WEST, "West", **more), territory(EAST, "East", **more)]
    return read_ground(write_case(folder, both, control))


def sites_of(*shapes: shapely.Polygon, **columns: list[Any]) -> Any:
    """Table of sites: sure mines, there since before the first look, unless columns say otherwise."""
    many = len(shapes)
    rows = [
        {
            "site_id": f"47N-{number:05d}-00000-202201",
            "geometry": shape,
            "area": "made up",
            "simulated": True,
            "score": 1.0,
            "tier": "confirmed",
            "lookalike": None,
            "lookalike_score": None,
            "cleared_from_earliest": None,
            "cleared_from_latest": date(2022, 1, 5),
            "pools_from_earliest": None,
            "pools_from_latest": date(2022, 1, 5),
            "state": "active",
            "state_since_earliest": None,
            "state_since_latest": date(2022, 1, 5),
            "provisional": False,
            **{f"pool_area_m2{end}": 500.0 for end in ("", "_low", "_high")},
            **{f"pool_count{end}": 5 for end in ("", "_low", "_high")},
            "worked_area_m2": 900.0,
            "hull_area_m2": 900.0,
            "disturbed_area_m2": 1200.0,
            "review": "none",
            "review_reason": None,
            "lineage": [],
            **{name: values[number] for name, values in columns.items()},
        }
        for number, shape in zip(range(many), shapes, strict=True)
    ]
    return tables.SITES.frame(rows)


def months_of(
    sites: Any, months: Iterable[date], states: Mapping[tuple[int, date], str] | None = None
) -> Any:
    """Table of their months: active, unless `states` says otherwise of a site's place and month."""
    said = states or {}
    area = {f"pool_area_m2{end}": None for end in ("", "_low", "_high")}
    rows = [
        {
            "site_id": id_,
            "month": month,
            "clear_share": 1.0,
            "looks": 2,
            **area,
            "worked_area_m2": None,
            "state": said.get((place, month), "active"),
        }
        for place, id_ in enumerate(sites["site_id"])
        for month in months
    ]
    return tables.SITE_MONTHS.frame(rows)


DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@st.composite
def dated(draw: Any) -> dict[str, Any]:
    """When something held, in 2024, with dates and flags left out as people leave them out."""
    days = sorted(draw(st.lists(DAYS, min_size=4, max_size=4)))
    names = ("first_imprecise", "first_precise", "last_precise", "last_imprecise")
    kept = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    known = {name: day.isoformat() for name, day in zip(names, days, strict=True) if name in kept}
    starting = draw(st.booleans()) and any(name.startswith("first") for name in known)
    ending = draw(st.booleans()) and any(name.startswith("last") for name in known)
    return {**known, "starting": starting, "ending": ending}
