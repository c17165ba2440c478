"""Workplace: where a scan works and writes, held by one scan at a time."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from leachwatch import __version__, tables
from leachwatch.case import REVIEWS
from leachwatch.errors import OutputError
from leachwatch.holding import held
from leachwatch.scanning import groups
from leachwatch.scanning.log import LOG, Log
from leachwatch.scanning.report import CRATE, MANIFEST
from leachwatch.storage import FolderShelf, Lease, Shelf, UrlShelf, is_url, leased

__all__ = ["Workplace", "workplace"]

_TABLES = tuple(table.file_name for table in tables.TABLES)
_OF_NOTHING = {"lock", "holder.json", LOG}
_MEND = "choose another --out"


@dataclass(frozen=True)
class Workplace:
    """Where a scan works and writes.

    Attributes
    ----------
    out : Path
        Folder for the tables; where they go to a URL, one of this machine from which they are sent.
    url : UrlShelf or None
        Where they go, if that is no folder.
    lease : Lease or None
        By which it is held there.
    """

    out: Path
    url: UrlShelf | None = None
    lease: Lease | None = None
    log: Log = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "log", Log(self.work / LOG, self._send_log))

    @property
    def address(self) -> str:
        """Where the tables end up, for people."""
        return self.url.address if self.url else str(self.out)

    @property
    def work(self) -> Path:
        """For what a later scan need not do again; safe to delete."""
        return self.out / "work"

    @property
    def tiles(self) -> Shelf:
        """For tiles that are done."""
        return self.url.below("work/tiles") if self.url else FolderShelf(self.work / "tiles")

    @property
    def cache(self) -> Path:
        """For what is fetched, on this machine."""
        return self.work / "cache"

    def check(self) -> None:
        """See that nobody else took the place; `OutputError` if so."""
        if self.lease:
            self.lease.check()

    def settle(self) -> None:
        """Bring the tables to where they go. The manifest, which has their hashes, comes last."""
        if self.url is None:
            return
        self.check()
        for name in (*_TABLES, groups.FILE, CRATE, MANIFEST):
            self.url.write(name, (self.out / name).read_bytes())

    def _send_log(self) -> None:
        if self.url is not None:
            self.url.write(f"work/{LOG}", (self.work / LOG).read_bytes())

    @contextmanager
    def logging(self, **facts: Any) -> Iterator[Log]:
        """Write down that a run began, and how it ended."""
        self.log.begin(**facts)
        try:
            yield self.log
        except BaseException as error:
            said = str(error) or type(error).__name__.strip("_").lower()
            with suppress(OutputError):  # what stopped the run counts more
                self.log.note("stopped", reason=said.splitlines()[0], kind=type(error).__name__)
                self._send_log()
            raise
        self.log.note("finished")
        self._send_log()


@contextmanager
def workplace(out: str | Path) -> Iterator[Workplace]:
    """Make a place ready, see that it may be written and that nobody else does, and hold it for a while.

    Parameters
    ----------
    out : str or Path
        A folder, or a URL such as ``s3://bucket/kachin``.

    Yields
    ------
    Workplace
        What is made for nothing is taken away again.

    Raises
    ------
    OutputError
        If it holds a stranger's tables or those of a newer version, cannot be written, or another scan
        holds it.
    """
    place = _at_url(str(out)) if is_url(str(out)) else _in_folder(Path(out))
    with place as one:
        yield one


@contextmanager
def _at_url(address: str) -> Iterator[Workplace]:
    """Hold a place at a URL, with what an earlier scan left there in a folder of this machine."""
    shelf = UrlShelf(address.rstrip("/"))
    with (
        leased(shelf.below("work/lease"), _MEND) as lease,
        tempfile.TemporaryDirectory(prefix="leachwatch-") as folder,
    ):
        place = Workplace(Path(folder), shelf, lease)
        place.work.mkdir()
        for name in (*_TABLES, MANIFEST, REVIEWS, f"work/{LOG}"):
            content = shelf.read(name)
            if content is not None:
                (place.out / name).write_bytes(content)
        _check_ours(place)
        yield place


@contextmanager
def _in_folder(out: Path) -> Iterator[Workplace]:
    place = Workplace(out)
    made = not out.exists()
    _check_ours(place)
    begun = False
    try:
        _make(place)
        with held(place.work, _MEND):
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


def _check_ours(place: Workplace) -> None:
    """See that the tables that are there, if any, are of a scan, and of no newer version than this."""
    strangers = [name for name in _TABLES if (place.out / name).exists()]
    manifest = place.out / MANIFEST
    if strangers and not manifest.exists():
        raise OutputError(f"{place.address}: holds a {strangers[0]} that no scan wrote; {_MEND}")
    try:
        said = json.loads(manifest.read_bytes())["leachwatch"]
        newer = Version(str(said)) > Version(__version__)
    except (OSError, ValueError, LookupError, TypeError, InvalidVersion):
        return
    if newer:
        raise OutputError(
            f"{place.address}: was written by leachwatch {said}, which is newer than this {__version__}; "
            f"install that, or {_MEND}"
        )


def _make(place: Workplace) -> None:
    try:
        place.work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place.out):
            pass
    except OSError as error:
        raise OutputError(f"{place.out}: cannot be written ({error.strerror}); {_MEND}") from error


def _tidy(place: Workplace, *, made: bool) -> None:
    """Take away empty folders, and all of them where nothing was done in a folder made for it."""
    for folder in (place.work / "tiles", place.cache):
        with suppress(OSError):
            folder.rmdir()
    if made and place.work.is_dir() and {path.name for path in place.work.iterdir()} <= _OF_NOTHING:
        with suppress(OSError):
            shutil.rmtree(place.work)
            place.out.rmdir()
