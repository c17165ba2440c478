"""From a fetch to the tables of a case, against a server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import comtrade_server
import leachwatch.trade
from leachwatch import tables
from leachwatch.cli import app
from leachwatch.errors import RecordError
from leachwatch.estimate import keep_account
from leachwatch.trade import Comtrade, FetchSettings
from leachwatch.trade.asked import NO_TRADE
from leachwatch.trade.importing import gather_observations

LAOS, MYANMAR = "418", "104"


@pytest.fixture
def service() -> Iterator[comtrade_server.Service]:
    with comtrade_server.comtrade() as running:
        yield running


@pytest.fixture
def case(service: comtrade_server.Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case folder, and commands that ask the server on this machine."""
    (tmp_path / "case.yaml").write_text("title: A case\n", encoding="utf-8")
    settings = FetchSettings(base_url=service.address, pause=0.0, timeout=5.0, backoff=0.0)
    monkeypatch.setattr(leachwatch.trade, "Comtrade", partial(Comtrade, settings=settings))
    monkeypatch.setenv("COMTRADE_KEY", comtrade_server.KEY)
    return tmp_path


def fetch(case: Path, *told: str) -> None:
    done = CliRunner().invoke(app, ["trade", "fetch", "--case", str(case), "--partner", "MMR", *told])
    assert done.exit_code == 0, done.output


def fetched(case: Path) -> pd.DataFrame:
    """What `leachwatch run` writes of it."""
    out = case / "out"
    out.mkdir(exist_ok=True)
    keep_account(out, case)
    frame: pd.DataFrame = tables.read(out, tables.OBSERVATIONS)
    return frame[frame["source"] == "UN Comtrade"]


def test_answers_of_a_fetch_are_read_by_a_run(service: comtrade_server.Service, case: Path) -> None:
    service.idle = {("2022", LAOS)}
    fetch(case, "--partner", "LAO", "--years", "2021-2023")
    own = fetched(case)
    weights = own[own["unit"] == "t"]
    assert len(weights) == 2 * 3
    zero = weights[weights["note"] == NO_TRADE]
    (row,) = zero.to_dict("records")
    assert (row["partner"], row["value"], row["status"]) == ("LAO", 0, "derived")
    assert (str(row["period_start"]), str(row["period_end"])) == ("2022-01-01", "2022-12-31")
    assert set(weights[weights["note"].isna()]["value"]) == {1.0}


def test_a_year_that_was_not_out_yet_is_missing_and_not_zero(
    service: comtrade_server.Service, case: Path
) -> None:
    service.released = lambda period: None if period == "2024" else f"sum-{period}"
    fetch(case, "--years", "2023-2024")
    own = fetched(case)
    assert {str(day) for day in own["period_start"]} == {"2023-01-01"}
    said = gather_observations(case).warnings
    assert any("2024: not released when it was asked for, so that no row is not zero" in one for one in said)


def test_months_are_zero_only_where_it_is_known_that_they_were_out(
    service: comtrade_server.Service, case: Path
) -> None:
    service.idle = {("202402", MYANMAR)}
    service.availability = comtrade_server.status(404, b"gone")
    fetch(case, "--months", "2024-01:2024-03")
    own = fetched(case)
    assert {str(day)[:7] for day in own["period_start"]} == {"2024-01", "2024-03"}
    assert any("not known whether it was released" in one for one in gather_observations(case).warnings)


def test_an_answer_that_was_cut_off_gives_no_zero(service: comtrade_server.Service, case: Path) -> None:
    service.rows_a_cell = 500
    fetch(case, "--years", "2023", "--preview")
    readout = gather_observations(case)
    assert readout.cut
    assert not (readout.frame["note"] == NO_TRADE).any()


def test_an_answer_that_was_changed_is_refused(case: Path) -> None:
    fetch(case, "--years", "2023")
    (path,) = (case / "trade" / "comtrade" / "answers").glob("*.json")
    path.write_bytes(path.read_bytes().replace(b"1000.0", b"9000.0"))
    with pytest.raises(RecordError, match="not as it came; run `leachwatch trade fetch` again"):
        gather_observations(case)


def test_a_manifest_that_points_elsewhere_is_refused(case: Path) -> None:
    fetch(case, "--years", "2023")
    manifest = case / "trade" / "comtrade" / "manifest.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"CHN-import', '"../../CHN-import'), "utf-8"
    )
    with pytest.raises(RecordError, match="no manifest of answers"):
        gather_observations(case)


def test_the_name_of_an_imported_file_stands_in_its_record_alone(case: Path) -> None:
    path = case / "sent-by-somebody.csv"
    header = "数据年月,商品编码,贸易伙伴编码,贸易伙伴名称,第一数量,第一计量单位\r\n"
    rows = '202501,28469019,106,缅甸,"1,234,000",千克\r\n202502,28469019,106,缅甸,"311,000",千克\r\n'
    path.write_bytes((header + rows).encode("gb18030"))
    for told in ([], ["--source", "S12"]):
        command = ["trade", "import", str(path), "--format", "gacc", "--case", str(case), *told]
        assert CliRunner().invoke(app, command).exit_code == 0
        (case / "out").mkdir(exist_ok=True)
        report = keep_account(case / "out", case)
        for table in tables.TRADE_TABLES:
            frame = tables.read(case / "out", table)
            assert not frame.astype(str).apply(lambda column: column.str.contains("somebody")).any(axis=None)
        own = [one for one in report.account.statements if "a file of the case" in one.source]
        assert {one.source[-9:] for one in own} != set()
        assert not any("somebody" in f"{one.id} {one.source}" for one in report.account.statements)
    assert {one.source for one in own} == {"China customs, a file of the case (S12)"}
    assert "sent-by-somebody.csv" in (case / "trade" / "imports.yaml").read_text(encoding="utf-8")
