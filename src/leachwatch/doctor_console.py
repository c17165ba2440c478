"""What ``doctor`` prints of this machine, and of an output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from leachwatch.console import one_line, size_of

if TYPE_CHECKING:
    from leachwatch.doctor import Finding
    from leachwatch.scanning import Checkup

__all__ = ["print_checkup", "print_findings"]

_SHOWN = 10
_NAMED = 3
_BY_HAND = "stopped"
_ENDED = {
    "finished": "finished",
    "stopped": "stopped",
    "working": "is at work",
    "died": "died without a word: killed, or the machine went down",
    "none": "",
}


def print_findings(findings: Sequence[Finding]) -> None:
    """Print what this machine has, a line each, and how to mend what it lacks."""
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'LACK'}  {finding.name:<22} {finding.value}")
        if finding.mend:
            print(f"      mend: {finding.mend}")


def print_checkup(found: Checkup) -> None:
    """Print how an output stands, for somebody who is tired."""
    for line in _lines(found):
        print(one_line(line))


def _lines(found: Checkup) -> Iterator[str]:
    yield f"{found.place}: {_tables(found)}"
    if found.ended != "none":
        why = "by Ctrl-C, or a signal" if found.reason == _BY_HAND else found.reason
        yield f"last run   {_ENDED[found.ended]}{f': {why}' if why else ''}"
        yield f"           began {_minute(found.began)}, last heard of {_minute(found.last)} UTC"
    if found.holder:
        yield f"in use by  {found.holder}"
    if found.tiles:
        yield from _tiles(found)
    if found.scenes or found.clouded or found.skipped:
        lost = len({scene for scenes in found.skipped.values() for scene in scenes})
        yield (
            f"scenes     {found.scenes} to read, {found.clouded} that show next to nothing but cloud, "
            f"{lost} that could not be read, or not for every tile"
        )
        yield from _most(
            f"{len(scenes):>5}  {why} ({_some(scenes)})" for why, scenes in found.skipped.items()
        )
    for host, said in found.hosts.items():
        yield (
            f"host       {host}: {said['requests']:,} requests, {said['again']:,} of them made again, "
            f"{size_of(said['bytes'])}"
        )
    if found.died or found.lost:
        yield f"cluster    workers died with tiles: {found.died} times; scheduler lost: {found.lost} times"
    yield f"to do      {found.advice}"


def _tables(found: Checkup) -> str:
    if not found.version:
        return "no tables yet"
    whole = f"NOT WHOLE ({', '.join(found.broken)})" if found.broken else "whole"
    return f"tables of leachwatch {found.version}, written {_minute(found.made)} UTC, {whole}"


def _tiles(found: Checkup) -> Iterator[str]:
    kept = f" ({found.kept} of them by an earlier run)" if found.kept else ""
    failed = len(found.failed)
    yield f"tiles      {found.done} of {found.tiles} done{kept}, {failed} failed, {found.left} left"
    yield from _most(f"       {tile}  {why}" for tile, why in sorted(found.failed.items()))
    if found.an_hour:
        left = f"; at that pace {_duration(found.hours_left or 0)} for the rest" if found.left else ""
        yield f"pace       {found.an_hour:,.0f} tiles an hour{left}"


def _duration(hours: float) -> str:
    """Say a duration in minutes, where it is less than two hours."""
    return f"{hours:,.1f} h" if hours >= 2 else f"{max(60 * hours, 1):.0f} min"  # noqa: PLR2004 - hours


def _most(lines: Iterator[str]) -> Iterator[str]:
    """Yield the first lines, and how many there are beside."""
    every = list(lines)
    yield from (f"       {line.strip()}" for line in every[:_SHOWN])
    if len(every) > _SHOWN:
        yield f"       and {len(every) - _SHOWN} more; --json has all"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")
