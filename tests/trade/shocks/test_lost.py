from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from leachwatch.trade.shocks import ShockSettings
from leachwatch.trade.shocks.lost import Lost, Window, lost_tonnes
from leachwatch.trade.shocks.season import season_of

SETTINGS = ShockSettings()


def lost(tonnes: np.ndarray, window: Window, settings: ShockSettings = SETTINGS) -> Lost | None:
    months = 2022 * 12 + np.arange(len(tonnes))
    season = season_of(months, ~np.isnan(tonnes), settings)
    drawn = np.tile(tonnes, (4, 1))
    return lost_tonnes(drawn, season, window, settings, np.random.default_rng(1))


def halved(seed: int = 1) -> np.ndarray:
    tonnes = 1000 * np.exp(0.1 * np.random.default_rng(seed).normal(size=30))
    tonnes[24:] /= 2
    return tonnes


def test_half_of_six_months_is_lost() -> None:
    found = lost(halved(), Window(0, 24, 30))
    assert found is not None
    assert found.low < 3000 < found.high
    assert found.p50 == pytest.approx(3000, rel=0.2)


def test_what_more_came_is_lost_below_zero() -> None:
    tonnes = halved()
    tonnes[24:] *= 4
    found = lost(tonnes, Window(0, 24, 30))
    assert found is not None
    assert found.high < 0


def test_too_few_months_before_leave_it_unknown() -> None:
    assert lost(halved(), Window(13, 24, 30)) is None
    assert lost(halved(), Window(13, 24, 30), replace(SETTINGS, least_before=11)) is not None


def test_months_after_the_break_do_not_touch_the_counterfactual() -> None:
    one, other = halved(), halved()
    other[26:] *= 3
    first, second = lost(one, Window(0, 24, 26)), lost(other, Window(0, 24, 26))
    assert first == second


def test_a_gap_counts_neither_way() -> None:
    tonnes = halved()
    tonnes[27:] = np.nan
    whole, short = lost(tonnes, Window(0, 24, 30)), lost(tonnes, Window(0, 24, 27))
    assert whole is not None
    assert short is not None
    assert whole.p50 == pytest.approx(short.p50, rel=0.1)


def test_more_months_before_make_it_surer() -> None:
    early, late = lost(halved(), Window(12, 24, 30)), lost(halved(), Window(0, 24, 30))
    assert early is not None
    assert late is not None
    assert late.high - late.low < early.high - early.low


def test_months_that_were_all_equal_go_on_as_they_were() -> None:
    tonnes = np.full(30, 1000.0)
    tonnes[24:] = 400
    found = lost(tonnes, Window(0, 24, 30))
    assert found is not None
    assert found.p50 == pytest.approx(3600, rel=0.05)
