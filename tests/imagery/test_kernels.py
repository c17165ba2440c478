"""Loops over pixels against the slow obvious thing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio.env import get_gdal_config

from leachwatch.imagery import session
from leachwatch.imagery.guard import _sorting
from leachwatch.imagery.kernels import lay_fine, lay_nearest, lay_smooth


def without_offset(numbers: NDArray[np.uint16], offset: int) -> NDArray[np.int64]:
    lowered = np.maximum(numbers.astype(np.int64) - offset, 1)
    return np.where(numbers > 0, lowered, 0)


def twice(coarse: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Interpolate with OpenCV; what is not there is divided out."""
    size = 2 * coarse.shape[1], 2 * coarse.shape[0]
    fine = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    weight = cv2.resize((coarse > 0).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    mended = np.rint(fine / np.maximum(weight, np.float32(1e-6)))
    return np.where(coarse.repeat(2, 0).repeat(2, 1) > 0, mended, 0).astype(np.uint16)


@pytest.mark.parametrize("most", [3, 2000, 2**16])
@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("offset", [0, 1000])
def test_pixels_of_20_m_are_interpolated_as_opencv_does(most: int, gaps: float, offset: int) -> None:
    rng = np.random.default_rng(most + offset)
    for height, width in rng.integers(3, 40, (30, 2)).tolist():
        coarse = rng.integers(1, most, (height, width)).astype(np.uint16)
        coarse[rng.random(coarse.shape) < gaps] = 0
        top, left = rng.integers(0, 4, 2).tolist()
        out = np.empty((2 * height - top, 2 * width - left), np.uint16)
        lay_smooth(coarse, top, left, np.int32(offset), out)
        np.testing.assert_array_equal(out, without_offset(twice(coarse)[top:, left:], offset))


@pytest.mark.parametrize("offset", [0, 1000])
def test_a_pixel_with_data_stays_above_nothing_when_the_offset_goes(offset: int) -> None:
    numbers = np.array([[0, 1, 999, 1000, 1001, 2**16 - 1]], np.uint16)
    out = np.empty_like(numbers)
    lay_fine(numbers, np.int32(offset), out)
    np.testing.assert_array_equal(out, without_offset(numbers, offset))


@pytest.mark.parametrize("step", [1, 2, 6])
def test_classes_are_laid_as_they_are(step: int) -> None:
    coarse = np.random.default_rng(step).integers(0, 12, (7, 9)).astype(np.uint16)
    out = np.empty((7 * step - 3, 9 * step - 1), np.uint8)
    lay_nearest(coarse, 2, 1, step, out)
    np.testing.assert_array_equal(out, coarse.repeat(step, 0).repeat(step, 1)[2 : 7 * step - 1, 1:])


@given(st.lists(st.integers(0, 9), max_size=70))
def test_pairs_in_turn_sort_as_many_numbers_as_there_are_looks(numbers: list[int]) -> None:
    sorted_so = list(numbers)
    for first, second in _sorting(len(numbers)).tolist():
        if sorted_so[first] > sorted_so[second]:
            sorted_so[first], sorted_so[second] = sorted_so[second], sorted_so[first]
    assert sorted_so == sorted(numbers)


def test_blocks_of_open_files_are_kept() -> None:
    with session():
        assert int(get_gdal_config("GDAL_CACHEMAX")) == 64 * 2**20
