from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from leachwatch.bench.press import PressSize, press
from leachwatch.errors import BasisError, RecordError
from leachwatch.tables import CONTRADICTIONS, SERIES
from leachwatch.trade.reconcile import Reconciled, ReconcileSettings, reconcile
from leachwatch.trade.reconcile.vicinity import boxes
from trade.printing import HS, change, said, share, total


def ends(found: Reconciled, month: str, partner: str = "WLD", hs: str = HS) -> tuple[float, float]:
    for row in found.series.to_dict("records"):
        if (f"{row['month']:%Y-%m}", row["partner"], row["hs"]) == (month, partner, hs):
            return row["low"], math.inf if pd.isna(row["high"]) else row["high"]
    raise AssertionError(f"no {month} of {partner}")


def test_a_printed_month_is_known_to_its_last_digit() -> None:
    found = reconcile([total("A", "2024-01", 1500)])
    assert ends(found, "2024-01") == (1499.5, 1500.5)
    assert found.series["reported"].all()
    assert found.feasible


def test_kilograms_are_tonnes() -> None:
    assert ends(reconcile([total("A", "2024-01", 1500, unit="kg")]), "2024-01") == (1.499, 1.501)


def test_a_percentage_is_widened_by_what_rounding_hides() -> None:
    found = reconcile([total("A", "2024-01", 1000, half_width=0.0), change("B", "2024-02", "2024-01", -20)])
    assert ends(found, "2024-02") == (795, 805)


def test_a_cumulative_sum_leaves_the_rest() -> None:
    found = reconcile([total("A", "2024-01/2024-03", 600), total("B", "2024-01/2024-02", 450)])
    assert ends(found, "2024-03") == (149, 151)
    assert ends(found, "2024-01") == (0, 450.5)


def test_months_that_no_statement_tells_apart_are_unidentified_and_their_sum_is_given() -> None:
    found = reconcile([total("A", "2024-01/2024-03", 600), total("B", "2024-03", 100)])
    assert found.series["identified"].tolist() == [False, False, True]
    (row,) = found.sums.to_dict("records")
    assert (len(row["months"]), row["low"], row["high"]) == (2, 499, 501)


def test_a_hint_bounds_one_side_or_a_band() -> None:
    found = reconcile([said("A", "more_than", "2024-01", 140), said("B", "nearly", "2024-02", 200)])
    assert ends(found, "2024-01") == (140, math.inf)
    assert ends(found, "2024-02") == (180, 200)
    assert found.series["mid"].isna().tolist() == [True, False]


def test_a_hint_at_a_fall_is_a_fall() -> None:
    fell = [total("A", "2024-01", 100, half_width=0.0)]
    base = {"base": "2024-01", "unit": "%"}
    assert ends(reconcile([*fell, said("B", "more_than", "2024-02", -60, **base)]), "2024-02") == (0, 40)
    assert ends(reconcile([*fell, said("B", "nearly", "2024-02", -50, **base)]), "2024-02") == (50, 55)


def test_partners_add_up_to_no_more_than_the_world() -> None:
    some = [
        total("A", "2024-01", 1000),
        share("B", "2024-01", "MMR", 70),
        total("C", "2024-01", 200, partner="LAO"),
    ]
    found = reconcile(some)
    assert ends(found, "2024-01", "MMR") == pytest.approx((999.5 * 0.695, 1000.5 * 0.705), abs=0.001)
    open_ = [
        *some[:1],
        total("D", "2024-01", 900, partner="MMR"),
        said("E", "nearly", "2024-01", 400, partner="LAO"),
    ]
    assert not reconcile(open_).feasible


def test_partners_add_up_to_the_world_where_all_are_named() -> None:
    some = [total("A", "2024-01", 1000), total("B", "2024-01", 700, partner="MMR")]
    other = said("C", "more_than", "2024-01", 1, partner="LAO")
    assert ends(reconcile([*some, other]), "2024-01", "LAO") == (1, 301)
    found = reconcile([*some, other], ReconcileSettings(all_partners=True))
    assert ends(found, "2024-01", "LAO") == (299, 301)


