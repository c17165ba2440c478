from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.case.records import FILES, Event, read_records
from leachwatch.case.records.rewriting import add_records, fill_ids, new_id, set_fields
from leachwatch.errors import OutputError, RecordError
from written import CLAIM, EVENT, WHOLE, written

COMMENTED = """\
# Claims of the desk.
# Second line.

- id: clm-0000000001   # the first
  text: "Quoted: with a colon"  # why
  kind: 'numeric'
  # about who said it
  author:   src-0000000001

  test: {kind: corroborate, supports: [a, b]}   # in braces
  note: |
    first line
    second line
  # behind the note

# before the second
-   text: >
      folded
      over lines

    kind: numeric
    hedge:
    about:
    - evt-0000000001
    - evt-0000000002   # the last thing in it
# before the third
- {id: clm-0000000003, text: 'ရွှေ'} # in braces too
# the end"""


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_a_verdict_comes_after_the_record_and_every_other_line_stays(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(COMMENTED, encoding="utf-8")
    set_fields(path, {"clm-0000000001": {"verdict": "SUPPORTED"}, "clm-0000000003": {"verdict": "REFUTED"}})
    after = lines(path.read_text(encoding="utf-8"))
    assert after.pop(after.index("  verdict: SUPPORTED")) == "  verdict: SUPPORTED"
    before = lines(COMMENTED.replace("'ရွှေ'}", "'ရွှေ', verdict: REFUTED}"))
    assert after == before
    assert yaml.safe_load(path.read_text(encoding="utf-8"))[0]["verdict"] == "SUPPORTED"


def test_a_verdict_that_is_there_is_replaced_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(
        COMMENTED.replace("  author:", "  verdict: REFUTED   # was so\n  author:"), encoding="utf-8"
    )
    set_fields(path, {"clm-0000000001": {"verdict": "NOT_ENOUGH_EVIDENCE", "note": "a: b # no comment"}})
    text = path.read_text(encoding="utf-8")
    assert "  verdict: NOT_ENOUGH_EVIDENCE   # was so\n  author:" in text
    assert "  note: 'a: b # no comment'\n  # behind the note\n" in text


def test_missing_ids_are_filled_in_front_and_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(COMMENTED, encoding="utf-8")
    assert fill_ids(tmp_path) == {"claims.yaml": 1}
    text = path.read_text(encoding="utf-8")
    own = yaml.safe_load(text)[1]["id"]
    assert re.fullmatch(r"clm-[0-9a-hjkmnp-tv-z]{10}", own)
    assert text == COMMENTED.replace("-   text: >", f"-   id: {own}\n    text: >")
    assert fill_ids(tmp_path) == {}
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- {kind: clash} # a\n", "- {id: ID, kind: clash} # a\n"),
        ("- {}\n", "- {id: ID}\n"),
        ("- id:\n  kind: clash\n", "- id: ID\n  kind: clash\n"),
        ("- kind: clash\n  id: ''  # to come\n", "- kind: clash\n  id: ID  # to come\n"),
        ("-\n  # first\n  kind: clash", "-\n  # first\n  id: ID\n  kind: clash"),
        ("[{kind: clash}]", "[{id: ID, kind: clash}]"),
        ("  - kind: clash\r\n", "  - id: ID\n    kind: clash\r\n"),
    ],
)
def test_an_id_is_filled_however_the_record_is_written(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "events.yaml"
    path.write_bytes(before.encode())
    assert fill_ids(tmp_path) == {"events.yaml": 1}
    text = path.read_bytes().decode()
    assert re.sub(r"evt-\w{10}", "ID", text) == after


def test_ids_are_random_and_of_their_kind() -> None:
    for kind in FILES.values():
        assert len({new_id(kind) for _ in range(200)}) == 200


def test_nothing_is_written_when_one_file_is_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "actors.yaml").write_text("- kind: person\n", encoding="utf-8")
    (tmp_path / "claims.yaml").write_text("- kind: [\n", encoding="utf-8")
    with pytest.raises(RecordError, match="not YAML"):
        fill_ids(tmp_path)
    assert (tmp_path / "actors.yaml").read_text(encoding="utf-8") == "- kind: person\n"


