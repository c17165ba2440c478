"""S1, S4, S12, S20: identities, in memory and in one encrypted file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyrage
import pytest

from leachwatch.case.records import Records
from leachwatch.errors import OutputError, ReleaseError, VaultError
from leachwatch.release import mark_withdrawn, read_clearance
from leachwatch.vault import (
    VAULT,
    Consent,
    Contact,
    Identity,
    Unlocked,
    Vault,
    change_vault,
    make_identity_file,
    make_vault,
    open_vault,
    read_identity,
    rekey_vault,
    scan_case,
    unlock,
)
from release.people import BURMESE, BURMESE_ZAWGYI, CHINESE, DAY, ids, records

WITNESS = ids("src", 2)
TODAY = date(2026, 11, 27)
YAML = f"""
real_name: Lahtaw Zau Mun
other_names: [{BURMESE}, {CHINESE}]
contacts:
  - kind: phone
    value: +95 9 420 137 586
  - kind: mail
    value: zaumun88@mail.example
relation: drives the truck that brings sulphate to the ridge
handler_role: field coordinator
consent: {{scope: publish, given: 2024-11-01}}
places:
  - lon: 98.223456
    lat: 25.887654
    name: Bamboo Terrace
days:
  - day: 2024-10-18
    what: saw it
common_words: [Bamboo]
""".encode()


def nobody() -> str:
    raise AssertionError("no passphrase is needed")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.yaml").write_text("title: A case\n", encoding="utf-8")
    return folder


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Unlocked, Unlocked]:
    for name in ("one", "two"):
        make_identity_file(tmp_path / name)
    return unlock(tmp_path / "one", nobody), unlock(tmp_path / "two", nobody)


@pytest.fixture
def vault(case: Path, keys: tuple[Unlocked, Unlocked]) -> Path:
    make_vault(case, [key.recipient for key in keys])
    change_vault(case, keys[0], lambda _: {WITNESS: read_identity(YAML)})
    return case / VAULT


def held(case: Path) -> Records:
    return replace(records(), folder=case)


def test_s20_each_of_two_keys_opens_the_vault_and_so_does_any_program_of_age(
    vault: Path, case: Path, keys: tuple[Unlocked, Unlocked]
) -> None:
    for key in keys:
        assert open_vault(case, key).identities[WITNESS].real_name == "Lahtaw Zau Mun"
        assert b"Lahtaw Zau Mun" in pyrage.decrypt(vault.read_bytes(), [key.key])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(vault.read_bytes(), [pyrage.x25519.Identity.generate()])


def test_s20_one_key_is_refused(case: Path, keys: tuple[Unlocked, Unlocked]) -> None:
    one = keys[0].recipient
    for listed in ([one], [one, one], [one, f" {one} "], []):
        with pytest.raises(VaultError, match="two or more"):
            make_vault(case, listed)
    with pytest.raises(VaultError, match="no public key"):
        make_vault(case, [one, "age1nothing"])
    assert not (case / VAULT).exists()


def test_no_plain_text_is_ever_on_the_disk(vault: Path, case: Path) -> None:
    written = b"".join(path.read_bytes() for path in case.rglob("*") if path.is_file())
    for secret in ("Lahtaw", BURMESE, CHINESE, "420", WITNESS):
        assert secret.encode() not in written
    assert vault.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in case.iterdir()} <= {"case.yaml", VAULT, f".{VAULT}.lock"}


def test_the_size_of_the_vault_does_not_say_how_many_are_in_it(
    vault: Path, case: Path, keys: tuple[Unlocked, Unlocked]
) -> None:
    size = vault.stat().st_size
    change_vault(case, keys[0], lambda old: {**old, ids("src", 7): read_identity(YAML)})
    assert abs(vault.stat().st_size - size) < 512  # age itself adds up to so much at random


def test_a_change_that_fails_leaves_the_vault_as_it_was(
    vault: Path, case: Path, keys: tuple[Unlocked, Unlocked]
) -> None:
    before = vault.read_bytes()

    def fail(_: object) -> dict[str, Identity]:
        raise VaultError("no")

    with pytest.raises(VaultError):
        change_vault(case, keys[0], fail)
    assert vault.read_bytes() == before


def test_a_rekeyed_vault_opens_with_the_new_keys_only(
    vault: Path, case: Path, keys: tuple[Unlocked, Unlocked], tmp_path: Path
) -> None:
    make_identity_file(tmp_path / "three")
    third = unlock(tmp_path / "three", nobody)
    rekey_vault(case, keys[0], [keys[1].recipient, third.recipient])
    assert open_vault(case, third) == open_vault(case, keys[1])
    with pytest.raises(VaultError, match="does not open with this key"):
        open_vault(case, keys[0])
    with pytest.raises(VaultError, match="two or more"):
        rekey_vault(case, third, [third.recipient])
    assert vault.stat().st_mode & 0o777 == 0o600


def test_an_identity_file_is_that_of_age_and_lies_outside_of_the_case(case: Path, tmp_path: Path) -> None:
    public = make_identity_file(tmp_path / "key.txt")
    lines = (tmp_path / "key.txt").read_text().splitlines()
    assert lines[0] == f"# public key: {public}"
    assert str(pyrage.x25519.Identity.from_str(lines[1]).to_public()) == public
    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600
    with pytest.raises(OutputError, match="case folder"):
        make_identity_file(case / "key.txt")
    with pytest.raises(OutputError, match="already"):
        make_identity_file(tmp_path / "key.txt")


@pytest.mark.slow
def test_a_locked_identity_file_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    public = make_identity_file(tmp_path / "key.age", "four words of mine")
    assert b"AGE-SECRET-KEY" not in (tmp_path / "key.age").read_bytes()
    assert unlock(tmp_path / "key.age", lambda: "four words of mine").recipient == public
    with pytest.raises(VaultError, match="passphrase"):
        unlock(tmp_path / "key.age", lambda: "other words")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"real_name: Lahtaw\nconsent: {scope: publish", "line"),
        (b"real_name: Lahtaw\nhandler_role: x\nconsent: {scope: none}\nLahtaw_Zau: 1", "there is not"),
        (b"real_name: Lahtaw\nhandler_role: x\nconsent: {scope: Lahtaw}", "consent.scope"),
        (b"real_name: Lahtaw\nhandler_role: x\nconsent: {scope: publish}", "needs given"),
        (b"Lahtaw", "identity"),
        (b"\xffLahtaw", "identity"),
        (b"x" * 300_000, "shorten"),
    ],
)  # fmt: skip
def test_a_wrong_identity_is_refused_without_a_word_of_it(text: bytes, what: str) -> None:
    with pytest.raises(VaultError, match=what) as caught:
        read_identity(text)
    assert "Lahtaw" not in str(caught.value)


def test_a_traceback_tells_nothing() -> None:
    identity = read_identity(YAML)
    vault = Vault(recipients=("a", "b"), identities={WITNESS: identity})
    for shown in (repr(identity), str(identity), repr(vault), f"{vault}", repr({"x": identity})):
        assert "Lahtaw" not in shown


def opened(**changes: object) -> Vault:
    identity = read_identity(YAML).model_copy(update=changes)
    return Vault(recipients=("a", "b"), identities={WITNESS: identity})


def test_s12_a_case_without_a_word_of_the_vault_passes(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "publication"
    folder.mkdir()
    (folder / "index.html").write_text("<p>A gate was closed in Chipwi.</p>", encoding="utf-8")
    found = scan_case(held(case), opened(), folder, TODAY)
    assert found.passed, found.findings
    assert found.files == 1
    clearance = read_clearance(case)
    assert clearance is not None
    assert clearance.covers(folder)
    (folder / "index.html").write_text("<p>A gate was closed in Chipwi!</p>", encoding="utf-8")
    assert not clearance.covers(folder)


@pytest.mark.parametrize(
    "said", ["as Lahtaw says", BURMESE, BURMESE_ZAWGYI, CHINESE, "09420137586", "98.2235, 25.8877"]
)
def test_s12_a_hit_names_the_record_and_never_the_string(case: Path, said: str) -> None:
    whole = held(case)
    event = whole.events[ids("evt", 1)].model_copy(update={"public_note": f"A gate; {said}."})
    tainted = replace(whole, events={event.id: event}, claims={})
    found = scan_case(tainted, opened(), None, TODAY)
    assert [(one.where, one.owner) for one in found.findings] == [(event.id, WITNESS)]
    assert said not in repr(found)


def test_s12_a_hit_in_a_file_is_no_clearance(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "publication"
    folder.mkdir()
    (folder / "index.html").write_text(f"<p>{BURMESE_ZAWGYI}</p>", encoding="utf-8")
    assert [one.where for one in scan_case(held(case), opened(), folder, TODAY).findings] == ["index.html"]
    clearance = read_clearance(case)
    assert clearance is not None
    assert not clearance.covers(folder)


def test_s12_a_true_day_is_found_in_a_record_that_rests_on_the_source(case: Path) -> None:
    whole = held(case)
    event = whole.events[ids("evt", 1)].model_copy(update={"title": f"A gate closed on 18 {DAY:%B} 2024"})
    tainted = replace(whole, events={event.id: event}, claims={})
    assert [one.how for one in scan_case(tainted, opened(), None, TODAY).findings] == [
        "says the day; write the month"
    ]


@pytest.mark.parametrize(
    "consent",
    [
        Consent(scope="none"),
        Consent(scope="background", given=DAY),
    ],
)
def test_s4_what_nobody_agreed_to_publish_does_not_pass(case: Path, consent: Consent) -> None:
    found = scan_case(held(case), opened(consent=consent), None, TODAY)
    assert ["did not agree" in one.how for one in found.findings] == [True]
    empty = scan_case(held(case), Vault(recipients=("a", "b")), None, TODAY)
    assert ["nobody's consent" in one.how for one in empty.findings] == [True]


def test_s4_a_withdrawal_that_is_not_marked_does_not_pass_and_one_that_is_stops(case: Path) -> None:
    gone = opened(consent=Consent(scope="publish", given=DAY, withdrawn=TODAY))
    found = scan_case(held(case), gone, None, TODAY)
    assert [one.where for one in found.findings if "not marked" in one.how] == ["withdrawn.json"]
    mark_withdrawn(case, [WITNESS])
    with pytest.raises(ReleaseError, match="has withdrawn"):
        scan_case(held(case), gone, None, TODAY)


def test_the_host_of_a_mail_address_may_be_named(case: Path) -> None:
    whole = held(case)
    event = whole.events[ids("evt", 1)].model_copy(update={"public_note": "see mail.example"})
    told = replace(whole, events={event.id: event}, claims={})
    vault = opened(contacts=(Contact(kind="mail", value="zaumun88@mail.example"),))
    assert scan_case(told, vault, None, TODAY).passed
