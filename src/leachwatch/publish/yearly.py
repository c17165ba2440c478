"""Expansion at a glance: a small map a year, what was there before in grey and what came in its colour."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from leachwatch.publish.geography import Bounds, Paper, bounds_of, extent
from leachwatch.publish.model import PublicAccount
from leachwatch.publish.series import tile_shares
from leachwatch.publish.symbols import Appearance, appearances

__all__ = ["Yearly", "Years", "yearly"]

_WIDTH = 240.0
_LEAST, _MOST = 130.0, 260.0


@dataclass(frozen=True)
class Yearly:
    """One year.

    Attributes
    ----------
    kind : Appearance
        Label and colour.
    number : int
        Place in the row of years.
    dots : str
        SVG path with a dot for each place of a px where pools appeared.
    sites : int
        Sites at which some did.
    m2 : float
        Area of those pools, m².
    """

    kind: Appearance
    number: int
    dots: str
    sites: int
    m2: float


@dataclass(frozen=True)
class Years:
    """All of them, on sheets of one size; `ground` is the SVG path of the watched ground."""

    width: float
    height: float
    ground: str
    years: tuple[Yearly, ...]


def yearly(account: PublicAccount) -> Years | None:
    """Draw the years in which pools appeared; None where there are fewer than two to set side by side."""
    classes, of = appearances(account)
    bounds = extent(account)
    if bounds is None or len(classes) < 2:  # noqa: PLR2004 - a before and an after
        return None
    paper = Paper.fit(bounds, _WIDTH, _LEAST, _MOST)
    places = _places(account, paper)
    sites: defaultdict[int, set[str]] = defaultdict(set)
    areas: defaultdict[int, float] = defaultdict(float)
    for patch, kind in zip(account.patches, of, strict=True):
        sites[kind].add(patch.site_id)
        areas[kind] += patch.pool_area_m2
    return Years(
        width=paper.width,
        height=round(paper.height, 1),
        ground="".join(paper.path(row.shape) for row, _ in tile_shares(account).values()),
        years=tuple(
            Yearly(
                kind=one,
                number=number,
                dots="".join(f"M{x} {y}h0" for x, y in sorted({places[site] for site in sites[number]})),
                sites=len(sites[number]),
                m2=areas[number],
            )
            for number, one in enumerate(classes)
        ),
    )


def _places(account: PublicAccount, paper: Paper) -> dict[str, tuple[int, int]]:
    boxes = ((site.site_id, bounds_of([site.shape]) or Bounds(0, 0, 0, 0)) for site in account.sites)
    return {site: (round(paper.x(box.middle[0])), round(paper.y(box.middle[1]))) for site, box in boxes}
