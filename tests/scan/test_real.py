"""Real input: nothing here is simulated."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from shapely.geometry import box

from leachwatch import tables
from leachwatch.case import Area, Period
from leachwatch.detect import DetectSettings, link
from leachwatch.imagery import Tile, to_lonlat
from leachwatch.scan import scan

BANDS = {
    "blue": "B02", "green": "B03", "red": "B04", "rededge1": "B05", "rededge2": "B06", "rededge3": "B07",
    "nir": "B08", "nir08": "B8A", "swir16": "B11", "swir22": "B12",
}  # fmt: skip


def wrap(patch: Path, folder: Path, day: str) -> Tile:
    """Describe a BigEarthNet patch as an item; it has no scene classification, so all of it counts as seen."""
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
    described = {
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


@pytest.mark.parametrize("number", range(6))
def test_real_l2a_patches_of_europe_have_no_site(test_data: Path, tmp_path: Path, number: int) -> None:
    patch = sorted(path for path in (test_data / "imagery" / "bigearthnet_l2a").iterdir() if path.is_dir())[
        number
    ]
    # one real look, seen as often as a scan needs to decide: what fires on it fires every time
    days = [f"2017-{month:02d}-15" for month in range(1, 9)]
    tile = [wrap(patch, tmp_path / "items", day) for day in days][0]
    area = Area(patch.name, to_lonlat(box(*tile.bounds), tile.epsg))
    report = scan(tmp_path / "items", [area], Period(date(2017, 1, 1), date(2017, 8, 31)), tmp_path / "out")
    print(
        f"{patch.name}: pool pixels that fire, by look: {dict(report.fired)}; rejected: {dict(report.rejected)}"
    )
    assert report.looks == 8
    assert report.rows["sites"] == 0
    assert len(tables.read(tmp_path / "out", tables.COVERAGE)) >= 8


def test_the_real_pools_south_of_pangwa_make_a_plausible_number_of_sites(
    test_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (test_data / "pools" / "pangwa_pools_south.csv").open(encoding="utf-8") as source:
        pools = [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(source)]
    x, y = Transformer.from_crs(4326, 32647, always_xy=True).transform(*zip(*pools, strict=True))
    groups = link(np.column_stack([x, y]), DetectSettings().link_m)
    sizes = np.bincount(groups)
    with capsys.disabled():
        print(
            f"\n{len(pools)} real pools south of Pangwa linked within 150 m: {len(sizes)} sites, "
            f"{(sizes >= 3).sum()} of 3 pools or more, median {np.median(sizes):.0f} pools; "
            "published for the whole of Special Region 1: over 2,700 pools at almost 300 locations"
        )
    assert len(pools) == 1407
    assert 60 <= len(sizes) <= 300
