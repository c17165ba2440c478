"""The border: what of an ``out`` folder goes into files for others, and what it says of itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pyarrow as pa

from leachwatch import tables
from leachwatch.errors import TableError
from leachwatch.exchange.allowed import ALLOWED, GROUND
from leachwatch.tables import Column, Table

__all__ = ["SIMULATED", "SIMULATED_COLUMN", "Account", "Shown", "read_account"]

SIMULATED = "SIMULATED: nothing here is a real place."
"""Said in every file that holds anything simulated."""

SIMULATED_COLUMN = Column("simulated", "flag", "true where the scenes were simulated")


@dataclass(frozen=True, eq=False)
class Shown:
    """One table as it may leave.

    Attributes
    ----------
    table : Table
        Its contract.
    columns : tuple of Column
        Those that are let out; a table of the ground has ``simulated`` among them.
    frame : DataFrame
        Rows with these columns, and with the contract's order; a GeoDataFrame where there is a geometry.
    simulated : bool
        Whether any of it shows no real place.
    """

    table: Table
    columns: tuple[Column, ...]
    frame: Any
    simulated: bool

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.table.name

    @property
    def plain(self) -> tuple[Column, ...]:
        """Columns without the geometry."""
        return tuple(column for column in self.columns if column.kind != "polygon")

    def values(self, name: str) -> list[Any]:
        """Values of a column; what is missing is None, a list is a tuple."""
        return [_plain(value) for value in self.frame[name].tolist()]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows by column name, with values as in `values`."""
        names = [column.name for column in self.columns]
        columns = [self.values(name) for name in names]
        return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


@dataclass(frozen=True, eq=False)
class Account:
    """Everything that goes into the files.

    Attributes
    ----------
    title : str
        What it is about.
    made : date
        Day that is written into the files as theirs.
    licence : str
        SPDX name of the terms, or ``other``.
    notes : tuple of str
        What a reader must know before believing it.
    simulated : bool
        Whether any of it shows no real place.
    shown : tuple of Shown
        Tables that are there, those of the ground first.
    """

    title: str
    made: date
    licence: str
    notes: tuple[str, ...]
    simulated: bool
    shown: tuple[Shown, ...]

    @property
    def told(self) -> str:
        """Title and notes in one text, with the word that it is simulated first."""
        said = [*([SIMULATED] if self.simulated else []), f"{self.title}.", *self.notes]
        return " ".join(said)

    @property
    def named(self) -> str:
        """Title, marked where it is simulated."""
        return f"SIMULATED: {self.title}" if self.simulated else self.title

    def table(self, name: str) -> Shown | None:
        """One of the tables, if it is there."""
        return next((one for one in self.shown if one.name == name), None)


def read_account(  # noqa: PLR0913 - what a publication says of itself
    out: Path,
    *,
    title: str,
    made: date,
    licence: str = "other",
    notes: Sequence[str] = (),
    simulated: bool = False,
    claims: Collection[str] = (),
    names: Collection[str] = (),
) -> Account:
    """Let out what may leave of an ``out`` folder, and nothing else.

    Sites that a person rejected stay behind with every row that names them, and rows of a source whose terms
    do not let them be passed on. Tables do not say which records are CLEAR: whoever calls this does.

    Parameters
    ----------
    out : Path
        Folder with tables; those that are not there are left out.
    title, made, licence, notes
        As in `Account`.
    simulated : bool
        True marks all of it as simulated even where no site says so.
    claims : collection of str
        Ids of the claims that are published; rows of others stay behind.
    names : collection of str
        Names of the actors and territories that are published; rows that say another stay behind.

    Returns
    -------
    Account
        Allowed columns of allowed rows.

    Raises
    ------
    TableError
        If there is no table, or one does not keep the contract.
    """
    there = [table for table in tables.ALL_TABLES if (out / table.file_name).exists()]
    if not there:
        raise TableError(f"{out}: holds no table; run `leachwatch run` or `leachwatch scan` first")
    marks = _marks(out) if any("site_id" in _names(table) for table in there) else {}
    account = Account(title, made, licence, tuple(notes), simulated or any(marks.values()), ())
    if simulated:
        marks = dict.fromkeys(marks, True)
    kept = {"claim_id": set(claims) & set(_clear(out)), "territory": names, "controller": names}
    shown = tuple(_shown(table, _kept(tables.read(out, table), kept), marks, account) for table in there)
    return replace(account, shown=shown)


def _marks(out: Path) -> dict[str, bool]:
    """Sites that may be shown, and whether each is simulated."""
    sites = tables.read(out, tables.SITES)
    kept = sites[sites["review"] != "rejected"]
    return {site: bool(mark) for site, mark in zip(kept["site_id"], kept["simulated"], strict=True)}


def _clear(out: Path) -> list[str]:
    """Name the claims that everybody may see; none where no verdict says so."""
    if not (out / tables.VERDICTS.file_name).exists():
        return []
    verdicts = tables.read(out, tables.VERDICTS)
    return [str(claim) for claim in verdicts[verdicts["clear"]]["claim_id"]]


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _kept(frame: Any, kept: Mapping[str, Collection[str]]) -> Any:
    """Leave out rows that name a record which is not published."""
    for column in kept.keys() & set(frame.columns):
        frame = frame[frame[column].isna() | frame[column].isin(list(kept[column]))]
    return frame


def _shown(table: Table, frame: Any, marks: Mapping[str, bool], account: Account) -> Shown:
    """Keep the rows and columns of one table that may leave."""
    names = _names(table)
    if "site_id" in names:
        frame = frame[frame["site_id"].isin(list(marks))]
    if table.name == "observations":
        frame = frame[~frame["source"].str.startswith(tables.NOT_PASSED_ON)]
    frame = frame.reset_index(drop=True)
    if "url" in names:
        frame["url"] = _typed([_address(url) for url in frame["url"]], pa.string())
    columns = tuple(column for column in table.columns if column.name in ALLOWED[table.name])
    ground = table.name in GROUND
    if ground:
        flags = [marks[site] for site in frame["site_id"]] if "site_id" in names else account.simulated
        frame["simulated"] = _typed(flags if isinstance(flags, list) else [flags] * len(frame), pa.bool_())
        columns = columns if SIMULATED_COLUMN.name in names else (*columns, SIMULATED_COLUMN)
    kept = frame[[column.name for column in columns]]
    return Shown(table, columns, kept, simulated=ground and account.simulated)


def _typed(values: list[Any], kind: Any) -> Any:
    return pd.Series(values, dtype=pd.ArrowDtype(kind))


def _address(url: Any) -> str | None:
    """Addresses of the web as they are; anything else may be a path of somebody's machine."""
    if url is pd.NA or url is None:
        return None
    parts = urlsplit(url)
    return str(url) if parts.scheme in {"http", "https"} and "@" not in parts.netloc else ""


def _plain(value: Any) -> Any:
    if value is pd.NA or value is None or (isinstance(value, float) and not isfinite(value)):
        return None
    if isinstance(value, (list, np.ndarray)):
        return tuple(_plain(one) for one in value)
    return value
