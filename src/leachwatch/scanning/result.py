"""What one tile of a scan gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from shapely.geometry.base import BaseGeometry

from leachwatch.case import Period
from leachwatch.detect import Hits
from leachwatch.imagery import Skipped, Tile
from leachwatch.scanning.rows import Row, coverage_row

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
    outline : shapely geometry or None
        Watched ground in it, in EPSG:4326; None where no pixel is watched.
    shares : mapping of date to float
        Share of that ground that was seen in a month, by its first day; months that are missing saw none.
    fired : mapping of date to int
        Watched pixels that speak for a pool, by day.
    hidden : tuple of date
        Looks that show nothing of it, rising, beside those of the hits.
    skipped : tuple of Skipped
        Scenes that could not be read.
    used : frozenset of str
        Ids of the scenes that were.
    made_of : mapping of str to str
        Marks of the scenes that it was made of, by id (`leachwatch.scanning.journal.Marks`).
    failure : str
        Why the tile could not be worked; empty where it was.
    kept : bool
        Whether an earlier scan had worked it.
    """

    tile: Tile
    hits: Hits | None
    outline: BaseGeometry | None
    shares: Mapping[date, float] = field(default_factory=dict)
    fired: Mapping[date, int] = field(default_factory=dict)
    hidden: tuple[date, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    used: frozenset[str] = frozenset()
    made_of: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""
    kept: bool = False

    @property
    def days(self) -> frozenset[date]:
        """Looks at it."""
        return frozenset([*(self.hits.days if self.hits else ()), *self.hidden])

    @property
    def lasting(self) -> bool:
        """Whether working the tile again would give the same: nothing was missing just for now."""
        read = bool(self.used) or not self.skipped
        return read and not self.failure and not any(one.again for one in self.skipped)

    def coverage(self, period: Period) -> Iterator[Row]:
        """Give the rows of ``coverage``, one a month; a tile that failed was seen in none."""
        if self.outline is None:
            return
        looks = Counter(day.replace(day=1) for day in self.days)
        for month in period.months():
            share = self.shares.get(month, 0.0)
            yield coverage_row(self.tile.name, self.outline, month, share, looks[month])
