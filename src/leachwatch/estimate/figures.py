"""Figures: which published figure stands for which quantity, by id."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from leachwatch.errors import BasisError

__all__ = [
    "ALL_RAW_MATERIALS",
    "CODES",
    "GROSS_OF_YEAR",
    "NOT_COUNTED",
    "OUTSIDE_COUNTS",
    "PUBLISHED_SHARES",
    "TAX",
    "WORLD_MINES",
    "Figure",
    "Figures",
]

CODES = ("28469019", "28469048", "28469099")
"""Other rare earth oxides, mixed carbonate, other compounds: the codes under which mine feed enters China."""

GROSS_OF_YEAR: Mapping[int, Mapping[str, str]] = {
    2020: {"28469019": "A16", "28469048": "A17", "28469099": "A18"},
    2023: {"28469019": "A24", "28469099": "A25"},
}
"""China's imports from Myanmar by code, gross: the figure for each year."""

NOT_COUNTED: Mapping[tuple[int, str], str] = {
    (2023, "28469048"): (
        "no figure for Myanmar: it is not among the three largest origins (figure W03), so it sent less than "
        "3.2 % of 15,125 t"
    ),
}
"""Codes without a figure in a year that is estimated all the same, because little can be in them."""

ALL_RAW_MATERIALS: Mapping[int, str] = {2023: "W01"}
"""China's imports of all rare earth raw materials, gross, all origins."""

WORLD_MINES: Mapping[int, tuple[str, str]] = {2023: ("U10", "U05")}
"""Oxide mined in the world, and the part that its source puts down to Myanmar."""

OUTSIDE_COUNTS: Mapping[int, str] = {2020: "U02", 2023: "U05"}
"""Oxide from Myanmar as others count it: would it check customs?"""

PUBLISHED_SHARES: Mapping[str, tuple[str, ...]] = {
    "dysprosium and terbium mined in the world": ("S01", "S02", "S03"),
    "heavy rare earths of the world": ("S05", "S06"),
    "heavy rare earths fed to China's plants": ("S07",),
    "ion-clay oxide used in China": ("S08",),
    "magnet rare earths mined in the world": ("S04",),
    "imports of rare earths by China, weight or value not said": ("A31",),
}
"""Myanmar's share as published, by definition of the denominator."""

TAX: Mapping[str, str] = {"cash": "X01", "lower cash": "X02", "levy": "X03", "in kind": "X04"}
"""Yuan a tonne, and percent of the tonnes."""


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes
    ----------
    id : str
        As in the table `OBSERVATIONS`.
    partner, source, metric : str
        As there.
    first, last : date
        Its period.
    low, high : float
        Least and largest value that it allows: the value itself where no bound is given, infinite where only
        the other one is ("more than").
    value : float or None
        As printed; None where only a range was.
    unit, basis : str, str or None
        As in the table.
    """

    id: str
    partner: str
    source: str
    metric: str
    first: date
    last: date
    low: float
    high: float
    value: float | None
    unit: str
    basis: str | None

    @property
    def period(self) -> str:
        """Year, month, or two of them with a slash."""
        whole_years = (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31)
        first, last = (f"{day:%Y}" if whole_years else f"{day:%Y-%m}" for day in (self.first, self.last))
        return first if first == last else f"{first}/{last}"

    def must_be(self, unit: str, basis: str | None) -> Figure:
        """Itself, if it is of this unit and basis.

        Raises
        ------
        BasisError
            If not; the message names the conversion that is missing.
        """
        if (self.unit, self.basis) != (unit, basis):
            raise BasisError(
                f"figure {self.id} is in {self.unit} {self.basis or ''}".rstrip()
                + f", needed is {unit} {basis or ''}".rstrip()
                + "; convert it first, with the prior of its code, or name another figure"
            )
        return self


class Figures:
    """Published figures, found by id.

    Parameters
    ----------
    observations : DataFrame
        Of the table `OBSERVATIONS`; figures shown to be wrong (certainty X), of no time, or with neither a
        value nor both bounds are not looked at.
    """

    def __init__(self, observations: pd.DataFrame) -> None:
        wrong = (observations["certainty"] == "X").fillna(value=False).astype(bool)
        known = observations[~wrong].astype(object)
        self._by_id: dict[str, list[Figure]] = {}
        for row in known.where(known.notna(), None).to_dict("records"):
            valued = row["value"] is not None or None not in (row["low"], row["high"])
            if valued and row["period_start"] is not None:
                self._by_id.setdefault(row["source_id"], []).append(_figure(row))

    def all(self, identity: str) -> tuple[Figure, ...]:
        """Every row of a figure, in the order of its periods."""
        return tuple(sorted(self._by_id.get(identity, ()), key=lambda figure: figure.first))

    def of_year(self, identity: str, year: int) -> Figure | None:
        """Find the row of a figure for just this year; None where there is not one, or it has an open end."""
        days = date(year, 1, 1), date(year, 12, 31)
        return _one([figure for figure in self.all(identity) if (figure.first, figure.last) == days])

    def only(self, identity: str) -> Figure | None:
        """Find a figure of one row; None where there is not one, or it has an open end."""
        return _one(self.all(identity))


def _one(found: Sequence[Figure]) -> Figure | None:
    closed = [figure for figure in found if math.isfinite(figure.low) and math.isfinite(figure.high)]
    return closed[0] if len(closed) == len(found) == 1 else None


def _figure(row: Mapping[Any, Any]) -> Figure:
    value, low, high = (row[name] for name in ("value", "low", "high"))
    fields = ("partner", "source", "metric", "unit", "basis")
    return Figure(
        id=row["source_id"],
        first=row["period_start"],
        last=row["period_end"] or row["period_start"],
        low=low if low is not None else value if high is None else -math.inf,
        high=high if high is not None else value if low is None else math.inf,
        value=value,
        **{name: row[name] for name in fields},
    )  # fmt: skip
