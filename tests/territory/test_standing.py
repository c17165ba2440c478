"""Tables of a case's territories after a scan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leachwatch import tables
from leachwatch.territory import CountSettings, StandingReport, keep_standing
from leachwatch.territory_console import print_standing
from territories import KIO, LOST, NDAK, SEIZED, WEST, east_and_west, months_of, sites_of, spell, square

CONTROL = [spell(1, WEST, [NDAK], LOST), spell(2, WEST, [KIO], SEIZED)]
MONTHS = [date(2024, 9, 1), date(2024, 10, 1), date(2025, 4, 1)]


def keep(folder: Path, sites: Any, months: list[date] = MONTHS) -> StandingReport:
    ground = east_and_west(folder, CONTROL)
    for table, frame in ((tables.SITES, sites), (tables.SITE_MONTHS, months_of(sites, months))):
        tables.write(folder, table, frame)
    report = keep_standing(folder, ground, settings=CountSettings(draws=200))
    assert report is not None
    return report


def land() -> Any:
    shapes = [square(west, 25.5, 0.004) for west in (97.7, 97.8, 97.9, 98.498, 98.9, 10.0)]
    return sites_of(
        *shapes, tier=["confirmed", "probable", "possible", "confirmed", "confirmed", "confirmed"]
    )


MADE_UP = " if these SIMULATED sites lay there; nobody holds them:"


def test_both_tables_are_written_and_the_last_month_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = keep(tmp_path, land())
    assert report.rows == {
        "site_control": len(tables.read(tmp_path, tables.SITE_CONTROL)),
        "control_counts": len(tables.read(tmp_path, tables.CONTROL_COUNTS)),
    }
    assert report.as_dict()["month"] == "2025-04-01"
    assert (report.sites, report.unknown) == (5, 2)
    print_standing(report, quiet=False)
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "control in 2025-04, of 5 confirmed or probable sites" + MADE_UP
    assert shown[1].split(";")[0] == f"  {'KIO':<24} held 2, possibly 1 more"
    assert shown[1].split("; ")[1].startswith("3 to 4 mines (5-95 %, median ")
    assert shown[2] == f"  {'NDA-K':<24} not known to hold any that month"
    assert shown[3] == f"  {'nobody known':<24} 2"


def test_the_same_case_gives_the_same_bytes(tmp_path: Path) -> None:
    keep(tmp_path, land())
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.parquet")}
    keep(tmp_path, land())
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.parquet")} == before
    assert {"site_control.parquet", "control_counts.parquet"} <= before.keys()


def test_without_sites_nobody_held_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = keep(tmp_path, sites_of())
    assert report.rows == {"site_control": 0, "control_counts": 0}
    print_standing(report, quiet=False)
    assert capsys.readouterr().out == "control: no site, so nobody held one\n"


def test_without_territories_tables_of_an_earlier_run_go(tmp_path: Path) -> None:
    keep(tmp_path, land())
    assert keep_standing(tmp_path, None) is None
    assert sorted(path.name for path in tmp_path.glob("*.parquet")) == [
        "site_months.parquet",
        "sites.parquet",
    ]
    assert keep_standing(tmp_path, None) is None
