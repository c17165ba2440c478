"""Exports of China's customs query (stats.customs.gov.cn), as downloaded by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import pyarrow as pa

from leachwatch.case import Period
from leachwatch.errors import PeriodError, RecordError
from leachwatch.trade.assembly import Amount, Coded
from leachwatch.trade.codes import parse_scope
from leachwatch.trade.partners import by_gacc, by_name
from leachwatch.trade.printed import ABSENT
from leachwatch.trade.reading import Reading
from leachwatch.trade.readout import Readout, listed
from leachwatch.trade.sheet import plain_name, read_sheet
from leachwatch.trade.times import parse_month
from leachwatch.trade.units import measure

__all__ = ["COLUMNS", "SOURCE", "Flow", "only_known", "read_gacc"]

SOURCE = "China customs"
"""Source of what its exports say."""

Flow = Literal["import", "export"]

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "month": ("数据年月", "年月", "月份"),
        "code": ("商品编码", "商品代码"),
        "name": ("商品名称",),
        "partner_code": ("贸易伙伴编码", "贸易伙伴代码"),
        "partner_name": ("贸易伙伴名称", "贸易伙伴"),
        "mode_code": ("贸易方式编码", "贸易方式代码"),
        "mode": ("贸易方式名称", "贸易方式"),
        "seat_code": ("注册地编码", "注册地代码"),
        "seat": ("注册地名称", "注册地"),
        "quantity": ("第一数量", "数量", "第一法定数量", "统计数量"),
        "unit": ("第一计量单位", "计量单位", "第一单位", "单位"),
        "quantity_2": ("第二数量", "第二法定数量"),
        "unit_2": ("第二计量单位", "第二单位"),
        "USD": ("美元", "金额美元", "美元值"),
        "CNY": ("人民币", "金额人民币", "人民币值"),
    }
)
"""Headers by what they hold; blanks, brackets and underscores in them do not matter."""

_MEANINGS = {plain_name(header): meaning for meaning, headers in COLUMNS.items() for header in headers}
_ENCODINGS = ("gb18030", "utf-8")
_CODE = re.compile(r"\d{2}(\d{2}){0,4}")


def only_known(path: Path) -> bool:
    """Whether a file has no column but those of the query.

    Raises
    ------
    RecordError
        If it cannot be read.
    """
    sheet = read_sheet(path, _ENCODINGS, frozenset(_MEANINGS))
    return all(plain_name(name) in _MEANINGS for name in sheet.columns)


def read_gacc(path: Path, *, period: Period | None = None, flow: Flow = "import") -> Readout:
    """Read an export of China's customs query.

    Parameters
    ----------
    path : Path
        As downloaded: GB18030 (or UTF-8), one header row, numbers with commas between thousands.
    period : Period, optional
        What the whole file is of; must be given where it has no column of months, and only then.
    flow : str
        The query's direction, which the file does not say.

    Returns
    -------
    Readout
        Gross weight in t and value in USD or CNY of each row, imports with freight and insurance, exports
        without. Trade mode and the importer's seat are in the note: rows that differ in them are parts, to be
        added. Yuan stay yuan.

    Raises
    ------
    RecordError
        If the file cannot be read as a whole, or a column that is needed is not there.
    PeriodError
        If it has no months and no period is given, or both.
    """
    reading = Reading(read_sheet(path, _ENCODINGS, frozenset(_MEANINGS)), _MEANINGS)
    reading.must_have("code", said="codes (商品编码)")
    reading.must_have("partner_code", "partner_name", said="partners (贸易伙伴编码)")
    reading.must_have("quantity", "USD", "CNY", said="weight or value (第一数量, 美元, 人民币)")
    hs = reading.column("code", _code)
    first, last = _days(reading, period)
    partner = _partners(reading)
    note = reading.combined(("mode_code", "mode", "seat_code", "seat"), _note)
    amounts = reading.weighed_or_missing([*_weights(reading), *_values(reading, flow)])
    reading.refuse_twins(
        [hs, partner, note, *([first] if isinstance(first, Coded) else [])], "month, code and partner"
    )
    return reading.readout(
        {
            "source_id": path.name,
            "reporter": "CHN",
            "partner": partner,
            "flow": flow,
            "hs": hs,
            "hs_scope": reading.column("code", lambda text: str(parse_scope(_code(text)))),
            "period_start": first,
            "period_end": last,
            "certainty": "A",
            "published": None,
            "vintage": None,
            "source": SOURCE,
            "url": None,
            "note": note,
        },
        amounts,
    )


def _code(text: str) -> str:
    if not (text.isascii() and _CODE.fullmatch(text)):
        raise RecordError(f"{text!r} is no code; it has 2 to 10 digits, an even number")
    return text


def _days(reading: Reading, period: Period | None) -> tuple[Coded, Coded] | tuple[date, date]:
    file = reading.sheet.file
    if reading.has("month"):
        if period is not None:
            raise PeriodError(f"{file}: has its own months; leave the period out")
        kind = pa.date32()
        return (
            reading.column("month", lambda text: parse_month(text).first, kind),
            reading.column("month", lambda text: parse_month(text).last, kind),
        )
    if period is None:
        raise PeriodError(
            f"{file}: has no column of months (数据年月), and no period was given; say which months it is of"
        )
    return period.first, period.last


def _partners(reading: Reading) -> Coded:
    """Partners by number, or by name where the number is not certain."""
    guessed: list[str] = []

    def told(code: str, name: str) -> str:
        by_code, named = by_gacc().get(code), by_name().get(name)
        if by_code and by_code.verified and named not in {None, by_code}:
            raise RecordError(f"{code} is {by_code.names[0]}, the name says {name}; mend one of them")
        one = by_code if by_code and by_code.verified else named or by_code
        if one is None:
            raise RecordError(f"{code} {name} is no country known here; leave its rows out".lstrip())
        if named is None and not one.verified:
            guessed.append(f"{code} {one.iso3}")
        return one.iso3

    partner = reading.combined(("partner_code", "partner_name"), told)
    if guessed:
        reading.warn(f"partners told by numbers that are from memory, not verified: {listed(guessed)}")
    return partner


def _note(mode_code: str, mode: str, seat_code: str, seat: str) -> str | None:
    """Trade mode and seat in words; the seat is that of the trader, not the border post."""
    parts = (("mode", mode_code, mode), ("seat", seat_code, seat))
    said = (f"{what} {' '.join(filter(None, some))}" for what, *some in parts if any(some))
    return "; ".join(said) or None


def _weights(reading: Reading) -> Iterator[Amount]:
    """Gross weight, by the first quantity that is a weight."""
    if not reading.has("quantity"):
        return
    reading.must_have("unit", said="units (第一计量单位)")
    values, halves = _weighed(reading, "quantity", "unit")
    if reading.has("quantity_2") and reading.has("unit_2"):
        more, more_halves = _weighed(reading, "quantity_2", "unit_2")
        halves = np.where(np.isnan(values), more_halves, halves)
        values = np.where(np.isnan(values), more, values)
    yield Amount(values, halves, "t", "gross", "quantity")


def _weighed(reading: Reading, quantity: str, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Tonnes, and half of the last digit; NaN where there is no number, or it counts pieces."""
    read, cells = reading.numbers(quantity), reading.cells(unit)
    words = [word or "" for word in cells.words.to_pylist()]
    nameless = cells.each(np.array([word in ABSENT for word in words], dtype=bool))
    reading.sieve.refuse(
        nameless & (read.values > 0), COLUMNS[unit][0], "is empty beside a quantity; fill it in"
    )
    factors = np.array([_tonnes(word) for word in words], dtype=float)
    other = [
        word for word, factor in zip(words, factors, strict=True) if word not in ABSENT and np.isnan(factor)
    ]
    if other:
        reading.warn(f"quantities not kept, because they are no weight: in {listed(other)}")
    factor = cells.each(factors)
    return read.values * factor, read.halves * factor


def _tonnes(unit: str) -> float:
    """Tonnes in a unit; NaN where it is none of weight, and 0 where only a zero can stand beside it."""
    if unit in ABSENT:
        return 0.0
    try:
        found = measure(unit)
    except RecordError:
        return np.nan
    return found.factor if found.unit == "t" else np.nan


def _values(reading: Reading, flow: Flow) -> Iterator[Amount]:
    ending = "cif" if flow == "import" else "fob"
    for currency in ("USD", "CNY"):
        if reading.has(currency):
            read = reading.numbers(currency)
            yield Amount(read.values, read.halves, currency, f"{currency}_{ending}", "value")
