from __future__ import annotations

from datetime import date

import pytest

from claims.written import Made, claim, figure, month_of, quick, source, trade
from leachwatch import tables
from leachwatch.claims.measures import Measures
from leachwatch.claims.verdicts import judge
from leachwatch.errors import TableError


def tenfold(**more: object) -> dict[str, object]:
    """The claim of the brief: tenfold from March to April 2025, by weight and by value."""
    weight, value = (
        {
            "id": name,
            "numerator": trade(period="2025-04", hs=["284690"], basis=basis),
            "denominator": trade(period="2025-03", hs=["284690"], basis=basis),
        }
        for name, basis in (("weight", "gross"), ("value", "USD_cif"))
    )
    return {
        "kind": "ratio", "readings": [weight, value], "expect": {"quantifier": "about", "value": 10},
        "error": {"revision": 0.02},
        "context": [
            {"kind": "percentile", "of": "denominator", "window": 2},
            {"kind": "level", "of": "numerator", "versus": -12},
        ],
    } | more  # fmt: skip


def two_months(made: Made) -> Made:
    made.rows["observations"] = [
        figure("MMR 284690*", "2025-03-01", "2025-03-31", 490.0, source_id="W1"),
        figure("MMR 284690*", "2025-04-01", "2025-04-30", 4770.0, source_id="W2"),
        figure("MMR 284690*", "2025-03-01", "2025-03-31", 10e6, source_id="V1", unit="USD", basis="USD_cif"),
        figure("MMR 284690*", "2025-04-01", "2025-04-30", 67e6, source_id="V2", unit="USD", basis="USD_cif"),
        figure("MMR 284690*", "2024-04-01", "2024-04-30", 4000.0, source_id="W0"),
        figure("MMR 284690*", "2025-02-01", "2025-02-28", 300.0, source_id="WF"),
    ]
    return made


def test_tenfold_by_weight_and_less_by_value_is_conflicting(made: Made) -> None:
    outcome = two_months(made).judge(tenfold())
    assert outcome.verdict == "CONFLICTING"
    weight, value = outcome.readings
    assert (weight.result, value.result) == ("supports", "refutes")
    assert weight.estimate.low == pytest.approx(4770 * 0.98 / (490 * 1.02))
    assert outcome.why == "Right under weight (9.35 to 10.1) and wrong under value (6.44 to 6.97)."
    assert "which of weight and value is meant" in outcome.would_change


def test_context_says_how_low_the_base_was_and_what_the_year_before_had(made: Made) -> None:
    weight = two_months(made).judge(tenfold()).readings[0]
    assert weight.context == (
        "2025-03 is above 100 % of the 1 months known of the 2 before it",
        "2025-04 is 1.19 times 2024-04",
    )


def test_a_month_nobody_reports_is_not_zero(made: Made) -> None:
    made.rows["series"] = [
        month_of("MMR 28469019", "2024-04", 100, 100),
        month_of("WLD 28469019", "2024-05", 5, 5),
    ]
    outcome = made.judge(quick("level", {"of": trade(period="2024-04..2024-05")}, "at_most", 1000))
    assert outcome.verdict == "NOT_ENOUGH_EVIDENCE"
    assert outcome.readings[0].result == "uncovered"
    assert "(2024-05 missing)" in outcome.why
    assert outcome.would_change == (
        "A customs export of HS 28469019 from partner 106 (Myanmar) for 2024-04 to 2024-05 would decide it."
    )


def test_one_partner_never_stands_for_another(made: Made) -> None:
    made.rows["series"] = [month_of("WLD 28469019", "2024-04", 100, 100)]
    outcome = made.judge(quick("level", {"of": trade(period="2024-04")}, "at_most", 1000))
    assert (outcome.verdict, outcome.readings[0].result) == ("NOT_ENOUGH_EVIDENCE", "uncovered")


def test_quadrupled_names_the_year_that_nobody_gives(made: Made) -> None:
    made.rows["observations"] = [figure("MMR 2846*", "2023-01-01", "2023-12-31", 72_000)]
    reading = {
        "numerator": trade(hs=["2846"], period="2023"),
        "denominator": trade(hs=["2846"], period="2017"),
    }
    outcome = made.judge(quick("ratio", reading, "over", 4))
    assert outcome.verdict == "NOT_ENOUGH_EVIDENCE"
    assert outcome.why == "No figure at hand gives imports from Myanmar (HS 2846) for 2017."
    assert (
        outcome.would_change
        == "A customs export of HS 2846 from partner 106 (Myanmar) for 2017 would decide it."
    )


