from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leachwatch.errors import RecordError
from leachwatch.trade.comtrade import LIMITS, read_comtrade
from trade.written import comtrade, comtrade_csv, comtrade_row


def test_a_row_gives_net_weight_and_value(tmp_path: Path) -> None:
    readout = read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row()))
    value, weight = readout.frame.to_dict("records")
    assert (weight["value"], weight["unit"], weight["basis"], weight["status"]) == (
        5.0,
        "t",
        "gross",
        "reported",
    )
    assert (value["value"], value["basis"]) == (70_000.5, "USD_cif")
    assert (weight["reporter"], weight["partner"], weight["flow"]) == ("CHN", "MMR", "import")
    assert (weight["hs"], weight["hs_scope"], weight["vintage"]) == ("284690", "284690*", "H6")
    assert (str(weight["period_start"]), str(weight["period_end"])) == ("2023-01-01", "2023-12-31")
    assert (readout.rows, readout.kept, readout.warnings) == (1, 1, ())


def test_json_and_csv_say_the_same(tmp_path: Path) -> None:
    rows = [comtrade_row(), comtrade_row(period="202305", freqCode="M", partnerCode=0, partnerISO="W00")]
    as_json = read_comtrade(comtrade(tmp_path / "a.json", *rows)).frame.drop(columns=["source_id", "row"])
    as_csv = read_comtrade(comtrade_csv(tmp_path / "a.csv", *rows)).frame.drop(columns=["source_id", "row"])
    assert as_json.equals(as_csv)


def test_capitals_in_names_make_no_difference(tmp_path: Path) -> None:
    row = {name.upper(): value for name, value in comtrade_row().items()}
    assert read_comtrade(comtrade(tmp_path / "answer.json", row)).kept == 1


def test_a_preview_without_names_of_countries_is_read_by_their_numbers(tmp_path: Path) -> None:
    row = comtrade_row(reporterISO=None, partnerISO=None, partnerCode=490)
    assert set(read_comtrade(comtrade(tmp_path / "answer.json", row)).frame["partner"]) == {"TWN"}


@pytest.mark.parametrize("weight", [0, 0.0, None])
def test_a_weight_of_zero_beside_a_value_is_missing(tmp_path: Path, weight: float | None) -> None:
    row = comtrade_row(netWgt=weight, qty=weight, qtyUnitCode=-1)
    readout = read_comtrade(comtrade(tmp_path / "answer.json", row))
    assert list(readout.frame["unit"]) == ["USD"]


@pytest.mark.parametrize(("unit", "tonnes"), [(8, 7.0), (21, 7000.0)])
def test_a_quantity_by_weight_stands_in_for_the_weight(tmp_path: Path, unit: int, tonnes: float) -> None:
    row = comtrade_row(netWgt=None, qty=7000, qtyUnitCode=unit)
    frame = read_comtrade(comtrade(tmp_path / "answer.json", row)).frame
    assert list(frame.loc[frame["unit"] == "t", "value"]) == [tonnes]


def test_a_weight_that_the_un_estimated_is_derived(tmp_path: Path) -> None:
    readout = read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row(isNetWgtEstimated=True)))
    assert dict(zip(readout.frame["unit"], readout.frame["status"], strict=True)) == {
        "t": "derived",
        "USD": "reported",
    }
    assert "estimates of the UN" in readout.warnings[0]


def test_an_import_valued_without_freight_is_told_from_the_others(tmp_path: Path) -> None:
    row = comtrade_row(cifvalue=None, fobvalue=70000.5)
    frame = read_comtrade(comtrade(tmp_path / "answer.json", row, comtrade_row(flowCode="X"))).frame
    assert set(frame["basis"]) == {"gross", "USD_fob"}


