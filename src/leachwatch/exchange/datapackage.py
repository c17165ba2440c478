"""CSV files with a Frictionless Data Package that says what is in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from leachwatch.cells import written
from leachwatch.exchange.documents import json_bytes
from leachwatch.exchange.public import Account, Shown
from leachwatch.tables import Column

__all__ = ["csv_files"]

_FOLDER = "csv"
_TYPES: Mapping[str, dict[str, str]] = {
    "text": {"type": "string"},
    "texts": {"type": "array"},
    "numbers": {"type": "array"},
    "date": {"type": "date", "format": "default"},
    "number": {"type": "number"},
    "count": {"type": "integer"},
    "flag": {"type": "boolean"},
    "polygon": {"type": "string"},
}
_APOSTROPHE = (
    "A text that a spreadsheet would run (it begins with = + - @, a tab or a line break) has an apostrophe "
    "before it."
)


def csv_files(account: Account) -> dict[str, bytes]:
    """Write a file a table, and ``datapackage.json``, by file name."""
    content = {f"{shown.name}.csv": _csv(shown) for shown in account.shown}
    there = {shown.name for shown in account.shown}
    package = {
        "profile": "tabular-data-package",
        "name": "leachwatch",
        "title": account.named,
        "description": f"{account.told} {_APOSTROPHE}",
        "version": account.made.isoformat(),
        "resources": [
            _resource(shown, content[f"{shown.name}.csv"], there, account) for shown in account.shown
        ],
    }
    named = {f"{_FOLDER}/{name}": part for name, part in content.items()}
    return {**named, f"{_FOLDER}/datapackage.json": json_bytes(package)}


def _csv(shown: Shown) -> bytes:
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow([column.name for column in shown.columns])
    writer.writerows([written(value) for value in row.values()] for row in shown.rows())
    return held.getvalue().encode()


def _resource(shown: Shown, content: bytes, there: set[str], account: Account) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in shown.columns], "missingValues": [""]}
    if shown.table.unique and _filled(shown):
        schema["primaryKey"] = list(shown.table.key)
    if "sites" in there and shown.name != "sites" and any(c.name == "site_id" for c in shown.columns):
        reference = {"resource": "sites", "fields": "site_id"}
        schema["foreignKeys"] = [{"fields": "site_id", "reference": reference}]
    return {
        "profile": "tabular-data-resource",
        "name": shown.name,
        "title": f"{shown.name}{' (simulated)' if shown.simulated else ''}",
        "description": account.told if shown.simulated else account.title,
        "path": f"{shown.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\n"},
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": schema,
    }


def _filled(shown: Shown) -> bool:
    """Whether no part of the key is ever empty."""
    return all(value not in {None, ""} for name in shown.table.key for value in shown.values(name))


def _field(column: Column) -> dict[str, Any]:
    """Describe a column. A text that must be there may still be an empty one."""
    constraints: dict[str, Any] = {}
    if not column.optional and column.kind not in {"text", "texts", "numbers"}:
        constraints["required"] = True
    if column.words:
        constraints["enum"] = list(column.words)
    meaning = f"{column.meaning} (WKT, degrees, WGS 84)" if column.kind == "polygon" else column.meaning
    return {
        "name": column.name,
        **_TYPES[column.kind],
        "description": meaning,
        **({"constraints": constraints} if constraints else {}),
    }
