"""The data that claims are held against: the tables of a case, each read once, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.case import ClaimSettings
from leachwatch.case.records import Records
from leachwatch.tables import Table
from leachwatch.trade import Rates

__all__ = ["FIRST_RUN", "Data", "Outlines", "Reader", "days_of", "month_numbers", "plain_rows"]

Outlines = Mapping[tuple[str, str], BaseGeometry]
"""Shapes of territories in EPSG:4326, by id of the territory and name of the version."""

_EPOCH = date(1970, 1, 1).toordinal()

FIRST_RUN = "a run of this case"
"""What would make tables that are not there."""


@dataclass(frozen=True)
class Reader:
    """Reads the tables of a folder, each once.

    Attributes
    ----------
    out : Path
        The ``out`` folder of a case.
    """

    out: Path
    _frames: dict[str, Any] = field(default_factory=dict, repr=False)
    _there: dict[str, bool] = field(default_factory=dict, repr=False)
    _hashes: dict[str, str] = field(default_factory=dict, repr=False)

    def __contains__(self, table: Table) -> bool:
        if table.name not in self._there:
            self._there[table.name] = (self.out / table.file_name).is_file()
        return self._there[table.name]

    def read(self, table: Table) -> Any:
        """Read a table; the same frame every time, which nobody may change.

        Raises
        ------
        TableError
            If it is not there or does not keep the contract.
        """
        if table.name not in self._frames:
            self._frames[table.name] = tables.read(self.out, table)
        return self._frames[table.name]

    def sha256(self, name: str) -> str:
        """Hash of a table's file, by name of the table."""
        if name not in self._hashes:
            self._hashes[name] = sha256((self.out / f"{name}.parquet").read_bytes()).hexdigest()
        return self._hashes[name]


@dataclass(frozen=True)
class Data:
    """What claims are held against.

    Attributes
    ----------
    reader : Reader
        Of the tables.
    records : Records
        Of the case.
    settings : ClaimSettings
        Widths of hedges, error of the detector.
    rates : Rates
        Yuan for a dollar, by month.
    outlines : mapping
        Shapes of territories; one that is missing cannot be asked about.
    areas : mapping of str to geometry
        Watched areas by name.
    simulated : bool
        Whether the scenes that were read are simulated.
    """

    reader: Reader
    records: Records
    settings: ClaimSettings = field(default_factory=ClaimSettings)
    rates: Rates = field(default_factory=lambda: Rates({}))
    outlines: Outlines = field(default_factory=dict)
    areas: Mapping[str, BaseGeometry] = field(default_factory=dict)
    simulated: bool = False

    @cached_property
    def groups_of_sources(self) -> Mapping[str, str]:
        """Independence group of each source."""
        return {one.id: one.group for one in self.records.sources.values()}

    def groups_behind(self, citations: tuple[str, ...]) -> frozenset[str]:
        """Name the groups of the sources behind citations, and of those through which they are told."""
        cited = [self.records.citations[one] for one in citations if one in self.records.citations]
        sources = {one.source for one in cited} | {one.through for one in cited if one.through}
        return frozenset(self.groups_of_sources.get(one, one) for one in sources)

    def groups_told(self, groups: Iterable[str]) -> tuple[str, ...]:
        """Name groups as readers may be told: one of sources that are not CLEAR stays unnamed."""
        of = {group: [one for one in self.records.sources.values() if one.group == group] for group in groups}
        told = []
        for group, sources in sorted(of.items()):
            clear = [one for one in sources if one.tlp == "CLEAR"]
            if sources and not clear:
                told.append("a source that is not named")
            else:
                told.append(clear[0].public_descriptor if clear and clear[0].id == group else group)
        return tuple(told)


def days_of(dates: Any, missing: int = 0) -> NDArray[np.int64]:
    """Dates of a table as ordinals, without making an object of each."""
    since = pa.table({"days": dates})["days"].cast(pa.date32()).cast(pa.int32()).to_numpy()
    absent = np.isnan(since)
    numbers: NDArray[np.int64] = np.where(absent, 0, since).astype(np.int64) + _EPOCH
    numbers[absent] = missing
    return numbers


def month_numbers(dates: Any) -> NDArray[np.int64]:
    """Months by number, January of the year 0 being 0."""
    days = (days_of(dates) - _EPOCH).astype("datetime64[D]")
    numbers: NDArray[np.int64] = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return numbers


def plain_rows(frame: Any, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of a table as tuples, None where a value is missing."""
    plain = frame[list(columns)].astype(object)
    yield from plain.where(plain.notna(), None).itertuples(index=False, name=None)
