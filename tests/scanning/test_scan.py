from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from catalogs import FINE, found, item, raster
from leachwatch import detect, tables
from leachwatch.case import Area, Period
from leachwatch.detect import digest
from leachwatch.errors import AreaError, CatalogError, OutputError
from leachwatch.imagery import Tile
from leachwatch.scanning import ScanSettings, scan, tiles
from leachwatch.scanning.watched import watch

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


def test_tables_tell_one_story(scanned: Scanned) -> None:
    sites = tables.read(scanned.report.out, tables.SITES)
    months = tables.read(scanned.report.out, tables.SITE_MONTHS)
    patches = tables.read(scanned.report.out, tables.PATCHES)
    for _, row in sites.iterrows():
        own = months[months["site_id"] == row["site_id"]]
        active = own[own["state"] == "active"]
        assert (active["pool_area_m2"] > 0).all()
        with_pools = own[own["state"].isin(["active", "idle", "abandoned"])]["month"].min()
        before = own[own["state"].isin(["absent", "cleared"])]
        earliest, latest = row["pools_from_earliest"], row["pools_from_latest"]
        if isinstance(earliest, date):
            assert with_pools >= earliest.replace(day=1)
        else:
            assert before.empty
        if isinstance(latest, date):
            assert patches[patches["site_id"] == row["site_id"]]["first_seen_latest"].min() <= latest


def test_a_site_is_where_a_mine_is(scanned: Scanned) -> None:
    sites = tables.read(scanned.report.out, tables.SITES)
    assert sites.within(scanned.areas[0].geometry.buffer(0.001)).all()
    metric = sites.to_crs(32647)
    assert (metric.area <= sites["disturbed_area_m2"].astype(float)).all()


@pytest.mark.parametrize(
    ("tile", "threads", "memory"), [(64, 3, 10_000_000), (100, 1, 0), (512, 3, 500_000_000)]
)
def test_tables_do_not_depend_on_tiles_threads_or_memory(
    scanned: Scanned, tmp_path: Path, tile: int, threads: int, memory: int
) -> None:
    settings = ScanSettings(tile=tile, threads=threads, memory=memory)
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
    same = found.merge(whole, on="site_id", suffixes=("", "_whole"))
    assert len(same) == len(found), "a site on the edge is the site that a wider scan finds"
    assert (same["pool_area_m2"] == same["pool_area_m2_whole"]).all()