def test_codes_add_up_inside_a_scope() -> None:
    some = [
        total("A", "2024-01", 300, hs="28469019"),
        total("B", "2024-01", 500, hs="28469019+28469099"),
        total("C", "2024-01", 900, hs="2846*"),
        said("D", "more_than", "2024-01", 0, hs="28469099"),
        said("E", "more_than", "2024-01", 0, hs="28469048"),
    ]
    found = reconcile(some)
    assert ends(found, "2024-01", hs="28469099") == (199, 201)
    assert ends(found, "2024-01", hs="28469048") == (0, 401)
    closed = reconcile(some, ReconcileSettings(all_codes=True))
    assert ends(closed, "2024-01", hs="28469048") == (399, 401)


def test_a_share_of_the_year_ties_a_month_to_it() -> None:
    some = [total("A", "2024-01/2024-12", 1200, half_width=0.0)]
    some.append(said("B", "share", "2024-12", 25, base="2024-01/2024-12"))
    assert ends(reconcile(some), "2024-12") == (294, 306)


def test_a_true_zero_stays_zero() -> None:
    found = reconcile([total("A", "2024-01/2024-06", 0, half_width=0.0)])
    assert found.series["high"].tolist() == [0] * 6


def test_the_course_for_drawing_lies_between_the_bounds_and_keeps_the_sums() -> None:
    found = reconcile(
        [total("A", "2024-01/2024-12", 1200), total("B", "2024-06", 40), total("C", "2024-07", 70)]
    )
    mid, low, high = (found.series[name].to_numpy(dtype=float) for name in ("mid", "low", "high"))
    assert np.all((low <= mid) & (mid <= high))
    for row in found.sums.to_dict("records"):
        some = found.series[found.series["month"].isin(row["months"])]
        assert row["low"] - 0.01 <= some["mid"].sum() <= row["high"] + 0.01


def test_what_cannot_be_reconciled_is_refused() -> None:
    with pytest.raises(RecordError, match="no statements"):
        reconcile([])
    with pytest.raises(RecordError, match="statement A stands there twice"):
        reconcile([total("A", "2024-01", 1), total("A", "2024-02", 1)])
    with pytest.raises(BasisError, match="statement A is of basis REO"):
        reconcile([total("A", "2024-01", 1, basis="REO")])


def test_the_tables_keep_their_contract() -> None:
    found = reconcile([total("A", "2024-01", 10), total("B", "2024-01", 90)])
    SERIES.check(found.series)
    SERIES.check(found.cautious)
    CONTRADICTIONS.check(found.contradictions)
    assert found.as_dict()["series"][0]["month"] == "2024-01-01"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.sampled_from([PressSize(14, 1, 1), PressSize(16, 2, 1, told=0.3)]))
def test_bounds_hold_any_truth_whose_statements_are_right(seed: int, size: PressSize) -> None:
    simulated = press(seed, size)
    found = reconcile(simulated.statements)
    assert found.feasible
    for row in found.series.to_dict("records"):
        tonnes = simulated.truth(row["month"], row["hs"], row["partner"])
        assert row["low"] - 0.002 <= tonnes
        assert pd.isna(row["high"]) or tonnes <= row["high"] + 0.002


def test_looking_only_nearby_never_makes_bounds_narrower() -> None:
    simulated = press(3, PressSize(30, 1, 1))
    whole = reconcile(simulated.statements).series
    near = reconcile(simulated.statements, ReconcileSettings(most_rows=30)).series
    assert (near["low"] <= whole["low"] + 0.01).all()
    high = near["high"].astype(float).fillna(math.inf)
    assert (high >= whole["high"].astype(float) - 0.01).all()


def test_months_known_only_by_their_sum_are_so_nearby_too() -> None:
    some = [total("A", "2024-01/2024-03", 600), total("B", "2024-03", 100)]
    assert ends(reconcile(some, ReconcileSettings(most_rows=1)), "2024-01") == pytest.approx(
        (0, 501), abs=0.01
    )


def test_boxes_follow_from_single_rows() -> None:
    rows = csr_array(np.array([[1.0, 1.0], [-1.0, 0.0], [1.0, -2.0]]))
    low, high = boxes(rows, np.array([10.0, -4.0, 0.0]))
    assert low == pytest.approx([4, 2], abs=1e-5)
    assert high == pytest.approx([8, 6], abs=1e-5)
