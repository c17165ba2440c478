from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from leachwatch.errors import BasisError, RecordError
from leachwatch.trade.figures import shipped_figures
from leachwatch.trade.gacc import read_gacc
from leachwatch.trade.observation import observations
from leachwatch.trade.prices import (
    frame_in_dollars,
    in_dollars,
    price,
    prices_in_dollars,
    read_rates,
    shipped_rates,
)
from trade.written import GACC_HEADER, GACC_ROW, gacc


def rates_file(path: Path, *rows: str, header: str = "month,rate,source") -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_the_cash_tax_in_dollars_by_the_rate_of_its_month() -> None:
    tax = next(one for one in observations(shipped_figures().frame) if one.source_id == "X01")
    dollars = in_dollars(tax, shipped_rates())
    assert dollars.unit == "USD/t"
    assert dollars.value == pytest.approx(35_000 / 7.29)
    assert dollars.span.holds(4_800)
    assert "7.29 yuan for a dollar (Reuters" in (dollars.note or "")


def test_a_month_without_a_rate_is_named() -> None:
    with pytest.raises(BasisError, match=r"no exchange rate for 2024-05.*month, rate, source"):
        shipped_rates().on(date(2024, 5, 17))
    tax = next(one for one in observations(shipped_figures().frame) if one.source_id == "X03")
    with pytest.raises(BasisError, match="is not in yuan"):
        in_dollars(tax, shipped_rates())
    with pytest.raises(BasisError, match="is not of one month"):
        in_dollars(replace(tax, unit="CNY"), shipped_rates())


def test_the_users_rates_go_before_the_shipped_ones(tmp_path: Path) -> None:
    own = read_rates(
        rates_file(tmp_path / "rates.csv", "2025-03,7.25,Federal Reserve", "2024-01,7.1,Federal Reserve")
    )
    both = shipped_rates() | own
    assert (both.on(date(2025, 3, 1)).rate, both.on(date(2024, 1, 9)).rate) == (7.25, 7.1)


def test_yuan_of_a_table_become_dollars_where_there_is_a_rate(tmp_path: Path) -> None:
    header = GACC_HEADER.replace("美元", "人民币")
    later = GACC_ROW.replace("202401", "202402")
    frame = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW, later, header=header)).frame
    rates = read_rates(rates_file(tmp_path / "rates.csv", "2024-01,7.0,x"))
    turned, warnings = frame_in_dollars(frame, rates)
    money = turned[turned["basis"] != "gross"].set_index("unit")
    assert money.loc["USD", "value"] == pytest.approx(9_876_543 / 7)
    assert (money.loc["USD", "basis"], money.loc["USD", "status"]) == ("USD_cif", "derived")
    assert (money.loc["CNY", "value"], len(turned)) == (9_876_543, len(frame))
    assert warnings == ("kept in yuan, for want of an exchange rate: 2024-02",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2025-3x,7.2,x", "line 2, month"),
        ("2025,7.2,x", "is no month"),
        ("2025-03,0,x", "is no rate"),
        ("2025-03,seven,x", "is no number"),
        ("2025-03,7.2,", "source: is empty"),
        ("2025-03,7.2,x\n2025-03,7.3,x", "line 3, month: 2025-03 stands there twice"),
        ("2025-03,7.2", "has 2 cells under 3 names"),
    ],
)
def test_a_rate_that_makes_no_sense_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        read_rates(rates_file(tmp_path / "rates.csv", row))


def test_rates_without_a_source_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="column 'source' is missing"):
        read_rates(rates_file(tmp_path / "rates.csv", "2025-03,7.2", header="month,rate"))


def test_prices_of_a_month_are_found_by_what_they_are_of() -> None:
    frame = shipped_figures().frame
    assert [one.source_id for one in price(frame, "Dy oxide", date(2019, 12, 31))] == ["P05"]
    with pytest.raises(BasisError, match="no price of Dy oxide for 2023-01"):
        price(frame, "Dy oxide", date(2023, 1, 1))


def test_a_price_is_added_in_dollars_where_its_month_has_a_rate(tmp_path: Path) -> None:
    """Of the shipped prices one is of the month of the one shipped rate; the others stay in yuan alone."""
    shipped = shipped_figures().frame
    whole = prices_in_dollars(shipped, shipped_rates())
    (added,) = whole[~whole["source_id"].isin(list(shipped["source_id"]))].to_dict("records")
    assert (added["source_id"], added["unit"], added["status"]) == ("P13-USD", "USD/kg", "derived")
    assert added["value"] == pytest.approx(6550 / 7.29)
    assert added["low"] < added["value"] < added["high"]
    assert len(whole) == len(shipped) + 1
    more = read_rates(rates_file(tmp_path / "rates.csv", "2019-12,7.0,x"))
    named = set(prices_in_dollars(shipped, shipped_rates() | more)["source_id"])
    assert named - set(shipped["source_id"]) == {"P05-USD", "P06-USD", "P13-USD"}
