"""The documents say what is so."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from leachwatch import tables
from leachwatch.case.incoming.drafts import COLUMNS
from leachwatch.case.records import FILES, Record
from leachwatch.case.records.linking import REFERENCES
from leachwatch.case.records.schemas import meanings
from leachwatch.case.records.shapes import expected_at, models_of
from test_cli import COMMANDS, PROGRAM

ROOT = Path(__file__).parent.parent
GROUPS = {command[0] for command in COMMANDS if len(command) > 1}
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize(
    "table",
    [*tables.TABLES, *tables.TRADE_TABLES, *tables.CASE_TABLES],
    ids=lambda table: table.name,
)
def test_every_column_is_described_as_it_is(table: tables.Table) -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    section = page.split(f"## {table.name}\n")[1].split("\n## ")[0]
    described = re.findall(r"^\| `(\w+)` \| (\w+)(, may be null)? \| (.+?) \|$", section, re.MULTILINE)
    for (name, kind, null, meaning), column in zip(described, table.columns, strict=True):
        assert (name, kind, bool(null)) == (column.name, column.kind, column.optional)
        assert meaning.startswith(column.meaning)


def fields_of(kind: Any) -> list[str]:
    """A row of a table in docs/case.md for each field of a model."""
    rows = []
    for name, meaning in meanings(kind).items():
        if name in Record.model_fields and kind is not Record:
            continue  # they are said once
        ids = REFERENCES.get((kind.__name__, name))
        is_list = expected_at(kind, (name,)) == "a list"
        what = f"{'ids' if is_list else 'id'} of {' or '.join(ids)}" if ids else expected_at(kind, (name,))
        needed = ", needed" if kind.model_fields[name].is_required() else ""
        rows.append(f"| `{name}` | {what}{needed} | {meaning} |".replace("``", "`"))
    return rows


@pytest.mark.parametrize("kind", [Record, *FILES.values()], ids=lambda kind: kind.__name__)
def test_every_field_of_a_record_is_described_as_it_is(kind: Any) -> None:
    page = (ROOT / "docs" / "case.md").read_text(encoding="utf-8")
    for model in models_of(kind):
        if model.__module__.rpartition(".")[2] not in ("claim_tests", "figures"):
            section = page.split(f"### {model.__name__}\n")[1].split("\n##")[0]
            rows = [line for line in section.splitlines() if line.startswith("| `")]
            assert rows == fields_of(model)


def test_every_column_of_events_that_come_in_is_described() -> None:
    page = (ROOT / "docs" / "case.md").read_text(encoding="utf-8")
    for name, meaning in COLUMNS.items():
        assert f"| `{name}` | {meaning} |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def commands_in(page: Path) -> list[str]:
    """Lines that tell a reader to run leachwatch: in code spans, and in indented blocks."""
    text = page.read_text(encoding="utf-8")
    spans = re.findall(r"`leachwatch ([^`]+)`", text)
    blocks = re.findall(r"^    (?:\S*/)?leachwatch (.+)$", text, re.MULTILINE)
    return [*spans, *blocks]


@cache
def help_of(*command: str) -> str:
    return subprocess.run(
        [str(PROGRAM), *command, "--help"], capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_in_a_document_exists(page: Path) -> None:
    for line in commands_in(page):
        words = line.split()
        if line in GROUPS:
            continue
        command = words[:2] if words[0] in GROUPS else words[:1]
        assert command in COMMANDS, line
        for option in re.findall(r"--[a-z-]+", line):
            assert option in help_of(*command), line


def test_documents_do_tell_readers_to_run_commands() -> None:
    assert len([line for page in PAGES for line in commands_in(page)]) > 10


def test_readme_promises_what_the_makefile_has() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(
        r"(?:^    |`)make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    ):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_package_stands_on_the_map() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in (ROOT / "src" / "leachwatch").iterdir():
        if path.is_dir() and (path / "__init__.py").exists():
            assert f"`{path.name}/`" in page
        elif path.suffix == ".py" and not path.name.startswith("__"):
            assert f"`{path.name}`" in page
