"""Answers of UN Comtrade: whether one is whole, and about what was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leachwatch.trade.fetching.places import number_of
from leachwatch.trade.fetching.query import Query

__all__ = ["Complaint", "Garbled", "Release", "check_rows", "complaint_of", "read_releases", "read_rows"]

Row = Mapping[str, Any]

_MOST_SIGNS = 160


class Garbled(Exception):  # noqa: N818 - it says what is so
    """An answer that cannot be what was meant; asking again may help."""


class Complaint(Exception):  # noqa: N818 - it says what is so
    """An answer that says why there is none."""


@dataclass(frozen=True)
class Release:
    """What was released for a period.

    Attributes
    ----------
    checksum : str
        Of the data set, as UN Comtrade says; another one means other figures.
    released : str
        When it was last released, as UN Comtrade says.
    """

    checksum: str
    released: str


def read_rows(body: bytes) -> tuple[list[Row], bool]:
    """Rows of an answer with names in small letters, since UN Comtrade spells them in two ways.

    Returns
    -------
    rows : list of mapping
    fewer : bool
        Whether it says that there are more rows than it holds.

    Raises
    ------
    Garbled
        If it is no such answer, or breaks off.
    Complaint
        If it is an error in the form of an answer.
    """
    try:
        said = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Garbled("its JSON breaks off or is none") from error
    if not isinstance(said, dict):
        raise Garbled("its JSON is no answer of UN Comtrade")
    envelope = _small(said)
    if text := _complaint(envelope):
        raise Complaint(text)
    rows = envelope.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Garbled("its JSON has no rows")
    count = envelope.get("count")
    return [_small(row) for row in rows], isinstance(count, int) and count > len(rows)


def check_rows(rows: Iterable[Row], query: Query) -> None:
    """Refuse rows about something else: where filters do not hold, no row would mean nothing.

    Raises
    ------
    Garbled
        Which names the field.
    """
    asked = {name.lower(): set(value.split(",")) for name, value in query.parameters().items()}
    for row in rows:
        for name, values in asked.items():
            if row.get(name) is not None and str(row[name]) not in values:
                raise Garbled(f"it has rows that nobody asked for ({name} {str(row[name])[:20]!r})")


def read_releases(rows: Iterable[Row], reporter: str) -> dict[str, Release]:
    """Read what is released, by period, from the rows of an answer on availability."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        if str(row.get("reportercode")) == str(number_of(reporter)):
            said = str(row.get("datasetchecksum") or ""), str(row.get("lastreleased") or "")
            found.setdefault(str(row.get("period")), set()).add(said)
    return {
        period: Release("+".join(sorted(sums for sums, _ in said)), max(day for _, day in said))
        for period, said in found.items()
    }


def complaint_of(body: bytes) -> str:
    """One short line of what a host says that went wrong, in whatever form."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    text = _complaint(_small(said)) if isinstance(said, dict) else ""
    return text or _line(body.decode("utf-8", "replace"))


def _complaint(envelope: Row) -> str:
    inner = envelope.get("errorobject")
    said = _small(inner).get("errormessage") if isinstance(inner, dict) else inner
    for text in (said, envelope.get("message"), envelope.get("error")):
        if text:
            return _line(str(text))
    return ""


def _line(text: str) -> str:
    """Text without markup, in one line that no terminal stumbles over."""
    bare = re.sub(r"<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in bare).split())
    return line if len(line) <= _MOST_SIGNS else line[: _MOST_SIGNS - 3] + "..."


def _small(row: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in row.items()}
