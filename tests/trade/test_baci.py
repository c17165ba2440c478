from __future__ import annotations

from pathlib import Path

import pytest

from leachwatch.errors import RecordError
from leachwatch.trade.baci import KNOWN_CODES, read_baci
from leachwatch.trade.codes import parse_scope
from trade.written import BACI_ROW, baci

NAME = "BACI_HS22_Y2023_V202501.csv"


def test_a_row_gives_tonnes_and_dollars_as_imports_of_the_importer(tmp_path: Path) -> None:
    value, weight = read_baci(baci(tmp_path / NAME, BACI_ROW)).frame.to_dict("records")
    assert (weight["value"], weight["unit"], weight["basis"]) == (43_906.12, "t", "gross")
    assert weight["low"] == pytest.approx(43_906.1195, rel=1e-12)
    assert (value["value"], value["basis"]) == (1_320_045, "USD_fob")
    assert (weight["reporter"], weight["partner"], weight["flow"]) == ("CHN", "MMR", "import")
    assert (weight["status"], weight["vintage"]) == ("derived", "HS22 V202501")


@pytest.mark.parametrize("quantity", ["NA", "          NA", ""])
def test_a_quantity_that_is_not_there_is_missing(tmp_path: Path, quantity: str) -> None:
    frame = read_baci(baci(tmp_path / NAME, f"2023,104,156,284690,1.5,{quantity}")).frame
    assert list(frame["unit"]) == ["USD"]


@pytest.mark.parametrize(
    ("number", "country"), [(251, "FRA"), (699, "IND"), (842, "USA"), (490, "TWN"), (757, "CHE")]
)
def test_numbers_of_wider_customs_areas_are_known(tmp_path: Path, number: int, country: str) -> None:
    frame = read_baci(baci(tmp_path / NAME, f"2023,{number},156,284690,1.5,1")).frame
    assert set(frame["partner"]) == {country}


def test_codes_that_were_not_asked_for_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [BACI_ROW, "2023,104,156,010121,1.5,1", "2023,104,156,280530,1.5,1"]
    readout = read_baci(baci(tmp_path / NAME, *rows), codes=parse_scope("2846"))
    assert (readout.rows, readout.kept, readout.left_out) == (3, 1, 2)
    assert "2 rows of codes that were not asked for" in readout.warnings[0]
    assert read_baci(baci(tmp_path / NAME, *rows), codes=KNOWN_CODES).kept == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2023,104,156,10121,1.5,1", "zeros in front too"),
        ("2023,999,156,284690,1.5,1", "no number of a country"),
        ("2023,104,156,284690,one,1", "no number"),
        ("23,104,156,284690,1,1", "no time"),
        ("2023,104,156,284690", "has 4 cells under 6 names"),
        (BACI_ROW, "the same year, countries and code"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(tmp_path: Path, row: str, said: str) -> None:
    readout = read_baci(baci(tmp_path / NAME, BACI_ROW, row))
    assert [fault.line for fault in readout.refused] == [3]
    assert said in readout.refused[0].why


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no column of q"):
        read_baci(baci(tmp_path / NAME, "2023,104,156,284690,1", header="t,i,j,k,v"))


def test_the_vintage_is_a_version_and_no_other_word_of_the_name(tmp_path: Path) -> None:
    path = baci(tmp_path / "BACI_HS22_Y2023_V202401b_from_somebody.csv", BACI_ROW)
    assert set(read_baci(path).frame["vintage"]) == {"HS22 V202401b"}


def test_of_rows_that_nobody_asked_for_none_is_held_and_none_is_lost(tmp_path: Path) -> None:
    """Across blocks and odd lines: each row is kept, named or counted, at its own line."""
    many = [f"2023,{4 + number % 2 * 4},156,{number:06d},1.5,1" for number in range(10000, 70000)]
    odd = [
        "2023,104,156,28469,1.5,1",
        '2023,104,156,"284690",1.5,1',
        "2023,104,156",
        "2023,104,156,280530,one,1",
    ]
    path = baci(tmp_path / NAME, *many, *odd)
    readout = read_baci(path, codes=KNOWN_CODES)
    assert readout.rows == len(many) + len(odd) == readout.kept + len(readout.refused) + readout.left_out
    assert readout.left_out == len(many)
    assert readout.kept == 1
    assert [fault.line for fault in readout.refused] == [60_002, 60_004, 60_005]
    assert set(readout.frame["row"]) == {60_003}


def test_a_file_of_which_no_row_was_asked_for_is_read_as_nothing(tmp_path: Path) -> None:
    readout = read_baci(baci(tmp_path / NAME, "2023,4,8,010111,1.5,1"), codes=KNOWN_CODES)
    assert (readout.rows, readout.kept, readout.left_out, len(readout.frame)) == (1, 0, 1, 0)
