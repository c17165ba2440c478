from __future__ import annotations

import itertools
from typing import Any, get_args

import numpy as np

from leachwatch.simulate.liquids import LIQUIDS
from leachwatch.simulate.lookalikes import Kind

FOLLOWS = {
    "absent": {"absent", "cleared", "active"},
    "cleared": {"cleared", "active"},
    "active": {"active", "idle", "abandoned"},
    "idle": {"idle", "active", "abandoned"},
    "abandoned": {"abandoned"},
}


def test_states_follow_the_order_in_which_a_mine_lives_them(truth: dict[str, Any]) -> None:
    for site in truth["sites"]:
        assert list(site["states"]) == truth["months"]
        for before, after in itertools.pairwise(site["states"].values()):
            assert after in FOLLOWS[before]


def test_ground_is_cleared_before_the_first_pools(truth: dict[str, Any]) -> None:
    for site in truth["sites"]:
        assert site["cleared"] < site["pools_from"]
        assert min(pool["born"] for pool in site["pools"]) == site["pools_from"]


def test_pool_area_is_zero_until_the_first_pools(truth: dict[str, Any]) -> None:
    for site in truth["sites"]:
        for month, area in site["pool_area_m2"].items():
            assert (area > 0) == (site["pools_from"] <= f"{month}-15") or site["states"][month] == "abandoned"


def test_sites_lie_so_far_apart_that_none_are_linked(truth: dict[str, Any]) -> None:
    for one, other in itertools.combinations(truth["sites"], 2):
        assert np.hypot(*np.subtract(one["xy"], other["xy"])) >= 350
        gaps = [
            np.hypot(*np.subtract(p["xy"], q["xy"]))
            for p, q in itertools.product(one["pools"], other["pools"])
        ]
        assert min(gaps) > 150


def test_there_are_three_sites_at_least(truth: dict[str, Any]) -> None:
    assert len(truth["sites"]) >= 3
    assert all(len(site["pools"]) >= 3 for site in truth["sites"])


def test_liquids_and_lookalikes_have_known_names(truth: dict[str, Any]) -> None:
    assert {pool["liquid"] for site in truth["sites"] for pool in site["pools"]} <= set(LIQUIDS)
    assert {item["kind"] for item in truth["lookalikes"]} <= set(get_args(Kind))


def test_no_lookalike_touches_a_pool(truth: dict[str, Any]) -> None:
    pools = np.array([pool["xy"] for site in truth["sites"] for pool in site["pools"]])
    for item in truth["lookalikes"]:
        if item["kind"] not in ("road", "river_bar"):
            assert np.hypot(*(pools - item["xy"]).T).min() > item["radius_m"]
