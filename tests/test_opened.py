"""A case as an object."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shapely

import leachwatch
from leachwatch import tables
from leachwatch.errors import AreaError, PeriodError, RecordError, TableError
from leachwatch.territory import keep_standing
from territories import (
    KIO,
    LOST,
    NDAK,
    SEIZED,
    WEST,
    months_of,
    sites_of,
    spell,
    square,
    territory,
    write_case,
    write_shapes,
)

if TYPE_CHECKING:
    from conftest import Scanned

CONTROL = [spell(1, WEST, [NDAK], LOST), spell(2, WEST, [KIO], SEIZED)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with a territory and three sites, of which one came late and one lies outside."""
    write_shapes(tmp_path / "areas.geojson", {"watched": square(97.5, 25.0)})
    (tmp_path / "case.yaml").write_text(
        "title: A made-up case\nareas: areas.geojson\ndates: {from: 2022-01, to: 2022-06}\n"
        "imagery: {catalog: scenes}\n",
        encoding="utf-8",
    )
    write_shapes(tmp_path / "territories.geojson", {"West": square(97.5, 25.0)})
    write_case(tmp_path, [territory(WEST, "West")], CONTROL)
    (tmp_path / "out").mkdir()
    months = [date(2025, 3, 1), date(2025, 4, 1)]
    sites = sites_of(square(97.7, 25.5, 0.004), square(97.8, 25.5, 0.004), square(98.9, 25.5, 0.004))
    then = months_of(sites, months, {(1, months[0]): "absent"})
    for table, frame in ((tables.SITES, sites), (tables.SITE_MONTHS, then)):
        tables.write(tmp_path / "out", table, frame)
    return tmp_path


def test_a_case_answers_who_held_a_place(folder: Path) -> None:
    case = leachwatch.open_case(folder)
    assert case.title == "A made-up case"
    assert [actor.label for actor in case.records.actors.values()] == ["KIO", "NDA-K", "SAC"]
    assert case.control_at(97.9, 25.5, "2025-04-01").answers == {"KIO": "yes", "NDA-K": "no"}
    assert case.control_at(97.9, 25.5, date(2024, 10, 15)).contested
    assert case.control_at(97.9, 25.5, datetime(2025, 4, 1, 12, tzinfo=UTC)).day == date(2025, 4, 1)


@pytest.mark.parametrize(
    "name", ["KIO", "kia/kio", "Kachin Independence Organisation", "Wunpawng Mungdan Shanglawt Hpung"]
)
def test_sites_are_found_by_any_name_of_who_held_them(folder: Path, name: str) -> None:
    case = leachwatch.open_case(folder)
    held = case.sites_held_by(name, "2025-04-01")
    assert list(held["site_id"]) == ["47N-00000-00000-202201", "47N-00001-00000-202201"]
    assert list(held["answer"]) == ["yes", "yes"]
    assert list(case.sites_held_by(name, "2025-03-01")["site_id"]) == ["47N-00000-00000-202201"]
    assert list(case.sites_held_by("NDA-K", "2025-04-01")["site_id"]) == []


@pytest.mark.parametrize(
    ("ask", "kind", "said"),
    [
        (lambda case: case.sites_held_by("KOI", "2025-04-01"), RecordError, "no actor 'KOI'"),
        (lambda case: case.actor("KOI"), RecordError, "did you mean 'KIO'?"),
        (lambda case: case.control_at(97.9, 25.5, "2025-02-30"), PeriodError, "'2025-02-30' is no day"),
        (lambda case: case.control_at(97.9, 25.5, "April"), PeriodError, "write it like 2025-04-01"),
        (lambda case: case.control_at(25.5, 97.9, "2025-04-01"), AreaError, "is no place on Earth"),
        (lambda case: case.table("site"), TableError, "there is no table 'site'; did you mean 'sites'?"),
        (lambda case: case.table("site_control"), TableError, "make it with: leachwatch run"),
        (lambda case: case.verdicts(), TableError, "verdicts.parquet: is not there yet"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_said_in_a_line(
    folder: Path, ask: object, kind: type[Exception], said: str
) -> None:
    assert callable(ask)
    with pytest.raises(kind) as error:
        ask(leachwatch.open_case(folder))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_name_that_two_have_is_not_guessed(folder: Path) -> None:
    text = (folder / "actors.yaml").read_text(encoding="utf-8")
    (folder / "actors.yaml").write_text(text.replace("KIA/KIO", "the army"), encoding="utf-8")
    with pytest.raises(
        RecordError, match="may be Kachin Independence Organisation, State Administration Council"
    ):
        leachwatch.open_case(folder).actor("The Army")


def test_tables_are_read_by_name(folder: Path) -> None:
    case = leachwatch.open_case(folder)
    keep_standing(case.out, case.ground)
    assert set(case.table("site_control")["territory"].dropna()) == {"West"}
    assert len(case.table("sites")) == 3


@pytest.mark.slow
def test_a_run_writes_who_held_its_sites_and_says_so(tiny: Scanned, tmp_path: Path) -> None:
    made = tiny.district
    shutil.copytree(made.catalog.parent, tmp_path / "scenes")
    shutil.copyfile(made.area, tmp_path / "areas.geojson")
    (tmp_path / "case.yaml").write_text(
        "title: A made-up case\nareas: areas.geojson\ndates: {from: 2022-01, to: 2022-12}\n"
        f"imagery: {{catalog: scenes/{made.catalog.name}}}\n",
        encoding="utf-8",
    )
    west, south, east, north = tiny.areas[0].geometry.bounds
    write_shapes(
        tmp_path / "territories.geojson",
        {"West": shapely.box(west - 0.1, south - 0.1, east + 0.1, north + 0.1)},
    )
    write_case(tmp_path, [territory(WEST, "West")], [spell(1, WEST, [NDAK], LOST)])
    program = [str(Path(sys.executable).parent / "leachwatch"), "run", str(tmp_path)]
    ran = subprocess.run(program, capture_output=True, text=True, check=False, env=os.environ)
    assert ran.returncode == 0, ran.stderr
    assert "control in 2022-12, of " in ran.stdout
    held = next(line for line in ran.stdout.splitlines() if line.startswith("  NDA-K"))
    assert "held " in held
    assert "mines (5-95 %, median" in held
    again = subprocess.run([*program, "--json"], capture_output=True, text=True, check=True, env=os.environ)
    control = json.loads(again.stdout)["control"]
    case = leachwatch.open_case(tmp_path)
    assert (
        control["rows"]["site_control"] == len(case.table("site_control")) == len(case.table("site_months"))
    )
    assert control["holdings"][0]["controller"] == "NDA-K"


def test_an_outline_that_is_wrong_is_said_before_anything_is_scanned(folder: Path) -> None:
    (folder / "territories.geojson").unlink()
    program = [str(Path(sys.executable).parent / "leachwatch"), "run", str(folder)]
    ran = subprocess.run(program, capture_output=True, text=True, check=False, env=os.environ)
    assert ran.returncode == 2
    assert "territories.geojson: there is no such file" in ran.stderr
    assert ran.stderr.count("\n") == 1
