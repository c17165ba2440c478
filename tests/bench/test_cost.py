from __future__ import annotations

import pytest

from leachwatch.bench import Prices, reckon

ONE = Prices(cpu_seconds=0.5, bytes=2e6, core_hour=0.05, gigabit=1.0)


def test_cost_is_area_times_looks_times_what_a_look_takes() -> None:
    kachin = reckon(100, ONE)["Kachin"]
    assert kachin.core_hours == pytest.approx(89_042 / 100 * 100 * 0.5 / 3600)
    assert kachin.dollars == pytest.approx(kachin.core_hours * 0.05)
    assert kachin.tiles == round(89_042 / 5.12**2)
    assert kachin.terabytes == pytest.approx(89_042 / 5.12**2 * 100 * 2e6 / 1e12)
    assert kachin.days_line == pytest.approx(kachin.terabytes * 8e12 / 1e9 / 86_400)
    assert kachin.days_two_cores == pytest.approx(kachin.core_hours / 48)


def test_regions_differ_by_their_land_alone() -> None:
    costs = reckon(100, ONE)
    shares = {name: cost.core_hours / cost.km2 for name, cost in costs.items()}
    assert len(costs) == 3
    assert all(share == pytest.approx(shares["Kachin"]) for share in shares.values())
    assert 1.8e6 < costs["mainland South-East Asia"].km2 < 2e6
    assert 5e7 < costs["the tropics"].km2 < 5.5e7


def test_no_look_costs_nothing() -> None:
    assert all(cost.dollars == cost.terabytes == 0 for cost in reckon(0, ONE).values())
