from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leachwatch.trade.shocks import Shift, ShockSettings, courses, find_shifts, find_shocks

SETTINGS = ShockSettings(draws=10, resamples=200)


def shifts(frame: pd.DataFrame) -> tuple[Shift, ...]:
    return find_shifts(list(courses(frame)), SETTINGS, np.random.default_rng(1))


def noise(seed: int, months: int = 30) -> np.ndarray:
    return np.exp(0.15 * np.random.default_rng(seed).normal(size=months))


@pytest.fixture
def moved(monthly: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """From month 18 on, most of the second code is declared under the first."""
    moved = np.where(np.arange(30) < 18, 0.0, 700.0)
    together = noise(1)
    return monthly(
        hs28469019=(together * (1000 + moved)).tolist(),
        hs28469099=(together * noise(2) * (900 - moved)).tolist(),
    )


def test_goods_that_change_codes_are_flagged_and_their_sum_stays(moved: pd.DataFrame) -> None:
    (shift,) = shifts(moved)
    assert shift.month == date(2023, 7, 1)
    assert shift.probability >= SETTINGS.called
    assert shift.before["28469019"] == pytest.approx(10 / 19, abs=0.05)
    assert shift.after["28469019"] == pytest.approx(17 / 19, abs=0.05)
    assert shift.total_change == pytest.approx(0, abs=0.1)


def test_a_shock_of_one_code_says_that_codes_changed_places(moved: pd.DataFrame) -> None:
    shocks = find_shocks(moved, SETTINGS, np.random.default_rng(1))
    sure = shocks[(shocks["series"] == "CHN import MMR 28469099") & (shocks["probability"] > 0.9)]
    fall: Any = next(sure.itertuples())
    assert len(sure) == 1
    assert (fall.start, fall.composition) == (date(2023, 7, 1), True)
    assert "codes change places: all of them together" in fall.note


def test_a_fall_of_all_codes_alike_is_no_shift(monthly: Callable[..., pd.DataFrame]) -> None:
    level = np.where(np.arange(30) < 18, 1000.0, 200.0) * noise(1)
    frame = monthly(hs1=level.tolist(), hs2=(level * noise(2)).tolist())
    assert shifts(frame) == ()
    assert not find_shocks(frame, SETTINGS, np.random.default_rng(1))["composition"].any()


def test_one_code_has_no_shares(monthly: Callable[..., pd.DataFrame]) -> None:
    assert shifts(monthly(hs1=[1.0] * 10 + [9.0] * 10)) == ()


def test_months_of_one_code_alone_say_nothing_of_shares(monthly: Callable[..., pd.DataFrame]) -> None:
    frame = monthly(hs1=[*noise(1, 20)], hs2=[*(None,) * 10, *noise(2, 10)])
    assert shifts(frame) == ()


def test_joined_codes_are_left_out(moved: pd.DataFrame) -> None:
    joined = moved.assign(hs=moved["hs"].replace("28469099", "28469048+28469099"))
    assert shifts(joined) == ()
