"""What the sites and the tiles add up to, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from leachwatch.publish.model import Estimate, MonthState, PublicAccount, PublicCoverage

__all__ = ["MonthTotal", "monthly_totals", "seen_shares", "site_states", "tile_shares"]

_UNIT_SHARE = 1.0


@dataclass(frozen=True)
class MonthTotal:
    """Pool area of all sites in one month.

    Attributes
    ----------
    month : date
        First day of the month.
    pool_area : Estimate or None
        Sum over the sites that were measured, m²; None where none was.
    seen : int
        Sites that could be seen.
    sites : int
        Sites on the page.
    """

    month: date
    pool_area: Estimate | None
    seen: int
    sites: int

    @property
    def complete(self) -> bool:
        """Whether every site could be seen."""
        return self.seen == self.sites


def monthly_totals(account: PublicAccount) -> tuple[MonthTotal, ...]:
    """Sum of pool area over all sites, for every month of the account.

    A month in which some site was not seen has the sum of the others: at least so much.
    Lows and highs are added as they are, which gives a wider band than independent errors would.
    """
    areas: defaultdict[date, list[Estimate]] = defaultdict(list)
    seen: defaultdict[date, int] = defaultdict(int)
    for row in account.site_months:
        seen[row.month] += row.state != "unseen"
        if row.pool_area is not None:
            areas[row.month].append(row.pool_area)
    return tuple(
        MonthTotal(month, _sum(areas[month]), seen[month], len(account.sites)) for month in account.months
    )


def _sum(areas: list[Estimate]) -> Estimate | None:
    if not areas:
        return None
    return Estimate(
        value=sum(area.value for area in areas),
        low=sum(area.low for area in areas),
        high=sum(area.high for area in areas),
    )


def site_states(account: PublicAccount) -> Mapping[str, tuple[MonthState, ...]]:
    """State of each site in every month; a month without a row is unseen."""
    rows = {(row.site_id, row.month): row.state for row in account.site_months}
    return {
        site.site_id: tuple(rows.get((site.site_id, month), "unseen") for month in account.months)
        for site in account.sites
    }


def tile_shares(account: PublicAccount) -> Mapping[str, tuple[PublicCoverage, tuple[float, ...]]]:
    """Each tile with the share of it that was seen in every month; 0 where there is no row."""
    outline: dict[str, PublicCoverage] = {}
    shares: dict[tuple[str, date], float] = {}
    for row in account.coverage:
        outline.setdefault(row.tile, row)
        shares[row.tile, row.month] = row.clear_share
    return {
        tile: (row, tuple(shares.get((tile, month), 0.0) for month in account.months))
        for tile, row in outline.items()
    }


def seen_shares(account: PublicAccount) -> tuple[float, ...]:
    """Share of the watched ground seen in each month, by the size of the tiles; empty without tiles."""
    tiles = tile_shares(account).values()
    weights = [_size(row) for row, _ in tiles]
    whole = sum(weights)
    if not whole:
        return ()
    by_month = zip(*(shares for _, shares in tiles), strict=True)
    return tuple(
        min(_UNIT_SHARE, sum(w * share for w, share in zip(weights, month, strict=True)) / whole)
        for month in by_month
    )


def _size(row: PublicCoverage) -> float:
    return sum(abs(_shoelace(part[0])) for part in row.shape)


def _shoelace(ring: tuple[tuple[float, float], ...]) -> float:
    x0, y0 = ring[0]
    shifted = [(x - x0, y - y0) for x, y in ring]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(shifted)) / 2
