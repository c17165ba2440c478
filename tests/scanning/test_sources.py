"""One scan, from this disk, from a static catalog over HTTP, and from a STAC API: the tables are the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shapely.geometry import box

import leachwatch as leachwatch_api
from catalogs import same_tables
from leachwatch import tables
from leachwatch.case import Period, read_areas
from leachwatch.errors import MaskError
from leachwatch.imagery import Access, ClearSettings
from leachwatch.imagery.second import _opened
from leachwatch.scanning import Report, ScanSettings, plan_scan, scan
from servers import FileServer, published, serving, stac_api
from test_cli import leachwatch

if TYPE_CHECKING:
    from conftest import Scanned


def options_of(scanned: Scanned) -> list[object]:
    return ["--area", scanned.district.area, "--from", "2022-01", "--to", "2023-02"]


@pytest.fixture
def files(scanned: Scanned) -> Iterator[FileServer]:
    with serving(scanned.district.catalog.parent) as server:
        yield server


@pytest.fixture
def api(scanned: Scanned, files: FileServer, tmp_path: Path) -> Iterator[str]:
    with stac_api(published(scanned.district.catalog, files.address, tmp_path / "published")) as address:
        yield address


def scan_of(catalog: str, scanned: Scanned, out: Path, access: Access | None = None) -> Report:
    return scan(catalog, scanned.areas, scanned.period, out, access=access)


def test_a_static_catalog_over_http_gives_the_tables_of_the_disk(
    scanned: Scanned, files: FileServer, tmp_path: Path
) -> None:
    report = scan_of(f"{files.address}/catalog.json", scanned, tmp_path)
    assert same_tables(scanned.report.out, tmp_path)
    assert report.skipped == scanned.report.skipped == ()
    ((host, (requests, received)),) = report.traffic.items()
    assert host == files.address
    assert requests == sum(files.asked.values())
    assert received == files.sent


def test_a_stac_api_gives_the_tables_of_the_disk(
    scanned: Scanned, files: FileServer, api: str, tmp_path: Path
) -> None:
    report = scan_of(api, scanned, tmp_path / "out", Access(hosts=(files.address,)))
    assert same_tables(scanned.report.out, tmp_path / "out")
    assert set(report.traffic) == {api, files.address}


def test_one_collection_of_an_api_can_be_named_by_its_address(
    scanned: Scanned, files: FileServer, api: str, tmp_path: Path
) -> None:
    scan_of(f"{api}/collections/sentinel-2-l2a", scanned, tmp_path / "out", Access(hosts=(files.address,)))
    assert same_tables(scanned.report.out, tmp_path / "out")


def test_a_file_of_items_on_this_disk_may_lead_to_hosts_that_are_named(
    scanned: Scanned, files: FileServer, tmp_path: Path
) -> None:
    _, items = published(scanned.district.catalog, files.address, tmp_path / "published")
    scan_of(str(items), scanned, tmp_path / "out", Access(hosts=(files.address,)))
    assert same_tables(scanned.report.out, tmp_path / "out")


def test_whole_scenes_give_the_same_tables_and_ask_for_no_part_by_place(
    scanned: Scanned, files: FileServer, tmp_path: Path
) -> None:
    scan_of(f"{files.address}/catalog.json", scanned, tmp_path, Access(whole_scenes=True))
    assert same_tables(scanned.report.out, tmp_path)
    catalog = scanned.district.catalog.parent
    fetched = {path for path in files.asked if path.endswith(".tif")}
    assert files.sent >= sum((catalog / path.lstrip("/")).stat().st_size for path in fetched)


def test_what_was_fetched_is_enough_for_a_scan_without_network(
    scanned: Scanned, files: FileServer, tmp_path: Path
) -> None:
    catalog, cache = f"{files.address}/catalog.json", tmp_path / "cache"
    scan_of(catalog, scanned, tmp_path / "online", Access(cache=cache))
    before = sum(files.asked.values())
    report = scan_of(catalog, scanned, tmp_path / "offline", Access(cache=cache, offline=True))
    assert sum(files.asked.values()) == before
    assert report.traffic == {}
    assert same_tables(tmp_path / "online", tmp_path / "offline")


def test_a_cache_that_holds_little_gives_the_same_tables(
    scanned: Scanned, files: FileServer, tmp_path: Path
) -> None:
    access = Access(cache=tmp_path / "cache", cache_bytes=200_000)
    scan_of(f"{files.address}/catalog.json", scanned, tmp_path / "out", access)
    assert same_tables(scanned.report.out, tmp_path / "out")
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "cache").glob("*.json")]
    stored = sum(last - first for one in kept for first, last in one["spans"])
    assert 0 < stored <= 200_000


def test_the_plan_names_scenes_bytes_hosts_and_what_they_learn_and_fetches_no_picture(
    scanned: Scanned, files: FileServer, api: str
) -> None:
    by_disk = plan_scan(scanned.district.catalog, scanned.areas, scanned.period)
    by_http = plan_scan(f"{files.address}/catalog.json", scanned.areas, scanned.period)
    by_api = plan_scan(api, scanned.areas, scanned.period, access=Access(hosts=(files.address,)))
    assert not any(path.endswith(".tif") for path in files.asked)
    assert [one.scene for one in by_disk.scenes] == [one.scene for one in by_http.scenes]
    assert [one.scene for one in by_disk.scenes] == [one.scene for one in by_api.scenes]
    assert by_disk.hosts == ()
    assert {one.host for one in by_http.hosts} == {files.address}
    assert {one.host for one in by_api.hosts} == {api, files.address}
    asked, given = sorted(by_api.hosts, key=lambda one: one.bytes)
    assert "asks for 47RMJ (squares of 110 km), 2022-01-01 to 2023-02-28, not for your area" in asked.learns
    assert "which squares of 5 to 20 km in them: roughly your area" in given.learns
    hidden = plan_scan(
        api, scanned.areas, scanned.period, access=Access(hosts=(files.address,), whole_scenes=True)
    )
    assert all("roughly your area" not in one.learns for one in hidden.hosts)


@pytest.mark.slow
def test_the_command_line_prints_the_plan_of_each_kind_of_source(
    scanned: Scanned, files: FileServer, api: str, tmp_path: Path
) -> None:
    options = [
        "--area",
        scanned.district.area,
        "--from",
        "2022-01",
        "--to",
        "2023-02",
        "--out",
        tmp_path / "out",
    ]
    for catalog in (scanned.district.catalog, f"{files.address}/catalog.json", api):
        ran = leachwatch("scan", "--catalog", catalog, "--host", files.address, "--plan", *options)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.startswith("14 scenes over ")
        assert ("no host is asked" in ran.stdout) == (catalog == scanned.district.catalog)
    assert not (tmp_path / "out").exists()
    plan = json.loads(
        leachwatch("scan", "--catalog", api, "--host", files.address, "--plan", "--json", *options).stdout
    )
    assert len(plan["scenes"]) == 14


def test_more_than_may_be_fetched_is_not_begun(scanned: Scanned, files: FileServer, tmp_path: Path) -> None:
    options = [*options_of(scanned), "--out", tmp_path / "out"]
    catalog = f"{files.address}/catalog.json"
    ran = leachwatch("scan", "--catalog", catalog, "--max-bytes", "500kB", *options)
    assert ran.returncode == 2
    assert "and 0 MB may be in one run; allow more with --max-bytes, or watch less (see --plan)" in ran.stderr
    assert not any(path.endswith(".tif") for path in files.asked)


@pytest.mark.slow
def test_the_foreign_district_gives_the_same_tables_from_everywhere(test_data: Path, tmp_path: Path) -> None:
    foreign = test_data / "foreign"
    areas = read_areas(foreign / "aoi.geojson")
    period = Period(date(2022, 6, 1), date(2024, 5, 31))
    scan(foreign, areas, period, tmp_path / "disk")
    with serving(foreign) as files:
        scan(f"{files.address}/catalog.json", areas, period, tmp_path / "http")
        with stac_api(published(foreign / "catalog.json", files.address, tmp_path / "published")) as api:
            scan(api, areas, period, tmp_path / "api", access=Access(hosts=(files.address,)))
    assert len(tables.read(tmp_path / "disk", tables.SITES)) > 10
    assert same_tables(tmp_path / "disk", tmp_path / "http")
    assert same_tables(tmp_path / "disk", tmp_path / "api")


@pytest.mark.slow
def test_a_scan_can_ask_the_second_mask(tiny: Scanned, tmp_path: Path) -> None:
    pytest.importorskip("ukis_csmask", reason="ukis-csmask is not installed (leachwatch[masks])")
    ran = leachwatch(
        "scan", "--catalog", tiny.district.catalog, "--area", tiny.district.area, "--from", "2022-01",
        "--to", "2022-12", "--out", tmp_path / "out", "--second-mask",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    before, after = (tables.read(out, tables.COVERAGE) for out in (tiny.report.out, tmp_path / "out"))
    assert (after["clear_share"] <= before["clear_share"] + 1e-9).all()


def test_a_second_mask_that_is_not_installed_is_said_before_anything_is_read(
    tiny: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _opened.cache_clear()
    monkeypatch.setitem(sys.modules, "ukis_csmask.mask", None)
    settings = ScanSettings(clear=ClearSettings(second_opinion=True))
    with pytest.raises(MaskError, match=r"pip install 'leachwatch\[masks\]'"):
        scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path / "out", settings=settings)
    assert not (tmp_path / "out").exists()
    _opened.cache_clear()


def test_a_cube_of_remote_looks_holds_what_a_cube_of_the_disk_does(
    scanned: Scanned, files: FileServer
) -> None:
    west, south, east, north = scanned.areas[0].geometry.bounds
    part = box(west, south, (3 * west + east) / 4, (3 * south + north) / 4)
    days = scanned.period.first, scanned.period.last
    here = leachwatch_api.open_cube(scanned.district.catalog, part, *days, bands=["green", "swir16"])
    there = leachwatch_api.open_cube(f"{files.address}/catalog.json", part, *days, bands=["green", "swir16"])
    assert here.equals(there)
