"""The vault and the log of custody by the command line, as their keepers use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leachwatch.release import read_withdrawn
from leachwatch.simulate import district
from test_cli import PROGRAM, leachwatch

SOURCE = "src-0000000002"
SOURCES = f"""
- id: {SOURCE}
  tlp: CLEAR
  kind: person
  public_descriptor: a resident
  anonymous: true
"""
IDENTITY = """
real_name: Lahtaw Zau Mun
other_names: [ဒေါ်ဦးမြန်မာကျော်]
handler_role: field coordinator
consent: {scope: publish, given: 2024-11-01}
"""
WATCHED = """
import sys

def watch(event, arguments):
    if event == "open" and "vault.age" in str(arguments[0]):
        raise RuntimeError("the vault was opened")
    if event == "import" and arguments[0] in ("pyrage", "leachwatch.vault"):
        raise RuntimeError("the vault was reached for")

sys.addaudithook(watch)
from leachwatch.cli import main
main()
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    assert leachwatch("new", tmp_path / "case").returncode == 0
    (tmp_path / "case" / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return tmp_path / "case"


@pytest.fixture
def keys(tmp_path: Path) -> list[str]:
    return [leachwatch("vault", "keygen", tmp_path / f"key{n}.txt").stdout.strip() for n in (1, 2)]


@pytest.fixture
def filled(case: Path, keys: list[str]) -> Path:
    assert vault("init", case, "--recipient", keys[0], "--recipient", keys[1]).returncode == 0
    assert vault("add", case, SOURCE, "--identity", case.parent / "key1.txt", text=IDENTITY).returncode == 0
    return case


def vault(*arguments: object, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), "vault", *map(str, arguments)],
        input=text, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip


