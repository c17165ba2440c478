"""What was asked for: only by it can a month without a row be told from one that nobody looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pandas as pd

from leachwatch.case import Period
from leachwatch.errors import RecordError
from leachwatch.tables import OBSERVATIONS
from leachwatch.trade.codes import parse_scope
from leachwatch.trade.readout import Readout
from leachwatch.trade.times import parse_month

__all__ = ["NO_TRADE", "Asked", "fill_zeros", "months_of"]

NO_TRADE = "asked for and not in the answer: no trade was counted"
"""Note of a zero that was filled in."""

_WEIGHT = ("t", "gross", "quantity")
_Cell = tuple[str, str, Period]
_Spans = dict[tuple[str, str], list[tuple[date, date]]]


@dataclass(frozen=True)
class Asked:
    """A query: every code with every partner in every period.

    Attributes
    ----------
    reporter, flow : str
        As in the table ``observations``.
    codes : tuple of str
        Each with all codes below it.
    partners : tuple of str
        ISO 3166 alpha-3.
    periods : tuple of Period
        Months or years, each asked for by itself (`months_of`).
    """

    reporter: str
    flow: str
    codes: tuple[str, ...]
    partners: tuple[str, ...]
    periods: tuple[Period, ...]

    def cells(self) -> Iterator[_Cell]:
        """Code, partner and period of each."""
        return product(self.codes, self.partners, self.periods)


def months_of(period: Period) -> tuple[Period, ...]:
    """Months of a longer time, each by itself."""
    return tuple(parse_month(f"{month:%Y-%m}") for month in period.months())


def fill_zeros(readout: Readout, asked: Asked, *, source_id: str, source: str) -> Readout:
    """Add a zero wherever something was asked for and no row came.

    Parameters
    ----------
    readout : Readout
        Of the answer.
    asked : Asked
        The query that it answers.
    source_id, source : str
        Of the zeros, as in the table ``observations``.

    Returns
    -------
    Readout
        With rows of value 0, status ``derived`` and row 0, in the units of the other rows (tonnes where
        there are none). As it was, with a warning, if rows were refused or cut off: then nobody can tell.

    Raises
    ------
    RecordError
        If the answer has rows, and none of them is of the reporter and flow that were asked for.
    """
    frame = readout.frame
    own = frame[(frame["reporter"] == asked.reporter) & (frame["flow"] == asked.flow)]
    if len(frame) and own.empty:
        raise RecordError(
            f"{source_id}: has no row of {asked.flow}s of {asked.reporter}, which is said to have been asked "
            "for; name the query that it answers"
        )
    if not readout.whole:
        why = "rows of it were refused" if readout.refused else "it is cut off"
        said = f"{source_id}: no zero is filled in, since {why}: a month without a row may be one of them"
        return replace(readout, warnings=(*readout.warnings, said))
    there = _spans(own)
    lacking = [cell for cell in asked.cells() if not _answered(cell, there)]
    if not lacking:
        return readout
    measures = list(frame[["unit", "basis", "metric"]].drop_duplicates().itertuples(index=False, name=None))
    rows = [
        {
            "source_id": source_id,
            "row": 0,
            "reporter": asked.reporter,
            "partner": partner,
            "flow": asked.flow,
            "hs": code,
            "hs_scope": str(parse_scope(code)),
            "period_start": period.first,
            "period_end": period.last,
            "value": 0.0,
            "unit": unit,
            "basis": basis,
            "low": 0.0,
            "high": 0.0,
            "status": "derived",
            "certainty": frame["certainty"].iloc[0] if len(frame) else None,
            "published": None,
            "vintage": None,
            "metric": metric,
            "source": source,
            "url": None,
            "note": NO_TRADE,
        }
        for code, partner, period in lacking
        for unit, basis, metric in measures or [_WEIGHT]
    ]
    whole = pd.concat([frame, OBSERVATIONS.frame(rows)]) if len(frame) else OBSERVATIONS.frame(rows)
    said = (
        f"{source_id}: {len(lacking)} times no row came where one was asked for: no trade, filled in as zero"
    )
    return replace(readout, frame=OBSERVATIONS.check(whole), warnings=(*readout.warnings, said))


def _spans(own: pd.DataFrame) -> _Spans:
    """Find the times of which there are rows, by code and partner."""
    there: _Spans = {}
    keys = own[["hs", "partner", "period_start", "period_end"]].drop_duplicates()
    for hs, partner, first, last in keys.itertuples(index=False, name=None):
        there.setdefault((hs, partner), []).append((first, last))
    return there


def _answered(cell: _Cell, there: _Spans) -> bool:
    """Whether a row is of the code, or one below it, the partner, and a part of the period."""
    code, partner, period = cell
    return any(
        first <= period.last and last >= period.first
        for (hs, of), spans in there.items()
        if of == partner and hs.startswith(code)
        for first, last in spans
    )
