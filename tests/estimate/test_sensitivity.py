from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from leachwatch.estimate import Estimated
from leachwatch.estimate.draws import Drawn
from leachwatch.estimate.outcome import Outcome
from leachwatch.estimate.sensitivity import sensitivity


def test_the_rest_of_the_world_moves_the_share_most(estimated: Estimated) -> None:
    """Brief, section 5.2: Dy_rest dominates."""
    table = estimated.sensitivity
    of_share = table[
        ((table["scenario"] == "dysprosium mined in the world") & (table["period"] == "2023")).astype(bool)
    ]
    assert of_share["input"].tolist()[:2] == ["dysprosium_elsewhere", "dysprosium_in_oxide"]
    assert of_share["rank_correlation"].iloc[0] < -0.7


def test_rows_stand_in_the_order_of_what_moves_most(estimated: Estimated) -> None:
    for _, rows in estimated.sensitivity.groupby(["quantity", "period", "scenario"]):
        assert rows["place"].tolist() == list(range(1, len(rows) + 1))
        assert rows["rank_correlation"].abs().is_monotonic_decreasing
        assert rows["rank_correlation"].between(-1, 1).all()


def test_it_is_the_rank_correlation_of_scipy() -> None:
    rng = np.random.default_rng(0)
    one, two = rng.integers(0, 9, 200).astype(float), rng.random(200)  # with ties
    made = Drawn(one**3 - two, frozenset({"one", "two", "a figure that is known"}))
    table = sensitivity([Outcome("q", "p", "s", made, "t")], {"one": one, "two": two, "other": two})
    expected = {name: spearmanr(made.array, of).statistic for name, of in (("one", one), ("two", two))}
    found = dict(zip(table["input"], table["rank_correlation"], strict=True))
    assert found == pytest.approx(expected)


def test_what_does_not_vary_has_no_sensitivity() -> None:
    still = Drawn(np.ones(5), frozenset({"a"}))
    assert sensitivity([Outcome("q", "p", "s", still, "t")], {"a": np.arange(5.0)}).empty
    moving = Drawn(np.arange(5.0), frozenset({"a"}))
    assert sensitivity([Outcome("q", "p", "s", moving, "t")], {"a": np.ones(5)}).empty
