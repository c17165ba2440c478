from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.case.incoming import Imported, import_events, keep_events
from leachwatch.case.records import lint_folder, read_records
from leachwatch.errors import LeachwatchError, RecordError
from written import ACTOR, ACTOR_2, EVENT, SOURCE, WHOLE, written

TODAY = date(2026, 6, 15)
HEAD = "kind,title,first,last,lon,lat,place,precision,source,url,actors,note"
ROW = "gate_closed,The gate closes,2024-10-19,,98.6,25.5,Kanpaikti,1,a weekly,,one;The Second,from the desk"
BARE = "kind,title,first,source\n"


def come_in(folder: Path, text: str, name: str = "events.csv", **options: Any) -> Imported:
    case = written(folder / "case")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_events(path, case, today=TODAY, **options)


def test_a_row_becomes_an_event_with_place_days_actors_and_source(tmp_path: Path) -> None:
    found = come_in(tmp_path, f"{HEAD}\n{ROW}\n")
    (event,) = found.events
    assert (event.kind, event.title, event.note) == ("gate_closed", "The gate closes", "from the desk")
    assert event.dated.valid_on(date(2024, 10, 19)) == "yes"
    assert event.dated.valid_on(date(2024, 10, 20)) == "no"
    assert event.place is not None
    assert (event.place.name, event.place.lon, event.place.precision) == ("Kanpaikti", 98.6, 1)
    assert event.actors == (ACTOR, ACTOR_2)
    assert event.tlp == "AMBER"
    assert found.sources == ()  # the weekly is in the case
    assert [one.source for one in found.citations] == [SOURCE]
    assert event.citations == (found.citations[0].id,)


def test_events_are_added_with_their_file_and_hash_and_comments_stay(tmp_path: Path) -> None:
    found = come_in(tmp_path, f"{HEAD}\n{ROW}\n{ROW.replace('a weekly', 'a daily')}\n", tlp="CLEAR")
    case = tmp_path / "case"
    commented = f"# ours\n{WHOLE['events.yaml']}# the end\n"
    (case / "events.yaml").write_text(commented, encoding="utf-8")
    keep_events(found, case)
    assert (case / "events.yaml").read_text(encoding="utf-8").startswith(commented)
    records = read_records(case)
    assert set(records.events) == {EVENT, *(event.id for event in found.events)}
    (evidence,) = records.evidence.values()
    assert evidence.sha256 == hashlib.sha256((tmp_path / "events.csv").read_bytes()).hexdigest()
    assert (case / evidence.file).read_bytes() == (tmp_path / "events.csv").read_bytes()
    assert evidence.tlp == "AMBER"
    assert [one.public_descriptor for one in found.sources] == ["a daily"]
    assert {fault.severity for fault in lint_folder(case)} == {"note"}  # the file itself stays with the team


def test_a_file_comes_in_once(tmp_path: Path) -> None:
    keep_events(come_in(tmp_path, f"{HEAD}\n{ROW}\n"), tmp_path / "case")
    with pytest.raises(RecordError, match="is in the case already, as evd-"):
        import_events(tmp_path / "events.csv", tmp_path / "case", today=TODAY)


@pytest.mark.parametrize(
    ("first", "last", "day", "answer"),
    [
        ("2024-10", "", date(2024, 10, 31), "possibly"),
        ("2024-10", "", date(2024, 11, 1), "no"),
        ("2024", "", date(2024, 1, 1), "possibly"),
        ("2024-10-11", "2024-10-19", date(2024, 10, 15), "yes"),
        ("2024-10-11", "2024-11", date(2024, 10, 15), "possibly"),
        ("2024-10-11..2024-10-12", "", date(2024, 10, 11), "possibly"),
    ],
)
def test_a_day_is_sure_and_a_month_is_not(
    tmp_path: Path, first: str, last: str, day: date, answer: str
) -> None:
    found = come_in(tmp_path, f"kind,title,first,last,source\nclash,A fight,{first},{last},x\n")
    assert found.events[0].dated.valid_on(day) == answer


