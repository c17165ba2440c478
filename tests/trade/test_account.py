"""The account of the trade from what ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from leachwatch.trade import Account, account_for


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


def test_notes_of_a_case_s_own_events_do_not_reach_the_table(tmp_path: Path) -> None:
    folder = tmp_path / "trade"
    folder.mkdir()
    (folder / "events.csv").write_text(
        "id,first,last,kind,seasonal,partner,shows,effect,source,url,note\n"
        "gate-shut,2024-10-20,2024-10-30,disruption,false,MMR,fall,,a report,,told by somebody at the gate\n",
        encoding="utf-8",
    )
    events = account_for(tmp_path).events
    assert "gate-shut" in set(events["event_id"])
    assert not events["note"].str.contains("somebody").any()
