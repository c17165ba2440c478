from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from estimates import observations, row_like, series
from leachwatch import tables
from leachwatch.errors import BasisError
from leachwatch.estimate import Estimated, Prior, balance, estimate, read_priors
from leachwatch.estimate.balance import active_sites, chance_above, must_be_independent, unexplained
from leachwatch.estimate.draws import Drawn
from leachwatch.estimate.figures import Figure, Figures
from leachwatch.estimate.imports import months_between

OUTPUT = "mine output of the sites seen"
UNEXPLAINED = "oxide unexplained: mined as far as seen, less customs"
CHANCE = "probability that more was mined than customs recorded"

WATCHED = """\
priors:
  - id: watched_share
    distribution: uniform
    low: 0.2
    high: 0.3
    unit: share
    grade: D
    source: a test
    note: simulated
"""


def site_months(first: date, last: date, states: Mapping[str, str]) -> pd.DataFrame:
    """Simulated months of sites that do the same all the time."""
    return tables.SITE_MONTHS.frame(
        [
            {
                "site_id": site,
                "month": month,
                "clear_share": 1.0,
                "looks": 4,
                "pool_area_m2": None,
                "pool_area_m2_low": None,
                "pool_area_m2_high": None,
                "worked_area_m2": None,
                "state": state,
            }
            for site, state in states.items()
            for month in months_between(first, last)
        ]
    )


@pytest.fixture
def priors(tmp_path: Path) -> Mapping[str, Prior]:
    """With a share that is watched."""
    path = tmp_path / "priors.yaml"
    path.write_text(WATCHED, encoding="utf-8")
    return read_priors(path)


def seen(active: int, *, unseen: int = 0) -> pd.DataFrame:
    states = {f"a{number}": "active" for number in range(active)}
    states |= {f"u{number}": "unseen" for number in range(unseen)} | {"i": "idle"}
    return site_months(date(2022, 10, 1), date(2023, 11, 1), states)


def one(identity: str) -> Figure:
    (figure,) = Figures(observations(identity)).all(identity)
    return figure


@pytest.mark.parametrize("identity", ["U01", "U02", "U03", "U04", "U05", "U06"])
def test_usgs_output_of_burma_is_no_check_on_customs(identity: str) -> None:
    with pytest.raises(BasisError, match=f"figure {identity}: USGS makes .* from China's import statistics"):
        must_be_independent(one(identity))


def test_usgs_output_under_another_id_is_no_check_either() -> None:
    with pytest.raises(BasisError, match="figure mine: USGS"):
        must_be_independent(replace(one("U05"), id="mine"))


def test_another_count_of_oxide_may_check_customs() -> None:
    """The broker's 50,000 t of 2023 (brief, section 1.4), which the shipped figures do not hold."""
    broker = replace(one("U05"), id="broker", source="Ord Minnett", metric="output", low=5e4, high=5e4)
    customs = Drawn(np.array([40e3, 45e3, 48e3, 51e3]))
    assert chance_above(customs, broker) == 0.25


def test_an_independent_count_is_set_beside_customs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance, "OUTSIDE_COUNTS", {2023: "broker"})
    found = observations("A24", "A25", "U05")
    broker = (found["source_id"] == "U05").astype(bool)
    found.loc[broker, ["source_id", "source", "metric"]] = ["broker", "Ord Minnett", "output"]
    done = estimate(found, series(), read_priors())
    chance = row_like(done, "probability that customs hold more than others count", "2023")
    assert 0.9 < chance.p50 < 1  # nearly all draws lie above 43,000 t


def test_gross_tonnes_do_not_check_oxide() -> None:
    with pytest.raises(BasisError, match="figure A24 is in t gross, needed is t REO"):
        chance_above(Drawn(np.array([1.0])), one("A24"))


def test_a_run_names_the_checks_it_refused(estimated: Estimated) -> None:
    refused = {one.quantity: one.reason for one in estimated.left_out if "check of customs" in one.quantity}
    assert set(refused) == {"check of customs by figure U02", "check of customs by figure U05"}
    assert all("no independent check" in reason for reason in refused.values())


def test_a_site_makes_125_to_155_tonnes_a_year_if_the_imports_of_2023_came_from_300_to_370(
    estimated: Estimated,
) -> None:
    """Brief, section 5.5: 46.5 kt over 370 and over 300 sites."""
    found = row_like(estimated, "oxide per site-year", "2023")
    oxide = row_like(estimated, "rare earth oxide", "2023").p50
    assert (oxide / 370, oxide / 300) == pytest.approx((125, 155), abs=1.5)
    assert 120 < found.p05 < 130 < found.p50 < 150 < found.p95 < 160


def test_unseen_sites_are_counted_as_perhaps_at_work() -> None:
    (bounds,) = {(one.low, one.high) for one in active_sites(seen(3, unseen=2)).values()}
    assert bounds == (3, 5)


def test_a_year_of_sites_yields_their_number_times_the_prior(priors: Mapping[str, Prior]) -> None:
    done = estimate(observations(), series(), priors, site_months=seen(80))
    output = row_like(done, OUTPUT, "2023")
    assert (output.p05, output.p95) == pytest.approx((80 * 126.5, 80 * 153.5), rel=0.005)


def test_what_is_unexplained_has_a_probability_and_no_other_name(priors: Mapping[str, Prior]) -> None:
    few, many = (estimate(observations(), series(), priors, site_months=seen(count)) for count in (10, 200))
    assert row_like(few, CHANCE, "2023").p50 == 0
    assert row_like(many, CHANCE, "2023").p50 == 1
    left = row_like(few, UNEXPLAINED, "2023")
    assert left.p05 < left.p50 < left.p95 < 0
    assert "smuggl" not in " ".join(few.table["quantity"])


def test_the_residual_is_mined_less_the_watched_part_of_customs() -> None:
    sites, per_site, customs, watched = (Drawn(np.array([x])) for x in (10.0, 140.0, 46_000.0, 0.02))
    assert unexplained(sites, per_site, customs, watched).array[0] == 1400 - 920


def test_without_a_watched_share_there_is_output_and_no_residual() -> None:
    done = estimate(observations(), series(), read_priors(), site_months=seen(80))
    assert OUTPUT in set(done.table["quantity"])
    assert UNEXPLAINED not in set(done.table["quantity"])
    assert "watched_share" in {one.quantity: one.reason for one in done.left_out}[UNEXPLAINED]


def test_months_that_the_lag_needs_and_that_were_not_watched_are_named() -> None:
    late = site_months(date(2023, 1, 1), date(2023, 12, 1), {"a": "active"})
    done = estimate(observations(), series(), read_priors(), site_months=late)
    reasons = {(one.quantity, one.period): one.reason for one in done.left_out}
    assert reasons[OUTPUT, "2023"] == "site months of 2022-10 are missing; watch longer"


def test_output_of_a_year_is_that_of_the_months_before_it() -> None:
    until_september = site_months(date(2022, 1, 1), date(2023, 12, 1), {"a": "active"})
    stopped = until_september["month"] >= date(2023, 1, 1)
    until_september.loc[stopped.astype(bool), "state"] = "idle"
    done = estimate(observations(), series(), read_priors(), site_months=until_september)
    output = row_like(done, OUTPUT, "2023")  # one to three months of one site
    assert 125 / 12 < output.p05 < output.p95 < 155 * 3 / 12
