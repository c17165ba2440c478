"""What one tile of a scan gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from leachwatch.detect import Hits
from leachwatch.imagery import Skipped, Tile
from leachwatch.scanning.rows import Row

__all__ = ["TileResult"]


@dataclass(frozen=True, eq=False)
class TileResult:
    """What one tile gave.

    Attributes
    ----------
    tile : Tile
        Which.
    hits : Hits or None
        Its pool pixels and the ground around them; None where it failed.
    coverage : tuple of Row
        Rows of ``coverage``.
    fired : Counter
        Pixels that speak for a pool, by day.
    skipped : tuple of Skipped
        Scenes that could not be read.
    used : frozenset of str
        Ids of the scenes that were.
    failure : str
        Why the tile could not be worked; empty where it was.
    kept : bool
        Whether an earlier scan had worked it.
    """

    tile: Tile
    hits: Hits | None
    coverage: tuple[Row, ...]
    fired: Counter[str]
    skipped: tuple[Skipped, ...]
    used: frozenset[str]
    failure: str = ""
    kept: bool = False

    @property
    def lasting(self) -> bool:
        """Whether working the tile again would give the same: nothing was missing just for now."""
        read = bool(self.used) or not self.skipped
        return read and not self.failure and not any(one.again for one in self.skipped)
