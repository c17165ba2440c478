from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leachwatch.case import Period, new_case, open_case, parse_period, read_areas
from leachwatch.errors import AreaError, LeachwatchError, OutputError, PeriodError, RecordError

TODAY = date(2026, 6, 15)
SQUARE = [[[98.1, 25.1], [98.2, 25.1], [98.2, 25.2], [98.1, 25.2], [98.1, 25.1]]]


def features(*geometries: Any, name: str | None = None) -> str:
    properties = {"name": name} if name else {}
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": one} for one in geometries
            ],
        }
    )


def area_file(folder: Path, content: str) -> Path:
    path = folder / "area.geojson"
    path.write_text(content, encoding="utf-8")
    return path


def test_an_area_keeps_its_name(tmp_path: Path) -> None:
    content = features({"type": "Polygon", "coordinates": SQUARE}, name="ပန်ဝါ")
    (area,) = read_areas(area_file(tmp_path, content))
    assert area.name == "ပန်ဝါ"
    assert area.geometry.bounds == (98.1, 25.1, 98.2, 25.2)


def test_an_area_without_a_name_is_numbered(tmp_path: Path) -> None:
    (area,) = read_areas(area_file(tmp_path, features({"type": "Polygon", "coordinates": SQUARE})))
    assert area.name == "area 1"


BOW_TIE = [[[98.1, 25.1], [98.2, 25.2], [98.2, 25.1], [98.1, 25.2], [98.1, 25.1]]]
SWAPPED = [[[25.1, 98.1], [25.1, 98.2], [25.2, 98.2], [25.2, 98.1], [25.1, 98.1]]]
METRES = [[[605000, 2871160], [608840, 2871160], [608840, 2875000], [605000, 2871160]]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cannot be read as a vector file"),
        ("not json", "cannot be read as a vector file"),
        (features(), "has no features"),
        (features(None), "feature 1 is empty"),
        (features({"type": "Point", "coordinates": [98, 25]}), "is a Point, not a polygon"),
        (features({"type": "Polygon", "coordinates": BOW_TIE}), "not a valid polygon"),
        (features({"type": "Polygon", "coordinates": METRES}), "which is no lon, lat"),
        (features({"type": "Polygon", "coordinates": SWAPPED}), "lat and lon look swapped"),
    ],
)
def test_an_area_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, content: str, said: str) -> None:
    path = area_file(tmp_path, content)
    with pytest.raises(AreaError, match=said) as caught:
        read_areas(path)
    assert str(caught.value).startswith(f"{path}:")
    assert "\n" not in str(caught.value)


def test_an_area_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="there is no such file"):
        read_areas(tmp_path / "none.geojson")


def test_a_month_as_the_last_means_its_last_day() -> None:
    assert parse_period("2022-01", "2024-02", today=TODAY) == Period(date(2022, 1, 1), date(2024, 2, 29))


def test_a_month_that_has_begun_ends_today() -> None:
    assert parse_period("2026-01", "2026-06", today=TODAY).last == TODAY


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-01", "2022-12", "is after"),
        ("2027-01", "2027-02", "is in the future"),
        ("2026-01", "2026-07", "is in the future"),
        ("2026-01", "2026-06-16", "is in the future"),
        ("2022-13", "2023-01", "is not a date"),
        ("2022-02-30", "2023-01", "is not a date"),
        ("January", "2023-01", "is not a date"),
        ("0000-01", "2023-01", "is not a date"),
    ],
)
def test_dates_that_make_no_sense_are_refused(first: str, last: str, said: str) -> None:
    with pytest.raises(PeriodError, match=said):
        parse_period(first, last, today=TODAY)