def test_a_record_that_is_gone_is_named_and_nothing_written(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(RecordError, match="has no record clm-0000000009"):
        set_fields(
            tmp_path / "claims.yaml",
            {CLAIM: {"verdict": "REFUTED"}, "clm-0000000009": {"verdict": "REFUTED"}},
        )
    assert (tmp_path / "claims.yaml").read_text(encoding="utf-8") == WHOLE["claims.yaml"]


def test_a_folder_that_cannot_be_written_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)

    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    with pytest.raises(OutputError, match="No space left"):
        set_fields(tmp_path / "claims.yaml", {CLAIM: {"verdict": "REFUTED"}})
    assert (tmp_path / "claims.yaml").read_text(encoding="utf-8") == WHOLE["claims.yaml"]


def test_records_are_added_behind_what_is_there(tmp_path: Path) -> None:
    event = read_records(written(tmp_path)).events[EVENT]
    other = event.model_copy(update={"id": "evt-0000000002"})
    path = tmp_path / "events.yaml"
    before = "# head\n" + WHOLE["events.yaml"] + "# tail"
    path.write_text(before, encoding="utf-8")
    add_records({path: [other], tmp_path / "none.yaml": []})
    assert path.read_text(encoding="utf-8").startswith(before + "\n- id: evt-0000000002\n")
    assert read_records(tmp_path).events["evt-0000000002"] == other
    assert not (tmp_path / "none.yaml").exists()


@pytest.mark.parametrize("before", [None, "", "# only words\n", "[]  # none yet\n", "\ufeff# words\n"])
def test_records_are_added_to_an_empty_file(tmp_path: Path, before: str | None) -> None:
    event = read_records(written(tmp_path / "a")).events[EVENT]
    assert isinstance(event, Event)
    path = tmp_path / "events.yaml"
    if before is not None:
        path.write_text(before, encoding="utf-8")
    add_records({path: [event]})
    assert read_records(tmp_path).events == {EVENT: event}
    assert ("words" in (before or "")) == ("words" in path.read_text(encoding="utf-8"))


# comments survive

COMMENT = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs")), max_size=10).map(
    lambda text: f"# {text}"
)
SCALAR = st.sampled_from(
    ["x", "'it''s'", '"a: b"', "2024-10-11", "10", "[a, b]", "{a: 1}", "", "|\n    a\n    b"]
)
FIELD = st.tuples(st.sampled_from(["note", "text", "verdict", "hedge", "kind"]), SCALAR, st.none() | COMMENT)
RECORD = st.tuples(
    st.lists(COMMENT, max_size=2), st.lists(FIELD, min_size=1, max_size=4, unique_by=lambda field: field[0]),
    st.booleans(), st.booleans(),
)  # fmt: skip


def yaml_of(records: list[Any]) -> tuple[str, list[str]]:
    out, comments = [], []
    for number, (above, fields, with_id, spaced) in enumerate(records):
        named = [("id", f"clm-{number:010d}", None), *fields] if with_id else fields
        out += above + ([""] if spaced else [])
        comments += above
        for place, (name, value, comment) in enumerate(named):
            behind = f"  {comment}" if comment and "\n" not in value else ""
            comments += [comment] if behind else []
            out.append(f"{'  ' if place else '- '}{name}: {value}{behind}")
    return "\n".join(out) + "\n", comments


@settings(max_examples=300, deadline=None)
@given(st.lists(RECORD, min_size=1, max_size=4))
def test_comments_and_every_other_value_survive(
    tmp_path_factory: pytest.TempPathFactory, records: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("case") / "claims.yaml"
    text, comments = yaml_of(records)
    path.write_text(text, encoding="utf-8")
    before = yaml.safe_load(text)
    fill_ids(path.parent)
    ids = [one["id"] for one in yaml.safe_load(path.read_text(encoding="utf-8"))]
    set_fields(path, {own: {"verdict": "SUPPORTED"} for own in ids})
    after = path.read_text(encoding="utf-8")
    assert [one.strip() for one in re.findall(r"#[^\n]*", after)] == [one.strip() for one in comments]
    expected = [{**one, "id": own, "verdict": "SUPPORTED"} for one, own in zip(before, ids, strict=True)]
    assert yaml.safe_load(after) == expected
