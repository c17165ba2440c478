"""Holding a folder, so that no two processes write it at once."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from leachwatch.errors import OutputError
from leachwatch.writing import write_whole

__all__ = ["held", "holder"]

_LOCK, _HOLDER = "lock", "holder.json"


@contextmanager
def held(folder: Path, mend: str) -> Iterator[None]:
    """Hold a folder; a process that dies lets go of it.

    Parameters
    ----------
    folder : Path
        It exists.
    mend : str
        What to do where another holds it, such as ``choose another --out``.

    Raises
    ------
    OutputError
        If another process holds it; the message says which, and since when. Or if it cannot be written.
    """
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OutputError(f"{folder}: in use by {_who(folder)}; wait for it, or {mend}") from error
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); {mend}") from error
    try:
        write_whole(folder / _HOLDER, _me())
        yield
    finally:
        with suppress(OSError):
            (folder / _HOLDER).unlink()
        lock.release()


def holder(folder: Path) -> str:
    """Who holds a folder, in words; empty where nobody does."""
    if not (folder / _LOCK).exists():
        return ""
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _who(folder)
    except OSError:
        return ""
    lock.release()
    return ""


def _me() -> str:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"process": os.getpid(), "machine": socket.gethostname(), "since": since})


def _who(folder: Path) -> str:
    try:
        said = json.loads((folder / _HOLDER).read_text(encoding="utf-8"))
        return f"process {said['process']} on {said['machine']} since {said['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that has just begun"
