"""The account of the trade from what ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from leachwatch.trade import Account, account_for, keep_file, parse_time


@pytest.fixture(scope="module")
def account() -> Account:
    return account_for()


def test_the_rains_of_2024_are_a_season_and_the_closed_gates_a_shock(account: Account) -> None:
    shocks = account.shocks[account.shocks["series"] == "CHN import WLD 28469019"]
    by_event = {row["event_id"]: row for row in shocks.to_dict("records")}
    assert by_event["floods-2024"]["seasonal"]
    assert not by_event["pangwa-taken-2024"]["seasonal"]
    assert by_event["pangwa-taken-2024"]["probability"] >= 0.9
    assert by_event["pangwa-taken-2024"]["change_vs_season"] < -0.3
    assert bool(shocks["sum_of_origins"].all())


def test_a_series_of_which_hardly_a_month_is_known_has_no_shocks(account: Account) -> None:
    series = account.reconciled.series
    assert (series["partner"] == "LAO").any()
    assert not account.shocks["series"].str.contains("LAO").any()


def test_the_misprints_of_the_shipped_statements_are_left_out_or_mended(account: Account) -> None:
    assert {"P20", "C04"} <= set(account.reconciled.left_out)
    assert set(account.reconciled.in_force) == {"P24", "P25"}


def test_who_told_a_case_of_its_own_events_does_not_reach_the_table(tmp_path: Path) -> None:
    folder = tmp_path / "trade"
    folder.mkdir()
    (folder / "events.csv").write_text(
        "id,first,last,kind,seasonal,partner,shows,effect,source,url,note\n"
        "gate-shut,2024-10-20,2024-10-30,disruption,false,MMR,fall,,somebody we met,,from somebody\n",
        encoding="utf-8",
    )
    events = account_for(tmp_path).events
    assert "gate-shut" in set(events["event_id"])
    assert (
        not events[["note", "source", "url"]]
        .apply(lambda column: column.str.contains("somebody"))
        .any(axis=None)
    )


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ('202501,28469019,106,缅甸,33,"2,000",千克,"40,000"', "total"),
        ('202501,28469019,106,缅甸,33,-,千克,"40,000"', "more_than"),  # worth something, weighed by nobody
        ("202501,28469019,106,缅甸,33,many,千克,0", "more_than"),  # refused
    ],
)
def test_a_month_of_which_a_row_was_not_weighed_or_not_read_is_a_least(
    tmp_path: Path, row: str, value: str
) -> None:
    """Else what came in that row would be denied, and the bounds would leave the truth out."""
    header = "数据年月,商品编码,贸易伙伴编码,贸易伙伴名称,贸易方式编码,第一数量,第一计量单位,美元"
    first = '202501,28469019,106,缅甸,19,"1,234,000",千克,"9,000,000"'
    path = tmp_path / "2025.csv"
    path.write_bytes(f"{header}\r\n{first}\r\n{row}\r\n".encode("gb18030"))
    keep_file(tmp_path, path, "gacc", source="S1")
    (own,) = [one for one in account_for(tmp_path).statements if one.id.startswith("S1:")]
    assert own.kind == value
    assert own.value == pytest.approx(1236 if value == "total" else 1234, abs=0.001)
    assert own.period_start == own.period_end


def test_a_file_of_days_is_no_statement_of_a_month(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    header = "商品编码,贸易伙伴编码,贸易伙伴名称,第一数量,第一计量单位"
    path.write_bytes(f"{header}\r\n28469019,106,缅甸,5000,千克\r\n".encode("gb18030"))
    keep_file(tmp_path, path, "gacc", period=parse_time("2025-01-01..2025-01-20"), source="S1")
    found = account_for(tmp_path)
    assert "S1" in set(found.observations["source_id"])
    assert not [one for one in found.statements if one.id.startswith("S1:")]