def test_gross_weight_says_nothing_of_oxide_and_the_grade_is_named(made: Made) -> None:
    made.rows["observations"] = [figure("MMR 28469019", "2023-01-01", "2023-12-31", 41_700)]
    outcome = made.judge(quick("level", {"of": trade(period="2023", basis="REO")}, "over", 40_000))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert "is gross, not REO; missing: the grade" in outcome.why


def test_other_codes_are_another_thing(made: Made) -> None:
    made.rows["observations"] = [figure("MMR 28469019", "2023-01-01", "2023-12-31", 41_700)]
    outcome = made.judge(quick("level", {"of": trade(period="2023", hs=["28469048"])}, "over", 40_000))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert "counts HS 28469019, not HS 28469048; missing: a figure for the same codes" in outcome.why
    both = {"numerator": trade(period="2023"), "denominator": trade(period="2023", hs=["28469048"])}
    assert "missing: a figure for the same codes" in made.judge(quick("ratio", both, "over", 1)).why


def test_weight_is_not_set_against_money(made: Made) -> None:
    reading = {
        "numerator": trade(period="2025-04", hs=["284690"]),
        "denominator": trade(period="2025-03", hs=["284690"], basis="USD_cif"),
    }
    outcome = two_months(made).judge(quick("ratio", reading, "over", 1))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert "a price per tonne" in outcome.why


def test_several_codes_are_added(made: Made) -> None:
    made.rows["series"] = [
        month_of("MMR 28469019", "2024-04", 90, 110),
        month_of("MMR 28469048", "2024-04", 9, 11),
    ]
    outcome = made.judge(
        quick(
            "level",
            {"of": trade(hs=["28469019", "28469048"])},
            "between",
            99,
            expect={"value_high": 121, "unit": "t"},
        )
    )
    assert outcome.verdict == "SUPPORTED"
    assert outcome.readings[0].estimate.interval.low == 99


def test_a_total_bounds_what_its_months_leave_open(made: Made) -> None:
    """Two months of which only the sum is known; the quarter says the sum, its third month is known."""
    made.rows["series"] = [
        month_of("MMR 28469019", "2024-01", 0, 500, identified=False),
        month_of("MMR 28469019", "2024-02", 0, 500, identified=False),
        month_of("MMR 28469019", "2024-03", 100, 110),
    ]
    made.rows["observations"] = [figure("MMR 28469019", "2024-01-01", "2024-03-31", 600)]
    outcome = made.judge(
        quick("level", {"of": trade(period="2024-01..2024-02")}, "between", 490, expect={"value_high": 500})
    )
    assert outcome.verdict == "SUPPORTED"


def test_figures_that_contradict_each_other_leave_all_that_any_allows(made: Made) -> None:
    made.rows["observations"] = [
        figure("MMR 28469019", "2023-01-01", "2023-12-31", 1000, source_id="A"),
        figure("MMR 28469019", "2023-01-01", "2023-12-31", 1200, source_id="B"),
    ]
    estimate = made.judge(quick("level", {"of": trade(period="2023")}, "over", 1100)).readings[0].estimate
    assert (estimate.low, estimate.high) == (1000, 1200)


def test_a_figure_shown_to_be_wrong_is_not_used(made: Made) -> None:
    made.rows["observations"] = [figure("MMR 28469019", "2023-01-01", "2023-12-31", 1000, certainty="X")]
    assert (
        made.judge(quick("level", {"of": trade(period="2023")}, "over", 900)).readings[0].result
        == "uncovered"
    )


def test_parts_of_a_flow_in_one_file_are_added_and_kilograms_are_tonnes(made: Made) -> None:
    made.rows["observations"] = [
        figure("MMR 28469019", "2024-04-01", "2024-04-30", 70_000, unit="kg", row=1, source_id="export"),
        figure("MMR 28469019", "2024-04-01", "2024-04-30", 30_000, unit="kg", row=2, source_id="export"),
    ]
    estimate = made.judge(quick("level", {"of": trade()}, "exactly", 100)).readings[0].estimate
    assert (estimate.low, estimate.high) == (100, 100)


