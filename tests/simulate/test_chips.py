from __future__ import annotations

import numpy as np
import pytest

from leachwatch.simulate.chips import Chip, chips


@pytest.fixture(scope="module")
def cut() -> list[Chip]:
    return chips(3, size=128, anywhere=10)


def test_the_same_seed_gives_the_same_chips(cut: list[Chip]) -> None:
    again = chips(3, size=128, anywhere=10)
    assert len(again) == len(cut)
    assert all(
        one.kind == other.kind and np.array_equal(one.pixels, other.pixels)
        for one, other in zip(cut, again, strict=True)
    )


def test_there_are_chips_with_pools_of_lookalikes_and_of_any_ground(cut: list[Chip]) -> None:
    kinds = {one.kind for one in cut}
    assert {"pools", "anywhere"} < kinds
    assert kinds & {"quarry", "landslide", "village", "clearing", "burnt", "paddy"}
    assert {one.pixels.shape for one in cut} == {(24, 24, 3)}


def test_only_chips_of_mines_hold_pools(cut: list[Chip]) -> None:
    assert all(one.pools.max() == 0 and one.pads.max() == 0 for one in cut if one.kind != "pools")
    assert np.mean([one.pools.max() > 0.2 for one in cut if one.kind == "pools"]) > 0.6


def test_pools_lie_where_the_ground_is_bare(cut: list[Chip]) -> None:
    """The picture and the truth beside it are of the same place."""
    near, red, _ = (
        np.stack([one.pixels for one in cut if one.kind == "pools"]).astype(float).transpose(3, 0, 1, 2)
    )
    pool = np.stack([one.pools for one in cut if one.kind == "pools"]) > 0.6
    plants = (near - red) / (near + red)
    assert np.median(plants[pool]) < 0.45 < np.median(plants[~pool])
