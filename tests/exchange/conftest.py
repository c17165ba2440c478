"""An invented case with everything that files for others must get right, and what must never be in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from leachwatch import tables
from leachwatch.exchange import write_files
from publish.conftest import figure, make_district, trade_rows

Row = dict[str, Any]
Rows = dict[str, list[Row]]

MADE = date(2026, 1, 31)
TITLE = "Pangwa & Chipwi <ချီဖွေ> 片马"
FORMULA = '=HYPERLINK("http://example.org","look")'
SECRETS = (
    "told us over tea",
    "file:///home/somebody/export.csv",
    "lw-rejected",
    "somebody's pond",
    "7654.25",
)
"""In the tables, and in no file: a note, a path, a rejected site and why, a row that may not be passed on."""

CLAIMS, NAMES = ("c1",), ("Special Region 1", "-KIO")
"""Claims, actors and territories that are published."""

BY_NAME = {table.name: table for table in (*tables.TABLES, *tables.CASE_TABLES, *tables.TRADE_TABLES)}


def invented() -> Rows:
    """Rows of every table, by its name."""
    rows: Rows = {**make_district(sites=6, months=14, tiles=3), **trade_rows()}
    first = rows["sites"][0]
    name = first["site_id"]
    first["area"] = FORMULA
    first["geometry"] = with_a_hole(first["geometry"])
    rejected = {**first, "site_id": "lw-rejected", "review": "rejected", "review_reason": "somebody's pond"}
    rows["sites"].append(rejected)
    rows["site_months"].append({**rows["site_months"][0], "site_id": "lw-rejected"})
    rows["patches"].append({**rows["patches"][0], "site_id": "lw-rejected"})
    rows["observations"] += [
        figure("C01", 2022, "MMR", 7654.25, source="UN Comtrade, 2024-05-01"),
        figure("Y01", 2021, "MMR", 100.0, note="told us over tea", url="file:///home/somebody/export.csv"),
        figure("Z01", 2021, "LAO", 100.0, source="+1 Weekly", url="https://example.org/a?b=1&c=2"),
    ]
    rows["sensitivity"] = []
    rows["site_control"] = [
        {
            "site_id": name, "month": date(2021, 6, 1), "territory": "Special Region 1", "controller": None,
            "answer": "unknown", "share": 1.0, "contested": False, "near_border": True,
        }
    ]  # fmt: skip
    rows["site_control"] += [
        {**rows["site_control"][0], "territory": "told us over tea"},
        {**rows["site_control"][0], "controller": "told us over tea"},
    ]
    rows["control_counts"] = [
        {"controller": "told us over tea", "month": date(2021, 6, 1), "low": 1.0, "p50": 2.0, "high": 4.0},
        {"controller": "-KIO", "month": date(2021, 6, 1), "low": 1.0, "p50": 2.0, "high": 4.0},
    ]
    rows["readings"] = [
        {
            "claim_id": "c1", "reading": "value", "low": -3.5, "high": None, "accepted_low": 2.0,
            "accepted_high": None, "unit": "", "result": "open", "why": "@who knows", "context": [],
            "inputs": ["observations", "=A24"],
        }
    ]  # fmt: skip
    rows["verdicts"] = [
        {
            "claim_id": "c1", "verdict": "NOT_ENOUGH_EVIDENCE", "why": "one reading is open",
            "would_change": "more looks", "published": None, "readings": 1, "supporting": 0,
            "independent": True, "data": ["observations aa11"], "supersedes": None, "run_at": MADE,
            "clear": True,
        }
    ]  # fmt: skip
    rows["readings"].append({**rows["readings"][0], "claim_id": "c2", "why": "told us over tea"})
    rows["verdicts"].append({**rows["verdicts"][0], "claim_id": "c2", "why": "told us over tea"})
    return rows


def with_a_hole(square: Any) -> MultiPolygon:
    """Two parts, one with a hole, their rings the wrong way round."""
    west, south, east, north = square.bounds
    third = (east - west) / 3
    outer = box(west, south, east, north).exterior.coords
    hole = box(west + third, south + third, east - third, north - third).exterior.coords
    beside = box(east + third, south, east + 2 * third, north).exterior.coords
    return MultiPolygon([Polygon(list(outer), [list(hole)]), Polygon(list(beside)[::-1])])


@pytest.fixture(scope="session")
def put(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Rows], Path]:
    """Write rows as tables, and give their folder."""

    def to_disk(rows: Rows) -> Path:
        out = tmp_path_factory.mktemp("out")
        for name, many in rows.items():
            tables.write(out, BY_NAME[name], BY_NAME[name].frame(many))
        return out

    return to_disk


@pytest.fixture(scope="session")
def out(put: Callable[[Rows], Path]) -> Path:
    """Folder with the tables of the invented case."""
    return put(invented())


@pytest.fixture(scope="session")
def written(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the files made of them."""
    folder = tmp_path_factory.mktemp("publication") / "files"
    notes = ["June was under cloud."]
    write_files(out, folder, title=TITLE, made=MADE, notes=notes, claims=CLAIMS, names=NAMES)
    return folder