def test_a_fall_is_negative_and_may_be_more_than_it_was_said(made: Made) -> None:
    made.rows["series"] = [
        month_of("MMR 28469019", "2024-09", 5000, 5100),
        month_of("MMR 28469019", "2024-11", 900, 990),
    ]
    reading = {"before": trade(period="2024-09"), "after": trade(period="2024-11")}
    outcome = made.judge(quick("change", reading, "under", -0.8))
    assert outcome.verdict == "SUPPORTED"
    assert outcome.readings[0].estimate.high == pytest.approx(990 / 5000 - 1)


def test_a_change_around_an_event_is_printed_with_the_same_change_elsewhere(made: Made) -> None:
    levels = [100, 110, 20, 100, 120, 110]
    made.rows["series"] = [
        month_of("MMR 28469019", f"2024-{month:02d}", level, level) for month, level in enumerate(levels, 1)
    ]
    reading = {"before": trade(period="2024-05"), "after": trade(period="2024-06")}
    outcome = made.judge(quick("change", reading, "under", -0.05, around="evt-0000000001"))
    assert outcome.readings[0].context == (
        "placebos: moved to 4 other months, the change is -0.818 to 4; 1 of them may be as deep a fall",
    )


def test_a_base_of_zero_is_said(made: Made) -> None:
    made.rows["series"] = [
        month_of("MMR 28469019", "2024-03", 0, 0),
        month_of("MMR 28469019", "2024-04", 5, 5),
    ]
    reading = {"numerator": trade(period="2024-04"), "denominator": trade(period="2024-03")}
    outcome = made.judge(quick("ratio", reading, "over", 4))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert outcome.why.startswith("The base is zero")


def test_a_share_is_no_more_than_all_and_a_part_larger_than_its_whole_is_a_contradiction(made: Made) -> None:
    made.rows["series"] = [
        month_of("MMR 28469019", "2024-04", 90, 120),
        month_of("WLD 28469019", "2024-04", 100, 100),
        month_of("LAO 28469019", "2024-04", 150, 150),
    ]
    shares = [
        made.judge(quick("share", {"part": trade(partner), "whole": trade("WLD")}, "at_least", 0.9))
        for partner in ("MMR", "LAO")
    ]
    assert (shares[0].readings[0].estimate.low, shares[0].readings[0].estimate.high) == (0.9, 1.0)
    assert [one.verdict for one in shares] == ["SUPPORTED", "NOT_COMPUTABLE"]


def test_places_are_tied_where_intervals_overlap_and_the_unknown_may_be_larger(made: Made) -> None:
    made.rows["series"] = [
        month_of("MMR 28469019", "2024-04", 90, 120),
        month_of("LAO 28469019", "2024-04", 10, 20),
        month_of("MYS 28469019", "2024-04", 100, 110),
    ]

    def place(*among: str) -> tuple[float, float, str]:
        outcome = made.judge(quick("rank", {"of": trade(), "among": list(among)}, "exactly", 1))
        one = outcome.readings[0].estimate
        return one.low, one.high, outcome.verdict

    assert place("LAO", "MMR") == (1, 1, "SUPPORTED")
    assert place("LAO", "MYS") == (1, 2, "NOT_ENOUGH_EVIDENCE")
    assert place("LAO", "VNM") == (1, 2, "NOT_ENOUGH_EVIDENCE")


def test_money_is_turned_at_the_rate_of_its_month_as_exactly_as_that_is_printed(made: Made) -> None:
    money = {"of": "money", "amount": 35_000.0, "month": "2025-03"}
    outcome = made.judge(quick("level", {"of": money}, "about", 4800, expect={"unit": "USD"}))
    estimate = outcome.readings[0].estimate
    assert [estimate.low, estimate.high] == pytest.approx([35_000 / 7.255, 35_000 / 7.245])
    assert outcome.verdict == "SUPPORTED"
    missing = made.judge(quick("level", {"of": money | {"month": "2025-04"}}, "about", 4800))
    assert "there is no exchange rate for 2025-04" in missing.why.lower()


def test_a_rate_that_was_made_from_the_claim_does_not_support_it(made: Made) -> None:
    money = {"of": "money", "amount": 35_000.0, "month": "2025-03"}
    made.records, made.rate_group = [source(1, "kio-memo-2025")], "kio-memo-2025"
    outcome = made.judge(quick("level", {"of": money}, "about", 4800, expect={"unit": "USD"}))
    assert outcome.verdict == "CONSISTENT_NOT_INDEPENDENT"


