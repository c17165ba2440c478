from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.errors import TableError
from leachwatch.tables import SERIES
from leachwatch.trade.shocks import KnownSum, Series, courses
from leachwatch.trade.shocks.course import Course, draw

MMR = Series("CHN", "import", "MMR", "1")


def test_months_are_drawn_within_their_bounds_and_sums_hold(
    oxide: pd.DataFrame, oxide_sums: list[KnownSum]
) -> None:
    (course,) = courses(oxide, oxide_sums)
    drawn = draw(course, 200, 0.3, np.random.default_rng(1))
    assert len(course.months) == 29
    assert course.seen.all()
    assert ((course.low <= drawn) & (drawn <= course.high)).all()
    half, spring = drawn[:, :6].sum(axis=1), drawn[:, 14:16].sum(axis=1)
    assert (half.min(), half.max()) == pytest.approx((21933, 22200), abs=10)
    assert (spring.min(), spring.max()) == pytest.approx((11254, 11664), abs=10)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=2, max_size=6),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_a_split_sum_keeps_every_bound(pairs: list[tuple[float, float]], share: float, seed: int) -> None:
    low, high = np.sort(np.array(pairs), axis=1).T
    total = low.sum() + share * (high.sum() - low.sum())
    places = np.arange(len(low))
    course = Course(MMR, places, low, high, np.zeros(len(low), bool), ((places, total, total),))
    drawn = draw(course, 20, 1.0, np.random.default_rng(seed))
    assert (low <= drawn).all()
    assert (drawn <= high).all()
    assert drawn.sum(axis=1) == pytest.approx(np.full(20, total), abs=1e-6)


def test_what_no_statement_limits_is_a_gap(oxide: pd.DataFrame) -> None:
    (course,) = courses(oxide)
    assert np.flatnonzero(~course.seen).tolist() == [0, 1, 2, 3, 4, 5, 14, 15]
    open_above = oxide.assign(high=oxide["high"].where(oxide["month"] != date(2024, 5, 1)))
    (course,) = courses(open_above)
    assert not course.seen[16]


def test_a_month_that_is_not_in_the_table_is_a_gap(monthly: Callable[..., pd.DataFrame]) -> None:
    (course,) = courses(monthly(hs1=[5, None, 0, 7]))
    assert course.seen.tolist() == [True, False, True, True]
    assert course.low.tolist() == pytest.approx([5, np.nan, 0, 7], nan_ok=True)


def test_a_zero_is_no_gap(monthly: Callable[..., pd.DataFrame]) -> None:
    (course,) = courses(monthly(hs1=[5, 0]))
    assert course.known.all()


def test_a_sum_of_another_series_is_refused(oxide: pd.DataFrame, oxide_sums: list[KnownSum]) -> None:
    with pytest.raises(TableError, match="CHN import MMR 1, which is not in the table"):
        list(courses(oxide, [replace(oxide_sums[0], series=MMR)]))


def test_a_sum_of_months_that_are_not_there_is_refused(
    oxide: pd.DataFrame, oxide_sums: list[KnownSum]
) -> None:
    late = replace(oxide_sums[1], months=(date(2025, 5, 1), date(2025, 6, 1)))
    with pytest.raises(TableError, match="2025-05 to 2025-06: not all of its months are in the table"):
        list(courses(oxide, [late]))


def test_a_month_in_two_sums_is_refused(oxide: pd.DataFrame, oxide_sums: list[KnownSum]) -> None:
    with pytest.raises(TableError, match="2024-03: is in two sums"):
        list(courses(oxide, [oxide_sums[1], oxide_sums[1]]))


def test_a_sum_that_its_months_cannot_have_is_refused(
    oxide: pd.DataFrame, oxide_sums: list[KnownSum]
) -> None:
    most = oxide["high"].where(oxide["identified"], 1000.0)
    with pytest.raises(TableError, match="2023-01 to 2023-06: cannot be had"):
        list(courses(oxide.assign(high=most), oxide_sums))


def test_crossed_bounds_are_refused(oxide: pd.DataFrame) -> None:
    crossed = oxide.assign(low=oxide["low"].where(oxide["month"] != date(2024, 5, 1), 9999.0))
    with pytest.raises(TableError, match="2024-05: bounds are negative or crossed"):
        list(courses(crossed))


def test_an_empty_table_has_no_series() -> None:
    assert list(courses(SERIES.frame([]))) == []
