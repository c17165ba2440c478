from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from leachwatch.errors import BasisError
from leachwatch.tables import OBSERVATIONS
from leachwatch.trade.figures import shipped_figures
from leachwatch.trade.observation import (
    Observation,
    Span,
    add,
    compare,
    dependence,
    difference,
    made_from_customs,
    observations,
    scaled,
)


@pytest.fixture(scope="module")
def figures() -> dict[str, Observation]:
    """Shipped figures with one value, by id."""
    return {one.source_id: one for one in observations(shipped_figures().frame)}


def test_gross_tonnes_of_one_code_are_not_compared_with_oxide(figures: dict[str, Observation]) -> None:
    with pytest.raises(BasisError, match=r"A24 \(41,700 t gross.*U05 \(43,000 t REO.*missing: the grade"):
        compare(figures["A24"], figures["U05"])


def test_the_share_of_a_total_agrees_with_the_figure_made_from_it(figures: dict[str, Observation]) -> None:
    by_share = scaled(figures["W02"], Span(0.95, 0.95), partner="MMR")
    assert by_share.value == pytest.approx(0.95 * 43_906)
    stated = replace(figures["A24"], value=41_711.0, low=41_710.5, high=41_711.5)
    assert compare(by_share, stated)
    assert compare(scaled(figures["W02"], Span(0.945, 0.955), partner="MMR"), figures["A24"])
    assert not compare(by_share, replace(stated, value=47_111.0, low=47_110.5, high=47_111.5))


def test_other_codes_are_not_compared(figures: dict[str, Observation]) -> None:
    with pytest.raises(BasisError, match="count other codes"):
        difference(figures["A24"], figures["A25"])
    with pytest.raises(BasisError, match="not stated"):
        difference(figures["A24"], figures["A28"])


def test_other_things_are_not_compared_even_in_one_unit(figures: dict[str, Observation]) -> None:
    with pytest.raises(BasisError, match="not of the same thing"):
        difference(figures["A11"], figures["A12"])
    with pytest.raises(BasisError, match="a price per tonne"):
        difference(figures["A24"], figures["A04"])
    yuan = replace(figures["A04"], unit="CNY", basis="CNY_cif")
    with pytest.raises(BasisError, match="the month's exchange rate"):
        difference(figures["A04"], yuan)
    with pytest.raises(BasisError, match="freight and insurance"):
        difference(figures["A04"], replace(figures["A04"], basis="USD_fob"))


def test_agreement_is_asked_of_one_partner_and_time_only(figures: dict[str, Observation]) -> None:
    with pytest.raises(BasisError, match="not of the same partner"):
        compare(figures["A24"], figures["W02"])
    with pytest.raises(BasisError, match="not of the same period_start"):
        compare(figures["A16"], figures["A20"])


def test_a_difference_holds_what_rounding_hides(figures: dict[str, Observation]) -> None:
    assert difference(figures["M02"], figures["M06"]) == Span(1566.5 - 75.0, 1567.5 - 65.0)


def test_codes_of_one_year_are_added_to_their_sum(figures: dict[str, Observation]) -> None:
    whole = add(add(figures["A16"], figures["A17"]), figures["A18"])
    assert (whole.value, whole.hs_scope, whole.status) == (35_539, "28469019+28469048+28469099", "derived")
    assert compare(whole, figures["A15"])


def test_months_that_follow_each_other_are_added(figures: dict[str, Observation]) -> None:
    sum_of_two = add(figures["T17"], figures["T18"])
    assert (sum_of_two.period_start, sum_of_two.period_end) == (date(2025, 1, 1), date(2025, 2, 28))
    assert sum_of_two.value is None
    assert compare(sum_of_two, replace(figures["T35"], metric=sum_of_two.metric))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A24", "A26"),  # the second counts the first's code too
        ("A24", "A24"),
        ("T14", "T16"),  # a month lies between
        ("A24", "A18"),  # other codes and another year
        ("M06", "T12"),  # all origins hold the one
    ],
)
def test_nothing_is_added_twice_or_with_a_gap(figures: dict[str, Observation], one: str, other: str) -> None:
    with pytest.raises(BasisError, match="cannot be added"):
        add(figures[one], figures[other])


def test_partners_are_added_but_not_to_the_world(figures: dict[str, Observation]) -> None:
    laos = replace(figures["A24"], partner="LAO", value=571.0, low=570.0, high=572.0)
    assert add(figures["A24"], laos).partner == "MMR+LAO"
    with pytest.raises(BasisError, match="cannot be added"):
        add(figures["W02"], laos)


def test_usgs_burma_is_no_check_on_customs(figures: dict[str, Observation]) -> None:
    usgs, customs = figures["U05"], figures["A24"]
    assert "China's import statistics" in (dependence(usgs, customs) or "")
    assert dependence(usgs, customs) == dependence(customs, usgs)
    assert not usgs.independent_of(customs)
    assert not figures["U04"].independent_of(usgs)
    assert figures["U10"].independent_of(customs)


@pytest.mark.parametrize("source", ["U.S. Geological Survey", "Mineral Commodity Summaries 2024", "the USGS"])
def test_the_usgs_is_known_by_its_other_names(figures: dict[str, Observation], source: str) -> None:
    one = replace(figures["U05"], source=source, metric="mine production")
    assert made_from_customs(one)
    assert made_from_customs(replace(one, source="Ord Minnett")) is None
    assert made_from_customs(replace(one, partner="WLD")) is None


def test_two_counts_of_one_customs_are_no_check_on_each_other(figures: dict[str, Observation]) -> None:
    assert not figures["A24"].independent_of(figures["W02"])


def test_an_observation_is_a_row_of_the_table(figures: dict[str, Observation]) -> None:
    one = figures["A24"]
    assert observations(OBSERVATIONS.frame([one.as_row()])) == (one,)


def test_a_figure_that_says_more_than_has_no_upper_end(figures: dict[str, Observation]) -> None:
    assert figures["S08"].span == Span(60, math.inf)
