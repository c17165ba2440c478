from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
import scenes
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leachwatch.detect import DetectSettings, Hits, find_hits, group
from leachwatch.history import HistorySettings, Timeline, survey, trace
from leachwatch.history.area import counted, draw_areas, estimated
from leachwatch.history.looks import Looks
from leachwatch.history.states import WITH_POOLS, decode
from leachwatch.imagery import Stack
from leachwatch.tables import STATES

SETTINGS = HistorySettings()
DETECT = DetectSettings()


def site(stack: Stack) -> Hits:
    (found,) = group(find_hits(stack, stack.tile, DETECT)[0], DETECT)
    return found


def months(count: int = 16) -> list[date]:
    return [date(2022 + place // 12, place % 12 + 1, 1) for place in range(count)]


def timeline(stack: Stack) -> Timeline:
    hits = site(stack)
    return trace(hits, survey(hits, SETTINGS), months(), SETTINGS)


def day(look: int) -> date:
    return date(2022, 1, 10) + timedelta(days=30 * look)


def test_clearing_and_pools_are_dated_apart_between_two_looks() -> None:
    traced = timeline(scenes.stack(scenes.mine(cleared=4, first=8)))
    assert traced.cleared_from.earliest is not None
    assert day(2) <= traced.cleared_from.earliest <= day(3)
    assert traced.cleared_from.latest is not None
    assert day(4) <= traced.cleared_from.latest <= day(5)
    assert traced.pools_from.earliest is not None
    assert traced.pools_from.earliest <= day(8)
    assert traced.pools_from.latest is not None
    assert day(8) <= traced.pools_from.latest <= day(9)


def test_what_was_there_at_the_first_look_has_no_made_up_date() -> None:
    traced = timeline(scenes.stack(scenes.mine(cleared=0, first=0)))
    assert traced.cleared_from.earliest is None
    assert traced.pools_from.earliest is None
    assert traced.spells[0].start.earliest is None


def test_a_month_without_a_clear_look_is_unseen_not_absent() -> None:
    traced = timeline(scenes.stack(scenes.mine(first=2, cleared=1), hidden=(6, 7)))
    by_month = {month.month: month for month in traced.months}
    hidden = by_month[day(6).replace(day=1)]
    assert hidden.state == "unseen"
    assert hidden.pools is None
    assert hidden.looks == 0


def test_pools_that_are_worked_no_more_rest_and_keep_their_area() -> None:
    resting = [(scenes.PAD_AREA, scenes.PAD, 0, 99), (scenes.POOLS, scenes.TURQUOISE, 1, 8)]
    traced = timeline(scenes.stack(resting))
    assert [spell.state for spell in traced.spells][-2:] == ["active", "idle"]
    rest = [month for month in traced.months if month.month > day(8)]
    assert {month.state for month in rest} == {"idle"}
    assert all(month.pools and month.pools.value > 1000 for month in rest)


@pytest.mark.parametrize(("stop", "again"), [(5, 10), (4, 13)])
def test_a_pause_is_an_idle_spell_between_two_active_ones(stop: int, again: int) -> None:
    parts = scenes.mine(scenes.TURQUOISE, first=1, last=stop, cleared=0)
    parts.append((scenes.POOLS, scenes.TURQUOISE, again, 99))
    traced = timeline(scenes.stack(parts))
    assert [spell.state for spell in traced.spells][-3:] == ["active", "idle", "active"]
    assert all(month.pools and month.pools.value > 1000 for month in traced.months if month.state == "active")
    assert min(patch.first_seen.latest or day(99) for patch in traced.patches) <= day(2)


def test_a_site_of_which_no_look_shows_much_is_dated_by_the_best_looks() -> None:
    stack = scenes.stack(scenes.mine(scenes.TURQUOISE, first=1, cleared=0))
    hits = site(stack)
    rng = np.random.default_rng(3)
    seen = rng.random(hits.seen.shape) < 0.2
    thin = replace(hits, seen=seen, bare=hits.bare & seen, evidence=hits.evidence * seen)
    traced = trace(thin, survey(thin, SETTINGS), months(), SETTINGS)
    assert traced.spells


def looks_of(days: NDArray[np.int_], bare: NDArray[np.float64], level: NDArray[np.float64]) -> Looks:
    """Looks of a site whose level is 0 while it works."""
    everywhere = np.arange(len(days))
    return Looks(everywhere, days, np.ones(len(days)), days[:1], bare, level, 0.0, np.full(len(days), np.nan))


def test_no_account_however_long_goes_back() -> None:
    level = np.concatenate([np.full(200, 0.0), np.full(700, -3.0)])
    bare = np.concatenate([np.full(200, 0.95), np.zeros(700)])
    account = decode(looks_of(np.arange(900) * 5, bare, level), SETTINGS)
    assert STATES[account.path[-1]] == "abandoned"


def test_forest_that_comes_back_ends_in_abandoned() -> None:
    parts = scenes.mine(scenes.TURQUOISE, first=1, last=5, cleared=0)
    parts.append((scenes.PAD_AREA, scenes.FOREST, 8, 99))
    assert timeline(scenes.stack(parts)).state == "abandoned"


def test_four_areas_are_nested() -> None:
    hits = site(scenes.stack(scenes.mine()))
    ground = survey(hits, SETTINGS)
    pools = float(hits.pool.sum()) * 100
    assert pools <= ground.worked_m2
    assert pools <= ground.hull_m2
    assert max(ground.worked_m2, ground.hull_m2) <= ground.disturbed_m2
    assert ground.worked_m2 == pytest.approx(18 * 18 * 100, rel=0.3)


def test_patches_share_the_pool_pixels_among_them() -> None:
    growing = [*scenes.mine(scenes.TURQUOISE, first=1), ((61, 55, 4, 8), scenes.TURQUOISE, 9, 99)]
    hits = site(scenes.stack(growing))
    patches = trace(hits, survey(hits, SETTINGS), months(), SETTINGS).patches
    shared = np.sum([patch.pixels for patch in patches], axis=0)
    np.testing.assert_array_equal(shared, hits.pool)
    assert len(patches) >= 2


said = st.lists(st.tuples(st.integers(1, 90), st.floats(0, 1), st.floats(-4, 1)), min_size=1, max_size=30)


@settings(deadline=None)
@given(said)
def test_no_course_of_states_goes_back_before_pools(series: list[tuple[int, float, float]]) -> None:
    gaps, bare, level = (np.array(column) for column in zip(*series, strict=True))
    account = decode(looks_of(np.cumsum(gaps), bare, level), SETTINGS)
    path = [STATES[place] for place in account.path]
    for before, after in pairwise(path):
        if before in WITH_POOLS:
            assert after in WITH_POOLS
        if before == "cleared":
            assert after != "absent"
    assert path[-1] in WITH_POOLS
    np.testing.assert_allclose(account.probability.sum(axis=1), 1)
    come = account.probability[:, 2:].sum(axis=1)
    assert (np.diff(come) >= -1e-9).all()


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_look_that_slips_does_not_change_a_long_account(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bare, level = np.full(24, 0.95), np.zeros(24)
    level[rng.integers(2, 22)] = -3.0
    account = decode(looks_of(np.arange(0, 24 * 15, 15), bare, level), SETTINGS)
    assert set(account.path[3:-3]) == {STATES.index("active")}


def test_looks_that_repeat_each_other_say_less_than_looks_months_apart() -> None:
    bare, level = np.full(6, 0.92), np.array([-1.3, -1.3, -1.3, -0.5, -0.5, -0.5])
    often = decode(looks_of(np.arange(6) * 2, bare, level), SETTINGS).probability[2, 1]
    seldom = decode(looks_of(np.arange(6) * 90, bare, level), SETTINGS).probability[2, 1]
    assert often < seldom


def test_an_area_has_the_same_interval_every_time_and_the_interval_holds_it() -> None:
    hits = site(scenes.stack(scenes.mine()))
    pools = hits.take(np.flatnonzero(hits.pool))
    totals = draw_areas(pools, SETTINGS).sum(axis=1)
    np.testing.assert_array_equal(totals, draw_areas(pools, SETTINGS).sum(axis=1))
    (area,), count = estimated(totals[None]), counted(totals, SETTINGS)
    assert area.low < area.value < area.high
    assert count.low < count.value < count.high
    assert count.high / count.low > area.high / area.low


def test_the_area_grows_with_the_pools() -> None:
    growing = [*scenes.mine(scenes.TURQUOISE, first=1), ((61, 55, 3, 5), scenes.TURQUOISE, 9, 99)]
    seen = [month.pools.value for month in timeline(scenes.stack(growing)).months if month.pools]
    assert seen[4] > 0
    assert min(seen[11:]) > 1.2 * max(seen[3:8])
