"""Mirror: the parts of remote files that were fetched, at their places in sparse files on this disk.

What reads a scene sees a local file, whatever host it came from. A part that is there is never asked for
again, also not by a later scan; the whole is bounded in bytes, and what was used longest ago goes first.
"""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, cast

from leachwatch.errors import LeachwatchError, OutputError, SceneError, SceneUnavailable
from leachwatch.holding import held
from leachwatch.imagery.directory import Directory, read_directory
from leachwatch.network import Answer, NoParts, Span, Transport
from leachwatch.writing import write_whole

__all__ = ["Mirror", "Wanted"]

Wanted = Callable[[Directory], Sequence[Span]]
"""Says which parts of a file are wanted, once its directory is known."""

_KEY = 40
_HEAD = 1 << 15
"""Bytes of the first request: a COG of Sentinel-2 has its whole directory in them."""
_PIECE = 1 << 23
"""Bytes of one request at the most."""
_LARGEST_FILE, _LARGEST_ANSWER = 1 << 32, 1 << 28


@dataclass
class _Copy:
    """One remote file, as far as it is here."""

    path: Path
    address: str
    size: int = 0
    validator: str = ""
    spans: list[Span] = field(default_factory=list)
    directory: Directory | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    used: int = 0

    @property
    def index(self) -> Path:
        return self.path.with_suffix(".json")

    @property
    def stored(self) -> int:
        return sum(last - first for first, last in self.spans)

    def missing(self, wanted: Span) -> Iterator[Span]:
        """Parts of a span that are not here yet."""
        first, last = wanted
        for start, end in self.spans:
            if end <= first or start >= last:
                continue
            if start > first:
                yield first, start
            first = max(first, end)
        if first < last:
            yield first, last


