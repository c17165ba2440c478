"""Prices and exchange rates by month: data from files, never a constant; a month without one is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path

import pandas as pd

from leachwatch.errors import BasisError, PeriodError, RecordError
from leachwatch.tables import OBSERVATIONS
from leachwatch.trade.observation import Observation, observations
from leachwatch.trade.sheet import read_sheet
from leachwatch.trade.times import parse_month

__all__ = [
    "Rate",
    "Rates",
    "frame_in_dollars",
    "in_dollars",
    "price",
    "prices_in_dollars",
    "read_rates",
    "shipped_rates",
]

_NEEDED = ("month", "rate", "source")
_COLUMNS = (*_NEEDED, "low", "high", "url", "grade", "group")


@dataclass(frozen=True)
class Rate:
    """Yuan for a dollar in a month.

    Attributes
    ----------
    month : date
        Its first day.
    rate : float
        The month's mean, CNY per USD.
    low, high : float
        What it may be; the rate itself where the file does not say.
    source : str
        Who says so.
    group : str
        Independence group of that source; empty for one that no claim comes from.
    """

    month: date
    rate: float
    low: float
    high: float
    source: str
    group: str = ""


class Rates:
    """Exchange rates by month.

    Parameters
    ----------
    by_month : mapping of date to Rate
        By the first day.
    """

    def __init__(self, by_month: Mapping[date, Rate]) -> None:
        self._by_month = dict(by_month)

    def __contains__(self, month: object) -> bool:
        return month in self._by_month

    def __or__(self, other: Rates) -> Rates:
        """Both; where they have the same month, the other's."""
        return Rates(self._by_month | other._by_month)

    def by_month(self) -> Mapping[date, float]:
        """Yuan for a dollar, by first day of month."""
        return {month: rate.rate for month, rate in sorted(self._by_month.items())}

    def on(self, month: date) -> Rate:
        """Rate of the month in which a day lies.

        Raises
        ------
        BasisError
            If there is none; the message names the month.
        """
        found = self._by_month.get(month.replace(day=1))
        if found is None:
            raise BasisError(
                f"no exchange rate for {month:%Y-%m}: yuan are not turned into dollars without it; "
                "give a file with the columns month, rate, source"
            )
        return found


def read_rates(path: Path) -> Rates:
    """Read exchange rates from a CSV file in UTF-8.

    Parameters
    ----------
    path : Path
        With the columns month (2025-03), rate (yuan for a dollar) and source; low, high, url, grade and group
        (of independence, as in sources.yaml) may be there too.

    Raises
    ------
    RecordError
        If it cannot be read, or a row makes no sense; the message names line, column and mend.
    """
    sheet = read_sheet(path, ("utf-8",), frozenset(_COLUMNS))
    for name in _NEEDED:
        if name not in sheet.columns:
            raise RecordError(f"{path.name}: column {name!r} is missing; add it")
    if sheet.faults:
        raise RecordError(str(sheet.faults[0]))
    rates: dict[date, Rate] = {}
    for row, line in enumerate(sheet.lines.tolist()):
        rate = _rate(
            f"{path.name}: line {line}", {name: cells.text(row) for name, cells in sheet.columns.items()}
        )
        if rate.month in rates:
            raise RecordError(
                f"{path.name}: line {line}, month: {rate.month:%Y-%m} stands there twice; keep one"
            )
        rates[rate.month] = rate
    return Rates(rates)


def shipped_rates() -> Rates:
    """Read the few rates that come with the package: those that a published figure implies."""
    with resources.as_file(resources.files("leachwatch.trade") / "data" / "rates.csv") as path:
        return read_rates(path)


def in_dollars(one: Observation, rates: Rates) -> Observation:
    """Turn yuan into dollars by the rate of their month.

    Raises
    ------
    BasisError
        If they are not yuan, not of one month, or there is no rate for it.
    """
    if not one.unit.startswith("CNY"):
        raise BasisError(f"{one} is not in yuan")
    first, last = one.period_start, one.period_end
    if first is None or last is None or (first.year, first.month) != (last.year, last.month):
        raise BasisError(f"{one} is not of one month: turn it into dollars month by month")
    rate = rates.on(first)
    span = one.span
    return replace(
        one,
        value=None if one.value is None else one.value / rate.rate,
        low=span.low / rate.high,
        high=span.high / rate.low,
        unit=one.unit.replace("CNY", "USD"),
        basis=one.basis.replace("CNY", "USD") if one.basis else None,
        status="derived",
        note="; ".join(filter(None, [one.note, f"{rate.rate:g} yuan for a dollar ({rate.source})"])),
    )


