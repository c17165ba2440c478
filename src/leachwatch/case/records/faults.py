"""A fault: where something is wrong in the files of a case, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from leachwatch.errors import RecordError

__all__ = ["Fault", "clipped", "error_of", "path_of", "sentence", "sorted_faults"]

_SHOWN = 60
_LONGEST = 400


@dataclass(frozen=True)
class Fault:
    """One thing to mend.

    Attributes
    ----------
    file : str
        Which file, from the case folder.
    line : int
        Line of it, 1 the first.
    record : str
        Id of the record, or which one it is; empty where it is no record.
    field : str
        Names and numbers that lead to it, with dots between; empty where it is the record as a whole.
    what : str
        What is wrong, and the mend.
    severity : str
        ``fault``: the case is not used before it is mended; ``note``: to be looked at.
    """

    file: str
    line: int
    record: str
    field: str
    what: str
    severity: Literal["fault", "note"] = "fault"

    def __str__(self) -> str:
        return ": ".join(
            part for part in (self.file, f"line {self.line}", self.record, self.field, self.what) if part
        )


def sorted_faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By file, then by line."""
    return tuple(sorted(faults, key=lambda one: (one.file, one.line, one.field, one.what)))


def error_of(folder: Path, faults: Sequence[Fault], *, listed_by: str = "") -> RecordError:
    """Say the first of these, how many more there are, and what lists them."""
    more = len(faults) - 1
    rest = f" (and {more:,} more{f': {listed_by}' if listed_by else ''})" if more else ""
    return RecordError(f"{folder / faults[0].file}{str(faults[0])[len(faults[0].file) :]}{rest}")


def path_of(place: Iterable[str | int]) -> str:
    """Names and numbers with dots between.

    Examples
    --------
    >>> path_of(("test", "readings", 0, "numerator"))
    'test.readings.0.numerator'
    """
    return ".".join(clipped(str(part)) for part in place)


def clipped(text: str, longest: int = _SHOWN) -> str:
    """Text on one line, cut where it is too long to be shown.

    Examples
    --------
    >>> clipped("a" * 100, 5)
    'aaaaa…'
    """
    text = text[: longest + 1].replace("\n", " ").replace("\r", " ")
    shown = "".join(sign if sign.isprintable() else "�" for sign in text)
    return f"{shown[:longest]}…" if len(text) > longest else shown


def sentence(text: str) -> str:
    """Make what a fault says one line, no longer than can be read."""
    return clipped(text, _LONGEST)
