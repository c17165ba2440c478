from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.simulate import liquids, pools
from leachwatch.simulate.lives import COURSES, Course, live

FIRST, LAST = 738_156, 738_156 + 730  # two years from January 2022


def _spacing(layout: list[pools.Row]) -> np.ndarray:
    """Distance from every pool to its nearest neighbour, m."""
    points = np.array([(pool.east, pool.south) for row in layout for pool in row.pools])
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    nearest: np.ndarray = distance.min(axis=1)
    return nearest


def test_pools_are_spaced_as_the_digitised_ones_of_chipwi_are() -> None:
    """Quartiles of 1,407 real pools: 12.6, 14.8 and 18.1 m."""
    layouts = [
        pools.lay_out(np.random.default_rng(seed), (500.0, 500.0), 0.5, 14, 75.0) for seed in range(60)
    ]
    low, median, high = np.percentile(np.concatenate([_spacing(layout) for layout in layouts]), (25, 50, 75))
    assert low == pytest.approx(12.6, abs=1.5)
    assert median == pytest.approx(14.8, abs=1.5)
    assert high == pytest.approx(18.1, abs=2.5)


@given(st.integers(0, 10_000), st.integers(5, 25))
@settings(max_examples=25, deadline=None)
def test_no_pool_lies_beyond_the_pad_or_over_another(seed: int, count: int) -> None:
    layout = pools.lay_out(np.random.default_rng(seed), (500.0, 500.0), 1.0, count, 70.0)
    points = [(pool.east, pool.south) for row in layout for pool in row.pools]
    assert len(points) <= count
    assert all(np.hypot(east - 500, south - 500) <= 70 for east, south in points)
    if len(points) > 1:
        assert _spacing(layout).min() > 7.5


@given(st.integers(0, 10_000), st.sampled_from(COURSES), st.integers(150, 1500))
@settings(max_examples=60, deadline=None)
def test_spells_of_a_life_are_in_order(seed: int, course: Course, length: int) -> None:
    life = live(np.random.default_rng(seed), course, FIRST, FIRST + length)
    firsts = [spell.first for spell in life.spells]
    assert firsts == sorted(set(firsts))
    assert [spell.state for spell in life.spells[:2]] == ["cleared", "active"]


@pytest.mark.parametrize("seed", range(10))
def test_a_pause_lasts_three_months_and_ends_in_the_series(seed: int) -> None:
    life = live(np.random.default_rng(seed), "paused", FIRST, LAST)
    _, _, idle, again = life.spells
    assert (idle.state, again.state) == ("idle", "active")
    assert again.first - idle.first >= 91
    assert FIRST <= idle.first < again.first < LAST


def test_some_mines_are_there_already_and_some_open_later() -> None:
    rng = np.random.default_rng(0)
    assert live(rng, "running", FIRST, LAST).pools_from < FIRST
    assert FIRST < live(rng, "opened", FIRST, LAST).pools_from < LAST


@pytest.mark.parametrize("liquid", list(liquids.LIQUIDS))
def test_every_liquid_is_a_reflectance(liquid: liquids.Liquid) -> None:
    rng = np.random.default_rng(0)
    fills = np.stack([liquids.specimen(rng, liquid) for _ in range(200)])
    assert fills.min() > 0
    assert fills.max() < 0.9


def test_only_bright_liquids_shine_in_blue_and_green_above_near_infrared() -> None:
    rng = np.random.default_rng(1)
    contrast = {}
    for liquid in liquids.LIQUIDS:
        blue, green, nir = np.stack([liquids.specimen(rng, liquid) for _ in range(100)])[:, [0, 1, 6]].T
        contrast[liquid] = float(np.median((blue + green) / 2 - nir))
    assert min(contrast["turquoise"], contrast["milky"], contrast["white"]) > 0.05
    assert max(contrast["grey"], contrast["bottle"], contrast["brown"]) < 0


def test_a_pool_in_use_fills_and_empties_again() -> None:
    life = live(np.random.default_rng(3), "running", FIRST, LAST)
    kept = liquids.Habit((1.0, 0, 0, 0, 0, 0, 0), empty=0.3, stay=20.0, batches=0.0)
    colours = liquids.strokes(np.random.default_rng(3), life, kept, "grey", born=FIRST, gone=LAST)
    brightness = np.array([float(stroke.spectrum[2]) for stroke in colours])
    assert len(colours) > 20
    assert brightness.std() / brightness.mean() > 0.1
