"""Finding scenes: a static STAC catalog on disk, or a folder of items."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pystac

from leachwatch.errors import CatalogError, SceneError
from leachwatch.imagery.scene import BANDS, Band, Scene, scene_from_item

__all__ = ["Finding", "Skipped", "find"]


@dataclass(frozen=True, order=True)
class Skipped:
    """A scene that was not used.

    Attributes
    ----------
    scene : str
        Its id, or its file where it has none.
    reason : str
        Why, in a few words.
    """

    scene: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """What a search found.

    Attributes
    ----------
    scenes : tuple of Scene
        By day, then id.
    skipped : tuple of Skipped
        Items that could not be used, each with its reason.
    """

    scenes: tuple[Scene, ...]
    skipped: tuple[Skipped, ...] = field(default=())

    @property
    def epsgs(self) -> tuple[int, ...]:
        """UTM zones of the scenes, the one with most scenes first."""
        codes = [scene.epsg for scene in self.scenes]
        return tuple(sorted(set(codes), key=lambda code: (-codes.count(code), code)))


def find(source: str | Path, first: date, last: date, bands: Sequence[Band] = BANDS) -> Finding:
    """Find the scenes of a period.

    Parameters
    ----------
    source : str or Path
        A static catalog's ``catalog.json`` or ``collection.json``, the folder that holds it, or a folder of
        items.
    first, last : date
        Acquisition days, both included.
    bands : sequence of Band
        Assets that a scene must have.

    Returns
    -------
    Finding
        Scenes of the period, and the items that could not be used.

    Raises
    ------
    CatalogError
        If there is no catalog, it is not STAC, or it has no usable scene in the period.
    """
    if re.match(r"\w+:/", str(source)):
        raise CatalogError(f"{source}: scenes are read from this disk only; give a path, not an address")
    source = Path(source)
    scenes: list[Scene] = []
    skipped: list[Skipped] = []
    days: list[date] = []
    for name, item in _items(source):
        if isinstance(item, str):
            skipped.append(Skipped(name, item))
            continue
        day = item.datetime.date() if item.datetime else None
        if day is not None:
            days.append(day)
            if not first <= day <= last:
                continue
        try:
            scenes.append(scene_from_item(item, bands))
        except SceneError as error:
            skipped.append(Skipped(name, str(error).removeprefix(f"{name}: ")))
        except (TypeError, ValueError, AttributeError, LookupError) as error:
            skipped.append(Skipped(name, f"is not as STAC says ({_short(error)})"))
    if not scenes:
        raise CatalogError(_why_none(source, first, last, days, skipped))
    unique = {(scene.id, scene.epsg): scene for scene in scenes}
    return Finding(
        tuple(sorted(unique.values(), key=lambda scene: (scene.day, scene.id))), tuple(sorted(set(skipped)))
    )


def _why_none(source: Path, first: date, last: date, days: list[date], skipped: list[Skipped]) -> str:
    if any(first <= day <= last for day in days):
        worst = skipped[0]
        return (
            f"{source}: none of the {len(skipped)} scenes between {first} and {last} can be used "
            f"({worst.scene}: {worst.reason}); see `leachwatch doctor`"
        )
    if days:
        return (
            f"{source}: no scene between {first} and {last}; it has scenes from {min(days)} to {max(days)}, "
            "change --from and --to"
        )
    return f"{source}: holds no STAC item that can be read; give the folder or catalog.json of a STAC catalog"


def _items(source: Path) -> Iterator[tuple[str, pystac.Item | str]]:
    """Every item below a source by name, or the reason why it cannot be read."""
    if not source.exists():
        raise CatalogError(
            f"{source}: there is no such catalog; give a catalog.json or a folder of STAC items"
        )
    root = source
    if source.is_dir():
        named = [source / name for name in ("catalog.json", "collection.json") if (source / name).is_file()]
        if not named:
            for path in sorted(source.rglob("*.json")):
                yield from _item_file(path)
            return
        root = named[0]
    yield from _below(_catalog(root))


class _DiskOnly(pystac.StacIO):
    """Reads what a catalog links to from this disk; no link is followed out to an address."""

    def read_text(self, source: Any, *_args: Any, **_kwargs: Any) -> str:
        """Read a file."""
        href = str(source.get_absolute_href() if isinstance(source, pystac.Link) else source)
        if re.match(r"\w+:/", href):
            raise SceneError("the link leads off this disk")
        return Path(href).read_text(encoding="utf-8")

    def write_text(self, dest: Any, txt: str, *_args: Any, **_kwargs: Any) -> None:
        """Refuse: catalogs are read, never written."""
        raise SceneError(f"{dest}: {len(txt)} characters were not written")


def _catalog(path: Path) -> pystac.Catalog:
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        kind = described.get("type") if isinstance(described, dict) else None
        if kind == "Collection":
            return pystac.Collection.from_file(path, stac_io=_DiskOnly())
        if kind == "Catalog":
            return pystac.Catalog.from_file(path, stac_io=_DiskOnly())
    except (OSError, ValueError, KeyError, TypeError, RecursionError, pystac.STACError) as error:
        raise CatalogError(f"{path}: not a readable STAC catalog ({_short(error)})") from error
    raise CatalogError(f"{path}: not a STAC catalog (its type is {kind!r}); give a catalog.json")


def _below(catalog: pystac.Catalog) -> Iterator[tuple[str, pystac.Item | str]]:
    for link in catalog.get_links():
        if link.rel not in ("item", "child"):
            continue
        try:
            found = link.resolve_stac_object().target
        except Exception as error:  # noqa: BLE001 - an item is outside data: whatever it does, it is named
            yield str(link.href), f"cannot be read ({_short(error)})"
            continue
        if isinstance(found, pystac.Item):
            yield _name(found, str(link.href)), found
        elif isinstance(found, pystac.Catalog):
            yield from _below(found)


def _item_file(path: Path) -> Iterator[tuple[str, pystac.Item | str]]:
    try:
        described: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        yield path.name, f"cannot be read ({_short(error)})"
        return
    if not isinstance(described, dict) or described.get("type") != "Feature" or "assets" not in described:
        return
    try:
        item = pystac.Item.from_dict(described, href=str(path))
    except Exception as error:  # noqa: BLE001 - as above
        yield path.name, f"is not a STAC item ({_short(error)})"
        return
    yield _name(item, path.name), item


def _name(item: pystac.Item, file: str) -> str:
    """Id of an item, or its file where the id is no text."""
    return item.id if isinstance(item.id, str) and item.id else file  # type: ignore[redundant-expr] # outside data


def _short(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:120]
