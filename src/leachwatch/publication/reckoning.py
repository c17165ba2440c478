"""All tables of a publication that do not come from images, computed from its public case."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from leachwatch import tables
from leachwatch.case import Case, open_case
from leachwatch.case.records import Records, read_records
from leachwatch.claims import CLAIM_REVIEWS, Checked, Reader, check_claims, is_simulated
from leachwatch.errors import TableError
from leachwatch.estimate import keep_account
from leachwatch.publication.layout import SCAN
from leachwatch.release import Release, as_published
from leachwatch.territory import keep_standing, read_ground

__all__ = ["Progress", "Reckoned", "reckon"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Reckoned:
    """A public case with everything that follows from it.

    Attributes
    ----------
    case : Case
        Its tables are in ``out``.
    records : Records
        Of it.
    release : Release
        All of them.
    statements : tuple
        What the series of trade were made from.
    checked : Checked or None
        What became of its claims.
    simulated : bool
        Whether the scenes were.
    notes : tuple of str
        What a reader must know before believing it.
    """

    case: Case
    records: Records
    release: Release
    statements: tuple[Any, ...]
    checked: Checked | None
    simulated: bool
    notes: tuple[str, ...]


def reckon(
    folder: Path, *, day: date, trade: Path, taken: Path | None = None, progress: Progress
) -> Reckoned:
    """Compute who held what, what crossed the border and what holds, and write the tables of it.

    Parameters
    ----------
    folder : Path
        A public case, with the tables of the scan in ``out``.
    day : date
        On which the publication is made.
    trade : Path
        Case folder to take the files of trade from: those of the public case, and beside them those that may
        not be passed on.
    taken : Path, optional
        Folder with tables of trade that are taken as they are, since files that they rest on are not at hand.
    progress : callable
        Told what is being done, how much of it is, and of how much.

    Raises
    ------
    LeachwatchError
        If the case or a table cannot be used.
    """
    case = open_case(folder, today=day)
    records = read_records(folder)
    release = as_published(records)
    simulated = is_simulated(Reader(case.out))
    keep_standing(case.out, read_ground(records) if records.territories else None, progress=progress)
    report = keep_account(case.out, trade, real=not simulated, progress=progress)
    if taken is None:
        _without_withheld(case.out)
    else:
        for table in tables.TRADE_TABLES:
            shutil.copyfile(taken / table.file_name, case.out / table.file_name)
    checked = None
    if records.claims:
        checked = check_claims(case, records, day=day, release=release, progress=progress)
    else:
        (case.out / CLAIM_REVIEWS).unlink(missing_ok=True)
    return Reckoned(
        case, records, release, report.account.statements, checked, simulated, _notes(case.out / SCAN)
    )


def _without_withheld(out: Path) -> None:
    """Take the rows out that may not be passed on; what was made of them stays."""
    frame = tables.read(out, tables.OBSERVATIONS)
    kept = frame[~frame["source"].str.startswith(tables.NOT_PASSED_ON)]
    if len(kept) < len(frame):
        tables.write(out, tables.OBSERVATIONS, kept)


def _notes(path: Path) -> tuple[str, ...]:
    try:
        return tuple(map(str, json.loads(path.read_bytes())["result"].get("caveats", ())))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise TableError(f"{path}: is missing or damaged; prepare the publication anew") from error
