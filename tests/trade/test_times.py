from __future__ import annotations

from datetime import date

import pytest

from leachwatch.errors import PeriodError
from leachwatch.trade.times import parse_time


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("202402", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024年", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02-03", date(2024, 2, 3), date(2024, 2, 3)),
        ("20240203", date(2024, 2, 3), date(2024, 2, 3)),
        ("2024-11..2025-02", date(2024, 11, 1), date(2025, 2, 28)),
    ],
)
def test_a_time_is_its_first_and_last_day(written: str, first: date, last: date) -> None:
    period = parse_time(written)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "written",
    ["", "24-01", "2024-13", "2024-00", "2020-11/12", "1", "2023-02-29", "2024-03..2024-01", "3024"],
)
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(PeriodError):
        parse_time(written)
