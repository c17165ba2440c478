"""A STAC API without pixels: items of a whole zone, each made when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

from leachwatch.simulate.answering import answering
from leachwatch.simulate.granules import Granule
from leachwatch.simulate.grid import EPSG, lonlat

__all__ = ["COLLECTION", "endless"]

COLLECTION = "sentinel-2-l2a"
_SQUARE_M, _PIXELS = 100_000, 10_980
_COLUMNS, _ROWS = "JKLMNPQR", "ABCDEFGHJKLMNPQRSTUV"
_NORTHING = {"P": 0, "Q": 16, "R": 24}
"""Latitude at which a band begins; rows repeat every 2,000 km, so the band says which is meant."""
_ROW_DEGREES = 100 / 111.0
_FINE, _COARSE = ("blue", "green", "red", "nir"), ("rededge1", "rededge2", "nir08", "swir16", "swir22")
_BYTES = {10: 130_000_000, 20: 40_000_000}
"""About what a band of a cloud-free granule takes up; stated, as the item of a provider states it."""
_CLASS_BYTES = 4_000_000
_NOTE = "Simulated: an item without pixels, for measuring; it shows no real place."


@contextmanager
def endless(first: date, days: int, looks: int) -> Iterator[str]:
    """Serve the items of UTM zone 47 north on a port of this machine; none exists before it is asked for.

    Parameters
    ----------
    first : date
        Of the first look.
    days : int
        Until the last.
    looks : int
        Scenes of each granule, evenly over those days.

    Yields
    ------
    str
        Address of the API.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._give(_landing(f"http://{self.headers['Host']}"))

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            named = asked["query"]["grid:code"]["eq"].removeprefix("MGRS-")
            self._give(_page(named, _days(first, days, looks), f"http://{self.headers['Host']}"))

        def _give(self, content: Mapping[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/geo+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with answering(Handler) as address:
        yield address


def _days(first: date, days: int, looks: int) -> list[date]:
    return [first + timedelta(days=days * look // looks) for look in range(looks)]


def _landing(address: str) -> dict[str, Any]:
    return {
        "type": "Catalog",
        "id": "endless",
        "description": _NOTE,
        "stac_version": "1.0.0",
        "conformsTo": [
            "https://api.stacspec.org/v1.0.0/core",
            "https://api.stacspec.org/v1.0.0/item-search",
        ],
        "links": [
            {"rel": "search", "href": f"{address}/search", "type": "application/geo+json", "method": "POST"}
        ],
    }


def _page(name: str, days: list[date], address: str) -> dict[str, Any]:
    granule = _granule(name)
    features = [_item(granule, day, address) for day in days] if granule else []
    return {"type": "FeatureCollection", "features": features, "numberMatched": len(features), "links": []}


def _granule(name: str) -> Granule | None:
    """Granule of a name such as ``47QNG``; None where zone 47 has none by that name in that band."""
    zone, band, column, row = name[:2], name[2], name[3], name[4]
    if zone != "47" or band not in _NORTHING or column not in _COLUMNS or row not in _ROWS:
        return None
    place = _ROWS.index(row)
    lowest = int(_NORTHING[band] / _ROW_DEGREES)
    while place < lowest - 1:
        place += len(_ROWS)
    west, north = (_COLUMNS.index(column) + 1) * _SQUARE_M, (place + 1) * _SQUARE_M
    granule = Granule(west, north, _PIXELS, _PIXELS, name)
    middle = lonlat([(west + _SQUARE_M / 2, north - _SQUARE_M / 2)])[0][1]
    bands = sorted(_NORTHING, key=lambda one: _NORTHING[one])
    return granule if [one for one in bands if _NORTHING[one] <= middle][-1] == band else None


def _item(granule: Granule, day: date, address: str) -> dict[str, Any]:
    name = f"S2A_{granule.mgrs}_{day:%Y%m%d}_0_L2A"
    ring = lonlat((east, north) for east, north in granule.outline.exterior.coords)
    lon, lat = zip(*ring, strict=True)
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": name,
        "collection": COLLECTION,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": [min(lon), min(lat), max(lon), max(lat)],
        "properties": {
            "datetime": datetime(day.year, day.month, day.day, 4, tzinfo=UTC).isoformat(),
            "description": _NOTE,
            "grid:code": f"MGRS-{granule.mgrs}",
            "proj:epsg": EPSG,
            "s2:processing_baseline": "05.11",
            "earthsearch:boa_offset_applied": True,
            "leachwatch:simulated": True,
        },
        "assets": {
            band: _asset(granule, band, resolution, f"{address}/{name}/{band}.tif")
            for bands, resolution in ((_FINE, 10), ((*_COARSE, "scl"), 20))
            for band in bands
        },
        "links": [],
    }


def _asset(granule: Granule, band: str, resolution: int, href: str) -> dict[str, Any]:
    return {
        "href": href,
        "type": "image/tiff; application=geotiff; profile=cloud-optimized",
        "file:size": _CLASS_BYTES if band == "scl" else _BYTES[resolution],
        "proj:shape": list(granule.shape(resolution)),
        "proj:transform": list(granule.transform(resolution))[:6],
    }
