"""Ids of sites, carried from an earlier scan to this one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from leachwatch.scanning.overlap import Overlap, Place, overlaps

__all__ = ["Earlier", "Found", "Named", "carry"]


@dataclass(frozen=True)
class Found:
    """A site of this scan that has no id yet.

    Attributes
    ----------
    own_id : str
        What it is called if it is new: by its place and the month of its first detection.
    place : Place
        Where it is.
    """

    own_id: str
    place: Place


@dataclass(frozen=True)
class Earlier:
    """A site as an earlier scan left it.

    Attributes
    ----------
    site_id : str
        Its id; no two have the same.
    outline : shapely geometry
        In EPSG:4326.
    lineage : tuple of str
        Ids that it had taken over by then.
    """

    site_id: str
    outline: BaseGeometry
    lineage: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """Id and lineage of a site.

    Attributes
    ----------
    site_id : str
        No other site of this scan has it.
    lineage : tuple of str
        Other ids under which earlier scans knew this ground: of sites that were merged into it, and of those
        that it was split from. Sorted.
    """

    site_id: str
    lineage: tuple[str, ...]


def carry(found: Sequence[Found], earlier: Sequence[Earlier]) -> list[Named]:
    """Name sites, so that a site keeps its id from scan to scan.

    The two that share most ground come first: the site gets the earlier one's id, then the next two of which
    neither is paired, and so on. Of several earlier sites that became one, the largest so gives its id, and
    the others go into its lineage; of several sites that were one, the largest keeps the id, and the others
    get ids of their own with the earlier one in their lineage. An id of the earlier scan is given to no
    site that shares no ground with its bearer.

    Parameters
    ----------
    found : sequence of Found
        Sites of this scan, in any order.
    earlier : sequence of Earlier
        Sites of the scan before, in any order; empty where there was none.

    Returns
    -------
    list of Named
        In the order of `found`.
    """
    pairs = overlaps([one.place for one in found], [one.outline for one in earlier])
    pairs = sorted((pair for pair in pairs if pair.shared_m2), key=lambda pair: _rank(pair, found, earlier))
    bearers = _bearers(pairs)
    ids = _ids(found, earlier, bearers)
    sources = _sources(pairs, bearers, len(found))
    return [
        Named(site_id, _lineage(site_id, [earlier[one] for one in sources[place]]))
        for place, site_id in enumerate(ids)
    ]


def _rank(
    pair: Overlap, found: Sequence[Found], earlier: Sequence[Earlier]
) -> tuple[float, float, str, tuple[float, float, bytes]]:
    """Most shared ground first; what is equal in all is the same place."""
    place = found[pair.place].place
    return -pair.shared_m2, -pair.likeness, earlier[pair.other].site_id, _north_west(place.outline)


def _bearers(pairs: Sequence[Overlap]) -> dict[int, int]:
    """Which earlier site's id each site bears."""
    bearers: dict[int, int] = {}
    given: set[int] = set()
    for pair in pairs:
        if pair.place not in bearers and pair.other not in given:
            bearers[pair.place] = pair.other
            given.add(pair.other)
    return bearers


def _sources(pairs: Sequence[Overlap], bearers: dict[int, int], count: int) -> list[set[int]]:
    """Find the earlier sites that each site goes on from.

    One whose id nobody bears went into the site that has most of its ground. A site that bears nobody's id
    was split from all whose ground it has.
    """
    sources = [{bearers[place]} if place in bearers else set[int]() for place in range(count)]
    living = set(bearers.values())
    for pair in pairs:
        if pair.other not in living or pair.place not in bearers:
            sources[pair.place].add(pair.other)
            living.add(pair.other)
    return sources


def _lineage(site_id: str, sources: Sequence[Earlier]) -> tuple[str, ...]:
    known = {one.site_id for one in sources}.union(*(one.lineage for one in sources))
    return tuple(sorted(known - {site_id}))


def _ids(found: Sequence[Found], earlier: Sequence[Earlier], bearers: dict[int, int]) -> list[str]:
    """Id that each site bears, or one of its own with a number where that is taken."""
    ids = {place: earlier[other].site_id for place, other in bearers.items()}
    taken = {one.site_id for one in earlier}
    new = [place for place in range(len(found)) if place not in ids]
    for place in sorted(new, key=lambda one: (found[one].own_id, _north_west(found[one].place.outline))):
        ids[place] = _free(found[place].own_id, taken)
        taken.add(ids[place])
    return [ids[place] for place in range(len(found))]


def _free(own_id: str, taken: Collection[str]) -> str:
    number, name = 1, own_id
    while name in taken:
        number += 1
        name = f"{own_id}-{number}"
    return name


def _north_west(outline: BaseGeometry) -> tuple[float, float, bytes]:
    west, _, _, north = outline.bounds
    return -north, west, outline.wkb
