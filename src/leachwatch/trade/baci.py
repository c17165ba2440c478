"""Files of BACI (CEPII): trade of a year between countries, exporter's and importer's figures reconciled."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

from leachwatch.errors import RecordError
from leachwatch.trade.assembly import Amount
from leachwatch.trade.codes import CODES, Scope, parse_scope
from leachwatch.trade.partners import by_m49
from leachwatch.trade.reading import Reading
from leachwatch.trade.readout import Readout
from leachwatch.trade.sheet import Only, read_sheet
from leachwatch.trade.times import parse_time

__all__ = ["KNOWN_CODES", "SOURCE", "read_baci"]

SOURCE = "BACI (CEPII)"
"""Source of what its files say."""

KNOWN_CODES = parse_scope("+".join(sorted({code[:6] for code in CODES})))
"""All codes that matter here, as far as BACI tells them apart."""

_MEANINGS = {name: name for name in "tijkvq"}
_NAME = re.compile(r"BACI_HS(\d+)_Y\d{4}_V(\d+[a-z]?)(?![a-z0-9])", re.IGNORECASE)


def read_baci(path: Path, *, codes: Scope | None = None) -> Readout:
    """Read a file of BACI.

    Parameters
    ----------
    path : Path
        CSV with the columns t, i, j, k, v, q: year, exporter, importer, code, thousand dollars, tonnes.
    codes : Scope, optional
        To keep; all where none are given, which takes gigabytes for a whole year. Rows of others are counted
        while the file is read, and never held.

    Returns
    -------
    Readout
        Weight in t and value in USD without freight, as imports of the importer. Both are derived: they are
        reckoned from what the two countries report. The version in the name of the file is the vintage.

    Raises
    ------
    RecordError
        If the file cannot be read as a whole, or a column is missing.
    """
    only = None if codes is None else Only("k", lambda code: _odd(code) or codes.holds(parse_scope(code)))
    reading = Reading(read_sheet(path, ("utf-8",), frozenset(_MEANINGS), only), _MEANINGS)
    for name in _MEANINGS:
        reading.must_have(name, said=name)
    hs = reading.column("k", _code)
    first = reading.column("t", lambda text: parse_time(text).first, pa.date32())
    importer, exporter = reading.column("j", _country), reading.column("i", _country)
    value, weight = reading.numbers("v"), reading.numbers("q")
    amounts = [
        Amount(weight.values, weight.halves, "t", "gross", "quantity", "derived"),
        Amount(value.values * 1000, value.halves * 1000, "USD", "USD_fob", "value", "derived"),
    ]
    reading.refuse_twins([first, importer, exporter, hs], "year, countries and code")
    named = _NAME.match(path.name)
    return reading.readout(
        {
            "source_id": path.name,
            "reporter": importer,
            "partner": exporter,
            "flow": "import",
            "hs": hs,
            "hs_scope": reading.column("k", lambda text: str(parse_scope(_code(text)))),
            "period_start": first,
            "period_end": reading.column("t", lambda text: parse_time(text).last, pa.date32()),
            "certainty": "B",
            "published": None,
            "vintage": f"HS{named[1]} V{named[2]}" if named else None,
            "source": SOURCE,
            "url": None,
            "note": None,
        },
        reading.weighed_or_missing(amounts),
    )


def _odd(code: str) -> bool:
    return re.fullmatch(r"[0-9]{6}", code) is None


def _code(text: str) -> str:
    if _odd(text):
        raise RecordError(f"{text!r} is no code of six digits; k has to be kept as text, zeros in front too")
    return text


def _country(text: str) -> str:
    partner = by_m49().get(int(text)) if text.isascii() and text.isdecimal() else None
    if partner is None:
        raise RecordError(f"{text!r} is no number of a country known here; leave its rows out")
    return partner.iso3
