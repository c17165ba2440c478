from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leachwatch.errors import PeriodError, RecordError
from leachwatch.tables import OBSERVATIONS
from leachwatch.trade.asked import Asked, months_of
from leachwatch.trade.importing import FOLDER, RECORD, gather_observations, import_file, keep_file
from leachwatch.trade.times import parse_time
from trade.written import BACI_ROW, GACC_HEADER, GACC_ROW, baci, comtrade, comtrade_row, gacc

ASKED = Asked("CHN", "import", ("28469019",), ("MMR",), months_of(parse_time("2024-01..2024-02")))


def without_months(path: Path) -> Path:
    header, cells = (text.split(",", 1)[1] for text in (GACC_HEADER, GACC_ROW))
    return gacc(path, cells, header=header)


def test_files_of_all_three_services_are_imported(tmp_path: Path) -> None:
    assert import_file(gacc(tmp_path / "a.csv", GACC_ROW), "gacc").kept == 1
    assert import_file(comtrade(tmp_path / "b.json", comtrade_row()), "comtrade").kept == 1
    assert import_file(baci(tmp_path / "c.csv", BACI_ROW), "baci").kept == 1


def test_a_period_where_none_belongs_and_an_unknown_format_are_refused(tmp_path: Path) -> None:
    path = baci(tmp_path / "c.csv", BACI_ROW)
    with pytest.raises(RecordError, match="say their period themselves"):
        import_file(path, "baci", period=parse_time("2023"))
    with pytest.raises(RecordError, match="say gacc, comtrade, baci"):
        import_file(path, "excel")  # type: ignore[arg-type]


def test_a_case_keeps_the_file_and_what_it_is(tmp_path: Path) -> None:
    path = without_months(tmp_path / "2024.csv")
    keep_file(tmp_path, path, "gacc", period=parse_time("2024-01"), flow="export")
    assert (tmp_path / FOLDER / "2024.csv").read_bytes() == path.read_bytes()
    readout = gather_observations(tmp_path)
    own = readout.frame[readout.frame["source_id"].str.startswith("gacc-")]
    assert (set(own["flow"]), set(own["basis"])) == ({"export"}, {"gross", "USD_fob"})
    assert readout.kept == 145 + 1
    assert OBSERVATIONS.check(readout.frame).equals(readout.frame)


def test_what_was_asked_for_is_kept_with_the_file(tmp_path: Path) -> None:
    keep_file(tmp_path, gacc(tmp_path / "a.csv", GACC_ROW), "gacc", asked=ASKED, source="S1")
    frame = gather_observations(tmp_path).frame
    own = frame[(frame["source_id"] == "S1") & (frame["basis"] == "gross")]
    assert list(own["value"]) == [1234.567, 0]


def test_a_file_is_imported_once_and_another_of_its_name_is_refused(tmp_path: Path) -> None:
    path = gacc(tmp_path / "a.csv", GACC_ROW)
    for _ in range(2):
        keep_file(tmp_path, path, "gacc")
    assert (tmp_path / FOLDER / RECORD).read_text(encoding="utf-8").count("sha256") == 1
    gacc(path, GACC_ROW.replace("202401", "202402"))
    with pytest.raises(RecordError, match="another file of that name was imported"):
        keep_file(tmp_path, path, "gacc")


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(PeriodError):
        keep_file(tmp_path, without_months(tmp_path / "2024.csv"), "gacc")
    assert not (tmp_path / FOLDER).exists()


def test_a_file_that_was_changed_since_is_refused(tmp_path: Path) -> None:
    keep_file(tmp_path, gacc(tmp_path / "a.csv", GACC_ROW), "gacc")
    gacc(tmp_path / FOLDER / "a.csv", GACC_ROW.replace("1,234", "9,234"))
    with pytest.raises(RecordError, match="is not the file that was imported"):
        gather_observations(tmp_path)
    (tmp_path / FOLDER / "a.csv").unlink()
    with pytest.raises(RecordError, match="put it back"):
        gather_observations(tmp_path)


