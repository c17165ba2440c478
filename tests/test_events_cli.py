"""Events come in on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from test_cli import leachwatch
from written import written

TEXT = "kind,title,first,source\nclash,A fight,2024-10-18,a daily\n"


def test_events_are_added_to_a_case(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(TEXT, encoding="utf-8")
    case = written(tmp_path / "case")
    dry = leachwatch("events", "import", tmp_path / "events.csv", "--case", case, "--dry", "--json")
    assert json.loads(dry.stdout) == {"events": 1, "known": 0, "sources": 1, "kept": False}
    assert not (case / "evidence.yaml").exists()
    ran = leachwatch("events", "import", tmp_path / "events.csv", "--case", case)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == f"1 new events; 1 new sources; added to {case / 'events.yaml'}\n"
    assert (case / "evidence" / "events.csv").read_text(encoding="utf-8") == TEXT
    again = leachwatch("events", "import", tmp_path / "events.csv", "--case", case)
    assert again.returncode == 2
    assert "is in the case already" in again.stderr


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(TEXT.replace("clash", "clsh"), encoding="utf-8")
    for extra, said in (
        (["--case", tmp_path], "line 2: kind: 'clsh' is none of"),
        (["--case", tmp_path / "none"], "there is no such folder"),
        (["--case", tmp_path, "--tlp", "PINK"], "--tlp: 'PINK' is none of RED"),
    ):
        ran = leachwatch("events", "import", tmp_path / "events.csv", *extra)
        assert ran.returncode == 2
        assert ran.stderr.count("\n") == 1
        assert said in ran.stderr
