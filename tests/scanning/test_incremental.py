"""A new month on ground that was scanned before."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from leachwatch import tables
from leachwatch.imagery import open_source, read, session
from leachwatch.scanning import ScanSettings, jobs_over, scan, search, trust, watch
from servers import serving

if TYPE_CHECKING:
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
    names = bearers(whole, out)
    for table in tables.TABLES:
        if (whole / table.file_name).exists():
            assert rows(out, table, {}) == rows(whole, table, names)


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
