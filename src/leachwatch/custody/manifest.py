"""The manifest of a publication: its files by their hashes, unpublished evidence by sealed promises."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from leachwatch.case.records import Evidence
from leachwatch.custody.intake import digest
from leachwatch.errors import ReleaseError

__all__ = ["Difference", "Manifest", "difference", "manifest"]

_STEP = 16  # promises are filled up to a multiple of so many
_SIZES = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
_WORDS = ("up to 10 kB", "up to 100 kB", "up to 1 MB", "up to 10 MB", "up to 100 MB", "more than 100 MB")

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _File(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    path: str
    sha256: _Hash
    size: int


class _Promise(BaseModel):
    """HMAC-SHA256 of a file's SHA-256 under a key of its own: it can be opened, and cannot be guessed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    commitment: _Hash
    size: str


class Manifest(BaseModel):
    """What a publication holds, and what it rests on without holding it.

    Attributes
    ----------
    files : tuple
        Path, SHA-256 and bytes of every file, by path.
    unpublished : tuple
        Commitment and size, in steps of ten, of evidence that is not published; among some that stand for
        nothing, so that their number says little.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    files: tuple[_File, ...]
    unpublished: tuple[_Promise, ...]

    @property
    def marks(self) -> Mapping[str, str]:
        """SHA-256 of every file by its path."""
        return {file.path: file.sha256 for file in self.files}


@dataclass(frozen=True)
class Difference:
    """What a publication has that the last one had not, and the reverse; paths or ids, sorted."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def manifest(folder: Path, unpublished: Mapping[str, Evidence], item_key: Callable[[str], bytes]) -> Manifest:
    """List a publication.

    Parameters
    ----------
    folder : Path
        With every file of it, and nothing else; its own manifest is left out.
    unpublished : mapping of str to Evidence
        What it rests on and does not hold, by id; those without a hash are left out.
    item_key : callable
        Gives the key of each, such as ``PublicationKey.item_key``. Showing the key of one to a court or an
        auditor opens that one alone.

    Raises
    ------
    ReleaseError
        If a file of the publication is an original that was to stay unpublished.
    """
    held = {one.sha256: one.id for one in unpublished.values() if one.sha256}
    files = []
    own = folder / "manifest.json"
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path != own):
        hashed = digest(path)
        if hashed in held:
            raise ReleaseError(
                f"{path}: is the original of {held[hashed]}, which is not published; take it out"
            )
        files.append(_File(path=path.relative_to(folder).as_posix(), sha256=hashed, size=path.stat().st_size))
    promises = {
        _promise(item_key(one.id), one.sha256): _Promise(
            commitment=_promise(item_key(one.id), one.sha256), size=_rough(one.size or 0)
        )
        for one in unpublished.values()
        if one.sha256
    }
    spare = 0
    while len(promises) % _STEP:
        key = item_key(f"nothing {spare}")
        empty = _promise(key, "")
        promises[empty] = _Promise(commitment=empty, size=_WORDS[key[0] % len(_WORDS)])
        spare += 1
    return Manifest(files=tuple(files), unpublished=tuple(promises[one] for one in sorted(promises)))


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    """Compare two publications, given the hash of each of their parts.

    Examples
    --------
    >>> difference({"a": "1", "b": "1"}, {"b": "2", "c": "1"})
    Difference(new=('c',), changed=('b',), gone=('a',))
    """
    return Difference(
        new=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(one for one in after.keys() & before.keys() if after[one] != before[one])),
        gone=tuple(sorted(before.keys() - after.keys())),
    )


def _promise(key: bytes, hashed: str) -> str:
    return hmac.digest(key, hashed.encode(), sha256).hex()


def _rough(size: int) -> str:
    return _WORDS[sum(size > step for step in _SIZES)]