def test_the_manifest_names_settings_inputs_and_tables(scanned: Scanned) -> None:
    manifest = json.loads((scanned.report.out / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["tables"]) == sorted(EVERY)
    assert len(manifest["inputs"]) == scanned.report.scenes
    assert manifest["settings"]["detect"]["link_m"] == 150.0
    assert manifest["settings"]["detect"]["model"] == digest()
    assert manifest["result"]["period"] == ["2022-01-01", "2023-02-28"]
    assert manifest["areas"][0]["name"] == "simulated district"
    crate = json.loads((scanned.report.out / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert {part["@id"] for part in crate["@graph"][1]["hasPart"]} == {*EVERY, "manifest.json"}


@pytest.fixture
def damaged(scanned: Scanned, tmp_path: Path) -> Path:
    """The district with one unreadable COG and one item without an asset."""
    folder = tmp_path / "scenes"
    shutil.copytree(scanned.district.catalog.parent, folder)
    items = [
        path
        for path in sorted((folder / "sentinel-2-l2a").glob("*/*.json"))
        if path.stem not in scanned.report.clouded
    ]
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
    assert "2 of 14 scenes could not be used, or not all of each (see manifest.json)." in report.caveats
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
    assert "No scene covers the area 'elsewhere'." in report.caveats
    assert report.covered_share < 0.1
    assert any("of the area that was asked for" in caveat for caveat in report.caveats)


def test_scenes_none_of_which_can_be_read_end_the_scan(scanned: Scanned, tmp_path: Path) -> None:
    folder = tmp_path / "scenes"
    shutil.copytree(scanned.district.catalog.parent, folder)
    for path in folder.rglob("scl.tif"):
        path.write_bytes(b"no tiff")
    with pytest.raises(
        CatalogError,
        match=r"none of the 14 scenes over the area can be used \(.*asset scl .*; fetch them again",
    ):
        scan(folder, scanned.areas, scanned.period, tmp_path / "out")
    assert not (tmp_path / "out").exists()


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


def test_progress_counts_every_scene_every_tile_and_every_strip(scanned: Scanned, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    scan(
        scanned.district.catalog,
        scanned.areas,
        scanned.period,
        tmp_path,
        settings=replace(ScanSettings(), tile=128),
        progress=lambda *count: told.append(count),
    )
    tiles, sites = (next(total for what, _, total in told if what == name) for name in ("tiles", "strips"))
    assert told == [
        *(("scenes", done, 14) for done in range(1, 15)),
        *(("tiles", done, tiles) for done in range(tiles + 1)),
        *(("strips", done, sites) for done in range(sites + 1)),
    ]


def test_an_area_smaller_than_a_pixel_is_refused(scanned: Scanned, tmp_path: Path) -> None:
    x, y = scanned.areas[0].geometry.centroid.coords[0]
    speck = Area("speck", box(x, y, x + 1e-5, y + 1e-5))
    with pytest.raises(AreaError, match="less than one pixel"):
        scan(scanned.district.catalog, [speck], scanned.period, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_second_scan_replaces_the_first_and_takes_its_page_away(scanned: Scanned, tmp_path: Path) -> None:
    january = Period(date(2022, 1, 1), date(2022, 1, 31))
    scan(scanned.district.catalog, scanned.areas, january, tmp_path)
    (tmp_path / "index.html").write_text("an older page", encoding="utf-8")
    scan(scanned.district.catalog, scanned.areas, scanned.period, tmp_path)
    assert not (tmp_path / "index.html").exists()
    assert (tmp_path / "sites.parquet").read_bytes() == (scanned.report.out / "sites.parquet").read_bytes()


def test_a_table_that_no_scan_wrote_is_not_overwritten(scanned: Scanned, tmp_path: Path) -> None:
    (tmp_path / "sites.parquet").write_bytes(b"somebody's work")
    with pytest.raises(OutputError, match=r"holds a sites\.parquet that no scan wrote"):
        scan(scanned.district.catalog, scanned.areas, scanned.period, tmp_path)
    assert (tmp_path / "sites.parquet").read_bytes() == b"somebody's work"


def test_a_link_in_the_out_folder_is_replaced_and_not_followed(scanned: Scanned, tmp_path: Path) -> None:
    victim, out = tmp_path / "victim", tmp_path / "out"
    victim.write_text("precious", encoding="utf-8")
    out.mkdir()
    for name in (*EVERY, "manifest.json", ".leachwatch.part", "sites.parquet.part"):
        (out / name).symlink_to(victim)
    scan(scanned.district.catalog, scanned.areas, scanned.period, out)
    assert victim.read_text(encoding="utf-8") == "precious"
    assert not (out / "sites.parquet").is_symlink()


def test_a_tile_that_fails_is_named_and_was_not_seen(
    scanned: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = detect.find_hits
    failing: list[Tile] = []

    def find_hits(stack: Any, core: Tile, *rest: Any) -> Any:
        if not failing:
            failing.append(core)
        if core == failing[0]:
            raise MemoryError("too large")
        return real(stack, core, *rest)

    monkeypatch.setattr(tiles, "find_hits", find_hits)
    settings = ScanSettings(tile=128, threads=1)
    report = scan(scanned.district.catalog, scanned.areas, scanned.period, tmp_path, settings=settings)
    (core,) = failing
    tile = Tile(core.epsg, core.column // 128 * 128, core.row // 128 * 128, 128, 128)
    assert report.failed == {tile.name: "MemoryError: too large"}
    assert any("failed and count as not seen" in caveat for caveat in report.caveats)
    coverage = tables.read(tmp_path, tables.COVERAGE)
    assert (coverage.loc[coverage["tile"] == tile.name, "clear_share"] == 0).all()


def test_what_the_scenes_do_not_reach_in_time_is_said(scanned: Scanned, tmp_path: Path) -> None:
    report = scan(
        scanned.district.catalog, scanned.areas, Period(date(2021, 1, 1), date(2022, 3, 31)), tmp_path
    )
    assert report.caveats[0].startswith("The first scene is of 2022-01-")
    assert "A pool must be seen on 2 days" in report.caveats[1]


def test_ground_in_two_zones_is_watched_once(tmp_path: Path) -> None:
    """One item a zone, side by side at 102 degrees east."""
    item(tmp_path / "items", "2022-01-15", size=128)
    at_border = {"proj:epsg": 32648}
    path = item(tmp_path / "items", "2022-02-15", size=128, properties=at_border, west=199_000)
    for band in ("blue", "green", "red", "nir", "swir16", "scl"):
        flat = np.full((128, 128) if band in FINE else (64, 64), 4 if band == "scl" else 500)
        raster(
            path.parent / f"{band}.tif",
            flat.astype(np.uint8 if band == "scl" else np.uint16),
            10 if band in FINE else 20,
            epsg=32648,
            west=199_000,
        )
    finding = found(tmp_path / "items", date(2022, 1, 1), date(2022, 12, 31), ("red", "scl"))
    both = Area("both", box(95, 20, 105, 30))
    watched = watch([both], finding.scenes)
    assert set(watched.by_zone) == {32647, 32648}
    assert sum(part.area for part in watched.by_zone.values()) == pytest.approx(2 * 1280**2, rel=0.01)
    assert watched.covered_share < 0.001
    report = scan(tmp_path / "items", [both], Period(date(2022, 1, 1), date(2022, 3, 31)), tmp_path / "out")
    assert report.scenes == 2
