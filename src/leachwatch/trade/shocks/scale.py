"""The scale on which levels are compared, and the way back to tonnes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["Scale", "scale_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Tonnes to a scale on which noise is even.

    Attributes
    ----------
    root : bool
        Square root instead of logarithm.
    unit : float
        Tonnes: the logarithm is of one plus tonnes in this unit, the root of tonnes in it.
    """

    root: bool
    unit: float

    def on(self, tonnes: Floats) -> Floats:
        """Tonnes on the scale.

        Examples
        --------
        >>> Scale(root=False, unit=100.0).on(np.array([0.0, 100.0])).round(3)
        array([0.   , 0.693])
        """
        share = tonnes / self.unit
        scaled: Floats = 2 * np.sqrt(share) if self.root else np.log1p(share)
        return scaled

    def back(self, scaled: Floats) -> Floats:
        """Tonnes of what is on the scale; never below zero.

        Examples
        --------
        >>> scale = Scale(root=True, unit=4000.0)
        >>> scale.back(scale.on(np.array([0.0, 250.0])))
        array([  0., 250.])
        """
        held = np.maximum(scaled, 0.0)
        tonnes: Floats = self.unit * ((held / 2) ** 2 if self.root else np.expm1(held))
        return tonnes


def scale_of(drawn: Floats, settings: ShockSettings) -> Scale:
    """Scale for draws of a series, so that noise is a share of the usual month.

    Parameters
    ----------
    drawn : ndarray of float, shape (draws, n)
        Tonnes; NaN in gaps.
    settings : ShockSettings
        Which transform, and what is small.

    Returns
    -------
    Scale
        In units of one tonne where nothing ever came.
    """
    came = drawn[drawn > 0]
    usual = float(np.median(came)) if came.size else 1.0
    root = settings.transform == "sqrt"
    return Scale(root, usual if root else settings.small_share * usual)
