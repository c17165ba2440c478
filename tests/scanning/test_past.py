"""A scan into the folder of an earlier one goes on from what that and its reviewers left."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shapely.geometry import box

from catalogs import same_tables
from leachwatch import tables
from leachwatch.errors import RecordError
from leachwatch.scanning import Report, scan

if TYPE_CHECKING:
    from conftest import Scanned

OLD = "47N-00001-00002-201912"


@pytest.fixture
def again(tiny: Scanned, tmp_path: Path) -> Path:
    """A copy of the tables of the district."""
    return Path(shutil.copytree(tiny.report.out, tmp_path / "out"))


def rescan(tiny: Scanned, out: Path) -> Report:
    return scan(tiny.district.catalog, tiny.areas, tiny.period, out)


def changed(out: Path, **columns: Any) -> Any:
    """Change columns of the first site of the earlier scan."""
    frame = tables.read(out, tables.SITES)
    for name, value in columns.items():
        values = frame[name].tolist()
        frame[name] = [value, *values[1:]]
    tables.write(out, tables.SITES, frame)
    return frame


def test_the_same_scan_again_leaves_the_same_bytes(tiny: Scanned, again: Path) -> None:
    report = rescan(tiny, again)
    assert same_tables(again, tiny.report.out)
    before = sha256((tiny.report.out / "sites.parquet").read_bytes()).hexdigest()
    assert report.past == {"sites.parquet": before}
    assert json.loads((again / "manifest.json").read_text(encoding="utf-8"))["result"]["past"] == report.past


def test_a_site_keeps_the_id_that_it_had(tiny: Scanned, again: Path) -> None:
    changed(again, site_id=OLD, lineage=["47N-00003-00004-201801"])
    rescan(tiny, again)
    sites = tables.read(again, tables.SITES).set_index("site_id")
    assert len(sites) == 3
    assert list(sites.loc[OLD, "lineage"]) == ["47N-00003-00004-201801"]
    for table in (tables.SITE_MONTHS, tables.SPELLS, tables.PATCHES):
        assert OLD in set(tables.read(again, table)["site_id"])
    other = again.parent / "other"
    shutil.copytree(again, other)
    rescan(tiny, again)
    assert same_tables(again, other)


def test_sites_that_were_two_are_one_with_a_lineage(tiny: Scanned, again: Path) -> None:
    frame = tables.read(again, tables.SITES)
    west, south, east, north = frame.geometry[0].bounds
    parts = box(west, south, west + 0.7 * (east - west), north), box(east - 1e-5, south, east, north)
    parted = frame.iloc[[0, 0, 1, 2]].reset_index(drop=True)
    parted["site_id"] = [frame["site_id"][0], f"{OLD}-2", *frame["site_id"][1:]]
    parted["geometry"] = [*parts, *frame.geometry[1:]]
    tables.write(again, tables.SITES, parted)
    rescan(tiny, again)
    now = tables.read(again, tables.SITES)
    assert list(now["site_id"]) == list(frame["site_id"])
    assert [list(names) for names in now["lineage"]] == [[f"{OLD}-2"], [], []]


@pytest.mark.parametrize(
    "columns", [{"site_id": "../../bin/sh"}, {"site_id": OLD, "simulated": False}], ids=["odd", "real"]
)
def test_an_id_that_is_none_of_ours_is_not_carried(
    tiny: Scanned, again: Path, columns: dict[str, Any]
) -> None:
    changed(again, **columns)
    rescan(tiny, again)
    assert same_tables(again, tiny.report.out)


def test_earlier_sites_that_cannot_be_read_are_said_and_ids_begin_anew(tiny: Scanned, again: Path) -> None:
    (again / "sites.parquet").write_bytes(b"half a table")
    report = rescan(tiny, again)
    assert "The sites that an earlier scan left cannot be read; ids and lineage begin anew." in report.caveats
    assert same_tables(again, tiny.report.out)


def test_a_broken_record_of_reviews_ends_a_scan_before_it_begins(tiny: Scanned, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "reviews.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"reviews\.jsonl: line 1: "):
        rescan(tiny, out)
    assert not list(out.glob("*.parquet"))
    assert (out / "reviews.jsonl").read_text(encoding="utf-8") == "{\n"
