"""Forest and shrub: what covers the ground before anybody comes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from leachwatch.simulate.layers import greenness
from leachwatch.simulate.noise import FloatArray, fractal, smoothstep
from leachwatch.simulate.spectra import BANDS, draw
from leachwatch.simulate.terrain import Terrain

__all__ = ["Vegetation", "grow"]

_FOREST = (0.62, 0.92)  # share of the slopes under forest; Chipwi township keeps most of its own
_CROWNS = (0.07, 0.13)  # standard deviation of brightness between crowns, 5 m cells
_STANDS = (0.07, 0.13)  # the same between stands


@dataclass(frozen=True, eq=False)
class Vegetation:
    """Natural cover of the district.

    Attributes
    ----------
    forest : ndarray of float32, shape (y, x)
        Share of forest; the rest is shrub, bamboo and grass.
    visible, infrared : ndarray of float32, shape (y, x)
        Brightness relative to the spectrum, below and above 720 nm.
    wet, dry : ndarray of float32, shape (2, band)
        Spectra of forest and of shrub at the two ends of the year.
    """

    forest: FloatArray
    visible: FloatArray
    infrared: FloatArray
    wet: FloatArray
    dry: FloatArray

    def reflectance(self, day: float) -> FloatArray:
        """Reflectance on level ground, shape (band, y, x)."""
        share = np.float32(greenness(day))
        forest, shrub = self.dry + (self.wet - self.dry) * share
        image = np.empty((len(BANDS), *self.forest.shape), np.float32)
        for band, name in enumerate(BANDS):
            texture = self.visible if name in BANDS[:4] else self.infrared
            np.multiply(self.forest, forest[band] - shrub[band], out=image[band])
            image[band] += shrub[band]
            image[band] *= texture
        return image


def grow(rng: np.random.Generator, terrain: Terrain) -> Vegetation:
    """Cover the terrain with forest, and with shrub near the river and on poor slopes."""
    shape = terrain.elevation.shape
    field = fractal(rng, shape, exponent=1.7, longest=180) - 0.9 * (1 - smoothstep(terrain.to_river, 60, 300))
    edge = float(np.quantile(field, 1 - rng.uniform(*_FOREST)))
    stands = fractal(rng, shape, exponent=1.4, longest=60) * rng.uniform(*_STANDS)
    crowns = rng.uniform(*_CROWNS)
    spectra = {name: draw(rng, name) for name in ("forest wet", "shrub wet", "forest dry", "shrub dry")}
    return Vegetation(
        forest=smoothstep(field, edge - 0.25, edge + 0.25),
        visible=np.exp(_grain(rng, shape) * crowns * 0.9 + stands * 0.8).astype(np.float32),
        infrared=np.exp(_grain(rng, shape) * crowns + stands).astype(np.float32),
        wet=np.stack([spectra["forest wet"], spectra["shrub wet"]]),
        dry=np.stack([spectra["forest dry"], spectra["shrub dry"]]),
    )


def _grain(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Noise of the grain of tree crowns, about 10 m."""
    grain = cv2.GaussianBlur(rng.standard_normal(shape, dtype=np.float32), (0, 0), 0.9)
    return np.asarray(grain / grain.std(), np.float32)
