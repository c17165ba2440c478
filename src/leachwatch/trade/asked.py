"""What was asked for: only by it can a month without a row be told from one that nobody looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from leachwatch.case import Period
from leachwatch.tables import OBSERVATIONS
from leachwatch.trade.codes import parse_scope
from leachwatch.trade.readout import Readout

__all__ = ["NO_TRADE", "Asked", "fill_zeros"]

NO_TRADE = "asked for and not in the answer: no trade was counted"
"""Note of a zero that was filled in."""

_WEIGHT = ("t", "gross", "quantity")


@dataclass(frozen=True)
class Asked:
    """A query: every code with every partner in every month.

    Attributes
    ----------
    reporter, flow : str
        As in the table ``observations``.
    codes : tuple of str
        Each with all codes below it.
    partners : tuple of str
        ISO 3166 alpha-3.
    period : Period
        Of whole months.
    """

    reporter: str
    flow: str
    codes: tuple[str, ...]
    partners: tuple[str, ...]
    period: Period

    def cells(self) -> Iterator[tuple[str, str, date]]:
        """Code, partner and first day of the month of each."""
        for code in self.codes:
            for partner in self.partners:
                for month in self.period.months():
                    yield code, partner, month

    def has(self, code: str, partner: str, month: date) -> bool:
        """Whether it was asked for, so that no row means no trade."""
        inside = self.period.first <= month <= self.period.last
        return inside and partner in self.partners and code.startswith(self.codes)


def fill_zeros(readout: Readout, asked: Asked) -> Readout:
    """Add a zero wherever something was asked for and no row came.

    Parameters
    ----------
    readout : Readout
        Of the answer.
    asked : Asked
        The query that it answers.

    Returns
    -------
    Readout
        With rows of value 0, status ``derived`` and row 0, in the units of the other rows (tonnes where
        there are none). As it was, with a warning, if rows were refused or cut off: then nobody can tell.
    """
    frame = readout.frame
    name = frame["source_id"].iloc[0] if len(frame) else "the answer"
    if not readout.whole:
        why = "rows of it were refused" if readout.refused else "it is cut off"
        said = f"{name}: no zero is filled in, since {why}: a month without a row may be one of them"
        return replace(readout, warnings=(*readout.warnings, said))
    there = frame.loc[
        (frame["reporter"] == asked.reporter) & (frame["flow"] == asked.flow),
        ["hs", "partner", "period_start"],
    ].drop_duplicates()
    known = set(there.itertuples(index=False, name=None))
    codes = {code: {hs for hs in there["hs"].unique() if hs.startswith(code)} for code in asked.codes}
    lacking = [
        (code, partner, month)
        for code, partner, month in asked.cells()
        if not any((hs, partner, month) in known for hs in codes[code])
    ]
    if not lacking:
        return readout
    measures = list(frame[["unit", "basis", "metric"]].drop_duplicates().itertuples(index=False, name=None))
    origin = frame.iloc[0] if len(frame) else None
    rows = [
        {
            "source_id": name,
            "row": 0,
            "reporter": asked.reporter,
            "partner": partner,
            "flow": asked.flow,
            "hs": code,
            "hs_scope": str(parse_scope(code)),
            "period_start": month,
            "period_end": (month + timedelta(days=31)).replace(day=1) - timedelta(days=1),
            "value": 0.0,
            "unit": unit,
            "basis": basis,
            "low": 0.0,
            "high": 0.0,
            "status": "derived",
            "certainty": None if origin is None else origin["certainty"],
            "published": None,
            "vintage": None,
            "metric": metric,
            "source": "the query" if origin is None else origin["source"],
            "url": None,
            "note": NO_TRADE,
        }
        for code, partner, month in lacking
        for unit, basis, metric in measures or [_WEIGHT]
    ]
    whole = pd.concat([frame, OBSERVATIONS.frame(rows)]) if len(frame) else OBSERVATIONS.frame(rows)
    said = f"{name}: {len(lacking)} times no row came where one was asked for: no trade, filled in as zero"
    return replace(readout, frame=OBSERVATIONS.check(whole), warnings=(*readout.warnings, said))
