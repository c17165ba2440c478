"""Point lists as people publish them, in every format that is read."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Point, box

from leachwatch.bench import is_point_list, points, read_points, records
from leachwatch.bench.columns import ALIASES, Seen, parse_seen
from leachwatch.errors import RecordError

YEAR_2021 = Seen(date(2021, 1, 1), date(2021, 12, 31), date(2021, 12, 31))


def written(folder: Path, content: str | bytes, name: str = "points.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def placemarks(*marks: str, namespace: str = "http://www.opengis.net/kml/2.2") -> str:
    inner = "".join(f"<Placemark>{mark}</Placemark>" for mark in marks)
    inner = f"<Document><Folder>{inner}</Folder></Document>"
    return f'<?xml version="1.0"?><kml xmlns="{namespace}">{inner}</kml>'


POINT = "<Point><coordinates> 98.5,25.5,0 </coordinates></Point>"


def test_the_columns_of_a_tank_release_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "OBJECTID,Latitude,Longitude,Tank Diameter (m),Image Date,Colour State,Tank_Type,Tank_ID\n"
        '1,25.5,98.5,12.5,2021-03-05,Blue,"Leachate tank",T1\n'
        "2,25.6,98.6,-9999,2019,brown,Precipitation tank,\n"
        "\n"
        "3,25.7,98.7,,,,,\n",
    )
    first, second, third = read_points(path).points
    assert (first.lon, first.lat, first.diameter_m) == (98.5, 25.5, 12.5)
    assert (first.state, first.name) == ("active", "T1")
    assert first.seen == Seen(*[date(2021, 3, 5)] * 3)
    assert (second.diameter_m, second.state, second.seen) == (
        None,
        "abandoned",
        Seen(date(2019, 1, 1), date(2019, 12, 31), date(2019, 12, 31)),
    )
    assert (third.diameter_m, third.state, third.seen, third.name) == (None, "unknown", None, "")


def test_other_kinds_of_mine_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = ["ISL", "Heap leach", "Alluvial", "Heap leach", "In-situ leaching (REE)", "", "Gold, in situ"]
    body = "".join(f'98.5;25.5;2021;"{kind}";A\n' for kind in rows)
    known = read_points(written(tmp_path, "\ufefflon;lat;First seen year;Type;Name\n" + body))
    assert len(known.points) == 3
    assert known.left_out == {"Heap leach": 2, "Alluvial": 1, "Gold, in situ": 1}
    assert known.points[0].seen == YEAR_2021


def test_a_list_of_other_mines_only_is_refused_with_what_it_has(tmp_path: Path) -> None:
    path = written(tmp_path, "lon,lat,type\n98.5,25.5,heap leach\n")
    with pytest.raises(RecordError, match=r"no point of in-situ leaching \(others: 1 heap leach\)"):
        read_points(path)


def test_a_placemark_keeps_its_year_its_data_and_its_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        placemarks(
            f"<name>A</name><TimeStamp><when>2021</when></TimeStamp><ExtendedData><Data name='Diameter'>"
            f"<value>12</value></Data><Data name='status'><value>blue</value></Data></ExtendedData>{POINT}",
            f"<TimeSpan><begin>2021-03</begin><end>2022-04-05</end></TimeSpan><ExtendedData><SchemaData>"
            f"<SimpleData name='diam_m'>9</SimpleData></SchemaData></ExtendedData>{POINT}",
            f"<TimeSpan><begin>2021-03-04</begin></TimeSpan>{POINT}",
            f"<TimeSpan><end>2021</end></TimeSpan><MultiGeometry>{POINT}{POINT}</MultiGeometry>",
            "<name>border</name><LineString><coordinates>98,25 99,26</coordinates></LineString>",
        ),
        "points.kml",
    )
    known = read_points(path)
    a, b, c, *d = known.points
    assert (a.name, a.diameter_m, a.state, a.seen) == ("A", 12.0, "active", YEAR_2021)
    assert (b.diameter_m, b.seen) == (9.0, Seen(date(2021, 3, 1), date(2021, 3, 31), date(2022, 4, 5)))
    assert c.seen == Seen(date(2021, 3, 4), date(2021, 3, 4), date.max)
    assert [one.seen for one in d] == [YEAR_2021, YEAR_2021]
    assert known.no_points == 1


@pytest.mark.parametrize("namespace", ["http://earth.google.com/kml/2.1", "http://www.opengis.net/kml/2.3"])
def test_any_namespace_of_kml_is_read(tmp_path: Path, namespace: str) -> None:
    time = '<gx:TimeStamp xmlns:gx="http://www.google.com/kml/ext/2.2"><when>2021</when></gx:TimeStamp>'
    path = written(tmp_path, placemarks(time + POINT, namespace=namespace), "points.kml")
    assert read_points(path).points[0].seen == YEAR_2021


def frame(**columns: Sequence[Any]) -> Any:
    return gpd.GeoDataFrame(columns, geometry=[Point(98.5, 25.5), MultiPoint([(98.6, 25.6)]), None], crs=4326)


def test_a_geopackage_of_another_projection_and_several_layers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tanks.gpkg"
    shapes = frame(DIAMETER=[12, 9, None], image_date=[date(2021, 3, 5), None, None]).to_crs(32647)
    shapes.to_file(path, layer="leachate")
    gpd.GeoDataFrame(geometry=[Point(98.7, 25.7), box(98, 25, 99, 26)], crs=4326).to_file(path, layer="more")
    known = read_points(path)
    assert [round(one.lon, 6) for one in known.points] == [98.5, 98.6, 98.7]
    assert [one.diameter_m for one in known.points] == [12, 9, None]
    assert known.points[0].seen == Seen(*[date(2021, 3, 5)] * 3)
    assert known.no_points == 2


def test_columns_that_a_shapefile_cut_are_known(tmp_path: Path) -> None:
    path = tmp_path / "tanks.shp"
    cut: dict[str, list[Any]] = {
        "tank_diame": [12.5, 9.0, 1.0],
        "year_first": [2021, 2022, 2023],
        "colour_sta": ["blue", "", ""],
    }
    shapes = frame(**cut)
    shapes.geometry = [Point(98.5, 25.5)] * 3
    shapes.to_file(path)
    first = read_points(path).points[0]
    assert (first.diameter_m, first.seen, first.state) == (12.5, YEAR_2021, "active")


def test_dates_of_geojson_stay_as_they_are_written(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"year": year, "tags": ["a"]}, "geometry": geometry}
        for year, geometry in (
            (2021, {"type": "Point", "coordinates": [98.5, 25.5]}),
            ("2021-03", {"type": "Point", "coordinates": [98.5, 25.5, 800]}),
            (1614902400000, {"type": "MultiPoint", "coordinates": [[98.5, 25.5], [98.6, 25.5]]}),
            (None, None),
        )
    ]
    path = written(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "points.json")
    assert is_point_list(path)
    known = read_points(path)
    day = Seen(*[date(2021, 3, 5)] * 3)
    assert [one.seen for one in known.points] == [
        YEAR_2021, Seen(date(2021, 3, 1), date(2021, 3, 31), date(2021, 3, 31)), day, day,
    ]  # fmt: skip
    assert known.no_points == 1


def test_the_kml_of_a_kmz_is_read_and_no_more_of_it_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "points.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("files/icon.png", b"")
        archive.writestr("doc.kml", placemarks(POINT, "<name>" + "x" * 5_000 + "</name>"))
    assert len(read_points(path).points) == 1
    monkeypatch.setattr(records, "_MOST_BYTES", 2_000)
    with pytest.raises(RecordError, match="unpacks to more than"):
        read_points(path)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021.0", date(2021, 1, 1), date(2021, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021/3/5", date(2021, 3, 5), date(2021, 3, 5)),
        ("20210305", date(2021, 3, 5), date(2021, 3, 5)),
        ("2021-03-05T10:00:00Z", date(2021, 3, 5), date(2021, 3, 5)),
        ("25/3/2021", date(2021, 3, 25), date(2021, 3, 25)),
        ("3/25/2021 12:00:00 AM", date(2021, 3, 25), date(2021, 3, 25)),
        ("3/5/2021", date(2021, 3, 5), date(2021, 5, 3)),
        ("5-Mar-2021", date(2021, 3, 5), date(2021, 3, 5)),
        ("March 2021", date(2021, 3, 1), date(2021, 3, 31)),
        ("-86400000000", date(1967, 4, 7), date(1967, 4, 7)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, first: date, last: date) -> None:
    assert parse_seen(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["soon", "0", "1921", "2021-13", "2021-02-30", "31/31/2021", "2021-2022", "9" * 13, "9" * 14],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="is no date; write it like 2021"):
        parse_seen(text)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", r"line 1: no column is the lon \(it has: none\); name one lon, longitude, long"),
        ("a.csv", "lon,name\n1,2\n", r"line 1: no column is the lat \(it has: lon, name\)"),
        ("a.csv", "lon,lat\n98.5,25.5\n98.5\n", "line 3: lat '' is no number; write decimal degrees"),
        ("a.csv", "lon,lat\n98.5,25.5,1\n", "line 2 has 3 cells for 2 columns; put text that has commas"),
        ("a.csv", "lon,lat\n25.5,98.5\n", "line 2: lon 25.5, lat 98.5: they look swapped"),
        ("a.csv", "x,y\n436470,2831151\n", "line 2: 436470, 2.83115e[+]06 is no lon, lat; write degrees"),
        ("a.csv", "lon,lat\n98°30',25\n", "line 2: lon \"98°30'\" is no number"),
        ("a.csv", "lon,lat,year\n98.5,25.5,soon\n", "line 2: year 'soon' is no date; write it like"),
        ("a.csv", "lon,lat,Diam\n98.5,25.5,big\n", "line 2: Diam 'big' is no diameter; write metres"),
        ("a.csv", "lon,lat,Diam\n98.5,25.5,1200\n", "line 2: Diam '1200' is wider than any pool"),
        ("a.csv", "lon,lat,begin,end\n98.5,25.5,2022,2021\n", "line 2: end '2021' is before 2022-01-01"),
        ("a.csv", 'lon,lat,name\n98.5,25.5,"a\n', "line 2: unexpected end of data; save it"),
        ("a.csv", "lon,lat,name\n98.5,25.5,\xe9\n".encode("latin-1"), "is not in UTF-8; save it as CSV"),
        ("a.csv", "lon,lat\n", r"no point of in-situ leaching \(others: none\)"),
        ("a.csv", "{}", "holds something else than its name says"),
        ("a.kml", "lon,lat\n", "holds something else than its name says"),
        ("a.kml", "<kml>", "is no KML that can be read"),
        ("a.kml", "<!DOCTYPE kml [<!ENTITY a 'a'>]><kml>&a;</kml>", "it declares a document type 'kml'"),
        ("a.kml", placemarks(POINT.replace(",25.5,0", "")), "placemark 1: coordinates '98.5' are not"),
        ("a.kml", placemarks(f"<TimeStamp><when>x</when></TimeStamp>{POINT}"), "1: when 'x' is no date"),
        ("a.kml", placemarks("<name>none</name>"), "no point of in-situ leaching"),
        ("a.kmz", b"PK\x03\x04", "holds no KML that can be unpacked"),
        ("a.gpkg", b"SQLite format 3\0", "cannot be read as a vector file"),
        ("a.shp", b"\0\0\x27\x0a", "cannot be read as a vector file"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [', "cannot be read as a vector file"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "no point of in-situ leaching"),
        ("a.xlsx", b"PK\x03\x04", "neither a truth.json nor a list of points; export it as CSV"),
        ("a.geojson", "<OGRVRTDataSource/>", "holds something else than its name says"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place_and_its_mend(
    tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    path = written(tmp_path, content, name)
    with pytest.raises(RecordError, match=f"^{re.escape(str(path))}: .*{said}"):
        is_point_list(path) and read_points(path)


def test_a_list_that_is_not_there_or_too_large_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RecordError, match=r"none.csv: cannot be read \(No such file or directory\)"):
        is_point_list(tmp_path / "none.csv")
    monkeypatch.setattr(records, "_MOST_BYTES", 3)
    with pytest.raises(RecordError, match="is larger than 0 MB"):
        is_point_list(written(tmp_path, "lon,lat\n"))


@pytest.mark.parametrize(
    ("name", "content"), [("truth.json", '{"months": []}'), ("truth.json", "[]"), ("truth", '{"frames": []}')]
)
def test_a_truth_file_is_no_list(tmp_path: Path, name: str, content: str) -> None:
    assert not is_point_list(written(tmp_path, content, name))


def read_or_refused(path: Path) -> tuple[points.Point, ...]:
    """Points of a list, none where it is refused; any other error than a refusal fails the test."""
    try:
        return read_points(path).points
    except RecordError:
        return ()


HEADERS = st.lists(st.sampled_from([alias for names in ALIASES.values() for alias in names]), max_size=8)
CELLS = st.one_of(
    st.text(max_size=12),
    st.floats().map(str),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(["2021", "3/5/2021", "12 m", "heap leach", "brown", "98.5", "25.5", '"', "\0", "-9999"]),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    header=st.one_of(HEADERS, st.just(["lon", "lat", "date", "diameter", "end", "type"])),
    rows=st.lists(st.lists(CELLS, max_size=7), max_size=5),
    separator=st.sampled_from(",;\t"),
)
def test_any_table_of_cells_is_read_or_refused_in_words(
    tmp_path: Path, header: list[str], rows: list[list[str]], separator: str
) -> None:
    text = "\n".join(separator.join(row) for row in [header, *rows])
    path = written(tmp_path, text.encode("utf-8", "surrogatepass"))
    known = read_or_refused(path)
    assert all(abs(one.lon) <= 180 and abs(one.lat) <= 90 for one in known)
    assert all(one.seen.earliest <= one.seen.latest <= one.seen.until for one in known if one.seen)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=200), start=st.sampled_from([b"", b"lon,lat\n", b"<kml>", b"PK\x03\x04", b"{"])
)
@pytest.mark.parametrize("name", ["a.csv", "a.kml", "a.kmz"])
def test_any_bytes_are_read_or_refused_in_words(
    tmp_path: Path, name: str, content: bytes, start: bytes
) -> None:
    read_or_refused(written(tmp_path, start + content, name))
