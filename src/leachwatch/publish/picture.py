"""The map as a picture: what a reader without scripts, without WebGL or on paper sees.

The values made here go into ``templates/map.svg.j2``, which escapes them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from leachwatch.publish.geography import Bounds, Paper, bounds_of, extent, nice_length, ticks
from leachwatch.publish.model import PublicAccount, PublicPatch, PublicSite, Shape
from leachwatch.publish.series import tile_shares
from leachwatch.publish.symbols import appearances

__all__ = [
    "CloseUp",
    "Line",
    "Mark",
    "Near",
    "Outline",
    "Picture",
    "Plot",
    "close_ups",
    "draw",
    "meridians",
    "parallels",
    "scale_bar",
]

_WIDTH = 960.0
_CLOSE_UPS = 12  # sites drawn at one scale beside each other
_CLOSE_UP_PX = 220.0
_LEAST_CLOSE_UP = 150.0  # metres
_SIGN_ABOVE = 12.0  # px that a sign stands above a site drawn larger than this; a smaller one lies under it


@dataclass(frozen=True)
class Line:
    """A line of the graticule: place on the sheet in px, and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Outline:
    """A filled outline; `style` is its CSS class, `number` its place in the account."""

    path: str
    style: str
    number: int


@dataclass(frozen=True)
class Mark:
    """A site on the sheet."""

    site: PublicSite
    number: int
    x: float
    y: float
    path: str


Near = tuple[int, int, Shape, bool]
"""A drawing of a territory: place of the territory, of the drawing, outline, whether it is approximate."""


@dataclass(frozen=True)
class Plot:
    """One drawing of a territory on a sheet."""

    land: int
    drawing: int
    path: str
    approximate: bool


@dataclass(frozen=True)
class Picture:
    """Everything drawn on one sheet.

    Attributes
    ----------
    width, height : float
        Of the sheet, px.
    bounds : Bounds
        Of the sheet, degrees.
    meridians, parallels : tuple of Line
        The graticule.
    tiles, patches : tuple of Outline
        Coverage and pools.
    marks : tuple of Mark
        Sites, the least sure first, so that the surest lie on top.
    places : tuple of tuple
        x, y and name of each watched area.
    bar : Line
        Length of the scale bar in px, and what it stands for.
    lands : tuple of Plot
        Territories under all of it.
    """

    width: float
    height: float
    bounds: Bounds
    meridians: tuple[Line, ...]
    parallels: tuple[Line, ...]
    tiles: tuple[Outline, ...]
    patches: tuple[Outline, ...]
    marks: tuple[Mark, ...]
    places: tuple[tuple[float, float, str], ...]
    bar: Line
    lands: tuple[Plot, ...]


def draw(account: PublicAccount, near: Sequence[Near] = ()) -> Picture | None:
    """Draw the whole account on one sheet, over territories; None where there is nothing to place."""
    bounds = extent(account)
    if bounds is None:
        return None
    paper = Paper.fit(bounds, _WIDTH, least=420, most=760)
    return Picture(
        width=paper.width,
        height=paper.height,
        bounds=paper.bounds,
        meridians=meridians(paper),
        parallels=parallels(paper),
        tiles=_tiles(account, paper),
        patches=_patches(account, paper),
        marks=tuple(_mark(paper, site, number) for number, site in enumerate(account.sites))[::-1],
        places=_places(account, paper),
        bar=scale_bar(paper, paper.width / 5),
        lands=tuple(Plot(land, drawing, paper.path(shape), rough) for land, drawing, shape, rough in near),
    )


def meridians(paper: Paper) -> tuple[Line, ...]:
    """Draw round meridians, about five of them."""
    box = paper.bounds
    return tuple(
        Line(paper.x(at), label + ("E" if at >= 0 else "W")) for at, label in ticks(box.west, box.east, 5)
    )


def parallels(paper: Paper) -> tuple[Line, ...]:
    """Draw round parallels, about four of them."""
    box = paper.bounds
    return tuple(
        Line(paper.y(at), label + ("N" if at >= 0 else "S")) for at, label in ticks(box.south, box.north, 4)
    )


def _tiles(account: PublicAccount, paper: Paper) -> tuple[Outline, ...]:
    return tuple(
        Outline(paper.path(row.shape), "tile", number)
        for number, (row, _) in enumerate(tile_shares(account).values())
    )


