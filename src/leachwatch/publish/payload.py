"""The account as the page's script reads it: short, and safe inside an HTML element."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from leachwatch.publish import words
from leachwatch.publish.geography import bounds_of, extent
from leachwatch.publish.model import Estimate, Interval, PublicAccount, PublicPatch, PublicSite, Ring, Shape
from leachwatch.publish.series import monthly_totals, site_states, tile_shares
from leachwatch.publish.symbols import appearances

__all__ = ["embed", "pack", "walk"]

CODES = {"active": "a", "idle": "i", "cleared": "c", "abandoned": "b", "absent": "n", "unseen": "u"}
"""One letter a state, so that a site's months are one short text."""

_EPOCH = date(1970, 1, 1)
_UNITS = 100_000  # a degree

_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def embed(value: Any) -> str:
    """Write JSON that can stand inside ``<script type="application/json">``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPED)


def pack(account: PublicAccount) -> dict[str, Any]:
    """Take what the script needs, and no more; the table on the page has the rest.

    Returns
    -------
    dict
        ``months`` (ISO, first days), ``simulated``, ``bounds``, ``sites``, ``patches``, ``tiles`` and
        ``totals``. A site's ``states`` is one letter a month (`CODES`); its ``areas`` are mid to three
        digits, low and high in percent of it or, where it is 0, in m², comma-separated, empty where not
        measured; its ``spells`` are a letter and four days (since 1970, null where open). A patch has the
        number of its ``site``, its ``style``, the month from which it ``may`` be there, the month in which it
        ``was`` seen, and its ``shape``, which begins at the middle of the site. Shapes are as `walk` says;
        sites and patches are written by column, which packs better.
    """
    box = extent(account)
    return {
        "months": [words.day(month) for month in account.months],
        "codes": {code: state for state, code in CODES.items()},
        "simulated": account.simulated,
        "bounds": box and [box.west, box.south, box.east, box.north],
        "sites": _by_column(_sites(account)),
        "patches": _by_column(_patches(account)),
        "tiles": [
            {"shape": walk(row.shape), "seen": [round(share, 2) for share in shares]}
            for row, shares in tile_shares(account).values()
        ],
        "totals": [_total(total.pool_area, total.seen) for total in monthly_totals(account)],
    }


def _by_column(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def _total(area: Estimate | None, seen: int) -> dict[str, Any]:
    return {"seen": seen, "area": area and f"{words.area(area.value)} ({words.area_range(area)})"}


def _sites(account: PublicAccount) -> list[dict[str, Any]]:
    states = site_states(account)
    areas = _areas(account)
    spells = defaultdict(list)
    for spell in account.spells:
        spells[spell.site_id].append([CODES[spell.state], *_days(spell.start), *_days(spell.end)])
    return [
        {
            "id": site.site_id,
            "tier": site.tier,
            "at": _sign(site),
            "shape": walk(site.shape),
            "states": "".join(CODES[state] for state in states[site.site_id]),
            "areas": areas[site.site_id],
            "spells": spells[site.site_id],
        }
        for site in account.sites
    ]


def _days(when: Interval) -> list[int | None]:
    return [None if day is None else (day - _EPOCH).days for day in (when.earliest, when.latest)]


def walk(shape: Shape, start: tuple[int, int] = (0, 0)) -> list[list[list[int]]]:
    """Write a shape as steps of 1e-5 degree between points, each ring from `start` on, without closing it."""
    return [[_steps(ring, start) for ring in part] for part in shape]


def _steps(ring: Ring, start: tuple[int, int]) -> list[int]:
    points = [(_units(lon), _units(lat)) for lon, lat in ring[:-1]]
    moves = zip([start, *points], points, strict=False)
    return [step for (x0, y0), (x1, y1) in moves for step in (x1 - x0, y1 - y0)]


def _units(degrees: float) -> int:
    return round(degrees * _UNITS)


def _sign(site: PublicSite) -> list[float]:
    """Where the sign stands: middle longitude, and the latitudes of the middle and the top."""
    box = bounds_of([site.shape])
    if box is None:
        return [0.0, 0.0, 0.0]
    lon, lat = box.middle
    return [round(lon, 5), round(lat, 5), box.north]


def _areas(account: PublicAccount) -> Mapping[str, list[str]]:
    measured = {(row.site_id, row.month): row.pool_area for row in account.site_months}
    return {
        site.site_id: _columns([measured.get((site.site_id, month)) for month in account.months])
        for site in account.sites
    }


def _columns(areas: list[Estimate | None]) -> list[str]:
    rows = [("", "", "") if area is None else _figures(area) for area in areas]
    return [",".join(row[column] for row in rows) for column in range(3)]


def _figures(area: Estimate) -> tuple[str, str, str]:
    """Write an area and its bounds as finely as a chart shows them.

    Examples
    --------
    >>> _figures(Estimate(value=12345.6, low=9000.0, high=15000.0))
    ('12300', '73', '122')
    >>> _figures(Estimate(value=0.3, low=0.0, high=87.4))
    ('0', '0', '87')
    """
    middle = round(float(f"{area.value:.3g}"))
    unit = middle / 100 if middle else 1.0
    return str(middle), f"{area.low / unit:.0f}", f"{area.high / unit:.0f}"


def _patches(account: PublicAccount) -> list[dict[str, Any]]:
    classes, of = appearances(account)
    place = {month: number for number, month in enumerate(account.months)}
    numbers = {site.site_id: number for number, site in enumerate(account.sites)}
    starts = [(_units(lon), _units(lat)) for lon, lat, _ in map(_sign, account.sites)]
    rows = []
    for patch, kind in zip(account.patches, of, strict=True):
        site, (may, was) = numbers[patch.site_id], _times(patch, place)
        shape = walk(patch.shape, starts[site])
        rows.append({"site": site, "style": classes[kind].style, "may": may, "was": was, "shape": shape})
    return rows


def _times(patch: PublicPatch, place: Mapping[date, int]) -> tuple[int, int]:
    """Find the month from which a patch may be there, and that in which it was seen."""
    seen: Interval = patch.first_seen
    was = _index(seen.latest, place)
    return 0 if seen.earliest is None else min(was, _index(seen.earliest, place)), was


def _index(when: date | None, place: Mapping[date, int]) -> int:
    """Count the months up to a day; days before or after the account fall into its first or last month."""
    if when is None or not place:
        return 0
    first = min(place)
    months = (when.year - first.year) * 12 + when.month - first.month
    return max(0, min(months, len(place) - 1))
