"""The commands of trade, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leachwatch import tables
from leachwatch.cli import app
from leachwatch.errors import RecordError

RUNNER = CliRunner()

EXPORT = (
    "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,第一数量,第一计量单位,美元,\r\n"
    '202501,28469019,其他氧化稀土,106,缅甸,"1,234,000",千克,"9,000,000",\r\n'
    '202502,28469019,其他氧化稀土,106,缅甸,"311,000",千克,"2,000,000",\r\n'
)


def case_in(folder: Path) -> Path:
    (folder / "case.yaml").write_text("title: A case\n", encoding="utf-8")
    return folder


def export_in(folder: Path) -> Path:
    path = folder / "2025.csv"
    path.write_bytes(EXPORT.encode("gb18030"))
    return path


def test_the_statements_that_ship_are_reconciled_and_the_misprints_named() -> None:
    shown = RUNNER.invoke(app, ["trade", "reconcile"])
    assert shown.exit_code == 0
    assert "30 statements; as printed they contradict each other" in shown.output
    assert "P20 printed 43855 t" in shown.output
    assert "P24 printed -56 % and P25 printed -60 %" in shown.output
    assert "2024-03 to 2024-04     11,254 -    11,664  only their sum is known" in shown.output


def test_a_file_of_statements_is_reconciled_as_json(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,reporter,partner,flow,hs,basis,kind,period_start,period_end,base_start,base_end,value,unit,"
        "half_width,source,url,status,note\n"
        "A,CHN,MMR,import,28469019,gross,total,2024-01,2024-01,,,100,t,0.5,me,,ok,\n"
        "B,CHN,MMR,import,28469019,gross,change,2024-02,2024-02,2024-01,2024-01,10,%,0.5,me,,ok,\n",
        encoding="utf-8",
    )
    found = json.loads(RUNNER.invoke(app, ["trade", "reconcile", str(path), "--json"]).output)
    assert found["feasible"] is True
    february = next(row for row in found["series"] if row["month"] == "2024-02-01")
    assert (february["low"], february["high"]) == pytest.approx((99.5 * 1.095, 100.5 * 1.105), abs=0.001)


def test_a_customs_export_is_imported_into_a_case_and_tightens_its_series(tmp_path: Path) -> None:
    case, path = case_in(tmp_path), export_in(tmp_path)
    shown = RUNNER.invoke(app, ["trade", "import", str(path), "--format", "gacc", "--case", str(case)])
    assert shown.exit_code == 0, shown.output
    assert "2025.csv: 2 of 2 rows read" in shown.output
    assert (case / "trade" / "2025.csv").read_bytes() == path.read_bytes()

    from leachwatch.trade import account_for  # noqa: PLC0415 - a heavy import, for this test alone

    series = account_for(case).reconciled.series
    own = series[(series["partner"] == "MMR") & (series["hs"] == "28469019")]
    january = own[own["month"].astype(str) == "2025-01-01"].iloc[0]
    assert january["low"] == pytest.approx(1234, abs=0.01)
    assert bool(january["reported"])


def test_an_import_without_a_case_keeps_nothing(tmp_path: Path) -> None:
    path = export_in(tmp_path)
    told = ["trade", "import", str(path), "--format", "gacc", "--case", str(tmp_path)]
    assert isinstance(RUNNER.invoke(app, told).exception, RecordError)
    assert RUNNER.invoke(app, [*told, "--dry"]).exit_code == 0
    assert [one.name for one in tmp_path.iterdir()] == ["2025.csv"]


def test_a_row_that_cannot_be_read_is_named_and_the_answer_is_no(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(EXPORT.replace("311,000", "many").encode("gb18030"))
    shown = RUNNER.invoke(app, ["trade", "import", str(path), "--format", "gacc", "--dry"])
    assert shown.exit_code == 1
    assert "odd.csv: line 3, 第一数量" in shown.output
    assert "1 of 2 rows read" in shown.output


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["trade", "import", "x.csv", "--format", "xls"], "--format"),
        (["trade", "import", "x.csv", "--format", "gacc", "--asked-codes", "28469019"], "go together"),
        (["trade", "fetch", "--partner", "MMR"], "--years or which --months"),
        (["trade", "fetch", "--years", "2020", "--case", "nowhere"], "no case folder"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(told: list[str], said: str) -> None:
    error = RUNNER.invoke(app, told).exception
    assert isinstance(error, RecordError)
    assert said in str(error)
    assert "\n" not in str(error)


def test_the_trade_of_a_case_is_written_as_tables(tmp_path: Path) -> None:
    from leachwatch.estimate import keep_account  # noqa: PLC0415

    report = keep_account(tmp_path)
    for table in tables.TRADE_TABLES:
        assert len(tables.read(tmp_path, table)) == report.rows[table.name]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    keep_account(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
