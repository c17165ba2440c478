"""Who stands where: the two tables of a case's territories, made and kept after a scan."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from leachwatch import tables
from leachwatch.errors import OutputError
from leachwatch.territory.counts import control_counts
from leachwatch.territory.ground import Ground
from leachwatch.territory.placing import place
from leachwatch.territory.settings import CountSettings
from leachwatch.territory.site_control import site_control
from leachwatch.writing import write_together

__all__ = ["Holding", "StandingReport", "keep_standing"]

_MADE = (tables.SITE_CONTROL, tables.CONTROL_COUNTS)


@dataclass(frozen=True)
class Holding:
    """What one actor held in the last month.

    Attributes
    ----------
    controller : str
        Label.
    held, possibly : int
        Confirmed and probable sites that they held, and those that they only possibly held.
    low, p50, high : float or None
        Mines held, from `CONTROL_COUNTS`; None where it is not known.
    """

    controller: str
    held: int
    possibly: int
    low: float | None
    p50: float | None
    high: float | None


@dataclass(frozen=True)
class StandingReport:
    """Who held what.

    Attributes
    ----------
    rows : dict of str to int
        Rows written, by table.
    month : date or None
        Last month; None where there is no site.
    holdings : tuple of Holding
        Of that month, by controller.
    sites : int
        Confirmed and probable sites of that month, without those that people rejected.
    unknown : int
        Those of which nobody is known to have held them.
    simulated : bool
        Whether the sites are made up, and nobody held them: the account is as if they lay on this ground.
    """

    rows: dict[str, int]
    month: date | None
    holdings: tuple[Holding, ...]
    sites: int
    unknown: int
    simulated: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "rows": self.rows,
            "month": self.month and self.month.isoformat(),
            "sites": self.sites,
            "unknown": self.unknown,
            "simulated": self.simulated,
            "holdings": [asdict(one) for one in self.holdings],
        }


def keep_standing(
    out: Path,
    ground: Ground | None,
    *,
    settings: CountSettings | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> StandingReport | None:
    """Say who held each site of a scan, and how many each held, and write both tables.

    Parameters
    ----------
    out : Path
        The ``out`` folder, with the tables of a scan.
    ground : Ground or None
        Of the case; None where it has no territories.
    settings : CountSettings, optional
        Of the draws.
    progress : callable
        Told how many steps are done, of how many.

    Returns
    -------
    StandingReport or None
        None without territories; tables of an earlier run are then taken away.

    Raises
    ------
    TableError
        If the scan left no tables.
    OutputError
        If the tables cannot be written; then none is.
    """
    if ground is None:
        _take_away(out)
        return None
    progress("territories", 0, 3)
    sites, months = tables.read(out, tables.SITES), tables.read(out, tables.SITE_MONTHS)
    placed = place(sites, ground.zones)
    progress("territories", 1, 3)
    control = site_control(ground, placed, months)
    progress("territories", 2, 3)
    counts = control_counts(ground, placed, sites, months, settings or CountSettings())
    frames = dict(zip(_MADE, (control, counts), strict=True))
    write_together({out / table.file_name: tables.encode(table, frame) for table, frame in frames.items()})
    progress("territories", 3, 3)
    rows = {table.name: len(frame) for table, frame in frames.items()}
    return _report(sites, months, frames, rows)


def _take_away(out: Path) -> None:
    for table in _MADE:
        path = out / table.file_name
        with suppress(FileNotFoundError):
            try:
                path.unlink()
            except PermissionError as error:
                raise OutputError(f"{path}: is of an earlier run and cannot be deleted; delete it") from error


def _report(
    sites: pd.DataFrame,
    months: pd.DataFrame,
    frames: dict[tables.Table, pd.DataFrame],
    rows: dict[str, int],
) -> StandingReport:
    simulated = bool(sites["simulated"].any())
    if months.empty:
        return StandingReport(rows, None, (), 0, 0, simulated)
    last = months["month"].max()
    there = months[(months["month"] == last) & (months["state"] != "absent")]["site_id"]
    taken = sites[(sites["tier"] != "possible") & (sites["review"] != "rejected")]
    counted = set(taken["site_id"]) & set(there)
    control, counts = frames[tables.SITE_CONTROL], frames[tables.CONTROL_COUNTS]
    own = control[(control["month"] == last) & control["site_id"].isin(list(counted))]
    yes, maybe = (own[own["answer"] == word] for word in ("yes", "possibly"))
    intervals = counts[counts["month"] == last].set_index("controller")
    names = sorted({*own["controller"].dropna(), *intervals.index})
    return StandingReport(
        rows,
        last,
        tuple(_holding(name, yes, maybe, intervals) for name in names),
        len(counted),
        len(counted - set(yes["site_id"]) - set(maybe["site_id"])),
        simulated,
    )


def _holding(name: str, yes: pd.DataFrame, maybe: pd.DataFrame, intervals: pd.DataFrame) -> Holding:
    held = set(yes[yes["controller"] == name]["site_id"])
    possibly = set(maybe[maybe["controller"] == name]["site_id"]) - held
    known = name in intervals.index
    low, middle, high = (float(intervals[word][name]) if known else None for word in ("low", "p50", "high"))
    return Holding(name, len(held), len(possibly), low, middle, high)
