from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import pytest
from shapely.geometry import Point

from leachwatch.bench.comparison import Comparison
from leachwatch.bench.truth import TrueSite

MONTHS = [date(2022 + place // 12, place % 12 + 1, 1) for place in range(12)]
PAUSED = ["active"] * 3 + ["idle"] * 5 + ["active"] * 4


def spell(state: str, start: date, end: date | None) -> dict[str, object]:
    return {
        "state": state,
        "start_earliest": start,
        "start_latest": start,
        "end_earliest": end or MONTHS[-1],
        "end_latest": end,
    }


def comparison(
    spells: Sequence[dict[str, object]] = (),
    *,
    looks: Sequence[int] = (2,) * 12,
    states: Sequence[str] = PAUSED,
    pools: tuple[date | None, date] = (date(2022, 2, 1), date(2022, 3, 1)),
) -> Comparison:
    site = TrueSite(
        "m",
        Point(0, 0),
        date(2022, 2, 20),
        dict(zip(MONTHS, states, strict=True)),
        dict.fromkeys(MONTHS, 100.0),
    )
    months = pd.DataFrame({"month": MONTHS, "looks": looks, "state": "active"})
    row = {"pools_from_earliest": pools[0], "pools_from_latest": pools[1]}
    return Comparison(row, months, pd.DataFrame(spells), site)


def test_a_pause_is_found_where_idle_spells_between_work_cover_half_of_it() -> None:
    early, late, resumed = date(2022, 4, 20), date(2022, 8, 1), date(2022, 8, 20)
    spells = [spell("active", MONTHS[0], early), spell("idle", early, late), spell("active", resumed, None)]
    assert list(comparison(spells).pauses()) == ["found"]
    spells[1] = spell("idle", date(2022, 7, 10), late)
    assert list(comparison(spells).pauses()) == ["missed"]


def test_an_idle_spell_after_which_nothing_works_is_no_pause() -> None:
    spells = [spell("active", MONTHS[0], MONTHS[3]), spell("idle", MONTHS[3], None)]
    assert list(comparison(spells).pauses()) == ["missed"]


@pytest.mark.parametrize(
    "looks", [[2, 2, 2, 1, 0, 0, 0, 0, 2, 2, 2, 2], [0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2]]
)
def test_a_pause_that_hardly_any_look_shows_counts_neither_way(looks: list[int]) -> None:
    assert list(comparison([spell("active", MONTHS[0], None)], looks=looks).pauses()) == ["hidden"]


def test_two_idle_months_are_no_pause_to_look_for() -> None:
    short = ["active"] * 5 + ["idle"] * 2 + ["active"] * 5
    assert list(comparison([spell("active", MONTHS[0], None)], states=short).pauses()) == []


def test_the_error_of_an_onset_is_counted_from_the_middle_of_its_interval() -> None:
    onset = comparison().onset
    assert onset is not None
    assert (onset.error_days, onset.covered, onset.often) == (5, True, True)


def test_an_onset_before_a_null_is_counted_from_the_first_month() -> None:
    onset = comparison(pools=(None, date(2022, 1, 31))).onset
    assert onset is not None
    assert (onset.error_days, onset.covered) == (35, False)


def test_a_site_is_seen_often_by_the_months_around_its_onset() -> None:
    onset = comparison(looks=[2, 2, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9]).onset
    assert onset is not None
    assert not onset.often