def frame_in_dollars(frame: pd.DataFrame, rates: Rates) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Turn the yuan of a table into dollars, where there is a rate for their month.

    Parameters
    ----------
    frame : DataFrame
        Of the table ``observations``.
    rates : Rates
        By month.

    Returns
    -------
    frame : DataFrame
        The same rows; those without a rate are still in yuan.
    warnings : tuple of str
        The months that have none.
    """
    yuan = frame["unit"] == "CNY"
    if not yuan.any():
        return frame, ()
    months = frame.loc[yuan, ["period_start", "period_end"]].drop_duplicates()
    turned, missing = [frame[~yuan]], set()
    for first, last in months.itertuples(index=False):
        rows = frame[yuan & (frame["period_start"] == first) & (frame["period_end"] == last)]
        one_month = (first.year, first.month) == (last.year, last.month)
        if one_month and first.replace(day=1) in rates:
            turned.append(_turned(rows, rates.on(first)))
        else:
            turned.append(rows)
            missing.add(f"{first:%Y-%m}" if one_month else f"{first:%Y-%m} to {last:%Y-%m} (not one month)")
    told = f"kept in yuan, for want of an exchange rate: {', '.join(sorted(missing))}"
    return OBSERVATIONS.check(pd.concat(turned)), (told,) if missing else ()


def prices_in_dollars(frame: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    """Add to prices in yuan the same in dollars, where there is a rate for their month.

    Parameters
    ----------
    frame : DataFrame
        Of the table ``observations``.
    rates : Rates
        By month.

    Returns
    -------
    DataFrame
        The same rows, and one more for each price per kg that was turned; its ``source_id`` ends in ``-USD``.
    """
    turned = []
    for one in observations(frame[(frame["unit"] == "CNY/kg") & frame["metric"].str.startswith("price: ")]):
        try:
            dollars = in_dollars(one, rates)
        except BasisError:  # of no single month, or of one without a rate: it stays in yuan alone
            continue
        turned.append(replace(dollars, source_id=f"{one.source_id}-USD").as_row())
    return OBSERVATIONS.check(pd.concat([frame, OBSERVATIONS.frame(turned)])) if turned else frame


def _turned(rows: pd.DataFrame, rate: Rate) -> pd.DataFrame:
    note = f"{rate.rate:g} yuan for a dollar ({rate.source})"
    return rows.assign(
        value=rows["value"] / rate.rate,
        low=rows["low"] / rate.high,
        high=rows["high"] / rate.low,
        unit="USD",
        basis=rows["basis"].str.replace("CNY", "USD"),
        status="derived",
        note=(rows["note"] + "; " + note).fillna(note),
    )


def price(frame: pd.DataFrame, goods: str, month: date) -> tuple[Observation, ...]:
    """Prices of goods that were published for a month.

    Parameters
    ----------
    frame : DataFrame
        Of the table ``observations``, such as the shipped figures.
    goods : str
        What the price is of, as its metric says, such as ``Dy oxide``.
    month : date
        Any day of it.

    Returns
    -------
    tuple of Observation
        At least one, in CNY/kg, CNY/t or USD/kg.

    Raises
    ------
    BasisError
        If none was published for that month; the message names it.
    """
    first = month.replace(day=1)
    found = tuple(
        one
        for one in observations(frame[frame["unit"].isin(["CNY/kg", "CNY/t", "USD/kg"])])
        if one.metric.startswith(f"price: {goods}") and one.period_start and one.period_end
        if one.period_start.replace(day=1) <= first <= one.period_end
    )
    if not found:
        raise BasisError(f"no price of {goods} for {month:%Y-%m}: add one to the figures, with its source")
    return found


def _rate(where: str, cells: Mapping[str, str]) -> Rate:
    month = _month(f"{where}, month", cells["month"])
    rate = _number(f"{where}, rate", cells["rate"])
    low, high = (_number(f"{where}, {name}", cells.get(name) or cells["rate"]) for name in ("low", "high"))
    if not 0 < low <= rate <= high:
        raise RecordError(f"{where}, rate: {rate:g} is no rate, or not between low and high; mend it")
    if not cells["source"]:
        raise RecordError(f"{where}, source: is empty; say who publishes the rate")
    return Rate(month, rate, low, high, cells["source"], cells.get("group", ""))


def _number(where: str, text: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        raise RecordError(f"{where}: {text!r} is no number; write digits, and a point before decimals")
    return float(text)


def _month(where: str, text: str) -> date:
    try:
        return parse_month(text).first
    except PeriodError as error:
        raise RecordError(f"{where}: {error}") from error
