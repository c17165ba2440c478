"""Workplace: the folder of a scan, held by one scan at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from leachwatch import tables
from leachwatch.errors import OutputError
from leachwatch.holding import held
from leachwatch.scanning.report import MANIFEST

__all__ = ["Workplace", "workplace"]


class Workplace:
    """Where a scan writes.

    Attributes
    ----------
    out : Path
        For the tables.
    work : Path
        For what a later scan need not do again; safe to delete.
    tiles : Path
        In it, for tiles that are done.
    cache : Path
        In it, for what is fetched.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.work = out / "work"
        self.tiles = self.work / "tiles"
        self.cache = self.work / "cache"


@contextmanager
def workplace(out: Path) -> Iterator[Workplace]:
    """Make a folder, see that it may be written and that nobody else does, and hold it for a while.

    Yields
    ------
    Workplace
        What is made for nothing is taken away again.

    Raises
    ------
    OutputError
        If it holds a stranger's tables, cannot be written, or another scan holds it.
    """
    place = Workplace(out)
    made = not out.exists()
    strangers = [table.file_name for table in tables.TABLES if (out / table.file_name).exists()]
    if strangers and not (out / MANIFEST).exists():
        raise OutputError(f"{out}: holds a {strangers[0]} that no scan wrote; choose another --out")
    begun = False
    try:
        _make(place)
        with held(place.work, "choose another --out"):
            begun = True
            try:
                yield place
            finally:
                _tidy(place, made=made)
    except OutputError:
        raise
    except BaseException:  # stopped between making the folder and holding it
        if not begun:
            _tidy(place, made=made)
        raise


def _make(place: Workplace) -> None:
    try:
        place.work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place.out):
            pass
    except OSError as error:
        raise OutputError(
            f"{place.out}: cannot be written ({error.strerror}); choose another --out"
        ) from error


def _tidy(place: Workplace, *, made: bool) -> None:
    """Take away empty folders, and all of them where nothing was done in a folder made for it."""
    for folder in (place.tiles, place.cache):
        with suppress(OSError):
            folder.rmdir()
    if (
        made
        and place.work.is_dir()
        and {path.name for path in place.work.iterdir()} <= {"lock", "holder.json"}
    ):
        with suppress(OSError):
            shutil.rmtree(place.work)
            place.out.rmdir()
