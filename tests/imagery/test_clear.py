from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leachwatch.imagery.clear import ClearSettings, clear

SETTINGS = ClearSettings()


def sky(**parts: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    picture = np.full((60, 60), 4, np.uint8)
    for name, value in parts.items():
        top, left, height, width = map(int, name.strip("_").split("_"))
        picture[top : top + height, left : left + width] = value
    return picture


def test_a_cloud_hides_a_margin_around_it() -> None:
    seen = clear(sky(_20_20_20_20=9), 10, SETTINGS)
    assert not seen[17, 30]
    assert seen[14, 30]


def test_a_speck_of_cloud_is_bright_ground() -> None:
    assert clear(sky(_20_20_6_6=9), 10, SETTINGS).all()


def test_cloud_that_the_edge_of_a_window_cuts_is_cloud() -> None:
    assert not clear(sky(_0_20_6_6=9), 10, SETTINGS)[0, 22]


@pytest.mark.parametrize("value", [0, 1, 3])
def test_what_shows_no_ground_is_hidden_without_a_margin(value: int) -> None:
    seen = clear(sky(_20_20_6_6=value), 10, SETTINGS)
    assert not seen[22, 22]
    assert seen[19, 19]


@given(arrays(np.uint8, (20, 20), elements=st.integers(0, 11)))
def test_ground_that_is_seen_has_a_class_that_shows_it_or_was_a_speck(picture: np.ndarray) -> None:
    seen = clear(picture, 10, SETTINGS)
    assert not (seen & np.isin(picture, (0, 1, 3))).any()
