"""Statements for tests: what is printed of one code, in few words."""

from __future__ import annotations

from datetime import date
from typing import Any

from leachwatch.trade.statement import Statement

HS = "28469019"


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def said(id_: str, kind: str, period: str, value: float, **more: Any) -> Statement:
    """One statement: ``period`` and ``base`` are ``2024-01`` or ``2024-01/2024-08``."""
    start, _, end = period.partition("/")
    base_start, _, base_end = str(more.pop("base", "")).partition("/")
    values: dict[str, Any] = dict.fromkeys(("base_partner", "base_hs"))
    values |= {"id": id_, "reporter": "CHN", "partner": "WLD", "flow": "import", "hs": HS, "basis": "gross"}
    values |= {"kind": kind, "period_start": month(start), "period_end": month(end or start)}
    values |= {"base_start": month(base_start) if base_start else None}
    values |= {"base_end": month(base_end or base_start) if base_start else None}
    values |= {"value": value, "unit": "%" if kind in {"change", "share"} else "t"}
    values |= {"half_width": 0.5, "source": "paper"}
    return Statement(**{**values, **more})


def total(id_: str, period: str, value: float, **more: Any) -> Statement:
    return said(id_, "total", period, value, **more)


def change(id_: str, period: str, base: str, value: float, **more: Any) -> Statement:
    return said(id_, "change", period, value, base=base, **more)


def share(id_: str, period: str, partner: str, value: float, **more: Any) -> Statement:
    return said(id_, "share", period, value, **{"partner": partner, "base_partner": "WLD", **more})
