"""Files keep the public schemas, which are kept beside the tests; no validator asks the network."""

from __future__ import annotations

import copy
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pystac
import pytest
from frictionless import validate

from exchange.pinned import faults, read

EXTENSIONS = {
    f"https://stac-extensions.github.io/{name}/{version}/schema.json": f"stac/{name}-{version}.json"
    for name, version in (("table", "v1.2.0"), ("file", "v2.1.0"), ("projection", "v2.0.0"))
}
ITEMS = ("sites", "patches", "coverage")


def document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def stac_faults(said: Any) -> list[str]:
    core = "item" if said["type"] == "Feature" else "collection"
    names = [f"stac/core-v1.1.0/{core}.json", *(EXTENSIONS[one] for one in said["stac_extensions"])]
    return [fault for name in names for fault in faults(name, said)]


@pytest.mark.parametrize("name", ["collection", *(f"{name}/{name}" for name in ITEMS)])
def test_stac_keeps_the_core_and_its_extensions(written: Path, name: str) -> None:
    said = document(written / "stac" / f"{name}.json")
    assert said["stac_extensions"]
    assert stac_faults(said) == []


def test_a_fault_in_stac_is_found(written: Path) -> None:
    sound = document(written / "stac" / "sites" / "sites.json")
    for name, value in (("proj:bbox", [1, 2]), ("table:columns", [{"type": "string"}]), ("datetime", "now")):
        broken = copy.deepcopy(sound)
        broken["properties"][name] = value
        assert stac_faults(broken), name
    broken = copy.deepcopy(sound)
    broken["assets"]["data"]["file:checksum"] = "SHA256:ab"
    assert stac_faults(broken)


def test_pystac_follows_every_link_and_asset(written: Path) -> None:
    collection = pystac.Collection.from_file(str(written / "stac" / "collection.json"))
    items = list(collection.get_items())
    assert {item.id for item in items} == {f"leachwatch-{name}" for name in ITEMS}
    owners: tuple[pystac.Collection | pystac.Item, ...] = (collection, *items)
    for owner in owners:
        for asset in owner.assets.values():
            content = Path(asset.get_absolute_href() or "").read_bytes()
            assert asset.extra_fields["file:size"] == len(content)
            assert asset.extra_fields["file:checksum"] == f"1220{sha256(content).hexdigest()}"


def test_parquet_with_shapes_is_geoparquet(written: Path) -> None:
    for name in ITEMS:
        geo = json.loads(pq.read_schema(written / "parquet" / f"{name}.parquet").metadata[b"geo"])
        assert faults("geoparquet/schema-v1.1.0.json", geo) == []
    assert faults("geoparquet/schema-v1.1.0.json", {**geo, "version": "1.0.0"})
    geo["columns"]["geometry"]["crs"] = {"type": "Nonsense"}
    assert faults("geoparquet/schema-v1.1.0.json", geo)


def test_a_public_validator_takes_the_parquet_files(written: Path) -> None:
    validator = pytest.importorskip("geoparquet_validator")
    for name in ITEMS:
        report = validator.check(str(written / "parquet" / f"{name}.parquet"))
        assert validator.failed(report, "core") == []
        assert len([one for one in report["outcomes"] if one["status"] == "pass"]) > 10


def test_geojson_keeps_its_schema(written: Path) -> None:
    for name in ITEMS:
        collection = document(written / "geojson" / f"{name}.geojson")
        assert collection["type"] == "FeatureCollection"
        assert "crs" not in collection
        for feature in collection["features"]:
            assert faults("geojson/Feature.json", feature) == []
    feature["geometry"]["type"] = "Polygons"
    assert faults("geojson/Feature.json", feature)


def test_the_data_package_keeps_its_profile(written: Path) -> None:
    package = document(written / "csv" / "datapackage.json")
    assert faults("datapackage/tabular-data-package-v1.json", package) == []
    package["resources"][0]["schema"]["fields"][0]["type"] = "word"
    assert faults("datapackage/tabular-data-package-v1.json", package)


def test_frictionless_takes_every_row(written: Path) -> None:
    report = validate(str(written / "csv" / "datapackage.json"))
    assert report.flatten(["name", "rowNumber", "fieldName", "type", "note"]) == []
    assert report.stats["tasks"] == len(list((written / "csv").glob("*.csv")))


def test_frictionless_finds_a_changed_byte(written: Path, tmp_path: Path) -> None:
    for path in (written / "csv").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    months = (tmp_path / "site_months.csv").read_text(encoding="utf-8")
    (tmp_path / "site_months.csv").write_text(months.replace(",3,", ",4,", 1), encoding="utf-8")
    assert not validate(str(tmp_path / "datapackage.json")).valid


def test_every_term_of_the_crate_is_defined(written: Path) -> None:
    crate = document(written / "ro-crate-metadata.json")
    address, own = crate["@context"]
    assert address == "https://w3id.org/ro/crate/1.1/context"
    terms = read_context()
    assert not own.keys() & terms.keys()
    for entity in crate["@graph"]:
        used = {name for name in entity if not name.startswith("@")} | {entity["@type"]}
        assert used <= {*terms, *own}, entity["@id"]


def read_context() -> dict[str, Any]:
    return dict(read("rocrate/context-v1.1.jsonld")["@context"])


def test_the_crate_describes_itself_its_root_and_every_file(written: Path) -> None:
    crate = document(written / "ro-crate-metadata.json")
    by_id = {entity["@id"]: entity for entity in crate["@graph"]}
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert by_id["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = by_id["./"]
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    parts = {part["@id"] for part in root["hasPart"]}
    there = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert parts == there - {"ro-crate-metadata.json"}
    for name in parts:
        content = (written / name).read_bytes()
        assert by_id[name]["sha256"] == sha256(content).hexdigest()
        assert by_id[name]["contentSize"] == str(len(content))
    referred = {
        value["@id"] for entity in crate["@graph"] for value in entity.values() if isinstance(value, dict)
    }
    assert {name for name in referred if "://" not in name} <= by_id.keys()
