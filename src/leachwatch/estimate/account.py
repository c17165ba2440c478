"""The account of a case: its trade and the estimates from it, written together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from leachwatch import tables
from leachwatch.estimate.outcome import LeftOut
from leachwatch.estimate.priors import read_priors
from leachwatch.estimate.run import EstimateSettings, estimate
from leachwatch.trade import Account, account_for
from leachwatch.writing import write_together

__all__ = ["TradeReport", "keep_account"]

PRIORS = "priors.yaml"
"""File of a case, in its folder, with priors of its own."""


@dataclass(frozen=True, eq=False)
class TradeReport:
    """What was made of the trade.

    Attributes
    ----------
    account : Account
        What is known, reconciled.
    left_out : tuple of LeftOut
        What could not be estimated, and why.
    rows : dict of str to int
        Rows written, by table.
    """

    account: Account
    left_out: tuple[LeftOut, ...]
    rows: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "rows": self.rows,
            "contradictions": [
                {"suspects": list(mend.suspects), "change": mend.change, "share": mend.share}
                for mend in self.account.reconciled.repairs
                if mend.rank == 1
            ],
            "left_out": [asdict(one) for one in self.left_out],
            "caveats": list(self.account.caveats),
        }


def keep_account(
    out: Path,
    case: Path | None = None,
    *,
    real: bool = True,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> TradeReport:
    """Account for the trade of a case, estimate what follows, and write all tables of it.

    Parameters
    ----------
    out : Path
        The ``out`` folder, where ``site_months`` may be already.
    case : Path, optional
        The case folder, with files of its own (`leachwatch.trade.account_for`) and perhaps ``priors.yaml``.
    real : bool
        Whether the sites in ``out`` are: months of simulated ones are not set against customs.
    progress : callable
        Told how many steps are done, of how many.

    Returns
    -------
    TradeReport

    Raises
    ------
    RecordError
        If a file of the case cannot be read.
    OutputError
        If the tables cannot be written; then none is.
    """
    settings = EstimateSettings()
    progress("trade", 0, 2)
    account = account_for(case, seed=settings.seed)
    progress("trade", 1, 2)
    own = None if case is None else case / PRIORS
    priors = read_priors(own if own is not None and own.is_file() else None)
    estimated = estimate(
        account.observations,
        account.reconciled.series,
        priors,
        site_months=_mines(out) if real else None,
        rates=account.rates.by_month(),
        settings=settings,
    )
    frames = {
        **account.frames,
        tables.ESTIMATES: estimated.table,
        tables.SENSITIVITY: estimated.sensitivity,
    }
    write_together({out / table.file_name: tables.encode(table, frame) for table, frame in frames.items()})
    progress("trade", 2, 2)
    rows = {table.name: len(frame) for table, frame in frames.items()}
    return TradeReport(account, estimated.left_out, rows)


def _mines(out: Path) -> pd.DataFrame | None:
    """Months of the sites that count as mines: confirmed or probable, and rejected by nobody."""
    if not (out / tables.SITE_MONTHS.file_name).is_file():
        return None
    sites, months = tables.read(out, tables.SITES), tables.read(out, tables.SITE_MONTHS)
    counted = sites[(sites["tier"] != "possible") & (sites["review"] != "rejected")]
    mines: pd.DataFrame = months[months["site_id"].isin(list(counted["site_id"]))]
    return mines
