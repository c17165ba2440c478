"""Everything that detection takes for granted, with unit and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leachwatch.imagery import Band

__all__ = ["DetectSettings"]


@dataclass(frozen=True)
class DetectSettings:
    """Settings of detection.

    "Chips" below are 375 real looks at Kachin mines, near infrared, red and green at 4.8 m, yearly median of
    2022; `docs/method/detection.md` says where they come from and how each number was read off them.

    Attributes
    ----------
    bands : tuple of Band
        What detection must have: all at 10 m.
    coarse : tuple of Band
        What it reads beside them where a scene has it: 20 m bands inform, and never decide alone.
    signatures : tuple of str
        Which signatures count, ``grey`` and ``bright``.
    model : str
        Folder of a model that `leachwatch train` has written; empty for the one that ships with the package.
    bare_ndvi : float
        Ground with a smaller NDVI in a look is bare. Forest on the chips has 0.83, pads 0.30, grey pools
        0.32.
    forest_ndvi : float
        Ground whose NDVI is above this in most looks is forest or dense shrub.
    pad_radius_m : int
        Half side of the square in which the pad around a pixel is looked for, m. Pads are 50-180 m across.
    pad_pixels : int
        Bare pixels needed in that square to speak of a pad.
    pad_nir : float
        Least near infrared of a pad, reflectance; ground darker than this is no pad. Chips: 0.23-0.30.
    blur_px : float
        Standard deviation of the blur of contrasts before they are weighed, pixels; blocks are 2-8 wide.
    liquid_floor : float
        LC10 above which a pixel may be bright liquid though there is no pad around, reflectance; clear water
        and fish ponds stay below +0.02 (Lee et al. water model).
    dark_water_nir : float
        Near infrared below which dark ground is open water, reflectance (fish ponds, reservoirs: 0.005-0.05).
    darkest_nir : float
        Near infrared below which it is so whatever lies around, reflectance: lakes are wider than any square.
    dark_water_beside : float
        Else the same as a share of the mean near infrared of the ground within `context_m`: shade darkens
        the land as well.
    dark_water_brightness : float
        Mean of B02 and B03 below which such ground is open water, reflectance: fish ponds and clear water
        have 0.02-0.03, to which haze adds as much again; leach liquid is brighter.
    water_ndvi : float
        NDVI above which dark ground is shaded forest, not water.
    most_contrast : float
        Largest contrast that a single pixel can bring, natural log: more than threefold.
    evidence_min, evidence_max : float
        What one look can say against or for a pool, natural log odds; bounds what one bad look can do.
    doubt : float
        Log odds taken off what each look says before looks are added up: what is wrong about a place, such as
        a dark patch of soil, is wrong in all of its looks.
    pool_evidence : float
        Log odds that a pixel must gather over its best spell of looks to be a pool pixel.
    edge_evidence : float
        The same for pixels that touch a pool pixel.
    lone_evidence : float
        Log odds that a pool pixel without a neighbour must gather; pools come in blocks.
    pool_looks : int
        Looks with evidence for a pool that a pool pixel must have.
    often_water : float
        Share of looks with open dark water from which a place is a pond or a river.
    pond_side_m : int
        Water that holds no square of this side is a dark pool, not a pond or a river, m: single pools are
        10-16 m.
    shore_m : int
        Ground this near to such a place is shore and no pool, m.
    pond_m : int
        Pools this near to such a place count as beside water, m.
    link_m : float
        Pool pixels nearer than this belong to one site, m (Global Witness 2022: 2,700 pools at 300 sites).
    ring_m : int
        How far around pool pixels the ground is looked at, m.
    beside_m : float
        Ground this near to a pool is beside it, m.
    before_days : int
        What the ground was this long before the pools counts as its past, days: clearing comes months
        earlier.
    context_m : int
        Half side of the square in which forest and water are counted, m.
    possible, probable, confirmed : float
        Scores from which a site has that tier.
    fewest_pixels : int
        Pool pixels that a site has at least that is more than possible: fewer are no rows of pools.
    most_pixels : int
        Pool pixels that such a site has at most: 30 ha of pools are a valley in snow or flood, not a mine.
        171 sites of 1,407 real pools have 8 pools each in the mean.
    """

    bands: tuple[Band, ...] = ("blue", "green", "red", "nir")
    coarse: tuple[Band, ...] = ("rededge1", "rededge2", "rededge3", "nir08", "swir16", "swir22")
    signatures: tuple[Literal["grey", "bright"], ...] = ("grey", "bright")
    model: str = ""
    bare_ndvi: float = 0.5
    forest_ndvi: float = 0.6
    pad_radius_m: int = 70
    pad_pixels: int = 5
    pad_nir: float = 0.1
    blur_px: float = 0.7
    liquid_floor: float = 0.03
    dark_water_nir: float = 0.06
    darkest_nir: float = 0.02
    dark_water_beside: float = 0.35
    dark_water_brightness: float = 0.07
    water_ndvi: float = 0.2
    most_contrast: float = 1.2
    evidence_min: float = -2.0
    evidence_max: float = 2.5
    doubt: float = 1.0
    pool_evidence: float = 2.5
    edge_evidence: float = 1.25
    lone_evidence: float = 6.0
    pool_looks: int = 2
    often_water: float = 0.35
    pond_side_m: int = 20
    shore_m: int = 20
    pond_m: int = 50
    link_m: float = 150.0
    ring_m: int = 60
    beside_m: float = 30.0
    before_days: int = 120
    context_m: int = 200
    possible: float = 0.2
    probable: float = 0.6
    confirmed: float = 0.9
    fewest_pixels: int = 4
    most_pixels: int = 3000
