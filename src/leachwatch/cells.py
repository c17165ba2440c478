"""Cells of tables for spreadsheets: a text that a spreadsheet would take for a formula is told apart."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

__all__ = ["guarded", "listed", "written"]

_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = tuple("\t\r\n")


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run.

    Spaces before the sign do not hide it, nor do its wide forms. Numbers are no texts: they stay as they are.

    Examples
    --------
    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded("Pangwa")
    ("'=1+1", "' @SUM(A1)", 'Pangwa')
    """
    risky = text.startswith(_CONTROL) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if text.strip(" ") and risky else text


def written(value: Any) -> str:
    """Write a value for a CSV file; what is missing is empty, a list is JSON.

    Examples
    --------
    >>> written(-1.5), written(True), written(None), written(("a", "b")), written("-a")
    ('-1.5', 'true', '', '["a", "b"]', "'-a")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "wkt"):
        return str(value.wkt)
    return guarded(value) if isinstance(value, str) else repr(value)


def listed(value: tuple[Any, ...]) -> str:
    """Write a list for people; what is missing is a question mark.

    Examples
    --------
    >>> listed(("a", "b"))
    'a; b'
    >>> listed((48855.0, None))
    '48855.0; ?'
    """
    return "; ".join("?" if one is None else str(one) for one in value)
