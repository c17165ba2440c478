"""Slow and obvious: what the kernels must agree with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from leachwatch.detect.features import FEATURES
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import Band, Stack

Pixel = tuple[int, int]


def best_spell(series: NDArray[Any]) -> tuple[float, int, int, int]:
    """Largest sum over any run of looks, tried one by one; the shortest and earliest of equal ones."""
    best = (0.0, -1, -1, 0)
    for first in range(len(series)):
        for last in range(first, len(series)):
            total = float(np.float32(series[first : last + 1].astype(np.float32).sum()))
            if total > best[0] + 1e-4:
                best = (total, first, last, int((series[first : last + 1] > 0).sum()))
    return best


class Look:
    """One look, asked pixel by pixel."""

    def __init__(self, stack: Stack, look: int, settings: DetectSettings) -> None:
        self.settings, self.valid = settings, stack.valid[look]
        self.bands = {band: stack.values[look, place].astype(float) for place, band in enumerate(stack.bands)}

    def at(self, pixel: Pixel, band: Band) -> float:
        return float(self.bands[band][pixel])

    def ratio(self, pixel: Pixel, one: Band, other: Band) -> float:
        return math.log(self.at(pixel, one) / self.at(pixel, other))

    def ndvi(self, pixel: Pixel) -> float:
        red, nir = self.at(pixel, "red"), self.at(pixel, "nir")
        return (nir - red) / max(nir + red, 1)

    def visible(self, pixel: Pixel) -> float:
        return (self.at(pixel, "blue") + self.at(pixel, "green")) / 2

    def open_water(self, pixel: Pixel) -> bool:
        rule, nir = self.settings, self.at(pixel, "nir")
        return (
            nir < rule.dark_water_nir * 1e4
            and self.visible(pixel) < rule.dark_water_brightness * 1e4
            and self.ndvi(pixel) < rule.water_ndvi
            and nir < max(rule.darkest_nir * 1e4, rule.dark_water_beside * float(self.usual[pixel]))
        )

    @cached_property
    def usual(self) -> NDArray[np.float64]:
        """Mean near infrared of what was seen in the square around."""
        side = 2 * (self.settings.context_m // 10) + 1
        seen = self.valid.astype(float)
        sums = [uniform_filter(part, side, mode="constant") for part in (self.bands["nir"] * seen, seen)]
        return np.asarray(sums[0] / np.maximum(sums[1], 1e-9))

    def bare(self, pixel: Pixel) -> bool:
        return bool(
            self.valid[pixel] and self.ndvi(pixel) < self.settings.bare_ndvi and not self.open_water(pixel)
        )

    def around(self, pixel: Pixel, reach: int, where: Callable[[Pixel], bool]) -> Iterator[Pixel]:
        rows, columns = self.valid.shape
        for y in range(max(pixel[0] - reach, 0), min(pixel[0] + reach + 1, rows)):
            for x in range(max(pixel[1] - reach, 0), min(pixel[1] + reach + 1, columns)):
                if where((y, x)):
                    yield y, x

    def pad(self, pixel: Pixel) -> list[Pixel]:
        """The brighter half of the bare ground around; empty where that is too little, or dark."""
        reach = self.settings.pad_radius_m // 10
        pad = []
        for one in self.around(pixel, reach, self.bare):
            reds = [self.at(other, "red") for other in self.around(one, reach, self.bare)]
            if self.at(one, "red") * len(reds) >= sum(reds):
                pad.append(one)
        bright = np.mean([self.at(one, "nir") for one in pad]) if pad else 0
        enough = len(pad) >= self.settings.pad_pixels and bright > self.settings.pad_nir * 1e4
        return pad if enough else []

    def against_pad(self, pixel: Pixel) -> list[float] | None:
        """ln(blue / red), ln(green / red), ln(nir / red) and ln(red) above the pad's; None without a pad."""
        pad = self.pad(pixel)
        if not pad or not self.valid[pixel] or self.ndvi(pixel) >= self.settings.forest_ndvi:
            return None
        own = {band: math.log(self.at(pixel, band)) for band in ("blue", "green", "red", "nir")}
        mean = {band: math.log(np.mean([self.at(one, band) for one in pad])) for band in own}  # type: ignore[arg-type]
        above = {band: own[band] - mean[band] for band in own}
        most = self.settings.most_contrast
        values = [above["blue"] - above["red"], above["green"] - above["red"], above["nir"] - above["red"]]
        return [min(max(value, -most), most) for value in (*values, above["red"])]

    def coarse(self, pixel: Pixel) -> list[float]:
        pairs: tuple[tuple[Band, Band, Band], ...] = (
            ("rededge1", "rededge1", "red"),
            ("rededge2", "rededge3", "rededge1"),
            ("swir16", "swir22", "nir08"),
        )
        if "swir16" not in self.bands:
            return [math.nan] * 3
        return [(self.ratio(pixel, one, low) + self.ratio(pixel, two, low)) / 2 for one, two, low in pairs]

    def local(self, pixel: Pixel) -> dict[str, float]:
        """What needs no blur, of a pixel that has a pad."""
        above, pad = self.against_pad(pixel), self.pad(pixel)
        assert above is not None
        small = list(self.around(pixel, 2, lambda one: bool(self.valid[one])))
        wide = list(self.around(pixel, 7, lambda one: bool(self.valid[one])))
        green, nir = self.at(pixel, "green"), self.at(pixel, "nir")
        coarse = np.array(self.coarse(pixel)) - np.mean([self.coarse(one) for one in pad], axis=0)
        return {
            **dict(zip(FEATURES[:4], above, strict=True)),
            "leach": (self.visible(pixel) - nir) / 1e4,
            "visible": self.visible(pixel) / 1e4,
            "nir": nir / 1e4,
            "ndvi": self.ndvi(pixel),
            "ndwi": (green - nir) / (green + nir),
            "texture": float(np.std([math.log(self.at(one, "red")) for one in small])),
            "bare_140": float(np.mean([self.bare(one) for one in wide])),
            "bare_50": float(np.mean([self.bare(one) for one in small])),
            **dict(zip(("rededge_pad", "slope_pad", "swir_pad"), coarse.tolist(), strict=True)),
        }