@pytest.mark.parametrize("field", ["partner2Code", "customsCode", "motCode"])
def test_a_part_of_a_flow_is_refused_with_what_to_ask_for(tmp_path: Path, field: str) -> None:
    part = comtrade_row(**{field: "C01" if field == "customsCode" else 1000})
    readout = read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row(), part))
    assert readout.kept == 1
    assert "row 2: is only a part" in str(readout.refused[0])
    assert "ask with partner2Code=0, customsCode=C00 and motCode=0" in str(readout.refused[0])


def test_parts_in_tariff_lines_are_kept_and_explained(tmp_path: Path) -> None:
    rows = [comtrade_row(cmdCode="28469019", motCode=mode) for mode in (1000, 3200)]
    for row in rows:
        del row["refYear"], row["refMonth"], row["isReported"], row["isNetWgtEstimated"]
    readout = read_comtrade(comtrade(tmp_path / "answer.json", *rows))
    assert readout.kept == 2
    assert set(readout.frame["note"]) == {"part: mot 1000", "part: mot 3200"}
    assert "add rows of one kind only" in readout.warnings[0]


def test_a_row_that_comes_twice_is_kept_once(tmp_path: Path) -> None:
    readout = read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row(), comtrade_row()))
    assert readout.kept == 1
    assert "row 2: has the same period, flow, code and partner as row 1" in str(readout.refused[0])


def test_an_answer_with_as_many_rows_as_allowed_is_taken_for_cut_off(tmp_path: Path) -> None:
    rows = [comtrade_row(period=f"{1990 + number // 12}{number % 12 + 1:02d}") for number in range(LIMITS[0])]
    readout = read_comtrade(comtrade(tmp_path / "answer.json", *rows))
    assert readout.cut
    assert not readout.whole
    assert "just 500 rows" in readout.warnings[0]
    assert not read_comtrade(comtrade(tmp_path / "answer.json", *rows[1:])).cut


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"flowCode": "RM"}, "ask for flowCode M or X"),
        ({"cmdCode": "TOTAL"}, "no code of goods"),
        ({"cmdCode": "28469"}, "leading zero"),
        ({"partnerCode": 899, "partnerISO": "_X "}, "899 _X is no country"),
        ({"period": "202352"}, "no time"),
        ({"netWgt": "many"}, "'many' is no number"),
        ({"netWgt": {"a": 1}}, "is no number"),
        ({"primaryValue": -1}, "below zero"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    readout = read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row(), comtrade_row(**changes)))
    (fault,) = readout.refused
    assert (fault.file, fault.line, fault.place) == ("answer.json", 2, "row")
    assert said in fault.why


@pytest.mark.parametrize("row", [None, 7, [], {}, {"period": "2023", "PERIOD": "2022"}])
def test_what_is_no_record_is_named(tmp_path: Path, row: Any) -> None:
    readout = read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row(), row))
    assert (readout.kept, readout.refused[0].line) == (1, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"statusCode": 401, "message": "Access denied due to invalid subscription key"}', "Access denied"),
        ('{"errorObject": {"errorMessage": "too many"}, "data": []}', "too many"),
        ('{"data": [], "error": "Calculation is not possible"}', "Calculation"),
        ('{"data": [{}', "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"data": [{"period": "2023"}]}', "no column of flowcode"),
        ("Rate limit is exceeded. Try again in 2 seconds.", "no column's name is known"),
    ],
)
def test_a_message_of_the_service_is_no_data(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "answer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecordError, match=said):
        read_comtrade(path)


def test_an_answer_without_rows_is_no_fault(tmp_path: Path) -> None:
    readout = read_comtrade(comtrade(tmp_path / "answer.json"))
    assert (readout.rows, len(readout.frame), readout.whole) == (0, 0, True)


def test_an_answer_that_counts_otherwise_is_told(tmp_path: Path) -> None:
    readout = read_comtrade(comtrade(tmp_path / "answer.json", comtrade_row(), count="3"))
    assert "says it has 3 rows, and has 1" in readout.warnings[0]
