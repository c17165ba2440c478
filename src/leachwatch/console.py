"""What the command line prints. Answers go to the output stream, what went wrong to the error stream."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leachwatch.bench import Accuracy, Score
    from leachwatch.imagery import Skipped
    from leachwatch.scanning import Plan, Report

__all__ = ["one_line", "print_accuracy", "print_plan", "print_report", "print_score", "progress_bar", "tell"]

_MOST_LINES = 10
"""Scenes named one by one; the manifest names all."""


def print_plan(plan: Plan) -> None:
    """Print what a scan would fetch, from whom, and what each host would learn."""
    where = "from hosts" if plan.hosts else "from this disk"
    scenes, tiles = _many(len(plan.scenes), "scene"), _many(plan.tiles, "tile")
    print(f"{scenes} over {tiles}: about {_size(plan.bytes)} {where}")
    if plan.scenes:
        print("  day         granule  about     scene")
    for one in plan.scenes:
        print(f"  {one.day}  {one.granule or '-':<7}  {_size(one.bytes):>8}  {one.scene}")
    if plan.skipped:
        print(f"{_many(plan.skipped, 'scene')} could not be used, whatever is fetched")
    if not plan.hosts:
        print("no host is asked; nobody learns anything")
    for host in plan.hosts:
        print(f"{host.host}{f': about {_size(host.bytes)}' if host.bytes else ''}\n  learns {host.learns}")
    if any(host.bytes for host in plan.hosts):
        hide = "" if plan.whole else "; --whole-scenes hides which parts are looked at"
        print(f"no picture was fetched{hide}")


def print_skipped(skipped: Sequence[Skipped]) -> None:
    """Name what could not be used: scene by scene, or by reason where there are many."""
    if len(skipped) <= _MOST_LINES:
        for one in skipped:
            print(one_line(f"skipped {one.scene}: {one.reason}"), file=sys.stderr)
        return
    for reason, count in Counter(one.reason for one in skipped).most_common(_MOST_LINES):
        named = next(one.scene for one in skipped if one.reason == reason)
        line = f"skipped {_many(count, 'scene')}, such as {named}: {reason}"
        print(one_line(line), file=sys.stderr)


def print_report(report: Report, *, quiet: bool) -> None:
    """Print what a scan did, and what to know before believing it."""
    tiers = ", ".join(f"{report.tiers.get(tier, 0)} {tier}" for tier in ("confirmed", "probable", "possible"))
    tell(f"{_many(report.rows['sites'], 'site')}: {tiers}", quiet=quiet)
    if report.rejected:
        names = ", ".join(f"{count} {name}" for name, count in sorted(report.rejected.items()))
        tell(f"rejected as look-alikes: {names}", quiet=quiet)
    tell(f"{_many(report.scenes, 'scene')} on {_many(report.looks, 'day')}", quiet=quiet)
    tell(f"seen in a month: {report.clear_share:.0%} of the ground (mean)", quiet=quiet)
    for caveat in report.caveats:
        tell(f"note: {caveat}", quiet=quiet)
    print_skipped(report.skipped)
    if report.simulated:
        tell("SIMULATED: these scenes show no real place", quiet=quiet)
    for host, (requests, received) in sorted(report.traffic.items()):
        tell(f"fetched from {host}: {_size(received)} in {_many(requests, 'request')}", quiet=quiet)
    if report.kept:
        tell(f"{report.kept} of {_many(report.tiles, 'tile')} had been done before", quiet=quiet)
    tell(f"tables: {report.out}", quiet=quiet)


def print_score(result: Score, *, quiet: bool) -> None:
    """Print how found sites compare with known ones."""
    found = f"{_many(result.found, 'mine')} found, {result.missed} missed, {result.false} false"
    rates = f"precision {result.precision:.2f}, recall {result.recall:.2f}, F1 {result.f1:.2f}"
    lines = [f"against the truth: {found}; {rates}"]
    if result.uncounted:
        lines.append(f"not counted: {_many(result.uncounted, 'possible site')}")
    if result.false_by_lookalike:
        names = ", ".join(f"{count} {name}" for name, count in result.false_by_lookalike.items())
        lines.append(f"false alarms: {names} ({result.false_per_100_km2:.1f} on 100 km²)")
    if result.onset_error_days is not None:
        lines.append(
            f"first pools: median error {result.onset_error_days:.0f} days; "
            f"the interval holds the true day in {result.onset_covered:.0%}"
        )
    if result.activity is not None:
        lines.append(f"active or idle: right in {result.activity:.0%} of the months seen")
    if result.area_ratio is not None:
        lines.append(
            f"pool area: {result.area_ratio:.2f} of the true (median of sites); "
            f"the interval holds the true area in {result.area_covered:.0%} of months"
        )
    for line in lines:
        tell(line, quiet=quiet)


def print_accuracy(result: Accuracy) -> None:
    """Print the scores of many districts as a table."""
    print("simulated districts: these numbers are not to be ranked against real-world ones")
    print(" seed  precision  recall    F1  onset d  in interval  active  area  false alarms")
    for seed, one in zip(result.seeds, result.scores, strict=True):
        false = ", ".join(f"{count} {name}" for name, count in one.false_by_lookalike.items()) or "none"
        rates = f"{one.precision:9.2f}  {one.recall:6.2f}  {one.f1:4.2f}"
        onset = f"{_cell(one.onset_error_days, 7, 0)}  {_cell(one.onset_covered, 11)}"
        print(f"{seed:5d}  {rates}  {onset}  {_cell(one.activity, 6)}  {_cell(one.area_ratio, 4)}  {false}")
    print(
        f"median  {_cell(result.median('precision'), 8)}  {_cell(result.median('recall'), 6)}  "
        f"{_cell(result.median('f1'), 4)}  {_cell(result.median('onset_error_days'), 7, 0)}  "
        f"{_cell(result.median('onset_covered'), 11)}  {_cell(result.median('activity'), 6)}  "
        f"{_cell(result.median('area_ratio'), 4)}"
    )


def _size(count: int) -> str:
    """Bytes as people write them."""
    size, units = float(count), ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:  # noqa: PLR2004 - kilo
        size /= 1000
        units.pop(0)
    return f"{size:.0f} {units[0]}" if units[0] == "bytes" or size >= 100 else f"{size:.1f} {units[0]}"  # noqa: PLR2004 - three digits


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _cell(value: float | None, width: int, digits: int = 2) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"


def one_line(text: str) -> str:
    r"""Write text from outside so that it can neither break the line nor steer the terminal.

    Examples
    --------
    >>> one_line("a\nb\x1b]0;title\x07")
    'a?b?]0;title?'
    """
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def tell(text: str, *, quiet: bool) -> None:
    """Print a line unless it was asked not to."""
    if not quiet:
        print(text)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each thing that is counted, on the error stream where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show
