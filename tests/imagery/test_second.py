from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from leachwatch.errors import LeachwatchError, MaskError
from leachwatch.imagery import ClearSettings, second
from leachwatch.imagery.guard import seen
from leachwatch.imagery.second import _opened, second_opinion

BANDS = ("blue", "green", "red", "nir")
FOREST, CLOUD = (250, 400, 260, 2500), (5500, 5400, 5500, 6000)
needs_model = pytest.mark.skipif(
    importlib.util.find_spec("ukis_csmask") is None, reason="ukis-csmask is not installed (leachwatch[masks])"
)


def cloudy(side: int = 304, radius: int = 60) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Round clouds with soft edges and shadows over forest, and their opacity."""
    rng = np.random.default_rng(1)
    opacity = np.zeros((side, side), np.float32)
    for y, x in np.ndindex(2, 2):
        cv2.circle(opacity, ((1 + 4 * x) * radius, (1 + 4 * y) * radius), radius, 1.0, -1)
    opacity = cv2.GaussianBlur(opacity, (0, 0), radius / 6)
    shadow = np.roll(opacity, (-radius, -radius), axis=(0, 1)) * (1 - opacity)
    crowns, billows = (
        cv2.GaussianBlur(rng.standard_normal((side, side)).astype(np.float32), (0, 0), blur)
        for blur in (1, 8)
    )
    bands = [
        ground * np.exp(0.5 * crowns) * (1 - 0.7 * shadow) * (1 - opacity)
        + opacity * cloud * np.exp(1.6 * billows)
        for ground, cloud in zip(FOREST, CLOUD, strict=True)
    ]
    return np.stack(bands).astype(np.uint16), opacity


@needs_model
def test_clouds_are_hidden_and_the_forest_between_is_not() -> None:
    image, opacity = cloudy()
    hidden = second_opinion(image, BANDS)
    assert hidden.shape == (304, 304)
    assert hidden[opacity > 0.7].mean() > 0.9
    shadow = np.roll(opacity, (-60, -60), axis=(0, 1))
    assert hidden[(opacity < 0.01) & (shadow < 0.01)].mean() < 0.05


@needs_model
def test_it_says_what_the_library_says_of_an_image_of_30_m() -> None:
    from ukis_csmask.mask import CSmask  # noqa: PLC0415 - it may not be installed

    image = cloudy(side=768)[0]
    coarse = image.reshape(4, 256, 3, 256, 3).mean(axis=(2, 4)).transpose(1, 2, 0) / 10_000
    mask = CSmask(img=coarse.astype(np.float32), band_order=list(BANDS), product_level="l2a", nodata_value=0)
    assert (second_opinion(image, BANDS)[::3, ::3] == (mask.csm[..., 0] > 0)).mean() > 0.999


@needs_model
def test_bands_are_taken_by_name() -> None:
    image = cloudy()[0]
    turned = second_opinion(image[[3, 1, 0, 2]], ("nir", "green", "blue", "red"))
    assert (turned == second_opinion(image, BANDS)).all()


@needs_model
def test_ground_without_data_is_left_to_others() -> None:
    image = cloudy()[0]
    image[:, :, 250:] = 0
    assert not second_opinion(image, BANDS)[:, 250:].any()


@needs_model
def test_what_it_hides_is_not_seen_where_it_is_asked() -> None:
    image = cloudy()[0]
    scl = np.full((1, *image.shape[1:]), 4, np.uint8)
    assert seen(scl, image[None], BANDS, ClearSettings()).all()
    asked = seen(scl, image[None], BANDS, replace(ClearSettings(), second_opinion=True))
    assert_array_equal(asked[0], ~second_opinion(image, BANDS))


def test_what_it_hides_in_every_clear_look_is_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    pad = np.zeros((100, 100), np.bool_)
    pad[40:50, 40:50] = True
    monkeypatch.setattr(second, "second_opinion", lambda _image, _bands: pad)
    values = np.empty((6, 4, 100, 100), np.uint16)
    values[:] = np.array(FOREST)[:, None, None]
    scl = np.full((6, 100, 100), 4, np.uint8)
    assert seen(scl, values, BANDS, replace(ClearSettings(), second_opinion=True)).all()
    assert not seen(scl[:3], values[:3], BANDS, replace(ClearSettings(), second_opinion=True))[:, pad].any()


def test_a_missing_band_is_named() -> None:
    with pytest.raises(MaskError, match="needs the band nir"):
        second_opinion(cloudy(32, radius=6)[0][:3], BANDS[:3])


def test_where_it_is_not_installed_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ukis_csmask.mask", None)
    _opened.cache_clear()
    with pytest.raises(LeachwatchError, match=r"pip install 'leachwatch\[masks\]'"):
        second_opinion(cloudy(32, radius=6)[0], BANDS)
