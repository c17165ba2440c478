"""Which pixels show the ground: the scene classification, with a margin around clouds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["ClearSettings", "clear"]


@dataclass(frozen=True)
class ClearSettings:
    """How the scene classification is read.

    Attributes
    ----------
    hidden : tuple of int
        Classes that do not show the ground: 0 no data, 1 saturated, 3 cloud shadow, 8 and 9 cloud,
        10 cirrus, 11 snow (Sentinel-2 L2A product definition, table 3).
    cloud : tuple of int
        Classes that a margin is drawn around, and whose specks are taken for bright ground.
    margin_m : int
        Width of that margin, m, as Sen2Cor misses cloud edges.
    speck_m2 : int
        Cloud smaller than this on its own is no cloud: Sen2Cor takes white pools, roofs and pads for it or
        for snow (others saw it on lagoons and lakes: s2cloudless issue 93, OmniCloudMask issue 1).
    """

    hidden: tuple[int, ...] = (0, 1, 3, 8, 9, 10, 11)
    cloud: tuple[int, ...] = (8, 9, 10, 11)
    margin_m: int = 40
    speck_m2: int = 6_000

    @property
    def reach_m(self) -> int:
        """How far from a pixel the classification may decide about it, m: the margin and a compact speck."""
        return self.margin_m + round(1.2 * math.sqrt(self.speck_m2))


def clear(scl: NDArray[np.uint8], pixel_m: int, settings: ClearSettings) -> NDArray[np.bool_]:
    """Where the ground can be seen.

    Parameters
    ----------
    scl : ndarray of uint8, shape (y, x)
        Scene classification.
    pixel_m : int
        Metres a pixel.
    settings : ClearSettings
        Classes and margins.

    Returns
    -------
    ndarray of bool, shape (y, x)
        True where seen.

    Examples
    --------
    >>> sky = np.full((9, 9), 4, np.uint8)
    >>> bool(clear(sky, 20, ClearSettings()).all())
    True
    >>> bool(clear(np.full((9, 9), 9, np.uint8), 20, ClearSettings()).any())
    False
    """
    cloud = np.isin(scl, settings.cloud)
    real = _without_specks(cloud, settings.speck_m2 / pixel_m**2)
    reach = round(settings.margin_m / pixel_m)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    near_cloud = cv2.dilate(real.astype(np.uint8), disc) > 0
    hidden = np.isin(scl, settings.hidden) & ~(cloud & ~real)
    result: NDArray[np.bool_] = ~hidden & ~near_cloud
    return result


def _without_specks(cloud: NDArray[np.bool_], pixels: float) -> NDArray[np.bool_]:
    """Drop compact cloud smaller than `pixels`; what the edge of the window cuts may go on beyond it."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cloud.astype(np.uint8), connectivity=8)
    kept: Any = stats[:, cv2.CC_STAT_AREA] >= pixels
    kept[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = True
    kept[0] = False
    result: NDArray[np.bool_] = kept[labels]
    return result
