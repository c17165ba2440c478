"""A made-up case: what customs, images and people say of a district that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from leachwatch import tables
from leachwatch.case import ClaimSettings
from leachwatch.case.records import Actor, Citation, Claim, ControlSpell, Event, Records, Source, Territory
from leachwatch.claims import Data, Outcome, Reader
from leachwatch.claims.measures import Measures
from leachwatch.claims.verdicts import judge
from leachwatch.trade import Rate, Rates

Row = dict[str, Any]

NAMES = {"sources": "src", "claims": "clm", "events": "evt", "citations": "cit", "actors": "act"} | {
    "territories": "ter", "control": "spl", "relations": "rel"
}  # fmt: skip
KINDS: dict[str, Any] = {
    "sources": Source, "claims": Claim, "events": Event, "citations": Citation, "actors": Actor,
    "territories": Territory, "control": ControlSpell,
}  # fmt: skip


def name(kind: str, number: int) -> str:
    return f"{NAMES[kind]}-{number:010d}"


def source(number: int, group: str = "", **more: Any) -> Source:
    return Source(
        id=name("sources", number), kind="media", public_descriptor=f"source {number}",
        independence_group=group, tlp="CLEAR", **more,
    )  # fmt: skip


def citation(number: int, of: int, through: int | None = None) -> Citation:
    told = None if through is None else name("sources", through)
    return Citation(id=name("citations", number), source=name("sources", of), through=told, tlp="CLEAR")


def claim(test: Mapping[str, Any] | None, number: int = 1, **more: Any) -> Claim:
    said = {
        "id": name("claims", number), "text": "It is so.", "kind": "numeric", "author": name("sources", 1),
        "tlp": "CLEAR", "test": test,
    }  # fmt: skip
    return Claim.model_validate(said | more)


def month_of(series: str, month: str, low: float, high: float | None, *, identified: bool = True) -> Row:
    partner, hs = series.split()
    return {
        "month": date.fromisoformat(f"{month}-01"), "reporter": "CHN", "partner": partner, "flow": "import",
        "hs": hs, "low": low, "high": high, "mid": None, "identified": identified, "reported": False,
    }  # fmt: skip


def figure(series: str, first: str, last: str, value: float, **more: Any) -> Row:
    partner, hs = series.split()
    return {
        "source_id": "F1", "row": 1, "reporter": "CHN", "partner": partner, "flow": "import", "hs": hs,
        "hs_scope": hs, "period_start": date.fromisoformat(first), "period_end": date.fromisoformat(last),
        "value": value, "unit": "t", "basis": "gross", "low": None, "high": None, "status": "reported",
        "certainty": "A", "published": None, "vintage": None, "metric": "import", "source": "a paper",
        "url": None, "note": None,
    } | more  # fmt: skip


def trade(
    partner: str = "MMR", period: str = "2024-04", hs: Iterable[str] = ("28469019",), **more: Any
) -> Row:
    return {"of": "trade", "partner": partner, "hs": list(hs), "period": period} | more


WEST, SOUTH = 98.0, 25.0


def site(
    number: int, lon: float, lat: float, *, pools: tuple[str | None, str] = (None, "2022-03-01"), **more: Any
) -> Row:
    earliest, latest = (None if one is None else date.fromisoformat(one) for one in pools)
    return {
        "site_id": f"s{number:03d}", "geometry": Point(lon, lat).buffer(0.001), "area": "Valley",
        "simulated": False, "score": 0.9, "tier": "confirmed", "lookalike": None, "lookalike_score": None,
        "cleared_from_earliest": earliest, "cleared_from_latest": latest, "pools_from_earliest": earliest,
        "pools_from_latest": latest, "state": "active", "state_since_earliest": earliest,
        "state_since_latest": latest, "provisional": False, "pool_area_m2": 1000.0, "pool_area_m2_low": 800.0,
        "pool_area_m2_high": 1200.0, "pool_count": 5, "pool_count_low": 4, "pool_count_high": 6,
        "worked_area_m2": 3000.0, "hull_area_m2": 4000.0, "disturbed_area_m2": 6000.0, "review": "none",
        "review_reason": None, "lineage": [],
    } | more  # fmt: skip


def site_month(number: int, month: str, state: str = "active", **more: Any) -> Row:
    unseen = state == "unseen"
    return {
        "site_id": f"s{number:03d}", "month": date.fromisoformat(f"{month}-01"), "clear_share": 0.9,
        "looks": 0 if unseen else 2, "pool_area_m2": None if unseen else 900.0,
        "pool_area_m2_low": None if unseen else 700.0, "pool_area_m2_high": None if unseen else 1100.0,
        "worked_area_m2": None if unseen else 2500.0, "state": state,
    } | more  # fmt: skip


def months(year: int) -> list[str]:
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def seen(year: int = 2023, share: float = 1.0, outline: BaseGeometry | None = None) -> list[Row]:
    whole = box(WEST, SOUTH, WEST + 0.2, SOUTH + 0.2) if outline is None else outline
    return [
        {
            "tile": "t1", "geometry": whole, "month": date.fromisoformat(f"{month}-01"), "clear_share": share,
            "scenes": 5,
        }
        for month in months(year)
    ]  # fmt: skip


def held(number: int, month: str, controller: str | None, answer: str = "yes", **more: Any) -> Row:
    return {
        "site_id": f"s{number:03d}", "month": date.fromisoformat(f"{month}-01"), "territory": "North",
        "controller": controller, "answer": answer, "share": 1.0, "contested": False, "near_border": False,
    } | more  # fmt: skip


@dataclass
class Made:
    """A case in the making: rows by table, records by kind."""

    out: Path
    rows: dict[str, list[Row]] = field(default_factory=dict)
    records: list[Any] = field(default_factory=lambda: [source(1), source(2)])
    settings: ClaimSettings = field(default_factory=ClaimSettings)
    outlines: dict[tuple[str, str], BaseGeometry] = field(default_factory=dict)
    simulated: bool = False
    rate_group: str = ""

    def with_sites(self, *sites: Row, year: int = 2023, state: str = "active", share: float = 1.0) -> Made:
        self.rows["sites"] = list(sites)
        numbers = [int(one["site_id"][1:]) for one in sites]
        self.rows["site_months"] = [
            site_month(one, month, state) for one in numbers for month in months(year)
        ]
        self.rows["coverage"] = seen(year, share)
        self.rows["patches"] = []
        return self

    def data(self) -> Data:
        every = {table.name: table for table in (*tables.TABLES, *tables.TRADE_TABLES, *tables.CASE_TABLES)}
        for name_, rows in self.rows.items():
            tables.write(self.out, every[name_], every[name_].frame(rows))
        kinds: dict[str, dict[str, Any]] = {}
        for one in self.records:
            kind = next(kind for kind, model in KINDS.items() if isinstance(one, model))
            kinds.setdefault(kind, {})[one.id] = one
        month = date(2025, 3, 1)
        rates = Rates({month: Rate(month, 7.25, 7.25, 7.25, "a bank", self.rate_group)})
        return Data(
            Reader(self.out), Records(self.out.parent, **kinds), settings=self.settings, rates=rates,
            outlines=self.outlines, areas={"Valley": box(WEST, SOUTH, WEST + 0.2, SOUTH + 0.2)},
            simulated=self.simulated,
        )  # fmt: skip

    def judge(self, test: Mapping[str, Any], **more: Any) -> Outcome:
        return judge(claim(test, **more), Measures(self.data()))


def quick(kind: str, reading: Mapping[str, Any], quantifier: str, value: float, **more: Any) -> Row:
    """Write a test with one reading."""
    expect = {"quantifier": quantifier, "value": value} | more.pop("expect", {})
    return {"kind": kind, "readings": [{"id": "one", **reading}], "expect": expect} | more