def test_a_published_share_in_percent_is_a_share_of_one(made: Made) -> None:
    made.rows["observations"] = [
        figure(
            "MMR 28469019", "2023-01-01", "2023-12-31", 57.0, unit="percent", basis=None, low=56.5, high=57.5
        )
    ]
    of = {"of": {"of": "published", "figure": "F1"}}
    assert made.judge(quick("level", of, "between", 0.5, expect={"value_high": 0.67})).verdict == "SUPPORTED"
    none = made.judge(quick("level", {"of": {"of": "published", "figure": "F9"}}, "over", 1))
    assert none.verdict == "NOT_COMPUTABLE"


def estimate_row(scenario: str, low: float, high: float) -> dict[str, object]:
    return {
        "quantity": "share of supply", "period": "2023", "scenario": scenario, "p05": low, "p50": None,
        "p95": high, "unit": "share", "basis": None, "inputs": ["series 28469019"],
    }  # fmt: skip


def test_rival_estimates_have_to_be_named(made: Made) -> None:
    made.rows["estimates"] = [estimate_row("mined", 0.4, 0.56), estimate_row("separated", 0.48, 0.62)]
    of = {"of": "estimate", "quantity": "share of supply", "period": "2023"}
    rivals = made.judge(quick("level", {"of": of}, "over", 0.3))
    assert rivals.verdict == "NOT_COMPUTABLE"
    assert "mined and separated" in rivals.why
    assert made.judge(quick("level", {"of": of | {"scenario": "mined"}}, "over", 0.3)).verdict == "SUPPORTED"
    assert (
        made.judge(quick("level", {"of": of | {"period": "2019"}}, "over", 0.3)).readings[0].result
        == "uncovered"
    )


def test_tonnes_are_no_dollars(made: Made) -> None:
    made.rows["series"] = [month_of("MMR 28469019", "2024-04", 90, 120)]
    outcome = made.judge(quick("level", {"of": trade()}, "over", 50, expect={"unit": "USD"}))
    assert outcome.verdict == "NOT_COMPUTABLE"
    kilotonnes = made.judge(quick("level", {"of": trade()}, "over", 0.05, expect={"unit": "kt"}))
    assert kilotonnes.verdict == "SUPPORTED"


def test_who_claims_what_customs_say_is_not_supported_by_customs(made: Made) -> None:
    made.rows["series"] = [month_of("MMR 28469019", "2024-04", 90, 120)]
    made.rows["estimates"] = [estimate_row("mined", 0.4, 0.56)]
    made.records = [source(1, "china-customs")]
    for figure_ in (trade(), {"of": "estimate", "quantity": "share of supply", "period": "2023"}):
        outcome = made.judge(quick("level", {"of": figure_}, "over", 0.1))
        assert outcome.verdict == "CONSISTENT_NOT_INDEPENDENT"
        assert not outcome.independent
    refuted = made.judge(quick("level", {"of": trade()}, "over", 1000))
    assert refuted.verdict == "REFUTED"


def test_without_any_table_nothing_is_covered(made: Made) -> None:
    outcome = judge(claim(quick("level", {"of": trade()}, "over", 1)), Measures(made.data()))
    assert outcome.why == "There are no tables of trade yet."
    with pytest.raises(TableError, match="no such table"):
        made.data().reader.read(tables.SITES)


def test_a_period_is_made_of_whole_months(made: Made) -> None:
    made.rows["series"] = [month_of("MMR 28469019", "2024-04", 90, 120)]
    outcome = made.judge(quick("level", {"of": trade(period="2024-04-03..2024-04-20")}, "over", 1))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert date(2024, 4, 3).isoformat() in outcome.why


@pytest.mark.parametrize(
    ("scope", "said"),
    [("unstated", "a statement of the codes of F0"), ("28469019", "a figure for the same codes")],
)
def test_printed_figures_of_other_codes_are_not_set_against_each_other(
    made: Made, scope: str, said: str
) -> None:
    made.rows["observations"] = [
        figure("MMR 2846", "2023-01-01", "2023-12-31", 900.0),
        figure("MMR 2846", "2014-01-01", "2014-12-31", 1.0, source_id="F0", hs_scope=scope),
    ]
    figures = {
        "numerator": {"of": "published", "figure": "F1"},
        "denominator": {"of": "published", "figure": "F0"},
    }
    outcome = made.judge(quick("ratio", figures, "over", 2))
    assert outcome.verdict == "NOT_COMPUTABLE"
    assert said in outcome.why
    made.rows["observations"][1]["hs_scope"] = made.rows["observations"][0]["hs_scope"]
    assert made.judge(quick("ratio", figures, "over", 2)).verdict == "SUPPORTED"
