"""Questions in SQL: answered from the tables, and from nothing else."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from leachwatch.errors import QueryError, TableError
from leachwatch.exchange import ask, tables_of
from test_cli import leachwatch


def test_a_table_is_asked_by_its_name(out: Path) -> None:
    answer = ask(out, "SELECT site_id, month, state FROM site_months ORDER BY ALL LIMIT 2")
    assert answer.columns == ("site_id", "month", "state")
    assert len(answer.rows) == 2
    assert answer.simulated


def test_shapes_are_text_and_have_a_point(out: Path) -> None:
    ((shape, east, north),) = ask(out, "SELECT geometry, longitude, latitude FROM sites LIMIT 1").rows
    assert shape.startswith(("POLYGON", "MULTIPOLYGON"))
    assert (98 < east < 99, 25 < north < 26) == (True, True)


def test_every_table_of_the_folder_can_be_asked(out: Path) -> None:
    for table in tables_of(out):
        ((count,),) = ask(out, f"SELECT count(*) FROM {table.name}").rows  # noqa: S608 - names of our own
        assert count >= 0


HOSTILE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('*.parquet')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'sites.parquet'",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM duckdb_secrets()",
    "COPY sites TO 'stolen.csv'",
    "COPY (SELECT 1) TO 'stolen.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'stolen.csv'",
    "EXPORT DATABASE 'stolen'",
    "IMPORT DATABASE 'stolen'",
    "ATTACH 'stolen.db'",
    "ATTACH 'https://example.org/x.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET threads = 64",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "CREATE SECRET x (TYPE s3)",
    "CREATE TABLE x AS SELECT 1",
    "INSERT INTO sites SELECT * FROM sites",
    "DELETE FROM sites",
    "DROP VIEW sites",
    "CALL pragma_version()",
    "SELECT 1; COPY sites TO 'stolen.csv'",
    "SELECT 1; SELECT 2",
    "SELECT getenv('HOME')",
    "SELECT * FROM held",
    "SELECT * FROM nothing",
    "SELEC",
    "",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_more_than_the_tables_is_refused_in_one_line(
    sql: str, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError) as refused:
        ask(out, sql)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_query_without_end_is_stopped(out: Path) -> None:
    with pytest.raises(QueryError, match=r"longer than 0\.5 s"):
        ask(out, "SELECT count(*) FROM range(1000000000000000) AS a", seconds=0.5)


def test_an_answer_without_end_is_refused(out: Path) -> None:
    with pytest.raises(QueryError, match="more than 1,000 rows"):
        ask(out, "SELECT * FROM range(100000)", most=1000)


def test_a_folder_without_tables_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="holds no table"):
        ask(tmp_path, "SELECT 1")


def query(*arguments: object) -> subprocess.CompletedProcess[str]:
    return leachwatch("query", *arguments)


def test_the_command_prints_rows_for_people(out: Path) -> None:
    shown = query("SELECT controller, p50 FROM control_counts WHERE controller = '-KIO'", "--out", out)
    assert shown.stdout.splitlines() == [
        "controller  p50",
        "----------  ---",
        "-KIO          2",
        "SIMULATED: the sites in these tables are no real places",
        "1 row",
    ]


def test_the_command_prints_csv_and_json(out: Path) -> None:
    sql = "SELECT controller, low, NULL AS none FROM control_counts WHERE controller = '-KIO'"
    assert query(sql, "--out", out, "--csv").stdout == "controller,low,none\n'-KIO,1.0,\n"
    assert json.loads(query(sql, "--out", out, "--json").stdout) == [
        {"controller": "-KIO", "low": 1.0, "none": None}
    ]


def test_the_command_lists_tables_with_their_columns(out: Path) -> None:
    shown = query("--tables", "--out", out).stdout
    assert "site_control" in shown.splitlines()
    assert "who held it (null: nobody is known to)" in shown


def test_the_command_refuses_in_one_line(out: Path) -> None:
    shown = query("SELECT * FROM read_csv('/etc/passwd')", "--out", out)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == (
        "leachwatch: query: reaches beyond the tables; files, networks and extensions are off\n"
    )


def test_a_text_from_outside_cannot_steer_the_terminal(out: Path) -> None:
    shown = query("SELECT chr(27) || '[2J' AS a", "--out", out)
    assert "\x1b" not in shown.stdout
