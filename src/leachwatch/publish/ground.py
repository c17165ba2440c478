"""Who held the ground, month by month: a map of territories, the same in words, and what the script needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leachwatch.publish.case_model import PublicCase, PublicHolder, PublicTenure, PublicTerritory
from leachwatch.publish.case_words import held_words
from leachwatch.publish.geography import Bounds, Paper, bounds_of, extent
from leachwatch.publish.model import PublicAccount, Shape
from leachwatch.publish.payload import walk
from leachwatch.publish.picture import Line, Near, Plot, meridians, parallels, scale_bar
from leachwatch.publish.shapes import inside_point, thinned

__all__ = ["GroundSection", "Land", "Weave", "ground_section"]

_WIDTH = 460.0
_LEAST, _MOST = 300.0, 660.0
_MARGIN = 0.06  # of the extent
_TINTS = 6  # colours in case.css, --h0 to --h5; the last is that of all others
_STRIPE = 5
_FINE_PX = 0.3  # corners are kept to this part of a px
_HEAD = 0.2  # of the height of the map of sites: where names of territories stand
_SMALLEST_BOX = 14.0  # px: the watched ground is drawn no smaller


@dataclass(frozen=True)
class Weave:
    """A fill: stripes of each holder's colour, with gaps where nothing is certain; `key` names it."""

    key: str
    size: int
    stripes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Land:
    """A territory: where its number stands on the sheet, and who held it in the month that is drawn.

    ``fill`` is the key of a `Weave`, empty where nobody is known to have held it.
    """

    territory: PublicTerritory
    number: int
    x: float
    y: float
    fill: str
    held: str
    drawn: tuple[bool, ...]
    border_km: float


@dataclass(frozen=True)
class GroundSection:
    """What the template writes.

    Attributes
    ----------
    width, height : float
        Of the sheet, px.
    plots, lands : tuple
        Largest drawings first; territories in their order.
    weaves : tuple of Weave
        Fills that occur in any month.
    meridians, parallels, bar
        Furniture of the sheet.
    watched : tuple of float or None
        x, y, width and height of the watched ground on the sheet.
    month : date
        That is drawn.
    months : tuple of date
        From the first to the last that anything is said of.
    place : int
        Of the month that is drawn among them.
    near : tuple of Near
        Drawings that the map of sites shows.
    data : dict
        For the script.
    """

    width: float
    height: float
    plots: tuple[Plot, ...]
    lands: tuple[Land, ...]
    weaves: tuple[Weave, ...]
    meridians: tuple[Line, ...]
    parallels: tuple[Line, ...]
    bar: Line
    watched: tuple[float, float, float, float] | None
    month: date
    months: tuple[date, ...]
    place: int
    near: tuple[Near, ...]
    data: dict[str, Any] = field(repr=False)

    @property
    def coarse(self) -> bool:
        """Whether any border is drawn coarsely."""
        return any(plot.approximate for plot in self.plots)


def ground_section(case: PublicCase, account: PublicAccount) -> GroundSection | None:
    """Draw territories and who held them; None where there is none.

    Over made-up ground no territory is drawn: nobody held it.
    """
    bounds = bounds_of(one.shape for land in case.territories for one in land.drawings)
    if bounds is None:
        return None
    months = _months(case, account)
    if not months:
        return None
    month = account.months[-1] if account.months else months[-1]
    size = max(bounds.east - bounds.west, bounds.north - bounds.south)
    paper = Paper.fit(bounds.grown(size * _MARGIN), _WIDTH, _LEAST, _MOST)
    tints = _tints(case.territories)
    near = () if account.simulated else _near(case.territories, account)
    return GroundSection(
        width=paper.width,
        height=paper.height,
        plots=_plots(case.territories, paper),
        lands=tuple(
            _land(land, number, paper, _in(land, month), tints)
            for number, land in enumerate(case.territories)
        ),
        weaves=tuple(_weave(key) for key in sorted(_keys(case.territories, tints))),
        meridians=meridians(paper),
        parallels=parallels(paper),
        bar=scale_bar(paper, paper.width / 4),
        watched=_watched(account, paper),
        month=month,
        months=months,
        place=months.index(month),
        near=near,
        data=_data(case, account, months, tints, near),
    )


def _months(case: PublicCase, account: PublicAccount) -> tuple[date, ...]:
    named = [*account.months, *(one.since for land in case.territories for one in land.tenures)]
    known = [one for one in named if one > date.min]
    if not known:
        return ()
    first, last = (one.year * 12 + one.month - 1 for one in (min(known), max(known)))
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1))


def _in(land: PublicTerritory, month: date) -> PublicTenure:
    """Tenure of a month; one without holders where it lies before all that is said."""
    known = [one for one in land.tenures if one.since <= month]
    return known[-1] if known else PublicTenure(since=month, holders=(), drawn=(True,) * len(land.drawings))


def _tints(territories: Sequence[PublicTerritory]) -> Mapping[str, int]:
    """Colour of each holder: those of most territories have their own."""
    many = Counter(
        label
        for land in territories
        for label in sorted({holder.label for one in land.tenures for holder in one.holders})
    )
    ranked = sorted(many, key=lambda label: (-many[label], label))
    return {label: min(place, _TINTS - 1) for place, label in enumerate(ranked)}


def _key(holders: Sequence[PublicHolder], tints: Mapping[str, int]) -> str:
    """Name the fill: ``w`` whole, ``p`` with gaps, then the colours."""
    held = [one for one in holders if not one.claimed]
    if not held:
        return ""
    colours = dict.fromkeys(tints[one.label] for one in held)
    return ("w" if all(one.certain for one in held) else "p") + "-".join(map(str, colours))


