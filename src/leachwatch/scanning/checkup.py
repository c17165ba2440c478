"""Checkup: what became of the scans into an output, from their log, their journal and the tables."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from leachwatch import films
from leachwatch.errors import OutputError
from leachwatch.holding import holder
from leachwatch.scanning.log import LOG, read_log
from leachwatch.scanning.report import MANIFEST
from leachwatch.storage import FolderShelf, Shelf, UrlShelf, is_url, lessee

__all__ = ["Checkup", "Ended", "check_up"]

Ended = Literal["finished", "stopped", "working", "died", "none"]


@dataclass(frozen=True)
class Checkup:
    """How an output stands.

    Attributes
    ----------
    place : str
        Folder or URL.
    version, made : str
        Of the leachwatch that wrote the tables, and when; empty where there are none.
    broken : tuple of str
        Tables that are not the bytes that the manifest names.
    runs : int
        That the log knows.
    ended : Ended
        How the last run ended; ``died`` where it said nothing, ``none`` where the log knows of no run.
    reason : str
        Why it stopped.
    holder : str
        Who is at work; empty where nobody is.
    began, last : str
        When the last run began, and when it last said something, UTC.
    tiles, done, kept : int
        Of the last run: all, those that are done, and how many of these an earlier run had done.
    failed : mapping of str to str
        Tiles that could not be worked, with the reason.
    scenes, clouded : int
        That could be used; that show next to nothing but cloud.
    skipped : mapping of str to tuple of str
        Ids of scenes that could not be used, or not in some tile, by reason.
    hosts : mapping of str to mapping
        Requests to each host, how many were made again, and bytes.
    bytes : int
        Fetched.
    died, lost : int
        Times that workers died with tiles, and that the scheduler was lost.
    an_hour : float or None
        Tiles that the last run worked in an hour; None where it worked none.
    undrawn : int
        Strips of sites that are not drawn.
    """

    place: str
    version: str
    made: str
    broken: tuple[str, ...]
    runs: int
    ended: Ended
    reason: str
    holder: str
    began: str
    last: str
    tiles: int
    done: int
    kept: int
    failed: Mapping[str, str]
    scenes: int
    skipped: Mapping[str, tuple[str, ...]]
    hosts: Mapping[str, Mapping[str, int]]
    bytes: int
    died: int
    lost: int
    an_hour: float | None
    undrawn: int = 0
    clouded: int = 0

    @property
    def left(self) -> int:
        """Tiles that are not done and have not failed."""
        return max(self.tiles - self.done - len(self.failed), 0)

    @property
    def hours_left(self) -> float | None:
        """How long the rest takes at that pace; None where nobody can tell."""
        return self.left / self.an_hour if self.an_hour else None

    @property
    def well(self) -> bool:
        """Whether tables are whole, no tile failed, and the last run, if the log knows of one, ended well."""
        return (
            self.ended in ("finished", "none") and bool(self.version) and not self.broken and not self.failed
        )

    @property
    def no_room(self) -> bool:
        """Whether a full disk stopped the last run."""
        return any(os.strerror(code) in self.reason for code in (errno.ENOSPC, errno.EDQUOT))

    @property
    def advice(self) -> str:
        """What to do, in a sentence."""
        if self.ended == "working":
            return "wait; it is being worked on"
        if self.ended == "none" and not self.version:
            return "no scan was begun here; look at the path"
        if self.well and self.undrawn:
            many = "1 strip is" if self.undrawn == 1 else f"{self.undrawn} strips are"
            return f"tables are whole; run the same command again: {many} not drawn"
        if self.well:
            return (
                "nothing; it is all there"
                if self.runs
                else "nothing; tables are whole, their scan kept no log"
            )
        if self.ended == "finished" and self.failed:
            return "look at why tiles failed, then run the same command again: it works those alone"
        return self._again

    @property
    def _again(self) -> str:
        """What to do before the same command is run again."""
        if self.ended == "stopped" and not self.tiles and "; " in self.reason:
            whole = "; the tables of an earlier scan are whole" if self.version and not self.broken else ""
            return f"mend what stopped the last run, then run it again{whole}"
        room = "make room on that disk, then " if self.no_room else ""
        return f"{room}run the same command again: tiles that are done are not worked again"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        said = {"left": self.left, "hours_left": self.hours_left, "well": self.well, "advice": self.advice}
        return asdict(self) | said


def check_up(out: str) -> Checkup:
    """Look at an output, whether or not it is being worked on.

    Parameters
    ----------
    out : str
        Folder or URL.

    Raises
    ------
    OutputError
        If there is no such folder, or the store does not answer.
    """
    shelf: Shelf
    if is_url(out):
        url = UrlShelf(out.rstrip("/"))
        shelf, who = url, lessee(url.below("work/lease"))
    else:
        if not Path(out).is_dir():
            raise OutputError(f"{out}: no such folder; give the folder or URL of a scan")
        shelf, who = FolderShelf(Path(out)), holder(Path(out) / "work")
    lines = read_log(shelf.read(f"work/{LOG}") or b"")
    runs = list(dict.fromkeys(line.get("run") for line in lines))
    last = [line for line in lines if runs and line.get("run") == runs[-1]]
    version, made, broken = _tables(shelf)
    return Checkup(
        place=out,
        version=version,
        made=made,
        broken=broken,
        runs=len(runs),
        holder=who,
        undrawn=0 if is_url(out) else films.undrawn(Path(out)),
        **_run(last, working=bool(who)),
    )


def _tables(shelf: Shelf) -> tuple[str, str, tuple[str, ...]]:
    """Version and time of the manifest, and tables that are not as it says."""
    content = shelf.read(MANIFEST)
    try:
        said = json.loads(content or b"")
        hashes = dict(said["tables"])
        version, made = str(said["leachwatch"]), str(said["made"])
    except (ValueError, LookupError, TypeError):
        return "", "", (MANIFEST,) if content else ()
    return version, made, tuple(name for name in sorted(hashes) if _hash(shelf, name) != hashes[name])


def _hash(shelf: Shelf, name: str) -> str:
    return sha256(shelf.read(name) or b"").hexdigest() if "/" not in name else ""


def _run(lines: Sequence[Mapping[str, Any]], *, working: bool) -> dict[str, Any]:
    """Read the lines of one run."""
    of: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        of.setdefault(str(line.get("event")), []).append(line)
    tiles = [*of.get("done", []), *of.get("kept", []), *of.get("failed", [])]
    failed = {str(line["tile"]): str(line["reason"]) for line in of.get("failed", [])}
    stopped = of.get("stopped", [{}])[-1]
    return {
        "ended": _ended(of, working=working),
        "reason": str(stopped.get("reason", "")),
        "began": str(lines[0]["at"]) if lines else "",
        "last": str(lines[-1]["at"]) if lines else "",
        "tiles": max((int(line["tiles"]) for line in of.get("tiles", [])), default=0),
        "done": len(of.get("done", [])) + len(of.get("kept", [])),
        "kept": len(of.get("kept", [])),
        "failed": failed,
        "scenes": sum(int(line["scenes"]) for line in of.get("scenes", [])),
        "clouded": sum(int(line.get("clouded", 0)) for line in of.get("scenes", [])),
        "skipped": _skipped([*of.get("scenes", []), *tiles]),
        "hosts": {host: said for line in of.get("hosts", []) for host, said in line["hosts"].items()},
        "bytes": max((int(line["bytes"]) for line in tiles), default=0),
        "died": len(of.get("workers died", [])),
        "lost": len(of.get("scheduler lost", [])),
        "an_hour": _pace(of.get("tiles", []), of.get("done", [])),
    }


def _ended(of: Mapping[str, object], *, working: bool) -> Ended:
    if not of:
        return "none"
    if "finished" in of:
        return "finished"
    if "stopped" in of:
        return "stopped"
    return "working" if working else "died"


def _skipped(lines: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Scenes by why they could not be used; the reason that most have comes first."""
    by_reason: dict[str, set[str]] = {}
    for line in lines:
        for scene, reason in dict(line.get("skipped", {})).items():
            by_reason.setdefault(str(reason), set()).add(str(scene))
    ordered = sorted(by_reason.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {reason: tuple(sorted(scenes)) for reason, scenes in ordered}


def _pace(begun: Sequence[Mapping[str, Any]], done: Sequence[Mapping[str, Any]]) -> float | None:
    """Tiles an hour, from when tiles were begun with to the last that was done."""
    if not begun or not done:
        return None
    took = _time(done[-1]) - _time(begun[0])
    return len(done) / max(took / timedelta(hours=1), 1e-9)


def _time(line: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(line["at"]))
    except (ValueError, LookupError):
        return datetime.now(UTC)
