from __future__ import annotations

from typing import Any

import numpy as np
import pystac
import pytest
import rasterio
from numpy.typing import NDArray

from leachwatch.simulate import District

FINE = {"blue", "green", "red", "nir"}
COARSE = {"rededge1", "rededge2", "rededge3", "nir08", "swir16", "swir22", "scl"}


@pytest.fixture(scope="module")
def items(small: District) -> list[pystac.Item]:
    catalog = pystac.Catalog.from_file(str(small.catalog))
    return sorted(catalog.get_items(recursive=True), key=lambda item: item.id.split("_")[2])


def _read(item: pystac.Item, name: str) -> NDArray[Any]:
    with rasterio.open(item.assets[name].get_absolute_href()) as source:
        pixels: NDArray[Any] = source.read(1)
    return pixels


def _reflectance(item: pystac.Item, name: str) -> NDArray[np.float64]:
    band = item.assets[name].extra_fields["raster:bands"][0]
    numbers = _read(item, name)
    return np.where(numbers == band["nodata"], np.nan, numbers * band["scale"] + band["offset"])


def test_the_catalog_holds_one_item_a_look_in_its_own_folder(
    items: list[pystac.Item], truth: dict[str, Any]
) -> None:
    assert [f"{item.datetime:%Y-%m-%d}" for item in items] == truth["looks"]
    assert len({str(item.get_self_href()).rsplit("/", 1)[0] for item in items}) == len(items)


def test_every_item_has_all_assets_with_relative_links(items: list[pystac.Item]) -> None:
    for item in items:
        assert set(item.assets) == FINE | COARSE
        assert all(asset.href.startswith("./") for asset in item.assets.values())
        assert item.properties["leachwatch:simulated"] is True


def test_rasters_lie_where_the_item_says(items: list[pystac.Item]) -> None:
    item = items[0]
    for name, asset in item.assets.items():
        with rasterio.open(asset.get_absolute_href()) as source:
            assert source.crs.to_epsg() == 32647
            assert list(source.shape) == asset.extra_fields["proj:shape"]
            assert list(source.transform)[:6] == asset.extra_fields["proj:transform"]
            assert source.dtypes[0] == asset.extra_fields["raster:bands"][0]["data_type"]
            assert source.nodata == 0
            assert source.transform.a == (10 if name in FINE else 20)
            assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert source.transform.c % 20 == 0
            assert source.transform.f % 20 == 0


def test_items_name_their_grid_by_code_or_by_number(items: list[pystac.Item]) -> None:
    raw = [item.properties for item in items]
    assert all(("proj:code" in one) or one["proj:epsg"] == 32647 for one in raw)


def test_offset_and_flag_agree_and_both_kinds_occur(items: list[pystac.Item]) -> None:
    kinds = set()
    for item in items:
        applied = item.properties["earthsearch:boa_offset_applied"]
        offsets = {item.assets[name].extra_fields["raster:bands"][0]["offset"] for name in FINE}
        assert offsets == ({0} if applied else {-0.1})
        assert item.properties["s2:processing_baseline"] >= "04.00"
        kinds.add(applied)
    assert kinds == {True, False}


def test_both_offset_conventions_decode_to_the_same_dark_floor(items: list[pystac.Item]) -> None:
    clear = [item for item in items if item.properties["eo:cloud_cover"] < 40]
    assert len(clear) >= 3
    for item in clear:
        floor = float(np.nanpercentile(_reflectance(item, "red"), 5))
        assert -0.005 < floor < 0.04


def test_the_classification_uses_the_known_classes(items: list[pystac.Item]) -> None:
    for item in items:
        assert set(np.unique(_read(item, "scl")).tolist()) <= set(range(12))


def test_cloud_cover_is_the_share_of_cloud_classes(items: list[pystac.Item]) -> None:
    for item in items:
        classes = _read(item, "scl")
        share = np.isin(classes[classes > 0], (8, 9, 10)).mean() * 100
        assert item.properties["eo:cloud_cover"] == pytest.approx(share, abs=0.01)


def test_the_sun_is_high_in_june_and_low_in_december(items: list[pystac.Item]) -> None:
    heights = [item.properties["view:sun_elevation"] for item in items]
    assert 34 < min(heights) < 48
    assert 65 < max(heights) < 78
