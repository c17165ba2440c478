"""Everything that dating takes for granted, with unit and source."""

from __future__ import annotations

from dataclasses import dataclass

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
    bare : tuple of float
        Expected bare share of the worked ground in each state, 0 to 1.
    bare_spread : tuple of float
        Its standard deviation.
    quiet : float
        Mean evidence for a pool at ground without one, log odds.
    quiet_spread, pool_spread : float
        Standard deviation of the mean evidence without and with pools, log odds.
    slip : float
        Share of looks that say nothing (haze, shadow, snow that the mask missed), 0 to 1.
    sure : float
        Probability at which an onset counts as having happened; one less this at which it has not.
    typical_pool_m2 : float
        Area of a typical pool, m²: discs of 15.6-17.3 m and rectangles of 19 x 10-13 m on the one real mine
        seen at 0.5 m, and a median spacing of 15 m over 1,407 real pools.
    pool_m2_per_pixel : float
        Pool area that a pool pixel stands for, m². Inside a block walls and walkways take about 0.4 of it,
        and about as much pool lies in the block's faint edge that is not detected: on simulated districts
        the two cancel (`docs/method/detection.md`).
    oldest_share, oldest_pixels : float, int
        Share of a site's pool pixels, and least number of them, that stand for it before it has more.
    active_least, active_most : float
        Bounds of the mean evidence that an active site is expected to have, log odds.
    patch_days : int
        Pools that came within so many days are one patch, days.
    disturbed_m : float
        Width of the margin around worked ground that counts as disturbed, m.
    area_low, area_high : float
        5th and 95th percentile of true over estimated pool area on simulated districts.
    count_low, count_high : float
        The same for the number of pools (from area, so wider by the range of pool sizes).
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
        ("idle", "active", 1.0),
        ("idle", "abandoned", 0.5),
        ("abandoned", "active", 0.1),
    )
    start: tuple[float, ...] = (0.5, 0.1, 0.3, 0.05, 0.05)
    bare: tuple[float, ...] = (0.05, 0.8, 0.85, 0.8, 0.15)
    bare_spread: tuple[float, ...] = (0.15, 0.25, 0.25, 0.25, 0.25)
    quiet: float = -0.8
    quiet_spread: float = 0.5
    pool_spread: float = 0.6
    slip: float = 0.05
    sure: float = 0.95
    typical_pool_m2: float = 190.0
    pool_m2_per_pixel: float = 100.0
    oldest_share: float = 0.15
    oldest_pixels: int = 3
    active_least: float = 0.4
    active_most: float = 1.5
    patch_days: int = 92
    disturbed_m: float = 30.0
    area_low: float = 0.55
    area_high: float = 3.3
    count_low: float = 0.6
    count_high: float = 4.2
    season_months: int = 6
