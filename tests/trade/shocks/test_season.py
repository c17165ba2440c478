from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from leachwatch.errors import TableError
from leachwatch.trade.shocks import ShockSettings
from leachwatch.trade.shocks.course import month_number
from leachwatch.trade.shocks.season import holiday_share, season_of

SETTINGS = ShockSettings()
NONE = np.array([], dtype=np.int64)


def months(first: date, count: int) -> np.ndarray:
    return month_number(first) + np.arange(count)


def test_the_weeks_about_new_year_are_shared_out_whole() -> None:
    for year in range(2010, 2036):
        assert holiday_share(months(date(year, 1, 1), 12), SETTINGS).sum() == pytest.approx(1)


def test_new_year_moves_between_january_and_february() -> None:
    assert holiday_share(months(date(2023, 1, 1), 2), SETTINGS)[0] > 0.7
    assert holiday_share(months(date(2024, 1, 1), 2), SETTINGS)[1] > 0.9


def test_a_year_without_a_known_new_year_is_refused() -> None:
    with pytest.raises(TableError, match="Lunar New Year of 2036"):
        holiday_share(months(date(2035, 6, 1), 12), SETTINGS)


def test_a_short_series_has_two_effects_and_a_long_one_those_of_its_months() -> None:
    for count, effects in ((24, 2), (36, 14)):
        season = season_of(months(date(2022, 1, 1), count), np.ones(count, bool), SETTINGS)
        assert season.design.shape == (count, effects)


def test_rains_are_found_beside_a_level_that_changes() -> None:
    which = months(date(2020, 1, 1), 60)
    season = season_of(which, np.ones(60, bool), SETTINGS)
    rains = season.design[:, 0]
    values = 5 - 0.4 * rains + np.where(np.arange(60) >= 30, -1.5, 0.0)
    effects = season.effects(values, np.array([30]), 0.05)
    assert np.ptp(values - season.design @ effects + np.where(np.arange(60) >= 30, 1.5, 0.0)) < 0.03


def test_noise_holds_the_season_of_a_short_series_back() -> None:
    which = months(date(2023, 7, 1), 17)
    season = season_of(which, np.ones(17, bool), SETTINGS)
    values = 5 - 0.4 * season.design[:, 0]
    sure, unsure = (abs(season.effects(values, NONE, noise)[0]) for noise in (0.01, 0.6))
    assert unsure < sure < 0.4


def test_what_the_effects_are_worth_lies_between_none_and_all() -> None:
    which = months(date(2022, 1, 1), 24)
    season = season_of(which, np.ones(24, bool), SETTINGS)
    free = [season.freedom(np.arange(24), NONE, noise) for noise in (1e-6, 0.3, 1e6)]
    assert free[0] == pytest.approx(2, abs=1e-3)
    assert free[0] > free[1] > free[2]
    assert free[2] == pytest.approx(0, abs=1e-3)
