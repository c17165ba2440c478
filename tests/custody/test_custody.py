"""S15, S16, S18, S19: what happened to evidence, and that nobody changed the account of it."""

from __future__ import annotations

import hmac
import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from leachwatch.case.records import Evidence, read_records
from leachwatch.custody import (
    difference,
    load_key,
    make_key,
    manifest,
    note_evidence,
    read_custody,
    seal,
    take_in,
    unsigned,
    verify_custody,
)
from leachwatch.errors import OutputError, RecordError, ReleaseError
from leachwatch.release import PublicationKey

DAY = date(2026, 11, 27)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.yaml").write_text("title: A case\n", encoding="utf-8")
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "key.pem")
    return tmp_path / "key.pem"


def intake(case: Path, content: bytes = b"as it came", name: str = "Naw San at home.jpg") -> str:
    file = case.parent / name
    file.write_bytes(content)
    return take_in(file, case, title="A photo", day=DAY, role="researcher", reason="by hand").record.id


def signed(case: Path, key: Path, passphrase: str = "") -> str:
    return seal(case, load_key(key, lambda: passphrase))


def test_s15_evidence_is_copied_as_it_is_and_may_not_be_written_to(case: Path) -> None:
    content = b"\xff\xd8\xff\xe1 Exif and all"
    name = intake(case, content)
    copy = case / "evidence" / f"{name}.jpg"
    assert copy.read_bytes() == content
    assert copy.stat().st_mode & 0o777 == 0o400
    assert "Naw" not in (case / "evidence.yaml").read_text() + (case / "custody.jsonl").read_text()
    record = read_records(case).evidence[name]
    assert (record.sha256, record.size, record.encoding_format) == (
        sha256(content).hexdigest(), len(content), "image/jpeg"
    )  # fmt: skip
    assert record.tlp == "AMBER"


def test_evidence_is_added_below_what_people_wrote(case: Path) -> None:
    path = case / "evidence.yaml"
    written = "# by hand\n- id: evd-0000000001\n  title: A page  # of the paper\n  url: https://x.example\n"
    path.write_text(written, encoding="utf-8")
    name = intake(case)
    assert path.read_text(encoding="utf-8").startswith(written)
    assert list(read_records(case).evidence) == ["evd-0000000001", name]


