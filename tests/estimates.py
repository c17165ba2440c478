"""Shipped figures as observations, by id, series made by hand, and rows of what is estimated from them."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import pandas as pd

from leachwatch import tables
from leachwatch.estimate import Estimated

RATE = 7.29
"""Yuan for a dollar, as the sources of figure X01 reckon."""

UNITS: Mapping[str, tuple[str, str | None]] = {
    "t gross": ("t", "gross"),
    "t REO": ("t", "REO"),
    "yuan/t": ("CNY/t", None),
    "%": ("percent", None),
}
SEVERAL = {
    "S04": (("2015", 7.0), ("2020", 14.0), ("2021", 13.0), ("2022", 7.0), ("2023", 20.0)),
    "U10": (("2023", 376_000.0), ("2024", 390_000.0)),
}
"""Figures that print several values in one cell."""


def observations(*identities: str) -> pd.DataFrame:
    """Those figures of the shipped file (all that a run looks at, where none is named)."""
    wanted = identities or USED
    text = files("leachwatch.trade").joinpath("data/figures.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["id"] in wanted]
    return tables.OBSERVATIONS.frame([one for row in rows for one in _observed(row)])


USED = (
    "A16", "A17", "A18", "A24", "A25", "A31", "U02", "U05", "U10", "W01", "X01", "X02", "X03", "X04",
    "S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08",
)  # fmt: skip


def _observed(row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    values = SEVERAL.get(row["id"]) or ((None, _number(row["value"])),)
    unit, basis = UNITS[row["unit"].strip()]
    for number, (year, value) in enumerate(values, start=1):
        first, last = year or row["period_start"], year or row["period_end"] or row["period_start"]
        yield {
            "source_id": row["id"],
            "row": number,
            "reporter": row["reporter"],
            "partner": row["partner"],
            "flow": "import",
            "hs": row["hs"],
            "hs_scope": row["hs"] or "unstated",
            "period_start": _day(first, last=False),
            "period_end": _day(last, last=True),
            "value": value,
            "unit": unit,
            "basis": basis,
            "low": _number(row["lo"]),
            "high": _number(row["hi"]),
            "status": "reported",
            "certainty": row["certainty"],
            "published": None,
            "vintage": None,
            "metric": row["metric"],
            "source": row["source"],
            "url": row["url"] or None,
            "note": row["note"] or None,
        }


def _number(text: str) -> float | None:
    return float(text) if text else None


def _day(text: str, *, last: bool) -> date:
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    month = month or (12 if last else 1)
    return date(year, month, day or (monthrange(year, month)[1] if last else 1))


def series(**months_by_code: Mapping[date, tuple[float, float | None]]) -> pd.DataFrame:
    """China's imports from Myanmar between bounds; codes are written ``hs28469019``."""
    return tables.SERIES.frame(
        [
            {
                "month": month,
                "reporter": "CHN",
                "partner": "MMR",
                "flow": "import",
                "hs": code.removeprefix("hs"),
                "low": low,
                "high": high,
                "mid": None,
                "identified": True,
                "reported": low == high,
            }
            for code, months in months_by_code.items()
            for month, (low, high) in months.items()
        ]
    )


def row(estimated: Estimated, quantity: str, period: str, scenario: str) -> Any:
    """The one row."""
    table = estimated.table
    wanted = (table["quantity"] == quantity) & (table["period"] == period) & (table["scenario"] == scenario)
    (found,) = table[wanted.astype(bool)].itertuples()
    return found


def row_like(estimated: Estimated, quantity: str, period: str, scenario: str = "") -> Any:
    """The one row whose scenario begins so."""
    (found,) = (
        one
        for one in estimated.table.itertuples()
        if (one.quantity, one.period) == (quantity, period) and str(one.scenario).startswith(scenario)
    )
    return found
