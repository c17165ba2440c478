from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leachwatch.estimate import read_priors
from leachwatch.estimate.draws import Drawn, Draws

PRIORS = read_priors()
NAMES = sorted(PRIORS)


@given(
    seed=st.integers(0, 2**32),
    kept=st.sampled_from(NAMES),
    others=st.lists(st.sampled_from(NAMES), unique=True),
)
def test_a_prior_more_or_less_changes_no_other_draw(seed: int, kept: str, others: list[str]) -> None:
    alone = Draws({kept: PRIORS[kept]}, seed, 50).of(kept)
    among = Draws(PRIORS, seed, 50)
    for name in others:
        among.of(name)
    np.testing.assert_array_equal(among.of(kept).array, alone.array)


@given(seed=st.integers(0, 2**32))
def test_another_seed_draws_anew_and_the_same_seed_the_same(seed: int) -> None:
    first, again, other = (Draws(PRIORS, s, 20).of("taxed_share").array for s in (seed, seed, seed + 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_two_priors_of_one_shape_are_drawn_apart() -> None:
    draws = Draws({"one": PRIORS["sites_2023"], "two": PRIORS["sites_2023"]}, 0, 20_000)
    one, two = draws.of("one").array, draws.of("two").array
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03


def test_two_months_of_one_series_move_together_and_two_series_do_not() -> None:
    draws = Draws({}, 0, 20_000)
    march, april, other = (draws.between(*of).array for of in (("a", 0, 1), ("a", 5, 25), ("b", 0, 1)))
    np.testing.assert_allclose((april - 5) / 20, march)
    assert abs(np.corrcoef(march, other)[0, 1]) < 0.03


def test_a_known_value_is_not_drawn() -> None:
    draws = Draws({}, 0, 5)
    assert draws.between("a", 3, 3).array.tolist() == [3] * 5
    assert draws.sources() == {}


def test_arithmetic_keeps_account_of_what_went_in() -> None:
    one, two = Drawn(np.array([4.0]), frozenset({"one"})), Drawn(np.array([2.0]), frozenset({"two"}))
    made = (1 - one / two) * two + one - 3
    assert made.array.tolist() == [-1]
    assert made.inputs == {"one", "two"}
