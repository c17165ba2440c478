from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from leachwatch.imagery import ClearSettings
from leachwatch.imagery.guard import seen, tells_nothing

SETTINGS = ClearSettings()
BANDS = ("blue", "green", "red", "nir")
FOREST, PAD, WHITE = (250, 400, 260, 2500), (700, 1300, 1900, 2600), (4200, 4600, 4100, 1600)
TURQUOISE, ROOF = (3000, 2600, 700, 200), (4600, 5300, 6300, 6300)
SNOW, CLOUD = (8500, 8600, 8400, 7700), (5500, 5400, 5500, 6000)
VEILED = (900, 1030, 920, 2900)
SIDE, LOOKS = 110, 10
Box = tuple[int, int, int, int]
WHOLE: Box = (0, 0, SIDE, SIDE)
PLACE: Box = (50, 50, 12, 12)
MIDDLE = (slice(None), 56, 56)


class Ground:
    """Forest in ten looks, with a clear sky, to be painted over."""

    def __init__(self, looks: int = LOOKS) -> None:
        self.scl = np.full((looks, SIDE, SIDE), 4, np.uint8)
        self.values = np.empty((looks, 4, SIDE, SIDE), np.uint16)
        self.values[:] = np.array(FOREST)[:, None, None]

    def paint(
        self,
        box: Box,
        spectrum: tuple[int, int, int, int],
        looks: slice | list[int] = slice(None),
        scl: int | None = None,
    ) -> Ground:
        top, left, height, width = box
        part = np.s_[top : top + height, left : left + width]
        for look in np.arange(len(self.scl))[looks]:
            self.values[look][:, *part] = np.array(spectrum)[:, None, None]
            if scl is not None:
                self.scl[look][part] = scl
        return self

    def seen(self, settings: ClearSettings = SETTINGS) -> NDArray[np.bool_]:
        return seen(self.scl, self.values, BANDS, settings)


def test_a_clear_sky_over_forest_shows_everything() -> None:
    assert Ground().seen().all()


def test_a_pad_that_is_called_cloud_in_every_look_is_seen_and_has_no_margin() -> None:
    assert Ground().paint(PLACE, PAD, scl=9).seen().all()


def test_a_pad_that_is_called_cloud_in_most_looks_is_seen_in_all() -> None:
    ground = Ground().paint(PLACE, PAD)
    ground.scl[:7, 50:62, 50:62] = 9
    assert ground.seen().all()


def test_what_is_called_cloud_in_half_of_the_looks_stays_hidden_in_those() -> None:
    ground = Ground().paint(PLACE, PAD)
    ground.scl[:5, 50:62, 50:62] = 9
    assert ground.seen()[MIDDLE].tolist() == [False] * 5 + [True] * 5


def test_a_cloud_that_moves_hides_the_ground_and_a_margin_in_each_look() -> None:
    ground = Ground()
    for look in range(LOOKS):
        ground.paint((50, 10 * look, 12, 12), CLOUD, [look], scl=9)
    shown = ground.seen()
    for look in range(LOOKS):
        assert not shown[look, 47:65, max(10 * look - 3, 0) : 10 * look + 15].any()


def test_a_lasting_flag_says_nothing_under_a_wide_cloud() -> None:
    ground = Ground().paint(PLACE, PAD, scl=9).paint(WHOLE, CLOUD, [4], scl=9)
    assert ground.seen()[MIDDLE].tolist() == [look != 4 for look in range(LOOKS)]


def test_with_three_clear_looks_the_mask_is_believed() -> None:
    assert not Ground(looks=3).paint(PLACE, PAD, scl=9).seen()[MIDDLE].any()


def test_a_white_pool_that_is_called_snow_is_seen() -> None:
    assert Ground().paint(PLACE, WHITE, scl=11).seen().all()


@pytest.mark.parametrize("spectrum", [SNOW, ROOF, CLOUD], ids=["snow", "roof", "cloud"])
@pytest.mark.parametrize("box", [PLACE, (55, 55, 4, 4)], ids=["wide", "speck"])
def test_what_is_bright_in_infrared_stays_hidden(spectrum: tuple[int, int, int, int], box: Box) -> None:
    shown = Ground().paint(box, spectrum, scl=11).seen()
    assert not shown[MIDDLE].any()
    assert shown[:, 48, 48].all(), "no margin is drawn around what lasts"


def test_a_speck_that_is_dark_in_infrared_is_seen_even_once() -> None:
    assert Ground().paint((55, 55, 4, 4), WHITE, [3], scl=11).seen().all()


def test_a_veil_of_one_day_hides_forest_and_mine_under_it() -> None:
    ground = Ground().paint(PLACE, PAD).paint(WHOLE, VEILED, [4]).paint(PLACE, (1300, 1800, 2300, 2900), [4])
    shown = ground.seen()
    assert not shown[4].any()
    assert shown[[0, 1, 2, 3, 5, 6, 7, 8, 9]].all()


def test_haze_that_the_correction_leaves_hides_nothing() -> None:
    assert Ground().paint(WHOLE, (370, 480, 310, 2530), [4]).seen().all()


@pytest.mark.parametrize("spectrum", [PAD, VEILED], ids=["soil", "pale as a veil"])
def test_a_wide_clearing_that_stays_is_no_haze(spectrum: tuple[int, int, int, int]) -> None:
    assert Ground().paint((20, 20, 70, 70), spectrum, slice(6, None)).seen().all()


