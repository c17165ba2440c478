from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogs import edit, found, item, on_disk
from leachwatch.imagery import RadiometrySettings, verify_offsets
from leachwatch.imagery.radiometry import dark_floor
from leachwatch.simulate import District

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
SETTINGS = RadiometrySettings()
GROUND = np.random.default_rng(1).integers(60, 2500, (64, 64)).astype(np.uint16)


def judged(folder: Path) -> list[str]:
    scenes = found(folder, FIRST, LAST, ("red", "scl")).scenes
    return [refused.reason for refused in verify_offsets(scenes, SETTINGS, on_disk()).wrong]


@pytest.mark.parametrize(
    ("added", "applied", "baseline", "said"),
    [
        (0, True, "05.09", None),  # taken off, and the item says so
        (1000, False, "05.09", None),  # left in, and the item says so
        (0, None, "03.01", None),  # before baseline 04.00 there was none
        (1000, True, "05.09", "was not taken off"),  # said to be taken off, and left in
        (0, False, "05.09", "was taken off twice"),  # taken off, and said not to be (cirrus-earth-search 33)
        (0, None, "05.09", "was taken off twice"),  # taken off in silence
        (1000, None, "02.14", "was not taken off"),  # Collection 1 under an old baseline's number
    ],
)
def test_an_offset_that_is_not_as_the_item_says_is_refused_by_name(
    tmp_path: Path, added: int, applied: bool | None, baseline: str, said: str | None
) -> None:
    path = item(tmp_path, values={"red": GROUND + np.uint16(added)})
    edit(path, earthsearch__boa_offset_applied=applied, s2__processing_baseline=baseline)
    reasons = judged(tmp_path)
    assert len(reasons) == (said is not None)
    assert said is None or said in reasons[0]


def test_a_scene_that_is_almost_all_cloud_is_neither_believed_nor_called_wrong(tmp_path: Path) -> None:
    item(tmp_path, values={"red": GROUND + np.uint16(1000), "scl": 9})
    verified = verify_offsets(found(tmp_path, FIRST, LAST, ("red", "scl")).scenes, SETTINGS, on_disk())
    assert (verified.scenes, verified.wrong) == ((), ())
    assert [one.reason for one in verified.clouded] == ["shows too little ground to verify its offset"]


def test_a_scene_whose_thumbnail_cannot_be_read_is_not_believed(tmp_path: Path) -> None:
    path = item(tmp_path, values={"red": GROUND}, bands=("red", "swir22", "scl"))
    scenes = found(tmp_path, FIRST, LAST, ("red", "swir22", "scl")).scenes
    (path.parent / "red.tif").write_bytes(b"damaged")
    assert len(verify_offsets(scenes, SETTINGS, on_disk()).scenes) == 1, "the other band tells"
    (path.parent / "swir22.tif").write_bytes(b"damaged")
    verified = verify_offsets(scenes, SETTINGS, on_disk())
    assert verified.scenes == ()
    assert "asset swir22 cannot be read" in verified.wrong[0].reason


def test_the_short_wave_floor_refuses_what_haze_hides_in_the_red(tmp_path: Path) -> None:
    left_in = np.full((32, 32), 1100, np.uint16)
    item(tmp_path, values={"red": GROUND, "swir22": left_in}, bands=("red", "swir22", "scl"))
    scenes = found(tmp_path, FIRST, LAST, ("red", "swir22", "scl")).scenes
    (wrong,) = verify_offsets(scenes, SETTINGS, on_disk()).wrong
    assert "0.110 in swir22" in wrong.reason


def test_every_simulated_scene_is_trusted(small_district: District) -> None:
    scenes = found(small_district.catalog, date(2022, 1, 1), date(2023, 12, 31)).scenes
    assert len(scenes) == 14
    verified = verify_offsets(scenes, SETTINGS, on_disk())
    assert verified.wrong == ()
    assert len(verified.scenes) + len(verified.clouded) == 14
    assert len(verified.scenes) >= 10


@given(st.integers(0, 300), st.booleans(), st.sampled_from([0, 1000]))
def test_the_floor_tells_the_two_conventions_apart(dark: int, left_in: bool, announced: int) -> None:
    numbers = np.full((30, 30), dark + 1 + 1000 * left_in, np.uint16)
    floor = dark_floor(numbers, numbers > 0, announced, SETTINGS)
    assert floor is not None
    fits = SETTINGS.floor_min <= floor <= SETTINGS.floor_max
    assert fits == (left_in == (announced == 1000))
