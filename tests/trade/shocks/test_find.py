from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leachwatch.tables import SERIES, SHOCKS
from leachwatch.trade.events import shipped_events
from leachwatch.trade.shocks import KnownSum, Series, ShockSettings, courses, find_shocks, score_shocks
from leachwatch.trade.shocks.course import draw

SETTINGS = ShockSettings()
OXIDE = Series("CHN", "import", "WLD", "28469019")


def found(frame: pd.DataFrame, sums: list[KnownSum] | None = None, seed: int = 1) -> pd.DataFrame:
    return find_shocks(frame, SETTINGS, np.random.default_rng(seed), shipped_events(), sums or [])


def rows(shocks: pd.DataFrame) -> list[Any]:
    return list(shocks.itertuples())


def called(shocks: pd.DataFrame) -> list[Any]:
    return [row for row in rows(shocks) if not row.seasonal and row.probability >= SETTINGS.called]


def series(seed: int, months: int = 36, spread: float = 0.15) -> np.ndarray:
    return 1000 * np.exp(spread * np.random.default_rng(seed).normal(size=months))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_floods_of_2024_are_seasonal_and_october_2024_is_not(
    oxide: pd.DataFrame, oxide_sums: list[KnownSum], seed: int
) -> None:
    shocks = found(oxide, oxide_sums, seed)
    by_event = {row.event_id: row for row in rows(shocks)}
    floods, gates = by_event["floods-2024"], by_event["pangwa-taken-2024"]
    assert floods.seasonal
    assert floods.start <= date(2024, 7, 1)
    assert floods.end >= date(2024, 8, 1)
    assert floods.probability < 0.5
    assert not gates.seasonal
    assert gates.start in {date(2024, 10, 1), date(2024, 11, 1)}
    assert gates.probability >= SETTINGS.called
    assert gates.direction == "fall"


def test_the_shipped_series_has_two_shocks_and_each_is_on_an_event(
    oxide: pd.DataFrame, oxide_sums: list[KnownSum]
) -> None:
    shocks = found(oxide, oxide_sums)
    assert [(row.start, row.end, row.event_id) for row in called(shocks)] == [
        (date(2024, 11, 1), date(2025, 3, 1), "pangwa-taken-2024"),
        (date(2025, 4, 1), pd.NA, "cash-notice-2025"),
    ]
    score = score_shocks(
        shocks, shipped_events(), (date(2023, 7, 1), date(2025, 5, 1)), series=OXIDE, settings=SETTINGS
    )
    assert dict(score.found) == {"pangwa-taken-2024": 1, "cash-notice-2025": 1}
    assert score.missed == ("chipwi-falls-2024",)
    assert (score.precision, score.delay) == (1, 1)


def test_seventeen_months_alone_do_for_the_same_two(oxide: pd.DataFrame, oxide_sums: list[KnownSum]) -> None:
    late = oxide[oxide["month"] >= date(2024, 1, 1)]
    shocks = found(late, oxide_sums[1:])
    places = [row.start for row in called(shocks)]
    assert places == [date(2024, 11, 1), date(2025, 4, 1)]
    assert "lost tonnes unknown: 10 months since the shock before, 12 needed" in called(shocks)[0].note


def test_the_numbers_of_november_2024_are_those_of_its_bounds(
    oxide: pd.DataFrame, oxide_sums: list[KnownSum]
) -> None:
    fall = called(found(oxide, oxide_sums))[0]
    assert fall.mom == pytest.approx(2006 / 3549 - 1, abs=0.01)
    assert fall.yoy == pytest.approx(2006 / 3471 - 1, abs=0.03)
    assert -0.5 < fall.change_vs_season < -0.4
    assert fall.lost_low < fall.lost_p50 < fall.lost_high


def test_a_sum_of_origins_is_said_to_be_one(oxide: pd.DataFrame, oxide_sums: list[KnownSum]) -> None:
    shocks = found(oxide, oxide_sums)
    assert shocks["sum_of_origins"].all()
    assert shocks["note"].str.contains("sum of origins").all()


def test_one_origin_is_no_sum(monthly: Callable[..., pd.DataFrame]) -> None:
    tonnes = series(1) * np.where(np.arange(36) < 20, 1, 0.3)
    (row,) = called(found(monthly(hs28469019=tonnes.tolist())))
    assert not row.sum_of_origins
    assert row.series == "CHN import MMR 28469019"


