from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leachwatch.case import ClaimSettings
from leachwatch.case.records.claim_tests import Expect
from leachwatch.claims.bands import Band, band_of
from leachwatch.claims.interval import Interval
from leachwatch.claims.verdicts import combine

QUANTIFIERS = (
    "exactly", "about", "roughly", "similar", "over", "at_least", "under", "at_most", "nearly", "up_to",
    "between", "order_of_magnitude",
)  # fmt: skip
NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda one: one if abs(one) > 1e-9 else 0.0)
RESULTS = ("supports", "refutes", "open", "uncovered", "not_computable")


@st.composite
def expects(draw: st.DrawFn) -> Expect:
    word, value = draw(st.sampled_from(QUANTIFIERS)), draw(NUMBERS)
    high = value + draw(st.floats(0, 1e6)) if word == "between" else None
    return Expect.model_validate({"quantifier": word, "value": value, "value_high": high})


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    ends = sorted((draw(NUMBERS), draw(NUMBERS)))
    low = -math.inf if draw(st.booleans()) and draw(st.booleans()) else ends[0]
    high = math.inf if draw(st.booleans()) and draw(st.booleans()) else ends[1]
    return Interval(low, high)


def band(word: str, value: float, high: float | None = None) -> Band:
    return band_of(
        Expect.model_validate({"quantifier": word, "value": value, "value_high": high}), ClaimSettings()
    )


@pytest.mark.parametrize(
    ("word", "value", "low", "high"),
    [
        ("exactly", 26, 25.5, 26.5),
        ("exactly", 0.5, 0.45, 0.55),
        ("about", 10, 8.5, 11.5),
        ("about", -0.8, -0.92, -0.68),
        ("roughly", 100, 75, 125),
        ("similar", 1, 0.85, 1.15),
        ("over", 300, 300, math.inf),
        ("at_most", 5, -math.inf, 5),
        ("nearly", 42_000, 37_800, 42_000),
        ("nearly", -10, -10, -9),
        ("up_to", 50, 0, 50),
        ("up_to", -50, -50, 0),
        ("order_of_magnitude", 100, 100 / math.sqrt(10), 100 * math.sqrt(10)),
    ],
)
def test_a_hedge_has_the_width_that_is_written_down(word: str, value: float, low: float, high: float) -> None:
    found = band(word, value)
    assert [found.low, found.high] == pytest.approx([low, high])


def test_the_width_of_a_hedge_is_a_setting_of_the_case() -> None:
    expect = Expect(quantifier="about", value=10)
    assert band_of(expect, ClaimSettings(about=0.5)) == Band(5, 15)


@given(expects())
def test_a_band_holds_its_own_number_unless_the_word_excludes_it(expect: Expect) -> None:
    holds = band_of(expect, ClaimSettings()).holds(expect.value)
    assert holds == (expect.quantifier not in {"over", "under"})


@pytest.mark.parametrize(("word", "other"), [("over", "under"), ("at_least", "at_most")])
@given(value=NUMBERS, interval=intervals())
def test_what_supports_more_than_a_number_supports_less_than_its_negative(
    word: str, other: str, value: float, interval: Interval
) -> None:
    mirrored = Interval(-interval.high, -interval.low)
    assert band(word, value).judge(interval) == band(other, -value).judge(mirrored)


@pytest.mark.parametrize("word", sorted(set(QUANTIFIERS) - {"between", "exactly"}))
@given(
    value=NUMBERS.filter(lambda one: one != 0),
    factor=st.sampled_from([0.5, 2.0, 1024.0]),
    interval=intervals(),
)
def test_a_judgement_does_not_depend_on_the_unit_but_for_printed_digits(
    word: str, value: float, factor: float, interval: Interval
) -> None:
    scaled = interval * Interval(factor, factor)
    assert band(word, value).judge(interval) == band(word, value * factor).judge(scaled)


@given(expects(), intervals(), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_wider_estimate_never_settles_what_was_open(
    expect: Expect, interval: Interval, below: float, above: float
) -> None:
    allowed = band_of(expect, ClaimSettings())
    wider = Interval(interval.low - below, interval.high + above)
    assert allowed.judge(wider) in {"open", allowed.judge(interval)}


@given(expects(), NUMBERS)
def test_a_known_number_is_never_left_open(expect: Expect, value: float) -> None:
    allowed = band_of(expect, ClaimSettings())
    assert allowed.judge(Interval(value, value)) == ("supports" if allowed.holds(value) else "refutes")


def test_three_hundred_are_not_more_than_three_hundred() -> None:
    assert band("over", 300).judge(Interval(300, 300)) == "refutes"
    assert band("at_least", 300).judge(Interval(300, 300)) == "supports"
    assert band("over", 300).judge(Interval(300, 301)) == "open"


@given(st.lists(st.sampled_from(RESULTS), min_size=1, max_size=6))
def test_it_is_conflicting_if_and_only_if_one_reading_supports_and_one_refutes(results: list[str]) -> None:
    assert (combine(results) == "CONFLICTING") == ({"supports", "refutes"} <= set(results))


@given(st.lists(st.sampled_from(RESULTS), min_size=1, max_size=6), st.randoms())
def test_the_order_of_readings_does_not_matter(results: list[str], chance: object) -> None:
    turned = list(results)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    assert combine(turned) == combine(results)


@given(st.sampled_from(RESULTS), st.integers(1, 5))
def test_readings_that_agree_give_their_verdict(result: str, many: int) -> None:
    words = {"supports": "SUPPORTED", "refutes": "REFUTED", "not_computable": "NOT_COMPUTABLE"}
    assert combine([result] * many) == words.get(result, "NOT_ENOUGH_EVIDENCE")


@given(intervals(), intervals(), st.floats(0, 1), st.floats(0, 1))
def test_a_quotient_holds_every_quotient_of_its_parts(
    above: Interval, below: Interval, one: float, other: float
) -> None:
    assume(all(map(math.isfinite, (above.low, above.high, below.low, below.high))))
    top = min(above.high, max(above.low, above.low + one * (above.high - above.low)))
    bottom = min(below.high, max(below.low, below.low + other * (below.high - below.low)))
    assume(abs(bottom) > 1e-6)
    quotient = above / below
    slack = 1e-9 * max(1.0, abs(top / bottom))
    assert quotient.low - slack <= top / bottom <= quotient.high + slack


def test_a_base_of_zero_has_no_quotient_and_one_that_may_be_zero_no_limit() -> None:
    with pytest.raises(ZeroDivisionError):
        Interval(1, 2) / Interval(0, 0)
    assert Interval(1, 2) / Interval(0, 4) == Interval(0.25, math.inf)
    assert Interval(0, 0) / Interval(0, 4) == Interval(0, 0)
    assert Interval(1, 2) / Interval(-1, 1) == Interval(-math.inf, math.inf)


def test_an_interval_begins_with_its_lower_end() -> None:
    with pytest.raises(ValueError, match="give the lower end first"):
        Interval(2, 1)
    for low, high in pairwise((-math.inf, 0.0, math.inf)):
        assert Interval(low, high).low < Interval(low, high).high
