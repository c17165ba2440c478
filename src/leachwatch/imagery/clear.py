"""Which pixels of one look show the ground: the scene classification, with a margin around clouds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["ClearSettings", "among", "clear"]


@dataclass(frozen=True)
class ClearSettings:
    """How the scene classification is read, and what a place's own history says against it.

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
    ground_nir : float
        Near infrared, reflectance, from which nothing that is flagged is believed to be ground. Leach liquid
        reaches 0.2 and pads 0.34; thick cloud has 0.6, snow 0.7, white roofs 0.6.
    around_m : int
        Half side of the square in which a look is otherwise clear or not, m: wider than any mine's pads,
        narrower than most cloud fields.
    around_flagged : float
        Share of that square that may be flagged in an otherwise clear look.
    lasting_flags : float
        Share of otherwise clear looks above which what is flagged is surface: clouds move, and in the
        dry season a place is under one in less than a third of the looks.
    lasting_looks : int
        Otherwise clear looks without which nothing can be said about that.
    lasting_edge_m : int
        Flags this near to lasting ones are theirs, m: one pixel of the classification, as looks are shifted
        by up to half a pixel against each other.
    witness_looks : int
        Looks that the mask shows, without which a pixel bears no witness.
    witness_ndvi : float
        NDVI that a witness has in more than half of those looks; dense vegetation has 0.7-0.9.
    witness_blue : float
        Lower quartile of a witness's blue, reflectance, at most: forest 0.024-0.030, shrub 0.04.
    witness_m : int
        Half side of the square whose witnesses speak for its middle, m.
    witness_m2 : int
        Ground that they must cover in it, m²: fifty pixels, so that noise cannot sway the vote.
    haze_rise : float
        Rise of a witness's blue, reflectance, that the sky makes. Haze that the correction leaves is at
        most 0.012, noise 0.006; a cloud of opacity 0.1 adds 0.05, and with it forest has an NDVI below 0.6.
    haze_colour : float
        Rise of red over that of blue, at most. Cloud has 1, haze 0.4, bare soil 4.
    shade_nir : float
        Near infrared of a witness in a cloud's shadow over its own lower quartile, at most: a shadow leaves
        0.3-0.6 of it. The lower quartile, so that slopes that the winter sun grazes are not in shadow.
    shade_red : float
        How far red may stand above a witness's own in a shadow, reflectance: two thirds of the haze that
        is left. Cut, burnt and flooded ground has more red than forest.
    deep_nir : tuple of float
        Near infrared, over its own median, of ground in deep shade of the terrain, from and to.
        Skylight leaves 0.15-0.3; clear water, which replaces a forest, has less than 0.1 of its infrared.
    deep_red : float
        Red of such ground over its own median, at most; liquid and bare ground are above forest.
    changed_looks : int
        Looks in a row, of those that the mask shows, after which a change is one of the ground: a clearing
        stays bright, a haze does not. A veil in 18 % of looks stays for three in 0.6 %.
    second_opinion : bool
        Whether `imagery.second` is asked too. It is no local rule: tables then depend, slightly, on where
        tiles are cut.
    """

    hidden: tuple[int, ...] = (0, 1, 3, 8, 9, 10, 11)
    cloud: tuple[int, ...] = (8, 9, 10, 11)
    margin_m: int = 40
    speck_m2: int = 6_000
    ground_nir: float = 0.35
    around_m: int = 310
    around_flagged: float = 0.25
    lasting_flags: float = 0.6
    lasting_looks: int = 4
    lasting_edge_m: int = 20
    witness_looks: int = 5
    witness_ndvi: float = 0.6
    witness_blue: float = 0.06
    witness_m: int = 150
    witness_m2: int = 5_000
    haze_rise: float = 0.04
    haze_colour: float = 2.0
    shade_nir: float = 0.6
    shade_red: float = 0.008
    deep_nir: tuple[float, float] = (0.1, 0.35)
    deep_red: float = 0.7
    changed_looks: int = 3
    second_opinion: bool = False

    @property
    def reach_m(self) -> int:
        """How far from a pixel what is seen there is decided, m.

        A margin of a cloud that is none if it is a compact speck, or lasts in its surroundings; or witnesses.
        """
        speck = round(1.2 * math.sqrt(self.speck_m2))
        return max(self.margin_m + max(speck, self.around_m + self.lasting_edge_m), self.witness_m)


def clear(
    scl: NDArray[np.uint8],
    pixel_m: int,
    settings: ClearSettings,
    surface: NDArray[np.bool_] | None = None,
    bright: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Where the ground can be seen in one look.

    Parameters
    ----------
    scl : ndarray of uint8, shape (y, x)
        Scene classification.
    pixel_m : int
        Metres a pixel.
    settings : ClearSettings
        Classes and margins.
    surface : ndarray of bool, shape (y, x), optional
        Where what is flagged is known to be surface: no margin is drawn around it.
    bright : ndarray of bool, shape (y, x), optional
        Where the near infrared is too high for anything flagged to be ground: it stays hidden. No margin is
        drawn around it where it is a speck or surface: it is a roof more often than a cloud.

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
    shown = ~among(scl, settings.hidden)
    cloud = among(scl, settings.cloud)
    if not cloud.any():
        return shown
    real = _without_specks(cloud, settings.speck_m2 / pixel_m**2)
    if surface is not None:
        real &= ~surface
    ground = cloud & ~real
    if bright is not None:
        ground &= ~bright
    reach = round(settings.margin_m / pixel_m)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    near_cloud = cv2.dilate(real.view(np.uint8), disc) > 0
    result: NDArray[np.bool_] = (shown | ground) & ~near_cloud
    return result


def among(scl: NDArray[np.uint8], classes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Pixels of some classes of a scene classification."""
    table = np.zeros(256, np.uint8)
    table[list(classes)] = 1
    result: NDArray[np.bool_] = cv2.LUT(np.ascontiguousarray(scl), table).reshape(scl.shape).view(np.bool_)
    return result


def _without_specks(cloud: NDArray[np.bool_], pixels: float) -> NDArray[np.bool_]:
    """Drop compact cloud smaller than `pixels`; what the edge of the window cuts may go on beyond it."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cloud.view(np.uint8), connectivity=8)
    kept: Any = stats[:, cv2.CC_STAT_AREA] >= pixels
    kept[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = True
    kept[0] = False
    result: NDArray[np.bool_] = kept[labels]
    return result
