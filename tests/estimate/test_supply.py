from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates import observations, row, series
from leachwatch.errors import BasisError
from leachwatch.estimate import Estimated, estimate, read_priors
from leachwatch.estimate.draws import Drawn
from leachwatch.estimate.figures import PUBLISHED_SHARES, Figures
from leachwatch.estimate.supply import NOT_ESTIMATED, part

OURS, PUBLISHED = "share of supply", "share of supply, as published"


def test_myanmar_mined_40_to_57_percent_of_the_dysprosium_of_2023(estimated: Estimated) -> None:
    """Brief, section 5.2: 40 to 57 %, median 48 %, each to a point."""
    found = row(estimated, OURS, "2023", "dysprosium mined in the world")
    assert (found.p05, found.p50, found.p95) == pytest.approx((0.40, 0.48, 0.57), abs=0.01)


@given(own=st.floats(0, 1e6), others=st.floats(1e-3, 1e6))
def test_a_share_lies_between_0_and_1(own: float, others: float) -> None:
    share = part(Drawn(np.array([own])), Drawn(np.array([others]))).array[0]
    assert 0 <= share <= 1


def test_no_definition_gives_the_share_of_another(estimated: Estimated) -> None:
    of_2023 = estimated.table[
        ((estimated.table["quantity"] == OURS) & (estimated.table["period"] == "2023")).astype(bool)
    ]
    medians = of_2023.set_index("scenario")["p50"]
    assert len(medians) == 7
    assert medians.min() < 0.15
    assert medians.max() > 0.6
    assert of_2023["p05"].between(0, 1).all()
    assert of_2023["p95"].between(0, 1).all()


def test_published_shares_stand_beside_with_no_middle_that_nobody_printed(estimated: Estimated) -> None:
    adamas = row(estimated, PUBLISHED, "2023", "dysprosium and terbium mined in the world [S01]")
    assert (adamas.p05, adamas.p50, adamas.p95) == (0.57, 0.57, 0.57)
    article = row(estimated, PUBLISHED, "2025", "heavy rare earths of the world [S06]")
    assert (article.p05, article.p95) == (0.50, 0.67)
    assert pd.isna(article.p50)
    over = row(estimated, PUBLISHED, "2020", "ion-clay oxide used in China [S08]")
    assert (over.p05, over.p50, over.p95) == (0.60, 0.60, 1.0)  # "more than 60 %"


def test_a_published_share_has_an_estimate_of_its_definition_or_a_reason_why_not(
    estimated: Estimated,
) -> None:
    ours = set(estimated.table["scenario"][(estimated.table["quantity"] == OURS).astype(bool)])
    assert set(PUBLISHED_SHARES) <= ours | set(NOT_ESTIMATED)
    left_out = {one.quantity for one in estimated.left_out}
    assert {f"share of supply: {name}" for name in NOT_ESTIMATED} <= left_out


def test_a_published_share_that_is_missing_is_named() -> None:
    done = estimate(observations("S01"), series(), read_priors())
    reasons = {one.reason for one in done.left_out if one.quantity == PUBLISHED}
    assert "figure S08 (ion-clay oxide used in China) is not among the figures" in reasons
    assert not any("S01" in reason for reason in reasons)


def test_tonnes_are_no_share() -> None:
    found = observations("S01")
    found["unit"] = "t"
    with pytest.raises(BasisError, match="figure S01 is in t, needed is percent"):
        estimate(found, series(), read_priors())


def test_the_world_s_total_loses_the_count_of_myanmar_before_ours_is_added() -> None:
    done = estimate(observations("A24", "A25", "U05", "U10"), series(), read_priors())
    share = row(done, OURS, "2023", "all rare earths mined in the world").p50
    oxide = row(done, "rare earth oxide", "2023", "28469019+28469099").p50
    assert share == pytest.approx(oxide / (376_000 - 43_000 + oxide), rel=1e-6)


def test_a_figure_shown_to_be_wrong_is_not_found() -> None:
    assert Figures(observations("T33")).all("T33") == ()


def test_a_figure_with_an_open_end_gives_no_tonnes() -> None:
    found = observations("A24")
    found["value"], found["high"] = None, None
    assert Figures(found).of_year("A24", 2023) is None
    found["value"] = 41_490.0  # "more than"
    assert len(Figures(found).all("A24")) == 1
    assert Figures(found).of_year("A24", 2023) is None


def test_a_figure_of_no_time_is_not_found() -> None:
    found = observations("S01")
    found["period_start"] = None
    assert Figures(found).all("S01") == ()


def test_of_a_figure_with_several_years_each_year_is_found_and_none_without_it() -> None:
    figures = Figures(observations("U10"))
    found = figures.of_year("U10", 2024)
    assert found is not None
    assert found.value == 390_000
    assert figures.of_year("U10", 2022) is None
    assert figures.only("U10") is None