@pytest.mark.parametrize(
    "written",
    ["{a: 1}\n", "- id: 'evd\n", "  - id: evd-0000000001\n    title: x\n    url: https://x.example\n"],
)
def test_nothing_is_taken_in_where_its_record_cannot_be_written(case: Path, written: str) -> None:
    (case / "evidence.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(RecordError, match=r"evidence\.yaml"):
        intake(case)
    assert list((case / "evidence").iterdir()) == []
    assert (case / "evidence.yaml").read_text(encoding="utf-8") == written
    assert not (case / "custody.jsonl").exists()


def test_a_wrong_label_leaves_nothing_behind(case: Path) -> None:
    file = case.parent / "x.pdf"
    file.write_bytes(b"x")
    with pytest.raises(RecordError, match="--tlp"):
        take_in(file, case, title="x", day=DAY, role="researcher", tlp="PINK")
    assert list((case / "evidence").iterdir()) == []


def test_s16_every_line_holds_the_hash_of_the_line_before(case: Path) -> None:
    first, second = intake(case), intake(case, b"another")
    note_evidence(case, "transferred", first, day=DAY, role="editor", reason="to the lawyer")
    lines = (case / "custody.jsonl").read_bytes().splitlines()
    said = [json.loads(line) for line in lines]
    assert [(one["seq"], one["event"], one["evidence"]) for one in said] == [
        (1, "collected", first), (2, "collected", second), (3, "transferred", first)
    ]  # fmt: skip
    assert [one["previous"] for one in said[1:]] == [sha256(line).hexdigest() for line in lines[:-1]]
    assert said[2]["sha256_before"] == said[2]["sha256_after"] == said[0]["sha256_after"]
    assert verify_custody(case) is None


def test_s16_every_byte_of_the_log_counts(case: Path, key: Path) -> None:
    intake(case)
    intake(case, b"another")
    signed(case, key)
    path = case / "custody.jsonl"
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        broken = verify_custody(case)
        assert broken is not None, place
        assert "custody." in broken
    path.write_bytes(whole)
    assert verify_custody(case) is None


def test_s16_the_first_break_is_named(case: Path) -> None:
    for content in (b"1", b"2", b"3"):
        intake(case, content)
    path = case / "custody.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0].replace(b"by hand", b"by mail") + lines[1] + lines[2])
    assert str(verify_custody(case)).startswith(f"{path}: line 2: does not follow")
    path.write_bytes(lines[0] + lines[2])
    assert str(verify_custody(case)).startswith(f"{path}: line 2: does not follow")


def test_s16_a_log_that_was_cut_short_or_written_anew_is_not_what_was_signed(case: Path, key: Path) -> None:
    intake(case)
    intake(case, b"another")
    signed(case, key)
    path = case / "custody.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole.splitlines(keepends=True)[0])
    assert "line 2: is lost, of 2 signed" in str(verify_custody(case))
    path.unlink()
    intake(case, b"something else")
    intake(case, b"and else")
    assert "not the one that was signed" in str(verify_custody(case))


def test_s16_another_key_is_told_by_its_fingerprint(case: Path, key: Path, tmp_path: Path) -> None:
    intake(case)
    mine = signed(case, key)
    assert verify_custody(case, mine) is None
    make_key(tmp_path / "forged.pem")
    signed(case, tmp_path / "forged.pem")
    assert verify_custody(case) is None
    assert "is signed by" in str(verify_custody(case, mine))


def test_s16_a_log_without_its_seal_does_not_pass_for_one_that_was_signed(case: Path, key: Path) -> None:
    intake(case)
    mine = signed(case, key)
    for name in ("custody.seal.json", "custody.jsonl", "evidence.yaml"):
        (case / name).unlink()
    for path in (case / "evidence").iterdir():
        path.unlink()
    intake(case, b"a forgery, chained as it should be")
    assert verify_custody(case) is None
    assert "custody.seal.json: is not there" in str(verify_custody(case, mine))


def test_s16_lines_after_the_signed_one_do_not_pass_for_signed(case: Path, key: Path) -> None:
    name = intake(case)
    mine = signed(case, key)
    copy = case / "evidence" / f"{name}.jpg"
    copy.chmod(0o600)
    copy.write_bytes(b"other bytes")
    note_evidence(case, "redacted", name, day=DAY, role="researcher")
    assert unsigned(case) == 1
    assert verify_custody(case) is None
    assert "custody.jsonl: line 2: is not signed" in str(verify_custody(case, mine))
    signed(case, key)
    assert unsigned(case) == 0
    assert verify_custody(case, mine) is None


@pytest.mark.parametrize("field", ["payload", "publicKey"])
def test_s16_a_seal_that_was_changed_does_not_hold(case: Path, key: Path, field: str) -> None:
    intake(case)
    signed(case, key)
    path = case / "custody.seal.json"
    envelope = json.loads(path.read_bytes())
    envelope[field] = ("B" if envelope[field][0] == "A" else "A") + envelope[field][1:]
    path.write_text(json.dumps(envelope), encoding="utf-8")
    assert "custody.seal.json" in str(verify_custody(case))


def test_a_tampered_byte_of_evidence_is_found(case: Path) -> None:
    name = intake(case)
    copy = case / "evidence" / f"{name}.jpg"
    copy.chmod(0o600)
    copy.write_bytes(b"As it came")
    assert f"{name}: its bytes are not those that were taken in" in str(verify_custody(case))
    with pytest.raises(RecordError, match="not those in the log"):
        note_evidence(case, "accessed", name, day=DAY, role="editor")
    copy.unlink()
    assert f"{name}: is gone" in str(verify_custody(case))


def test_s19_a_deletion_is_logged(case: Path) -> None:
    name = intake(case)
    with pytest.raises(RecordError, match="still there"):
        note_evidence(case, "destroyed", name, day=DAY, role="editor")
    (case / "evidence" / f"{name}.jpg").unlink()
    note_evidence(case, "destroyed", name, day=DAY, role="editor", reason="the source asked for it")
    assert verify_custody(case) is None
    assert read_custody(case)[-1].sha256_after == ""


def test_what_was_never_taken_in_is_named(case: Path) -> None:
    intake(case)
    (case / "evidence" / "loose.jpg").write_bytes(b"?")
    assert "was never taken in" in str(verify_custody(case))


@pytest.mark.parametrize("event", ["collected", "stolen"])
def test_only_events_that_there_are_may_be_noted(case: Path, event: str) -> None:
    name = intake(case)
    with pytest.raises(RecordError):
        note_evidence(case, event, name, day=DAY, role="editor")
    assert len(read_custody(case)) == 1


def test_a_key_is_kept_outside_of_the_case_and_readable_by_its_owner_alone(case: Path, key: Path) -> None:
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OutputError, match="case folder"):
        make_key(case / "key.pem")
    with pytest.raises(OutputError, match="already"):
        make_key(key)


