"""What ``leachwatch check`` prints."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from leachwatch.console import one_line, tell

if TYPE_CHECKING:
    from leachwatch.claims import Checked, Outcome, Reading
    from leachwatch.claims.bands import Band
    from leachwatch.claims.interval import Interval

__all__ = ["print_checked", "print_claim", "print_flips", "print_summary"]

_NARROW, _WIDE = 60, 160
_RULER = 48
_UNCERTAIN = ("unverified", "could_not_confirm")


def print_checked(checked: Checked, *, quiet: bool) -> None:
    """Print every claim with its verdict and why, then how many there are of each, and what flipped."""
    from leachwatch.claims import SHAPES

    wide = max(_NARROW, min(_WIDE, shutil.get_terminal_size((100, 24)).columns))
    if not quiet:
        for outcome in checked.outcomes:
            claim = outcome.claim
            hedge = " [unverified]" if claim.verification in _UNCERTAIN else ""
            print(f"{SHAPES[outcome.verdict]} {outcome.verdict}  {claim.id}")
            for text in (f"{claim.text}{hedge}", claim.hedge, outcome.why, outcome.would_change):
                _print_wrapped(text, wide)
            print()
    print_summary(checked, quiet=quiet)
    print_flips(checked)


def print_summary(checked: Checked, *, quiet: bool) -> None:
    """Print how many claims have each verdict."""
    from leachwatch.claims import SHAPES

    counted = ", ".join(f"{SHAPES[word]} {count} {word}" for word, count in checked.counts.items() if count)
    without = len(checked.untested)
    tested = len(checked.outcomes)
    tell(
        f"claims: {tested} with a test" + (f" ({counted})" if counted else "") + f", {without} without",
        quiet=quiet,
    )


def print_flips(checked: Checked) -> None:
    """Print, on the error stream, which published verdicts no longer come out, and why."""
    for outcome in checked.flipped:
        claim = outcome.claim
        said = f"{claim.id} was published as {claim.verdict} and is {outcome.verdict} now: {outcome.why}"
        print(one_line(f"leachwatch: {said}"), file=sys.stderr)


def print_claim(checked: Checked, outcome: Outcome) -> None:
    """Print one claim in full: its readings against what it allows, what to read beside them, its history."""
    from leachwatch.claims import SHAPES

    claim, stood = outcome.claim, checked.history[outcome.claim.id]
    author = checked.records.sources.get(claim.author)
    lines = [
        f"{claim.id}: {claim.text}",
        f"said by {author.public_descriptor if author else claim.author}, {_words(claim.verification)}",
        claim.hedge,
        f"{SHAPES[outcome.verdict]} {outcome.verdict}: {outcome.why}",
        outcome.would_change,
    ]
    if claim.verdict not in {None, outcome.verdict}:
        lines.insert(0, f"PUBLISHED as {claim.verdict}, which no longer comes out")
    for line in filter(None, lines):
        print(one_line(line))
    for reading in outcome.readings:
        print()
        for line in _reading_lines(reading):
            print(one_line(line))
    print()
    for line in _source_lines(checked, outcome):
        print(one_line(line))
    if not outcome.independent:
        print("not independent: the data come from where the claim does")
    for entry in stood.lines:
        print(one_line(f"{entry.day}  {entry.verdict}  {entry.why}"))


def _source_lines(checked: Checked, outcome: Outcome) -> Iterator[str]:
    """Name where the claim stands, and of a count of sources each that was counted; for the team's eyes."""
    records, claim = checked.records, outcome.claim
    test = claim.test
    named = {"said in": claim.citations}
    if test is not None and test.kind == "corroborate":
        named |= {"says so": test.supports, "says otherwise": test.contradicts}
    for word, citations in named.items():
        for one in citations:
            citation = records.citations.get(one)
            source = records.sources.get(citation.source) if citation else None
            if citation and source:
                place = f", {citation.locator}" if citation.locator else ""
                yield f"{word}: {source.public_descriptor}{place} ({source.group})"


def _reading_lines(reading: Reading) -> Iterator[str]:
    from leachwatch.claims.words import band_words, interval_words

    estimate = reading.estimate
    yield f"reading {reading.id}: {_words(reading.result)}" + (
        f" ({reading.why_read_so})" if reading.why_read_so else ""
    )
    yield f"  {reading.why}"
    if estimate.covered:
        yield from (f"  {line}" for line in ruler(estimate.interval, reading.band))
        found, allowed = (
            interval_words(estimate.interval, estimate.unit),
            band_words(reading.band, estimate.unit),
        )
        yield f"  data {found}; claim {allowed}"
    yield from (f"  beside it: {line}" for line in reading.context)
    if estimate.inputs:
        yield f"  rests on: {', '.join(estimate.inputs)}"


def ruler(interval: Interval, band: Band) -> tuple[str, str]:
    """Draw what the data allow above what the claim allows, on one scale; an arrow where there is no end.

    Examples
    --------
    >>> from leachwatch.claims.bands import Band
    >>> from leachwatch.claims.interval import Interval
    >>> data, claim = ruler(Interval(0, 10), Band(10, 20))
    >>> len(data), claim.index("|")
    (31, 30)
    """
    ends = [end for end in (interval.low, interval.high, band.low, band.high) if math.isfinite(end)]
    low, high = (min(ends), max(ends)) if ends else (0.0, 0.0)
    return (
        f"data  {_bar(interval.low, interval.high, low, high)}",
        f"claim {_bar(band.low, band.high, low, high)}",
    )


def _bar(start: float, end: float, low: float, high: float) -> str:
    scale = (_RULER - 1) / (high - low) if high > low else 0.0
    first = 0 if math.isinf(start) else round((start - low) * scale)
    last = _RULER - 1 if math.isinf(end) else max(first, round((end - low) * scale))
    inner = "─" * max(0, last - first - 1)
    left, right = "◂" if math.isinf(start) else "|", "▸" if math.isinf(end) else "|"
    drawn = left if first == last else f"{left}{inner}{right}"
    return " " * first + drawn


def _words(code: str) -> str:
    return code.replace("_", " ")


def _print_wrapped(text: str, wide: int) -> None:
    lines: Sequence[str] = textwrap.wrap(one_line(text), wide - 2)
    for line in lines:
        print(f"  {line}")