def test_a_clearing_to_bare_soil_in_the_last_look_is_no_haze() -> None:
    assert Ground().paint((20, 20, 70, 70), PAD, [9]).seen().all()


def test_a_pool_that_turns_white_for_one_look_amid_forest_is_seen() -> None:
    assert Ground().paint(PLACE, TURQUOISE).paint(PLACE, WHITE, [4]).seen().all()


def test_few_looks_bear_no_witness() -> None:
    assert Ground(looks=4).paint(WHOLE, VEILED, [2]).seen().all()


def test_without_forest_around_the_mask_is_believed() -> None:
    assert Ground().paint(WHOLE, PAD).paint(WHOLE, CLOUD, [4]).seen().all()


def test_a_shadow_of_one_day_hides_forest_and_pools_under_it() -> None:
    ground = Ground().paint(PLACE, TURQUOISE).paint(WHOLE, (120, 160, 100, 800), [4])
    ground.paint(PLACE, (1400, 1000, 250, 70), [4])
    assert ground.seen().all(axis=(1, 2)).tolist() == [look != 4 for look in range(LOOKS)]
    assert not ground.seen()[4].any()


@pytest.mark.parametrize(
    "spectrum", [(400, 450, 500, 900), (200, 290, 360, 100)], ids=["burnt", "flooded with brown water"]
)
def test_ground_that_was_burnt_or_flooded_is_not_in_shadow(spectrum: tuple[int, int, int, int]) -> None:
    assert Ground().paint((20, 20, 70, 70), spectrum, [9]).seen().all()


def test_a_slope_in_deep_shade_is_not_seen_every_winter() -> None:
    winter = [0, 1, 2, 3]
    shown = Ground().paint(PLACE, (120, 140, 90, 600), winter).seen()
    assert shown[MIDDLE].tolist() == [False] * 4 + [True] * 6
    assert shown[:, 40, 40].all()


@pytest.mark.parametrize(
    "liquid",
    [TURQUOISE, (200, 290, 110, 50), (500, 800, 750, 700)],
    ids=["turquoise", "clear water", "bottle green"],
)
def test_a_pool_dug_late_is_not_in_shade(liquid: tuple[int, int, int, int]) -> None:
    assert Ground().paint(PLACE, liquid, slice(6, None)).seen().all()


def test_ground_without_data_is_not_seen() -> None:
    ground = Ground()
    ground.values[3, 2, 20, 20] = 0
    assert not ground.seen()[3, 20, 20]
    assert ground.seen().sum() == LOOKS * SIDE**2 - 1


def test_without_the_bands_of_a_witness_the_mask_alone_decides() -> None:
    ground = Ground().paint(PLACE, PAD, scl=9)
    assert not seen(ground.scl, ground.values[:, 1:2], ("green",), SETTINGS)[MIDDLE].any()


def test_no_look_shows_nothing() -> None:
    assert Ground(looks=0).seen().shape == (0, SIDE, SIDE)


NEAR = replace(SETTINGS, margin_m=20, speck_m2=900, around_m=60, witness_m=50, witness_m2=500)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40))
def test_what_is_seen_does_not_depend_on_where_a_window_is_cut(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    ground = Ground()
    for _ in range(60):
        top, left, height, width = rng.integers([0, 0, 1, 1], [100, 100, 20, 20])
        spectrum = (FOREST, PAD, WHITE, CLOUD, VEILED, (120, 160, 100, 800))[rng.integers(6)]
        start = int(rng.integers(LOOKS))
        looks = slice(start, start + int(rng.integers(1, 5)))
        ground.paint((top, left, height, width), spectrum, looks, [None, None, 4, 9, 11, 3][rng.integers(6)])
    whole = ground.seen(NEAR)
    part = seen(ground.scl[:, cut:, cut:], ground.values[:, :, cut:, cut:], BANDS, NEAR)
    inner = cut + NEAR.reach_m // 10 + 1
    assert_array_equal(part[:, inner - cut :, inner - cut :], whole[:, inner:, inner:])


boxes = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 60), st.integers(1, 60))
painted = st.tuples(
    boxes,
    st.sampled_from([PAD, WHITE, TURQUOISE, ROOF, CLOUD, VEILED]),
    st.lists(st.integers(0, LOOKS - 1), min_size=1, max_size=LOOKS),
    st.sampled_from([None, 0, 3, 8, 9, 10, 11]),
)


@settings(max_examples=60)
@given(
    parts=st.lists(painted, max_size=6),
    veil=st.sampled_from([0, 3, 8, 9, 10, 11]),
    holes=st.lists(st.tuples(boxes, st.sampled_from([0, 1, 3, 8, 9])), max_size=4),
    place=st.integers(0, LOOKS),
)
def test_a_look_that_tells_nothing_changes_nothing(
    parts: list[tuple[Box, tuple[int, int, int, int], list[int], int | None]],
    veil: int,
    holes: list[tuple[Box, int]],
    place: int,
) -> None:
    ground = Ground()
    for part in parts:
        ground.paint(*part)
    dull = np.full((SIDE, SIDE), veil, np.uint8)
    for (top, left, height, width), kind in holes:
        dull[top : top + height, left : left + width] = kind
    assume(tells_nothing(dull, SETTINGS))
    without = ground.seen()
    ground.scl = np.insert(ground.scl, place, dull, axis=0)
    ground.values = np.insert(ground.values, place, np.uint16(0), axis=0)
    assert not ground.seen()[place].any()
    assert_array_equal(np.delete(ground.seen(), place, axis=0), without)
