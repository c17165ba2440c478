from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates import RATE, observations, row, row_like, series
from leachwatch.errors import BasisError
from leachwatch.estimate import Estimated, estimate, read_priors
from leachwatch.estimate.draws import Drawn
from leachwatch.estimate.figures import Figures
from leachwatch.estimate.revenue import REGIMES, Due, Regime, mixed, would_be_due

BY_NAME = {regime.name: regime for regime in REGIMES}
TERMS = {
    "cash": Drawn(np.array([35_000.0])),
    "lower cash": Drawn(np.array([33_333.33])),
    "levy": Drawn(np.array([0.2])),
    "in kind": Drawn(np.array([0.2])),
}
TONNES = st.floats(0, 1e6)


def due(regime: Regime, tonnes: float) -> Due:
    return would_be_due(regime, Drawn(np.array([tonnes])), TERMS)


def usd(regime: Regime, tonnes: float, usd_per_kg: float) -> float:
    return float(due(regime, tonnes).in_usd(RATE, Drawn(np.array([usd_per_kg]))).array[0])


@pytest.mark.parametrize(
    ("name", "usd_per_kg", "percent"),
    [("R2", 30.06, 16), ("R3", 30.06, 36), ("R4", 30.06, 33), ("R2", 15, 32), ("R3", 15, 52)],
)
def test_what_would_be_due_of_the_import_value(name: str, usd_per_kg: float, percent: float) -> None:
    """Brief, section 5.7, to half a point: 16, 36 and 33 % at 30.06 USD/kg, 32 and 52 % at 15."""
    share = usd(BY_NAME[name], 1000, usd_per_kg) / (1_000_000 * usd_per_kg)
    assert 100 * share == pytest.approx(percent, abs=0.5)


def test_on_a_thousand_tonnes_it_would_be_4_8_million_in_cash_and_6_million_in_kind() -> None:
    """Brief, section 5.7: 35 million yuan, 4.8 million dollars; 200 t, about 6.0 million at 30 USD/kg."""
    both = due(BY_NAME["R3"], 1000)
    assert both.cash_cny.array[0] == 35_000_000
    assert both.in_kind_t.array[0] == 200
    assert usd(BY_NAME["R2"], 1000, 30) == pytest.approx(4.8e6, abs=0.05e6)
    assert usd(BY_NAME["R1"], 1000, 30) == pytest.approx(6.0e6, abs=0.05e6)


@given(tonnes=TONNES, usd_per_kg=st.floats(0, 100))
def test_under_r0_nothing_would_be_due(tonnes: float, usd_per_kg: float) -> None:
    assert usd(BY_NAME["R0"], tonnes, usd_per_kg) == 0


@given(one=TONNES, other=TONNES, regime=st.sampled_from(REGIMES))
def test_more_tonnes_are_never_due_less(one: float, other: float, regime: Regime) -> None:
    less, more = sorted((one, other))
    assert usd(regime, less, 30) <= usd(regime, more, 30)


@given(tonnes=TONNES, usd_per_kg=st.floats(0, 100))
def test_both_are_never_less_than_either_and_cash_on_the_rest_is_between(
    tonnes: float, usd_per_kg: float
) -> None:
    levy, cash, both, rest = (usd(BY_NAME[name], tonnes, usd_per_kg) for name in ("R1", "R2", "R3", "R4"))
    slack = 1e-9 * both
    assert max(levy, cash) <= both + slack
    assert levy <= rest + slack
    assert rest <= both + slack


def test_if_customs_do_not_weigh_the_slice_a_quarter_more_was_taxed(estimated: Estimated) -> None:
    counted = row_like(
        estimated,
        "would be due in kind",
        "2025-05",
        "under R3, cash on every tonne, and a share in kind; slice in",
    )
    not_counted = row_like(
        estimated,
        "would be due in kind",
        "2025-05",
        "under R3, cash on every tonne, and a share in kind; slice not",
    )
    assert not_counted.p50 == pytest.approx(1.25 * counted.p50)


def test_a_sum_over_months_keeps_what_is_drawn_together() -> None:
    known = series(hs28469019={date(2025, 4, 1): (4000.0, 4000.0), date(2025, 5, 1): (7000.0, 7000.0)})
    done = estimate(observations(), known, read_priors())
    april, may, both = (
        row_like(done, "would be due in cash", period, "under R2")
        for period in ("2025-04", "2025-05", "2025-04/2025-05")
    )
    assert april.p05 + may.p05 == pytest.approx(both.p05)
    assert april.p95 + may.p95 == pytest.approx(both.p95)


