"""Who held a place on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leachwatch.errors import AreaError, RecordError
from leachwatch.territory import read_ground
from territories import (
    EAST,
    KIO,
    LOST,
    NDAK,
    SAC,
    SEIZED,
    WEST,
    east_and_west,
    spell,
    square,
    territory,
    write_case,
    write_shapes,
)

INSIDE = (97.9, 25.5)
AFTER = date(2025, 4, 1)
RIVALS = [spell(1, WEST, [NDAK], LOST), spell(2, WEST, [KIO], SEIZED)]


@pytest.mark.parametrize(
    ("day", "answers"),
    [
        (date(2009, 12, 31), {"KIO": "no", "NDA-K": "no"}),
        (date(2020, 1, 1), {"KIO": "no", "NDA-K": "yes"}),
        (date(2024, 10, 15), {"KIO": "possibly", "NDA-K": "possibly"}),
        (date(2025, 4, 1), {"KIO": "yes", "NDA-K": "no"}),
        (date(2026, 6, 1), {"KIO": "unknown", "NDA-K": "no"}),
    ],
)
def test_a_town_that_changed_hands(tmp_path: Path, day: date, answers: dict[str, str]) -> None:
    control = east_and_west(tmp_path, RIVALS).control_at(*INSIDE, day)
    assert control.answers == answers
    assert control.contested is (answers == {"KIO": "possibly", "NDA-K": "possibly"})


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "yes"),
        ({"status": "conflict"}, "possibly"),
        ({"status": "work_needed"}, "possibly"),
        ({"control": "claimed_only"}, "possibly"),
        ({"control": "contested", "controllers": [KIO, SAC]}, "possibly"),
        ({"control": "shared", "controllers": [KIO, SAC]}, "yes"),
        ({"control": "ceasefire", "controllers": [KIO, SAC]}, "yes"),
        ({"dated": {"first_precise": "2026-01-01"}}, "unknown"),
        ({"dated": {"first_precise": "2026-01-01", "starting": True}}, "no"),
    ],
)
def test_a_spell_answers_as_it_stands(tmp_path: Path, changes: dict[str, Any], answer: str) -> None:
    ground = east_and_west(tmp_path, [{**spell(1, WEST, [KIO], SEIZED), **changes}])
    assert ground.control_at(*INSIDE, AFTER).answers["KIO"] == answer


def test_near_a_border_both_sides_are_only_possible(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED), spell(2, EAST, [SAC], SEIZED)])
    control = ground.control_at(98.503, 25.5, AFTER)
    assert control.answers == {"KIO": "possibly", "SAC": "possibly"}
    assert control.near_border
    assert control.contested


@pytest.mark.parametrize(
    ("versions", "inside"),
    [
        ([{}], "yes"),
        ([{}, {"small": True}], "possibly"),
        ([{"small": True}], "no"),
        ([{"dated": {"first_precise": "2019-01-01", "starting": True}}], "possibly"),
        ([{"dated": {"first_precise": "2019-01-01", "last_precise": "2026-01-01"}}], "yes"),
        ([{"dated": {"last_precise": "2019-01-01", "ending": True}}], "unknown"),
        ([{"dated": {"last_precise": "2019-01-01", "ending": True}}, {"small": True}], "no"),
        ([{"small": True, "dated": {"last_precise": "2019-01-01", "ending": True}}, {}], "yes"),
    ],
)
def test_several_drawings_of_one_territory(
    tmp_path: Path, versions: list[dict[str, Any]], inside: str
) -> None:
    write_shapes(
        tmp_path / "territories.geojson", {"West": square(97.5, 25.0), "Small": square(97.5, 25.0, 0.2)}
    )
    small = {"outline": {"file": "territories.geojson", "where": {"name": ["Small"]}}}
    drawn = [
        {
            **(small if one.get("small") else {}),
            **{name: value for name, value in one.items() if name != "small"},
        }
        for one in versions
    ]
    ground = read_ground(
        write_case(tmp_path, [territory(WEST, "West", *drawn)], [spell(1, WEST, [KIO], SEIZED)])
    )
    control = ground.control_at(*INSIDE, AFTER)
    assert [one.inside for one in control.territories] == ([] if inside == "no" else [inside])
    assert control.answers == ({} if inside == "no" else {"KIO": inside})


def test_what_was_said_is_named_with_who_says_so(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED, citations=["cit-0000000001"])])
    (held,) = ground.control_at(*INSIDE, AFTER).territories
    (said,) = held.spells
    assert (held.territory, held.versions, held.inside, held.near_border) == ("West", ("v0",), "yes", False)
    assert (said.spell, said.controllers, said.control) == ("spl-0000000001", ("KIO",), "sole")
    assert said.citations == ("cit-0000000001",)


def test_where_nobody_drew_anything_nothing_is_said(tmp_path: Path) -> None:
    control = east_and_west(tmp_path, RIVALS).control_at(10.0, 50.0, AFTER)
    assert control.territories == ()
    assert control.answers == {}
    assert not control.contested


def test_a_place_off_the_earth_is_none(tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="is no place on Earth; give lon first"):
        east_and_west(tmp_path, []).control_at(25.5, 97.9, AFTER)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"territory": "ter-0000000009"}, "there is no territory ter-0000000009"),
        ({"controllers": ["act-0000000009"]}, "there is no actor act-0000000009"),
    ],
)
def test_a_spell_of_what_there_is_not_is_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RecordError, match=said):
        east_and_west(tmp_path, [{**spell(1, WEST, [KIO], SEIZED), **changes}])


def test_a_coarse_outline_never_decides_a_country(tmp_path: Path) -> None:
    write_shapes(
        tmp_path / "territories.geojson", {"West": square(97.5, 25.0), "Town": square(97.8, 25.4, 0.2)}
    )
    coarse = territory(WEST, "West", {"approximate": True}, country="MMR")
    town = territory(EAST, "Town", country="CHN")
    ground = read_ground(write_case(tmp_path, [coarse]))
    assert ground.country_at(97.9, 25.5, AFTER) == {"MMR": "possibly"}
    assert ground.country_at(10.0, 50.0, AFTER) == {}
    ground = read_ground(write_case(tmp_path, [coarse, town]))
    assert ground.country_at(97.9, 25.5, AFTER) == {"CHN": "yes"}
    assert ground.country_at(97.801, 25.5, AFTER) == {"CHN": "possibly", "MMR": "possibly"}


def test_a_case_without_territories_says_nothing_of_any_place(tmp_path: Path) -> None:
    ground = read_ground(write_case(tmp_path, []))
    assert ground.control_at(*INSIDE, AFTER).territories == ()
    assert ground.country_at(*INSIDE, AFTER) == {}
