from __future__ import annotations

import json

import numpy as np
import pytest

from leachwatch.bench.shock_series import simulate_series
from leachwatch.bench.shocks import ShockAccuracy, Trial, measure_shocks
from leachwatch.trade.shocks import ShockSettings, courses

QUICK = ShockSettings(draws=4, resamples=100, paths=50, lost_draws=1)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_known_of_a_series_holds_its_truth(seed: int) -> None:
    made = simulate_series(seed, 36, 0.4)
    (course,) = courses(made.frame, made.sums)
    shift = made.months.index(made.frame["month"].min())
    truth = made.truth[shift : shift + len(course.months)]
    seen = course.seen
    assert (course.low[seen] <= truth[seen] + 1e-9).all()
    assert (truth[seen] <= course.high[seen] + 1e-9).all()
    for places, low, high in course.sums:
        assert low <= truth[places].sum() <= high


def test_a_series_is_the_same_but_for_its_break() -> None:
    plain, broken = simulate_series(3, 24, None), simulate_series(3, 24, 0.4)
    assert (plain.truth == broken.without).all()
    start, way = broken.breaks[0]
    assert way == "fall"
    assert broken.truth[start] == pytest.approx(0.4 * plain.truth[start])
    assert (broken.truth[:start] == plain.truth[:start]).all()


def test_simulated_series_have_gaps_intervals_zeros_and_sums() -> None:
    made = [simulate_series(seed, 60, None) for seed in range(20)]
    assert any(len(one.frame) < 60 for one in made)
    assert any((one.truth == 0).any() for one in made)
    assert any(one.sums for one in made)
    assert all((one.frame["low"] < one.frame["high"]).any() for one in made)


def test_a_large_break_is_found_and_none_where_there_is_none() -> None:
    accuracy = measure_shocks([2, 5], QUICK, lengths=(36,), factors=(0.1,))
    assert len(accuracy.trials) == 4
    assert accuracy.recall(length=36, factor=0.1).hits >= 1
    assert accuracy.months_needed(0.1) in {2, 3, 4, 6, 9}
    assert json.loads(json.dumps(accuracy.as_dict()))["series"] == 4


def test_the_same_seeds_give_the_same_numbers() -> None:
    first, second = (measure_shocks([2], QUICK, lengths=(24,), factors=(0.2,)) for _ in range(2))
    assert first == second


def test_rates_are_counted_from_the_trials() -> None:
    accuracy = ShockAccuracy(
        (
            Trial(24, None, None, None, 2, None),
            Trial(24, None, None, None, 0, None),
            Trial(24, 0.4, 0, 3, 1, covered=True),
            Trial(24, 0.4, 1, 4, 0, covered=False),
            Trial(24, 0.4, None, None, 0, None),
        )
    )
    assert accuracy.false_alarms() == 2 / 4
    assert accuracy.series_alarmed(24).share == 1 / 2
    assert accuracy.recall(factor=0.4).share == pytest.approx(2 / 3)
    assert accuracy.precision.share == pytest.approx(2 / 3)
    assert accuracy.exact.share == 1 / 2
    assert accuracy.months_needed(0.4) == 3.5
    assert accuracy.coverage().share == 1 / 2
    assert accuracy.months_needed(0.9) is None
    assert np.isfinite(accuracy.false_alarms(24))
