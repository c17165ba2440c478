"""Which sources have withdrawn, so that it can be asked without the vault.

The list holds marks in place of ids, each a hash of the id with a salt of the file, among marks that stand
for nobody: by itself it tells neither who withdrew nor how many. Whoever has the list *and* ``sources.yaml``
can ask of each source whether it did; ids are random, so nobody else can.
"""

from __future__ import annotations

import hmac
import json
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leachwatch.errors import OutputError, RecordError
from leachwatch.writing import write_whole

__all__ = ["WITHDRAWN", "Withdrawn", "mark_withdrawn", "read_withdrawn", "take_down"]

WITHDRAWN = "withdrawn.json"
"""Name of the list in a case folder."""

_STEP = 16  # the list holds a multiple of so many marks

_Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _File(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)

    salt: _Hex
    marks: list[_Hex]


@dataclass(frozen=True)
class Withdrawn:
    """Marks of those who withdrew.

    Attributes
    ----------
    salt : str
        Of this list.
    marks : frozenset of str
        Theirs, and some that stand for nobody.
    """

    salt: str = ""
    marks: frozenset[str] = frozenset()

    def __contains__(self, source: str) -> bool:
        return _mark(self.salt, source) in self.marks


def read_withdrawn(case: Path) -> Withdrawn:
    """Read the list of a case; nobody has withdrawn where there is none.

    Raises
    ------
    RecordError
        If it cannot be read: nothing may be published then.
    """
    path = case / WITHDRAWN
    try:
        read = _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Withdrawn()
    except (OSError, ValidationError) as error:
        raise RecordError(
            f"{path}: cannot be read; put it back, or write it anew with `leachwatch vault withdraw`"
        ) from error
    return Withdrawn(read.salt, frozenset(read.marks))


def mark_withdrawn(case: Path, sources: Iterable[str]) -> Path:
    """Write the list of a case anew, with another salt.

    Parameters
    ----------
    case : Path
        The case folder.
    sources : iterable of str
        All who have withdrawn, as the vault knows them.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    salt = secrets.token_hex(32)
    marks = {_mark(salt, source) for source in sources}
    while not marks or len(marks) % _STEP:
        marks.add(secrets.token_hex(32))
    content = json.dumps({"salt": salt, "marks": sorted(marks)}, indent=1)
    return write_whole(case / WITHDRAWN, content + "\n")


def take_down(case: Path) -> tuple[Path, ...]:
    """Take away what shows a case and was not released: its page, its draft, a publication that is prepared.

    Returns
    -------
    tuple of Path
        What is gone now.

    Raises
    ------
    OutputError
        If something is there and cannot be taken away.
    """
    pages = (case / "out" / "index.html", case / "out" / "draft.html", case / "publications" / "pending.json")
    gone = []
    try:
        for path in pages:
            if path.exists():
                path.unlink()
                gone.append(path)
        pending = case / "publications" / "pending"
        if pending.is_dir():
            shutil.rmtree(pending)
            gone.append(pending)
    except OSError as error:
        raise OutputError(f"{error.filename}: cannot be taken away ({error.strerror}); delete it") from error
    return tuple(gone)


def _mark(salt: str, source: str) -> str:
    return hmac.digest(salt.encode(), source.encode(), sha256).hex()
