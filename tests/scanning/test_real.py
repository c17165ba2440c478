"""Real input: nothing here is simulated."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from shapely.geometry import box

from leachwatch import tables
from leachwatch.case import Area, Period
from leachwatch.detect import DetectSettings, link
from leachwatch.imagery import Tile, to_lonlat
from leachwatch.scanning import Report, scan

BANDS = {
    "blue": "B02", "green": "B03", "red": "B04", "rededge1": "B05", "rededge2": "B06", "rededge3": "B07",
    "nir": "B08", "nir08": "B8A", "swir16": "B11", "swir22": "B12",
}  # fmt: skip
MANY = 3


def wrap(patch: Path, folder: Path, day: str) -> Tile:
    """Describe a BigEarthNet patch as an item; without a scene classification all of it counts as seen."""
    home = folder / f"{patch.name}-{day}"
    home.mkdir(parents=True)
    assets = {}
    for band, code in BANDS.items():
        source = patch / f"{patch.name}_{code}.tif"
        with rasterio.open(source) as raster:
            assets[band] = {
                "href": str(source.resolve()),
                "proj:shape": list(raster.shape),
                "proj:transform": list(raster.transform)[:6],
            }
            if band == "swir16":
                profile = {**raster.profile, "dtype": "uint8", "driver": "GTiff", "nodata": None}
                with rasterio.open(home / "scl.tif", "w", **profile) as target:
                    target.write(np.full(raster.shape, 4, np.uint8), 1)
                assets["scl"] = {**assets[band], "href": "./scl.tif"}
            if band == "red":
                epsg, place = raster.crs.to_epsg(), raster.transform
    described: dict[str, Any] = {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": home.name,
        "geometry": None,
        "properties": {"datetime": f"{day}T10:00:00Z", "proj:epsg": epsg, "s2:processing_baseline": "02.05"},
        "links": [],
        "assets": assets,
    }
    (home / "item.json").write_text(json.dumps(described), encoding="utf-8")
    return Tile(epsg, round(place.c / 10), round(-place.f / 10), 120, 120)


def patches(test_data: Path) -> list[Path]:
    return sorted(path for path in (test_data / "imagery" / "bigearthnet_l2a").iterdir() if path.is_dir())


def scan_patch(patch: Path, folder: Path, days: Sequence[str]) -> Report:
    """Scan one patch whole, as the same look on each of some days."""
    tiles = [wrap(patch, folder / "items", day) for day in days]
    area = Area(patch.name, to_lonlat(box(*tiles[0].bounds), tiles[0].epsg))
    period = Period(date(2017, 1, 1), date(2017, 12, 31))
    return scan(folder / "items", [area], period, folder / "out")


def test_real_l2a_patches_of_europe_have_no_site(
    test_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for patch in patches(test_data):
        report = scan_patch(patch, tmp_path / patch.name, ["2017-06-15"])
        assert report.looks == 1
        assert report.rows["sites"] == 0
        assert len(tables.read(report.out, tables.COVERAGE)) >= 12
        with capsys.disabled():
            fired = ", ".join(f"{count} of {120 * 120}" for count in report.fired.values())
            print(f"\n{patch.name}: pixels that speak for a pool: {fired}; {report.candidates} candidates")


def test_a_real_look_that_never_changes_is_never_confirmed(
    test_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hardest case: one look eight times, so that its noise adds up instead of averaging out."""
    days = [f"2017-{month:02d}-15" for month in range(1, 9)]
    found, probable = [], 0
    for patch in patches(test_data):
        report = scan_patch(patch, tmp_path / patch.name, days)
        with capsys.disabled():
            tiers, rejected = dict(report.tiers), dict(report.rejected)
            print(f"\n{patch.name} eight times: {report.candidates} candidates, {tiers}, rejected {rejected}")
        assert report.tiers.get("confirmed", 0) == 0
        found.append(report.rows["sites"])
        probable += report.tiers.get("probable", 0)
    assert (found, probable) == ([2, 2, 0, 3, 0, 1], 1)  # as docs/method/detection.md says; fewer is better


def test_the_real_pools_south_of_pangwa_make_a_plausible_number_of_sites(
    test_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (test_data / "pools" / "pangwa_pools_south.csv").open(encoding="utf-8") as source:
        pools = [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(source)]
    lon, lat = zip(*pools, strict=True)
    x, y = Transformer.from_crs(4326, 32647, always_xy=True).transform(lon, lat)
    sizes = np.bincount(link(np.column_stack([x, y]), DetectSettings().link_m))
    with capsys.disabled():
        print(
            f"\n{len(pools)} real pools south of Pangwa, linked within 150 m: {len(sizes)} sites, "
            f"{(sizes >= MANY).sum()} of them with {MANY} pools or more; "
            "published for the whole of Special Region 1: over 2,700 pools at almost 300 locations"
        )
    assert len(pools) == 1407
    assert 60 <= len(sizes) <= 300