@given(st.dates(date(2015, 6, 1), TODAY), st.dates(date(2015, 6, 1), TODAY))
def test_a_period_has_every_month_between_its_days(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    months = list(Period(first, last).months())
    assert months[0] == first.replace(day=1)
    assert months[-1] == last.replace(day=1)
    assert len(months) == (last.year - first.year) * 12 + last.month - first.month + 1


def test_a_new_case_opens_as_it_is(tmp_path: Path) -> None:
    new_case(tmp_path / "kachin")
    case = open_case(tmp_path / "kachin", today=TODAY)
    assert case.title == "kachin"
    assert case.period == Period(date(2022, 1, 1), date(2024, 12, 31))
    assert case.out == tmp_path / "kachin" / "out"


def test_what_must_not_reach_a_repository_is_ignored_by_git(tmp_path: Path) -> None:
    new_case(tmp_path)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)  # noqa: S607 - whichever git there is
    (tmp_path / "evidence").mkdir()
    for name in ("vault.age", "evidence/evd-1.pdf", "custody.pem", "sources.yaml"):
        (tmp_path / name).write_text("x")
    listed = subprocess.run(
        ["git", "-C", tmp_path, "status", "--porcelain", "-uall"],  # noqa: S607 - whichever git there is
        capture_output=True,
        text=True,
        check=True,
    )
    seen = {line.removeprefix("?? ") for line in listed.stdout.splitlines()}
    assert seen == {".gitignore", "areas.geojson", "case.yaml", "sources.yaml"}
    own = tmp_path / "own"
    own.mkdir()
    (own / ".gitignore").write_text("mine\n")
    new_case(own)
    assert (own / ".gitignore").read_text() == "mine\n", "what is there already is kept"


def test_a_title_that_yaml_would_misread_is_kept(tmp_path: Path) -> None:
    new_case(tmp_path / "no: 1")
    assert open_case(tmp_path / "no: 1", today=TODAY).title == "no: 1"


def test_a_case_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    new_case(tmp_path)
    with pytest.raises(OutputError, match="there is a case already"):
        new_case(tmp_path)


GOOD = (
    "title: A\nareas: areas.geojson\ndates:\n  from: 2022-01-15\n  to: 2022-12\nimagery:\n  catalog: scenes\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "colour: red\n", "line 8: colour: no such field; delete it"),
        (GOOD.replace("title: A\n", ""), "title: is missing"),
        (GOOD.replace("title: A", "title: [1"), "not YAML"),
        (GOOD.replace("imagery:", "imagry:"), "line 6: imagry: no such field; did you mean imagery?"),
        (GOOD.replace("title: A", "title: 2024"), "line 1: title: must be text; put it in quotes"),
        (GOOD.replace("title: A", "title: ''"), "line 1: title: is empty"),
        (
            GOOD.replace("dates:\n  from: 2022-01-15\n  to: 2022-12", "dates: 2022"),
            "line 3: dates: must hold fields",
        ),
        (GOOD.replace("2022-01-15", "2022-02-30"), "line 4: dates.from: 2022-02-30: there is no such day"),
        (GOOD.replace("2022-01-15", "2022-13"), "line 3: dates.from '2022-13' is not a date"),
        (GOOD.replace("2022-01-15", "2023-01"), "line 3: dates.from 2023-01 is after dates.to"),
        ("just words", "is no mapping"),
        (GOOD.replace("from: 2022-01-15", "from: 5"), "line 4: dates.from"),
        (GOOD.replace("title: A", "title: *z"), "line 1: title: alias *z is not followed"),
        (GOOD + "  hosts: " + "[" * 100, "line 8: goes more than 32 levels deep"),
    ],
)
def test_a_fault_in_a_case_names_file_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    new_case(tmp_path)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    with pytest.raises((RecordError, PeriodError), match=re.escape(said)) as caught:
        open_case(tmp_path, today=TODAY)
    assert "case.yaml" in str(caught.value)


def test_a_case_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    new_case(tmp_path)
    (tmp_path / "case.yaml").write_bytes(b"title: Kachin \xff\n")
    with pytest.raises(RecordError, match=r"is not UTF-8 \(byte 14\)"):
        open_case(tmp_path, today=TODAY)


def test_a_long_name_makes_a_case_that_opens(tmp_path: Path) -> None:
    folder = tmp_path / ("a long name: " + "with words " * 12).strip()
    new_case(folder)
    assert open_case(folder, today=TODAY).title == folder.name


def test_a_day_that_yaml_reads_as_a_date_is_understood(tmp_path: Path) -> None:
    new_case(tmp_path)
    (tmp_path / "case.yaml").write_text(GOOD, encoding="utf-8")
    assert open_case(tmp_path, today=TODAY).period.first == date(2022, 1, 15)


@given(st.text(max_size=200))
def test_no_text_in_a_case_file_ends_in_anything_but_a_named_fault(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("case")
    (folder / "case.yaml").write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(LeachwatchError):
        open_case(folder, today=TODAY)
