from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leachwatch.errors import PeriodError, RecordError
from leachwatch.trade.fetching import Query, months, years
from leachwatch.trade.fetching.query import fitting, without

CODES = ("2846", "284610", "284690")
PARTNERS = ("LAO", "MMR", "MYS")
PERIODS = ("2021", "2022", "2023")
CELLS = list(product(CODES, PARTNERS, PERIODS))


def query() -> Query:
    return Query.of("CHN", PARTNERS, CODES, PERIODS)


def test_it_is_sorted_and_each_thing_stands_once() -> None:
    asked = Query.of("chn", ["MMR", "LAO", "104"], ["284690", " 2846"], years("2022-2023"))
    assert asked == Query("CHN", "import", ("2846", "284690"), ("LAO", "MMR"), ("2022", "2023"))


def test_totals_are_asked_for_so_that_no_row_comes_in_parts() -> None:
    said = query().parameters()
    assert (said["partner2Code"], said["customsCode"], said["motCode"]) == ("0", "C00", "0")
    assert (said["reporterCode"], said["partnerCode"], said["flowCode"]) == ("156", "418,104,458", "M")


@given(st.sets(st.sampled_from(CELLS)))
def test_what_is_left_out_and_what_is_known_make_the_whole_and_nothing_twice(
    known: set[tuple[str, str, str]],
) -> None:
    left = [cell for part in without(query(), known) for cell in part.cells()]
    assert len(left) == len(set(left))
    assert set(left) == set(CELLS) - known


@given(st.integers(1, 3), st.integers(1, 40))
def test_calls_hold_the_whole_query_once_and_keep_the_limits(periods: int, signs: int) -> None:
    def length(call: Query) -> int:
        return len(",".join((*call.codes, *call.partners, *call.periods)))

    calls = fitting(query(), periods, signs, length)
    cells = [cell for call in calls for cell in call.cells()]
    assert sorted(cells) == sorted(CELLS)
    for call in calls:
        assert len(call.periods) <= periods
        assert length(call) <= signs or not call.halves()


def test_a_single_cell_cannot_be_halved() -> None:
    assert Query.of("CHN", ["MMR"], ["284690"], ["2023"]).halves() == ()


def test_months_go_over_the_end_of_a_year() -> None:
    assert months("2023-12:2024-02") == ("202312", "202401", "202402")


@pytest.mark.parametrize("text", ["", "24", "2024-2020", "2024-01", "2024,2025"])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(PeriodError, match="give one such as 2024"):
        years(text)


@pytest.mark.parametrize("text", ["", "2024", "2024-13", "2024-00:2024-05", "2024-05:2024-04"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(PeriodError, match="months"):
        months(text)


def test_years_and_months_are_not_asked_for_together() -> None:
    with pytest.raises(PeriodError, match="one kind at a time"):
        Query.of("CHN", ["MMR"], ["284690"], ["2023", "202401"])


@pytest.mark.parametrize("code", ["28469019", "284", "TOTAL", "28469x", "２８４６９０"])
def test_a_code_that_comtrade_does_not_have_is_refused(code: str) -> None:
    with pytest.raises(RecordError, match="2, 4 or 6 digits"):
        Query.of("CHN", ["MMR"], [code], ["2023"])


def test_a_country_without_a_number_is_refused_with_the_mend() -> None:
    with pytest.raises(RecordError, match="give its number"):
        Query.of("CHN", ["XYZ"], ["284690"], ["2023"])


def test_nothing_asked_for_is_refused() -> None:
    with pytest.raises(RecordError, match="no partner"):
        Query.of("CHN", [], ["284690"], ["2023"])
