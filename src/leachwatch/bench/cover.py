"""What a scan could see of known points, from its table of coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from leachwatch.bench.columns import Seen

__all__ = ["CLEAR", "Cover", "Fate"]

Fate = Literal["seen", "unclear", "later"]
"""Whether a watched point could be seen, had no clear month around its date, or came after the scan."""

CLEAR = 0.5
"""A month is clear where at least this share of a tile was seen: any point of it more likely than not."""


@dataclass(frozen=True)
class Cover:
    """What a scan could see.

    Attributes
    ----------
    tiles : GeoDataFrame
        The watched part of each tile.
    clear : mapping of str to frozenset of date
        Clear months of each tile that has any, by their first day.
    first, last : date
        Days of the scan, whole months.
    """

    tiles: Any
    clear: Mapping[str, frozenset[date]]
    first: date
    last: date

    @classmethod
    def of(cls, coverage: Any) -> Cover:
        """Read a table of coverage that has rows."""
        clear = coverage[coverage["clear_share"] >= CLEAR]
        return cls(
            coverage.drop_duplicates("tile").reset_index(drop=True),
            {tile: frozenset(months) for tile, months in clear.groupby("tile")["month"]},
            min(coverage["month"]),
            _month_after(max(coverage["month"])) - timedelta(days=1),
        )

    @property
    def reach(self) -> str:
        """Where the watched ground lies."""
        west, south, east, north = self.tiles.total_bounds
        return f"from {west:.2f}, {south:.2f} to {east:.2f}, {north:.2f} (lon, lat)"

    def clear_months(self, places: Any) -> list[frozenset[date] | None]:
        """Clear months of each place (lon, lat); None for what is not watched."""
        months: list[frozenset[date] | None] = [None] * len(places)
        for number, tile in zip(*self.tiles.sindex.query(places, predicate="intersects"), strict=True):
            own = self.clear.get(self.tiles["tile"].iloc[tile], frozenset())
            months[number] = own | (months[number] or frozenset())
        return months

    def fate(self, seen: Seen | None, clear: frozenset[date]) -> Fate:
        """Whether a watched point with these clear months could be seen.

        One that may have been first seen after the scan ends cannot be missed yet. One seen in the period
        needs a clear month from the month before its date to the month after; one seen before it, or at no
        named time, any.
        """
        if seen is not None and seen.latest > self.last:
            return "later"
        if seen is None or self.is_before(seen):
            return "seen" if clear else "unclear"
        begin, end = _month_before(seen.earliest), _month_after(min(seen.until, self.last))
        return "seen" if any(begin <= month <= end for month in clear) else "unclear"

    def is_before(self, seen: Seen | None) -> bool:
        """Whether a point was last seen before the scan begins."""
        return seen is not None and seen.until < self.first


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
