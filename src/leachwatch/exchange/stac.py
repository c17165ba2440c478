"""A static STAC collection of the products: an item each for sites, patches and coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from leachwatch.exchange.documents import json_bytes
from leachwatch.exchange.public import Account, Shown
from leachwatch.exchange.shapes import Box, box_of
from leachwatch.tables import Column

__all__ = ["stac_files"]

_VERSION = "1.1.0"
_EXTENSIONS = "https://stac-extensions.github.io"
_TABLE, _FILE, _PROJECTION = (
    f"{_EXTENSIONS}/{name}/schema.json" for name in ("table/v1.2.0", "file/v2.1.0", "projection/v2.0.0")
)
_PARQUET, _GEOJSON = "application/vnd.apache.parquet", "application/geo+json"
_SHA256 = "1220"  # of a multihash: what was used, and 32 bytes of it
_ID = "leachwatch"
_WORLD: Box = (-180.0, -90.0, 180.0, 90.0)

_ABOUT: Mapping[str, str] = {
    "sites": "Sites of leach mines found in satellite images, with dates as intervals and how sure each is",
    "patches": "Groups of leach pools that appeared together, with the looks between which they did",
    "coverage": "What could be seen of the watched ground, tile by tile and month by month",
}
_PARQUET_TYPES: Mapping[str, str] = {
    "text": "string", "texts": "list<string>",
    "numbers": "list<double>", "date": "date32", "number": "double", "count": "int64",
    "flag": "bool", "polygon": "binary",
}  # fmt: skip


def stac_files(account: Account, written: Mapping[str, bytes]) -> dict[str, bytes]:
    """Describe the files of the tables as STAC, by file name; nothing where no product has a row.

    Parameters
    ----------
    account : Account
        What is in them.
    written : mapping of str to bytes
        The Parquet and GeoJSON files, by name.
    """
    products = [shown for name in _ABOUT if (shown := account.table(name)) is not None and len(shown.frame)]
    items = {f"stac/{shown.name}/{shown.name}.json": _item(account, shown, written) for shown in products}
    if not items:
        return {}
    collection = _collection(account, products, list(items.values()), written)
    return {
        "stac/collection.json": json_bytes(collection),
        **{name: json_bytes(item) for name, item in items.items()},
    }


def _item(account: Account, shown: Shown, written: Mapping[str, bytes]) -> dict[str, Any]:
    box = box_of(shown.frame["geometry"]) or _WORLD
    first, last = _span(shown)
    parquet, geojson = f"parquet/{shown.table.file_name}", f"geojson/{shown.name}.geojson"
    return {
        "type": "Feature",
        "stac_version": _VERSION,
        "stac_extensions": [_TABLE, _FILE, _PROJECTION],
        "id": f"{_ID}-{shown.name}",
        "geometry": _rectangle(box),
        "bbox": list(box),
        "properties": {
            "title": f"{account.named}: {shown.name}",
            "description": f"{_ABOUT[shown.name]}. {account.told}",
            "datetime": None,
            "start_datetime": f"{first}T00:00:00Z",
            "end_datetime": f"{last}T23:59:59Z",
            "license": account.licence,
            "leachwatch:simulated": shown.simulated,
            "proj:code": "EPSG:4326",
            "proj:bbox": list(box),
            **_table(shown, shown.table.columns),
        },
        "links": [
            {"rel": name, "href": "../collection.json", "type": "application/json"}
            for name in ("root", "parent", "collection")
        ],
        "assets": {
            "data": _asset(f"../../{parquet}", _PARQUET, f"{shown.name}, GeoParquet 1.1", written[parquet]),
            "geojson": _asset(f"../../{geojson}", _GEOJSON, f"{shown.name}, GeoJSON", written[geojson]),
        },
        "collection": _ID,
    }


def _collection(
    account: Account, products: list[Shown], items: list[dict[str, Any]], written: Mapping[str, bytes]
) -> dict[str, Any]:
    boxes = [item["bbox"] for item in items]
    whole = [pick(box[at] for box in boxes) for at, pick in enumerate((min, min, max, max))]
    starts, ends = (
        [item["properties"][name] for item in items] for name in ("start_datetime", "end_datetime")
    )
    others = [shown for shown in account.shown if shown not in products]
    return {
        "type": "Collection",
        "stac_version": _VERSION,
        "stac_extensions": [_TABLE, _FILE] if others else [],
        "id": _ID,
        "title": account.named,
        "description": account.told,
        "license": account.licence,
        "keywords": ["rare earths", "leach mining", *(["simulated"] if account.simulated else [])],
        "extent": {
            "spatial": {"bbox": [whole]},
            "temporal": {"interval": [[min(starts), max(ends)]]},
        },
        "links": [
            {"rel": "root", "href": "./collection.json", "type": "application/json"},
            *(
                {"rel": "item", "href": f"./{shown.name}/{shown.name}.json", "type": "application/geo+json"}
                for shown in products
            ),
        ],
        "assets": {shown.name: _other(shown, written) for shown in others},
    }


def _other(shown: Shown, written: Mapping[str, bytes]) -> dict[str, Any]:
    """Describe a table that is no product of its own."""
    name = f"parquet/{shown.table.file_name}"
    asset = _asset(f"../{name}", _PARQUET, shown.name, written[name])
    return {**asset, **_table(shown, shown.table.columns)}


def _table(shown: Shown, columns: tuple[Column, ...]) -> dict[str, Any]:
    geometry = {"table:primary_geometry": "geometry"} if shown.table.geometric else {}
    return {
        "table:columns": [
            {"name": column.name, "type": _PARQUET_TYPES[column.kind], "description": column.meaning}
            for column in columns
        ],
        **geometry,
        "table:row_count": len(shown.frame),
    }


def _asset(href: str, kind: str, title: str, content: bytes) -> dict[str, Any]:
    return {
        "href": href,
        "type": kind,
        "title": title,
        "roles": ["data"],
        "file:size": len(content),
        "file:checksum": f"{_SHA256}{sha256(content).hexdigest()}",
    }


def _span(shown: Shown) -> tuple[date, date]:
    """First and last day that a product names."""
    days = sorted(_days(shown))
    return days[0], days[-1]


def _days(shown: Shown) -> Iterator[date]:
    for column in shown.columns:
        if column.kind == "date":
            yield from (day for day in shown.values(column.name) if day is not None)


def _rectangle(box: Box) -> dict[str, Any]:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
