"""A publication from end to end: what is in it, what gates it, and whether others can verify it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from leachwatch import tables
from leachwatch.case import open_case
from leachwatch.case.records import lint_folder, read_records
from leachwatch.custody import digest, load_key, make_key
from leachwatch.errors import ReleaseError
from leachwatch.leaks import Secret, leaks
from leachwatch.publication import Prepared, prepare, release_prepared, verify
from leachwatch.publication.inputs import case_digest
from leachwatch.publication.stating import read_stated
from leachwatch.publication.verifying import broken
from leachwatch.release import mark_withdrawn
from publication.secretive import (
    AMBER_CLAIM,
    AMBER_SPELL,
    HIDDEN,
    MADE,
    NAME,
    OPEN_CLAIM,
    OPEN_EVENT,
    OPEN_SPELL,
    PRINTED,
    REJECTED,
    SECRET_ARMY,
    TOLD,
    TOLD_CLAIM,
    TOLD_EVENT,
    VILLAGER,
    write_case,
)
from test_cli import leachwatch


def silent(_what: str, _done: int, _total: int) -> None: ...


def prepared(case: Path, **more: Any) -> Prepared:
    return prepare(open_case(case, today=MADE), day=MADE, progress=silent, **more)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared(write_case(tmp_path_factory.mktemp("cases") / "chipwi", NAME))


@pytest.fixture
def copy(made: Prepared, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made.folder, tmp_path / "publication"))


def listed(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in yaml.safe_load((folder / "case" / f"{kind}.yaml").read_text())}


def test_nothing_that_has_to_stay_behind_is_in_any_byte_of_it(made: Prepared) -> None:
    secret = Secret(owner="src-0000000000", names=(NAME,), places=((98.323456, 25.641234),))
    found = leaks(made.folder, [secret])
    assert found.leaks == ()
    assert found.unread == ()


def test_it_holds_a_case_that_leachwatch_reads_and_has_nothing_to_say_against(made: Prepared) -> None:
    case = made.folder / "case"
    records = read_records(case)
    assert {one.tlp for one in records} == {"CLEAR"}
    assert [one for one in lint_folder(case) if one.severity == "fault"] == []
    assert AMBER_SPELL not in records.control
    assert AMBER_CLAIM not in records.claims
    assert SECRET_ARMY not in records.actors
    assert HIDDEN not in records.citations


def test_what_a_protected_source_told_is_there_as_coarsely_as_it_may_be(made: Prepared) -> None:
    events = listed(made.folder, "events")
    assert OPEN_EVENT in events
    assert TOLD_EVENT not in events, "under another id, good for this publication alone"
    (told,) = (one for one in events.values() if one["title"] == "There was fighting")
    assert str(told["dated"]["first_imprecise"]) == "2022-03-01"
    assert str(told["dated"]["last_imprecise"]) == "2022-03-31"
    assert "place" not in told
    assert "one protected source (a person)" in told["public_note"]
    assert "Chipwi" in told["public_note"]
    claims = listed(made.folder, "claims")
    assert TOLD_CLAIM not in claims
    assert VILLAGER not in listed(made.folder, "sources")
    page = (made.folder / "index.html").read_text(encoding="utf-8")
    assert "There was fighting" in page
    assert "Trucks come by night." in page


def test_verdicts_rest_on_what_is_published_alone(made: Prepared) -> None:
    verdicts = tables.read(made.folder / "case" / "out", tables.VERDICTS).set_index("claim_id")
    assert verdicts.loc[OPEN_CLAIM, "verdict"] == "SUPPORTED", "two sources of the three that the team has"
    supports = listed(made.folder, "claims")[OPEN_CLAIM]["test"]["supports"]
    assert PRINTED in supports
    assert TOLD not in supports


def test_who_held_what_does_not_know_whom_is_not_named(made: Prepared) -> None:
    control = tables.read(made.folder / "case" / "out", tables.SITE_CONTROL)
    assert set(control["controller"].dropna()) <= {"TA"}


def test_sites_that_people_rejected_stay_behind_with_every_row(made: Prepared) -> None:
    out = made.folder / "case" / "out"
    own = tables.read(made.folder.parents[1] / "out", tables.SITES)
    rejected = own[own["review"] == "rejected"]["site_id"].tolist()
    assert len(rejected) == REJECTED
    for table in (tables.SITES, tables.SITE_MONTHS, tables.SPELLS, tables.PATCHES, tables.SITE_CONTROL):
        assert not set(rejected) & set(tables.read(out, table)["site_id"])
    assert not list(made.folder.rglob(f"*{rejected[0]}*"))
    assert rejected[0] not in str(tables.read(out, tables.SITES)["lineage"].tolist())


@pytest.mark.slow
def test_two_cases_that_differ_only_in_secrets_give_the_same_publication(tmp_path: Path) -> None:
    key_file = tmp_path / "key.pem"
    make_key(key_file)
    private = load_key(key_file, str)
    first = prepared(write_case(tmp_path / "a", "Lahtaw Zau Mun"), private=private)
    second = prepared(write_case(tmp_path / "b", "ဒေါ်ဦးမြန်မာကျော် 欧阳明华"), private=private)
    assert contents(first.folder) == contents(second.folder)


@pytest.mark.slow
def test_it_verifies_as_a_folder_and_as_a_zip(made: Prepared, tmp_path: Path) -> None:
    found = verify(made.folder, progress=silent)
    assert found.as_dict() | {"files": 0, "unchecked": []} == {
        "holds": True, "broken": [], "differs": [], "undecided": [], "unchecked": [], "files": 0,
        "tables": 11, "signed_by": "",
    }  # fmt: skip
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", made.folder))
    assert leachwatch("verify", packed).returncode == 0


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path) for path in files}


def flip(path: Path, place: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(place * (len(content) - 1))] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("place", [0.0, 0.37, 1.0])
def test_a_byte_that_was_changed_anywhere_is_found(copy: Path, place: float) -> None:
    files = [path for path in sorted(copy.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    assert len(files) > 60
    for path in files:
        before = path.read_bytes()
        flip(path, place)
        (wrong,) = broken(copy, read_stated(copy)[0])
        assert wrong.startswith(f"{path.relative_to(copy).as_posix()}: its bytes")
        path.write_bytes(before)


def test_a_file_that_was_added_or_taken_away_is_found(copy: Path) -> None:
    (copy / "case" / "more.yaml").write_text("- id: x\n")
    (copy / "README.txt").unlink()
    ran = leachwatch("verify", copy)
    assert ran.returncode == 1
    assert "case/more.yaml: is not in the manifest" in ran.stdout
    assert "README.txt: is in the manifest and not there" in ran.stdout


def forge(publication: Path, name: str, change: Callable[[Path], None]) -> None:
    """Change a file, and the manifest with it, as a forger would."""
    path = publication / name
    change(path)
    manifest = publication / "manifest.json"
    told = json.loads(manifest.read_text())
    for one in told["files"]:
        if one["path"] == name:
            one["sha256"], one["size"] = digest(path), path.stat().st_size
    manifest.write_text(json.dumps(told))


@pytest.mark.slow
def test_a_number_that_does_not_follow_is_found_though_the_manifest_was_forged_too(copy: Path) -> None:
    def more(path: Path) -> None:
        frame = tables.read(path.parent, tables.ESTIMATES)
        frame.loc[0, "p50"] = 12345.0
        frame.loc[0, "p95"] = 12345.0
        tables.write(path.parent, tables.ESTIMATES, frame)

    forge(copy, "case/out/estimates.parquet", more)
    ran = leachwatch("verify", copy)
    assert ran.returncode == 1
    assert re.search(
        r"case/out/estimates.parquet: row 1, p50: 12345.0 was published, [\d.]+ comes out", ran.stdout
    )


@pytest.mark.slow
def test_a_sentence_on_the_page_that_does_not_follow_is_found(copy: Path) -> None:
    def otherwise(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8").replace("There was fighting", "There was peace"))

    forge(copy, "index.html", otherwise)
    assert verify(copy, progress=silent).differs == ("index.html: comes out otherwise",)


@pytest.mark.slow
def test_a_record_that_was_changed_changes_what_comes_out(copy: Path) -> None:
    def other(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8").replace("at_least: 2", "at_least: 3"))

    forge(copy, "case/claims.yaml", other)
    differs = verify(copy, progress=silent).differs
    assert any("verdicts.parquet" in one and "SUPPORTED was published" in one for one in differs)


@pytest.mark.slow
def test_a_signature_holds_and_a_forged_manifest_does_not(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    key = tmp_path / "keys" / "custody.pem"
    key.parent.mkdir()
    fingerprint = leachwatch("evidence", "keygen", key).stdout.strip()
    ran = leachwatch("publish", case, "--key", key)
    assert ran.returncode == 0, ran.stderr
    folder = case / "publications" / "pending"
    assert leachwatch("verify", folder, "--fingerprint", fingerprint).returncode == 0
    wrong = leachwatch("verify", folder, "--fingerprint", "SHA256:" + "0" * 32)
    assert wrong.returncode == 1
    assert "is signed by" in wrong.stdout
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"custody": ""', '"custody":  ""'))
    assert "manifest.json: is not the one that was signed" in leachwatch("verify", folder).stdout
    (folder / "manifest.sig.json").unlink()
    assert leachwatch("verify", folder, "--fingerprint", fingerprint).returncode == 1


@pytest.mark.slow
def test_a_case_with_somebody_to_protect_is_not_released_before_it_was_searched(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    shown = leachwatch("publish", case)
    assert shown.returncode == 0, shown.stderr
    pending = case / "publications" / "pending"
    assert f"leachwatch vault scan {case} --identity FILE --publication {pending}" in shown.stdout
    refused = leachwatch("publish", case, "--release")
    assert refused.returncode == 2
    assert "was not searched" in refused.stderr
    keys = vault(case, tmp_path)
    searched = leachwatch("vault", "scan", case, "--identity", keys, "--publication", pending)
    assert searched.returncode == 0, searched.stdout
    released = leachwatch("publish", case, "--release")
    assert released.returncode == 0, released.stderr
    assert (case / "publications" / f"001-{made_on(case)}" / "index.html").is_file()
    assert leachwatch("publish", case, "--release").returncode == 2, "nothing is prepared any more"
    again = leachwatch("publish", case)
    assert "nothing changed since the last" in again.stdout or "changed since the last" in again.stdout


@pytest.mark.slow
def test_the_next_publication_goes_on_with_verdicts_and_with_no_name_that_protects(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    path = case / "claims.yaml"
    test = "test: {kind: corroborate, supports: [cit-000000000p, cit-000000000a], at_least: 2}"
    reported = (
        f"- {{id: clm-00000rep00, text: They were paid., kind: event, author: {VILLAGER}, tlp: CLEAR,\n"
        f"   citations: [{PRINTED}], {test}}}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + reported, encoding="utf-8")
    first = prepared(case)
    named = {
        claim for claim, one in listed(first.folder, "claims").items() if one["text"] == "They were paid."
    }
    home = case / "publications"
    first.folder.rename(home / "001-2026-11-27")
    second = prepared(case)
    text = (second.folder / "case" / "verdicts.jsonl").read_text(encoding="utf-8")
    assert OPEN_CLAIM in text
    assert len(named) == 1
    assert not any(claim in text for claim in named)
    assert not any(
        claim in path.read_text(errors="ignore") for path in every(second.folder) for claim in named
    )
    assert [part for part in second.difference.new if part.startswith(("claim", "source"))] == []
    assert verify(second.folder, progress=silent).holds


def every(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def made_on(case: Path) -> str:
    (folder,) = (one for one in (case / "publications").iterdir() if one.is_dir() and one.name != "pending")
    return folder.name.removeprefix("001-")


def vault(case: Path, home: Path, **more: Any) -> Path:
    """Make a vault with the villager in it; give the key."""
    keys = []
    for number in range(2):
        ran = leachwatch("vault", "keygen", home / f"key-{number}.txt")
        keys.append(ran.stdout.strip())
    leachwatch("vault", "init", case, "--recipient", keys[0], "--recipient", keys[1])
    identity = {
        "real_name": NAME, "contacts": [{"kind": "phone", "value": "+95 9 420 137 586"}],
        "relation": "lives beside the gate", "handler_role": "coordinator",
        "consent": {"scope": "publish", "given": date(2022, 3, 20)},
        "days": [{"day": date(2022, 3, 18), "what": "was there"}],
    } | more  # fmt: skip
    (home / "identity.yaml").write_text(yaml.safe_dump(identity, allow_unicode=True), encoding="utf-8")
    added = leachwatch(
        "vault", "add", case, VILLAGER, "--identity", home / "key-0.txt", "--file", home / "identity.yaml"
    )
    assert added.returncode == 0, added.stderr
    return home / "key-0.txt"


@pytest.mark.slow
def test_a_name_in_a_public_text_stops_the_release_by_its_record_and_is_not_repeated(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    path = case / "events.yaml"
    path.write_text(path.read_text().replace("A gate was closed", f"A gate was closed by {NAME}"))
    key = vault(case, tmp_path)
    assert leachwatch("publish", case, "-q").returncode == 0
    pending = case / "publications" / "pending"
    searched = leachwatch("vault", "scan", case, "--identity", key, "--publication", pending)
    assert searched.returncode == 1
    assert OPEN_EVENT in searched.stdout
    assert NAME not in searched.stdout
    refused = leachwatch("publish", case, "--release")
    assert refused.returncode == 2
    assert "the search found something" in refused.stderr
    assert NAME not in refused.stderr


@pytest.mark.slow
def test_what_was_changed_since_it_was_prepared_or_searched_is_not_released(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    prepared(case)
    path = case / "events.yaml"
    text = path.read_text()
    path.write_text(text.replace("A gate", "The gate"))
    with pytest.raises(ReleaseError, match="was changed since the publication"):
        release_prepared(case)
    path.write_text(text)
    flip(case / "publications" / "pending" / "index.html", 0.5)
    with pytest.raises(ReleaseError, match="was changed since it was prepared"):
        release_prepared(case)


@pytest.mark.slow
def test_every_input_that_was_changed_is_seen(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    before = case_digest(case)
    inputs = [
        *(path for path in case.iterdir() if path.is_file()),
        *(case / "trade").iterdir(),
        *(case / "out").rglob("*.parquet"),
        *(case / "out").rglob("*.npz"),
        case / "out" / "manifest.json",
    ]
    assert len(inputs) > 20
    for path in inputs:
        content = path.read_bytes()
        path.write_bytes(content + b" ")
        assert case_digest(case) != before, path
        path.write_bytes(content)
    assert case_digest(case) == before


def test_a_site_that_was_rejected_since_the_run_is_not_published(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    site = tables.read(case / "out", tables.SITES)["site_id"].iloc[-1]
    ran = leachwatch("review", site, "reject", "--reason", "quarry", "--case", case)
    assert ran.returncode == 0, ran.stderr
    with pytest.raises(ReleaseError, match=f"{site}: was rejected since the case was run"):
        prepared(case)


def test_a_file_beside_it_does_not_turn_the_check_off(copy: Path) -> None:
    (copy / "case.yaml").write_text("title: x\n")
    ran = leachwatch("verify", copy)
    assert ran.returncode == 1
    assert "case.yaml: is not in the manifest" in ran.stdout


def test_a_link_in_it_is_named_and_not_followed(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (copy / "case" / "more").symlink_to(tmp_path / "elsewhere")
    assert broken(copy, read_stated(copy)[0]) == ("case/more: is not in the manifest",)


def test_a_public_case_that_reads_elsewhere_is_not_computed(copy: Path, tmp_path: Path) -> None:
    def elsewhere(path: Path) -> None:
        path.write_text(path.read_text().replace("areas: areas.geojson", f"areas: {tmp_path}/areas.geojson"))

    forge(copy, "case/case.yaml", elsewhere)
    assert "names areas outside" in verify(copy, progress=silent).differs[0]


def test_a_damaged_zip_is_said_to_be_damaged(made: Prepared, tmp_path: Path) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", made.folder))
    with zipfile.ZipFile(packed) as archive:
        largest = max(archive.infolist(), key=lambda one: one.compress_size)
    content = bytearray(packed.read_bytes())
    content[largest.header_offset + largest.compress_size // 2] ^= 1
    packed.write_bytes(bytes(content))
    ran = leachwatch("verify", packed)
    assert ran.returncode == 2
    assert "is damaged or locked" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.slow
def test_it_is_drawn_the_same_in_any_time_zone(made: Prepared, tmp_path: Path) -> None:
    out = made.folder / "case" / "out"
    program = (
        "import sys; from pathlib import Path; from leachwatch.publish.pictures import draw_pictures;"
        f"draw_pictures(Path({str(out)!r}), Path(sys.argv[1]), simulated=True)"
    )
    drawn = []
    for zone in ("America/New_York", "Asia/Yangon"):
        subprocess.run(
            [sys.executable, "-c", program, tmp_path / zone], env={**os.environ, "TZ": zone}, check=True
        )
        drawn.append({path.name: path.read_bytes() for path in (tmp_path / zone).glob("*.svg")})
    assert len(drawn[0]) > 5
    assert {name for name in drawn[0] if drawn[0][name] != drawn[1][name]} == set()


def test_evidence_is_listed_or_promised(made: Prepared) -> None:
    told = json.loads((made.folder / "manifest.json").read_text())
    assert not (made.folder / "case" / "evidence.yaml").exists(), "what it was made of has no address"
    assert "evidence" not in listed(made.folder, "citations")[PRINTED]
    assert len(told["unpublished"]) == 16


@pytest.mark.slow
def test_a_holder_that_was_swapped_is_shown_as_a_change(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    first = prepared(case)
    first.folder.rename(case / "publications" / "001-2026-11-27")
    path = case / "actors.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "- {id: act-000000000b, kind: armed_group, name: The Others, tlp: CLEAR}\n",
        encoding="utf-8",
    )
    path = case / "control.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("- act-000000000a", "- act-000000000b", 1))
    changed = prepared(case).difference
    assert "actor act-000000000b" in changed.new
    assert f"control {OPEN_SPELL}" in changed.changed


def test_who_took_their_consent_back_is_in_no_publication(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    mark_withdrawn(case, [VILLAGER])
    with pytest.raises(
        ReleaseError, match=r"(evt|clm|cit)-\w+: rests on src-000000000v, which has withdrawn"
    ):
        prepared(case)


@pytest.mark.slow
def test_a_draft_says_that_it_is_one_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case")
    ran = leachwatch("publish", case, "--draft")
    assert ran.returncode == 0, ran.stderr
    assert "stays behind: " in ran.stdout
    assert "DRAFT, not released" in (case / "out" / "draft.html").read_text(encoding="utf-8")
    assert list((case / "publications").iterdir()) == []


def test_a_zip_that_leads_elsewhere_stays_inside_or_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("../outside.txt", "x")
    ran = leachwatch("verify", bad)
    assert ran.returncode == 2
    assert not (tmp_path / "outside.txt").exists()
    assert "is missing or no manifest" in ran.stderr


@pytest.mark.slow
def test_a_publication_opens_no_socket_and_needs_no_vault(made: Prepared) -> None:
    assert not (made.folder.parents[1] / "vault.age").exists()
    program = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('a socket')\n"
        "socket.socket.connect = refuse\n"
        f"sys.argv = ['leachwatch', 'verify', {str(made.folder)!r}]\n"
        "from leachwatch.cli import command_line\n"
        "raise SystemExit(command_line())\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
