from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shapely
from shapely.geometry import box

from leachwatch import tables
from leachwatch.case import Area, Period
from leachwatch.errors import AreaError, CatalogError, OutputError
from leachwatch.scan import ScanSettings, scan

if TYPE_CHECKING:
    from conftest import Scanned

EVERY = [table.file_name for table in tables.TABLES]


def test_a_scan_writes_every_table_of_the_contract(scanned: Scanned) -> None:
    for table in tables.TABLES:
        frame = tables.read(scanned.report.out, table)
        assert len(frame) == scanned.report.rows[table.name]
    assert scanned.report.rows["sites"] > 0
    assert not list(scanned.report.out.glob("*.part"))


def test_everything_of_simulated_scenes_says_so(scanned: Scanned) -> None:
    assert tables.read(scanned.report.out, tables.SITES)["simulated"].all()
    assert scanned.report.simulated


def test_tables_agree_with_each_other(scanned: Scanned) -> None:
    sites = tables.read(scanned.report.out, tables.SITES)
    months = tables.read(scanned.report.out, tables.SITE_MONTHS)
    spells = tables.read(scanned.report.out, tables.SPELLS)
    patches = tables.read(scanned.report.out, tables.PATCHES)
    ids = set(sites["site_id"])
    assert set(months["site_id"]) == set(spells["site_id"]) == set(patches["site_id"]) == ids
    assert len(months) == len(ids) * 14
    last = spells.groupby("site_id").last()
    assert list(last["state"]) == list(sites["state"])


def test_a_site_is_where_a_mine_is(scanned: Scanned) -> None:
    sites = tables.read(scanned.report.out, tables.SITES)
    assert sites.within(scanned.areas[0].geometry.buffer(0.001)).all()
    metric = sites.to_crs(32647)
    assert (metric.area <= sites["disturbed_area_m2"].astype(float)).all()


@pytest.mark.parametrize("tile", [64, 100, 512])
def test_tables_do_not_depend_on_the_size_of_tiles_or_the_number_of_threads(
    scanned: Scanned, tmp_path: Path, tile: int
) -> None:
    settings = ScanSettings(tile=tile, threads=1 if tile == 100 else 3)
    scan(scanned.district.catalog, scanned.areas, scanned.period, tmp_path, settings=settings)
    for table in tables.TABLES:
        if table is tables.COVERAGE:
            continue
        assert (tmp_path / table.file_name).read_bytes() == (
            scanned.report.out / table.file_name
        ).read_bytes()


def test_coverage_says_how_much_of_the_area_was_seen(scanned: Scanned) -> None:
    coverage = tables.read(scanned.report.out, tables.COVERAGE)
    assert coverage["clear_share"].between(0, 1).all()
    assert (coverage.loc[coverage["scenes"] == 0, "clear_share"] == 0).all()
    watched = shapely.union_all(coverage.drop_duplicates("tile").to_crs(32647).geometry)
    assert watched.area == pytest.approx((192 * 10) ** 2, rel=0.01)


def test_an_area_is_watched_and_nothing_beside_it(scanned: Scanned, tmp_path: Path) -> None:
    west, south, east, north = scanned.areas[0].geometry.bounds
    half = Area("west", box(west, south, (west + east) / 2, north))
    scan(scanned.district.catalog, [half], scanned.period, tmp_path)
    found = tables.read(tmp_path, tables.SITES)
    whole = tables.read(scanned.report.out, tables.SITES)
    assert 0 < len(found) < len(whole)
    assert found.intersects(half.geometry.buffer(0.0002)).all()


def test_the_manifest_names_settings_inputs_and_tables(scanned: Scanned) -> None:
    manifest = json.loads((scanned.report.out / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["tables"]) == sorted(EVERY)
    assert len(manifest["inputs"]) == scanned.report.scenes
    assert manifest["settings"]["detect"]["link_m"] == 150.0
    crate = json.loads((scanned.report.out / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert {part["@id"] for part in crate["@graph"][1]["hasPart"]} == {*EVERY, "manifest.json"}


@pytest.fixture
def damaged(scanned: Scanned, tmp_path: Path) -> Path:
    """The district with one unreadable COG and one item without an asset."""
    folder = tmp_path / "scenes"
    shutil.copytree(scanned.district.catalog.parent, folder)
    items = sorted((folder / "sentinel-2-l2a").glob("*/*.json"))
    nir = items[2].parent / "nir.tif"
    nir.write_bytes(nir.read_bytes()[: nir.stat().st_size // 3])
    described = json.loads(items[5].read_text(encoding="utf-8"))
    del described["assets"]["blue"]
    items[5].write_text(json.dumps(described), encoding="utf-8")
    return folder


def test_scenes_that_cannot_be_used_are_skipped_counted_and_named(
    scanned: Scanned, damaged: Path, tmp_path: Path
) -> None:
    report = scan(damaged, scanned.areas, scanned.period, tmp_path / "out")
    reasons = sorted(skipped.reason.split(" (")[0] for skipped in report.skipped)
    assert reasons == ["asset nir cannot be read", "has no asset blue"]
    assert report.scenes == scanned.report.scenes - 2
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["result"]["skipped"]) == 2


def test_an_area_outside_every_scene_says_where_both_are(scanned: Scanned, tmp_path: Path) -> None:
    elsewhere = Area("elsewhere", box(10, 50, 10.1, 50.1))
    with pytest.raises(AreaError, match=r"outside every scene: it reaches from 10\.00, 50\.00"):
        scan(scanned.district.catalog, [elsewhere], scanned.period, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_area_that_no_scene_covers_is_named_beside_one_that_is(scanned: Scanned, tmp_path: Path) -> None:
    elsewhere = Area("elsewhere", box(98, 26, 98.1, 26.1))
    report = scan(scanned.district.catalog, [*scanned.areas, elsewhere], scanned.period, tmp_path)
    assert report.uncovered == ("elsewhere",)


def test_scenes_none_of_which_can_be_read_end_the_scan(scanned: Scanned, tmp_path: Path) -> None:
    folder = tmp_path / "scenes"
    shutil.copytree(scanned.district.catalog.parent, folder)
    for path in folder.rglob("red.tif"):
        path.write_bytes(b"no tiff")
    with pytest.raises(CatalogError, match="none of the 14 scenes over the area can be read"):
        scan(folder, scanned.areas, scanned.period, tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))


def test_an_out_folder_that_cannot_be_made_is_named(scanned: Scanned, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        scan(scanned.district.catalog, scanned.areas, scanned.period, tmp_path / "file" / "out")


def test_a_period_with_one_look_finds_no_site_and_says_what_was_seen(
    scanned: Scanned, tmp_path: Path
) -> None:
    january = Period(date(2022, 1, 1), date(2022, 1, 31))
    report = scan(scanned.district.catalog, scanned.areas, january, tmp_path)
    assert report.rows["sites"] == 0
    coverage = tables.read(tmp_path, tables.COVERAGE)
    assert list(coverage["scenes"]) == [1] * report.rows["coverage"]


def test_progress_counts_every_tile(scanned: Scanned, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    settings = replace(ScanSettings(), tile=128)
    scan(
        scanned.district.catalog,
        scanned.areas,
        scanned.period,
        tmp_path,
        settings=settings,
        progress=lambda done, total: told.append((done, total)),
    )
    total = told[0][1]
    assert told == [(done, total) for done in range(total + 1)]
