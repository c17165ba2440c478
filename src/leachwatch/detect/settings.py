"""Everything that detection takes for granted, with unit and source."""

from __future__ import annotations

from dataclasses import dataclass, field

from leachwatch.imagery import Band

__all__ = ["DetectSettings", "JudgeSettings"]


@dataclass(frozen=True)
class JudgeSettings:
    """Weights of what a group of pool pixels looks like as a whole, in log odds for a mine.

    Set by hand on simulated districts 1-6, where they told mines from look-alikes; a trained model is to
    replace them. Each argument is bounded, so that no single one decides.

    Attributes
    ----------
    base : float
        Before anything is known.
    usual_pixels, size, size_least, size_most : float
        Pool pixels of a doubtful group; log odds for each doubling; bounds.
    usual_strength, strength, strength_least, strength_most : float
        Mean log odds of the pool pixels of a doubtful group; log odds for each unit; bounds.
    usual_pad, pad, pad_least, pad_most : float
        Bare share of the ground beside the pools of a doubtful group; log odds for each unit; bounds.
    usual_forest, forest, forest_most : float
        Share of forest around a doubtful group; log odds for each unit; bound either way.
    cleared : float
        From ground that was bare before to ground that had plants; nothing where the past is not known.
    water : float
        For pools that all lie beside open water.
    usual_elongation, elongation, elongation_least : float
        Length over width from which it speaks against a mine; log odds for each unit; bound.
    """

    base: float = -1.0
    usual_pixels: float = 5.0
    size: float = 0.8
    size_least: float = -2.0
    size_most: float = 1.5
    usual_strength: float = 5.0
    strength: float = 1 / 3
    strength_least: float = -0.7
    strength_most: float = 1.0
    usual_pad: float = 0.55
    pad: float = 6.0
    pad_least: float = -2.5
    pad_most: float = 1.5
    usual_forest: float = 0.5
    forest: float = 4.0
    forest_most: float = 1.5
    cleared: float = 2.0
    water: float = -3.0
    usual_elongation: float = 4.0
    elongation: float = -0.5
    elongation_least: float = -2.0


@dataclass(frozen=True)
class DetectSettings:
    """Settings of detection.

    "Chips" below are 375 real looks at Kachin mines, near infrared, red and green at 4.8 m, yearly median of
    2022; `docs/method/detection.md` says where they come from and how each number was read off them.

    Attributes
    ----------
    bands : tuple of Band
        What detection reads: all at 10 m, in the order in which they are used.
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
    grey_step : float
        Pools are bluer and greener against red than the pad: mean of the contrasts of ln(B02 / B04) and
        ln(B03 / B04) to the pad's that counts as one step. Real grey pools, pure, have 0.18 in green (chips)
        and 0.5 in blue (one mine at 0.5 m); at 10 m, mixed with walkways, about half.
    plants : float
        Steps lost for each unit of ln(B08 / B04) above the pad's: plants among bare ground look blue-green
        too.
    grey_least : float
        Steps at which a look says nothing.
    grey_odds : float
        Log odds for each step above.
    grey_blur_px : float
        Standard deviation of the blur of contrasts before they are weighed, pixels; blocks are 2-8 wide.
    liquid_floor : float
        LC10 of bright liquid, reflectance; clear water and fish ponds stay below +0.02 (Lee et al. water
        model).
    liquid_step : float
        LC10 that counts as one unit of evidence above the floor, reflectance: four times the noise of a look.
    liquid_brightness : float
        Least mean of B02 and B03 of bright liquid, reflectance; clear water with haze stays below.
    liquid_nir_max : float
        Near infrared above which LC10 is snow or cloud, reflectance.
    dark_water_nir : float
        Near infrared below which dark ground is open water, reflectance (fish ponds, reservoirs: 0.005-0.05).
    dark_water_brightness : float
        Mean of B02 and B03 below which such ground is open water, reflectance: fish ponds and clear water
        have 0.02-0.03, to which haze adds as much again; leach liquid is brighter.
    dark_water_evidence : float
        What open dark water says, log odds: it may be a pool of clear liquid, and is more often a pond.
    water_ndvi : float
        NDVI above which dark ground is shaded forest, not water.
    most_contrast : float
        Largest contrast that a single pixel can bring, natural log: twofold, more than any liquid has.
    evidence_min, evidence_max : float
        What one look can say against or for a pool, natural log odds; bounds what one bad look can do.
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
    judge : JudgeSettings
        Weights of the whole.
    possible, probable, confirmed : float
        Scores from which a site has that tier.
    forest_around : float
        Share of forest around without which a site is no more than possible, unless it was seen to be cleared
        from plants: in open country villages and yards look the same.
    """

    bands: tuple[Band, ...] = ("blue", "green", "red", "nir")
    bare_ndvi: float = 0.5
    forest_ndvi: float = 0.6
    pad_radius_m: int = 70
    pad_pixels: int = 5
    pad_nir: float = 0.1
    grey_step: float = 0.1
    plants: float = 12.0
    grey_least: float = 0.4
    grey_odds: float = 1.2
    grey_blur_px: float = 0.7
    liquid_floor: float = 0.03
    liquid_step: float = 0.02
    liquid_brightness: float = 0.09
    liquid_nir_max: float = 0.3
    dark_water_nir: float = 0.06
    dark_water_brightness: float = 0.07
    dark_water_evidence: float = -0.5
    water_ndvi: float = 0.2
    most_contrast: float = 0.7
    evidence_min: float = -1.5
    evidence_max: float = 2.0
    pool_evidence: float = 4.0
    edge_evidence: float = 2.0
    lone_evidence: float = 8.0
    pool_looks: int = 3
    often_water: float = 0.35
    shore_m: int = 20
    pond_m: int = 50
    link_m: float = 150.0
    ring_m: int = 60
    beside_m: float = 30.0
    before_days: int = 120
    context_m: int = 300
    judge: JudgeSettings = field(default_factory=JudgeSettings)
    possible: float = 0.3
    probable: float = 0.5
    confirmed: float = 0.8
    forest_around: float = 0.5
