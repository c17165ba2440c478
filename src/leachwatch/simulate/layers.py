"""Layers of paint: a shape, and how its colour goes through time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from leachwatch.simulate.noise import FloatArray
from leachwatch.simulate.shapes import Cover

__all__ = ["Layer", "Stroke", "constant", "greenness", "layer", "paint", "seasonal"]

_KNOT = 20  # days between the knots of a seasonal colour
_UNSEEN = 0.004  # opacity below which a layer is not worth painting


@dataclass(frozen=True, eq=False)
class Stroke:
    """Colour and opacity from one day on; between two strokes both change in a straight line.

    Attributes
    ----------
    day : float
        Proleptic ordinal of the day.
    spectrum : ndarray of float32, shape (band,)
        Reflectance, 0 to 1.
    opacity : float
        Share of the shape that has this colour, 0 to 1.
    """

    day: float
    spectrum: FloatArray
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class _Piece:
    """Part of a layer that covers something; a road's window is mostly empty."""

    window: tuple[slice, slice]
    share: FloatArray
    texture: FloatArray


@dataclass(frozen=True, eq=False)
class Layer:
    """One thing on the ground.

    Attributes
    ----------
    cover : Cover
        Where.
    days : ndarray of float64, shape (knot,)
        Ordinals, rising.
    spectra : ndarray of float32, shape (knot, band)
        Reflectance at each knot.
    opacities : ndarray of float32, shape (knot,)
        Opacity at each knot.
    texture : ndarray of float32, shape (y, x)
        Brightness relative to the spectrum.
    level : float
        1 where the ground was levelled or is water, 0 where it keeps its slope.
    """

    cover: Cover
    days: FloatArray
    spectra: FloatArray
    opacities: FloatArray
    texture: FloatArray = field(default_factory=lambda: np.ones((1, 1), np.float32))
    level: float = 0.0

    @cached_property
    def pieces(self) -> tuple[_Piece, ...]:
        """The layer without the empty parts of its window, which paint would not change."""
        even = self.texture.shape == (1, 1)
        return tuple(
            _Piece(window, self.cover.share[inner], self.texture if even else self.texture[inner])
            for window, inner in self.cover.filled()
        )

    def at(self, day: float) -> tuple[FloatArray, float]:
        """Spectrum and opacity on a day."""
        if len(self.days) == 1:
            return self.spectra[0], float(self.opacities[0])
        index = min(max(int(self.days.searchsorted(day, side="right")), 1), len(self.days) - 1)
        start, end = float(self.days[index - 1]), float(self.days[index])
        share = np.float32(min(max((day - start) / max(end - start, 1e-6), 0), 1))
        spectrum = self.spectra[index - 1] * (1 - share) + self.spectra[index] * share
        opacity = self.opacities[index - 1] * (1 - share) + self.opacities[index] * share
        return spectrum, float(opacity)


def layer(
    cover: Cover, strokes: Sequence[Stroke], *, texture: FloatArray | None = None, level: float = 0.0
) -> Layer:
    """Make a layer from its strokes.

    Parameters
    ----------
    cover : Cover
        Where.
    strokes : sequence of Stroke
        In any order; days are sorted.
    texture : ndarray of float32, shape (y, x), optional
        Brightness relative to the spectrum; even where it is not given.
    level : float
        As in `Layer`.
    """
    ordered = sorted(strokes, key=lambda stroke: stroke.day)
    return Layer(
        cover=cover,
        days=np.array([stroke.day for stroke in ordered], np.float64),
        spectra=np.stack([stroke.spectrum for stroke in ordered]).astype(np.float32),
        opacities=np.array([stroke.opacity for stroke in ordered], np.float32),
        texture=np.ones((1, 1), np.float32) if texture is None else texture,
        level=level,
    )


def constant(spectrum: FloatArray, opacity: float = 1.0) -> list[Stroke]:
    """Strokes of a colour that never changes."""
    return [Stroke(0.0, spectrum, opacity)]


def greenness(day: float) -> float:
    """State of the season: 0 in late March, the driest time, 1 at the end of the monsoon."""
    of_year = date.fromordinal(int(day)).timetuple().tm_yday
    return float(0.5 + 0.5 * np.cos(2 * np.pi * (of_year - 260) / 365.25))


def seasonal(
    dry: FloatArray, wet: FloatArray, first: float, last: float, opacity: Callable[[float], float]
) -> list[Stroke]:
    """Strokes of a colour that follows the season.

    Parameters
    ----------
    dry, wet : ndarray of float32, shape (band,)
        Reflectance in the driest and the wettest time of the year.
    first, last : float
        Ordinals between which the layer may be seen.
    opacity : callable
        Opacity on a day.
    """
    days = np.arange(first, last + _KNOT, _KNOT)
    return [
        Stroke(float(day), _between(dry, wet, greenness(float(day))), float(opacity(float(day))))
        for day in days
    ]


def paint(layers: Sequence[Layer], day: float, image: FloatArray, level: FloatArray) -> None:
    """Paint layers over an image, in order.

    Parameters
    ----------
    layers : sequence of Layer
        From the ground up.
    day : float
        Ordinal of the day.
    image : ndarray of float32, shape (band, y, x)
        Changed in place.
    level : ndarray of float32, shape (y, x)
        Changed in place: share of levelled ground.
    """
    for item in layers:
        spectrum, opacity = item.at(day)
        if opacity < _UNSEEN:
            continue
        colour = spectrum[:, None, None]
        for piece in item.pieces:
            alpha = piece.share * np.float32(opacity)
            part = image[:, *piece.window]
            part += alpha * (colour * piece.texture - part)
            flat = level[piece.window]
            flat += alpha * (np.float32(item.level) - flat)


def _between(low: FloatArray, high: FloatArray, share: float) -> FloatArray:
    return np.asarray(low + (high - low) * np.float32(share), np.float32)
