"""How protected sources may be described: words from a list, with how many people each fits."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from leachwatch.case.records import Source
from leachwatch.errors import RecordError

__all__ = ["DESCRIPTORS", "described", "read_descriptors"]

DESCRIPTORS = "descriptors.csv"
"""Name of the list in a case folder: ``descriptor,people,basis``, made by hand."""

_PLAIN = {"person": "a person", "group": "a group of people", "document": "a document"}


def read_descriptors(case: Path) -> Mapping[str, int]:
    """Read the list of a case: how many people each descriptor fits; empty where there is none.

    Raises
    ------
    RecordError
        If a line is wrong.
    """
    path = case / DESCRIPTORS
    if not path.is_file():
        return {}
    found: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            for row in rows:
                try:
                    found[row["descriptor"].strip()] = int(row["people"])
                except (KeyError, TypeError, ValueError) as error:
                    mend = "write descriptor,people,basis in the first line, and whole numbers of people"
                    raise RecordError(f"{path}: line {rows.line_num}: cannot be read; {mend}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordError(f"{path}: cannot be read as CSV in UTF-8 ({error}); export it anew") from error
    return found


def described(source: Source, listed: Mapping[str, int], people: int) -> str:
    """Give a protected source's descriptor if it fits enough people, else no more than what kind it is."""
    if listed.get(source.public_descriptor, 0) >= people:
        return source.public_descriptor
    return _PLAIN.get(source.kind, "a source")