def test_a_fall_is_found_at_its_month_with_what_it_cost(monthly: Callable[..., pd.DataFrame]) -> None:
    usual = series(2)
    tonnes = usual * np.where(np.arange(36) < 20, 1, 0.3)
    (row,) = called(found(monthly(hs1=tonnes.tolist())))
    assert row.start == date(2023, 9, 1)
    assert row.direction == "fall"
    assert pd.isna(row.end)
    assert row.lost_low <= (usual - tonnes).sum() <= row.lost_high


def test_a_month_beside_a_gap_has_no_change_on_the_month(monthly: Callable[..., pd.DataFrame]) -> None:
    tonnes: list[float | None] = (series(2) * np.where(np.arange(36) < 20, 1, 0.3)).tolist()
    tonnes[19] = None
    (row,) = called(found(monthly(hs1=tonnes)))
    assert pd.isna(row.mom)
    assert row.yoy == pytest.approx(row.yoy)
    assert "the month is not certain" in row.note


def test_months_of_nothing_have_no_share_to_compare_with(monthly: Callable[..., pd.DataFrame]) -> None:
    tonnes = series(3)
    tonnes[14:18] = 0
    down, up = called(found(monthly(hs1=tonnes.tolist())))
    assert down.mom == -1
    assert pd.isna(up.mom)


def test_rains_that_come_every_year_are_no_shock(monthly: Callable[..., pd.DataFrame]) -> None:
    raining = np.isin(np.arange(60) % 12 + 1, SETTINGS.monsoon)
    tonnes = series(4, 60, 0.1) * np.where(raining, 0.6, 1)
    shocks = found(monthly(hs1=tonnes.tolist()))
    assert called(shocks) == []
    assert shocks["seasonal"].sum() >= 6
    assert set(shocks["direction"]) == {"fall", "rise"}


@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_few_months_hold_no_shock(monthly: Callable[..., pd.DataFrame], months: int) -> None:
    assert found(monthly(hs1=[5.0, 500.0, 5.0][:months])).empty


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_series_that_never_moves_holds_no_shock(monthly: Callable[..., pd.DataFrame], value: float) -> None:
    assert found(monthly(hs1=[value] * 24)).empty


def test_nothing_in_nothing_out() -> None:
    assert list(found(SERIES.frame([])).columns) == [column.name for column in SHOCKS.columns]


def test_the_same_seed_gives_the_same_table(oxide: pd.DataFrame, oxide_sums: list[KnownSum]) -> None:
    pd.testing.assert_frame_equal(found(oxide, oxide_sums), found(oxide, oxide_sums))


def test_events_do_not_touch_what_is_found(oxide: pd.DataFrame, oxide_sums: list[KnownSum]) -> None:
    without = find_shocks(oxide, SETTINGS, np.random.default_rng(1), (), oxide_sums)
    assert without["event_id"].isna().all()
    pd.testing.assert_frame_equal(
        without.drop(columns="event_id"), found(oxide, oxide_sums).drop(columns="event_id")
    )


def test_a_square_root_does_as_well(oxide: pd.DataFrame, oxide_sums: list[KnownSum]) -> None:
    shocks = find_shocks(
        oxide, ShockSettings(transform="sqrt"), np.random.default_rng(1), shipped_events(), oxide_sums
    )
    assert "pangwa-taken-2024" in set(shocks["event_id"].dropna())


def test_a_series_of_which_nothing_is_known_holds_no_shock(oxide: pd.DataFrame) -> None:
    assert found(oxide[~oxide["identified"]]).empty


def test_february_2025_is_72_percent_below_the_months_before_october(
    oxide: pd.DataFrame, oxide_sums: list[KnownSum]
) -> None:
    (course,) = courses(oxide, oxide_sums)
    drawn = draw(course, 50, SETTINGS.split_spread, np.random.default_rng(1))
    january, february = 12, 25
    mean = drawn[:, january : january + 9].mean(axis=1)
    assert drawn[:, february] / mean - 1 == pytest.approx(np.full(50, -0.72), abs=0.005)
