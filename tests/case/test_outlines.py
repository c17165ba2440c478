"""Outlines as people bring them, and what is wrong with some."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from leachwatch.case import read_outlines
from leachwatch.errors import LeachwatchError
from territories import WEST, square, territory, write_case, write_shapes

LAND = {"West": square(97.5, 25.0), "East": square(98.5, 25.0)}


def read(folder: Path, **version: Any) -> Any:
    kind = version.pop("kind", "area")
    records = write_case(folder, [territory(WEST, "West", version, kind=kind)])
    (drawn,) = read_outlines(folder, records.territories.values())
    return drawn.shape


def named(file: str, **where: list[str]) -> dict[str, Any]:
    return {"file": file, "where": where or {"name": ["West"]}}


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp"])
@pytest.mark.parametrize("epsg", [4326, 32647, 3857])
def test_every_format_and_crs_gives_the_same_outline(tmp_path: Path, suffix: str, epsg: int) -> None:
    frame = gpd.GeoDataFrame({"name": [*LAND]}, geometry=[*LAND.values()], crs=4326)
    dense = frame.set_geometry(frame.segmentize(0.02))
    dense.to_crs(epsg).to_file(tmp_path / f"land.{suffix}")
    shape = read(tmp_path, outline=named(f"land.{suffix}"))
    assert shapely.hausdorff_distance(shape, LAND["West"]) < 1e-6


def test_features_that_are_named_together_are_one_outline(tmp_path: Path) -> None:
    write_shapes(tmp_path / "land.geojson", LAND)
    assert read(tmp_path, outline=named("land.geojson", name=["West", "East"])).equals(
        shapely.box(97.5, 25, 99.5, 26)
    )


def test_a_road_may_be_a_line_and_a_gate_a_point(tmp_path: Path) -> None:
    write_shapes(tmp_path / "road.geojson", {"West": shapely.LineString([(97, 25), (98, 26)])})
    write_shapes(tmp_path / "gate.geojson", {"West": shapely.Point(98, 25)})
    assert read(tmp_path, kind="road", outline=named("road.geojson")).geom_type == "LineString"
    assert read(tmp_path, kind="gate", outline=named("gate.geojson")).geom_type == "Point"


def test_lines_that_clipping_left_beside_polygons_have_no_ground(tmp_path: Path) -> None:
    line = shapely.LineString([(97, 25), (97, 26)])
    write_shapes(tmp_path / "land.geojson", {"West": shapely.GeometryCollection([LAND["West"], line])})
    assert read(tmp_path, outline=named("land.geojson")).equals(LAND["West"])


def geojson(folder: Path, text: str) -> None:
    (folder / "land.geojson").write_text(text, encoding="utf-8")


def bow(folder: Path) -> None:
    write_shapes(folder / "land.geojson", {"West": shapely.Polygon([(97, 25), (98, 26), (98, 25), (97, 26)])})


def swapped(folder: Path) -> None:
    write_shapes(folder / "land.geojson", {"West": shapely.box(25.0, 97.5, 26.0, 98.5)})


def mixed(folder: Path) -> None:
    metres = shapely.box(300_000, 2_700_000, 400_000, 2_800_000)
    write_shapes(folder / "land.geojson", {"West": LAND["West"], "East": metres})


def two_crs(folder: Path) -> None:
    def crs(code: int) -> dict[str, Any]:
        return {"type": "name", "properties": {"name": f"EPSG:{code}"}}

    path = write_shapes(folder / "land.geojson", LAND, crs=crs(4326))
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["features"][1]["crs"] = crs(4240)
    path.write_text(json.dumps(whole), encoding="utf-8")


def metres_said(folder: Path) -> None:
    said = {"type": "name", "properties": {"name": "EPSG:32647"}}
    write_shapes(folder / "land.geojson", LAND, crs=said)


def dot(folder: Path) -> None:
    write_shapes(folder / "land.geojson", {"West": shapely.Point(98, 25)})


def leads_on(folder: Path) -> None:
    geojson(folder, "<OGRVRTDataSource><OGRVRTLayer name='a'/></OGRVRTDataSource>")


@pytest.mark.faults
@pytest.mark.parametrize(
    ("made", "said"),
    [
        (bow, r"feature 1 is not a valid polygon \(Self-intersection\[97.5 25.5\]\); redraw it"),
        (swapped, "lat and lon look swapped; write lon first"),
        (mixed, "feature 2 is not in the CRS of feature 1; bring all to one"),
        (two_crs, "names more than one CRS"),
        (metres_said, "whose unit is the metre, but its coordinates look like degrees"),
        (dot, "feature 1 is a Point, not a polygon"),
        (leads_on, "leads to other files, which are not opened"),
        (lambda folder: geojson(folder, "{"), "cannot be read as a vector file"),
        (lambda _: None, "there is no such file"),
    ],
)
def test_a_fault_is_one_line_that_says_where_and_how_to_mend_it(tmp_path: Path, made: Any, said: str) -> None:
    made(tmp_path)
    with pytest.raises(LeachwatchError, match=said) as fault:
        read(tmp_path, outline=named("land.geojson"))
    assert "\n" not in str(fault.value)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("outline", "said"),
    [
        (named("land.geojson", name=["Wset"]), "no feature has name 'Wset'; did you mean 'West'?"),
        (named("land.geojson", nmae=["West"]), "has no field 'nmae'; did you mean 'name'?"),
        (named("../land.geojson"), "is not in the case folder"),
        (named("/etc/passwd"), "is not in the case folder"),
        (named("https://example.org/land.geojson"), "is not in the case folder"),
        (named("/vsicurl/https://example.org/land.geojson"), "is not in the case folder"),
        (named("link.geojson"), "is not in the case folder"),
    ],
)
def test_what_an_outline_names_has_to_be_there(tmp_path: Path, outline: dict[str, Any], said: str) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    write_shapes(folder / "land.geojson", LAND)
    write_shapes(tmp_path / "land.geojson", LAND)
    (folder / "link.geojson").symlink_to(tmp_path / "land.geojson")
    with pytest.raises(LeachwatchError) as fault:
        read(folder, outline=outline)
    assert said in str(fault.value)
    assert "West, version v0" in str(fault.value)


def test_of_several_layers_one_is_named(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": [*LAND]}, geometry=[*LAND.values()], crs=4326)
    frame.to_file(tmp_path / "land.gpkg", layer="held")
    frame[:1].to_file(tmp_path / "land.gpkg", layer="claimed")
    with pytest.raises(LeachwatchError, match=r"has 2 layers \(held, claimed\); name one"):
        read(tmp_path, outline=named("land.gpkg"))
    assert read(tmp_path, outline={**named("land.gpkg"), "layer": "held"}).equals(LAND["West"])