def test_a_locked_key_signs_with_its_passphrase_only(case: Path, tmp_path: Path) -> None:
    intake(case)
    made = make_key(tmp_path / "locked.pem", "four words of mine")
    with pytest.raises(RecordError, match="passphrase"):
        signed(case, tmp_path / "locked.pem")
    assert signed(case, tmp_path / "locked.pem", "four words of mine") == made


def evidence(number: int, content: bytes) -> Evidence:
    return Evidence(
        id=f"evd-{number:010d}", title="x", url="https://x.example", sha256=sha256(content).hexdigest(),
        size=len(content),
    )  # fmt: skip


def test_s18_unpublished_evidence_stands_in_the_manifest_as_promises_only(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"the page")
    key = PublicationKey(bytes(32))
    held = {one.id: one for one in (evidence(1, b"secret tape"), evidence(2, b"secret photo" * 5_000))}
    listed = manifest(tmp_path, held, key.item_key)
    assert listed.marks == {"index.html": sha256(b"the page").hexdigest()}
    text = listed.model_dump_json()
    for one in held.values():
        assert one.sha256 not in text
        assert one.id not in text
        opened = hmac.digest(key.item_key(one.id), one.sha256.encode(), "sha256").hex()
        assert opened in {promise.commitment for promise in listed.unpublished}
    assert len(listed.unpublished) == 16
    again = manifest(tmp_path, held, PublicationKey(bytes([1] * 32)).item_key)
    assert not {one.commitment for one in again.unpublished} & {one.commitment for one in listed.unpublished}


def test_s18_the_number_of_promises_does_not_say_how_many_there_are(tmp_path: Path) -> None:
    key = PublicationKey(bytes(32))
    counts = {
        len(
            manifest(
                tmp_path,
                {one.id: one for one in (evidence(n, bytes([n])) for n in range(many))},
                key.item_key,
            ).unpublished
        )
        for many in range(1, 17)
    }
    assert counts == {16}
    assert manifest(tmp_path, {}, key.item_key).unpublished == ()


def test_s8_an_original_that_stays_unpublished_may_not_lie_in_the_publication(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"secret tape")
    with pytest.raises(ReleaseError, match="original of evd-0000000001"):
        manifest(
            tmp_path, {"evd-0000000001": evidence(1, b"secret tape")}, PublicationKey(bytes(32)).item_key
        )


def test_only_the_manifest_of_the_publication_itself_is_left_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"of before")
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "manifest.json").write_bytes(b"of films")
    listed = manifest(tmp_path, {}, PublicationKey(bytes(32)).item_key)
    assert [one.path for one in listed.files] == ["films/manifest.json"]


def test_s13_what_is_new_changed_and_gone_since_the_last_publication_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"1")
    key = PublicationKey(bytes(32))
    before = manifest(tmp_path, {}, key.item_key)
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_bytes(b"2")
    (tmp_path / "c").write_bytes(b"1")
    shown = difference(before.marks, manifest(tmp_path, {}, key.item_key).marks)
    assert (shown.new, shown.changed, shown.gone) == (("c",), ("b",), ("a",))
