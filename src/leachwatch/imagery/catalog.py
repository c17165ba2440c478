"""Finding the scenes of a period in a source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime

from shapely.geometry.base import BaseGeometry

from leachwatch.errors import CatalogError, SceneError
from leachwatch.imagery.api import Listed, Query
from leachwatch.imagery.granules import Granule, granules_over
from leachwatch.imagery.listing import list_items
from leachwatch.imagery.scene import BANDS, Band, Scene, scene_from_item
from leachwatch.imagery.source import Source
from leachwatch.network import is_address

__all__ = ["Finding", "Skipped", "find", "zones"]

_NAMED, _LONGEST = 10, 80
"""Collections that an error names, and letters of each."""


@dataclass(frozen=True, order=True)
class Skipped:
    """A scene that was not used.

    Attributes
    ----------
    scene : str
        Its id, or its file where it has none.
    reason : str
        Why, in a few words.
    again : bool
        Whether a later scan may have it.
    """

    scene: str
    reason: str
    again: bool = False


@dataclass(frozen=True)
class Finding:
    """What a search found.

    Attributes
    ----------
    scenes : tuple of Scene
        By day, then id.
    skipped : tuple of Skipped
        Items that could not be used, each with its reason.
    granules : tuple of Granule
        What was searched; none where the source cannot be asked for a place.
    """

    scenes: tuple[Scene, ...]
    skipped: tuple[Skipped, ...] = field(default=())
    granules: tuple[Granule, ...] = field(default=())


def zones(scenes: Sequence[Scene]) -> tuple[int, ...]:
    """UTM zones of scenes, the one with most scenes first."""
    codes = [scene.epsg for scene in scenes]
    return tuple(sorted(set(codes), key=lambda code: (-codes.count(code), code)))


def find(
    source: Source,
    area: BaseGeometry,
    first: date,
    last: date,
    bands: Sequence[Band] = BANDS,
    *,
    optional: Sequence[Band] = (),
) -> Finding:
    """Find the scenes of a period.

    Parameters
    ----------
    source : Source
        Opened.
    area : shapely geometry
        In EPSG:4326. A host is told of no more than the granules that it touches.
    first, last : date
        Acquisition days, both included.
    bands : sequence of Band
        Assets that a scene must have.
    optional : sequence of Band
        Assets that are taken where there are any.

    Returns
    -------
    Finding
        Scenes of the period, and the items that could not be used.

    Raises
    ------
    CatalogError
        If there is no catalog, it is not STAC, or it has no usable scene in the period.
    NetworkError
        If there is no network to use.
    """
    remote = is_address(source.address)
    granules = granules_over(area) if remote else ()
    query = Query(granules, first, last, source.access.collections, source.provider)
    scenes: dict[tuple[str, int], Scene] = {}
    skipped: list[Skipped] = []
    days: list[date] = []
    passed: set[str] = set()
    searched = False
    for listed in _kept(source, query) if remote else list_items(source.address, query, source.transport):
        searched |= listed.searched
        if listed.content is None:
            skipped.append(Skipped(listed.name, listed.fault))
            continue
        held = listed.content.get("collection")
        if query.collections and not listed.searched and held not in query.collections:
            passed.add(held[:_LONGEST] if isinstance(held, str) else "")
            continue
        name = _name(listed)
        day = _day(listed.content.get("properties"))
        if day is not None:
            days.append(day)
            if not first <= day <= last:
                continue
        try:
            scene = scene_from_item(
                listed.content, listed.where, bands, optional=optional, hosts=source.transport.hosts
            )
        except SceneError as error:
            skipped.append(Skipped(name, str(error)))
        else:
            scenes.setdefault((scene.id, scene.epsg), scene)
    if passed and not days:
        raise CatalogError(_why_none_of(source, query.collections, passed))
    if not scenes:
        raise CatalogError(_why_none(source, first, last, days, skipped))
    ordered = tuple(sorted(scenes.values(), key=lambda scene: (scene.day, scene.id)))
    source.expect(ordered)
    return Finding(ordered, tuple(sorted(set(skipped))), granules if searched else ())


def _kept(source: Source, query: Query) -> Iterator[Listed]:
    """List a remote source, and keep the whole for a time without network."""
    places = [granule.name for granule in query.granules]
    name = f"listing {source.address} {places} {query.period} {query.collections}"
    if source.access.offline:
        text = source.mirror.text(name)
        if text is None:
            raise CatalogError(
                f"{source.name}: no listing of these months and this area is kept on this disk; "
                "run the same once without --offline"
            )
        yield from (Listed(**one) for one in json.loads(text))
        return
    # as text while it comes: as values, the items of a large area are most of what a plan would hold
    texts: list[str] = []
    for one in list_items(source.address, query, source.transport):
        texts.append(json.dumps({part.name: getattr(one, part.name) for part in fields(one)}))
        yield one
    source.mirror.keep_text(name, f"[{', '.join(texts)}]")


def _name(listed: Listed) -> str:
    """Id of an item, or its file where the id is no text."""
    said = (listed.content or {}).get("id")
    return said if isinstance(said, str) and said else listed.name


def _day(properties: object) -> date | None:
    """Acquisition day, UTC; None where the item does not say it as STAC does."""
    said = properties.get("datetime") if isinstance(properties, dict) else None
    try:
        when = datetime.fromisoformat(said) if isinstance(said, str) else None
        return when and (when.astimezone(UTC) if when.tzinfo else when).date()
    except (ValueError, OverflowError):
        return None


def _why_none_of(source: Source, collections: Sequence[str], passed: Iterable[str]) -> str:
    there = [name for name in sorted(passed) if name][:_NAMED]
    has = f"give --collection one that it has ({', '.join(there)}), or leave it away"
    return (
        f"{source.name}: has no scene of the collection {' or '.join(collections)}; "
        f"{has if there else 'its items name none, leave --collection away'}"
    )


def _why_none(
    source: Source, first: date, last: date, days: Iterable[date], skipped: Sequence[Skipped]
) -> str:
    days = list(days)
    if any(first <= day <= last for day in days) or (skipped and not days):
        worst = skipped[0]
        return (
            f"{source.name}: none of the {len(skipped)} scenes between {first} and {last} can be used "
            f"({worst.scene}: {worst.reason}); see `leachwatch doctor`"
        )
    if days:
        return (
            f"{source.name}: no scene between {first} and {last}; it has scenes from {min(days)} to "
            f"{max(days)}, change --from and --to"
        )
    if is_address(source.address):
        return (
            f"{source.name}: gives no scene of the area between {first} and {last}; change the area, the "
            "months or --collection"
        )
    return f"{source.name}: holds no STAC item that can be read; give a STAC catalog's folder or catalog.json"
