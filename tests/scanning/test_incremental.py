"""A new month on ground that was scanned before."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from shapely.geometry import box

from leachwatch import tables
from leachwatch.case import Area, Period
from leachwatch.detect import digest
from leachwatch.imagery import Access, Scene, open_source, read, reader, session, to_lonlat
from leachwatch.scanning import FilmSettings, ScanSettings, jobs_over, scan, search, tiles, trust, watch
from leachwatch.scanning.journal import Journal, Marks
from leachwatch.scanning.orders import Order, code_here, work_bundle
from leachwatch.scanning.result import TileResult
from leachwatch.storage import FolderShelf
from servers import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import Scanned


def without(collection: Path, days: set[date]) -> None:
    """Take the scenes of some days out of what a catalog lists; their files stay."""
    said = json.loads(collection.read_text(encoding="utf-8"))
    names = {f"{day:%Y%m%d}" for day in days}
    said["links"] = [link for link in said["links"] if not any(name in link["href"] for name in names)]
    collection.write_text(json.dumps(said), encoding="utf-8")


def bearers(whole: Path, out: Path) -> dict[str, str]:
    """What a site is called that keeps an earlier id, by what it would be called without one."""
    fresh, carried = (tables.read(one, tables.SITES) for one in (whole, out))
    by_place = dict(zip(carried.geometry.to_wkb(), carried["site_id"], strict=True))
    return {
        name: by_place[place] for name, place in zip(fresh["site_id"], fresh.geometry.to_wkb(), strict=True)
    }


def rows(out: Path, table: tables.Table, names: dict[str, str]) -> list[str]:
    frame = tables.read(out, table)
    if "site_id" in frame:
        frame["site_id"] = [names.get(name, name) for name in frame["site_id"]]
    return sorted(map(str, frame.itertuples(index=False)))


def assert_same(whole: Path, out: Path) -> None:
    """Every table of a scan that went on is that of a whole one, but for ids."""
    names = bearers(whole, out)
    for table in tables.TABLES:
        if (whole / table.file_name).exists():
            assert rows(out, table, {}) == rows(whole, table, names)


def test_a_new_month_fetches_its_own_looks_and_ends_in_the_tables_of_a_whole_scan(
    tiny: Scanned, tmp_path: Path
) -> None:
    scenes, out, whole = tmp_path / "scenes", tmp_path / "out", tmp_path / "whole"
    shutil.copytree(tiny.district.catalog.parent, scenes)
    (collection,) = scenes.glob("*/collection.json")
    listed = collection.read_text(encoding="utf-8")
    last = max(tiny.report.days).replace(day=1)
    new = {day for day in tiny.report.days if day >= last}
    before = replace(tiny.period, last=last - timedelta(days=1))
    with serving(scenes) as files:
        catalog = f"{files.address}/catalog.json"
        without(collection, new)
        first = scan(catalog, tiny.areas, before, out)
        collection.write_text(listed, encoding="utf-8")
        files.asked.clear()
        second = scan(catalog, tiny.areas, tiny.period, out)
        pictures = [path for path in files.asked if path.endswith(".tif")]
        assert pictures
        assert all(any(f"{day:%Y%m%d}" in path for day in new) for path in pictures)
        (fetched_first,), (fetched,) = (report.traffic.values() for report in (first, second))
        assert fetched[1] < fetched_first[1] / 2
    assert second.kept == 0, "what was seen on a day is judged by all days: every tile is worked again"
    scan(tiny.district.catalog, tiny.areas, tiny.period, whole)
    assert_same(whole, out)


def test_what_earlier_days_show_depends_on_every_look(scanned: Scanned) -> None:
    """Why old looks are read again: a whole scan would not find in them what one without the last did."""
    settings = ScanSettings()
    with open_source(scanned.district.catalog) as source, session():
        found = search(source, scanned.areas, scanned.period, settings)
        scenes = trust(source, found, settings, lambda _what, _done, _total: None).scenes
        last = max(scene.day for scene in scenes)
        before = tuple(scene for scene in scenes if scene.day < last)
        changed = 0
        for job in jobs_over(watch(scanned.areas, scenes).by_zone, scenes, settings):
            fewer, all_of_them = (
                read(job.window, some, settings.bands, settings.clear, source) for some in (before, scenes)
            )
            looks = len(fewer.days)
            assert np.array_equal(fewer.values, all_of_them.values[:looks])
            changed += int(np.count_nonzero(fewer.valid != all_of_them.valid[:looks]))
    assert changed > 0


@pytest.fixture
def clouded(scanned: Scanned, tmp_path: Path) -> tuple[Path, Area, date]:
    """The district with cloud over its western half on its last day, and ground in the west."""
    folder = tmp_path / "scenes"
    shutil.copytree(scanned.district.catalog.parent, folder)
    last = max(scanned.report.days)
    (scl,) = folder.glob(f"*/*_{last:%Y%m%d}_*/scl.tif")
    with rasterio.open(scl, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as file:
        classes = file.read(1)
        classes[:, : file.width // 2 + 8] = 9
        file.write(classes, 1)
        epsg, (west, south, _, north) = file.crs.to_epsg(), file.bounds
    ground = to_lonlat(box(west, south, west + 150, north), epsg)
    return folder, Area("the west", ground), last


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """Days whose looks are read, one for each tile that reads one."""
    days: list[date] = []
    original = reader._read_day

    def read_day(tile: object, scenes: Sequence[Scene], *rest: object) -> object:
        days.append(scenes[0].day)
        call: Callable[..., object] = original
        return call(tile, scenes, *rest)

    monkeypatch.setattr(reader, "_read_day", read_day)
    return days


def test_a_look_that_shows_nothing_is_read_and_no_other(
    scanned: Scanned, clouded: tuple[Path, Area, date], asked: list[date], tmp_path: Path
) -> None:
    scenes, west, last = clouded
    (collection,) = scenes.glob("*/collection.json")
    listed = collection.read_text(encoding="utf-8")
    without(collection, {last})
    settings = replace(ScanSettings(), tile=64, film=FilmSettings(looks=0))
    before = Period(scanned.period.first, last - timedelta(days=1))
    first = scan(scenes, [west], before, tmp_path / "out", settings=settings)
    assert first.rows["sites"]
    assert last not in asked
    collection.write_text(listed, encoding="utf-8")
    asked.clear()
    second = scan(scenes, [west], scanned.period, tmp_path / "out", settings=settings)
    assert second.kept == second.tiles
    assert asked == [last] * second.tiles
    assert 0 < second.read < first.read / 100
    assert second.days[-1] == last
    whole = scan(scenes, [west], scanned.period, tmp_path / "whole", settings=settings)
    assert whole.fired == second.fired
    assert whole.days == second.days
    assert_same(tmp_path / "whole", tmp_path / "out")
    third = scan(scenes, [west], scanned.period, tmp_path / "out", settings=settings)
    assert third.kept == third.tiles


def test_tiles_that_a_new_look_shows_are_worked_and_the_others_are_not(
    scanned: Scanned, clouded: tuple[Path, Area, date], tmp_path: Path
) -> None:
    scenes, _, last = clouded
    (collection,) = scenes.glob("*/collection.json")
    listed = collection.read_text(encoding="utf-8")
    without(collection, {last})
    settings = replace(ScanSettings(), tile=64)
    scan(scenes, scanned.areas, scanned.period, tmp_path / "out", settings=settings)
    collection.write_text(listed, encoding="utf-8")
    second = scan(scenes, scanned.areas, scanned.period, tmp_path / "out", settings=settings)
    assert 0 < second.kept < second.tiles
    scan(scenes, scanned.areas, scanned.period, tmp_path / "whole", settings=settings)
    assert_same(tmp_path / "whole", tmp_path / "out")


def test_months_without_a_scene_cost_nothing(scanned: Scanned, asked: list[date], tmp_path: Path) -> None:
    later = replace(scanned.period, last=date(2023, 6, 30))
    settings = replace(ScanSettings(), tile=64)
    scan(scanned.district.catalog, scanned.areas, scanned.period, tmp_path / "out", settings=settings)
    asked.clear()
    report = scan(scanned.district.catalog, scanned.areas, later, tmp_path / "out", settings=settings)
    assert (report.kept, report.read) == (report.tiles, 0)
    months = tables.read(tmp_path / "out", tables.COVERAGE).groupby("tile")["month"]
    assert set(months.count()) == {18}
    scan(scanned.district.catalog, scanned.areas, later, tmp_path / "whole", settings=settings)
    names = bearers(tmp_path / "whole", tmp_path / "out")
    for table in (tables.SITES, tables.SITE_MONTHS, tables.COVERAGE):
        assert rows(tmp_path / "out", table, {}) == rows(tmp_path / "whole", table, names)


def test_a_worker_spares_what_a_url_keeps(
    scanned: Scanned, clouded: tuple[Path, Area, date], asked: list[date], tmp_path: Path
) -> None:
    scenes, west, last = clouded
    settings = replace(ScanSettings(), tile=64)
    shelf = FolderShelf(tmp_path / "tiles")
    order = Order(str(scenes), Access(), settings, shelf, code_here(), digest(settings.detect.model))
    with open_source(scenes) as source, session():
        found = search(source, [west], scanned.period, settings)
        all_of_them = trust(source, found, settings, lambda _what, _done, _total: None).scenes
    jobs = list(jobs_over(watch([west], all_of_them).by_zone, all_of_them, settings))
    journal, marks = Journal(shelf, settings), Marks()
    named = [(place, journal.name(job), replace(job, scenes=())) for place, job in enumerate(jobs)]
    marked = [(scene, marks.mark(scene)) for scene in all_of_them]
    asked.clear()
    first = work_bundle(order, named, [pair for pair in marked if pair[0].day < last])
    assert not any(parcel.kept for parcel in first)
    assert last not in asked
    asked.clear()
    second = work_bundle(order, named, marked)
    assert all(parcel.kept for parcel in second)
    assert asked == [last] * len(jobs)
    for place, name, job in named:
        kept = journal.load(name, job.tile)
        assert kept is not None
        assert kept.made_of == marks.of(jobs[place])
        assert kept.hidden[-1] == last
    asked.clear()
    third = work_bundle(order, named, marked)
    assert not asked
    by_place = [{parcel.place: parcel.content for parcel in some} for some in (second, third)]
    assert by_place[0] == by_place[1]


def test_a_new_scene_of_a_day_that_was_tried_before_is_no_look_that_only_came_later(scanned: Scanned) -> None:
    """Of two scenes of a day the newer goes first, and may leave nothing for one that could not be read."""
    with open_source(scanned.district.catalog) as source:
        settings = ScanSettings()
        found = search(source, scanned.areas, scanned.period, settings).scenes
        (job, *_) = jobs_over(watch(scanned.areas, found).by_zone, found, settings)
        old, *others = job.scenes
        newer = replace(old, id=f"{old.id}-again")
        more = replace(job, scenes=(old, *others, newer))
        made_of = Marks().of(more)
        kept = TileResult(job.tile, None, None, made_of={scene.id: made_of[scene.id] for scene in job.scenes})
        assert tiles._grown(kept, more, made_of, source, settings) is None
