"""Preparing a publication: its public case, all that is computed from it, its manifest; no release yet."""

from __future__ import annotations

import hmac
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leachwatch import tables
from leachwatch.case import Case
from leachwatch.case.records import read_records
from leachwatch.custody import Difference, custody_heads, enveloped
from leachwatch.errors import OutputError
from leachwatch.publication.carrying import carry
from leachwatch.publication.comparing import compared
from leachwatch.publication.inputs import case_digest, protects, refuse_unseen_reviews, trade_of
from leachwatch.publication.layout import (
    CASE,
    MANIFEST,
    PENDING,
    PUBLICATIONS,
    SIGNATURE,
    STATE,
    last_publication,
    published,
)
from leachwatch.publication.presenting import present
from leachwatch.publication.reckoning import Progress, Reckoned, reckon
from leachwatch.publication.stating import state
from leachwatch.release import (
    PublicationKey,
    Withheld,
    circumstances_of,
    digest_of,
    new_key,
    public,
)
from leachwatch.trade import withheld
from leachwatch.writing import write_whole

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["SIGNED", "Prepared", "prepare", "publication_key", "workshop"]

SIGNED = "urn:leachwatch:publication:v0.1"
"""What the signature of a manifest is for."""

_PURPOSE = b"leachwatch publication "


@dataclass(frozen=True, eq=False)
class Prepared:
    """A publication that is ready to be looked at, searched and released.

    Attributes
    ----------
    folder : Path
        Where it lies.
    name : str
        What it will be called.
    first : bool
        Whether nothing was published before.
    difference : Difference
        Against the last publication.
    withheld : tuple of Withheld
        Records that stay behind; for the editor's eyes.
    told : int
        Records that protected sources told of, which leave only as coarsely as they may.
    verdicts : mapping of str to tuple of str
        Claims of which the verdict in the publication is not the team's own, which also rests on what stays
        behind: the own and the published one.
    needs : tuple of str
        Inputs that may not be passed on.
    protected : bool
        Whether the case has sources who must not be found: it has to be searched before it is released.
    """

    folder: Path
    name: str
    first: bool
    difference: Difference
    withheld: tuple[Withheld, ...]
    told: int
    verdicts: dict[str, tuple[str, str]]
    needs: tuple[str, ...]
    protected: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "folder": str(self.folder),
            "name": self.name,
            "new": list(self.difference.new),
            "changed": list(self.difference.changed),
            "gone": list(self.difference.gone),
            "withheld": {one.record: one.why for one in self.withheld},
            "told": self.told,
            "verdicts": {claim: list(both) for claim, both in self.verdicts.items()},
            "needs": list(self.needs),
            "protected": self.protected,
        }


def prepare(
    case: Case, *, day: date, private: Ed25519PrivateKey | None = None, progress: Progress
) -> Prepared:
    """Make a publication of a case, in its folder ``publications/pending``.

    Everything in it is computed from the public half of the case alone, which is part of it: what is not
    CLEAR, or names somebody who is protected, cannot flow in.

    Parameters
    ----------
    case : Case
        As opened, with the tables of its scan.
    day : date
        Today, UTC; printed as the day it was made.
    private : Ed25519PrivateKey, optional
        Signs the manifest. Names in the publication, and promises of evidence that is not published, follow
        from it: they can be opened later with the same key. Without it they follow from chance.
    progress : callable
        Told what is being done, how much of it is, and of how much.

    Returns
    -------
    Prepared

    Raises
    ------
    ReleaseError
        If a record rests on a source that has withdrawn, or an original would be published.
    LeachwatchError
        If a record or a table cannot be used, or a file cannot be written.
    """
    digest = case_digest(case.folder)
    refuse_unseen_reviews(case)
    records = read_records(case.folder)
    before = last_publication(case.folder)
    number = 1 + max((int(one.name[:3]) for one in published(case.folder)), default=0)
    name = f"{number:03d}-{day}"
    key = publication_key(name, private) if private else new_key()
    release = public(records, key, circumstances_of(case.folder))
    home = case.folder / PUBLICATIONS
    with workshop(home) as work:
        folder = work / PENDING
        carry(case, records, release, folder / CASE)
        trade = trade_of(folder / CASE, case.folder, work / "trade")
        reckoned = reckon(folder / CASE, day=day, trade=trade, progress=progress)
        present(reckoned, folder, made=day, progress=progress)
        needs = withheld(case.folder)
        head = next(reversed(custody_heads(case.folder)), "")
        state(folder, records, release, key.item_key, made=day, needs=needs, custody=head)
        if private is not None:
            mark = sha256((folder / MANIFEST).read_bytes()).hexdigest()
            signed = enveloped(MANIFEST, mark, SIGNED, {"name": name}, private)
            write_whole(folder / SIGNATURE, signed)
        changed = compared(before, folder)
        own = _own_verdicts(case.out, release.names)
        verdicts = {
            claim: (own[claim], said)
            for claim, said in _verdicts(reckoned).items()
            if own.get(claim, said) != said
        }
        told = {"name": name, "case": digest, "publication": digest_of(folder)}
        (home / STATE).unlink(missing_ok=True)
        _put(folder, home / PENDING)
    write_whole(home / STATE, json.dumps(told) + "\n")
    return Prepared(
        folder=home / PENDING,
        name=name,
        first=before is None,
        difference=changed,
        withheld=release.withheld,
        told=len(release.behind),
        verdicts=verdicts,
        needs=needs,
        protected=protects(records),
    )


def publication_key(name: str, private: Ed25519PrivateKey) -> PublicationKey:
    """Key of a publication, as it follows from the key that signs it."""
    secret = private.private_bytes_raw()
    return PublicationKey(hmac.digest(secret, _PURPOSE + name.encode(), sha256))


@contextmanager
def workshop(home: Path) -> Iterator[Path]:
    """Lend a folder beside the publications, gone afterwards.

    Raises
    ------
    OutputError
        If it cannot be made.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".work-", dir=home))
    except OSError as error:
        raise OutputError(f"{home}: cannot be written ({error.strerror}); check its permissions") from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _put(folder: Path, target: Path) -> None:
    """Put a folder in the place of an earlier one."""
    try:
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror}); delete it") from error


def _verdicts(reckoned: Reckoned) -> dict[str, str]:
    if reckoned.checked is None:
        return {}
    return {one.claim.id: one.verdict for one in reckoned.checked.outcomes}


def _own_verdicts(out: Path, names: Mapping[str, str]) -> dict[str, str]:
    """Verdicts of the case itself, by id in the publication; none where its claims were not checked."""
    if not (out / tables.VERDICTS.file_name).is_file():
        return {}
    frame = tables.read(out, tables.VERDICTS)
    return {
        names.get(claim, claim): verdict
        for claim, verdict in zip(frame["claim_id"], frame["verdict"], strict=True)
    }
