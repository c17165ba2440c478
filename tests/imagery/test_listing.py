"""Catalogs as they come: an API that pages, documents that link, and what goes wrong with both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import box

from catalogs import item
from leachwatch.errors import CatalogError, NetworkError
from leachwatch.imagery import Access, Band, Finding, find, open_source
from leachwatch.imagery.granules import granules_over
from leachwatch.network import Patience
from servers import Answer, FileServer, serving, status

pytestmark = pytest.mark.faults
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
AREA = box(100.06, 25.96, 100.07, 25.97)
QUICK = Patience(tries=2, backoff=0.01, timeout=1)
BANDS: tuple[Band, ...] = ("red", "scl")


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileServer]:
    folder = tmp_path / "served"
    folder.mkdir()
    with serving(folder) as server:
        yield server


def features(files: FileServer, count: int, **properties: object) -> list[dict[str, Any]]:
    """Items with their files in the served folder."""
    found = []
    for month in range(1, count + 1):
        path = item(files.root, f"2022-{month:02d}-15", bands=BANDS, size=8, properties=properties)
        content = json.loads(path.read_text(encoding="utf-8"))
        for asset in content["assets"].values():
            asset["href"] = f"{files.address}/{path.parent.name}/{asset['href'].removeprefix('./')}"
        found.append(content)
        path.unlink()
    return found


class Api:
    """A STAC API that gives a page an item, and can be told to break."""

    def __init__(self, files: FileServer, items: list[dict[str, Any]]) -> None:
        self.files, self.items = files, items
        self.broken: dict[int, Answer | None] = {}
        self.matched: int | None = None
        self.next_to = f"{files.address}/search"
        files.always = self.answer

    def answer(self, path: str, _span: object, content: bytes) -> Answer | None:
        if path == "/":
            return self.root()
        if path == "/collections":
            return self.json({"collections": [{"id": "sentinel-2-l2a"}, {"id": "landsat"}], "links": []})
        if path == "/search":
            asked = json.loads(self.files.posted[-1])
            return self.page(int(asked.get("token", 0)))
        return (200, {}, content) if content else (404, {}, b"")

    def root(self) -> Answer:
        links = [
            {"rel": "search", "href": f"{self.files.address}/search", "method": "POST"},
            {"rel": "data", "href": f"{self.files.address}/collections"},
        ]
        said = ["https://api.stacspec.org/v1.0.0/core", "https://api.stacspec.org/v1.0.0/item-search"]
        return self.json({"type": "Catalog", "id": "api", "links": links, "conformsTo": said})

    def page(self, number: int) -> Answer | None:
        if number in self.broken:
            return self.broken[number]
        body: dict[str, Any] = {
            "type": "FeatureCollection", "features": self.items[number : number + 1], "links": [],
        }  # fmt: skip
        if self.matched is not None:
            body["numberMatched"] = self.matched
        if number + 1 < len(self.items):
            following = {"rel": "next", "href": self.next_to, "method": "POST", "body": {"token": number + 1}}
            body["links"] = [following]
        return self.json(body)

    @staticmethod
    def json(content: object) -> Answer:
        return 200, {"Content-Type": "application/json"}, json.dumps(content).encode()


def found_at(address: str, tmp_path: Path, **options: Any) -> Finding:
    access = Access(patience=QUICK, cache=tmp_path / "cache", **options)
    with open_source(address, access) as source:
        return find(source, AREA, FIRST, LAST, BANDS)


def test_a_search_asks_by_granule_never_by_the_area_and_reads_every_page(
    files: FileServer, tmp_path: Path
) -> None:
    Api(files, features(files, 5))
    finding = found_at(files.address, tmp_path)
    assert len(finding.scenes) == 5
    asked = [json.loads(body) for body in files.posted]
    boxes = [one["bbox"] for one in asked if "bbox" in one]
    assert boxes == [list(granule.bounds) for granule in granules_over(AREA)]
    for one in asked:
        assert "intersects" not in one
        assert not any(f"{value:.3f}" in json.dumps(one) for value in AREA.bounds)
    assert all(side - low > 0.9 for low, _, side, _ in boxes)


def test_an_item_of_a_neighbouring_granule_is_left_to_its_own_search(
    files: FileServer, tmp_path: Path
) -> None:
    items = features(files, 3)
    items[0]["properties"]["grid:code"] = "MGRS-47RNJ"
    items[1]["properties"]["s2:mgrs_tile"] = "46QGM"
    items[2]["properties"]["grid:code"] = "PROJ-EPSG:32647"
    Api(files, items)
    found = found_at(files.address, tmp_path)
    assert [scene.day.month for scene in found.scenes] == [1, 3]
    assert [scene.granule for scene in found.scenes] == ["47RNJ", ""]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ((500, {}, b""), "stopped after 2 items.*500.*run it again"),
        ((404, {}, b""), "stopped after 2 items.*404.*run it again"),
        (None, "stopped after 2 items.*breaks off.*run it again"),
        ((200, {}, b"<html>"), "no STAC after 2 items; run it again"),
        ((200, {}, b'{"type": "FeatureCollection", "features": 7}'), "no STAC after 2 items; run it again"),
        ((200, {}, b"[" * 100_000), "no STAC after 2 items; run it again"),
        ((302, {"Location": "http://127.0.0.1:9/"}, b""), "no host of this catalog"),
    ],
)
def test_paging_that_breaks_halfway_is_no_finding(
    files: FileServer, tmp_path: Path, broken: Answer | None, said: str
) -> None:
    api = Api(files, features(files, 4))
    api.broken[2] = broken
    with pytest.raises(CatalogError, match=said):
        found_at(files.address, tmp_path)
    api.broken.clear()
    assert len(found_at(files.address, tmp_path).scenes) == 4


def test_fewer_items_than_were_announced_are_no_finding(files: FileServer, tmp_path: Path) -> None:
    api = Api(files, features(files, 3))
    api.matched = 30
    with pytest.raises(CatalogError, match="gave 3 of 30 items"):
        found_at(files.address, tmp_path)


def test_pages_that_lead_in_a_circle_or_away_are_left(files: FileServer, tmp_path: Path) -> None:
    api = Api(files, features(files, 3))
    same = {"rel": "next", "href": api.next_to, "method": "POST", "body": {"token": 1}}
    page = {"type": "FeatureCollection", "features": api.items[:1], "links": [same]}
    api.broken[1] = Api.json(page)
    with pytest.raises(CatalogError, match="lead back to where they came from"):
        found_at(files.address, tmp_path)
    api.broken.clear()
    with serving(files.root) as inside:
        api.next_to = f"{inside.address}/search"
        with pytest.raises(CatalogError, match="no host of this catalog"):
            found_at(files.address, tmp_path)
        assert not inside.asked


def test_without_network_the_kept_listing_speaks(files: FileServer, tmp_path: Path) -> None:
    Api(files, features(files, 3))
    with pytest.raises(CatalogError, match="run the same once without --offline"):
        found_at(files.address, tmp_path, offline=True)
    online = found_at(files.address, tmp_path)
    before = sum(files.asked.values())
    assert found_at(files.address, tmp_path, offline=True) == online
    assert sum(files.asked.values()) == before


def test_an_api_without_a_known_collection_says_which_it_has(files: FileServer, tmp_path: Path) -> None:
    api = Api(files, features(files, 2))
    plainly = api.answer
    listed = api.json({"collections": [{"id": "landsat"}, {"id": "modis"}]})
    files.always = lambda path, *rest: listed if path == "/collections" else plainly(path, *rest)
    with pytest.raises(CatalogError, match="has the collections landsat, modis; say with --collection"):
        found_at(files.address, tmp_path)
    assert len(found_at(files.address, tmp_path, collections=("modis",)).scenes) == 2


def catalog(files: FileServer, links: list[dict[str, Any]], name: str = "catalog.json") -> str:
    content = {"type": "Catalog", "stac_version": "1.0.0", "id": "c", "description": "d", "links": links}
    (files.root / name).write_text(json.dumps(content), encoding="utf-8")
    return f"{files.address}/{name}"


@pytest.mark.parametrize(
    ("href", "said"),
    [
        ("file:///etc/passwd", "is no http address"),
        ("http://127.0.0.1:9/item.json", "no host of this catalog"),
        ("https://169.254.169.254/latest/meta-data", "no host of this catalog"),
        ("gone.json", "answers 404"),
        ("http://[x", "is no address"),
        ("deep.json", "is no JSON"),
        ("list.json", "is no JSON object"),
        ("nothing.json", "is no STAC item"),
    ],
)
def test_a_link_that_leads_nowhere_good_is_named_and_the_rest_is_used(
    files: FileServer, tmp_path: Path, href: str, said: str
) -> None:
    path = item(files.root, "2022-03-15", bands=BANDS, size=8)
    (files.root / "deep.json").write_bytes(b'{"a":' * 200_000)
    (files.root / "list.json").write_bytes(b"[]")
    (files.root / "nothing.json").write_bytes(b'{"type": "Feature"}')
    good = f"./{path.parent.name}/{path.name}"
    address = catalog(files, [{"rel": "item", "href": one} for one in (href, good)])
    finding = found_at(address, tmp_path)
    assert len(finding.scenes) == 1
    (skipped,) = finding.skipped
    assert said in skipped.reason


def test_catalogs_that_hold_each_other_are_walked_once(files: FileServer, tmp_path: Path) -> None:
    path = item(files.root, "2022-03-15", bands=BANDS, size=8)
    good = {"rel": "item", "href": f"./{path.parent.name}/{path.name}"}
    address = catalog(files, [{"rel": "child", "href": "./b.json"}, good, good])
    catalog(
        files, [{"rel": "child", "href": "./catalog.json"}, {"rel": "child", "href": "./b.json"}], "b.json"
    )
    assert len(found_at(address, tmp_path).scenes) == 1
    assert max(files.asked.values()) == 1


def test_catalogs_without_a_bottom_have_one(files: FileServer, tmp_path: Path) -> None:
    path = item(files.root, "2022-03-15", bands=BANDS, size=8)
    good = {"rel": "item", "href": f"/{path.parent.name}/{path.name}"}
    catalog(files, [{"rel": "child", "href": "/deep/1"}, good])
    steps = iter(range(2, 10**6))

    def bottomless(path: str, _span: object, content: bytes) -> Answer:
        if not path.startswith("/deep"):
            return 200, {}, content
        links = [{"rel": "child", "href": f"/deep/{next(steps)}"}]
        return Api.json({"type": "Catalog", "id": "d", "links": links})

    files.always = bottomless
    finding = found_at(f"{files.address}/catalog.json", tmp_path)
    assert len(finding.scenes) == 1
    assert "catalogs deep" in finding.skipped[0].reason


def test_a_catalog_that_fails_for_now_is_no_shorter_list(files: FileServer, tmp_path: Path) -> None:
    path = item(files.root, "2022-03-15", bands=BANDS, size=8)
    good = {"rel": "item", "href": f"./{path.parent.name}/{path.name}"}
    address = catalog(files, [good, {"rel": "child", "href": "./b.json"}])
    catalog(files, [], "b.json")
    files.faults["/b.json"] = [status(503)] * QUICK.tries
    with pytest.raises(CatalogError, match=r"b\.json: .*503.*run it again"):
        found_at(address, tmp_path)
    assert len(found_at(address, tmp_path).scenes) == 1


def test_an_empty_page_that_leads_on_is_no_end(files: FileServer, tmp_path: Path) -> None:
    api = Api(files, features(files, 3))
    following = {"rel": "next", "href": api.next_to, "method": "POST", "body": {"token": 2}}
    api.broken[1] = Api.json({"type": "FeatureCollection", "features": [], "links": [following]})
    with pytest.raises(CatalogError, match="stopped after 1 items; run it again"):
        found_at(files.address, tmp_path)


def test_a_listing_is_kept_for_its_own_collections_alone(files: FileServer, tmp_path: Path) -> None:
    Api(files, features(files, 2))
    found_at(files.address, tmp_path, collections=("one",))
    with pytest.raises(CatalogError, match="run the same once without --offline"):
        found_at(files.address, tmp_path, collections=("other",), offline=True)


def test_an_outline_with_many_corners_does_not_take_long(files: FileServer, tmp_path: Path) -> None:
    items = features(files, 1)
    ring = [[100.06 + 0.001 * (n % 2), 25.96 + n * 1e-7] for n in range(40_000)]
    items[0]["geometry"] = {"type": "Polygon", "coordinates": [[*ring, [100.2, 25.96], ring[0]]]}
    Api(files, items)
    (scene,) = found_at(files.address, tmp_path).scenes
    assert shapely.get_num_coordinates(scene.footprint) == 5


def test_a_link_to_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    links = [{"rel": "item", "href": "/dev/zero"}, {"rel": "item", "href": "."}]
    content = {"type": "Catalog", "stac_version": "1.0.0", "id": "c", "description": "d", "links": links}
    (tmp_path / "catalog.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(CatalogError, match="is no file"):
        found_at(str(tmp_path / "catalog.json"), tmp_path)


def test_a_document_without_end_is_refused(
    files: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leachwatch.imagery.documents.MOST_BYTES", 10_000)
    files.always = lambda *_: (200, {}, b'{"a": "' + b"a" * 100_000)
    with pytest.raises(CatalogError, match="sends more than 10000 bytes"):
        found_at(f"{files.address}/catalog.json", tmp_path)


def test_a_remote_item_names_no_file_of_this_machine(files: FileServer, tmp_path: Path) -> None:
    secret = tmp_path / "secret.tif"
    secret.write_bytes(b"secret")
    hrefs = [str(secret), f"file://{secret}", f"/vsicurl/{secret}", "..\\secret.tif", "//127.0.0.1:9/red.tif"]
    items = features(files, len(hrefs) + 1)
    for one, href in zip(items, hrefs, strict=False):
        one["assets"]["red"]["href"] = href
    Api(files, items)
    finding = found_at(files.address, tmp_path)
    assert all(scene.assets["red"].href.startswith(f"{files.address}/") for scene in finding.scenes)
    assert len(finding.scenes) + len(finding.skipped) == len(items)
    assert [one.reason.rpartition(" is ")[2][:15] for one in finding.skipped[:2]] == ["no http address"] * 2
    assert "no host of this catalog" in finding.skipped[2].reason


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "a\\b", "..", ".hidden", "a\nb", "a\0b", "x" * 300]
)
def test_an_id_that_could_be_a_path_is_refused_by_name(files: FileServer, tmp_path: Path, name: str) -> None:
    items = features(files, 2)
    items[0]["id"] = name
    Api(files, items)
    finding = found_at(files.address, tmp_path)
    assert len(finding.scenes) == 1
    assert "could be a path" in finding.skipped[0].reason


def test_a_host_that_is_down_ends_the_search_in_one_line(files: FileServer, tmp_path: Path) -> None:
    files.always = status(503)
    with pytest.raises(CatalogError, match="503") as error:
        found_at(files.address, tmp_path)
    assert "\n" not in str(error.value)


def test_an_address_where_nobody_is_ends_soon(tmp_path: Path) -> None:
    with pytest.raises((CatalogError, NetworkError), match="takes no connection"):
        found_at("http://127.0.0.1:9/", tmp_path)


def test_a_stac_1_1_item_is_read_as_one_of_1_0(files: FileServer, tmp_path: Path) -> None:
    items = features(files, 2)
    new = items[1]
    new["stac_version"] = "1.1.0"
    properties = new["properties"]
    properties["proj:code"] = f"EPSG:{properties.pop('proj:epsg')}"
    del properties["earthsearch:boa_offset_applied"], properties["s2:processing_baseline"]
    for asset in new["assets"].values():
        del asset["raster:bands"]
        asset["bands"] = [{"name": "B", "data_type": "uint16", "raster:scale": 0.0001, "raster:offset": -0.1}]
    Api(files, items)
    old, made = found_at(files.address, tmp_path).scenes
    assert (old.epsg, old.bounds) == (made.epsg, made.bounds)
    assert (old.offset_dn, made.offset_dn) == (0, 1000)


def test_bands_may_have_the_names_of_the_mission(files: FileServer, tmp_path: Path) -> None:
    items = features(files, 1)
    names = {"red": "B04", "scl": "SCL"}
    items[0]["assets"] = {names[name]: asset for name, asset in items[0]["assets"].items()}
    Api(files, items)
    (scene,) = found_at(files.address, tmp_path).scenes
    assert sorted(scene.assets) == ["red", "scl"]
