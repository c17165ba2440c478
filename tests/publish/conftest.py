"""An invented district: sites that open, grow, rest and are given up, in months that clouds partly hid."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import box

from leachwatch import tables
from leachwatch.films import Film

Row = dict[str, Any]
District = dict[str, list[Row]]
Make = Callable[..., District]
Write = Callable[[District], Path]

WEST, SOUTH, SIDE = 98.30, 25.62, 0.045
METRE = 1 / 111_320
FIRST = date(2021, 6, 1)
STATES = ("absent", "cleared", "active", "idle", "active", "abandoned")


def month_after(months: int) -> date:
    number = FIRST.year * 12 + FIRST.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def square(lon: float, lat: float, metres: float) -> Any:
    return box(lon, lat, lon + metres * METRE, lat + metres * METRE)


def coverage(months: int, tiles: int, dice: random.Random) -> list[Row]:
    return [
        {
            "tile": f"47RPJ-{tile:03d}",
            "geometry": tile_at(tile % 3, tile // 3),
            "month": month_after(month),
            "clear_share": seen(month_after(month), dice),
            "scenes": 6,
        }
        for tile in range(tiles)
        for month in range(months)
    ]  # fmt: skip


def tile_at(column: int, row: int) -> Any:
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return box(west, south, west + SIDE, south + SIDE)


def seen(month: date, dice: random.Random) -> float:
    wet = month.month in {6, 7, 8, 9}
    share = dice.uniform(-0.4, 0.7) if wet else dice.uniform(0.6, 1.2)
    return min(1.0, max(0.0, share))


def changes(months: int, dice: random.Random) -> list[int]:
    """Months at which a site goes to its next state."""
    gaps = (
        dice.randint(-3, months // 3),
        dice.randint(1, 4),
        dice.randint(4, 12),
        dice.randint(3, 7),
        dice.randint(3, 15),
    )
    return [sum(gaps[: number + 1]) for number in range(len(gaps))]  # fmt: skip


def state_at(month: int, turns: list[int]) -> str:
    return STATES[sum(month >= turn for turn in turns)]


def area_at(month: int, turns: list[int], size: float) -> float:
    if state_at(month, turns) not in {"active", "idle"}:
        return 0.0
    return size * min(1.0, 0.25 + 0.06 * (month - turns[1]))


def look(month: int, day: int) -> date:
    return month_after(month) + timedelta(days=day)


def interval(name: str, month: int, months: int, *, optional: bool) -> Row:
    if month <= 0:
        return {f"{name}_earliest": None, f"{name}_latest": look(0, 4)}
    if month >= months:
        return {
            f"{name}_earliest": look(months - 1, 20),
            f"{name}_latest": None if optional else look(months, 4),
        }
    return {f"{name}_earliest": look(month - 1, 11), f"{name}_latest": look(month, 7)}


def bounds(name: str, value: float, spread: float = 0.25, kind: type = float) -> Row:
    return {
        name: kind(value),
        f"{name}_low": kind(value * (1 - spread)),
        f"{name}_high": kind(value * (1 + spread)),
    }


def site_rows(number: int, months: int, tiles: int, dice: random.Random) -> District:
    lon = WEST + dice.uniform(0.004, 0.045 * min(3, tiles) - 0.008)
    lat = SOUTH + dice.uniform(0.004, 0.045 * max(1, tiles // 3) - 0.008)
    side, size, turns = dice.uniform(60, 300), dice.uniform(400, 9000), changes(months, dice)
    name = f"lw-{4200 + number:05d}-{month_after(max(0, turns[0])):%Y%m}"
    states = [state_at(month, turns) for month in range(months)]
    hidden = [
        dice.random() < (0.75 if month_after(month).month in {7, 8} else 0.08) for month in range(months)
    ]
    state = states[-1] if states[-1] != "absent" else "cleared"
    began = max([turn for turn in turns if turn < months], default=0)
    tier = dice.choice(("confirmed", "confirmed", "probable", "possible"))
    alike = dice.choice((None, "fish pond", "quarry", "landslide"))
    site = {
        "site_id": name, "geometry": square(lon, lat, side), "area": "Pangwa" if number % 3 else "Chipwi ချီ",
        "simulated": True, "score": dice.uniform(0.5, 0.99), "tier": tier,
        "lookalike": alike, "lookalike_score": None if alike is None else dice.uniform(0.05, 0.4),
        **interval("cleared_from", turns[0], months, optional=True),
        **interval("pools_from", turns[1], months, optional=True),
        "state": state, "provisional": number % 4 == 0,
        **interval("state_since", began, months, optional=True),
        **bounds("pool_area_m2", size), **bounds("pool_count", size / 110, 0.3, int),
        "worked_area_m2": side**2 * 0.7, "hull_area_m2": side**2, "disturbed_area_m2": (side + 60) ** 2,
        "review": "none", "review_reason": None, "lineage": [],
    }  # fmt: skip
    return {
        "sites": [site],
        "site_months": [
            month_row(name, month, "unseen" if hidden[month] else states[month], area_at(month, turns, size))
            for month in range(months)
        ],
        "spells": spell_rows(name, states, months),
        "patches": patch_rows(name, (lon, lat, side), turns, months, size),
        "coverage": [],
    }


def month_row(name: str, month: int, state: str, area: float) -> Row:
    none = dict.fromkeys(("pool_area_m2", "pool_area_m2_low", "pool_area_m2_high"))
    unseen = state == "unseen"
    return {
        "site_id": name, "month": month_after(month), "clear_share": 0.0 if unseen else 0.9,
        "looks": 0 if unseen else 3, **(none if unseen else bounds("pool_area_m2", area)),
        "worked_area_m2": None if unseen else area * 3, "state": state,
    }  # fmt: skip


def spell_rows(name: str, states: list[str], months: int) -> list[Row]:
    starts = [month for month in range(months) if month == 0 or states[month] != states[month - 1]]
    ends = [*starts[1:], months]
    return [
        {
            "site_id": name, "state": states[start], **interval("start", start, months, optional=False),
            "end_earliest": look(end - 1, 15), "end_latest": None if end == months else look(end, 7),
        }
        for start, end in zip(starts, ends, strict=True) if states[start] != "absent"
    ]  # fmt: skip


def patch_rows(
    name: str, place: tuple[float, float, float], turns: list[int], months: int, size: float
) -> list[Row]:
    lon, lat, side = place
    many = max(2, int(side / 38))
    rows = []
    for number in range(many * many):
        appeared = turns[1] + number * 14 // (many * many)
        if appeared >= months or number % 5 == 4:
            continue
        at = (lon + (number % many) * side / many * METRE, lat + (number // many) * side / many * METRE)
        rows.append(
            {
                "site_id": name, "geometry": square(*at, side / many * 0.8),
                "last_seen": look(months - 1, 20),
                **interval("first_seen", appeared, months, optional=False), "pool_area_m2": size / many**2,
            }
        )  # fmt: skip
    return rows


def make_district(*, sites: int = 12, months: int = 30, tiles: int = 6, seed: int = 3) -> District:
    dice = random.Random(seed)  # noqa: S311 - an invented district, not a secret
    rows: District = {table.name: [] for table in tables.TABLES}
    rows["coverage"] = coverage(months, tiles, dice)
    for number in range(sites):
        for name, more in site_rows(number, months, tiles, dice).items():
            rows[name] += more
    return rows


@pytest.fixture(scope="session")
def district() -> Make:
    """Make the rows of an invented district, by table."""
    return make_district


def make_film(*, looks: int = 4, side: int = 36) -> Film:
    """A film of noise around a square of pools: absent, changing, then active."""
    dice = np.random.default_rng(looks * side)
    pool = np.zeros((side, side), np.bool_)
    pool[side // 2 - 3 : side // 2 + 3, side // 2 - 2 : side // 2 + 4] = True
    return Film(
        days=tuple(date(2022, 1, 5) + timedelta(days=40 * look) for look in range(looks)),
        states=(*("absent", "")[:looks], *["active"] * (looks - 2)),
        looks=looks + 4,
        pixel_m=10,
        colours=dice.integers(1, 120, (looks, side, side, 3)).astype(np.uint8),
        evidence=dice.uniform(-1.5, 2, (looks, side, side)).astype(np.float16),
        judged=np.ones((side, side), np.bool_),
        pool=pool,
    )


@pytest.fixture(scope="session")
def filmed() -> Callable[..., Film]:
    """Make a film of an invented site."""
    return make_film


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows as tables, and give their folder."""

    def to_disk(rows: District) -> Path:
        for table in tables.TABLES:
            tables.write(tmp_path, table, table.frame(rows[table.name]))
        return tmp_path

    return to_disk


