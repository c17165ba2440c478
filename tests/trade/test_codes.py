from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.errors import RecordError
from leachwatch.trade.codes import UNSTATED, code_of, parse_scope

CODES = st.text("28", min_size=2, max_size=5).map(lambda text: text * 2)
SCOPES = st.lists(CODES, min_size=1, max_size=4).map(lambda codes: parse_scope("+".join(codes)))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("28469099+28469019", "28469019+28469099"),
        ("2846.90.19", "28469019"),
        ("2846 9019", "28469019"),
        ("2846", "2846*"),
        ("2846*+2530*", "2530*+2846*"),
        ("284690+28469019", "284690*"),
        ("28469019*", "28469019"),
        ("", "unstated"),
        ("unstated", "unstated"),
        ("28469099?", "unstated"),
    ],
)
def test_codes_are_printed_in_one_way(written: str, printed: str) -> None:
    assert str(parse_scope(written)) == printed


@pytest.mark.parametrize("written", ["oxide", "2846+", "28460000000", "２８４６", "2", "2846**"])
def test_what_is_no_list_of_codes_is_refused(written: str) -> None:
    with pytest.raises(RecordError, match="is no list of codes"):
        parse_scope(written)


@settings(deadline=None)
@given(SCOPES)
def test_a_scope_is_read_back_as_it_is_printed(scope: object) -> None:
    assert parse_scope(str(scope)) == scope


@settings(deadline=None)
@given(SCOPES, SCOPES)
def test_a_scope_cannot_hold_another_and_share_nothing_with_it(one: object, other: object) -> None:
    first, second = parse_scope(str(one)), parse_scope(str(other))
    assert not (first.holds(second) and first.disjoint(second))
    assert (first | second).holds(first)
    assert first.disjoint(second) == second.disjoint(first)


def test_a_heading_holds_the_codes_below_it() -> None:
    heading, code = parse_scope("2846*"), parse_scope("28469019")
    assert heading.holds(code)
    assert not code.holds(heading)
    assert code.disjoint(parse_scope("28469099"))
    assert not heading.disjoint(code)


def test_of_an_unstated_scope_nothing_is_known() -> None:
    code = parse_scope("28469019")
    assert not code.holds(UNSTATED)
    assert not UNSTATED.holds(code)
    assert not code.disjoint(UNSTATED)
    assert code | UNSTATED == UNSTATED


def test_the_chemicals_are_marked_as_not_verified() -> None:
    found = {code: code_of(code) for code in ("3102210000", "28469048", "01012100")}
    assert found["01012100"] is None
    assert [one.verified for one in found.values() if one] == [False, True]
