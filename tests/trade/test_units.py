from __future__ import annotations

import pytest

from leachwatch.errors import BasisError, RecordError
from leachwatch.trade.units import conversion, measure


@pytest.mark.parametrize(
    ("written", "unit", "factor"),
    [
        ("千克", "t", 0.001),
        ("kg", "t", 0.001),
        ("1000 kg", "t", 1.0),
        ("吨", "t", 1.0),
        ("克", "t", 1e-6),
        ("thousand USD", "USD", 1000.0),
        ("万美元", "USD", 10_000.0),
        ("人民币", "CNY", 1.0),
        ("yuan/kg", "CNY/kg", 1.0),
        ("fraction", "percent", 100.0),
        ("  %  ", "percent", 1.0),
    ],
)
def test_units_are_brought_to_the_few_that_are_kept(written: str, unit: str, factor: float) -> None:
    found = measure(written)
    assert (found.unit, found.factor) == (unit, factor)


@pytest.mark.parametrize("written", ["", "-", "件", "m", "5 kg", "9**9**9", "__import__('os')", "kg)"])
def test_what_is_no_unit_is_refused_and_never_calculated(written: str) -> None:
    with pytest.raises(RecordError, match="is no unit"):
        measure(written)


def test_yuan_are_not_dollars() -> None:
    with pytest.raises(BasisError, match="the month's exchange rate"):
        conversion("CNY", "USD")
    with pytest.raises(BasisError, match="kg cannot be turned into USD"):
        conversion("kg", "USD")
    assert conversion("USD/kg", "USD/kg") == 1
    assert conversion("yuan/kg", "yuan/t") == 1000