def _patches(account: PublicAccount, paper: Paper) -> tuple[Outline, ...]:
    classes, of = appearances(account)
    large = {site.site_id for site in account.sites if _tall(paper, site) >= _SIGN_ABOVE}
    return tuple(
        Outline(paper.path(patch.shape), classes[kind].style, number)
        for number, (patch, kind) in enumerate(zip(account.patches, of, strict=True))
        if patch.site_id in large
    )


def _mark(paper: Paper, site: PublicSite, number: int) -> Mark:
    box = _box(site)
    lon, lat = box.middle
    tall = _tall(paper, site)
    y = paper.y(lat) if tall < _SIGN_ABOVE else paper.y(box.north) - _SIGN_ABOVE
    path = "" if tall < _SIGN_ABOVE else paper.path(site.shape)
    return Mark(site, number, round(paper.x(lon), 1), round(y, 1), path)


def _tall(paper: Paper, site: PublicSite) -> float:
    box = _box(site)
    return paper.y(box.south) - paper.y(box.north)


def _places(account: PublicAccount, paper: Paper) -> tuple[tuple[float, float, str], ...]:
    shapes = defaultdict(list)
    for site in account.sites:
        shapes[site.area].append(site.shape)
    boxes = ((name, bounds_of(of_area)) for name, of_area in sorted(shapes.items()))
    return tuple(
        (round(paper.x(box.middle[0]), 1), round(paper.y(box.north) - 2.6 * _SIGN_ABOVE, 1), name)
        for name, box in boxes
        if box is not None
    )


def scale_bar(paper: Paper, most: float) -> Line:
    """Draw the longest bar of a round length that is not longer than so many px."""
    metres = nice_length(most / paper.scale)
    label = f"{metres:,.0f} m" if metres < 1000 else f"{metres / 1000:,.0f} km"  # noqa: PLR2004 - a kilometre
    return Line(round(metres * paper.scale, 1), label)


@dataclass(frozen=True)
class CloseUp:
    """One site, with its pools by year of appearance; all close-ups have one scale."""

    site: PublicSite
    number: int
    size: float
    outline: str
    patches: tuple[Outline, ...]
    bar: Line


def close_ups(account: PublicAccount) -> tuple[CloseUp, ...]:
    """Draw the sites with the largest pool area, side by side at the same scale."""
    numbered = sorted(enumerate(account.sites), key=lambda pair: -pair[1].pool_area.value)[:_CLOSE_UPS]
    if not numbered:
        return ()
    metres = max(_LEAST_CLOSE_UP, *(_reach(site) for _, site in numbered)) * 1.12
    classes, of = appearances(account)
    mine: defaultdict[str, list[tuple[PublicPatch, str]]] = defaultdict(list)
    for patch, kind in zip(account.patches, of, strict=True):
        mine[patch.site_id].append((patch, classes[kind].style))
    return tuple(_close_up(site, number, metres, mine[site.site_id]) for number, site in numbered)


def _close_up(
    site: PublicSite, number: int, metres: float, patches: list[tuple[PublicPatch, str]]
) -> CloseUp:
    paper = _sheet(site, metres)
    return CloseUp(
        site=site,
        number=number,
        size=_CLOSE_UP_PX,
        outline=paper.path(site.shape),
        patches=tuple(
            Outline(paper.path(patch.shape), style, number) for number, (patch, style) in enumerate(patches)
        ),
        bar=scale_bar(paper, _CLOSE_UP_PX / 2),
    )


def _sheet(site: PublicSite, metres: float) -> Paper:
    lon, lat = _box(site).middle
    point = Bounds(lon, lat, lon, lat).grown(1e-4)
    unit = Paper.fit(point, _CLOSE_UP_PX, _CLOSE_UP_PX, _CLOSE_UP_PX)
    factor = metres * unit.scale / _CLOSE_UP_PX
    box = unit.bounds
    half = (box.east - box.west) / 2 * factor, (box.north - box.south) / 2 * factor
    wide = Bounds(lon - half[0], lat - half[1], lon + half[0], lat + half[1])
    return Paper(wide, _CLOSE_UP_PX, _CLOSE_UP_PX, _CLOSE_UP_PX / metres)


def _reach(site: PublicSite) -> float:
    box = _box(site)
    paper = Paper.fit(box.grown(1e-6), 1000, 0, 1e9)
    return max(paper.width, paper.height) / paper.scale


def _box(site: PublicSite) -> Bounds:
    return bounds_of([site.shape]) or Bounds(0, 0, 0, 0)
