"""Journal: tiles that are done, each in a file of its own, so that no scan does them twice."""

from __future__ import annotations

import io
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from leachwatch import __version__
from leachwatch.case import Period
from leachwatch.detect import Hits, digest
from leachwatch.imagery import Asset, Scene, Skipped, Tile
from leachwatch.scanning.made_by import made_by
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.settings import ScanSettings
from leachwatch.storage import Shelf

__all__ = ["Journal", "decode", "encode"]

_DAMAGED = (OSError, ValueError, LookupError, TypeError, EOFError, BadZipFile, zlib.error, ShapelyError)
_ARRAYS = tuple(one.name for one in fields(Hits) if one.name not in ("epsg", "days"))


class Journal:
    """Results of tiles that were worked, by everything that they were made from, and by what code.

    Parameters
    ----------
    shelf : Shelf
        Where they are kept.
    period : Period
        Of the scan.
    settings : ScanSettings
        Of the scan; how many tiles are worked at a time, and how sites are shown, does not count.
    """

    def __init__(self, shelf: Shelf, period: Period, settings: ScanSettings) -> None:
        self.shelf = shelf
        self._base = json.dumps(
            [
                __version__,
                made_by(),
                period.first.isoformat(),
                period.last.isoformat(),
                asdict(
                    replace(settings, detect=replace(settings.detect, model=digest(settings.detect.model)))
                )
                | {"threads": 0, "memory": 0, "film": None},
            ]
        )
        self._current: set[str] = set()

    def name(self, tile: Tile, scenes: Sequence[Scene], grounds: Iterable[BaseGeometry]) -> str:
        """Name the file of a tile's result: another input gives another name.

        Parameters
        ----------
        tile : Tile
            Which.
        scenes : sequence of Scene
            That are read for it.
        grounds : iterable of shapely geometry
            That are watched in it, in its zone.
        """
        said = [
            self._base,
            asdict(tile),
            [[scene.id, scene.digest, scene.offset_dn, *_files(scene)] for scene in scenes],
            [shapely.to_wkb(ground.normalize(), hex=True) for ground in grounds],
        ]
        name = f"{tile.name}-{sha256(json.dumps(said).encode()).hexdigest()[:32]}.npz"
        self._current.add(name)
        return name

    def load(self, name: str, tile: Tile) -> TileResult | None:
        """Read a result; None where there is none that can be read."""
        content = self.shelf.read(name)
        return None if content is None else decode(content, tile)

    def store(self, name: str, result: TileResult) -> None:
        """Keep a result, whole or not at all.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        if result.lasting and result.hits is not None:
            self.shelf.write(name, encode(result, result.hits))

    def tidy(self) -> None:
        """Take away earlier results of the tiles of this scan; those of other ground stay."""
        tiles = {_tile(name) for name in self._current}
        for name in sorted(self.shelf.names() - self._current):
            if _tile(name) in tiles:
                self.shelf.remove(name)


def encode(result: TileResult, hits: Hits) -> bytes:
    """Write a tile's result as bytes; the same result gives the same."""
    content = io.BytesIO()
    said = np.frombuffer(json.dumps(_said(result, hits)).encode(), np.uint8)
    np.savez_compressed(content, said=said, **{name: getattr(hits, name) for name in _ARRAYS})
    return content.getvalue()


def decode(content: bytes, tile: Tile) -> TileResult | None:
    """Read a tile's result; None where it is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            said = json.loads(bytes(parts["said"]))
            hits = Hits(
                epsg=tile.epsg,
                days=tuple(date.fromisoformat(day) for day in said["days"]),
                **{name: parts[name] for name in _ARRAYS},
            )
        return _result(tile, hits, said)
    except _DAMAGED:
        return None


def _tile(name: str) -> str:
    """Name of the tile that a result is of."""
    return name.rpartition("-")[0]


def _files(scene: Scene) -> list[list[Any]]:
    return [[band, *_state(asset)] for band, asset in sorted(scene.assets.items())]


def _state(asset: Asset) -> tuple[Any, ...]:
    """Say what changes when a file does; of a remote one the item's digest must speak."""
    if asset.remote:
        return asset.href, asset.size
    try:
        state = Path(asset.href).stat()
    except OSError:
        return asset.href, None
    return asset.href, state.st_size, state.st_mtime_ns


def _said(result: TileResult, hits: Hits) -> dict[str, Any]:
    return {
        "days": [day.isoformat() for day in hits.days],
        "coverage": [
            {**row, "geometry": shapely.to_wkb(row["geometry"], hex=True), "month": row["month"].isoformat()}
            for row in result.coverage
        ],
        "fired": dict(result.fired),
        "skipped": [asdict(one) for one in result.skipped],
        "used": sorted(result.used),
    }


def _result(tile: Tile, hits: Hits, said: dict[str, Any]) -> TileResult:
    coverage = tuple(
        {**row, "geometry": shapely.from_wkb(row["geometry"]), "month": date.fromisoformat(row["month"])}
        for row in said["coverage"]
    )
    return TileResult(
        tile=tile,
        hits=hits,
        coverage=coverage,
        fired=Counter(said["fired"]),
        skipped=tuple(Skipped(**one) for one in said["skipped"]),
        used=frozenset(said["used"]),
        kept=True,
    )
