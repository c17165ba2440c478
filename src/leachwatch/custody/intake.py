"""Intake: a file becomes evidence, by its hash, in a copy that nobody writes to."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import yaml

from leachwatch.case.records import PREFIXES, Evidence, as_yaml
from leachwatch.custody.log import note_custody
from leachwatch.errors import OutputError, RecordError
from leachwatch.writing import write_whole

__all__ = ["EVIDENCE", "Taken", "digest", "take_in"]

EVIDENCE = "evidence"
"""Name of the folder with evidence in a case."""

_RECORDS = "evidence.yaml"
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 10
_CHUNK = 1 << 20
_LONGEST_SUFFIX = 10


@dataclass(frozen=True)
class Taken:
    """What was taken in.

    Attributes
    ----------
    record : Evidence
        As it was written to ``evidence.yaml``.
    copy : Path
        The evidentiary copy.
    """

    record: Evidence
    copy: Path


def take_in(  # noqa: PLR0913 - each is one thing that is known of a file when it comes in
    file: Path,
    case: Path,
    *,
    title: str,
    day: date,
    role: str,
    reason: str = "",
    url: str = "",
    tlp: str = "AMBER",
) -> Taken:
    """Copy a file into a case, write its record, and begin its custody.

    The copy has the bytes as they came, with everything that a camera or a program wrote into them; its name
    is its id, since names of files tell who made them.

    Parameters
    ----------
    file : Path
        To copy; it stays where it is.
    case : Path
        The case folder.
    title : str
        What it is, in words that may be seen by all who see the case.
    day : date
        Today, UTC.
    role : str
        Who takes it in: a role, no name.
    reason : str
        Why, or from where.
    url : str
        Where it was had, if it was published.
    tlp : str
        Who may see the record.

    Returns
    -------
    Taken

    Raises
    ------
    RecordError
        If the file cannot be read, the case is none, or ``evidence.yaml`` cannot be added to.
    OutputError
        If the case cannot be written.
    """
    if not (case / "case.yaml").is_file():
        raise RecordError(f"{case}: is no case folder; name one with --case")
    records = case / _RECORDS
    before = records.read_text(encoding="utf-8") if records.exists() else ""
    name = f"{PREFIXES['evidence']}-" + "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    suffix = file.suffix.lower() if len(file.suffix) <= _LONGEST_SUFFIX else ""
    copy = case / EVIDENCE / f"{name}{suffix}"
    hashed, size = _copied(file, copy)
    fields = {
        "id": name, "tlp": tlp, "recorded": day, "title": title, "file": f"{EVIDENCE}/{copy.name}",
        "url": url, "sha256": hashed, "size": size, "retrieved": day,
        "encoding_format": guess_type(f"x{suffix}")[0] or "", "copy_kind": "evidentiary",
        "status_of_document": "unverified",
    }  # fmt: skip
    try:
        record = Evidence.model_validate(fields)
        write_whole(
            records, _longer(records, before, {key: value for key, value in fields.items() if value != ""})
        )
        note_custody(case, "collected", name, day=day, role=role, reason=reason, after=hashed)
    except BaseException as error:
        with suppress(OSError):
            copy.unlink()
            write_whole(records, before) if before else records.unlink(missing_ok=True)
        if isinstance(error, ValueError):
            raise RecordError(f"{file}: cannot be recorded; check --title, --url and --tlp") from error
        raise
    return Taken(record, copy)


def digest(path: Path) -> str:
    """SHA-256 of a file.

    Raises
    ------
    RecordError
        If it cannot be read.
    """
    whole = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                whole.update(chunk)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    return whole.hexdigest()


def _copied(file: Path, copy: Path) -> tuple[str, int]:
    """Copy, and hash what was written; the copy is read-only from its first moment under its name."""
    whole, size, part = sha256(), 0, None
    try:
        copy.parent.mkdir(exist_ok=True)
        with file.open("rb") as source, tempfile.NamedTemporaryFile(dir=copy.parent, delete=False) as target:
            part = Path(target.name)
            while chunk := source.read(_CHUNK):
                whole.update(chunk)
                size += len(chunk)
                target.write(chunk)
        part.chmod(0o400)
        if digest(part) != whole.hexdigest():
            raise OutputError(f"{copy}: was not written as it was read; check the disk")
        part.replace(copy)
    except OSError as error:
        raise OutputError(
            f"{error.filename or copy}: cannot be copied ({error.strerror}); check both folders"
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return whole.hexdigest(), size


def _longer(path: Path, before: str, fields: dict[str, Any]) -> str:
    """Add a record at the end of a file, and leave all that people wrote in it as it is."""
    added = as_yaml([fields], width=100)
    after = f"{before.rstrip()}\n{added}" if before.strip() else added
    try:
        old, new = yaml.safe_load(before) or [], yaml.safe_load(after)
    except yaml.YAMLError as error:
        raise RecordError(f"{path}: is not YAML; mend it first, see `leachwatch check`") from error
    if not isinstance(old, list) or new != [*old, fields]:
        raise RecordError(f"{path}: is no list with a dash before each record at the edge; write it so first")
    return after
