from __future__ import annotations

from dataclasses import replace

import numpy as np
import oracles
import pytest
import scenes
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leachwatch.detect.features import FEATURES, features_of, surroundings
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import BANDS, Stack, Tile

RULE = DetectSettings()
COLOURS = tuple(band for band in BANDS if band != "scl")


def patchwork(seed: int, side: int = 40, looks: int = 2) -> Stack:
    """Blocks of forest, pad, pool and water in random places, with noise, in all ten bands."""
    rng = np.random.default_rng(seed)
    spectra = np.array([scenes.FOREST, scenes.PAD, scenes.PAD, scenes.GREY, scenes.FISH_POND], float)
    kind = rng.integers(0, len(spectra), (side // 4, side // 4)).repeat(4, axis=0).repeat(4, axis=1)
    fine = np.moveaxis(spectra[kind], 2, 0)
    names = list(scenes.BANDS)
    picture = np.stack([fine[names.index(b)] if b in names else fine[3] * 0.8 + 200 for b in COLOURS])
    noisy = picture[None] * rng.uniform(0.8, 1.25, (looks, len(COLOURS), side, side))
    valid = rng.random((looks, side, side)) < 0.9
    days = scenes.stack([], looks=looks).days
    return Stack(
        Tile(32647, 0, 0, side, side), COLOURS, days, np.clip(noisy, 1, 60_000).astype(np.uint16), valid
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_features_are_what_their_definitions_say_pixel_by_pixel(seed: int) -> None:
    stack = patchwork(seed)
    found = next(iter(features_of(stack, surroundings(stack, RULE), RULE)))
    look = oracles.Look(stack, 0, RULE)
    rng = np.random.default_rng(seed)
    for number in rng.choice(len(found.row), 6):
        pixel = int(found.row[number]), int(found.column[number])
        if look.against_pad(pixel) is None:
            assert np.isnan(found.values[:8, number]).all()
            continue
        for name, value in look.local(pixel).items():
            assert found.values[FEATURES.index(name), number] == pytest.approx(value, abs=4e-3), name


def test_only_ground_beside_a_pad_or_bright_as_liquid_is_chosen() -> None:
    stack = patchwork(3)
    found = next(iter(features_of(stack, surroundings(stack, RULE), RULE)))
    look = oracles.Look(stack, 0, RULE)
    chosen = set(zip(found.row.tolist(), found.column.tolist(), strict=True))
    for pixel in [(y, x) for y in range(0, 40, 3) for x in range(0, 40, 3)]:
        leach = look.visible(pixel) - look.at(pixel, "nir") > RULE.liquid_floor * 1e4
        expected = bool(look.valid[pixel]) and (leach or look.against_pad(pixel) is not None)
        assert (pixel in chosen) == expected


def test_blurred_contrasts_of_even_ground_are_its_contrasts() -> None:
    stack = scenes.stack([(scenes.PAD_AREA, scenes.PAD, 0, 99)], looks=1, noise=0)
    found = next(iter(features_of(stack, surroundings(stack, RULE), RULE)))
    np.testing.assert_allclose(found.values[4:8], found.values[:4], atol=1e-4)


def test_bands_of_20_m_that_are_not_there_are_unknown_and_change_nothing_else() -> None:
    whole = patchwork(5)
    fine = replace(whole, bands=(*COLOURS[:3], "nir"), values=whole.values[:, [0, 1, 2, 6]])
    blank = whole.values.copy()
    blank[:, [place for place, band in enumerate(COLOURS) if band not in fine.bands]] = 0
    expected = next(iter(features_of(whole, surroundings(whole, RULE), RULE))).values
    for other in (fine, replace(whole, values=blank)):
        found = next(iter(features_of(other, surroundings(other, RULE), RULE))).values
        assert np.isnan(found[-3:]).all()
        np.testing.assert_array_equal(found[:-3], expected[:-3])


def test_forest_and_water_around_are_shares_of_looks_that_saw() -> None:
    stack = scenes.stack([((0, 0, 120, 60), scenes.FISH_POND, 0, 99)], looks=4, noise=0, hidden=(1,))
    around = surroundings(stack, RULE)
    assert around.water[60, 10] == 1
    assert around.water_near[60, 62] == 1
    assert around.water_near[60, 80] == 0
    assert around.forest[60, 110] == 1
    assert around.forest[60, 60] == pytest.approx(21 / 41, abs=0.01)


def test_a_single_dark_pool_is_no_pond_and_a_pond_is_one() -> None:
    lone, pond = (50, 50, 1, 3), (80, 80, 2, 2)
    parts = [(where, scenes.FISH_POND, 0, 99) for where in (lone, pond)]
    around = surroundings(scenes.stack(parts, looks=2, noise=0), RULE)
    assert around.water[50, 50:53].max() == 0
    assert around.water[80:82, 80:82].min() == 1


def test_ground_in_deep_shade_is_neither_water_nor_told_of() -> None:
    stack = scenes.stack(
        [(scenes.PAD_AREA, scenes.PAD, 0, 99), (scenes.POOLS, scenes.GREY, 0, 99)], looks=2, noise=0
    )
    shade = replace(stack, values=np.maximum(stack.values // 4, 1))
    assert surroundings(shade, RULE).water.max() == 0
    lit, dark = (next(iter(features_of(one, surroundings(one, RULE), RULE))) for one in (stack, shade))
    assert lit.told.all()
    assert not dark.told[57, 58]
    assert dark.told[10, 10]
    assert len(dark.row) == 0


def brightness(values: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = values[FEATURES.index("visible")]
    return result


def test_the_light_of_a_look_cancels_in_contrasts() -> None:
    stack = patchwork(8, looks=1)
    dim = replace(stack, values=np.maximum(stack.values // 2, 1))
    one, other = (next(iter(features_of(each, surroundings(each, RULE), RULE))) for each in (stack, dim))
    both = set(zip(one.row, one.column, strict=True)) & set(zip(other.row, other.column, strict=True))
    assert len(both) > 0.7 * len(one.row)
    first = [place for place, at in enumerate(zip(one.row, one.column, strict=True)) if at in both]
    second = [place for place, at in enumerate(zip(other.row, other.column, strict=True)) if at in both]
    assert brightness(other.values[:, second]).mean() < 0.6 * brightness(one.values[:, first]).mean()
    difference = np.nanmedian(np.abs(one.values[:4][:, first] - other.values[:4][:, second]))
    assert difference < 0.02