def geojson(geometry: Any = None, **properties: Any) -> str:
    whole = {"kind": "clash", "title": "A fight", "first": "2024-10-18", "source": "x", **properties}
    feature = {"type": "Feature", "properties": whole, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_a_point_becomes_an_event_at_its_place(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [98.5, 25.6]}
    found = come_in(tmp_path, geojson(point, place="Pangwa", precision=2), "events.geojson")
    assert found.events[0].place is not None
    assert (found.events[0].place.lon, found.events[0].place.lat) == (98.5, 25.6)
    assert found.evidence.encoding_format == "application/geo+json"


ACLED_HEAD = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,actor2,location,"
    "latitude,longitude,geo_precision,source,notes,fatalities"
)


def acled(precision: int = 1, sub: str = "Non-state actor overtakes territory", number: int = 1) -> str:
    return (
        f"MMR{number},2024-10-18,2024,{precision},Battles,{sub},The First,Somebody,Pangwa,25.6,98.6,1,"
        "Daily; Weekly,They took the town.,0"
    )


def test_a_row_of_acled_becomes_an_event_of_our_kinds(tmp_path: Path) -> None:
    found = come_in(
        tmp_path,
        "\n".join([ACLED_HEAD, acled(), acled(3, "Air/drone strike", 2), acled(2, "Armed clash", 3)]),
    )
    taken, struck, fought = found.events
    assert (taken.kind, struck.kind, fought.kind) == ("town_seized", "other", "clash")
    assert struck.title == "Air/drone strike: Pangwa"
    assert taken.note == "ACLED MMR1: They took the town."
    assert taken.public_note == ""
    assert taken.actors == (ACTOR,)
    assert taken.dated.valid_on(date(2024, 10, 18)) == "yes"
    assert [struck.dated.valid_on(date(2024, 10, day)) for day in (1, 31)] == ["possibly"] * 2
    assert [fought.dated.valid_on(date(2024, 10, day)) for day in (14, 15, 21, 22)] == [
        "no",
        "possibly",
        "possibly",
        "no",
    ]
    assert {one.public_descriptor: one.kind for one in found.sources} == {
        "ACLED": "dataset",
        "Daily; Weekly": "media",
    }
    assert all(one.through == found.sources[0].id for one in found.citations)


