from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leachwatch.errors import RecordError
from leachwatch.trade.asked import NO_TRADE, Asked, fill_zeros, months_of
from leachwatch.trade.comtrade import read_comtrade
from leachwatch.trade.gacc import read_gacc
from leachwatch.trade.readout import Readout
from leachwatch.trade.times import parse_time
from trade.written import GACC_ROW, comtrade, comtrade_row, gacc

QUARTER = Asked("CHN", "import", ("28469019",), ("MMR", "LAO"), months_of(parse_time("2024-01..2024-03")))


def filled(readout: Readout, asked: Asked = QUARTER) -> Readout:
    return fill_zeros(readout, asked, source_id="S1", source="the customs")


def test_what_was_asked_for_and_did_not_come_is_zero(tmp_path: Path) -> None:
    readout = filled(read_gacc(gacc(tmp_path / "export.csv", GACC_ROW)))
    zeros = readout.frame[readout.frame["note"] == NO_TRADE]
    assert len(zeros) == 2 * 5  # weight and value of five cells
    assert (zeros["value"].sum(), set(zeros["status"]), set(zeros["row"])) == (0, {"derived"}, {0})
    laos = zeros[(zeros["partner"] == "LAO") & (zeros["basis"] == "gross")]
    assert list(laos["period_end"]) == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]
    assert "5 times no row came" in readout.warnings[0]


def test_what_was_not_asked_for_stays_missing(tmp_path: Path) -> None:
    frame = filled(read_gacc(gacc(tmp_path / "export.csv", GACC_ROW))).frame
    assert "28469048" not in set(frame["hs"])
    assert not (frame["period_start"] >= date(2024, 4, 1)).any()


def test_a_code_below_the_one_that_was_asked_for_is_an_answer(tmp_path: Path) -> None:
    asked = Asked("CHN", "import", ("2846",), ("MMR",), months_of(parse_time("2024-01")))
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW))
    assert filled(readout, asked) is readout


def test_while_a_row_is_refused_nothing_is_taken_for_zero(tmp_path: Path) -> None:
    read = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW, GACC_ROW.replace("202401", "01")))
    readout = filled(read)
    assert readout.frame.equals(read.frame)
    assert "no zero is filled in, since rows of it were refused" in readout.warnings[-1]


def test_an_empty_answer_is_all_zeros(tmp_path: Path) -> None:
    readout = filled(read_comtrade(comtrade(tmp_path / "answer.json")))
    assert (len(readout.frame), set(readout.frame["unit"])) == (6, {"t"})
    assert set(readout.frame["source"]) == {"the customs"}


def test_a_year_with_a_row_has_no_month_of_zero(tmp_path: Path) -> None:
    """An annual row answers all months of its year: none of them is known to be without trade."""
    year = Asked("CHN", "import", ("284690",), ("MMR", "LAO"), months_of(parse_time("2023")))
    frame = filled(read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row())), year).frame
    zeros = frame[(frame["row"] == 0) & (frame["unit"] == "t")]
    assert (set(zeros["partner"]), len(zeros)) == ({"LAO"}, 12)


@pytest.mark.parametrize(("reporter", "flow"), [("LAO", "import"), ("CHN", "export")])
def test_an_answer_to_another_query_is_refused(tmp_path: Path, reporter: str, flow: str) -> None:
    readout = read_gacc(gacc(tmp_path / "export.csv", GACC_ROW))
    other = Asked(reporter, flow, QUARTER.codes, QUARTER.partners, QUARTER.periods)
    with pytest.raises(RecordError, match=f"no row of {flow}s of {reporter}"):
        filled(readout, other)