def _keys(territories: Sequence[PublicTerritory], tints: Mapping[str, int]) -> set[str]:
    keys = {_key(one.holders, tints) for land in territories for one in land.tenures}
    return keys - {""}


def _weave(key: str) -> Weave:
    colours = key[1:].split("-")
    size = _STRIPE * (len(colours) + (key[0] == "p")) * (2 if len(colours) == 1 and key[0] == "w" else 1)
    if len(colours) == 1 and key[0] == "w":
        return Weave(key, size, ((f"h{colours[0]}", f"M0 0H{size}V{size}H0z"),))
    stripes = tuple(
        (f"h{colour}", f"M{place * _STRIPE} 0H{(place + 1) * _STRIPE}V{size}H{place * _STRIPE}z")
        for place, colour in enumerate(colours)
    )
    return Weave(key, size, stripes)


def _plots(territories: Sequence[PublicTerritory], paper: Paper) -> tuple[Plot, ...]:
    fine = _FINE_PX * (paper.bounds.east - paper.bounds.west) / paper.width
    sized = [
        (_size(one.shape), Plot(number, place, paper.path(thinned(one.shape, fine)), one.approximate))
        for number, land in enumerate(territories)
        for place, one in enumerate(land.drawings)
    ]
    return tuple(plot for _, plot in sorted(sized, key=lambda pair: -pair[0]))


def _size(shape: Shape) -> float:
    box = bounds_of([shape])
    return (box.east - box.west) * (box.north - box.south) if box else 0.0


def _land(
    land: PublicTerritory, number: int, paper: Paper, tenure: PublicTenure, tints: Mapping[str, int]
) -> Land:
    smallest = min((one.shape for one in land.drawings), key=_size)
    box = paper.bounds
    at = inside_point(smallest, (box.west, box.south, box.east, box.north)) or box.middle
    return Land(
        territory=land,
        number=number,
        x=round(paper.x(at[0]), 1),
        y=round(paper.y(at[1]), 1),
        fill=_key(tenure.holders, tints),
        held=held_words(tenure.holders),
        drawn=tenure.drawn,
        border_km=max(one.border_m for one in land.drawings) / 1000,
    )


def _watched(account: PublicAccount, paper: Paper) -> tuple[float, float, float, float] | None:
    box = extent(account)
    if box is None or not _meet(box, paper.bounds):
        return None
    x, y = paper.x(box.middle[0]), paper.y(box.middle[1])
    wide = max(paper.x(box.east) - paper.x(box.west), _SMALLEST_BOX)
    high = max(paper.y(box.south) - paper.y(box.north), _SMALLEST_BOX)
    return round(x - wide / 2, 1), round(y - high / 2, 1), round(wide, 1), round(high, 1)


def _meet(one: Bounds, other: Bounds) -> bool:
    return (
        one.west < other.east
        and other.west < one.east
        and one.south < other.north
        and other.south < one.north
    )


def _near(territories: Sequence[PublicTerritory], account: PublicAccount) -> tuple[Near, ...]:
    box = extent(account)
    if box is None:
        return ()
    inside = (box.west, box.south, box.east, box.north)
    found = [
        (number, place, one.shape, one.approximate)
        for number, land in enumerate(territories)
        for place, one in enumerate(land.drawings)
        if inside_point(one.shape, inside)
    ]
    return tuple(sorted(found, key=lambda one: -_size(one[2])))


def _data(
    case: PublicCase,
    account: PublicAccount,
    months: Sequence[date],
    tints: Mapping[str, int],
    near: Sequence[Near],
) -> dict[str, Any]:
    """Take what the script needs.

    Returns
    -------
    dict
        ``months``; ``standings``, each fill, words, and words where a border is near; ``lands``, each name
        and runs of month, standing and the drawings in force (1 or 0 each); ``sites``, by place in the
        account: territory, and 1 where it surely lies inside; ``shapes`` of the map of sites, each territory,
        drawing, 1 where approximate, and outline; ``names`` there: territory and place of the name.
    """
    place = {month: number for number, month in enumerate(months)}
    standings: dict[tuple[str, str, str], int] = {("", held_words([]), held_words([])): 0}

    def standing(holders: Sequence[PublicHolder]) -> int:
        said = _key(holders, tints), held_words(holders), held_words(holders, surely=False)
        return standings.setdefault(said, len(standings))

    lands = [
        {
            "name": land.name,
            "runs": [
                [place.get(one.since, 0), standing(one.holders), "".join("01"[there] for there in one.drawn)]
                for one in land.tenures
            ],
        }
        for land in case.territories
    ]
    return {
        "months": [month.isoformat() for month in months],
        "standings": [list(one) for one in standings],
        "lands": lands,
        "sites": _sites(case, account),
        "shapes": [[land, drawing, int(rough), walk(shape)] for land, drawing, shape, rough in near],
        "names": _names(account, near),
    }


def _sites(case: PublicCase, account: PublicAccount) -> dict[int, list[list[int]]]:
    number = {land.name: place for place, land in enumerate(case.territories)}
    sites = {site.site_id: place for place, site in enumerate(account.sites)}
    found: dict[int, list[list[int]]] = {}
    for one in case.grounds:
        if one.site_id in sites:
            found.setdefault(sites[one.site_id], []).append([number[one.territory], int(one.surely)])
    return found


def _names(account: PublicAccount, near: Sequence[Near]) -> list[tuple[int, float, float]]:
    box = extent(account)
    if box is None:
        return []
    head = box.north - _HEAD * (box.north - box.south)
    points = {
        land: point
        for land, _, shape, _ in near
        for south in (box.south, head)  # near the upper edge where it reaches there
        if (point := inside_point(shape, (box.west, south, box.east, box.north)))
    }
    return [(land, *point) for land, point in points.items()]
