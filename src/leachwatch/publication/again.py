"""A publication computed again from its public case, and compared with what was published."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from leachwatch import tables
from leachwatch.claims import CLAIM_REVIEWS, VERDICTS_FILE
from leachwatch.custody import digest
from leachwatch.errors import LeachwatchError, ReleaseError
from leachwatch.publication.inputs import trade_of
from leachwatch.publication.layout import AREAS, CASE, SEEN
from leachwatch.publication.presenting import present
from leachwatch.publication.reckoning import Progress, reckon
from leachwatch.publication.stating import Stated, made_with
from leachwatch.tables import ALL_TABLES, Table

__all__ = ["Again", "compute_again"]

_MOST_ROWS = 3
_CLOSE = 1e-9
"""Share by which numbers may differ: the last digits depend on the machine."""

_BY_BYTES = "data"
"""Column of verdicts with hashes of tables, which other versions write in other bytes."""


@dataclass(frozen=True)
class Again:
    """What came out.

    Attributes
    ----------
    differs : tuple of str
        What does not come out again.
    undecided : tuple of str
        What was drawn or written otherwise, which other fonts or versions would explain.
    unchecked : tuple of str
        What could not be computed again here, and why.
    tables : int
        How many tables were computed.
    """

    differs: tuple[str, ...]
    undecided: tuple[str, ...]
    unchecked: tuple[str, ...]
    tables: int


def compute_again(folder: Path, stated: Stated, trade: Path | None, progress: Progress) -> Again:
    """Compute everything again from the public case of a publication, and compare.

    Parameters
    ----------
    folder : Path
        The publication, whose files are as its manifest says.
    stated : Stated
        Its manifest.
    trade : Path or None
        A case folder with the files of trade that could not be passed on.
    progress : callable
        Told what is being done, how much of it is, and of how much.
    """
    unchecked = ["case/out: what was seen in images is taken as published; no image is read again"]
    skipped: tuple[Table, ...] = ()
    if stated.needs and trade is None:
        skipped = tables.TRADE_TABLES
        unchecked += [f"trade: is taken as published, for want of {one}" for one in stated.needs]
    with tempfile.TemporaryDirectory() as held:
        new, files = Path(held) / "publication", Path(held) / "trade"
        try:
            _refuse_outside(folder / CASE)
            _inputs(folder / CASE, new / CASE)
            trade_of(folder / CASE, trade, files)
            taken = folder / CASE / "out" if skipped else None
            reckoned = reckon(new / CASE, day=stated.made, trade=files, taken=taken, progress=progress)
            present(reckoned, new, made=stated.made, progress=progress)
        except (LeachwatchError, OSError) as error:
            said = str(error).replace(f"{held}/", "")
            return Again((f"case: cannot be computed again: {said}",), (), tuple(unchecked), 0)
        return _compared(folder, new, stated, skipped, unchecked)


def _refuse_outside(case: Path) -> None:
    """Refuse a public case that names areas elsewhere: nothing outside of a publication is read for it."""
    try:
        said = yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReleaseError(f"{CASE}/case.yaml: cannot be read; it is no public case") from error
    if not isinstance(said, dict) or said.get("areas") != AREAS:
        raise ReleaseError(f"{CASE}/case.yaml: names areas outside of the publication")


def _inputs(case: Path, copy: Path) -> None:
    """Copy a public case without what was computed from it."""
    computed = {table.file_name for table in ALL_TABLES if table not in SEEN} | {CLAIM_REVIEWS}
    shutil.copytree(case, copy, ignore=lambda _folder, names: computed & set(names))


def _compared(
    folder: Path, new: Path, stated: Stated, skipped: Collection[Table], unchecked: list[str]
) -> Again:
    differs: list[str] = []
    otherwise: list[str] = []
    same = stated.made_with == made_with()
    by_name = {f"{CASE}/out/{table.file_name}": table for table in ALL_TABLES}
    computed = [one for name, one in by_name.items() if name in stated.marks]
    many = sum(table not in SEEN and table not in skipped for table in computed)
    for name, mark in stated.marks.items():
        path, table = new / name, by_name.get(name)
        if not path.is_file():
            differs.append(f"{name}: does not come out again")
        elif digest(path) == mark:
            continue
        elif table is not None:
            was, now = tables.read(folder / CASE / "out", table), tables.read(path.parent, table)
            differs += _rows(name, was, now, hashes=same)
        elif same:
            differs.append(f"{name}: comes out otherwise")
        elif name != f"{CASE}/{VERDICTS_FILE}":
            otherwise.append(f"{name}: is drawn or written otherwise")
    made = {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()}
    differs += [f"{name}: comes out, and was not published" for name in sorted(made - stated.marks.keys())]
    if otherwise:
        here = made_with()
        others = [
            f"{name} {was}, here {here.get(name)}"
            for name, was in stated.made_with.items()
            if here.get(name) != was
        ]
        unchecked = [*unchecked, f"made with other versions or fonts: {', '.join(others)}"]
    return Again(tuple(differs), tuple(otherwise), tuple(unchecked), many)


def _rows(name: str, was: pd.DataFrame, now: pd.DataFrame, *, hashes: bool) -> Iterator[str]:
    """Say where two tables differ; equal ones may be written in other bytes."""
    if len(was) != len(now):
        yield f"{name}: {len(was)} rows were published, {len(now)} come out"
        return
    shown = 0
    for column in was.columns:
        if column == _BY_BYTES and not hashes:
            continue
        pairs = zip(was[column].astype(object), now[column].astype(object), strict=True)
        for row, (old, new) in enumerate(pairs, start=1):
            if _equal(old, new):
                continue
            shown += 1
            if shown > _MOST_ROWS:
                yield f"{name}: and more"
                return
            yield f"{name}: row {row}, {column}: {_cell(old)} was published, {_cell(new)} comes out"


def _equal(old: Any, new: Any) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=_CLOSE) or (math.isnan(old) and math.isnan(new))
    return _cell(old) == _cell(new)


def _cell(value: Any) -> str:
    return "nothing" if value is None or value is pd.NA else str(value)
