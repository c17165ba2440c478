from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
import scenes
from numpy.testing import assert_array_equal
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from leachwatch.detect import (
    WHOLE,
    DetectSettings,
    Hits,
    find_hits,
    group,
    join,
    judge,
    link,
    load_model,
    margin,
    measure,
)
from leachwatch.imagery import ClearSettings, Stack, Tile

SETTINGS = DetectSettings()


def hits_of(stack: Stack) -> Hits:
    return find_hits(stack, stack.tile, SETTINGS)[0]


def pools_inside(hits: Hits, box: tuple[int, int, int, int]) -> int:
    top, left, height, width = box
    row, column = hits.row - scenes.TILE.row, hits.column - scenes.TILE.column
    inside = (row >= top) & (row < top + height) & (column >= left) & (column < left + width)
    return int((inside & hits.pool).sum())


@pytest.mark.parametrize("liquid", [scenes.GREY, scenes.TURQUOISE], ids=["grey", "turquoise"])
def test_a_block_of_pools_on_a_pad_is_found(liquid: tuple[int, int, int, int]) -> None:
    hits = hits_of(scenes.stack(scenes.mine(liquid)))
    assert pools_inside(hits, scenes.POOLS) >= 30
    assert hits.pool.sum() <= 7 * 10  # the block and its rim


@pytest.mark.parametrize(
    ("what", "spectrum"),
    [
        ("bare ground alone", scenes.PAD),
        ("shrub on a clearing", scenes.SHRUB),
        ("a fish pond", scenes.FISH_POND),
    ],
)
def test_what_is_no_pool_is_not_taken_for_one(what: str, spectrum: tuple[int, int, int, int]) -> None:
    hits = hits_of(scenes.stack(scenes.mine(spectrum)))
    assert pools_inside(hits, scenes.POOLS) == 0, what


def test_forest_alone_has_no_hits() -> None:
    assert len(hits_of(scenes.stack([])).column) == 0


def test_a_stack_without_looks_has_no_hits() -> None:
    empty = scenes.stack([], looks=1)
    nothing = replace(empty, days=(), values=empty.values[:0], valid=empty.valid[:0])
    assert len(hits_of(nothing).column) == 0


@pytest.mark.parametrize(
    "parts",
    [scenes.mine(scenes.RED_SOIL_DARK), scenes.mine(scenes.TURQUOISE, first=6, last=6)],
    ids=["a dark patch of the pad", "a slip of one look"],
)
def test_what_may_speak_for_a_pool_is_no_mine_as_a_whole(
    parts: list[tuple[tuple[int, int, int, int], tuple[int, int, int, int], int, int]],
) -> None:
    for one in group(hits_of(scenes.stack(parts)), SETTINGS):
        assert judge(measure(one, SETTINGS), load_model(), SETTINGS).score < SETTINGS.possible


def test_looks_under_cloud_say_nothing() -> None:
    hits = hits_of(scenes.stack(scenes.mine(), hidden=tuple(range(1, 16))))
    assert not hits.pool.any()


def test_hits_do_not_depend_on_where_the_tiles_are_cut() -> None:
    stack = scenes.stack(scenes.mine())
    whole = hits_of(stack)
    edge = margin(SETTINGS, ClearSettings())
    cut = 60
    parts = []
    for core in (
        Tile(32647, stack.tile.column, stack.tile.row, cut, 120),
        Tile(32647, stack.tile.column + cut, stack.tile.row, 120 - cut, 120),
    ):
        left = max(core.column - edge - stack.tile.column, 0)
        right = min(core.column + core.width + edge - stack.tile.column, 120)
        window = np.s_[..., left:right]
        tile = Tile(32647, stack.tile.column + left, stack.tile.row, right - left, 120)
        part = replace(stack, tile=tile, values=stack.values[window], valid=stack.valid[window])
        parts.append(find_hits(part, core, SETTINGS)[0])
    both = join(parts)
    order, whole_order = np.lexsort((both.column, both.row)), np.lexsort((whole.column, whole.row))
    for name in ("column", "row", "pool", "first", "last"):
        assert_array_equal(getattr(both, name)[order], getattr(whole, name)[whole_order])
    np.testing.assert_allclose(both.evidence[:, order], whole.evidence[:, whole_order], atol=1e-3)


def test_a_day_that_one_tile_lacks_is_not_seen_there() -> None:
    stack = scenes.stack(scenes.mine())
    shorter = replace(stack, days=stack.days[:-1], values=stack.values[:-1], valid=stack.valid[:-1])
    both = join([hits_of(stack), hits_of(shorter)])
    assert len(both.days) == len(stack.days)
    second = slice(len(hits_of(stack).column), None)
    assert not both.seen[-1, second].any()
    assert both.seen[-1, : second.start].all()


