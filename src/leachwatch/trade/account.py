"""The account of trade: all that is known of it, made into series, with what contradicts and what broke."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from leachwatch import tables
from leachwatch.tables import Table
from leachwatch.trade.events import Event, read_events, shipped_events
from leachwatch.trade.gacc import CUSTOMS
from leachwatch.trade.importing import FOLDER, gather_observations, rates_of
from leachwatch.trade.prices import Rates
from leachwatch.trade.reconcile import Reconciled, reconcile
from leachwatch.trade.shocks import KnownSum, Series, ShockSettings, find_shocks, well_known
from leachwatch.trade.statement import Statement
from leachwatch.trade.statements import read_statements, shipped_statements

__all__ = ["Account", "account_for"]

STATEMENTS, EVENTS = "statements.csv", "events.csv"
"""Files of a case, in its folder ``trade``: statements beside those that ship, and events beside them."""

_SHIPPED = ("statements.csv", "partner_statements.csv")
_FEED = r"2846\d*|2530\d*"
_SERIES = ["reporter", "partner", "flow", "hs", "period_start", "period_end"]


@dataclass(frozen=True, eq=False)
class Account:
    """What is known of the trade.

    Attributes
    ----------
    observations : DataFrame
        Keeps ``OBSERVATIONS``.
    reconciled : Reconciled
        Series with bounds, sums and contradictions.
    shocks : DataFrame
        Keeps ``SHOCKS``.
    events : DataFrame
        Keeps ``EVENTS``.
    rates : Rates
        Yuan for a dollar, by month.
    caveats : tuple of str
        What was refused, cut or counted twice in the files that were read.
    statements : tuple of Statement
        What was reconciled.
    """

    observations: pd.DataFrame
    reconciled: Reconciled
    shocks: pd.DataFrame
    events: pd.DataFrame
    rates: Rates
    caveats: tuple[str, ...]
    statements: tuple[Statement, ...]

    @property
    def frames(self) -> Mapping[Table, pd.DataFrame]:
        """All of it as tables of the contract."""
        return {
            tables.OBSERVATIONS: self.observations,
            tables.SERIES: self.reconciled.series,
            tables.CONTRADICTIONS: self.reconciled.contradictions,
            tables.SHOCKS: self.shocks,
            tables.EVENTS: self.events,
        }


def account_for(case: Path | None = None, *, seed: int = 0) -> Account:
    """Account for the trade: the figures that ship, and what a case has of its own.

    Parameters
    ----------
    case : Path, optional
        The case folder. Its folder ``trade`` may hold files as imported, ``statements.csv``, ``events.csv``
        and ``rates.csv``, each read beside what ships.
    seed : int
        Of the draws by which the search for shocks goes.

    Returns
    -------
    Account
        The same for the same files.

    Raises
    ------
    RecordError
        If a file cannot be read.
    """
    readout = gather_observations(case)
    folder = None if case is None else case / FOLDER
    statements = [one for name in _SHIPPED for one in shipped_statements(name)]
    events = list(shipped_events())
    if folder is not None:
        statements += _own(folder / STATEMENTS) + _imported(readout.frame)
        events += _own_events(folder / EVENTS)
    reconciled = reconcile(statements)
    settings = ShockSettings()
    series, sums = well_known(reconciled.series, _known_sums(reconciled.sums), settings)
    shocks = find_shocks(series, settings, np.random.default_rng(seed), events, sums)
    refused = (f"{fault}; the row is left out" for fault in readout.refused)
    return Account(
        readout.frame,
        reconciled,
        shocks,
        _event_rows(events),
        rates_of(case),
        (*refused, *readout.warnings),
        tuple(statements),
    )


def _own(path: Path) -> list[Statement]:
    return list(read_statements(path)) if path.is_file() else []


def _own_events(path: Path) -> list[Event]:
    """Events of a case; what their notes say is for its own eyes, and stays in the file."""
    own = read_events(path) if path.is_file() else ()
    return [one.model_copy(update={"note": one.id}) for one in own]


def _imported(observed: pd.DataFrame) -> list[Statement]:
    """Weights of imported customs exports as statements: one for each code, partner and period of a file.

    Files of UN Comtrade and BACI stay observations: they merge codes, and are editions of the same counts.
    """
    rows = observed[(observed["source"] == CUSTOMS) & (observed["metric"] == "quantity")]
    weighed = rows[(rows["unit"] == "t") & (rows["basis"] == "gross") & rows["hs"].str.fullmatch(_FEED)]
    keys = ["source_id", *_SERIES]
    totals = weighed.groupby(keys, sort=True)[["value", "low", "high"]].sum(min_count=1).reset_index()
    known = totals[totals["value"].notna()]
    return [
        Statement(
            id=f"{row['source_id']}:{row['partner']}:{row['hs']}:{row['period_start']:%Y-%m}",
            **{name: row[name] for name in ("reporter", "partner", "flow", "hs")},
            basis="gross", kind="total",
            period_start=_first(row["period_start"]), period_end=_first(row["period_end"]),
            base_start=None, base_end=None, base_partner=None, base_hs=None,
            value=float(row["value"]), unit="t", half_width=float(row["high"] - row["low"]) / 2,
            source=row["source_id"], url="", status="ok", note="",
        )
        for row in known.to_dict("records")
    ]  # fmt: skip


def _first(day: date) -> date:
    return day.replace(day=1)


def _known_sums(sums: pd.DataFrame) -> list[KnownSum]:
    """Give the sums that have a limit; without one, their months are gaps."""
    return [
        KnownSum(
            Series(row["reporter"], row["flow"], row["partner"], row["hs"]),
            tuple(row["months"]),
            row["low"],
            row["high"],
        )
        for row in sums.to_dict("records")
        if np.isfinite(row["high"])
    ]


def _event_rows(events: list[Event]) -> pd.DataFrame:
    rows = [one.model_dump() for one in events]
    return tables.EVENTS.frame([{"event_id": row.pop("id"), **row} for row in rows])
