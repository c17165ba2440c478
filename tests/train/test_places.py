from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scenes
from hypothesis import given, settings
from hypothesis import strategies as st

from leachwatch.imagery import Tile
from leachwatch.scanning import ScanSettings
from leachwatch.train.places import Place, Recipe, _blotched, outline_of

HERE = Tile(32647, 0, -200, 200, 200)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(200, 1800), st.floats(200, 1800), st.floats(10, 30), st.floats(0, 90),
    st.sampled_from(["circle", "square"]),
)  # fmt: skip
def test_a_pool_covers_as_much_of_the_pixels_as_it_is_large(
    east: float, north: float, size: float, angle: float, shape: str
) -> None:
    pool = {"xy": [east, north], "size_m": [size, size], "shape": shape, "angle_deg": angle}
    place = Place(scenes.stack([], looks=1), HERE, {}, ScanSettings())
    # a pool of 10 m is 5 cells wide, and its edge may fall either way
    assert place.pool_share([pool]).sum() * 100 == pytest.approx(outline_of(pool).area, rel=0.25, abs=12)


def test_blotches_are_the_same_in_every_look_and_none_where_none_are_asked() -> None:
    stack = scenes.stack([(scenes.PAD_AREA, scenes.PAD, 0, 99)], looks=3, noise=0)
    recipe = replace(Recipe.drawn(1), blotches=(0.3, 0.1, 0.1))
    uneven = _blotched(stack, recipe).values
    np.testing.assert_array_equal(uneven[0], uneven[2])
    assert 0.2 < np.log(uneven[0, 2] / stack.values[0, 2]).std() < 0.5
    none = _blotched(stack, replace(recipe, blotches=(0.0, 0.0, 0.0)))
    np.testing.assert_array_equal(none.values, stack.values)


def test_plain_districts_are_as_the_simulator_makes_them() -> None:
    for seed in range(30):
        recipe = Recipe.drawn(seed)
        assert recipe.plain == (recipe.colours == 0) == (max(recipe.blotches) == 0)