def test_rivals_stand_side_by_side(estimated: Estimated) -> None:
    table = estimated.table
    of_may = table[((table["quantity"] == "would be due") & (table["period"] == "2025-05")).astype(bool)]
    named = {str(scenario)[6:8] for scenario in of_may["scenario"] if str(scenario).startswith("under ")}
    assert named == set(BY_NAME)
    assert (of_may["p05"] <= of_may["p50"]).all()
    assert (of_may["p50"] <= of_may["p95"]).all()


def test_nothing_says_that_anybody_earned_it(estimated: Estimated) -> None:
    words = " ".join([*estimated.table["quantity"], *estimated.table["scenario"]]).lower()
    assert "earn" not in words
    assert "revenue" not in words


def test_a_mix_takes_each_regime_where_it_was_drawn() -> None:
    each = {regime.name: Drawn(np.full(6, float(place))) for place, regime in enumerate(REGIMES)}
    drawn = Drawn(np.array([5.0, 0, 1, 4, 2, 3]))
    assert mixed(each, drawn).array.tolist() == drawn.array.tolist()


def test_a_month_without_its_rate_has_no_dollars_but_its_yuan() -> None:
    months = series(hs28469019={date(2025, 5, 1): (7000.0, 7000.0)})
    done = estimate(observations(), months, read_priors())
    assert row_like(done, "would be due in cash", "2025-05", "under R2").unit == "CNY"
    assert "USD" not in set(done.table["unit"])
    reasons = {(one.quantity, one.period): one.reason for one in done.left_out}
    assert reasons["would be due", "2025-05"] == "no yuan-dollar rate of the month; give it"
    assert "give rates by month" in reasons["would be due per 1,000 t", ""]


def test_dollars_go_by_the_rate_of_their_own_month() -> None:
    months = {date(2025, month, 1): (7000.0, 7000.0) for month in (4, 5)}
    rates = {date(2025, 4, 1): 8.0, date(2025, 5, 1): 4.0}
    done = estimate(observations(), series(hs28469019=months), read_priors(), rates=rates)
    april, may = (row_like(done, "would be due", month, "under R2").p50 for month in ("2025-04", "2025-05"))
    assert may == pytest.approx(2 * april)


def test_months_before_the_levy_and_months_of_other_origins_are_not_taxed() -> None:
    early = series(hs28469019={date(2024, 11, 1): (100.0, 100.0)})
    elsewhere = series(hs28469019={date(2025, 5, 1): (100.0, 100.0)})
    elsewhere["partner"] = "WLD"
    for months in (early, elsewhere):
        done = estimate(observations(), months, read_priors())
        assert "would be due" in {one.quantity for one in done.left_out}
        assert "would be due in cash" not in set(done.table["quantity"])


def test_months_with_a_gap_have_no_sum() -> None:
    months = {date(2025, month, 1): (100.0, 100.0) for month in (3, 5)}
    done = estimate(observations(), series(hs28469019=months), read_priors())
    taxed = done.table[(done.table["quantity"] == "would be due in cash").astype(bool)]
    assert set(taxed["period"]) == {"2025-03", "2025-05"}


def test_a_regime_without_its_term_is_left_out_and_so_is_the_mix() -> None:
    figures = observations("X01", "X03", "X04")
    months, rates = {date(2025, 5, 1): (7000.0, 7000.0)}, {date(2025, 5, 1): 7.2}
    done = estimate(figures, series(hs28469019=months), read_priors(), rates=rates)
    scenarios = {str(scenario) for scenario in done.table["scenario"]}
    assert not any("R5" in scenario for scenario in scenarios)
    assert any("R3" in scenario for scenario in scenarios)
    assert ("would be due under R5", "figure X02 is not among the figures") in {
        (one.quantity, one.reason) for one in done.left_out
    }


def test_the_example_on_a_thousand_tonnes_needs_no_series() -> None:
    done = estimate(observations(), series(), read_priors(), rates={date(2025, 4, 1): RATE})
    cash = row(done, "would be due per 1,000 t", "2025-04", "under R2, cash on every tonne")
    assert cash.p50 == pytest.approx(35_000_000 / RATE)


def test_a_rate_was_set_and_not_measured_so_its_last_digit_is_no_doubt() -> None:
    found = observations()
    rounded = (found["source_id"] == "X01").astype(bool)
    found.loc[rounded, ["low", "high"]] = [34_999.5, 35_000.5]
    done = estimate(found, series(), read_priors(), rates={date(2025, 4, 1): RATE})
    cash = row(done, "would be due per 1,000 t", "2025-04", "under R2, cash on every tonne")
    assert cash.p05 == cash.p95


def test_a_rate_in_another_unit_is_refused() -> None:
    found = observations("X01")
    found["unit"] = "CNY/kg"
    with pytest.raises(BasisError, match="figure X01 is in CNY/kg, needed is CNY/t"):
        estimate(found, series(), read_priors())
    assert Figures(observations("X01")).only("X01") is not None