def watched(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a process where opening the vault raises."""
    return subprocess.run(
        [sys.executable, "-c", WATCHED, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_a_keeper_makes_fills_and_reads_a_vault(filled: Path) -> None:
    second = ("--identity", filled.parent / "key2.txt")
    listed = vault("list", filled, *second)
    assert listed.stdout == f"{SOURCE}  publish     given 2024-11-01\n"
    assert json.loads(vault("list", filled, *second, "--json").stdout)[SOURCE]["scope"] == "publish"
    assert "Lahtaw Zau Mun" in vault("show", filled, SOURCE, *second).stdout
    assert (filled / "vault.age").stat().st_mode & 0o777 == 0o600


def test_an_identity_from_a_file_is_followed_by_the_word_to_destroy_it(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "in.yaml").write_text(IDENTITY, encoding="utf-8")
    key = ("--identity", filled.parent / "key1.txt", "--file", tmp_path / "in.yaml")
    refused = vault("add", filled, SOURCE, *key)
    assert (refused.returncode, "--replace" in refused.stderr) == (2, True)
    assert "now destroy" in vault("add", filled, SOURCE, *key, "--replace").stdout
    assert "no source" in vault("add", filled, "src-0000000009", *key).stderr


def test_an_identity_is_never_shown_into_a_file(filled: Path, tmp_path: Path) -> None:
    with (tmp_path / "shown").open("wb") as shown:
        command = [
            str(PROGRAM),
            "vault",
            "show",
            str(filled),
            SOURCE,
            "--identity",
            str(filled.parent / "key1.txt"),
        ]
        ran = subprocess.run(command, stdout=shown, stderr=subprocess.PIPE, check=False)
    assert ran.returncode == 2
    assert (tmp_path / "shown").read_bytes() == b""


def test_a_scan_exits_1_and_says_where_and_whose_and_not_what(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "publication"
    folder.mkdir()
    (folder / "page.html").write_text("<p>nothing</p>", encoding="utf-8")
    key = ("--identity", filled.parent / "key1.txt", "--publication", folder)
    passed = vault("scan", filled, *key)
    assert (passed.returncode, passed.stdout) == (
        0,
        "pass: nothing of the vault in 0 public records and 1 files\n",
    )
    (folder / "page.html").write_text("<p>L&aacute;htaw</p>", encoding="utf-8")
    failed = vault("scan", filled, *key)
    assert failed.returncode == 1
    assert f"page.html  {SOURCE}" in failed.stdout
    assert "ahtaw" not in failed.stdout + failed.stderr


def test_a_withdrawal_is_marked_beside_the_case(filled: Path) -> None:
    key = ("--identity", filled.parent / "key1.txt")
    assert vault("withdraw", filled, SOURCE, *key).returncode == 0
    assert "withdrawn" in vault("list", filled, *key).stdout
    assert SOURCE not in (filled / "withdrawn.json").read_text()


def test_a_withdrawal_takes_down_what_was_not_released_and_names_what_was(filled: Path) -> None:
    draft, pending = filled / "out" / "draft.html", filled / "publications" / "pending" / "index.html"
    for path in (draft, pending, filled / "publications" / "001-2026-11-27" / "index.html"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("told", encoding="utf-8")
    key = ("--identity", filled.parent / "key1.txt")
    said = vault("withdraw", filled, SOURCE, *key).stdout
    assert f"removed: {draft}" in said
    assert not draft.exists()
    assert not pending.exists()
    assert "published before, may rest on it:" in said
    assert "001-2026-11-27" in said


def test_who_has_withdrawn_is_not_put_back_by_an_old_file(filled: Path, tmp_path: Path) -> None:
    key = ("--identity", filled.parent / "key1.txt")
    vault("withdraw", filled, SOURCE, *key)
    old = tmp_path / "old.yaml"
    old.write_text(IDENTITY, encoding="utf-8")
    refused = vault("add", filled, SOURCE, *key, "--file", old, "--replace")
    assert refused.returncode == 2
    assert "has withdrawn; only a consent given later" in refused.stderr
    old.write_text(IDENTITY.replace("2024-11-01", "2999-01-01"), encoding="utf-8")
    assert vault("add", filled, SOURCE, *key, "--file", old, "--replace").returncode == 0
    assert SOURCE not in read_withdrawn(filled)


def test_a_vault_is_rekeyed(filled: Path, keys: list[str], tmp_path: Path) -> None:
    third = leachwatch("vault", "keygen", tmp_path / "key3.txt").stdout.strip()
    old, new = (("--identity", filled.parent / f"key{n}.txt") for n in (1, 3))
    both = ("--recipient", keys[1], "--recipient", third)
    assert "2 keys" in vault("rekey", filled, *old, *both).stdout
    assert vault("list", filled, *old).returncode == 2
    assert vault("list", filled, *new).returncode == 0


def test_evidence_is_taken_in_noted_and_checked(case: Path, tmp_path: Path) -> None:
    key = tmp_path / "custody.pem"
    fingerprint = leachwatch("evidence", "keygen", key).stdout.strip()
    (tmp_path / "page.pdf").write_bytes(b"%PDF")
    where = ("--case", case, "--key", key)
    said = json.loads(
        leachwatch("evidence", "add", tmp_path / "page.pdf", "--title", "A page", *where, "--json").stdout
    )
    assert said["signed_by"] == fingerprint
    assert leachwatch("evidence", "note", said["id"], "accessed", *where).returncode == 0
    check = ("evidence", "check", "--case", case, "--fingerprint", fingerprint)
    assert leachwatch(*check).stdout == "whole: 2 lines of custody\n"
    copy = case / "evidence" / f"{said['id']}.pdf"
    copy.chmod(0o600)
    copy.write_bytes(b"%PDf")
    broken = leachwatch(*check)
    assert broken.returncode == 1
    assert f"line 2: {said['id']}: its bytes are not those" in broken.stdout


def test_evidence_is_not_taken_in_where_its_line_cannot_be_signed(case: Path, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"%PDF")
    adding = ("evidence", "add", tmp_path / "page.pdf", "--title", "A page", "--case", case)
    refused = leachwatch(*adding, "--key", tmp_path / "nowhere.pem")
    assert refused.returncode == 2
    assert "nowhere.pem: there is no such file" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (case / "custody.jsonl").exists()
    assert leachwatch(*adding).returncode == 0
    check = leachwatch("evidence", "check", "--case", case)
    assert check.stdout == "whole: 1 lines of custody, the last 1 not signed\n"


def test_s1_other_commands_never_open_the_vault(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"%PDF")
    for command in (
        ("evidence", "add", tmp_path / "page.pdf", "--title", "A page", "--case", filled),
        ("evidence", "check", "--case", filled),
        ("trade", "reconcile", "--json"),
        ("new", tmp_path / "other"),
    ):
        ran = watched(*command)
        assert ran.returncode == 0, ran.stderr
    opened = watched("vault", "list", filled, "--identity", filled.parent / "key1.txt")
    assert "the vault was reached for" in opened.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kept", [True, False], ids=["vault there", "vault deleted"])
def test_s1_a_whole_run_never_opens_the_vault(filled: Path, tmp_path: Path, *, kept: bool) -> None:
    made = district(tmp_path / "district", seed=10, size=96, looks=10, months=12)
    (filled / "areas.geojson").write_bytes(Path(made.area).read_bytes())
    (filled / "case.yaml").write_text(
        "title: A case\nareas: areas.geojson\ndates: {from: 2022-01, to: 2022-12}\n"
        f"imagery: {{catalog: {made.catalog}}}\n",
        encoding="utf-8",
    )
    if not kept:
        (filled / "vault.age").unlink()
    ran = watched("run", filled, "--offline", "--quiet")
    assert ran.returncode == 0, ran.stderr
    assert (filled / "out" / "index.html").is_file()
