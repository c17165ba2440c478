"""Journal: tiles that are done, each in a file of its own, so that no scan does them twice."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError

from leachwatch import __version__
from leachwatch.detect import Hits, digest
from leachwatch.imagery import Asset, Scene, Skipped, Tile, touching
from leachwatch.scanning.jobs import Job
from leachwatch.scanning.made_by import made_by
from leachwatch.scanning.result import TileResult
from leachwatch.scanning.settings import ScanSettings
from leachwatch.storage import Shelf

__all__ = ["Journal", "Marks", "decode", "encode"]

_DAMAGED = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    ShapelyError,
)
_ARRAYS = tuple(one.name for one in fields(Hits) if one.name not in ("epsg", "days"))
_SAID = "said"


class Journal:
    """Results of tiles that were worked, by ground, settings and code; each says of what scenes it was made.

    Parameters
    ----------
    shelf : Shelf
        Where they are kept.
    settings : ScanSettings
        Of the scan; how many tiles are worked at a time, and how sites are shown, does not count.
    """

    def __init__(self, shelf: Shelf, settings: ScanSettings) -> None:
        self.shelf = shelf
        self._base = json.dumps(
            [
                __version__,
                made_by(),
                asdict(
                    replace(settings, detect=replace(settings.detect, model=digest(settings.detect.model)))
                )
                | {"threads": 0, "memory": 0, "film": None},
            ]
        )
        self._current: set[str] = set()

    def name(self, job: Job) -> str:
        """Name the file of a tile's result: another ground, setting or code gives another name."""
        grounds = (job.area, job.nearby)
        said = [
            self._base,
            [asdict(one) for one in (job.tile, job.core, job.window)],
            [shapely.to_wkb(ground.normalize(), hex=True) for ground in grounds],
        ]
        name = f"{job.tile.name}-{sha256(json.dumps(said).encode()).hexdigest()[:32]}.npz"
        self._current.add(name)
        return name

    def load(self, name: str, tile: Tile) -> TileResult | None:
        """Read a result, of whichever scenes it was made; None where there is none that can be read."""
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


class Marks:
    """What tells scenes from others, and from themselves once a file or the item has changed."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Scene, str]] = {}

    def of(self, job: Job) -> dict[str, str]:
        """Mark the scenes that a job reads, by id; each scene's files are looked at once."""
        return {scene.id: self.mark(scene) for scene in touching(job.window, job.scenes)}

    def mark(self, scene: Scene) -> str:
        """Mark one scene."""
        if id(scene) not in self._known:
            said = [scene.id, scene.digest, scene.offset_dn, *_files(scene)]
            self._known[id(scene)] = scene, sha256(json.dumps(said).encode()).hexdigest()[:16]
        return self._known[id(scene)][1]


def encode(result: TileResult, hits: Hits) -> bytes:
    """Write a tile's result as bytes; the same result gives the same."""
    content = io.BytesIO()
    said = np.frombuffer(json.dumps(_said(result, hits)).encode(), np.uint8)
    # as numpy.savez_compressed, quicker: most of it is zeros, which every level packs well
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        for name, array in {_SAID: said, **{name: getattr(hits, name) for name in _ARRAYS}}.items():
            with parts.open(f"{name}.npy", "w", force_zip64=True) as part:
                np.lib.format.write_array(part, array, allow_pickle=False)
    return content.getvalue()


def decode(content: bytes, tile: Tile) -> TileResult | None:
    """Read a tile's result; None where it is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            said = json.loads(bytes(parts[_SAID]))
            hits = Hits(epsg=tile.epsg, days=_days(said["days"]), **{name: parts[name] for name in _ARRAYS})
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
    path = Path(asset.href).absolute()
    try:
        state = path.stat()
    except OSError:
        return str(path), None
    return str(path), state.st_size, state.st_mtime_ns


def _said(result: TileResult, hits: Hits) -> dict[str, Any]:
    return {
        "days": [day.isoformat() for day in hits.days],
        "outline": result.outline and shapely.to_wkb(result.outline, hex=True),
        "shares": {month.isoformat(): share for month, share in result.shares.items()},
        "fired": {day.isoformat(): count for day, count in result.fired.items()},
        "hidden": [day.isoformat() for day in result.hidden],
        "skipped": [asdict(one) for one in result.skipped],
        "used": sorted(result.used),
        "made_of": dict(result.made_of),
    }


def _result(tile: Tile, hits: Hits, said: dict[str, Any]) -> TileResult:
    return TileResult(
        tile=tile,
        hits=hits,
        outline=said["outline"] and shapely.from_wkb(said["outline"]),
        shares={date.fromisoformat(month): share for month, share in said["shares"].items()},
        fired={date.fromisoformat(day): count for day, count in said["fired"].items()},
        hidden=_days(said["hidden"]),
        skipped=tuple(Skipped(**one) for one in said["skipped"]),
        used=frozenset(said["used"]),
        made_of=said["made_of"],
        kept=True,
    )


def _days(said: Sequence[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in said)
