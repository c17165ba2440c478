"""Verifying: is every byte what it was, and does everything follow from what is in the publication."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leachwatch.custody import custody_heads, digest, opened, verify_custody
from leachwatch.errors import RecordError, ReleaseError
from leachwatch.publication.again import compute_again
from leachwatch.publication.layout import MANIFEST, SIGNATURE, published
from leachwatch.publication.preparing import SIGNED
from leachwatch.publication.reckoning import Progress
from leachwatch.publication.stating import Stated, read_stated

__all__ = ["Verified", "broken", "verify", "verify_case"]

_MOST_BYTES = 2_000_000_000
_MOST_FILES = 100_000


@dataclass(frozen=True)
class Verified:
    """What the check of a publication came to.

    Attributes
    ----------
    broken : tuple of str
        What is not as the manifest or its signature says; nothing was computed where there is any.
    differs : tuple of str
        What does not come out again.
    undecided : tuple of str
        What was drawn or written otherwise, which other fonts or versions of libraries would explain.
    unchecked : tuple of str
        What could not be computed again here, and why.
    files, tables : int
        How many files were compared with the manifest, and tables computed again.
    signed_by : str
        Fingerprint of the key; empty where nobody signed.
    """

    broken: tuple[str, ...]
    differs: tuple[str, ...]
    undecided: tuple[str, ...]
    unchecked: tuple[str, ...]
    files: int
    tables: int
    signed_by: str

    @property
    def holds(self) -> bool:
        """Whether nothing was found that does not hold."""
        return not self.broken and not self.differs and not self.undecided

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "holds": self.holds,
            "broken": list(self.broken),
            "differs": list(self.differs),
            "undecided": list(self.undecided),
            "unchecked": list(self.unchecked),
            "files": self.files,
            "tables": self.tables,
            "signed_by": self.signed_by,
        }


def verify(
    publication: Path, *, trade: Path | None = None, fingerprint: str = "", progress: Progress
) -> Verified:
    """Check every byte of a publication, its signature, and whether all comes out again; asks no network.

    Parameters
    ----------
    publication : Path
        Its folder, or a zip of it.
    trade : Path, optional
        A case folder with the files of trade that could not be passed on.
    fingerprint : str
        Of the key that must have signed it; empty takes a signature by any key, or none.
    progress : callable
        Told what is being done, how much of it is, and of how much.

    Raises
    ------
    ReleaseError
        If it is no publication, or a zip that must not be opened.
    """
    with _folder(publication) as folder:
        stated, mark = read_stated(folder)
        wrong = [*broken(folder, stated)]
        signed_by = ""
        try:
            signed_by = _signed(folder, mark, fingerprint)
        except RecordError as error:
            wrong.append(str(error).replace(f"{folder}/", ""))
        if wrong:
            return Verified(tuple(wrong), (), (), (), len(stated.files), 0, signed_by)
        again = compute_again(folder, stated, trade, progress)
        return Verified(
            (), again.differs, again.undecided, again.unchecked, len(stated.files), again.tables, signed_by
        )


def verify_case(case: Path, fingerprint: str = "") -> tuple[str | None, int]:
    """Find the first thing in the custody of a case that does not hold; publications anchor its log.

    Returns
    -------
    tuple of (str or None) and int
        What does not hold, None where all does; and how many lines of custody there are.
    """
    heads = custody_heads(case)
    if wrong := verify_custody(case, fingerprint):
        return wrong, len(heads)
    for folder in published(case):
        stated, _ = read_stated(folder)
        if stated.custody and stated.custody not in heads:
            said = "was published when the log of custody ended otherwise: it was written anew since"
            return f"{folder}: {said}", len(heads)
    return None, len(heads)


def broken(folder: Path, stated: Stated) -> tuple[str, ...]:
    """Name every file that is not as the manifest says, is not there, or is not in it."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }
    wrong = []
    for name, mark in stated.marks.items():
        path = found.get(name)
        if path is None or path.is_symlink():
            wrong.append(f"{name}: is in the manifest and not there")
        elif digest(path) != mark:
            wrong.append(f"{name}: its bytes are not those that were published")
    strange = sorted(found.keys() - stated.marks.keys() - {MANIFEST, SIGNATURE})
    return (*wrong, *(f"{name}: is not in the manifest" for name in strange))


def _signed(folder: Path, mark: str, fingerprint: str) -> str:
    path = folder / SIGNATURE
    if not path.exists():
        if fingerprint:
            raise RecordError(f"{SIGNATURE}: is not there, and the publication has to be signed")
        return ""
    signed = opened(path, SIGNED, fingerprint)
    if signed.digest != mark:
        raise RecordError(f"{MANIFEST}: is not the one that was signed")
    return signed.fingerprint


@contextmanager
def _folder(publication: Path) -> Iterator[Path]:
    if publication.is_dir():
        yield publication
        return
    if not zipfile.is_zipfile(publication):
        raise ReleaseError(f"{publication}: is no publication; name its folder, or a zip of it")
    with tempfile.TemporaryDirectory() as held, zipfile.ZipFile(publication) as archive:
        entries = archive.infolist()
        if len(entries) > _MOST_FILES or sum(one.file_size for one in entries) > _MOST_BYTES:
            raise ReleaseError(f"{publication}: is larger than a publication can be; it is not opened")
        try:
            archive.extractall(held)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError) as error:
            raise ReleaseError(f"{publication}: is damaged or locked ({error}); get it anew") from error
        tops = [*Path(held).iterdir()]
        yield tops[0] if len(tops) == 1 and tops[0].is_dir() else Path(held)