def test_rival_files_are_named_since_they_must_not_be_added(tmp_path: Path) -> None:
    keep_file(tmp_path, gacc(tmp_path / "may.csv", GACC_ROW), "gacc")
    keep_file(tmp_path, gacc(tmp_path / "june.csv", GACC_ROW.replace("1,234", "1,235")), "gacc")
    assert (
        "count the same, and must not be added: june.csv, may.csv" in gather_observations(tmp_path).warnings
    )


def test_rates_of_the_case_turn_its_yuan_into_dollars(tmp_path: Path) -> None:
    header = GACC_HEADER.replace("美元", "人民币")
    keep_file(tmp_path, gacc(tmp_path / "a.csv", GACC_ROW, header=header), "gacc")
    assert "CNY_cif" in set(gather_observations(tmp_path).frame["basis"])
    (tmp_path / FOLDER / "rates.csv").write_text("month,rate,source\n2024-01,7.1,x\n", encoding="utf-8")
    assert "CNY_cif" not in set(gather_observations(tmp_path).frame["basis"])


def test_a_case_without_files_has_the_shipped_figures(tmp_path: Path) -> None:
    assert gather_observations(tmp_path).frame.equals(gather_observations().frame)


def test_refused_rows_of_an_import_are_named_again_when_it_is_gathered(tmp_path: Path) -> None:
    keep_file(tmp_path, gacc(tmp_path / "a.csv", GACC_ROW, GACC_ROW), "gacc")
    assert [str(fault) for fault in gather_observations(tmp_path).refused] == [
        "a.csv: line 3: has the same month, code and partner as line 2; keep one"
    ]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("{", "cannot be read"),
        ("file: a.csv", "is no list of imports"),
        ("- file: a.csv", "import 1: format"),
        ("- {file: ../a.csv, format: gacc, sha256: '" + "0" * 64 + "'}", "import 1: file"),
        ("- 7", "import 1"),
    ],
)
def test_a_record_of_imports_that_is_broken_is_named(tmp_path: Path, record: str, said: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / RECORD).write_text(record, encoding="utf-8")
    with pytest.raises(RecordError, match=said):
        gather_observations(tmp_path)


def test_months_that_yaml_takes_for_dates_are_read_as_they_are(tmp_path: Path) -> None:
    path = without_months(tmp_path / "2024.csv")
    keep_file(tmp_path, path, "gacc", period=parse_time("2024-01-01"))
    record = tmp_path / FOLDER / RECORD
    texts: list[Any] = ["2024-01-01..2024-01-01", "2024-01-01"]
    record.write_text(record.read_text(encoding="utf-8").replace(*texts), encoding="utf-8")
    assert gather_observations(tmp_path).kept == 146


def test_two_files_of_one_source_id_are_refused(tmp_path: Path) -> None:
    keep_file(tmp_path, gacc(tmp_path / "a.csv", GACC_ROW), "gacc")
    with pytest.raises(RecordError, match=r"b.csv: a.csv was imported as gacc-[0-9a-f]{8}: it is the same"):
        keep_file(tmp_path, gacc(tmp_path / "b.csv", GACC_ROW), "gacc")


def test_figures_of_a_case_stand_beside_those_that_ship(tmp_path: Path) -> None:
    header = (
        "id,metric,value,lo,hi,unit,parts,period_start,period_end,commodity,hs,hs_scope,reporter,partner,"
    )
    header += "flow,source,url,status,certainty,published,vintage,note\n"
    row = "Z01,price: dysprosium oxide,1650,,,CNY/kg,,2025-04,2025-04,oxide,,,,,,a bourse,,reported,B,,,\n"
    folder = tmp_path / "trade"
    folder.mkdir()
    (folder / "figures.csv").write_text(header + row, encoding="utf-8")
    found = gather_observations(tmp_path).frame
    assert found[found["source_id"] == "Z01"]["value"].tolist() == [1650.0]
    (folder / "figures.csv").write_text(header + row.replace("Z01", "A01"), encoding="utf-8")
    with pytest.raises(RecordError, match="'A01' is that of a figure that ships; give it another"):
        gather_observations(tmp_path)