def trade_rows() -> dict[str, list[Row]]:
    """Made-up rows of trade, by table: two series with charts and one without, a shock of each kind."""
    return {
        "observations": [
            figure("A16", 2020, "MMR", 17512.0),
            figure("A24", 2023, "MMR", 41700.0, low=41490.0, high=41930.0),
            figure("W02", 2023, "WLD", 43906.0),
            figure("W33", 2024, "WLD", 15_110_000.0, hs_scope="28469048", unit="kg"),
            figure("W05", 2024, "WLD", 55_000.0, hs_scope="25309020"),
            figure("S01", 2023, "MMR", 57.0, unit="percent", basis=None, flow="none"),
            priced("P13", date(2025, 3, 24), 6550.0, "CNY/kg"),
            priced("P13-USD", date(2025, 3, 24), 898.5, "USD/kg", low=888.7, high=907.2, status="derived"),
            priced("P16", date(2025, 4, 1), None, "USD/kg", low=930.0, high=1000.0, metric=EUROPE),
            figure("M01", 2023, "MMR", 300.0, period_end=date(2023, 11, 30)),
        ],
        "series": [
            trade_month(partner, month, low)
            for partner, low in (("MMR", 1000.0), ("WLD", 2000.0), ("LAO", 100.0))
            for month in range(1, 8)
        ],
        "contradictions": [
            repair("C1", 1, 69.0, "swap", ["P24", "P25"], 0.78, "P24 printed -56 % and P25 printed -60 %"),
            repair("C1", 2, 69.0, "digit", ["P22"], 0.07, "P22 printed 1270 t, 1200 t fits"),
            repair("C2", 1, 4847.0, "drop", ["P20"], 1.0, "P20 printed 43855 t, the rest allows 48865 t"),
        ],
        "shocks": [
            trade_shock(2, "MMR"),
            trade_shock(3, "MMR", seasonal=True),
            trade_shock(4, "WLD", probability=0.3, sum_of_origins=True, event_id=None),
            trade_shock(2, "LAO"),
        ],
        "events": [
            {
                "event_id": "gates", "first": date(2024, 2, 10), "last": date(2024, 2, 20), "partner": "MMR",
                "kind": "disruption", "seasonal": False, "shows": "fall", "effect": "", "source": "a paper",
                "url": "", "note": "the gates shut",
            }
        ],
        "estimates": [
            trade_estimate("rare earth oxide", "28469019", (43750.0, 46681.0, 50292.0), "t", "REO"),
            trade_estimate("share of supply", "dysprosium mined", (0.432, 0.48, 0.528), "share"),
            trade_estimate("share of supply, as published", "mined [S01]", (0.565, 0.57, 0.575), "share"),
            trade_estimate(
                "would be due per 1,000 t", "under R1, levy", (4.1e6, 4.5e6, 5.0e6), "USD", period="2025-03"
            ),
        ],
    }  # fmt: skip


