"""Verifying: is every byte what it was, and does everything follow from what is in the publication."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from leachwatch import tables
from leachwatch.claims import CLAIM_REVIEWS
from leachwatch.custody import custody_heads, digest, opened, verify_custody
from leachwatch.errors import LeachwatchError, RecordError, ReleaseError
from leachwatch.publication.layout import CASE, MANIFEST, SEEN, SIGNATURE, published
from leachwatch.publication.preparing import SIGNED
from leachwatch.publication.presenting import present
from leachwatch.publication.reckoning import Progress, reckon
from leachwatch.publication.stating import Stated, made_with, read_stated
from leachwatch.tables import ALL_TABLES, Table
from leachwatch.trade import add_withheld

__all__ = ["Verified", "broken", "verify", "verify_case"]

_MOST_BYTES = 2_000_000_000
_MOST_FILES = 100_000
_MOST_ROWS = 3


@dataclass(frozen=True)
class Verified:
    """What the check of a publication came to.

    Attributes
    ----------
    broken : tuple of str
        What is not as the manifest or its signature says; nothing was computed where there is any.
    differs : tuple of str
        What does not come out again.
    unchecked : tuple of str
        What could not be computed again here, and why.
    files, tables : int
        How many files were compared with the manifest, and tables computed again.
    signed_by : str
        Fingerprint of the key; empty where nobody signed.
    """

    broken: tuple[str, ...]
    differs: tuple[str, ...]
    unchecked: tuple[str, ...]
    files: int
    tables: int
    signed_by: str

    @property
    def holds(self) -> bool:
        """Whether nothing was found that does not hold."""
        return not self.broken and not self.differs

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "holds": self.holds,
            "broken": list(self.broken),
            "differs": list(self.differs),
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
        wrong = [*broken(folder, allowed=(MANIFEST, SIGNATURE))]
        signed_by = ""
        try:
            signed_by = _signed(folder, mark, fingerprint)
        except RecordError as error:
            wrong.append(str(error))
        if wrong:
            return Verified(tuple(wrong), (), (), len(stated.files), 0, signed_by)
        differs, unchecked, many = _again(folder, stated, trade, progress)
        return Verified((), differs, unchecked, len(stated.files), many, signed_by)


def verify_case(case: Path, fingerprint: str = "") -> str | None:
    """Find the first thing in the custody of a case that does not hold; publications anchor its log.

    Returns
    -------
    str or None
        What does not hold; None where all does.
    """
    if wrong := verify_custody(case, fingerprint):
        return wrong
    heads = custody_heads(case)
    for folder in published(case):
        stated, _ = read_stated(folder)
        if stated.custody and stated.custody not in heads:
            return (
                f"{folder}: was published when the log of custody ended otherwise: it was written anew since"
            )
    return None


def broken(folder: Path, *, allowed: Collection[str]) -> tuple[str, ...]:
    """Name every file that is not as the manifest says, is not there, or is not in it.

    Raises
    ------
    ReleaseError
        If there is no manifest.
    """
    stated, _ = read_stated(folder)
    found = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not path.is_dir()
    }
    wrong = []
    for name, mark in stated.marks.items():
        path = found.get(name)
        if path is None or path.is_symlink():
            wrong.append(f"{name}: is in the manifest and not there")
        elif digest(path) != mark:
            wrong.append(f"{name}: its bytes are not those that were published")
    strange = sorted(found.keys() - stated.marks.keys() - set(allowed))
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


def _again(
    folder: Path, stated: Stated, trade: Path | None, progress: Progress
) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Compute everything again from the public case, and compare."""
    unchecked = ["case/out: what was seen in images is taken as published; no image is read again"]
    skipped: tuple[Table, ...] = ()
    if stated.needs and trade is None:
        skipped = tables.TRADE_TABLES
        unchecked += [f"trade: is taken as published, for want of {one}" for one in stated.needs]
    with tempfile.TemporaryDirectory() as held:
        new = Path(held) / "publication"
        _inputs(folder / CASE, new / CASE)
        files = Path(held) / "trade"
        shutil.copytree(folder / CASE, files, ignore=shutil.ignore_patterns("out"))
        if trade is not None:
            add_withheld(trade, files)
        try:
            reckoned = reckon(
                new / CASE,
                day=stated.made,
                trade=files,
                taken=folder / CASE / "out" if skipped else None,
                progress=progress,
            )
            present(reckoned, new, made=stated.made, progress=progress)
        except LeachwatchError as error:
            return (f"case: cannot be computed again: {error}",), tuple(unchecked), 0
        differs, many = _compared(folder, new, stated, skipped)
    if differs and stated.made_with != made_with():
        others = ", ".join(
            f"{name} {was} here {now}"
            for name, was in stated.made_with.items()
            if (now := made_with().get(name)) != was
        )
        unchecked.append(f"made with other versions, which may draw the same otherwise: {others}")
    return differs, tuple(unchecked), many


def _inputs(case: Path, copy: Path) -> None:
    """Copy a public case without what was computed from it."""
    computed = {table.file_name for table in ALL_TABLES if table not in SEEN} | {CLAIM_REVIEWS}
    shutil.copytree(case, copy, ignore=lambda _folder, names: computed & set(names))


def _compared(
    folder: Path, new: Path, stated: Stated, skipped: Collection[Table]
) -> tuple[tuple[str, ...], int]:
    differs: list[str] = []
    many = 0
    by_name = {f"{CASE}/out/{table.file_name}": table for table in ALL_TABLES}
    for name, mark in stated.marks.items():
        path, table = new / name, by_name.get(name)
        if table is not None and table not in SEEN and table not in skipped:
            many += 1
        if not path.is_file():
            differs.append(f"{name}: does not come out again")
        elif digest(path) == mark:
            continue
        elif table is None:
            differs.append(f"{name}: comes out otherwise")
        else:
            differs += _rows(name, tables.read(folder / CASE / "out", table), tables.read(path.parent, table))
    made = {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()}
    differs += [f"{name}: comes out, and was not published" for name in sorted(made - stated.marks.keys())]
    return tuple(differs), many


def _rows(name: str, was: pd.DataFrame, now: pd.DataFrame) -> Iterator[str]:
    """Say where two tables differ; equal ones may be written in other bytes."""
    if len(was) != len(now):
        yield f"{name}: {len(was)} rows were published, {len(now)} come out"
        return
    shown = 0
    for column in was.columns:
        left, right = was[column].astype(object).map(_cell), now[column].astype(object).map(_cell)
        for row in [row for row, (old, new) in enumerate(zip(left, right, strict=True)) if old != new]:
            shown += 1
            if shown > _MOST_ROWS:
                yield f"{name}: and more"
                return
            where = f"{name}: row {row + 1}, {column}"
            yield f"{where}: {left.iloc[row]} was published, {right.iloc[row]} comes out"


def _cell(value: Any) -> str:
    return "nothing" if value is None or value is pd.NA else str(value)


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
        archive.extractall(held)
        tops = [*Path(held).iterdir()]
        yield tops[0] if len(tops) == 1 and tops[0].is_dir() else Path(held)
