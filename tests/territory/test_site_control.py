"""Sites and months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch import tables
from leachwatch.case.records import lasting
from leachwatch.errors import TableError
from leachwatch.territory import Ground, place, read_ground, site_control
from territories import (
    EAST,
    KIO,
    LOST,
    NDAK,
    SAC,
    SEIZED,
    WEST,
    dated,
    east_and_west,
    months_of,
    sites_of,
    spell,
    square,
    territory,
    write_case,
    write_shapes,
)

IN_WEST, ACROSS, ELSEWHERE = square(97.9, 25.5, 0.004), square(98.498, 25.5, 0.004), square(10.0, 50.0, 0.004)
RIVALS = [spell(1, WEST, [NDAK], LOST), spell(2, WEST, [KIO], SEIZED)]


def table(ground: Ground, sites: Any, *months: date) -> Any:
    return site_control(ground, place(sites, ground.zones), months_of(sites, months))


def said(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame[list(names)].itertuples(index=False)]


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (date(2024, 9, 1), {("KIO", "no", False), ("NDA-K", "yes", False)}),
        (date(2024, 10, 1), {("KIO", "possibly", True), ("NDA-K", "possibly", True)}),
        (date(2024, 11, 1), {("KIO", "yes", False), ("NDA-K", "no", False)}),
        (date(2026, 1, 1), {("KIO", "possibly", False), ("NDA-K", "no", False)}),
        (date(2026, 2, 1), {("KIO", "unknown", False), ("NDA-K", "no", False)}),
    ],
)
def test_a_change_within_a_month_makes_both_possible(tmp_path: Path, month: date, expected: set[Any]) -> None:
    frame = table(east_and_west(tmp_path, RIVALS), sites_of(IN_WEST), month)
    assert set(said(frame, "controller", "answer", "contested")) == expected
    assert set(frame["territory"]) == {"West"}
    assert set(frame["share"]) == {1.0}


def test_a_site_across_a_border_lies_in_both_in_part(tmp_path: Path) -> None:
    control = [spell(1, WEST, [KIO], SEIZED), spell(2, EAST, [SAC], SEIZED)]
    frame = table(east_and_west(tmp_path, control), sites_of(ACROSS), date(2025, 4, 1))
    names = "territory", "controller", "answer", "contested", "near_border"
    assert said(frame, *names) == [
        ("East", "SAC", "possibly", True, True),
        ("West", "KIO", "possibly", True, True),
    ]
    assert list(frame["share"]) == pytest.approx([0.5, 0.5], abs=1e-6)


def test_a_site_in_no_territory_has_nobody_and_an_unknown_answer(tmp_path: Path) -> None:
    frame = table(east_and_west(tmp_path, RIVALS), sites_of(ELSEWHERE, IN_WEST), date(2025, 4, 1))
    nowhere = frame[frame["site_id"] == "47N-00000-00000-202201"].iloc[0]
    assert nowhere[["territory", "controller"]].isna().all()
    assert (nowhere["answer"], nowhere["share"]) == ("unknown", 0.0)


def test_a_territory_of_which_nobody_says_anything_is_unknown(tmp_path: Path) -> None:
    frame = table(east_and_west(tmp_path, []), sites_of(IN_WEST), date(2025, 4, 1))
    assert frame["controller"].isna().all()
    assert said(frame, "territory", "answer") == [("West", "unknown")]


def test_no_site_gives_no_row(tmp_path: Path) -> None:
    frame = table(east_and_west(tmp_path, RIVALS), sites_of(), date(2025, 4, 1))
    assert frame.empty
    assert list(frame.columns) == [column.name for column in tables.SITE_CONTROL.columns]


def test_of_two_drawings_the_least_share_counts(tmp_path: Path) -> None:
    write_shapes(tmp_path / "half.geojson", {"West": shapely.box(97.5, 25, 97.901, 26)})
    drawings: list[dict[str, Any]] = [{}, {"outline": {"file": "half.geojson"}}]
    control = [spell(1, WEST, [KIO], SEIZED)]
    ground = east_and_west(tmp_path, control)
    both = read_ground(write_case(tmp_path, [territory(WEST, "West", *drawings)], control))
    alone, together = (table(one, sites_of(IN_WEST), date(2025, 4, 1)) for one in (ground, both))
    assert said(alone, "answer", "share") == [("yes", 1.0)]
    assert said(together, "answer", "near_border") == [("possibly", True)]
    assert list(together["share"]) == pytest.approx([0.25], abs=1e-6)


@settings(max_examples=40)
@given(dated(), dated(), st.integers(1, 12))
def test_a_month_is_what_all_of_its_days_are(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, Any], other: dict[str, Any], number: int
) -> None:
    control = [spell(1, WEST, [KIO], one), spell(2, WEST, [KIO], other, status="conflict")]
    ground = east_and_west(tmp_path_factory.mktemp("case"), control)
    first = date(2024, number, 1)
    days = [first + timedelta(days=day) for day in range(monthrange(2024, number)[1])]
    daily = [ground.control_at(97.902, 25.502, day).answers["KIO"] for day in days]
    assert list(table(ground, sites_of(IN_WEST), first)["answer"]) == [lasting(daily)]


def test_months_of_a_site_that_is_not_there_are_refused(tmp_path: Path) -> None:
    ground, sites = east_and_west(tmp_path, RIVALS), sites_of(IN_WEST, ACROSS)
    with pytest.raises(TableError, match=r"47N-00001-00000-202201 is not in sites\.parquet"):
        site_control(ground, place(sites[:1], ground.zones), months_of(sites, [date(2025, 4, 1)]))
