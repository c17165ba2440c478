"""All that a case asks for, each part computed after what it rests on, and the page of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from leachwatch.case import Case
from leachwatch.case.records import read_records
from leachwatch.claims import Checked, check_claims
from leachwatch.estimate import TradeReport, keep_account
from leachwatch.imagery import Access, located
from leachwatch.publish import draw_strips, page
from leachwatch.release import release_of
from leachwatch.scanning import Report, ScanSettings, scan
from leachwatch.territory import StandingReport, keep_standing, read_ground

__all__ = ["RunReport", "run_case"]


@dataclass(frozen=True, eq=False)
class RunReport:
    """What a run found.

    Attributes
    ----------
    scan : Report
        Mines.
    standing : StandingReport or None
        Who held them; None where the case has no territories.
    trade : TradeReport
        What crossed the border.
    checked : Checked or None
        What became of its claims; None where it has none.
    page : Path
        The page.
    """

    scan: Report
    standing: StandingReport | None
    trade: TradeReport
    checked: Checked | None
    page: Path

    def as_dict(self) -> dict[str, Any]:
        """All of it for other programs."""
        return {
            **self.scan.as_dict(),
            "control": self.standing.as_dict() if self.standing else None,
            "trade": self.trade.as_dict(),
            "claims": self.checked.as_dict() if self.checked else None,
            "page": str(self.page),
        }


def run_case(
    case: Case,
    access: Access,
    *,
    day: date,
    scheduler: str = "",
    progress: Callable[[str, int, int], None],
) -> RunReport:
    """Compute what a case asks for and write its page; tiles that are done are not worked again.

    Parameters
    ----------
    case : Case
        As opened.
    access : Access
        What may be asked of whom.
    day : date
        Today: the day on which a verdict comes out.
    scheduler : str
        Of a Dask cluster that works the tiles; empty for threads of this process.
    progress : callable
        Told what is being done, how much of it is, and of how much.

    Returns
    -------
    RunReport

    Raises
    ------
    LeachwatchError
        If a record, an outline, the imagery or a file of trade cannot be used; records and outlines are read
        first, so that their faults show at once.
    """
    records = read_records(case.folder)
    ground = read_ground(records) if records.territories else None
    report = scan(
        located(case.imagery.catalog, case.folder),
        case.areas,
        case.period,
        case.out,
        access=access,
        settings=ScanSettings.of(case),
        reviews=case.reviews,
        scheduler=scheduler,
        progress=progress,
    )
    draw_strips(case.out, progress=progress)
    standing = keep_standing(case.out, ground, progress=progress)
    trade = keep_account(case.out, case.folder, real=not report.simulated, progress=progress)
    release = release_of(records)
    checked = None
    if records.claims:
        checked = check_claims(case, records, day=day, release=release, progress=progress)
    written = page(
        case.out,
        title=case.title,
        simulated=report.simulated,
        notes=report.caveats,
        statements=trade.account.statements,
        records=records,
        release=release,
        language=case.language,
    )
    return RunReport(report, standing, trade, checked, written)
