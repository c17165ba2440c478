from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from leachwatch.errors import RecordError
from leachwatch.trade.statement import Statement
from trade.printing import change, said, share, total


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: total("A", "2024-03/2024-01", 1), "period_end: 2024-01-01 is before the start"),
        (lambda: total("A", "2024-03", 1, period_start=date(2024, 3, 2)), "not the first day of a month"),
        (lambda: total("A", "2024-03", float("nan")), "value: nan is not a number"),
        (lambda: total("A", "2024-03", -1), "value: -1 is below zero"),
        (lambda: total("A", "2024-03", 1, half_width=-1.0), "half_width: -1.0 is not a width"),
        (lambda: total("A", "2024-03", 1, unit="%"), "unit: a total is printed in t or kg"),
        (lambda: share("A", "2024-03", "MMR", 1, unit="t"), "unit: a share is printed in %"),
        (lambda: said("A", "change", "2024-03", 1), "base_start: say of or against what"),
        (lambda: change("A", "2024-03", "2024-02", 1, base_end=None), "base_end: missing"),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused_by_its_field(
    make: Callable[[], Statement], fault: str
) -> None:
    with pytest.raises(RecordError) as caught:
        make()
    assert fault in str(caught.value)


def test_a_statement_moves_to_another_year_with_its_base() -> None:
    moved = change("A", "2024-03/2024-05", "2023-03/2023-05", 4).years_on(-1)
    assert (moved.period_start, moved.base_end) == (date(2023, 3, 1), date(2022, 5, 1))
    assert total("B", "2024-03", 4).years_on(1).base_start is None
