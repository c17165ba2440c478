from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import ruptures
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leachwatch.trade.shocks.partition import cut

VALUES = arrays(np.float64, st.integers(6, 11), elements=st.integers(-5, 5).map(float))


def cost_of(values: np.ndarray, breaks: tuple[int, ...]) -> float:
    edges = [0, *breaks, len(values)]
    return float(sum(((values[a:b] - values[a:b].mean()) ** 2).sum() for a, b in pairwise(edges)))


def least_cost(values: np.ndarray, count: int) -> float:
    """By trying every partition into levels of two months or more."""
    allowed = (
        places
        for places in combinations(range(len(values)), count)
        if all(b - a >= 2 for a, b in zip((0, *places), (*places, len(values)), strict=True))
    )
    return min(cost_of(values, places) for places in allowed)


@settings(deadline=None)
@given(VALUES)
def test_no_partition_costs_less(values: np.ndarray) -> None:
    cuts = cut(values[None], least=2, most=3)
    for count, found in enumerate(cuts.costs[0]):
        assert found == pytest.approx(least_cost(values, count), abs=1e-9)
        places = tuple(cuts.breaks(0, count).tolist())
        assert len(places) == count
        assert cost_of(values, places) == pytest.approx(found, abs=1e-9)


@settings(deadline=None)
@given(VALUES, st.floats(0.5, 30))
def test_ruptures_finds_nothing_better_at_any_penalty(values: np.ndarray, penalty: float) -> None:
    cuts = cut(values[None], least=2, most=len(values))
    count = int(cuts.counts_at(penalty)[0])
    own = cuts.costs[0, count] + penalty * count
    ends = ruptures.Dynp(model="l2", min_size=2, jump=1).fit(values)
    others = [
        cost_of(values, tuple(ends.predict(n_bkps=number)[:-1])) + penalty * number
        for number in range(1, len(values) // 2)
    ]
    assert own <= min([cost_of(values, ()), *others]) + 1e-9


def test_pelt_of_ruptures_agrees_on_a_noisy_step() -> None:
    values = np.random.default_rng(3).normal(size=40) + np.repeat([0.0, 6.0, 1.0], [15, 9, 16])
    cuts = cut(values[None], least=2, most=8)
    count = int(cuts.counts_at(8.0)[0])
    pelt = ruptures.Pelt(model="l2", min_size=2, jump=1).fit(values).predict(pen=8.0)[:-1]
    assert cuts.breaks(0, count).tolist() == pelt == [15, 24]


@settings(deadline=None)
@given(VALUES)
def test_a_break_is_there_up_to_its_critical_penalty_and_no_further(values: np.ndarray) -> None:
    cuts = cut(values[None], least=2, most=4)
    largest = float(cuts.largest_penalties()[0])
    assert cuts.critical_penalties().max() == pytest.approx(largest)
    assert cuts.counts_at(largest * 1.001 + 1e-9)[0] == 0
    if largest > 1e-6:
        assert cuts.counts_at(largest * 0.999)[0] > 0


def test_a_gap_has_no_weight_and_a_break_beside_it_starts_after_it() -> None:
    values = np.array([0, 0, 0, np.nan, np.nan, 5, 5, 5.0])
    cuts = cut(values[None], least=2, most=2)
    assert cuts.costs[0, 1] == 0
    assert cuts.breaks(0, 1).tolist() == [5]


def test_a_level_needs_its_months_observed() -> None:
    values = np.array([0, 0, 0, 5, np.nan, 0, 0, 0.0])
    assert cut(values[None], least=2, most=1).costs[0, 1] > 0


def test_parts_break_together() -> None:
    values = np.zeros((1, 8, 2))
    values[0, 4:, 0], values[0, 4:, 1] = 1.0, -1.0
    cuts = cut(values, least=2, most=1)
    assert cuts.costs[0] == pytest.approx([4.0, 0.0])
    assert cuts.breaks(0, 1).tolist() == [4]
