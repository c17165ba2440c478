from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates import observations, series
from leachwatch import tables
from leachwatch.errors import RecordError
from leachwatch.estimate import Estimated, EstimateSettings, estimate, read_priors

FEW = EstimateSettings(draws=200)


def test_equal_seeds_give_equal_bytes_and_another_seed_gives_others() -> None:
    one, again, other = (
        estimate(observations(), series(), read_priors(), settings=EstimateSettings(seed=seed, draws=500))
        for seed in (1, 1, 2)
    )
    for table, of in ((tables.ESTIMATES, "table"), (tables.SENSITIVITY, "sensitivity")):
        written = [tables.encode(table, getattr(run, of)) for run in (one, again, other)]
        assert written[0] == written[1] != written[2]
    assert one.left_out == again.left_out


def test_another_case_s_tables_change_no_estimate_that_does_not_rest_on_them() -> None:
    months = {date(2025, 5, 1): (0.0, 9000.0)}
    alone, among = (
        estimate(observations(), of, read_priors(), settings=FEW).table.set_index(
            ["quantity", "period", "scenario"]
        )
        for of in (series(), series(hs28469019=months))
    )
    assert len(among) > len(alone)
    assert among.loc[alone.index, ["p05", "p50", "p95"]].equals(alone[["p05", "p50", "p95"]])


@settings(max_examples=15, deadline=None)
@given(
    bounds=st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), max_size=4),
    rate=st.floats(0.1, 1000),
    seed=st.integers(0, 1000),
)
def test_percentiles_are_in_order_whatever_the_series(
    bounds: list[tuple[float, float]], rate: float, seed: int
) -> None:
    months = {date(2025, number, 1): (min(pair), max(pair)) for number, pair in enumerate(bounds, start=1)}
    rates = dict.fromkeys(months, rate)
    chosen = EstimateSettings(seed=seed, draws=50)
    table = estimate(
        observations(), series(hs28469019=months), read_priors(), rates=rates, settings=chosen
    ).table
    drawn = table[(table["quantity"] != "share of supply, as published").astype(bool)]
    assert (drawn["p05"] <= drawn["p50"]).all()
    assert (drawn["p50"] <= drawn["p95"]).all()
    shares = drawn[(drawn["unit"] == "share").astype(bool)]
    assert (shares["p05"] >= 0).all()


def test_every_estimate_says_what_it_rests_on(estimated: Estimated) -> None:
    table = estimated.table
    silent = {str(scenario) for scenario in table["scenario"][table["inputs"].map(len) == 0]}
    assert silent == {"under R0, nothing"}


def test_with_nothing_to_go_by_everything_is_left_out_and_named() -> None:
    empty = tables.OBSERVATIONS.frame([]), tables.SERIES.frame([])
    done = estimate(*empty, read_priors(), settings=FEW)
    assert done.table.empty
    assert done.sensitivity.empty
    assert {"rare earth oxide", "share of supply", "would be due", "oxide per site-year"} <= {
        one.quantity for one in done.left_out
    }


@pytest.mark.parametrize("rates", [{date(2025, 4, 15): 7.2}, {date(2025, 4, 1): 0.0}])
def test_a_rate_that_is_none_is_refused(rates: dict[date, float]) -> None:
    with pytest.raises(RecordError, match="give yuan for a dollar, by the first day of a month"):
        estimate(observations(), series(), read_priors(), rates=rates)