def figure(name: str, year: int, partner: str, value: float, **more: Any) -> Row:
    return {
        "source_id": name, "row": 1, "reporter": "CHN", "partner": partner, "flow": "import",
        "hs": "28469019", "hs_scope": "28469019", "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31), "value": value, "unit": "t", "basis": "gross", "low": None,
        "high": None, "status": "reported", "certainty": "A", "published": None, "vintage": None,
        "metric": "import", "source": f"who printed {name}", "url": None, "note": None,
    } | more  # fmt: skip


EUROPE = "price: Tb oxide, Europe"


def priced(name: str, day: date, value: float | None, unit: str, **more: Any) -> Row:
    told = {"metric": "price: Tb oxide", "period_start": day, "period_end": day, "unit": unit, "flow": "none"}
    return figure(name, 2025, "", value or 0.0) | {"value": value, "basis": None, "hs": ""} | told | more


def trade_month(partner: str, month: int, low: float) -> Row:
    return {
        "month": date(2024, month, 1), "reporter": "CHN", "partner": partner, "flow": "import",
        "hs": "28469019", "low": low * month, "high": low * month + 50, "mid": None,
        "identified": month != 3, "reported": month == 2,
    }  # fmt: skip


FITS = {
    "P20": (43855.0, 48865.469, 48885.784, "t"),
    "P22": (1270.0, 1178.629, 1200.155, "t"),
    "P24": (-56.0, -81.858, None, "%"),
    "P25": (-60.0, -56.134, -56.068, "%"),
}
"""As printed, what fits, and the unit."""


def repair(name: str, rank: int, tonnes: float, kind: str, suspects: list[str], *more: Any) -> Row:
    share, change = more
    printed, low, high, units = (list(part) for part in zip(*(FITS[one] for one in suspects), strict=True))
    return {
        "conflict": name, "rank": rank, "statements": suspects, "tonnes": tonnes, "repair": kind,
        "suspects": suspects, "share": share, "change": change, "printed": printed, "fits_low": low,
        "fits_high": high, "units": units,
    }  # fmt: skip


def trade_shock(month: int, partner: str, **more: Any) -> Row:
    plain = {"text": "", "number": 0.0, "flag": False, "date": None}
    blank = {
        column.name: None if column.optional else column.words[0] if column.words else plain[column.kind]
        for column in tables.SHOCKS.columns
    }
    return {
        **blank, "start": date(2024, month, 1), "series": f"CHN import {partner} 28469019",
        "sum_of_origins": False, "change_vs_season": -0.4, "mom": -0.34, "yoy": -0.42,
        "probability": 0.95, "seasonal": False, "event_id": "gates",
    } | more  # fmt: skip


def trade_estimate(
    quantity: str,
    scenario: str,
    levels: tuple[float, float, float],
    unit: str,
    basis: str | None = None,
    period: str = "2023",
) -> Row:
    low, middle, high = levels
    return {
        "quantity": quantity, "period": period, "scenario": scenario, "p05": low, "p50": middle, "p95": high,
        "unit": unit, "basis": basis, "inputs": ["S01"],
    }  # fmt: skip


@pytest.fixture(scope="session")
def trade() -> Callable[[], dict[str, Any]]:
    """Make the frames of trade, by table."""
    by_name = {table.name: table for table in tables.TRADE_TABLES}
    return lambda: {name: by_name[name].frame(rows) for name, rows in trade_rows().items()}
