"""The account of trade: all that is known of it, made into series, with what contradicts and what broke."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from leachwatch import tables
from leachwatch.tables import Table
from leachwatch.trade.events import Event, read_events, shipped_events
from leachwatch.trade.gacc import SOURCE as CUSTOMS
from leachwatch.trade.importing import FOLDER, gather_observations, rates_of, unread_sources
from leachwatch.trade.prices import Rates, prices_in_dollars
from leachwatch.trade.reconcile import Reconciled, reconcile
from leachwatch.trade.shocks import KnownSum, Series, ShockSettings, find_shocks, well_known
from leachwatch.trade.statement import Statement
from leachwatch.trade.statements import read_statements, shipped_statements

__all__ = ["EVENTS", "STATEMENTS", "Account", "account_for", "own_events"]

STATEMENTS, EVENTS = "statements.csv", "events.csv"
"""Files of a case, in its folder ``trade``: statements beside those that ship, and events beside them."""

_SHIPPED = ("statements.csv", "partner_statements.csv")
_FEED = r"2846\d*|2530\d*"
_SERIES = ["source_id", "reporter", "partner", "flow", "hs", "period_start", "period_end"]


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
        The case folder. Its folder ``trade`` may hold files as imported, answers as fetched,
        ``statements.csv``, ``events.csv`` and ``rates.csv``, each read beside what ships.
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
    readout, rates = gather_observations(case), rates_of(case)
    statements = [one for name in _SHIPPED for one in shipped_statements(name)]
    events = list(shipped_events())
    if case is not None:
        folder = case / FOLDER
        statements += _own(folder / STATEMENTS)
        statements += _imported(readout.frame, unread_sources(case, readout.refused))
        events += own_events(folder / EVENTS)
    reconciled = reconcile(statements)
    settings = ShockSettings()
    series, sums = well_known(reconciled.series, _known_sums(reconciled.sums), settings)
    shocks = find_shocks(series, settings, np.random.default_rng(seed), events, sums)
    refused = (f"{fault}; the row is left out" for fault in readout.refused)
    return Account(
        prices_in_dollars(readout.frame, rates),
        reconciled,
        shocks,
        _event_rows(events),
        rates,
        (*refused, *readout.warnings),
        tuple(statements),
    )


def _own(path: Path) -> list[Statement]:
    return list(read_statements(path)) if path.is_file() else []


def own_events(path: Path) -> list[Event]:
    """Events of a case; their notes and sources are for its own eyes, and stay in the file."""
    own = read_events(path) if path.is_file() else ()
    return [one.model_copy(update={"note": one.id, "source": "the case", "url": ""}) for one in own]


def _imported(observed: pd.DataFrame, unread: Collection[str]) -> list[Statement]:
    """Weights of imported customs exports as statements: one for each code, partner and time of a file.

    Where rows of the file were refused, or goods were valued and not weighed, more came than was summed up.
    Files of UN Comtrade and BACI stay observations: they merge codes, and are editions of the same counts.
    """
    rows = observed[(observed["source"] == CUSTOMS) & observed["hs"].str.fullmatch(_FEED)]
    weighed = rows["metric"] == "quantity"
    weights = rows[weighed & (rows["unit"] == "t") & (rows["basis"] == "gross")]
    totals = weights.groupby([*_SERIES], sort=True)[["value", "low", "high"]].sum().reset_index()
    there = pd.MultiIndex.from_frame(weights[["source_id", "row"]])
    valued = rows[~weighed & ~pd.MultiIndex.from_frame(rows[["source_id", "row"]]).isin(there)]
    short = {tuple(key) for key in valued[_SERIES].drop_duplicates().itertuples(index=False)}
    return [
        _total(row, least=row["source_id"] in unread or tuple(row[name] for name in _SERIES) in short)
        for row in totals.to_dict("records")
        if _of_months(row["period_start"], row["period_end"])
    ]


def _total(row: Mapping[Hashable, Any], *, least: bool) -> Statement:
    low, high = float(row["low"]), float(row["high"])
    return Statement(
        id=f"{row['source_id']}:{row['partner']}:{row['hs']}:{row['period_start']:%Y-%m}",
        **{name: row[name] for name in ("reporter", "partner", "flow", "hs")},
        basis="gross", kind="more_than" if least else "total",
        period_start=row["period_start"], period_end=row["period_end"].replace(day=1),
        base_start=None, base_end=None, base_partner=None, base_hs=None,
        value=low if least else float(row["value"]), unit="t", half_width=0.0 if least else (high - low) / 2,
        source=f"{CUSTOMS}, a file of the case ({row['source_id']})", url="", status="ok", note="",
    )  # fmt: skip


def _of_months(first: date, last: date) -> bool:
    """Whether a time is of whole months: statements are of nothing else."""
    return first.day == 1 and (last + timedelta(days=1)).day == 1


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
