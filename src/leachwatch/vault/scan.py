"""The search of everything public for anything of the vault (S12): it says where and whose, never what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from pydantic import BaseModel

from leachwatch.case.records import Records
from leachwatch.leaks import Finding, Secret, leaks
from leachwatch.release import (
    CLEARANCE,
    Clearance,
    Release,
    circumstances_of,
    digest_of,
    new_key,
    public,
)
from leachwatch.vault.identity import Identity
from leachwatch.vault.store import Vault
from leachwatch.writing import write_whole

__all__ = ["Scanned", "scan_case"]


@dataclass(frozen=True)
class Scanned:
    """What the search came to.

    Attributes
    ----------
    findings : tuple of Finding
        Where something must be mended, whose it is, and why; empty where all is well.
    records, files : int
        How many were searched.
    """

    findings: tuple[Finding, ...]
    records: int
    files: int

    @property
    def passed(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.findings


def scan_case(records: Records, vault: Vault, publication: Path | None, day: date) -> Scanned:
    """Search the public records of a case, and every byte of a publication.

    Parameters
    ----------
    records : Records
        Of the case.
    vault : Vault
        Opened; the only step before publishing that needs it.
    publication : Path or None
        Folder that is to leave; a clearance of its bytes is left in the case folder.
    day : date
        Today, UTC.

    Returns
    -------
    Scanned

    Raises
    ------
    ReleaseError
        If the records cannot be published at all.
    OutputError
        If the clearance cannot be written.
    """
    if publication is not None:
        (records.folder / CLEARANCE).unlink(missing_ok=True)  # an earlier one clears nothing any more
    around = circumstances_of(records.folder)
    release = public(records, new_key(), around)
    secrets = [_secret(owner, identity) for owner, identity in vault.identities.items()]
    texts = _texts(release)
    in_records = leaks(texts, secrets)
    found = [*in_records.leaks, *in_records.unread, *_days(release, texts, vault), *_consents(release, vault)]
    found += [
        Finding("withdrawn.json", owner, "has withdrawn and is not marked; run `leachwatch vault withdraw`")
        for owner, identity in vault.identities.items()
        if identity.consent.withdrawn and owner not in around.withdrawn
    ]
    files = 0
    if publication is not None:
        before = digest_of(publication)
        in_files = leaks(publication, secrets)
        found += [*in_files.leaks, *in_files.unread]
        if digest_of(publication) != before:
            found.append(
                Finding("", "", "the publication was changed while it was searched; search it again")
            )
        files = sum(path.is_file() for path in publication.rglob("*"))
        clearance = Clearance(publication=before, files=files, passed=not found, day=day)
        write_whole(records.folder / CLEARANCE, clearance.model_dump_json() + "\n")
    return Scanned(tuple(found), len(texts), files)


def _secret(owner: str, identity: Identity) -> Secret:
    values: dict[str, list[str]] = defaultdict(list)
    for contact in identity.contacts:
        values[contact.kind].append(contact.value)
    return Secret(
        owner=owner,
        names=(identity.real_name, *identity.other_names),
        handles=(
            *values["account"],
            *(mail.split("@")[0] for mail in values["mail"]),
            identity.virtual_identity,
        ),
        wholes=(*values["mail"], *values["address"], *(place.name for place in identity.places)),
        numbers=tuple(values["phone"]),
        prose=(identity.relation, identity.risk_note, *(one.what for one in identity.days)),
        places=tuple((place.lon, place.lat) for place in identity.places),
        common=frozenset(identity.common_words),
    )


def _texts(release: Release) -> Mapping[str, str]:
    """Text of every public record, under the id that it has in the case."""
    own = {public_id: case_id for case_id, public_id in release.names.items()}
    return {own.get(name, name): record.model_dump_json() for name, record in _published(release)}


def _published(release: Release) -> Iterator[tuple[str, BaseModel]]:
    for kind in type(release.case).model_fields:
        for record in getattr(release.case, kind):
            yield record.id, record


def _days(release: Release, texts: Mapping[str, str], vault: Vault) -> Iterator[Finding]:
    """Find exact days of a source in records that rest on it; elsewhere a day is anybody's."""
    for record, sources in release.behind.items():
        for owner in sorted(sources & vault.identities.keys()):
            days = {form for one in vault.identities[owner].days for form in _forms(one.day)}
            if any(form in texts.get(record, "") for form in days):
                yield Finding(record, owner, "says the day; write the month")


def _forms(day: date) -> tuple[str, ...]:
    return (
        day.isoformat(),
        f"{day.day} {day:%B %Y}",
        f"{day.day} {day:%b %Y}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day.year}年{day.month}月{day.day}日",
    )


def _consents(release: Release, vault: Vault) -> Iterator[Finding]:
    for owner in sorted(set(chain.from_iterable(release.behind.values()))):
        identity = vault.identities.get(owner)
        where = ", ".join(sorted(one for one, sources in release.behind.items() if owner in sources))
        if identity is None:
            yield Finding(
                where, owner, "rests on a source that is not in the vault; nobody's consent is recorded"
            )
        elif not identity.consent.publishable:
            yield Finding(
                where, owner, "rests on a source that did not agree to be published, or no longer does"
            )
