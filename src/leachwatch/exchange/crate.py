"""The folder as an RO-Crate: what each file is, how long it is and which SHA-256 it has."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from leachwatch import __version__
from leachwatch.exchange.documents import json_bytes
from leachwatch.exchange.public import Account

__all__ = ["crate_files"]

_NAME = "ro-crate-metadata.json"
_CRATE = "https://w3id.org/ro/crate/1.1"
_CONTEXT: list[Any] = [f"{_CRATE}/context", {"sha256": "http://schema.org/sha256"}]
"""RO-Crate 1.1 does not define ``sha256``; schema.org does, and so do later crates."""

_TOOL = "#leachwatch"
_TERMS = "#terms"
_TYPES: Mapping[str, tuple[str, str]] = {
    ".gpkg": ("application/geopackage+sqlite3", "layers for QGIS and other GIS, with styles"),
    ".kml": ("application/vnd.google-earth.kml+xml", "places with time spans for Google Earth"),
    ".geojson": ("application/geo+json", "one table with its shapes"),
    ".parquet": ("application/vnd.apache.parquet", "one table, GeoParquet 1.1 where it has shapes"),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "a sheet of definitions and one sheet a table",
    ),
    ".csv": ("text/csv", "one table as text"),
    ".json": ("application/json", "description of other files"),
}


def crate_files(account: Account, written: Mapping[str, bytes]) -> dict[str, bytes]:
    """Describe all files that were written, by file name."""
    files = sorted(written)
    graph = [
        {
            "@id": _NAME, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": _CRATE},
        },
        {
            "@id": "./", "@type": "Dataset", "name": account.named, "description": account.told,
            "datePublished": account.made.isoformat(), "license": _licence(account),
            "creator": {"@id": _TOOL}, "hasPart": [{"@id": name} for name in files],
        },
        {
            "@id": _TOOL, "@type": "SoftwareApplication", "name": "leachwatch",
            "softwareVersion": __version__,
        },
        *([_terms(account)] if "@id" in _licence(account) and _licence(account)["@id"] == _TERMS else []),
        *(_file(name, written[name]) for name in files),
    ]  # fmt: skip
    return {_NAME: json_bytes({"@context": _CONTEXT, "@graph": graph})}


def _licence(account: Account) -> dict[str, str]:
    if account.licence == "other":
        return {"@id": _TERMS}
    return {"@id": f"https://spdx.org/licenses/{account.licence}"}


def _terms(account: Account) -> dict[str, str]:
    return {
        "@id": _TERMS, "@type": "CreativeWork", "name": "Terms",
        "description": f"No licence is stated: ask those who publish “{account.title}” before passing it on.",
    }  # fmt: skip


def _file(name: str, content: bytes) -> dict[str, Any]:
    suffix = f".{name.rsplit('.', 1)[-1]}"
    kind, about = _TYPES[suffix]
    return {
        "@id": name, "@type": "File", "name": name.rsplit("/", maxsplit=1)[-1], "description": about,
        "encodingFormat": kind, "contentSize": str(len(content)), "sha256": sha256(content).hexdigest(),
    }  # fmt: skip
