from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogs import edit, found, item
from leachwatch.errors import CatalogError
from leachwatch.imagery import Access
from leachwatch.simulate import District

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)


def test_a_static_catalog_and_the_folder_of_its_items_hold_the_same_scenes(small_district: District) -> None:
    by_file = found(small_district.catalog, FIRST, LAST)
    by_folder = found(small_district.catalog.parent, FIRST, LAST)
    by_items = found(small_district.catalog.parent / "sentinel-2-l2a", FIRST, LAST)
    ids = [scene.id for scene in by_file.scenes]
    assert ids == [scene.id for scene in by_folder.scenes]
    assert ids == [scene.id for scene in by_items.scenes]
    assert all(scene.simulated for scene in by_file.scenes)


def test_scenes_come_by_day_and_only_from_the_period(small_district: District) -> None:
    days = [scene.day for scene in found(small_district.catalog, date(2022, 3, 1), date(2022, 6, 30)).scenes]
    assert days == sorted(days)
    assert all(date(2022, 3, 1) <= day <= date(2022, 6, 30) for day in days)


@pytest.mark.parametrize(
    ("properties", "offset"),
    [
        ({"earthsearch__boa_offset_applied": True, "s2__processing_baseline": "05.09"}, 0),
        ({"earthsearch__boa_offset_applied": False, "s2__processing_baseline": "05.09"}, 1000),
        ({"earthsearch__boa_offset_applied": False, "s2__processing_baseline": "03.01"}, 0),
        ({"earthsearch__boa_offset_applied": None, "s2__processing_baseline": "04.00"}, 1000),
        ({"earthsearch__boa_offset_applied": None, "s2__processing_baseline": "02.14"}, 0),
        ({"earthsearch__boa_offset_applied": None, "s2__processing_baseline": None}, 0),
    ],
)
def test_the_offset_is_decided_by_the_item(tmp_path: Path, properties: dict[str, Any], offset: int) -> None:
    edit(item(tmp_path), **properties)
    (scene,) = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    assert scene.offset_dn == offset


@pytest.mark.parametrize(
    "projection",
    [{"proj__epsg": 32647}, {"proj__epsg": None, "proj__code": "EPSG:32647"}],
)
def test_both_ways_of_naming_the_grid_are_understood(tmp_path: Path, projection: dict[str, Any]) -> None:
    edit(item(tmp_path), **projection)
    (scene,) = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    assert scene.epsg == 32647
    assert scene.bounds == (605_000, 2_874_360, 605_640, 2_875_000)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"proj__epsg": 4326}, "not a UTM zone"),
        ({"proj__epsg": None}, "not a UTM zone"),
        ({"proj__epsg": "junk"}, "not a UTM zone"),
    ],
)
def test_an_item_without_a_usable_grid_is_skipped_by_name(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    item(tmp_path, "2022-02-01")
    bad = item(tmp_path, "2022-03-01")
    edit(bad, **changes)
    finding = found(tmp_path, FIRST, LAST, ("red", "scl"))
    assert len(finding.scenes) == 1
    (skipped,) = finding.skipped
    assert skipped.scene == bad.stem
    assert said in skipped.reason


def test_an_item_without_a_needed_asset_is_skipped_by_name(tmp_path: Path) -> None:
    item(tmp_path, "2022-02-01")
    item(tmp_path, "2022-03-01", bands=("blue", "green", "red", "scl"))
    finding = found(tmp_path, FIRST, LAST, ("red", "nir", "scl"))
    assert [skipped.reason for skipped in finding.skipped] == ["has no asset nir"]


def test_files_that_are_no_items_are_passed_over_and_broken_ones_named(tmp_path: Path) -> None:
    item(tmp_path)
    (tmp_path / "notes.json").write_text('{"hello": 1}', encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    finding = found(tmp_path, FIRST, LAST, ("red", "scl"))
    assert [skipped.scene for skipped in finding.skipped] == ["broken.json"]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A door on this machine at which nobody may knock."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.2)
        yield door
        with pytest.raises(TimeoutError):
            door.accept()


@pytest.mark.parametrize(
    ("href", "said"),
    [
        (
            "http://127.0.0.1:{}/red.tif",
            "leads to http://127.0.0.1:{}, no host of this catalog; allow",
        ),
        ("/vsicurl/http://127.0.0.1:{}/red.tif", "is no http address"),
        ("/vsicurl?url=http%3A%2F%2F127.0.0.1:{}/red.tif", "is no http address"),
        ("/vsis3/bucket/red.tif", "is no http address"),
        ("s3://bucket/red.tif", "is no http address"),
        ("file:///etc/passwd", "is no http address"),
        ("http://user:word@127.0.0.1:{}/red.tif", "is named with a user name"),
        ("./gone.tif", "is no file on this disk"),
        ("/dev/zero", "is no file on this disk"),
    ],
)
def test_an_asset_that_is_no_file_of_this_disk_is_refused_by_name(
    tmp_path: Path, listener: socket.socket, href: str, said: str
) -> None:
    item(tmp_path, "2022-02-01")
    path = item(tmp_path, "2022-03-01")
    described = json.loads(path.read_text(encoding="utf-8"))
    port = listener.getsockname()[1]
    described["assets"]["red"]["href"] = href.format(port)
    path.write_text(json.dumps(described), encoding="utf-8")
    finding = found(tmp_path, FIRST, LAST, ("red", "scl"))
    (skipped,) = finding.skipped
    assert skipped.reason.startswith("asset red ")
    assert said.format(port) in skipped.reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such catalog"),
        ("{", "not a readable STAC catalog"),
        ('{"type": "Hotel"}', "'Hotel'"),
    ],
)
def test_a_catalog_that_is_none_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "catalog.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogError, match=said):
        found(path, FIRST, LAST)


