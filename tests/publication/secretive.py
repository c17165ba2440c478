"""A made-up case with a protected source, as a folder: a name stands in every place that must stay behind."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from shapely.geometry import box, mapping

from leachwatch import films, tables
from leachwatch.case.records import as_yaml
from publish.conftest import make_district, make_film

PAPER, VILLAGER, RADIO = "src-000000000p", "src-000000000v", "src-000000000r"
PRINTED, TOLD, AIRED, HIDDEN = "cit-000000000p", "cit-000000000t", "cit-000000000a", "cit-000000000h"
ARMY, SECRET_ARMY = "act-000000000a", "act-000000000s"
TOWN = "ter-000000000t"
OPEN_CLAIM, TOLD_CLAIM, AMBER_CLAIM = "clm-00000000pn", "clm-000000t0d0", "clm-0000000amb"
OPEN_EVENT, TOLD_EVENT = "evt-00000000pn", "evt-000000t0d0"
OPEN_SPELL, AMBER_SPELL = "spl-00000000pn", "spl-0000000amb"
NAME = "Lahtaw Zau Mun"
DAY = date(2022, 3, 18)
MADE = date(2026, 11, 27)
REJECTED = 1
"""Which of the sites a person rejected."""


def drawing(hidden: str) -> str:
    return f"{hidden.split(maxsplit=1)[0]}.geojson"


def records(hidden: str) -> dict[str, list[dict[str, Any]]]:
    """Records by kind, with a hidden wherever it must stay behind."""
    clear = {"tlp": "CLEAR", "note": f"note {hidden}"}
    amber = {"tlp": "AMBER", "note": f"note {hidden}"}
    day = {"first_precise": DAY, "last_precise": DAY}
    return {
        "sources": [
            {"id": PAPER, "kind": "media", "public_descriptor": "The Paper", "title": "Gates close",
             "url": "https://paper.example/2", "published": date(2022, 4, 1), **clear},
            {"id": RADIO, "kind": "media", "public_descriptor": "The Radio", **clear},
            {"id": VILLAGER, "kind": "person", "public_descriptor": f"the brother of {hidden}",
             "anonymous": True, "title": f"talk with {hidden}", "published": DAY, **clear},
        ],
        "citations": [
            {"id": PRINTED, "source": PAPER, "locator": "page 2", **clear},
            {"id": AIRED, "source": RADIO, "locator": "minute 4", **clear},
            {"id": TOLD, "source": VILLAGER, "locator": f"minute 12 of {hidden}", "quote": f"said {hidden}",
             **clear},
            {"id": HIDDEN, "source": PAPER, "locator": f"margin {hidden}", **amber},
        ],
        "actors": [
            {"id": ARMY, "kind": "armed_group", "name": "The Army", "short": "TA", **clear},
            {"id": SECRET_ARMY, "kind": "company", "name": f"Company {hidden}", **amber},
        ],
        "territories": [
            {"id": TOWN, "kind": "township", "name": "Chipwi", "country": "MMR", **clear,
             "versions": [{"version": "2019", "outline": {"file": drawing(hidden)}, "border_m": 100}]},
        ],
        "control": [
            {"id": OPEN_SPELL, "territory": TOWN, "controllers": [ARMY], "control": "sole",
             "dated": {"first_precise": date(2021, 1, 1), "last_precise": date(2022, 3, 1)},
             "citations": [PRINTED], **clear},
            {"id": AMBER_SPELL, "territory": TOWN, "controllers": [SECRET_ARMY], "control": "sole",
             "dated": {"first_precise": date(2022, 3, 2), "last_precise": date(2023, 3, 1)},
             "citations": [HIDDEN], **amber},
        ],
        "events": [
            {"id": OPEN_EVENT, "kind": "gate_closed", "title": "A gate was closed", "actors": [ARMY],
             "place": {"name": "North Gate", "lon": 98.31, "lat": 25.63, "precision": 1}, "dated": day,
             "citations": [PRINTED], **clear},
            {"id": TOLD_EVENT, "kind": "clash", "title": "There was fighting", "actors": [ARMY],
             "territory": TOWN,
             "place": {"name": f"House of {hidden}", "lon": 98.323456, "lat": 25.641234, "precision": 1},
             "dated": {**day, "verbatim": f"when {hidden} came home"}, "citations": [TOLD], **clear},
        ],
        "claims": [
            {"id": OPEN_CLAIM, "text": "The gate was closed in March.", "kind": "event", "author": PAPER,
             "published": date(2022, 4, 1), "citations": [PRINTED], **clear,
             "test": {"kind": "corroborate", "supports": [PRINTED, AIRED, TOLD], "at_least": 2}},
            {"id": TOLD_CLAIM, "text": "Trucks come by night.", "kind": "event", "author": VILLAGER,
             "published": DAY, "citations": [TOLD], "untested": "nothing measures it", **clear},
            {"id": AMBER_CLAIM, "text": f"{hidden} was paid.", "kind": "event", "author": PAPER,
             "citations": [PRINTED], "untested": "not yet", **amber},
        ],
    }  # fmt: skip


def write_case(folder: Path, hidden: str = NAME) -> Path:
    """Write the case with the tables of a scan, as `leachwatch run` leaves them."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "title": "Chipwi, 2021 to 2022", "licence": "CC-BY-4.0", "areas": "areas.geojson",
        "dates": {"from": "2021-06", "to": "2022-05"}, "imagery": {"catalog": f"/home/{hidden}/scenes"},
    }  # fmt: skip
    (folder / "case.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    write_shape(folder / "areas.geojson", box(98.3, 25.6, 98.45, 25.75), name="Chipwi", drawn_by=hidden)
    write_shape(folder / drawing(hidden), box(98.2, 25.5, 98.5, 25.8), by=hidden)
    for kind, listed in records(hidden).items():
        text = as_yaml(listed)
        (folder / f"{kind}.yaml").write_text(f"# kept by {hidden}\n{text}", encoding="utf-8")
    (folder / "trade").mkdir(exist_ok=True)
    (folder / "trade" / "statements.csv").write_text(
        "id,reporter,partner,flow,hs,basis,kind,period_start,period_end,base_start,base_end,"
        "value,unit,source,note\n"
        f"Z01,CHN,MMR,import,28469019,gross,total,2019-01,2019-12,,,1234,t,The Paper,heard from {hidden}\n",
        encoding="utf-8",
    )
    write_scan(folder / "out", hidden)
    return folder


def write_shape(path: Path, shape: Any, **named: str) -> None:
    feature = {"type": "Feature", "properties": named, "geometry": mapping(shape)}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")


def write_scan(out: Path, hidden: str) -> None:
    out.mkdir(exist_ok=True)
    rows = make_district(sites=4, months=12, tiles=3)
    rows["sites"][REJECTED] |= {"review": "rejected", "review_reason": hidden}
    rows["sites"][0] |= {"review": "accepted", "review_reason": hidden}
    for table in tables.TABLES:
        tables.write(out, table, table.frame(rows[table.name]))
    for row in rows["sites"]:
        films.write(out, row["site_id"], make_film())
    manifest = {
        "leachwatch": "0.1.0", "made": "2026-11-26T10:11:12+00:00", "settings": {"tile": 512},
        "hosts": [hidden], "areas": [{"name": hidden}],
        "inputs": [{"scene": "S2B_47RMJ_20220122_0_L2A", "item_sha256": "0" * 64}],
        "result": {"simulated": True, "caveats": ["One scene is clouded."], "reviewed": {hidden: 1}},
    }  # fmt: skip
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
