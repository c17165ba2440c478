from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates import observations, row_like, series
from leachwatch.estimate import estimate, read_priors
from leachwatch.estimate.provenance import chance_of_some, leaving_the_plant

QUANTITY = "fraction of dysprosium from Myanmar, leaving China's plants"
SHARES = st.floats(0, 1)


def leaving(fed: list[float], stay: float, before: float) -> list[float]:
    shares = np.array(fed, dtype=float)[:, np.newaxis]
    return [float(one) for one in leaving_the_plant(shares, np.array([stay]), np.array([before])).ravel()]


@given(fed=st.lists(SHARES, min_size=1, max_size=30), stay=st.floats(0.1, 50), before=SHARES)
def test_a_fraction_lies_between_the_least_and_most_that_was_fed(
    fed: list[float], stay: float, before: float
) -> None:
    low, high = min(*fed, before), max(*fed, before)
    assert all(low - 1e-12 <= one <= high + 1e-12 for one in leaving(fed, stay, before))


@given(share=SHARES, stay=st.floats(0, 50))
def test_a_steady_feed_leaves_as_it_came(share: float, stay: float) -> None:
    assert leaving([share] * 12, stay, share) == pytest.approx([share] * 12)


def test_mixing_is_the_sum_of_earlier_feeds_each_weighing_less() -> None:
    """Brief, section 5.8: p[t] is the sum over k of w[k] s[t-k], w that of a stirred tank."""
    fed, kept = [0.9, 0.1, 0.4, 0.7], np.exp(-1 / 5)
    weights = (1 - kept) * kept ** np.arange(4)
    expected = weights @ np.array(fed[::-1]) + kept**4 * 0.3
    assert leaving(fed, 5, 0.3)[-1] == pytest.approx(expected)


def test_without_a_stay_what_is_fed_leaves_at_once() -> None:
    assert leaving([0.2, 0.8], 0, 0.5) == [0.2, 0.8]


def test_a_longer_stay_remembers_more_of_what_was_before() -> None:
    assert leaving([0, 0, 0], 3, 0.5)[-1] < leaving([0, 0, 0], 9, 0.5)[-1]


def test_some_is_all_but_certain_whatever_the_fraction() -> None:
    assert chance_of_some(0.01, 1e6) == chance_of_some(0.6, 1e6) == 1
    assert chance_of_some(0, 1e6) == 0


def test_a_stop_of_imports_is_felt_late_and_the_fraction_never_leaves_its_range() -> None:
    months = {date(2024, month, 1): (3000.0, 3500.0) for month in range(1, 7)}
    months |= {date(2024, month, 1): (0.0, 0.0) for month in range(7, 13)}
    done = estimate(observations(), series(hs28469019=months), read_priors())
    june, july, december = (row_like(done, QUANTITY, f"2024-{month}") for month in ("06", "07", "12"))
    assert 0 < december.p50 < july.p50 < june.p50 < 1
    assert july.p50 > 0.7 * june.p50
    assert june.scenario == "separated in China; 28469019 counted"
    assert {f"{QUANTITY}: 28469048", f"{QUANTITY}: 28469099"} <= {one.quantity for one in done.left_out}


def test_after_a_gap_the_account_begins_anew() -> None:
    months = {date(2024, month, 1): (100.0, 100.0) for month in (1, 2, 4, 5)}
    done = estimate(observations(), series(hs28469019=months), read_priors())
    periods = set(done.table["period"][(done.table["quantity"] == QUANTITY).astype(bool)])
    assert periods == {"2024-04", "2024-05"}


def test_a_month_without_an_upper_bound_is_no_month() -> None:
    months = {date(2024, 1, 1): (100.0, None)}
    done = estimate(observations(), series(hs28469019=months), read_priors())
    assert QUANTITY not in set(done.table["quantity"])
    assert QUANTITY in {one.quantity for one in done.left_out}


def test_more_codes_make_more_of_it() -> None:
    oxide = {date(2024, 1, 1): (100.0, 100.0)}
    one = estimate(observations(), series(hs28469019=oxide), read_priors())
    two = estimate(observations(), series(hs28469019=oxide, hs28469099=oxide), read_priors())
    assert row_like(two, QUANTITY, "2024-01").p50 > row_like(one, QUANTITY, "2024-01").p50
