"""Other programs read what we write: GDAL, geopandas, DuckDB, openpyxl, sqlite."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely

from exchange.conftest import FORMULA, TITLE
from leachwatch import tables
from leachwatch.exchange.colours import STATES, TIERS

LAYERS = ("sites", "patches", "coverage")
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def sites(out: Path) -> Any:
    """Sites that may be shown."""
    frame = tables.read(out, tables.SITES)
    return frame[frame["review"] != "rejected"].reset_index(drop=True)


def same(shapes: Any, others: Any) -> bool:
    """Whether shapes are the same to a centimetre or so."""
    pairs = zip(shapes, others, strict=True)
    return all(shapely.hausdorff_distance(one, other) < 3e-7 for one, other in pairs)


def test_gdal_reads_every_layer_of_the_geopackage(written: Path, sites: Any) -> None:
    path = written / "leachwatch.gpkg"
    kinds = dict(pyogrio.list_layers(path).tolist())
    assert {name: kinds[name] for name in LAYERS} == dict.fromkeys(LAYERS, "MultiPolygon")
    assert {name for name, kind in kinds.items() if kind is None} == {
        "site_months", "spells", "site_control", "control_counts", "layer_styles",
    }  # fmt: skip
    read = gpd.read_file(path, layer="sites")
    assert read.crs.to_epsg() == 4326
    assert read["site_id"].tolist() == sites["site_id"].tolist()
    assert read["pools_from_latest"].dt.date.tolist() == sites["pools_from_latest"].tolist()
    assert same(read.geometry, sites.geometry)


def test_columns_of_the_geopackage_have_names_and_meanings(written: Path) -> None:
    with closing(sqlite3.connect(written / "leachwatch.gpkg")) as database:
        said = dict(
            database.execute(
                "SELECT column_name, description FROM gpkg_data_columns WHERE table_name='sites'"
            )
        )
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        columns = [row[1] for row in database.execute("PRAGMA table_info(sites)")]
    assert said["tier"] == "how sure"
    assert set(said) <= set(columns)


def test_styles_draw_every_state_tier_and_year(written: Path) -> None:
    with closing(sqlite3.connect(written / "leachwatch.gpkg")) as database:
        rows = database.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        )
        styles = {name: (column, default, ET.fromstring(qml)) for name, column, default, qml in rows}  # noqa: S314 - our own
        seen = database.execute("SELECT first_seen_earliest, strftime('%Y', first_seen_latest) FROM patches")
        years = {year for earliest, year in seen if earliest is not None}
    assert set(styles) == set(LAYERS)
    for column, default, root in styles.values():
        assert (column, default) == ("geometry", 1)
        symbols = {symbol.get("name") for symbol in root.iter("symbol")}
        assert {rule.get("symbol") for rule in root.iter("rule")} == symbols
        fields = {one.get("field") for one in root.iter("alias")}
        assert root.find("temporal").get("startField") in fields  # type: ignore[union-attr]
    labels = {rule.get("label") for rule in styles["sites"][2].iter("rule")}
    assert labels == {*STATES, *TIERS}
    assert {rule.get("label") for rule in styles["patches"][2].iter("rule")} >= years


def test_rules_of_styles_name_columns_that_are_there(written: Path) -> None:
    path = written / "leachwatch.gpkg"
    for name in LAYERS:
        with closing(sqlite3.connect(path)) as database:
            ((qml,),) = database.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = ?", (name,))
        filters = [rule.get("filter") or "" for rule in ET.fromstring(qml).iter("rule")]  # noqa: S314 - our own
        plain = [one for one in filters if "year(" not in one]
        whole = pyogrio.read_dataframe(path, layer=name, read_geometry=False)
        drawn = sum(len(pyogrio.read_dataframe(path, layer=name, where=one)) for one in plain)
        if name == "sites":
            assert drawn == 2 * len(whole)  # a fill by state, an outline by tier
        elif name == "coverage":
            assert drawn == len(whole)


def test_kml_places_every_site_and_patch_in_time(written: Path, sites: Any) -> None:
    root = ET.parse(written / "sites.kml").getroot()  # noqa: S314 - our own
    styles = {style.get("id") for style in root.iter(f"{KML}Style")}
    folder = next(root.iter(f"{KML}Folder"))
    by_name = {mark.findtext(f"{KML}name"): mark for mark in folder.iter(f"{KML}Placemark")}
    assert set(by_name) == set(sites["site_id"])
    for row in sites.itertuples():
        mark = by_name[row.site_id]
        begin = mark.findtext(f"{KML}TimeSpan/{KML}begin")
        first = row.pools_from_latest if isinstance(row.pools_from_latest, date) else row.cleared_from_latest
        assert begin == (first.isoformat() if isinstance(first, date) else None)
        said = mark.findtext(f"{KML}description") or ""
        assert "SIMULATED" in said
        if isinstance(row.pools_from_latest, date):
            earliest = row.pools_from_earliest
            assert (
                f"between {earliest} and {first}" if isinstance(earliest, date) else f"by {first}"
            ) in said
    for mark in root.iter(f"{KML}Placemark"):
        assert (mark.findtext(f"{KML}styleUrl") or "").removeprefix("#") in styles


def test_gdal_reads_the_kml(written: Path, sites: Any) -> None:
    layers = [name for name, _ in pyogrio.list_layers(written / "sites.kml").tolist()]
    read = gpd.read_file(written / "sites.kml", layer=layers[0])
    assert len(read) == len(sites)
    assert all(
        shapely.hausdorff_distance(one, other) < 3e-6
        for one, other in zip(read.geometry, sites.geometry, strict=True)
    )


def test_a_description_cannot_bring_markup_to_google_earth(written: Path) -> None:
    text = (written / "sites.kml").read_text(encoding="utf-8")
    assert "<b>" not in text
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert root.findtext(f"{KML}Document/{KML}name") == f"SIMULATED: {TITLE}"


@pytest.mark.parametrize("layer", LAYERS)
def test_geojson_is_as_rfc_7946_has_it(written: Path, layer: str) -> None:
    path = written / "geojson" / f"{layer}.geojson"
    read = gpd.read_file(path)
    assert read.crs.to_epsg() == 4326
    frame = gpd.read_parquet(written / "parquet" / f"{layer}.parquet")
    assert same(read.geometry, frame.geometry)
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for outer, *holes in parts:
            assert shapely.LinearRing(outer).is_ccw
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)
            assert all(ring[0] == ring[-1] for ring in (outer, *holes))


def test_parquet_keeps_the_contract(written: Path, out: Path) -> None:
    for table in (*tables.TABLES, *tables.CASE_TABLES, *tables.TRADE_TABLES):
        if (out / table.file_name).exists():
            assert len(tables.read(written / "parquet", table)) <= len(tables.read(out, table))


def test_duckdb_reads_the_parquet_and_csv_files(written: Path) -> None:
    for path in sorted((written / "parquet").glob("*.parquet")):
        from_csv = written / "csv" / f"{path.stem}.csv"
        ((count,),) = duckdb.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchall()  # noqa: S608 - our own
        with from_csv.open(encoding="utf-8", newline="") as file:
            assert sum(1 for _ in csv.reader(file)) == count + 1
        if count:
            assert duckdb.execute(f"SELECT * FROM read_csv('{from_csv}', header = true)").fetchall()  # noqa: S608 - our own


def test_no_cell_of_a_csv_file_begins_as_a_formula(written: Path) -> None:
    seen = 0
    for path in (written / "csv").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    risky = cell[:1] in tuple("=+-@\t\r")
                    assert not risky or is_number(cell), (path.name, cell)
                    seen += cell.startswith("'")
    assert seen >= 4


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_openpyxl_reads_a_sheet_of_definitions_and_one_a_table(written: Path, out: Path, sites: Any) -> None:
    book = openpyxl.load_workbook(written / "tables.xlsx")
    assert book.sheetnames[0] == "definitions"
    assert set(book.sheetnames[1:]) == {path.stem for path in out.glob("*.parquet")}
    first, *rows = book["sites"].iter_rows(values_only=True)
    by_column = dict(zip(first, zip(*rows, strict=True), strict=True))
    assert "geometry" not in by_column
    assert list(by_column["site_id"]) == sites["site_id"].tolist()
    assert list(by_column["pool_area_m2"]) == pytest.approx(sites["pool_area_m2"].tolist())
    assert {type(value).__name__ for value in by_column["pools_from_latest"]} <= {"datetime", "NoneType"}
    defined = {(row[0], row[1]) for row in book["definitions"].iter_rows(values_only=True)}
    for sheet in book.sheetnames[1:]:
        header = next(book[sheet].iter_rows(values_only=True))
        assert {(sheet, name) for name in header} <= defined


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(written: Path) -> None:
    book = openpyxl.load_workbook(written / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert f"'{FORMULA}" in {cell.value for cell in cells}
    assert -3.5 in {cell.value for cell in cells}


def test_the_workbook_says_that_it_is_simulated(written: Path) -> None:
    book = openpyxl.load_workbook(written / "tables.xlsx")
    assert str(book["definitions"]["A1"].value).startswith("SIMULATED")
    assert "SIMULATED" in book["sites"].oddHeader.center.text
    assert "SIMULATED" not in book["observations"].oddHeader.center.text
    assert "SIMULATED" in (book.properties.title or "")
