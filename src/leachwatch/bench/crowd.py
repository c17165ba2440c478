"""A case with as many made-up sites as asked for, beside the records and trade figures of the Kachin case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from leachwatch import films, tables
from leachwatch.case import open_case, template_files
from leachwatch.case.records import Records, read_records
from leachwatch.claims import check_claims
from leachwatch.estimate import keep_account

__all__ = ["Crowd", "write_crowd"]

_SEED = 23
_FIRST = date(2019, 1, 1)
_WEST, _SOUTH, _TILE = 97.6, 25.0, 0.047
_PIXEL = 10 / 111_320
"""Of 10 m, in degrees."""
_SITES_A_TILE = 33
_LIFE = ("absent", "cleared", "active", "idle", "active", "abandoned")
_TIERS = ("confirmed", "probable", "possible")
_STAYS = ((0, 36), (1, 5), (6, 20), (3, 9), (6, 30))
"""Least and most months of each state but the last."""
_HIDDEN = {6: 0.4, 7: 0.6, 8: 0.6, 9: 0.4}
"""Share of sites that the clouds of a month hide; of other months `_SELDOM`."""
_SELDOM = 0.08
_PATCHES = 10
_LOOKS, _SIDE = 18, 40
_TODAY = date(2026, 1, 1)


Tables = dict[str, list[dict[str, Any]]]
"""Rows by table."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """What a page is made of.

    Attributes
    ----------
    out : Path
        Folder with the tables, and with films of the surest sites.
    records : Records
        Of the Kachin case.
    statements : sequence
        What its series of trade were made from.
    """

    out: Path
    records: Records
    statements: Sequence[Any]


def write_crowd(folder: Path, *, sites: int = 2_000, months: int = 60, filmed: int = 0) -> Crowd:
    """Write a case whose sites are made up; claims and figures are those of the Kachin case.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    sites, months : int
        How many, and over how long.
    filmed : int
        How many sites have a film, of noise; the surest first.

    Returns
    -------
    Crowd
    """
    draw = np.random.default_rng(_SEED)
    out = folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    for name, content in template_files("kachin").items():
        (folder / name).write_bytes(content)
    rows: Tables = {table.name: [] for table in tables.TABLES}
    rows["coverage"] = list(_coverage(-(-sites // _SITES_A_TILE), months, draw))
    for number in range(sites):
        for name, more in _site(number, 1 - number / sites, months, draw).items():
            rows[name] += more
    for table in tables.TABLES:
        tables.write(out, table, table.frame(rows[table.name]))
    for row in rows["sites"][:filmed]:
        films.write(out, row["site_id"], _film(draw))
    kept = keep_account(out, folder, real=False, progress=_silent)
    records = read_records(folder)
    check_claims(open_case(folder, today=_TODAY), records, day=_TODAY)
    return Crowd(out, records, kept.account.statements)


def _silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def _coverage(many: int, months: int, draw: np.random.Generator) -> Iterator[dict[str, Any]]:
    for tile in range(many):
        west, south = _corner(tile)
        square = shapely.box(west, south, west + _TILE, south + _TILE)
        for month in range(months):
            hidden = _HIDDEN.get(_month(month).month, 0.0)
            yield {
                "tile": f"47RPJ-{tile:04d}", "geometry": square,
                "month": _month(month), "scenes": 6,
                "clear_share": 1 - hidden * draw.uniform(0.5, 1),
            }  # fmt: skip


def _corner(tile: int) -> tuple[float, float]:
    return _WEST + _TILE * (tile % 8), _SOUTH + _TILE * (tile // 8)


def _site(number: int, surety: float, months: int, draw: np.random.Generator) -> Tables:
    """Make the rows of one site; `surety` is 1 for the surest and near 0 for the last."""
    turns = np.cumsum([draw.integers(low, high, endpoint=True) for low, high in _STAYS])
    turns[:2] = np.minimum(turns[:2], months - 1)  # cleared by the end
    cleared, pools = (int(turn) for turn in turns[:2])
    states = [_LIFE[int((month >= turns).sum())] for month in range(months)]
    name = f"47N-{number:05d}-{draw.integers(10_000, 90_000)}-{_month(pools):%Y%m}"
    corner = np.array(_corner(number // _SITES_A_TILE)) + draw.uniform(0.002, _TILE - 0.006, 2)
    size = float(draw.uniform(500, 9_000))
    patches = list(_patches(name, corner, pools, months, draw))
    hidden = [draw.random() < _HIDDEN.get(_month(month).month, _SELDOM) for month in range(months)]
    starts = [month for month in range(months) if month == 0 or states[month] != states[month - 1]]
    worked = shapely.unary_union([row["geometry"] for row in patches]).buffer(3 * _PIXEL)
    alike = ("fish pond", 0.2) if number % 3 else (None, None)
    site: dict[str, Any] = {
        "site_id": name, "geometry": worked.convex_hull, "area": "a made-up valley", "simulated": True,
        "score": 0.5 + surety / 2, "tier": _TIERS[int(3 * (1 - surety))], "lookalike": alike[0],
        "lookalike_score": alike[1], **_between("cleared_from", cleared), **_between("pools_from", pools),
        "state": states[-1], **_between("state_since", starts[-1]), "provisional": number % 4 == 0,
        **_about("pool_area_m2", size), **_about("pool_count", round(size / 110)),
        "worked_area_m2": size * 3, "hull_area_m2": size * 4, "disturbed_area_m2": size * 6,
        "review": "none", "review_reason": None, "lineage": [],
    }  # fmt: skip
    return {
        "sites": [site],
        "site_months": [
            _site_month(name, month, "unseen" if hidden[month] else states[month], size, draw)
            for month in range(months)
        ],
        "spells": [
            {"site_id": name, "state": states[start], **_between("start", start), **_between("end", end)}
            | ({"end_latest": None} if end == months else {})
            for start, end in zip(starts, [*starts[1:], months], strict=True)
            if states[start] != "absent"
        ],
        "patches": patches,
    }


def _site_month(name: str, month: int, state: str, size: float, draw: np.random.Generator) -> dict[str, Any]:
    area = size * float(draw.uniform(0.5, 1)) if state in {"active", "idle"} else 0.0
    seen = {
        "clear_share": 0.9, "looks": 3, **_about("pool_area_m2", area, *draw.uniform(0.1, 0.4, 2)),
        "worked_area_m2": area * 3,
    }  # fmt: skip
    unseen = dict.fromkeys(seen) | {"clear_share": 0.0, "looks": 0}
    told = unseen if state == "unseen" else seen
    return {"site_id": name, "month": _month(month), "state": state, **told}


def _patches(
    name: str, corner: NDArray[np.float64], began: int, months: int, draw: np.random.Generator
) -> Iterator[dict[str, Any]]:
    """Make groups of pixels, each of three blocks that touch, as pools that appear together are."""
    for number in range(_PATCHES):
        appeared = min(began + 2 * number, months - 1)
        pixels = np.array([number % 4 * 9, number // 4 * 9]) + draw.integers(0, 3, (3, 2))
        low = corner + pixels * _PIXEL
        high = low + draw.integers(2, 6, (3, 2)) * _PIXEL
        shape = shapely.unary_union(shapely.box(*low.T, *high.T))
        yield {
            "site_id": name, "geometry": shape, **_between("first_seen", appeared),
            "last_seen": _month(months) - timedelta(days=9), "pool_area_m2": shape.area / _PIXEL**2 * 100,
        }  # fmt: skip


def _film(draw: np.random.Generator) -> films.Film:
    shape = (_LOOKS, _SIDE, _SIDE)
    pool = np.zeros((_SIDE, _SIDE), np.bool_)
    pool[12:28, 14:30] = True
    return films.Film(
        days=tuple(_FIRST + timedelta(days=60 * look) for look in range(_LOOKS)),
        states=("absent", "cleared", *["active"] * (_LOOKS - 2)),
        looks=_LOOKS,
        pixel_m=10,
        colours=draw.integers(40, 160, (*shape, 3)).astype(np.uint8),
        evidence=draw.uniform(-1.5, 2, shape).astype(np.float16),
        judged=np.ones((_SIDE, _SIDE), np.bool_),
        pool=pool,
    )


def _month(number: int) -> date:
    return date(_FIRST.year + number // 12, number % 12 + 1, 1)


def _between(name: str, month: int) -> dict[str, date | None]:
    """Two looks around the beginning of a month; before the first one there was none."""
    earliest = _month(month) - timedelta(days=12) if month else None
    return {f"{name}_earliest": earliest, f"{name}_latest": _month(month) + timedelta(days=7)}


def _about(name: str, value: float, below: float = 0.25, above: float = 0.25) -> dict[str, float]:
    kind = type(value)
    return {name: value, f"{name}_low": kind(value * (1 - below)), f"{name}_high": kind(value * (1 + above))}
