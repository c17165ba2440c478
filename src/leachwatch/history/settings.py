"""Everything that dating takes for granted, with unit and source."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

__all__ = ["HistorySettings"]


@dataclass(frozen=True)
class HistorySettings:
    """Settings of dating.

    The rates are priors for a month-by-month account, as a wind-turbine monitor of Allen AI sets them for
    presence (0.05 and 0.01 a step); the looks outweigh them within two or three.

    Attributes
    ----------
    clear_share : float
        Share of a site's pixels that a look must show to count, 0 to 1.
    rates : tuple of (str, str, float)
        Changes a year from one state to another; what is not listed does not happen.
    start : tuple of float
        Probability of absent, cleared, active, idle, abandoned before the first look.
    bare, level : tuple of float
        What a look is expected to say in each state: bare share of the worked ground, 0 to 1; mean evidence
        of the oldest pool pixels less what it is while the site works, log odds. From simulated districts
        (`docs/method/detection.md`).
    bare_spread, level_spread : tuple of float
        Standard deviations of the same, likewise.
    use : tuple of float
        How much each unit of the mean log likelihood of use speaks for each state.
    use_middle : float
        Its value halfway between sites at work and sites at rest, on simulated districts.
    use_apart, use_own : float
        How far below the upper quartile of a site's looks its own middle lies, and its weight, 0 to 1.
    use_most : float
        Most that one look can say of use, log odds a pixel.
    pad_levels : tuple of float
        How a bare pad may stand to its site at work, log odds, and
    drained : tuple of float
        share of looks in which pools that rest may look like that pad, 0 to 1: hypotheses, among which the
        looks of a site choose.
    pad_spread : float
        Spread about each level, log odds.
    overgrown : float
        Share of looks at ground that is given up in which plants cover some of it, or all, 0 to 1.
    pad_evidence : float
        Evidence of a bare pad that pool pixels must exceed to have begun, log odds: halfway between pads on
        which pools come later and pools in use, on simulated districts.
    began_evidence : float
        Sum of that excess over a run of looks at which a pixel has begun, log odds.
    speaking_share : float
        Share of the seen pixels that must speak for a pool for a look to say how full pools are.
    pad_days, use_days : float
        Time over which looks repeat each other about how much the pad looks like pools, and about all else,
        days: a look so soon after the one before counts less.
    slip : float
        Share of looks that say nothing (haze, shadow, snow that the mask missed), 0 to 1.
    sure : float
        Probability at which an onset counts as having happened; one less this at which it has not.
    typical_pool_m2 : float
        Area of a typical pool, m²: discs of 15.6-17.3 m and rectangles of 19 x 10-13 m on the one real mine
        seen at 0.5 m, and a median spacing of 15 m over 1,407 real pools.
    pool_size_spread : float
        Spread of the logarithm of that from site to site: from 9 m across to the rectangles.
    area_factor, area_spread : float
        True over found pool area, median, and spread of its logarithm from site to site, on simulated
        districts; a scan takes them from the card of its model. The found area is the sum of what the model
        of shares says of pool pixels.
    area_draws : int
        Draws from which intervals of areas are read.
    oldest_share, oldest_pixels : float, int
        Share of a site's pool pixels, and least number of them, that stand for it before it has more.
    active_least : float
        Least mean evidence that an active site is expected to have, log odds.
    patch_days : int
        Pools that came within so many days are one patch, days.
    disturbed_m : float
        Width of the margin around worked ground that counts as disturbed, m.
    season_months : int
        Months at the end of the series that may still change the account.
    """

    clear_share: float = 0.3
    rates: tuple[tuple[str, str, float], ...] = (
        ("absent", "cleared", 0.4),
        ("absent", "active", 0.1),
        ("cleared", "active", 1.0),
        ("active", "idle", 0.5),
        ("active", "abandoned", 0.1),
        ("idle", "active", 1.5),
        ("idle", "abandoned", 1.0),
        ("abandoned", "active", 0.1),
    )
    start: tuple[float, ...] = (0.5, 0.1, 0.3, 0.05, 0.05)
    bare: tuple[float, ...] = (0.04, 0.92, 0.92, 0.92, 0.92)
    bare_spread: tuple[float, ...] = (0.13, 0.12, 0.12, 0.12, 0.12)
    level: tuple[float, ...] = (-3.5, -1.3, -0.2, -0.35, -2.3)
    level_spread: tuple[float, ...] = (0.5, 0.8, 0.35, 0.4, 1.15)
    use: tuple[float, ...] = (0.0, 0.0, 1.3, -1.3, -1.3)
    use_middle: float = 0.25
    use_apart: float = 0.8
    use_own: float = 0.5
    use_most: float = 2.0
    pad_levels: tuple[float, ...] = (-3.6, -2.4, -1.3, -0.7, -0.4)
    pad_spread: float = 0.45
    drained: tuple[float, ...] = (0.05, 0.4)
    overgrown: float = 0.5
    pad_evidence: float = 0.9
    began_evidence: float = 2.0
    pad_days: float = 40.0
    use_days: float = 20.0
    speaking_share: float = 0.3
    slip: float = 0.05
    sure: float = 0.98
    typical_pool_m2: float = 190.0
    pool_size_spread: float = 0.3
    area_factor: float = 0.95
    area_spread: float = 0.45
    area_draws: int = 200
    oldest_share: float = 0.7
    oldest_pixels: int = 3
    active_least: float = 0.8
    patch_days: int = 92
    disturbed_m: float = 30.0
    season_months: int = 6

    @property
    def hypotheses(self) -> tuple[tuple[float, float], ...]:
        """Every pair of a level of the pad and a share of drained pools."""
        return tuple(product(self.pad_levels, self.drained))
