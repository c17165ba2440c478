"""Simulated ground, degraded to the monthly basemaps, against real chips of Kachin that stay outside."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from leachwatch.simulate import world
from leachwatch.simulate.shapes import Cover
from leachwatch.simulate.spectra import BANDS

DATA = Path(os.environ.get("LEACHWATCH_TEST_DATA", "../shared/data"))
CHIPS = DATA / "imagery" / "kachin_nicfi_class_percentiles.json"
FIRST = date(2022, 1, 1).toordinal()
DAYS = [FIRST + day for day in (20, 60, 100, 290, 320, 350)]  # the months that give clear basemaps
NIR_RED_GREEN = [BANDS.index(name) for name in ("nir", "red", "green")]

pytestmark = pytest.mark.skipif(
    not CHIPS.exists(), reason=f"no real chips at {CHIPS}; set LEACHWATCH_TEST_DATA"
)

Array = NDArray[np.float32]


def _median_of_the_year(ground: world.World) -> Array:
    """Near infrared, red and green as in a yearly median of 5 m basemaps."""
    days = np.stack([ground.reflectance(day)[NIR_RED_GREEN] for day in DAYS])
    blurred = np.stack([[cv2.GaussianBlur(band, (0, 0), 0.7) for band in day] for day in days])
    return np.asarray(np.median(blurred, axis=0), np.float32)


def _union(covers: Iterable[Cover], cells: int) -> Array:
    canvas = np.zeros((cells, cells), np.float32)
    for cover in covers:
        rows, columns = cover.window
        canvas[rows, columns] = np.maximum(canvas[rows, columns], cover.share)
    return canvas


def _classes(ground: world.World) -> dict[str, NDArray[np.bool_]]:
    """Where grey pools, teal pools, pads and forest are, all year."""
    cells = ground.grid.cells
    standing = [
        (built, layer)
        for mine in ground.mines
        for built, layer in zip(mine.pools, mine.pool_layers, strict=True)
        if built.born < DAYS[0] and built.gone > DAYS[-1]
    ]
    pools = _union((layer.cover for _, layer in standing), cells)
    pads = _union(
        (pad.cover for mine in ground.mines for pad in mine.pads if pad.at(DAYS[0])[1] > 0.5), cells
    )
    everything = _union((layer.cover for layer in ground.layers), cells)
    near = cv2.dilate(everything, np.ones((5, 5)))
    found = {
        name: _union((layer.cover for built, layer in standing if built.liquid == name), cells) > 0.5
        for name in ("grey", "teal")
    }
    found["pad"] = (pads > 0.9) & (cv2.dilate(pools, np.ones((3, 3))) < 0.05)
    found["forest"] = (ground.vegetation.forest > 0.9) & (near < 0.05)
    return found


@pytest.fixture(scope="module")
def samples() -> dict[str, Array]:
    """Pixels of each class, shape (3, n), from three districts."""
    parts: dict[str, list[Array]] = {}
    for seed in (1, 2, 3):
        ground = world.make(np.random.default_rng([seed, 0]), 256, FIRST, FIRST + 730)
        median = _median_of_the_year(ground)
        for name, where in _classes(ground).items():
            parts.setdefault(name, []).append(median[:, where])
    return {name: np.concatenate(found, axis=1) for name, found in parts.items()}


@pytest.mark.parametrize("name", ["grey", "teal", "pad", "forest"])
def test_median_pixels_lie_inside_the_percentiles_of_real_chips(samples: dict[str, Array], name: str) -> None:
    real = json.loads(CHIPS.read_text(encoding="utf-8"))[name]
    medians = np.median(samples[name], axis=1)
    for simulated, band in zip(medians, ("NIR", "R", "G"), strict=True):
        p05, _, _, _, p95 = real[band]
        assert p05 < simulated < p95


@pytest.mark.parametrize(
    ("name", "ratio", "tolerance"),
    [("pad", 0.82, 0.05), ("grey", 0.98, 0.08), ("teal", 1.15, 0.13), ("forest", 1.35, 0.1)],
)
def test_green_over_red_is_that_of_real_chips(
    samples: dict[str, Array], name: str, ratio: float, tolerance: float
) -> None:
    _, red, green = samples[name]
    assert float(np.median(green / red)) == pytest.approx(ratio, abs=tolerance)


def test_pools_are_darker_than_the_pad_around_them_and_greener_for_their_red(
    samples: dict[str, Array],
) -> None:
    pad, grey = np.median(samples["pad"], axis=1), np.median(samples["grey"], axis=1)
    assert grey[0] < pad[0] * 0.85
    assert grey[1] < pad[1] * 0.85
    assert grey[2] / grey[1] > pad[2] / pad[1]
