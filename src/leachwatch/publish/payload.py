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
        ``totals``. A site's ``states`` is one letter a month (`CODES`); its ``areas`` are mid, low and high,
        comma-separated, empty where not measured; its ``spells`` are a letter and four days (since 1970, null
        where open). A patch is its style, the month from which it may be there, the month in which it was
        seen, its shape, and the place of its site. Shapes are as `walk` says.
    """
    box = extent(account)
    return {
        "months": [words.day(month) for month in account.months],
        "codes": {code: state for state, code in CODES.items()},
        "simulated": account.simulated,
        "bounds": box and [box.west, box.south, box.east, box.north],
        "sites": _sites(account),
        "patches": _patches(account),
        "tiles": [
            {"shape": walk(row.shape), "seen": [round(share, 2) for share in shares]}
            for row, shares in tile_shares(account).values()
        ],
        "totals": [_total(total.pool_area, total.seen) for total in monthly_totals(account)],
    }


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


def walk(shape: Shape) -> list[list[list[int]]]:
    """Write a shape as steps of 1e-5 degree between points, from (0, 0) on, without the closing one."""
    return [[_steps(ring) for ring in part] for part in shape]


def _steps(ring: Ring) -> list[int]:
    points = [(round(lon * _UNITS), round(lat * _UNITS)) for lon, lat in ring[:-1]]
    moves = zip([(0, 0), *points], points, strict=False)
    return [step for (x0, y0), (x1, y1) in moves for step in (x1 - x0, y1 - y0)]


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
    return [
        ",".join("" if area is None else f"{getattr(area, name):.0f}" for area in areas)
        for name in ("value", "low", "high")
    ]


def _patches(account: PublicAccount) -> list[list[Any]]:
    classes, of = appearances(account)
    place = {month: number for number, month in enumerate(account.months)}
    sites = {site.site_id: number for number, site in enumerate(account.sites)}
    return [
        [classes[kind].style, *_times(patch, place), walk(patch.shape), sites[patch.site_id]]
        for patch, kind in zip(account.patches, of, strict=True)
    ]


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
