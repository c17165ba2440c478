"""How many sites each held, and what is not sure about it."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leachwatch import tables
from leachwatch.case.records import ControlSpell
from leachwatch.territory import CountSettings, Ground, control_counts, place, read_ground
from leachwatch.territory.drawing import Spells
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
)

APRIL = date(2025, 4, 1)
MANY = CountSettings(draws=4_000)


def counts(
    ground: Ground, sites: Any, *months: date, settings: CountSettings = MANY, states: Any = None
) -> dict[tuple[str, date], tuple[float, float, float]]:
    frame = control_counts(
        ground, place(sites, ground.zones), sites, months_of(sites, months, states), settings
    )
    tables.CONTROL_COUNTS.check(frame)
    rows = frame.to_dict("records")
    return {(row["controller"], row["month"]): (row["low"], row["p50"], row["high"]) for row in rows}


def in_west(many: int) -> list[Any]:
    return [square(97.6 + 0.01 * number, 25.5, 0.004) for number in range(many)]


def test_with_detection_alone_unsure_it_is_the_law_of_single_trials(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED)])
    chances = [0.95, 0.9, 0.6, 0.6, 0.5, 0.4, 0.3, 0.2, 0.2, 0.1] * 4
    found = counts(ground, sites_of(*in_west(40), score=chances), APRIL)
    law = np.array([1.0])
    for chance in chances:
        law = np.convolve(law, [1 - chance, chance])
    exact = [int(np.searchsorted(np.cumsum(law), level)) for level in (0.05, 0.5, 0.95)]
    assert found["KIO", APRIL] == pytest.approx(exact, abs=1)


def test_sure_sites_in_sure_hands_are_a_number(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED)])
    assert counts(ground, sites_of(*in_west(7)), APRIL) == {("KIO", APRIL): (7, 7, 7)}


def test_where_nobody_says_that_they_held_anything_there_is_no_zero(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED), spell(2, EAST, [SAC], SEIZED)])
    later = date(2026, 3, 1)
    found = counts(ground, sites_of(*in_west(3)), APRIL, later)
    assert found == {("KIO", APRIL): (3, 3, 3), ("SAC", APRIL): (0, 0, 0)}


def test_a_rival_account_stands_or_falls_as_a_whole(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED, status="conflict")])
    assert counts(ground, sites_of(*in_west(7)), APRIL)["KIO", APRIL][::2] == (0, 7)


def test_contested_ground_is_held_by_one_of_them_in_each_draw(tmp_path: Path) -> None:
    control = [spell(1, WEST, [KIO, SAC], SEIZED, control="contested")]
    sites = sites_of(*in_west(4))
    ground = east_and_west(tmp_path, control)
    found = counts(ground, sites, APRIL)
    assert found["KIO", APRIL][::2] == found["SAC", APRIL][::2] == (0, 4)
    shared = east_and_west(tmp_path, [spell(1, WEST, [KIO, SAC], SEIZED, control="ceasefire")])
    assert set(counts(shared, sites, APRIL).values()) == {(4, 4, 4)}


def test_in_the_month_of_the_change_either_may_have_held_them(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [NDAK], LOST), spell(2, WEST, [KIO], SEIZED)])
    october, november = date(2024, 10, 1), date(2024, 11, 1)
    found = counts(ground, sites_of(*in_west(5)), october, november)
    assert found["KIO", october][::2] == found["NDA-K", october][::2] == (0, 5)
    assert found["KIO", november] == (5, 5, 5)
    assert ("NDA-K", november) not in found


@settings(max_examples=60)
@given(dated(), st.integers(1, 12), st.integers(0, 100))
def test_a_draw_is_in_force_where_all_days_say_so_and_never_where_none_may(
    when: dict[str, Any], number: int, seed: int
) -> None:
    record = ControlSpell.model_validate_json(json.dumps(spell(1, WEST, [KIO], when)))
    first = date(2024, number, 1)
    days = [first + timedelta(days=day) for day in range(monthrange(2024, number)[1])]
    answers = {record.dated.valid_on(day) for day in days}
    held, _ = Spells([record], [first]).draw(np.random.default_rng(seed))
    if answers == {"yes"}:
        assert held.tolist() == [[True]]
    if not answers & {"yes", "possibly"}:
        assert held.tolist() == [[False]]


def test_a_border_that_is_off_is_off_for_all_sites_along_it(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED)])
    along = [square(98.497, 25.1 + 0.02 * number, 0.0001) for number in range(40)]
    # 300 m inside a border that may be 1,000 m off: inside in 65 of 100 draws, and all of them together
    low, _, high = counts(ground, sites_of(*along), APRIL)["KIO", APRIL]
    assert (low, high) == (0, 40)
    assert stats.binom(40, 0.65).ppf([0.05, 0.95]).tolist() == [21, 31]  # what it would be, each by itself


def test_which_of_two_drawings_is_right_is_drawn_once_for_all_sites(tmp_path: Path) -> None:
    small = {"outline": {"file": "territories.geojson", "where": {"name": ["East"]}}}
    east_and_west(tmp_path, [])
    both = [territory(WEST, "West", {}, small)]
    ground = read_ground(write_case(tmp_path, both, [spell(1, WEST, [KIO], SEIZED)]))
    assert counts(ground, sites_of(*in_west(6)), APRIL)["KIO", APRIL][::2] == (0, 6)


def test_absent_sites_do_not_count_and_unseen_ones_may(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED)])
    months = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
    cleared = {
        "cleared_from_earliest": [date(2025, 1, 20)] * 9,
        "cleared_from_latest": [date(2025, 3, 10)] * 9,
    }
    states = {
        (place, month): state
        for place in range(9)
        for month, state in zip(months, ("absent", "unseen", "cleared"), strict=True)
    }
    found = counts(ground, sites_of(*in_west(9), **cleared), *months, states=states)
    assert found["KIO", months[0]] == (0, 0, 0)
    assert found["KIO", months[2]] == (9, 9, 9)
    low, middle, high = found["KIO", months[1]]
    assert 0 < low < middle < high <= 9


def test_what_people_rejected_never_counts(tmp_path: Path) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED)])
    sites = sites_of(*in_west(3), review=["rejected", "none", "accepted"])
    assert counts(ground, sites, APRIL)["KIO", APRIL] == (2, 2, 2)


def test_one_seed_gives_one_answer_and_missed_sites_count_only_where_recall_is_given(
    tmp_path: Path,
) -> None:
    ground = east_and_west(tmp_path, [spell(1, WEST, [KIO], SEIZED)])
    sites = sites_of(*in_west(20), score=[0.7] * 20)
    assert counts(ground, sites, APRIL) == counts(ground, sites, APRIL)
    found, all_of_them = (
        counts(ground, sites, APRIL, settings=CountSettings(recall=recall))["KIO", APRIL]
        for recall in (None, (0.5, 0.5))
    )
    assert all_of_them == pytest.approx([2 * one for one in found])


def test_a_site_in_two_territories_of_one_actor_counts_once(tmp_path: Path) -> None:
    east_and_west(tmp_path, [])
    over = {"outline": {"file": "territories.geojson", "where": {"name": ["West"]}}}
    both = [territory(WEST, "West"), territory(EAST, "Over it", over)]
    control = [spell(1, WEST, [KIO], SEIZED), spell(2, EAST, [KIO], SEIZED)]
    ground = read_ground(write_case(tmp_path, both, control))
    assert counts(ground, sites_of(*in_west(5)), APRIL)["KIO", APRIL] == (5, 5, 5)
