"""Grounds: the scenes of a scan by the ground of their rasters, which many looks have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leachwatch.imagery import Scene, Tile

__all__ = ["Ground", "Grounds"]

Ground = tuple[int, tuple[float, float, float, float]]
"""A zone's EPSG code, and west, south, east, north of rasters in it, metres."""


class Grounds:
    """Scenes by their ground: whatever is asked of a tile is worked out once for all looks at it.

    Parameters
    ----------
    scenes : sequence of Scene
        Of all zones.
    """

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self._scenes = scenes
        self._places: dict[Ground, list[int]] = {}
        for place, scene in enumerate(scenes):
            self._places.setdefault((scene.epsg, scene.bounds), []).append(place)
        self._merged: dict[tuple[Ground, ...], tuple[Scene, ...]] = {}

    def __iter__(self) -> Iterator[Ground]:
        """Go through the grounds, in the order of their first scenes."""
        return iter(self._places)

    def under(self, tile: Tile) -> tuple[Ground, ...]:
        """Grounds that have a part of a tile."""
        west, south, east, north = tile.bounds
        return tuple(
            (epsg, ground)
            for epsg, ground in self._places
            if epsg == tile.epsg
            and ground[0] < east
            and ground[2] > west
            and ground[1] < north
            and ground[3] > south
        )

    def scenes(self, grounds: tuple[Ground, ...]) -> tuple[Scene, ...]:
        """Scenes of some grounds, in the order of all; the same tuple for the same grounds."""
        if grounds not in self._merged:
            places = sorted(place for ground in grounds for place in self._places[ground])
            self._merged[grounds] = tuple(self._scenes[place] for place in places)
        return self._merged[grounds]