class Mirror:
    """Remote files on this disk, as far as they were fetched; held until it is closed.

    Parameters
    ----------
    folder : Path
        Where; made if it is not there. One process uses it at a time.
    transport : Transport
        To fetch with.
    most_bytes : int
        What it may hold; more only while more is being read at the same moment.
    """

    def __init__(self, folder: Path, transport: Transport, *, most_bytes: int) -> None:
        self._folder = folder
        self._transport = transport
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._clock = 0
        self._stored = 0
        self._copies: dict[str, _Copy] = {}
        self._stack = ExitStack()
        self._make()

    def close(self) -> None:
        """Let go of the folder."""
        self._stack.close()

    @contextmanager
    def holding(
        self, address: str, version: str, wanted: Wanted | None, *, fetch: bool = True
    ) -> Iterator[Path]:
        """Hold a file of which some parts are surely here.

        Parameters
        ----------
        address : str
            Of the file.
        version : str
            Anything that changes when the file does, such as a digest of the item that names it.
        wanted : callable or None
            Which parts; the whole file if None.
        fetch : bool
            Whether what is not here is fetched; else it is not to be had.

        Yields
        ------
        Path
            Of a file that has those parts; what lies between them may be empty. It stays while it is held.

        Raises
        ------
        SceneError, NetworkError, OutputError
            If they cannot be had, or not be kept.
        """
        copy = self._enter(address, version)
        try:
            with copy.lock:
                if not fetch and not self._has(copy, wanted):
                    raise SceneUnavailable("is not all here, and nothing is fetched for this")
                self._fill(copy, wanted)
            yield copy.path
        finally:
            self._leave(copy)

    @property
    def stored(self) -> int:
        """Bytes that are here."""
        return self._stored

    def text(self, name: str) -> str | None:
        """Return what was kept under a name; None where nothing was."""
        path = self._folder / f"{_key(name)}.txt"
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def keep_text(self, name: str, text: str) -> None:
        """Keep a text, such as a listing of scenes, for a time without network."""
        write_whole(self._folder / f"{_key(name)}.txt", text)

    def _make(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._stack.enter_context(held(self._folder, "choose another --cache"))
            paths = sorted(self._folder.glob(f"{'?' * _KEY}.json"), key=lambda path: path.stat().st_mtime)
        except OSError as error:
            raise OutputError(
                f"{self._folder}: cannot be written ({error.strerror}); choose another --cache"
            ) from error
        for path in paths:
            copy = _found(path)
            if copy is not None:
                self._clock += 1
                copy.used = self._clock
                self._stored += copy.stored
                self._copies[path.stem] = copy

    def _enter(self, address: str, version: str) -> _Copy:
        key = _key(f"{version} {address}")
        with self._lock:
            copy = self._copies.setdefault(key, _Copy(self._folder / f"{key}.part", address))
            copy.users += 1
            self._clock += 1
            copy.used = self._clock
        return copy

    def _leave(self, copy: _Copy) -> None:
        with self._lock:
            copy.users -= 1
            if self._stored <= self._most_bytes:
                return
            for key, one in sorted(self._copies.items(), key=lambda pair: pair[1].used):
                if one.users == 0:
                    self._stored -= one.stored
                    del self._copies[key]
                    _drop(one)
                if self._stored <= self._most_bytes:
                    break

    def _fill(self, copy: _Copy, wanted: Wanted | None) -> None:
        if wanted is None:
            self._fetch_whole(copy)
            return
        if copy.directory is None:
            copy.directory = self._directory(copy)
        for span in wanted(copy.directory):
            self._fetch(copy, span)

    def _has(self, copy: _Copy, wanted: Wanted | None) -> bool:
        """Whether all that is wanted is here."""
        if not copy.size or any(copy.missing((0, min(_HEAD, copy.size)))):
            return False
        if wanted is None:
            return not any(copy.missing((0, copy.size)))
        if copy.directory is None:
            copy.directory = self._directory(copy)
        spans = ((first, min(last, copy.size)) for first, last in wanted(copy.directory))
        return not any(part for span in spans for part in copy.missing(span))

    def _directory(self, copy: _Copy) -> Directory:
        file = _Parts(lambda span: self._fetch(copy, span), copy)
        try:
            found = read_directory(cast("IO[bytes]", file))
        except SceneError:
            found = None
            if file.failure is None:
                raise
        if file.failure is not None:  # what a library made of it on the way does not count
            raise file.failure
        if found is None:  # pragma: no cover - one of the two was raised
            raise SceneError("has no directory")
        return found

    def _fetch_whole(self, copy: _Copy) -> None:
        try:
            self._fetch(copy, (0, _HEAD))
        except NoParts:
            answer = self._transport.read(copy.address, most=_LARGEST_ANSWER)
            copy.size, copy.validator = len(answer.body), answer.validator
            self._store(copy, 0, answer.body)
        self._fetch(copy, (0, copy.size))

    def _fetch(self, copy: _Copy, wanted: Span) -> None:
        """Have a part of a file, up to its end if that comes first."""
        if copy.size and wanted[1] > copy.size:
            if wanted[0] >= copy.size:
                raise SceneError(f"ends after {copy.size} bytes, before what its directory says it holds")
            wanted = wanted[0], copy.size
        for first, last in list(copy.missing(wanted)):
            for start in range(first, last, _PIECE):
                self._fetch_piece(copy, (start, min(start + _PIECE, last)))

    def _fetch_piece(self, copy: _Copy, span: Span) -> None:
        answer = self._transport.read(copy.address, span=span, most=_PIECE)
        if copy.spans and _changed(copy, answer):
            if copy.users == 1:  # else another thread still reads what was there
                self._count(-copy.stored)
                _drop(copy)
                copy.spans, copy.directory, copy.size = [], None, 0
            raise SceneUnavailable("changed on its host while it was read")
        if answer.total is None:
            raise SceneError("has no length that its host would say")
        copy.size = answer.total
        copy.validator = answer.validator
        if copy.size > _LARGEST_FILE:
            raise SceneError(f"has {copy.size:,} bytes, no size of a scene's file")
        self._store(copy, span[0], answer.body)

    def _store(self, copy: _Copy, start: int, body: bytes) -> None:
        try:
            with copy.path.open("r+b" if copy.path.exists() else "w+b") as file:
                file.seek(start)
                file.write(body)
                file.flush()
                file.truncate(max(copy.size, os.fstat(file.fileno()).st_size))
        except OSError as error:
            raise OutputError(
                f"{self._folder}: cannot be written ({error.strerror}); free space, or choose another --cache"
            ) from error
        spans = _merged([*copy.spans, (start, start + len(body))])
        described = {
            "address": copy.address, "size": copy.size, "validator": copy.validator, "spans": spans,
        }  # fmt: skip
        write_whole(copy.index, json.dumps(described))
        copy.spans = spans
        self._count(len(body))

    def _count(self, stored: int) -> None:
        with self._lock:
            self._stored += stored


class _Parts(io.RawIOBase):
    """A file that fetches what is read of it, for reading directories."""

    def __init__(self, fetch: Callable[[Span], None], copy: _Copy) -> None:
        super().__init__()
        self._ask, self._copy = fetch, copy
        self._place = 0
        self.failure: LeachwatchError | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def _fetch(self, span: Span) -> None:
        try:
            self._ask(span)
        except LeachwatchError as error:
            self.failure = error
            raise

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END and not self._copy.size:
            self._fetch((0, _HEAD))
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._copy.size}[whence]
        self._place = max(base + offset, 0)
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # io's stub wants any buffer
        first = self._place // _HEAD * _HEAD
        last = -(-(self._place + len(buffer)) // _HEAD) * _HEAD
        if not self._copy.size:
            self._fetch((0, _HEAD))
        if self._place >= self._copy.size:
            return 0
        if last - first > _PIECE:
            raise SceneError("has a directory of a size that no scene has")
        self._fetch((first, last))
        with self._copy.path.open("rb") as file:
            file.seek(self._place)
            count = file.readinto(buffer)
        self._place += count
        return count


def _changed(copy: _Copy, answer: Answer) -> bool:
    same_size = answer.total is None or not copy.size or answer.total == copy.size
    return not same_size or bool(copy.validator and answer.validator and copy.validator != answer.validator)


def _found(path: Path) -> _Copy | None:
    """Read what an index says of a file; None, and both taken away, where it says nothing that holds."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        spans = [(int(first), int(last)) for first, last in said["spans"]]
        copy = _Copy(
            path.with_suffix(".part"), str(said["address"]), int(said["size"]), str(said["validator"]), spans
        )
        if copy.path.stat().st_size >= max(last for _, last in spans):
            return copy
    except (OSError, ValueError, KeyError, TypeError):
        pass
    with suppress(OSError):
        path.unlink()
        path.with_suffix(".part").unlink()
    return None


def _drop(copy: _Copy) -> None:
    # the index first: without it nobody believes the file
    with suppress(OSError):
        copy.index.unlink()
        copy.path.unlink()


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged


def _key(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:_KEY]
