"""GeoJSON as RFC 7946 has it: degrees, outer rings counterclockwise, no other datum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leachwatch.exchange.documents import json_lines
from leachwatch.exchange.public import Account, Shown
from leachwatch.exchange.shapes import box_of, polygons

__all__ = ["geojson_files"]


def geojson_files(account: Account) -> dict[str, bytes]:
    """Write each table that has a geometry, by file name."""
    return {
        f"geojson/{shown.name}.geojson": json_lines(_head(account, shown), "features", _features(shown))
        for shown in account.shown
        if shown.table.geometric
    }


def _head(account: Account, shown: Shown) -> dict[str, Any]:
    box = box_of(shown.frame["geometry"])
    return {
        "type": "FeatureCollection",
        "name": shown.name,
        "description": account.told,
        **({} if box is None else {"bbox": box}),
    }


def _features(shown: Shown) -> Iterator[dict[str, Any]]:
    named = shown.table.unique and len(shown.table.key) == 1
    for row in shown.rows():
        yield {
            "type": "Feature",
            **({"id": row[shown.table.key[0]]} if named else {}),
            "geometry": _geometry(row["geometry"]),
            "properties": {column.name: row[column.name] for column in shown.plain},
        }


def _geometry(geometry: Any) -> dict[str, Any]:
    parts = list(polygons(geometry))
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}
