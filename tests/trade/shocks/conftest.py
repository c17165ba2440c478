"""The shipped all-origin oxide series as bounds by month, and small series made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from leachwatch.tables import SERIES
from leachwatch.trade.shocks import KnownSum, Series

OXIDE = Series("CHN", "import", "WLD", "28469019")

# Tonnes, as the reconciler bounds them from the shipped statements; one number where it is printed.
BOUNDS: dict[str, tuple[float, ...]] = {
    "2023-07": (4699, 4803),
    "2023-08": (3829, 3866),
    "2023-09": (2776, 2803),
    "2023-10": (2874,),
    "2023-11": (3369, 3573),
    "2023-12": (4082, 4158),
    "2024-01": (3664, 3863),
    "2024-02": (3135, 3216),
    "2024-05": (5418, 5452),
    "2024-06": (4217, 4538),
    "2024-07": (4223, 4281),
    "2024-08": (3189,),
    "2024-09": (5360, 5364),
    "2024-10": (3549,),
    "2024-11": (1997, 2015),
    "2024-12": (2307,),
    "2025-01": (2892, 2894),
    "2025-02": (1270,),
    "2025-03": (2131, 2182),
    "2025-04": (6506, 6554),
    "2025-05": (9076.4,),
}
HALF_2023 = tuple(date(2023, month, 1) for month in range(1, 7))
SPRING_2024 = (date(2024, 3, 1), date(2024, 4, 1))


def row(month: date, bounds: Sequence[float], series: Series = OXIDE, **changes: Any) -> dict[str, Any]:
    return {
        "month": month,
        "reporter": series.reporter,
        "partner": series.partner,
        "flow": series.flow,
        "hs": series.hs,
        "low": float(bounds[0]),
        "high": float(bounds[-1]),
        "mid": None,
        "identified": True,
        "reported": len(bounds) == 1,
    } | changes


@pytest.fixture
def oxide() -> pd.DataFrame:
    """29 months, eight of which are known within two sums only."""
    rows = [row(date.fromisoformat(f"{month}-01"), bounds) for month, bounds in BOUNDS.items()]
    summed = [*((day, 22200) for day in HALF_2023), *((day, 11664) for day in SPRING_2024)]
    rows += [row(day, (0, most), identified=False, reported=False) for day, most in summed]
    return SERIES.frame(rows)


@pytest.fixture
def oxide_sums() -> list[KnownSum]:
    return [KnownSum(OXIDE, HALF_2023, 21933, 22200), KnownSum(OXIDE, SPRING_2024, 11254, 11664)]


@pytest.fixture
def monthly() -> Callable[..., pd.DataFrame]:
    """Series of exact months from January 2022 on; None leaves a gap."""

    def made(**values: Sequence[float | None]) -> pd.DataFrame:
        return SERIES.frame(
            [
                row(date(2022 + place // 12, place % 12 + 1, 1), (value,), series)
                for name, course in values.items()
                for series in [Series("CHN", "import", "MMR", name.removeprefix("hs"))]
                for place, value in enumerate(course)
                if value is not None
            ]
        )

    return made
