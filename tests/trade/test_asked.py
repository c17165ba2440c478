from __future__ import annotations

from datetime import date
from pathlib import Path

from leachwatch.trade.asked import NO_TRADE, Asked, fill_zeros
from leachwatch.trade.comtrade import read_comtrade
from leachwatch.trade.gacc import read_gacc
from leachwatch.trade.times import parse_time
from trade.written import GACC_ROW, comtrade, gacc

QUARTER = Asked("CHN", "import", ("28469019",), ("MMR", "LAO"), parse_time("2024-01..2024-03"))


def test_what_was_asked_for_and_did_not_come_is_zero(tmp_path: Path) -> None:
    readout = fill_zeros(read_gacc(gacc(tmp_path / "export.csv", GACC_ROW)), QUARTER)
    zeros = readout.frame[readout.frame["note"] == NO_TRADE]
    assert len(zeros) == 2 * 5  # weight and value of five cells
    assert (zeros["value"].sum(), set(zeros["status"]), set(zeros["row"])) == (0, {"derived"}, {0})
    laos = zeros[(zeros["partner"] == "LAO") & (zeros["basis"] == "gross")]
    assert list(laos["period_end"]) == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]
    assert "5 times no row came" in readout.warnings[0]


def test_what_was_not_asked_for_stays_missing(tmp_path: Path) -> None:
    frame = fill_zeros(read_gacc(gacc(tmp_path / "export.csv", GACC_ROW)), QUARTER).frame
    assert "28469048" not in set(frame["hs"])
    assert not (frame["period_start"] >= date(2024, 4, 1)).any()
    assert QUARTER.has("2846901992", "LAO", date(2024, 2, 1))
    assert not QUARTER.has("28469048", "LAO", date(2024, 2, 1))
    assert not QUARTER.has("28469019", "LAO", date(2024, 4, 1))


def test_a_code_below_the_one_that_was_asked_for_is_an_answer(tmp_path: Path) -> None:
    asked = Asked("CHN", "import", ("2846",), ("MMR",), parse_time("2024-01"))
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW))
    assert fill_zeros(readout, asked) is readout


def test_while_a_row_is_refused_nothing_is_taken_for_zero(tmp_path: Path) -> None:
    read = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW, GACC_ROW.replace("202401", "01")))
    readout = fill_zeros(read, QUARTER)
    assert readout.frame.equals(read.frame)
    assert "no zero is filled in, since rows of it were refused" in readout.warnings[-1]


def test_an_empty_answer_is_all_zeros(tmp_path: Path) -> None:
    readout = fill_zeros(read_comtrade(comtrade(tmp_path / "answer.json")), QUARTER)
    assert (len(readout.frame), set(readout.frame["unit"])) == (6, {"t"})
