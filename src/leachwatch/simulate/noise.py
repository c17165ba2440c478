"""Fractal noise: the raw matter of mountains, canopies and clouds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

__all__ = ["FloatArray", "fractal", "smoothstep"]

FloatArray = NDArray[np.float32]


def fractal(
    rng: np.random.Generator, shape: tuple[int, int], *, exponent: float, longest: float = np.inf
) -> FloatArray:
    """Random field whose amplitude falls with frequency as a power law.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    shape : tuple of int
        Rows and columns.
    exponent : float
        Fall of amplitude with frequency; 0 is white noise, 2 and more is smooth.
    longest : float
        Wavelength in cells beyond which amplitude grows no more.

    Returns
    -------
    ndarray of float32, shape (y, x)
        Mean 0, standard deviation 1, periodic at its edges.
    """
    rows, columns = (fft.next_fast_len(n, real=True) for n in shape)
    frequency = np.hypot(np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None, :])
    lowest = max(1.0 / longest, 0.5 / max(rows, columns))
    amplitude = np.hypot(frequency, lowest) ** -exponent
    amplitude[0, 0] = 0.0
    white = rng.standard_normal((rows, columns), dtype=np.float32)
    field = fft.irfft2(fft.rfft2(white) * amplitude.astype(np.float32), s=(rows, columns))
    field /= max(float(field.std()), 1e-9)
    return np.asarray(field[: shape[0], : shape[1]], np.float32)


def smoothstep(values: FloatArray, low: float, high: float) -> FloatArray:
    """Smooth ramp from 0 at ``low`` to 1 at ``high``.

    Returns
    -------
    ndarray of float32
        Same shape as ``values``.
    """
    share = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
