from __future__ import annotations

import numpy as np
import pytest

from leachwatch.trade.shocks import ShockSettings
from leachwatch.trade.shocks.search import noise_of, search

SETTINGS = ShockSettings(draws=4, resamples=200)


def noisy(seed: int, *levels: float, each: int = 15) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.tile(np.repeat(levels, each) + 0.2 * rng.normal(size=each * len(levels)), (4, 1))


def test_a_clear_step_is_certain_stable_and_found_by_ruptures() -> None:
    found = search(noisy(1, 3, 1), None, SETTINGS, np.random.default_rng(0))
    (one,) = found.breaks(found.probability, 0.9)
    assert one.place == 15
    assert one.probability > 0.99
    assert one.stability == 1
    assert one.peer


def test_a_step_and_the_way_back_are_both_found() -> None:
    found = search(noisy(2, 3, 2, 3), None, SETTINGS, np.random.default_rng(0))
    assert [one.place for one in found.breaks(found.probability, 0.9)] == [15, 30]


def test_a_month_that_stands_out_alone_is_no_level() -> None:
    values = noisy(3, 3, 3)
    values[:, 12] = 0
    found = search(values, None, SETTINGS, np.random.default_rng(0))
    assert found.breaks(found.probability, 0.9) == ()


def test_two_months_of_nothing_are_a_level() -> None:
    values = noisy(3, 3, 3)
    values[:, 12:14] = 0
    found = search(values, None, SETTINGS, np.random.default_rng(0))
    assert [one.place for one in found.breaks(found.probability, 0.9)] == [12, 14]


def test_a_break_in_some_draws_only_is_as_sure_as_they_are_many() -> None:
    values = noisy(4, 3, 1)
    values[:2] = noisy(4, 3, 3)[:2]
    found = search(values, None, SETTINGS, np.random.default_rng(0))
    assert 0.4 < found.probability[15] <= 0.5


def test_equal_months_have_no_break_and_are_not_beyond_doubt() -> None:
    values = np.full((4, 20), 3.0)
    found = search(values, None, SETTINGS, np.random.default_rng(0))
    assert found.breaks(found.probability, 0.1) == ()
    assert noise_of(values, SETTINGS) == pytest.approx([SETTINGS.least_noise] * 4)


@pytest.mark.parametrize("months", [1, 3])
def test_fewer_months_than_two_levels_hold_no_break(months: int) -> None:
    found = search(np.ones((4, months)), None, SETTINGS, np.random.default_rng(0))
    assert found.breaks(found.probability, 0.0) == ()


def test_the_same_chance_gives_the_same_answer() -> None:
    first, second = (search(noisy(5, 3, 2.7), None, SETTINGS, np.random.default_rng(7)) for _ in range(2))
    assert (first.probability == second.probability).all()
