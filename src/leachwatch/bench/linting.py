"""Linting: how long the records of a large made-up case take to be read and looked over."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leachwatch.case.records import lint, look_over

__all__ = ["LintingTime", "measure_linting", "write_case"]

_PARTS = 20
"""Records are written in twentieths, so many of each kind."""


@dataclass(frozen=True)
class LintingTime:
    """What reading and linting the records of a case takes.

    Attributes
    ----------
    records : int
        Of all kinds.
    file_bytes : int
        Of their files.
    read_seconds, lint_seconds, seconds, cpu_seconds : float
        Reading, every single record checked; looking across them; both, on the clock and of the processor.
    faults, notes : int
        Found: the case is made without any.
    """

    records: int
    file_bytes: int
    read_seconds: float
    lint_seconds: float
    seconds: float
    cpu_seconds: float
    faults: int
    notes: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return asdict(self)


def measure_linting(records: int = 10_000) -> LintingTime:
    """Write a made-up case with so many records, then read and lint it.

    Parameters
    ----------
    records : int
        Rounded down to a multiple of twenty.

    Returns
    -------
    LintingTime
    """
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        folder = Path(name)
        write_case(folder, records)
        size = sum(path.stat().st_size for path in folder.glob("*.yaml"))
        start, cpu = time.perf_counter(), time.process_time()
        found, faults = look_over(folder)
        read = time.perf_counter()
        between = lint(found)
        end, cpu = time.perf_counter(), time.process_time() - cpu
    all_faults = [*faults, *between]
    notes = sum(fault.severity == "note" for fault in all_faults)
    return LintingTime(
        records=len(list(found)),
        file_bytes=size,
        read_seconds=round(read - start, 3),
        lint_seconds=round(end - read, 3),
        seconds=round(end - start, 3),
        cpu_seconds=round(cpu, 3),
        faults=len(all_faults) - notes,
        notes=notes,
    )


def write_case(folder: Path, records: int) -> None:
    """Write a case of records of all kinds but evidence, every one with references; all of it is made up."""
    part = records // _PARTS
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"T{number}"},
            "geometry": {"type": "Point", "coordinates": [98, 25]},
        }
        for number in range(part)
    ]
    outline = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "territories.geojson").write_text(outline, encoding="utf-8")
    for name, (share, line) in _KINDS.items():
        text = "".join(line(number, part) for number in range(share * part))
        (folder / name).write_text(text, encoding="utf-8")


def _id(prefix: str, number: int) -> str:
    return f"{prefix}-{number:010d}"


def _source(number: int, _part: int) -> str:
    return (
        f"- id: {_id('src', number)}\n  tlp: CLEAR\n  kind: media\n  public_descriptor: weekly {number}\n"
        f"  title: Issue {number}\n  url: https://example.org/{number}\n  published: 2024-10-11\n"
    )


def _citation(number: int, part: int) -> str:
    return (
        f"- id: {_id('cit', number)}\n  tlp: CLEAR\n  source: {_id('src', number % (3 * part))}\n"
        f'  locator: p. {number}\n  quote: "a few words"  # as printed\n  quote_lang: en\n'
    )


def _actor(number: int, _part: int) -> str:
    return (
        f"- id: {_id('act', number)}\n  tlp: CLEAR\n  kind: armed_group\n  name: Actor {number}\n"
        f"  short: A{number}\n  name_my: ကချင်\n  alias: [Group {number}, Band {number}]\n  country: MMR\n"
    )


def _relation(number: int, part: int) -> str:
    return (
        f"- id: {_id('rel', number)}\n  tlp: CLEAR\n  kind: part_of\n  subject: {_id('act', number % part)}\n"
        f"  object: {_id('act', min(number % part + 1, part - 1 + (number % part == part - 1)) % part)}\n"
        f"  status: {'conflict' if number % part == part - 1 else 'accepted'}\n"
        "  dated: {first_imprecise: 2020-01-01, first_precise: 2020-06-01, starting: true}\n"
        f"  citations: [{_id('cit', number)}]\n"
    )


def _territory(number: int, _part: int) -> str:
    return (
        f"- id: {_id('ter', number)}\n  tlp: CLEAR\n  kind: area\n  name: Territory {number}\n  versions:\n"
        f"  - version: '2020'\n    outline: {{file: territories.geojson, where: {{name: [T{number}]}}}}\n"
        "    approximate: true\n    border_m: 2000\n"
    )


def _spell(number: int, part: int) -> str:
    year = 2000 + number // part
    return (
        f"- id: {_id('spl', number)}\n  tlp: CLEAR\n  territory: {_id('ter', number % part)}\n"
        f"  controllers: [{_id('act', number % part)}]\n  control: sole\n  dated:\n"
        f"    first_precise: {year}-01-01\n    last_precise: {year}-12-31\n    starting: true\n"
        f"  citations: [{_id('cit', number)}, {_id('cit', number + 1)}]\n"
    )


def _event(number: int, part: int) -> str:
    return (
        f"- id: {_id('evt', number)}\n  tlp: CLEAR\n  kind: clash\n  title: Event {number}\n"
        f"  actors: [{_id('act', number % part)}]\n  territory: {_id('ter', number % part)}\n"
        "  place: {name: Somewhere, lon: 98.5, lat: 25.6, precision: 2}\n"
        "  dated: {first_precise: 2024-10-18, last_precise: 2024-10-18, starting: true, ending: true}\n"
        "  public_note: |\n    Words about it that go on\n    over two lines.\n"
        f"  citations: [{_id('cit', number)}]\n"
    )


def _claim(number: int, part: int) -> str:
    return (
        f"- id: {_id('clm', number)}\n  tlp: CLEAR\n  text: It rose tenfold ({number}).\n  kind: numeric\n"
        f"  author: {_id('src', number % part)}\n  about: [{_id('evt', number)}]\n"
        f"  citations: [{_id('cit', number)}]\n  test:\n    kind: ratio\n    readings:\n"
        "    - id: weight\n"
        "      numerator: {of: trade, partner: MMR, hs: ['284690'], period: 2025-04}\n"
        "      denominator: {of: trade, partner: MMR, hs: ['284690'], period: 2025-03}\n"
        "    - id: sites\n"
        f"      numerator: {{of: sites, where: {{territory: {_id('ter', number % part)}}}}}\n"
        f"      denominator: {{of: sites, where: {{territory: {_id('ter', number % part)}}}}}\n"
        "    expect: {quantifier: about, value: 10}\n"
    )


def _grade(number: int, _part: int) -> str:
    return (
        f"- id: {_id('grd', number)}\n  tlp: CLEAR\n  subject: {_id('src', number)}\n  reliability: B\n"
        "  credibility: 2\n  basis: past work\n  graded_by: desk\n  graded: 2025-05-01\n"
    )


_KINDS: dict[str, tuple[int, Callable[[int, int], str]]] = {
    "sources.yaml": (3, _source),
    "citations.yaml": (4, _citation),
    "actors.yaml": (1, _actor),
    "relations.yaml": (1, _relation),
    "territories.yaml": (1, _territory),
    "control.yaml": (3, _spell),
    "events.yaml": (4, _event),
    "claims.yaml": (2, _claim),
    "grades.yaml": (1, _grade),
}
"""Twentieths of each kind, and how one is written."""