@pytest.mark.parametrize("place", [0, 7, 16])
def test_a_look_that_shows_nothing_changes_nothing(place: int) -> None:
    stack = scenes.stack(scenes.mine())
    day = stack.days[0] + timedelta(days=30 * place - 5)
    more = replace(
        stack,
        days=tuple(sorted([*stack.days, day])),
        values=np.insert(stack.values, place, np.uint16(0), axis=0),
        valid=np.insert(stack.valid, place, False, axis=0),
    )
    without, whole = join([hits_of(stack)], [day]), hits_of(more)
    assert pools_inside(whole, scenes.POOLS)
    for one in fields(Hits):
        assert_array_equal(getattr(without, one.name), getattr(whole, one.name))


def test_groups_are_linked_within_150_m_and_not_beyond() -> None:
    points = np.array([[0.0, 0.0], [150.0, 0.0], [300.1, 0.0]])
    assert link(points, 150.0).tolist() == [0, 0, 1]


@pytest.mark.parametrize("distance", [40.0, 70.0, 150.0])
def test_many_points_are_grouped_as_few_are(distance: float) -> None:
    rng = np.random.default_rng(2)
    points = np.unique(rng.integers(0, 500, (2600, 2)), axis=0).astype(np.float64) * 10
    pairs = cKDTree(points).query_pairs(distance, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2)
    expected = connected_components(graph, directed=False)[1]
    assert len(points) > 2_000
    assert_array_equal(link(points, distance), expected)


def test_points_on_a_line_and_points_given_twice_are_grouped() -> None:
    line = np.column_stack([np.arange(2_500) * 100.0, np.zeros(2_500)])
    assert set(link(line, 150.0).tolist()) == {0}
    assert (
        link(np.repeat([[0.0, 0.0], [500.0, 0.0]], 1_500, axis=0), 150.0).tolist()
        == [0] * 1_500 + [1] * 1_500
    )


def test_what_fires_is_counted_on_watched_ground_only() -> None:
    stack = scenes.stack(scenes.mine(scenes.TURQUOISE))
    watched = np.zeros(stack.tile.shape, np.bool_)
    _, nothing = find_hits(stack, stack.tile, SETTINGS, watched)
    _, everything = find_hits(stack, stack.tile, SETTINGS)
    assert nothing.sum() == 0
    assert everything[-1] >= 30


def test_a_mine_in_forest_is_judged_a_mine() -> None:
    (mine,) = group(hits_of(scenes.stack(scenes.mine())), SETTINGS)
    judged = judge(measure(mine, SETTINGS), load_model(), SETTINGS)
    assert judged.tier in ("confirmed", "probable")
    assert 0 <= judged.lookalike_score <= 1


def test_pools_beside_dark_water_are_seen_to_be_so() -> None:
    pond = scenes.stack([*scenes.mine(), ((55, 66, 8, 6), scenes.FISH_POND, 0, 99)])
    beside = list(group(hits_of(pond), SETTINGS))
    assert max(measure(one, SETTINGS)["water"] for one in beside) > 0.2


def test_ground_that_had_trees_before_counts_as_cleared() -> None:
    (late,) = group(hits_of(scenes.stack(scenes.mine(first=9, cleared=8))), SETTINGS)
    (early,) = group(hits_of(scenes.stack(scenes.mine(first=9, cleared=0))), SETTINGS)
    assert measure(late, SETTINGS)["cleared"] == 1.0
    assert measure(early, SETTINGS)["cleared"] == 0.0


def test_a_whole_is_described_in_every_feature() -> None:
    for one in group(hits_of(scenes.stack(scenes.mine(scenes.TURQUOISE))), SETTINGS):
        whole = measure(one, SETTINGS)
        assert tuple(whole) == WHOLE
        unknown = {name for name, value in whole.items() if math.isnan(value)}
        assert unknown <= {"cleared", "before", "edge", "rededge_pad", "slope_pad", "swir_pad"}
        assert whole["bright"] > 0.4


def test_turquoise_liquid_is_bright_and_a_grey_block_is_not() -> None:
    for liquid, bright in ((scenes.TURQUOISE, True), (scenes.GREY, False)):
        hits = hits_of(scenes.stack(scenes.mine(liquid)))
        inner = hits.pool_share() > 0.5
        speaking = hits.evidence[:, inner] > 0
        assert speaking.any()
        assert bool(hits.bright[:, inner][speaking].mean() > 0.5) == bright


def test_share_of_pool_is_said_where_a_look_speaks_for_one_and_nowhere_else() -> None:
    hits = hits_of(scenes.stack(scenes.mine()))
    assert (hits.share[hits.evidence <= 0] == 0).all()
    assert hits.pool_share()[hits.pool].mean() > 0.4
    assert (hits.pool_share()[~hits.pool] == 0).all()


def test_scenes_of_four_bands_are_enough() -> None:
    """Bands of 20 m inform and gate nothing."""
    assert pools_inside(hits_of(scenes.stack(scenes.mine())), scenes.POOLS) >= 30