def test_a_later_export_of_acled_brings_in_what_is_new(tmp_path: Path) -> None:
    keep_events(come_in(tmp_path, f"{ACLED_HEAD}\n{acled()}"), tmp_path / "case")
    later = tmp_path / "events.csv"
    later.write_text(f"{ACLED_HEAD}\n{acled()}\n{acled(number=2)}\n", encoding="utf-8")
    found = import_events(later, tmp_path / "case", today=TODAY)
    assert (len(found.events), found.known, found.sources) == (1, 1, ())
    keep_events(found, tmp_path / "case")
    assert len(read_records(tmp_path / "case").evidence) == 2
    assert lint_folder(tmp_path / "case") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: has no names of columns"),
        ("kind,kind\n", "line 1: has no names of columns, or one twice"),
        ("kind,titel,first,source\n", "line 1: 'titel' is no column of events; did you mean title?"),
        ("kind,title,first\nclash,a,2024\n", "line 1: has no column source; add it: who says so"),
        (BARE + "clash,a,2024\n", "line 2: has 3 values for 4 columns; mend its commas and quotes"),
        (BARE + 'clash,"a,2024,x\n', "is no CSV"),
        (BARE + "clash,a,2024-02-30,x\n", "line 2: first: '2024-02-30' is no period"),
        (BARE + "clash,a,,x\n", "line 2: first: is empty; write a day, a month or a year"),
        (BARE + "\nclsh,a,2024,x\n", "line 3: kind: 'clsh' is none of"),
        (BARE + "clash,a,2024,\n", "line 2: source: is empty; say who says so"),
        (BARE + "clash,,2024,x\n", "line 2: title: is missing"),
        (BARE + f"clash,{'a' * 201},2024,x\n", "line 2: title: is 201 signs long, more than 200"),
        (BARE + "clash,ျမန္မာ,2024,x\n", "line 2: title: looks like Zawgyi"),
        (BARE + "clash,a,1024,x\n", "line 2: first: "),
        (
            BARE + "clash,a,2024,x\n" + "clsh,a,2024,\n" * 3,
            "line 3: source: is empty; say who says so (and 2 more)",
        ),
        (
            "kind,title,first,last,source\nclash,a,2024-10,2024-09,x\n",
            "last: 2024-09 is before first 2024-10",
        ),
        ("kind,title,first,source,url\nclash,a,2024,x,ftp://y\n", "line 2: url: is no address"),
        (
            "kind,title,first,source,actors\nclash,a,2024,x,The Frst\n",
            "'The Frst' is no actor of the case; did you",
        ),
        ("kind,title,first,source,lon\nclash,a,2024,x,98\n", "line 2: place: is empty; a place has its name"),
        (HEAD + "\n" + ROW.replace("98.6", "98°"), "line 2: lon: is no number"),
        (
            HEAD + "\n" + ROW.replace("98.6,25.5", "25.5,98.6"),
            "line 2: lat: is 98.6: lat and lon look swapped",
        ),
        (HEAD + "\n" + ROW.replace("98.6", "198.6"), "line 2: lon: must be at most 180"),
        (HEAD + "\n" + ROW.replace("98.6", "nan"), "line 2: lon: must be a number"),
        (ACLED_HEAD + "\n" + acled().replace("2024-10-18", "soon"), "line 2: event_date: is no date"),
        (ACLED_HEAD + "\n" + acled(9), "line 2: time_precision: is none of 1, 2, 3"),
        (ACLED_HEAD + "\n" + acled().replace("MMR1", ""), "line 2: event_id_cnty: is empty"),
    ],
)
def test_a_fault_in_a_table_names_line_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RecordError) as caught:
        come_in(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'events.csv'}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_is_kept_through_a_link_that_leaves_the_case(tmp_path: Path) -> None:
    case = written(tmp_path / "case")
    (tmp_path / "elsewhere").mkdir()
    (case / "evidence").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordError, match="leads out of the case"):
        come_in(tmp_path, f"{HEAD}\n{ROW}\n")


LINE = {"type": "LineString", "coordinates": [[98, 25], [99, 26]]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: is no JSON"),
        ("[]", "is no FeatureCollection"),
        ('{"features": [5]}', "feature 1: is no feature"),
        (geojson(LINE), "feature 1: geometry: is LineString; an event is at a Point"),
        (geojson({"type": "Point", "coordinates": [1]}), "feature 1: geometry: has no lon and lat"),
        (geojson({"type": "Point", "coordinates": [98, 25]}), "feature 1: place: is empty"),
        (geojson(colour="red"), "'colour' is no column of events"),
        (geojson(first="10/2024"), "feature 1: first: '10/2024' is no period"),
        (
            geojson().replace('"features"', '"crs": {"properties": {"name": "EPSG:32647"}}, "features"'),
            "is not in degrees",
        ),
    ],
)
def test_a_fault_in_geojson_names_the_feature(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RecordError) as caught:
        come_in(tmp_path, text, "events.geojson")
    assert said in str(caught.value)


def test_a_file_that_is_not_there_or_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        import_events(tmp_path / "none.csv", written(tmp_path / "case"), today=TODAY)
    (tmp_path / "events.csv").write_bytes(b"kind\n\xff")
    with pytest.raises(RecordError, match="line 2: is not UTF-8"):
        import_events(tmp_path / "events.csv", tmp_path / "case", today=TODAY)


@settings(max_examples=150, deadline=None)
@given(
    content=st.binary(max_size=200)
    | st.lists(st.lists(st.text(max_size=8), min_size=4, max_size=4), max_size=3).map(
        lambda rows: (BARE + "\n".join(",".join(row) for row in rows)).encode()
    ),
    name=st.sampled_from(["events.csv", "events.geojson"]),
)
def test_no_file_ends_in_anything_but_events_or_a_named_fault(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    folder = tmp_path_factory.mktemp("case")
    (folder / name).write_bytes(content)
    with suppress(LeachwatchError):
        import_events(folder / name, folder, today=TODAY)
