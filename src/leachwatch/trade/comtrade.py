"""Answers of UN Comtrade (API v1), as JSON or CSV: final data, preview and tariff lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from leachwatch.errors import RecordError
from leachwatch.trade.assembly import Amount, Coded
from leachwatch.trade.codes import parse_scope
from leachwatch.trade.partners import by_iso, by_m49
from leachwatch.trade.printed import Numbers
from leachwatch.trade.reading import Reading
from leachwatch.trade.readout import Fault, Readout
from leachwatch.trade.sheet import Cells, Sheet, plain_name, read_sheet
from leachwatch.trade.times import parse_time

__all__ = ["FIELDS", "LIMITS", "SOURCE", "read_comtrade"]

SOURCE = "UN Comtrade"
"""Source of what its answers say; its terms forbid passing rows on."""

FIELDS = (
    "typeCode", "freqCode", "refPeriodId", "refYear", "refMonth", "period", "reporterCode", "reporterISO",
    "reporterDesc", "flowCode", "flowDesc", "partnerCode", "partnerISO", "partnerDesc", "partner2Code",
    "partner2ISO", "partner2Desc", "classificationCode", "classificationSearchCode",
    "isOriginalClassification", "cmdCode", "cmdDesc", "aggrLevel", "isLeaf", "customsCode", "customsDesc",
    "mosCode", "motCode", "motDesc", "qtyUnitCode", "qtyUnitAbbr", "qty", "isQtyEstimated",
    "altQtyUnitCode", "altQtyUnitAbbr", "altQty", "isAltQtyEstimated", "netWgt", "isNetWgtEstimated",
    "grossWgt", "isGrossWgtEstimated", "cifvalue", "fobvalue", "primaryValue", "legacyEstimationFlag",
    "isReported", "isAggregate", "datasetCode",
)  # fmt: skip
"""Fields of a row; capitals do not matter, as the service itself does not keep to them."""

LIMITS = (500, 100_000, 250_000)
"""Rows that one answer has at most: preview, free key, premium key. Just as many are taken for cut off."""

_MEANINGS = {plain_name(field): plain_name(field) for field in FIELDS}
_WHOLE = {"partner2code": {"", "0"}, "customscode": {"", "C00"}, "motcode": {"", "0"}, "moscode": {"", "0"}}
_KILOGRAMS = {"8": 1.0, "kg": 1.0, "21": 1000.0, "1000 kg": 1000.0}
_FLOWS = {"M": "import", "X": "export"}
_HS6 = 6


def read_comtrade(path: Path) -> Readout:
    """Read an answer of UN Comtrade.

    Parameters
    ----------
    path : Path
        JSON as the service sends it (or only its list of rows), or CSV with the same names.

    Returns
    -------
    Readout
        Net weight in t and value in USD of each row, imports with freight and insurance unless the row says
        otherwise, exports without. Rows that are a part of another (by second partner, customs procedure or
        transport) are refused, but in tariff lines, where the note says which part they are.

    Raises
    ------
    RecordError
        If the file cannot be read as a whole, is an error of the service, or lacks a field that is needed.
    """
    try:
        with path.open("rb") as file:
            start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); name a file") from error
    told: list[str] = []
    if start in {b"{", b"["}:
        sheet = _rows(path, told)
    else:
        sheet = read_sheet(path, ("utf-8", "latin-1"), frozenset(_MEANINGS))
    reading = Reading(sheet, _MEANINGS)
    for said in told:
        reading.warn(said)
    return _read(reading)


def _read(reading: Reading) -> Readout:
    if not reading.sheet.columns:  # an answer without a row has no fields either
        return Readout.of_nothing(reading.sheet.rows, reading.sheet.faults, tuple(reading.warnings))
    for field in ("period", "flowcode", "cmdcode"):
        reading.must_have(field, said=field)
    reading.must_have("reportercode", "reporteriso", said="reporters (reporterCode)")
    reading.must_have("partnercode", "partneriso", said="partners (partnerCode)")
    reading.must_have("netwgt", "qty", "primaryvalue", said="weight or value (netWgt, primaryValue)")
    hs = reading.column("cmdcode", _code)
    first = reading.column("period", lambda text: parse_time(text).first, pa.date32())
    flow = reading.column("flowcode", _flow)
    reporter = reading.combined(("reportercode", "reporteriso"), _country)
    partner = reading.combined(("partnercode", "partneriso"), _country)
    part = _parts(reading, hs)
    amounts = reading.weighed_or_missing([*_weights(reading), *_values(reading, flow)])
    reading.refuse_twins([hs, first, flow, reporter, partner, part], "period, flow, code and partner")
    cut = reading.sheet.rows in LIMITS
    if cut:
        reading.warn(
            f"has just {reading.sheet.rows:,} rows, as many as one answer may have: "
            "it is most likely cut off; ask again in smaller pieces"
        )
    return reading.readout(
        {
            "source_id": reading.sheet.file,
            "reporter": reporter,
            "partner": partner,
            "flow": flow,
            "hs": hs,
            "hs_scope": reading.column("cmdcode", lambda text: str(parse_scope(_code(text)))),
            "period_start": first,
            "period_end": reading.column("period", lambda text: parse_time(text).last, pa.date32()),
            "certainty": "A",
            "published": None,
            "vintage": reading.column("classificationcode", lambda text: text or None)
            if reading.has("classificationcode")
            else None,
            "source": SOURCE,
            "url": None,
            "note": part,
        },
        amounts,
        cut=cut,
    )


def _code(text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise RecordError(f"{text!r} is no code of goods; ask for codes such as 284690")
    if len(text) % 2:
        raise RecordError(f"{text!r} has lost a leading zero; read the file as text, or ask for JSON")
    return text


def _flow(text: str) -> str:
    if text not in _FLOWS:
        raise RecordError(f"{text!r} is a part of M or X, or none of them; ask for flowCode M or X")
    return _FLOWS[text]


def _country(number: str, iso: str) -> str:
    partner = by_m49().get(int(number)) if number.isascii() and number.isdecimal() else None
    partner = partner or by_iso().get(iso)
    if partner is None:
        raise RecordError(
            f"{number or iso or 'nothing'} {iso} is no country; leave its rows out".replace("  ", " ")
        )
    return partner.iso3


def _parts(reading: Reading, hs: Coded) -> Coded:
    """Which part of a flow a row is; parts of codes that are no tariff lines are refused."""
    fields = [field for field in _WHOLE if reading.has(field)]

    def told(*words: str) -> str | None:
        parts = [
            f"{field.removesuffix('code')} {word}"
            for field, word in zip(fields, words, strict=True)
            if word not in _WHOLE[field]
        ]
        return f"part: {', '.join(parts)}" if parts else None

    part = reading.combined(fields, told)
    is_part = part.each(lambda word: word is not None)
    lines = hs.each(lambda code: len(code or "") > _HS6)
    mend = "ask with partner2Code=0, customsCode=C00 and motCode=0"
    reading.sieve.refuse(
        is_part & ~lines,
        "",
        lambda row: f"is only a part ({part.entries[int(part.codes[row])].as_py()}) of a flow; {mend}",
    )
    if (is_part & lines & reading.sieve.good).any():
        reading.warn("some tariff lines are parts of others, as their notes say: add rows of one kind only")
    return part


def _weights(reading: Reading) -> Iterator[Amount]:
    """Net weight; where there is none, the quantity if it is in kilograms or tonnes."""
    nothing = np.full(len(reading.sheet.lines), np.nan)
    weight, halves = nothing, nothing
    if reading.has("netwgt"):
        read = reading.numbers("netwgt")
        weight, halves = read.values, read.halves
    if reading.has("qty") and (reading.has("qtyunitcode") or reading.has("qtyunitabbr")):
        quantity = reading.numbers("qty")
        unit = reading.combined(("qtyunitcode", "qtyunitabbr"), lambda code, name: code or name)
        factors = unit.each(lambda word: _KILOGRAMS.get(word, np.nan), float)
        lacking = np.isnan(weight) | ((weight == 0) & (quantity.values * factors > 0))
        weight = np.where(lacking, quantity.values * factors, weight)
        halves = np.where(lacking, quantity.halves * factors, halves)
    estimated = _true(reading, "isnetwgtestimated")
    for status, mine in (("reported", ~estimated), ("derived", estimated)):
        yield Amount(np.where(mine, weight / 1000, np.nan), halves / 1000, "t", "gross", "quantity", status)
    if (estimated & ~np.isnan(weight)).any():
        reading.warn(f"{int(estimated.sum())} weights are estimates of the UN: their status is derived")


def _true(reading: Reading, field: str) -> np.ndarray:
    if not reading.has(field):
        return np.zeros(len(reading.sheet.lines), dtype=bool)
    cells = reading.cells(field)
    return cells.each(
        np.array([str(word).lower() in {"true", "1"} for word in cells.words.to_pylist()], bool)
    )


def _values(reading: Reading, flow: Coded) -> Iterator[Amount]:
    """Value, with freight and insurance where it is that of an import."""
    if not reading.has("primaryvalue"):
        return
    value = reading.numbers("primaryvalue")
    imports = flow.each(lambda word: word == "import")
    with_freight = imports & ~_only_without_freight(reading, value)
    for basis, mine in (("USD_cif", with_freight), ("USD_fob", ~with_freight)):
        yield Amount(np.where(mine, value.values, np.nan), value.halves, "USD", basis, "value")


def _only_without_freight(reading: Reading, value: Numbers) -> np.ndarray:
    """Rows whose value is the one without freight: some reporters value imports so."""
    if not (reading.has("cifvalue") and reading.has("fobvalue")):
        return np.zeros(len(value.values), dtype=bool)
    freight, without = reading.numbers("cifvalue"), reading.numbers("fobvalue")
    unsaid = np.isnan(freight.values) | (freight.values == 0)
    return np.asarray(unsaid & (without.values == value.values), dtype=bool)


def _rows(path: Path, told: list[str]) -> Sheet:
    """Rows of a JSON answer as a sheet of texts, numbers as they are printed."""
    try:
        answer = json.loads(
            path.read_bytes().removeprefix(b"\xef\xbb\xbf"),
            parse_float=str,
            parse_int=str,
            parse_constant=str,
        )
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{path.name}: is no JSON ({error}); fetch it again") from error
    data = _data(path.name, answer, told)
    faults, places, records = [], [], []
    for number, row in enumerate(data, start=1):
        record = (
            {plain_name(str(name)): value for name, value in row.items()} if isinstance(row, dict) else {}
        )
        if not record or len(record) < len(row):
            why = "is no record, or has a field twice; fetch it again"
            faults.append(Fault(path.name, number, "", why, "row"))
        else:
            places.append(number)
            records.append(record)
    spelt = {plain_name(str(name)): str(name) for row in data if isinstance(row, dict) for name in row}
    columns = {
        name: Cells.of([_text(record.get(field)) for record in records]) for field, name in spelt.items()
    }
    lines = np.array(places, dtype=np.int64)
    return Sheet(
        path.name, {_clean(name): cells for name, cells in columns.items()}, lines, tuple(faults), "row"
    )


def _data(file: str, answer: Any, told: list[str]) -> list[Any]:
    if isinstance(answer, list):
        return answer
    fault = answer.get("error") or answer.get("errorObject") or (not isinstance(answer.get("data"), list))
    if fault:
        said = (
            json.dumps(fault, ensure_ascii=False)[:200]
            if fault is not True
            else answer.get("message", "no data")
        )
        raise RecordError(f"{file}: is no data but a message of UN Comtrade ({said}); ask again")
    data: list[Any] = answer["data"]
    if answer.get("count") not in {None, str(len(data))}:
        told.append(f"says it has {answer['count']} rows, and has {len(data)}; fetch it again if it was cut")
    return data


def _text(value: object) -> str | None:
    """Text of a JSON value; None where it cannot be written down."""
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if _clean(text) == text else None


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
