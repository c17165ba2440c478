"""Lease: a place at a URL held by one process at a time, as far as its store can refuse a second."""

from __future__ import annotations

import json
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from leachwatch.errors import OutputError
from leachwatch.storage.url import UrlShelf

__all__ = ["Lease", "leased", "lessee"]

_NAME = re.compile(r"lease-(\d{9})\.json")
_TAKERS = 5
_LASTS_S = 120.0


@dataclass(frozen=True)
class _Holder:
    """Who holds a place: the number of its lease, and what it says of itself."""

    number: int
    said: dict[str, Any]
    silent: float

    def alive(self, lasts: float) -> bool:
        """Whether it may still work. A process of this machine that is gone, or was this one, does not."""
        here = self.said.get("machine") == socket.gethostname()
        process = self.said.get("process")
        if here and isinstance(process, int) and (process == os.getpid() or not _running(process)):
            return False
        return self.silent < lasts

    def __str__(self) -> str:
        said = [self.said.get(name, "?") for name in ("process", "machine", "since")]
        return f"process {said[0]} on {said[1]} since {said[2]}, last heard of {self.silent:.0f} s ago"


class Lease:
    """A place held by this process, and a sign of life in it from time to time.

    Attributes
    ----------
    number : int
        Each holder's is higher than those before: whoever sees a higher one has lost the place.
    """

    def __init__(self, shelf: UrlShelf, number: int, content: bytes, lasts: float) -> None:
        self.number = number
        self._shelf, self._content = shelf, content
        self._ended, self._lost = threading.Event(), False
        self._thread = threading.Thread(target=self._beat, args=(lasts / 4,), name="lease", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """See that the place is still ours.

        Raises
        ------
        OutputError
            If another process took it, for it heard nothing of this one.
        """
        if self._lost:
            raise OutputError(
                f"{self._shelf.address}: another process took this place, for it heard nothing of this one; "
                "run one command at a time"
            )

    def end(self) -> None:
        """Let go of the place."""
        self._ended.set()
        self._thread.join()
        with suppress(OutputError):  # it runs out by itself
            self._shelf.remove(_name(self.number))

    def _beat(self, every: float) -> None:
        while not self._ended.wait(every):
            with suppress(OutputError):  # a store that stumbles is asked again at the next beat
                self._lost = max(_numbers(self._shelf), default=0) != self.number
                if self._lost:
                    return
                self._shelf.write(_name(self.number), self._content)


@contextmanager
def leased(shelf: UrlShelf, mend: str, *, lasts: float = _LASTS_S) -> Iterator[Lease]:
    """Hold a place; a process that dies lets go of it after a while, on its own machine at once.

    Parameters
    ----------
    shelf : UrlShelf
        The place.
    mend : str
        What to do where another holds it, such as ``choose another --out``.
    lasts : float
        Seconds without a sign of life after which a holder is taken for dead, by the store's clock.

    Yields
    ------
    Lease

    Raises
    ------
    OutputError
        If another process holds it; the message says which, and since when. Or if it cannot be written.
    """
    lease = _take(shelf, mend, lasts)
    try:
        yield lease
    finally:
        lease.end()


def lessee(shelf: UrlShelf, *, lasts: float = _LASTS_S) -> str:
    """Who holds a place, in words; empty where nobody does.

    Raises
    ------
    OutputError
        If the place cannot be asked; a file is written there to read the store's clock.
    """
    holder = _holder(shelf)
    return str(holder) if holder is not None and holder.alive(lasts) else ""


def _take(shelf: UrlShelf, mend: str, lasts: float) -> Lease:
    for _ in range(_TAKERS):
        holder = _holder(shelf)
        if holder is not None and holder.alive(lasts):
            raise OutputError(f"{shelf.address}: in use by {holder}; wait for it, or {mend}")
        number, content = (holder.number if holder else 0) + 1, _me()
        if shelf.create(_name(number), content):
            for older in _numbers(shelf):
                if older < number:
                    shelf.remove(_name(older))
            return Lease(shelf, number, content, lasts)
    raise OutputError(f"{shelf.address}: others take this place all the time; wait for them, or {mend}")


def _holder(shelf: UrlShelf) -> _Holder | None:
    """Who holds a place; the store's own clock says since when nothing was heard of it."""
    probe = f"clock-{uuid4().hex}"
    shelf.write(probe, b"")
    now = shelf.changed(probe)
    shelf.remove(probe)
    number = max(_numbers(shelf), default=0)
    last, content = (shelf.changed(_name(number)), shelf.read(_name(number))) if number else (None, None)
    if last is None or content is None or now is None:
        return None
    try:
        said = json.loads(content)
    except ValueError:
        said = {}
    silent = max((now - last).total_seconds(), 0.0)
    return _Holder(number, said if isinstance(said, dict) else {}, silent)


def _numbers(shelf: UrlShelf) -> list[int]:
    return [int(match[1]) for name in shelf.names() if (match := _NAME.fullmatch(name))]


def _name(number: int) -> str:
    return f"lease-{number:09d}.json"


def _me() -> bytes:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    said = {"process": os.getpid(), "machine": socket.gethostname(), "since": since, "mark": uuid4().hex}
    return json.dumps(said).encode()


def _running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