def test_a_catalog_whose_item_is_gone_names_it(small_district: District) -> None:
    content = json.loads(small_district.catalog.read_text(encoding="utf-8"))
    content["links"].append({"rel": "item", "href": "./gone.json"})
    path = small_district.catalog.parent / "catalog-with-hole.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    finding = found(path, FIRST, LAST)
    assert any("gone.json" in skipped.scene for skipped in finding.skipped)


def test_a_link_out_of_the_disk_is_not_followed(small_district: District, listener: socket.socket) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/item.json"
    content = json.loads(small_district.catalog.read_text(encoding="utf-8"))
    content["links"].append({"rel": "item", "href": address})
    path = small_district.catalog.parent / "catalog-with-address.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert [skipped.scene for skipped in found(path, FIRST, LAST).skipped] == [address]


@pytest.mark.parametrize(
    "address", ["s3://bucket/catalog.json", "ftp://example.org/v1", "file:///etc/passwd"]
)
def test_an_address_that_is_not_read_is_refused_as_it_was_written(address: str) -> None:
    with pytest.raises(CatalogError, match=f"{address}: only http and https addresses are read"):
        found(address, FIRST, LAST)


@pytest.mark.parametrize("offset", [0.1, -10, float("inf"), "-0.2"])
def test_an_offset_that_nobody_uses_is_refused_by_name(tmp_path: Path, offset: Any) -> None:
    item(tmp_path, "2022-02-01", bands=("red", "scl"))
    path = item(tmp_path, "2022-03-01", bands=("red", "scl"))
    edit(path, earthsearch__boa_offset_applied=None, s2__processing_baseline=None)
    described = json.loads(path.read_text(encoding="utf-8"))
    described["assets"]["red"]["raster:bands"] = [{"offset": offset}]
    path.write_text(json.dumps(described), encoding="utf-8")
    finding = found(tmp_path, FIRST, LAST, ("red", "scl"))
    if offset == float("inf"):
        assert len(finding.scenes) == 2
    else:
        assert "expected 0 or -0.1" in finding.skipped[0].reason


def test_a_period_without_scenes_says_what_there_is(small_district: District) -> None:
    with pytest.raises(CatalogError, match="it has scenes from 2022-01"):
        found(small_district.catalog, date(2010, 1, 1), date(2010, 12, 31))


def test_of_a_catalog_on_this_disk_only_the_collections_that_are_asked_for_are_taken(
    small_district: District,
) -> None:
    ids = [scene.id for scene in found(small_district.catalog, FIRST, LAST).scenes]
    asked = Access(collections=("another", "sentinel-2-l2a"))
    assert [scene.id for scene in found(small_district.catalog, FIRST, LAST, access=asked).scenes] == ids
    said = r"has no scene of the collection another; give --collection one that it has \(sentinel-2-l2a\)"
    with pytest.raises(CatalogError, match=said):
        found(small_district.catalog, FIRST, LAST, access=Access(collections=("another",)))


def test_an_empty_folder_is_no_catalog(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="holds no STAC item"):
        found(tmp_path, FIRST, LAST)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_no_item_however_strange_ends_a_search(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("strange")
    item(folder, "2022-02-01", bands=("red", "scl"), size=8)
    path = item(folder, "2022-03-01", bands=("red", "scl"), size=8)
    described = json.loads(path.read_text(encoding="utf-8"))
    where = data.draw(st.sampled_from([(), ("properties",), ("assets",), ("assets", "red")]))
    part = described
    for step in where:
        part = part[step]
    part[data.draw(st.sampled_from([*part, "proj:transform", "proj:shape"]))] = data.draw(json_values)
    path.write_text(json.dumps(described), encoding="utf-8")
    finding = found(folder, FIRST, LAST, ("red", "scl"))
    assert len(finding.scenes) >= 1
