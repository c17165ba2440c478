"""Log: what a scan tried and what came of it, a line of JSON each, so that a failed night can be read."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leachwatch.errors import OutputError
from leachwatch.network import Traffic
from leachwatch.scanning.gather import Gathered
from leachwatch.scanning.report import Report

__all__ = ["LOG", "Log", "note_report", "note_scenes", "noting_hosts", "read_log"]

LOG = "log.jsonl"
"""In the ``work`` folder of a scan."""

_LARGEST = 50_000_000


class Log:
    """Lines of one run, after those of the runs before; the oldest go when it grows too long.

    Parameters
    ----------
    path : Path
        Of the file; its folder exists.
    sent : callable
        Told now and then that there are new lines, so that they can be kept elsewhere too.
    every : float
        Seconds between two times that it is told.
    """

    def __init__(self, path: Path, sent: Callable[[], None] = lambda: None, *, every: float = 30.0) -> None:
        self._path, self._sent, self._every = path, sent, every
        self._lock = threading.Lock()
        self._next = time.monotonic() + every
        self._run = ""

    def begin(self, **facts: Any) -> None:
        """Begin a run; lines that follow carry its mark."""
        self._run = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        if self._path.exists() and self._path.stat().st_size > _LARGEST:
            self._path.replace(self._path.with_suffix(".old.jsonl"))
        self.note("began", **facts)

    def note(self, event: str, **facts: Any) -> None:
        """Write a line.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "run": self._run, "event": event, **facts}, ensure_ascii=False)
        with self._lock:
            try:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
            except OSError as error:
                raise OutputError(
                    f"{self._path}: cannot be written ({error.strerror}); free space or choose another folder"
                ) from error
            due = time.monotonic() >= self._next
            if due:
                self._next = time.monotonic() + self._every
        if due:
            self._sent()


def note_scenes(log: Log, gathered: Gathered) -> None:
    """Write down which scenes there are, and which cannot be used, with why."""
    log.note(
        "scenes",
        scenes=len(gathered.scenes),
        skipped={one.scene: one.reason for one in gathered.skipped},
        clouded=len(gathered.clouded),
    )


def note_report(log: Log, report: Report) -> None:
    """Write down what came of the scan."""
    log.note(
        "tables", tiles=report.tiles, kept=report.kept, failed=len(report.failed), rows=dict(report.rows)
    )


@contextmanager
def noting_hosts(log: Log, traffic: Traffic) -> Iterator[None]:
    """Write down at the end, whatever that is, what each host was asked and gave."""
    try:
        yield
    finally:
        hosts = {
            host: {"requests": asked, "again": traffic.again[host], "bytes": traffic.received[host]}
            for host, asked in sorted(traffic.requests.items())
        }
        if hosts:
            with suppress(OutputError):  # where that cannot be written, the scan ends with that anyway
                log.note("hosts", hosts=hosts)


def read_log(content: bytes) -> list[dict[str, Any]]:
    r"""Read the lines of a log; one that was cut by a crash is passed over.

    Examples
    --------
    >>> read_log(b'{"event": "began"}\n{"event": "ti')
    [{'event': 'began'}]
    """
    lines: list[dict[str, Any]] = []
    for line in content.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            lines.append(said)
    return lines
