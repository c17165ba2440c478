"""What one publication has that another has not: shown to whoever releases it, before they do."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from leachwatch import tables
from leachwatch.case.records import FILES as RECORD_FILES
from leachwatch.custody import Difference, difference
from leachwatch.publication.layout import CASE

__all__ = ["compared"]

_ID = re.compile(r"\b[a-z]{3}-[0-9a-hjkmnp-tv-z]{10}\b")


def compared(before: Path | None, after: Path) -> Difference:
    """Compare two publications by records, verdicts, sites and files.

    Parameters
    ----------
    before : Path or None
        The last one; None where this is the first.
    after : Path
        The new one.

    Returns
    -------
    Difference
        Parts such as ``claim clm-...``, ``verdict clm-...``, ``site ...`` and ``file ...``.
    """
    was = dict(_parts(before)) if before is not None else {}
    now = dict(_parts(after))
    found = difference(was, now)
    renamed = Counter(was[one] for one in found.gone) & Counter(now[one] for one in found.new)
    return Difference(
        new=_but(renamed, found.new, now), changed=found.changed, gone=_but(renamed, found.gone, was)
    )


def _but(renamed: Counter[str], parts: Iterable[str], marks: Mapping[str, str]) -> tuple[str, ...]:
    """Leave out what only has another name: names that protect somebody differ in each publication."""
    left, kept = renamed.copy(), []
    for part in parts:
        if left[marks[part]]:
            left[marks[part]] -= 1
        else:
            kept.append(part)
    return tuple(kept)


def _parts(folder: Path) -> Iterator[tuple[str, str]]:
    """Mark every part of a publication by what it says, whatever the records are called."""
    case = folder / CASE
    for file in RECORD_FILES:
        kind = file.removesuffix(".yaml").removesuffix("s")
        path = case / file
        for record in yaml.safe_load(path.read_text(encoding="utf-8")) or [] if path.is_file() else []:
            yield f"{kind} {record['id']}", _mark(record)
    for table, key, said in (
        (tables.VERDICTS, "claim_id", ("verdict",)),
        (tables.SITES, "site_id", ("tier", "state", "geometry")),
    ):
        if (case / "out" / table.file_name).is_file():
            frame = tables.read(case / "out", table)
            for row in frame[[key, *said]].itertuples(index=False):
                yield f"{table.name.removesuffix('s')} {row[0]}", _mark([str(one) for one in row[1:]])
    for path in sorted(folder.rglob("*")):
        if path.is_file() and case not in path.parents:
            yield f"file {path.relative_to(folder).as_posix()}", sha256(path.read_bytes()).hexdigest()


def _mark(value: Mapping[str, Any] | list[str]) -> str:
    text = json.dumps(value, default=str, sort_keys=True)
    return sha256(_ID.sub("", text).encode()).hexdigest()
