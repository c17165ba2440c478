"""The expansion map: which pools appeared when. One sheet an area with all years, and one for each year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import pandas as pd

from leachwatch.publish import assets, words
from leachwatch.publish.geography import Paper, bounds_of
from leachwatch.publish.model import PublicAccount, PublicPatch, PublicSite
from leachwatch.publish.picture import Line, meridians, parallels, scale_bar
from leachwatch.publish.pictures.still import Still
from leachwatch.publish.series import tile_shares
from leachwatch.publish.symbols import SHADES, Appearance, appearances

__all__ = ["expansion_maps"]

_WIDTH = 1040.0
_LEAST, _MOST = 460.0, 820.0
_MARGIN = 0.06  # of the extent
_SMALLEST = 3.0  # px: a patch smaller than that is drawn as a dot of that size
_SEEN = 0.5  # share of a tile: below that it counts as not seen
_EARLIER = "#b3ab9d"
_ACCENT = "#b23a12"
_HATCH = 9  # px between lines


@dataclass(frozen=True)
class _Class:
    """Patches of one year: how they look, how many, how large, and the drawing of them."""

    label: str
    colour: str
    count: int
    m2: float
    path: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class _Sheet:
    """What the template draws."""

    title: str
    subtitle: str
    told: str
    paper: Paper
    meridians: tuple[Line, ...]
    parallels: tuple[Line, ...]
    bar: Line
    tiles: str
    unseen: str
    hatch: str
    sites: str
    classes: tuple[_Class, ...]
    dotted: bool
    simulated: bool


@dataclass(frozen=True)
class _Area:
    """One area: its sites, and its patches by the class of their appearance."""

    name: str
    slug: str
    sites: tuple[PublicSite, ...]
    patches: tuple[tuple[PublicPatch, Appearance], ...]


def expansion_maps(account: PublicAccount) -> tuple[Still, ...]:
    """Draw each area that has a patch: all years on one sheet, then a sheet a year, the earlier in grey."""
    classes, of = appearances(account)
    stills: list[Still] = []
    for area in _areas(account, [classes[kind] for kind in of]):
        present = [one for one in classes if any(one is kind for _, kind in area.patches)]
        stills.append(_still(account, area, classes, None))
        stills += [_still(account, area, classes, one) for one in present if one.label.isdecimal()]
    return tuple(stills)


def _areas(account: PublicAccount, kinds: Sequence[Appearance]) -> Iterator[_Area]:
    area_of = {site.site_id: site.area for site in account.sites}
    patches: defaultdict[str, list[tuple[PublicPatch, Appearance]]] = defaultdict(list)
    for patch, kind in zip(account.patches, kinds, strict=True):
        patches[area_of[patch.site_id]].append((patch, kind))
    for name, slug in _slugs(sorted(patches)).items():
        sites = tuple(site for site in account.sites if site.area == name)
        yield _Area(name, slug, sites, tuple(patches[name]))


def _still(
    account: PublicAccount, area: _Area, classes: Sequence[Appearance], year: Appearance | None
) -> Still:
    """Draw one sheet; ``year`` is drawn strong, what came before it grey, what came later not at all."""
    upto = len(classes) if year is None else classes.index(year) + 1
    shown = classes[:upto]
    data = _data(area, shown)
    when = "year by year" if year is None else f"in {year.label}"
    title = f"{area.name}: pools that appeared {when}"
    told = _told(area, data, year, simulated=account.simulated)
    svg = _draw(account, area, shown, year, title, told)
    name = f"expansion-{area.slug}" if year is None else f"expansion-{area.slug}-{year.label}"
    return Still(name, title, told, svg, data)


def _slugs(names: Sequence[str]) -> dict[str, str]:
    """Give each area a name that is safe in a file name, and of its own.

    Examples
    --------
    >>> _slugs(["Chipwi ချီ", "Pangwa?", "Pangwa!", "../片马"])
    {'Chipwi ချီ': 'chipwi', 'Pangwa?': 'pangwa-2', 'Pangwa!': 'pangwa-3', '../片马': 'area-4'}
    """
    plain = [re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in names]
    return {
        name: slug if slug and plain.count(slug) == 1 else f"{slug or 'area'}-{number}"
        for number, (name, slug) in enumerate(zip(names, plain, strict=True), start=1)
    }


def _data(area: _Area, shown: Sequence[Appearance]) -> pd.DataFrame:
    rows = []
    whole = 0.0
    for one in shown:
        own = [patch for patch, kind in area.patches if kind is one]
        m2 = sum(patch.pool_area_m2 for patch in own)
        whole += m2
        sites = len({patch.site_id for patch in own})
        rows.append((area.name, one.label, len(own), sites, round(m2), round(whole)))
    names = ["area", "appeared", "patches", "sites", "pool_area_m2", "pool_area_so_far_m2"]
    return pd.DataFrame(rows, columns=names)


def _told(area: _Area, data: pd.DataFrame, year: Appearance | None, *, simulated: bool) -> str:
    """Say what the map shows."""
    rows = data.to_dict("records")
    parts = [_part(row) for row in rows if year is None or row["appeared"] == year.label]
    what = (
        f"Map of {area.name}, {words.count(len(area.sites), 'site')}, with leach pools by the year in which "
    )
    whole = words.area(rows[-1]["pool_area_so_far_m2"])
    end = f"All that had appeared by then: {whole}; pools that have gone since are counted too."
    said = [f"{what}they were first seen.", *parts, end]
    return " ".join(["SIMULATED: no real place.", *said] if simulated else said)


def _part(row: Mapping[Any, Any]) -> str:
    many, sites = words.count(row["patches"], "group"), words.count(row["sites"], "site")
    return f"{row['appeared'].capitalize()}: pools in {many}, {words.area(row['pool_area_m2'])} at {sites}."


def _draw(
    account: PublicAccount,
    area: _Area,
    shown: Sequence[Appearance],
    year: Appearance | None,
    title: str,
    told: str,
) -> str:
    shapes = [site.shape for site in area.sites] + [patch.shape for patch, _ in area.patches]
    tight = bounds_of(shapes)
    if tight is None:
        return ""
    size = max(tight.east - tight.west, tight.north - tight.south)
    paper = Paper.fit(tight.grown(max(size * _MARGIN, 0.002)), _WIDTH, _LEAST, _MOST)
    classes = tuple(_class(area, paper, one, year) for one in shown)
    tiles = list(_tiles(account, paper, year))
    sheet = _Sheet(
        title=title,
        subtitle=_subtitle(classes, year),
        told=told,
        paper=paper,
        meridians=meridians(paper),
        parallels=parallels(paper),
        bar=scale_bar(paper, paper.width / 6),
        tiles="".join(path for path, _ in tiles),
        unseen="".join(path for path, seen in tiles if not seen),
        hatch=_hatch(paper),
        sites="".join(paper.path(site.shape) for site in area.sites),
        classes=classes,
        dotted=any(one.dots for one in classes),
        simulated=account.simulated,
    )
    return assets.template("expansion.svg.j2", area=words.area).render(sheet=sheet, accent=_ACCENT)


def _hatch(paper: Paper) -> str:
    """Slanting lines over a whole sheet, to be clipped."""
    wide, high = ceil(paper.width), ceil(paper.height)
    return "".join(f"M{at} 0L{at - high} {high}" for at in range(_HATCH, wide + high, _HATCH))


def _subtitle(classes: Sequence[_Class], year: Appearance | None) -> str:
    if year is None:
        whole = sum(one.m2 for one in classes)
        return f"{words.area(whole)} of leach pools, by the year in which a clear look first showed them"
    *before, last = classes
    earlier = sum(one.m2 for one in before)
    return f"{words.area(last.m2)} of leach pools were new; {words.area(earlier)} had appeared before (grey)"


def _class(area: _Area, paper: Paper, one: Appearance, year: Appearance | None) -> _Class:
    own = [patch for patch, kind in area.patches if kind is one]
    paths, dots = [], []
    for patch in own:
        box = bounds_of([patch.shape])
        if box is None:
            continue
        wide = max(paper.x(box.east) - paper.x(box.west), paper.y(box.south) - paper.y(box.north))
        if wide >= _SMALLEST:
            paths.append(paper.path(patch.shape))
        else:
            lon, lat = box.middle
            dots.append((round(paper.x(lon), 1), round(paper.y(lat), 1)))
    colour = SHADES[one.style] if year is None else _ACCENT if one is year else _EARLIER
    m2 = sum(patch.pool_area_m2 for patch in own)
    return _Class(one.label, colour, len(own), m2, "".join(paths), tuple(dots))


def _tiles(account: PublicAccount, paper: Paper, year: Appearance | None) -> Iterator[tuple[str, bool]]:
    """Tiles on the sheet, and whether most of each was seen at least once in the time that is shown."""
    months = account.months
    box = paper.bounds
    for row, shares in tile_shares(account).values():
        own = bounds_of([row.shape])
        if own is None or own.west > box.east or own.east < box.west:
            continue
        if own.south > box.north or own.north < box.south:
            continue
        best = [
            share
            for month, share in zip(months, shares, strict=True)
            if year is None or str(month.year) == year.label
        ]
        yield paper.path(row.shape), max(best, default=0.0) >= _SEEN
