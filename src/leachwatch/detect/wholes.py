"""Wholes: what a group of pool pixels looks like, as features for the model of sites."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from leachwatch.detect.features import FEATURES
from leachwatch.detect.groups import connected
from leachwatch.detect.hits import Hits
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import PIXEL_M

__all__ = ["WHOLE", "Whole", "measure"]

Whole = Mapping[str, float]
"""Features of a group by name, as listed in `WHOLE`; NaN where not known."""

_CELL_M2 = float(PIXEL_M**2)
_RANGED = ("nir", "blue_pad_near", "visible")
"""Features of a pixel whose spread over the pools says something."""

WHOLE = (
    "pixels",  # log2 of the number of pool pixels
    "score",  # mean score of the pool pixels
    "score_top",  # mean of the five best
    "score_spread",  # standard deviation of their scores over the mean
    "looks",  # mean number of looks that speak for a pool
    "steady",  # share of the seen looks of their spell in which pool pixels speak for one
    "together",  # mean share of the pool pixels that speak at once, in looks in which any does
    "level",  # mean evidence in the looks of the spell
    "unrest",  # standard deviation of that over looks
    "flicker",  # mean over the pool pixels of the standard deviation of their evidence over those looks
    "before",  # mean evidence in looks before the spell; NaN where there is none
    "span",  # log10 of the days from the first pool to the last
    "looks_before",  # log2 of 1 + looks before the spell
    "pad",  # share of the ground beside the pools that is bare while they are there
    "filled",  # pool pixels over all bare ground within the ring
    "edge",  # mean evidence of the pool pixels less that of bare ground around them
    "forest",  # share of forest within 200 m, median
    "water",  # share of pool pixels with open dark water within 50 m in many looks
    "cleared",  # share of pool pixels that had plants long before the pools; NaN where nobody looked
    "elongation",  # length over width
    "compact",  # pool pixels over the area of their convex hull
    "parts",  # log2 of the number of connected parts
    "largest",  # share of the largest part
    "bright",  # share of speaking pixels and looks that show bright liquid
    "full",  # mean share of pool in speaking pixels
    *FEATURES,  # means over the pool pixels
    "nir_range",  # standard deviation over the pool pixels
    "blue_range",
    "visible_range",
)
"""Names of the features of a whole, in the order in which the model wants them."""


def measure(hits: Hits, settings: DetectSettings) -> Whole:
    """Describe a group of pool pixels and the ground around it.

    Parameters
    ----------
    hits : Hits
        Of one group, as `leachwatch.detect.group` gives them.
    settings : DetectSettings
        What counts as water, and what is beside a pool.

    Returns
    -------
    mapping of str to float
        `WHOLE`, by name.
    """
    pools = hits.take(np.flatnonzero(hits.pool))
    result = (
        _strength(pools) | _course(pools) | _layout(pools) | _setting(hits, pools, settings) | _colours(pools)
    )
    return {name: float(result[name]) for name in WHOLE}


def _strength(pools: Hits) -> dict[str, float]:
    score = pools.score
    return {
        "pixels": np.log2(len(score)),
        "score": score.mean(),
        "score_top": np.sort(score)[-5:].mean(),
        "score_spread": score.std() / max(float(score.mean()), 1.0),
        "looks": pools.looks.mean(),
    }


def _course(pools: Hits) -> dict[str, float]:
    """Say what the group shows look by look."""
    days = _ordinals(pools)
    first, last = int(np.median(pools.first)), int(np.median(pools.last))
    seen = pools.seen.sum(axis=1)
    counted = seen >= max(1.0, 0.3 * pools.seen.shape[1])
    evidence = pools.evidence.astype(np.float32)
    level = evidence.sum(axis=1) / np.maximum(seen, 1)
    speaking = (evidence > 0).sum(axis=1)
    spell = counted & (days >= first) & (days <= last)
    before = counted & (days < first)
    inside = evidence[spell]
    loud = spell & (speaking > 0)
    return {
        "steady": (inside > 0).sum() / max(int(pools.seen[spell].sum()), 1),
        "together": float((speaking[loud] / np.maximum(seen[loud], 1)).mean()) if loud.any() else 0.0,
        "level": float(level[spell].mean()) if spell.any() else np.nan,
        "unrest": float(level[spell].std()) if spell.any() else np.nan,
        "flicker": _flicker(inside, pools.seen[spell]),
        "before": float(level[before].mean()) if before.any() else np.nan,
        "span": np.log10(1.0 + last - first),
        "looks_before": np.log2(1.0 + before.sum()),
    }


def _flicker(evidence: NDArray[np.float32], seen: NDArray[np.bool_]) -> float:
    """How much pixels change from look to look: liquids do, roofs do not."""
    looks = seen.sum(axis=0)
    known = looks >= 2  # noqa: PLR2004 - one look cannot differ from itself
    if not known.any():
        return float("nan")
    shown, count = np.where(seen, evidence, 0)[:, known], looks[known]
    variance = (shown**2).sum(axis=0) / count - (shown.sum(axis=0) / count) ** 2
    return float(np.sqrt(np.maximum(variance, 0)).mean())


def _layout(pools: Hits) -> dict[str, float]:
    points = np.column_stack([pools.column, pools.row]).astype(np.float64) * PIXEL_M
    parts = np.bincount(connected(pools, pools.pool))[1:]
    return {
        "elongation": _elongation(points),
        "compact": len(points) * _CELL_M2 / _hull_m2(points),
        "parts": np.log2(len(parts)),
        "largest": parts.max() / len(points),
    }


def _hull_m2(points: NDArray[np.float64]) -> float:
    """Area of the hull of the pixels' squares."""
    half = np.array([PIXEL_M, PIXEL_M]) / 2
    turn = np.array([1, -1])
    corners = np.concatenate([points + half, points - half, points + half * turn, points - half * turn])
    return float(shapely.area(shapely.convex_hull(shapely.multipoints(corners))))


def _elongation(points: NDArray[np.float64]) -> float:
    if len(points) < 3:  # noqa: PLR2004 - two points are a line of no width
        return 1.0
    small, large = np.linalg.eigvalsh(np.cov(points.T) + np.eye(2) * _CELL_M2 / 12)
    return float(np.sqrt(large / small))


def _setting(hits: Hits, pools: Hits, settings: DetectSettings) -> dict[str, float]:
    """Say what lies around."""
    days = _ordinals(hits)
    spell = (days >= np.median(pools.first)) & (days <= np.median(pools.last))
    around = np.flatnonzero(~hits.pool)
    seen, bare = hits.seen[spell][:, around].sum(axis=0), hits.bare[spell][:, around].sum(axis=0)
    points = np.column_stack([hits.column, hits.row]).astype(np.float64) * PIXEL_M
    distance, _ = cKDTree(points[hits.pool]).query(points[around]) if len(around) else (np.empty(0), None)
    beside = distance <= settings.beside_m
    ground = 2 * bare > np.maximum(seen, 1)
    level = hits.evidence[spell][:, around].astype(np.float32).sum(axis=0) / np.maximum(seen, 1)
    own = pools.evidence[spell].astype(np.float32).sum() / max(int(pools.seen[spell].sum()), 1)
    return {
        "pad": bare[beside].sum() / max(int(seen[beside].sum()), 1),
        "filled": len(pools.row) / (len(pools.row) + int(ground.sum())),
        "edge": own - float(level[ground].mean()) if ground.any() else np.nan,
        "forest": np.median(pools.forest),
        "water": (pools.water > settings.often_water).mean(),
        "cleared": _cleared(pools, settings),
    }


def _cleared(pools: Hits, settings: DetectSettings) -> float:
    """Share of pool pixels whose ground had plants in most looks long before the pools."""
    before = _ordinals(pools)[:, None] < pools.first[None] - settings.before_days
    seen = (before & pools.seen).sum(axis=0)
    bare = (before & pools.bare).sum(axis=0)
    known = seen >= 2  # noqa: PLR2004 - one look may be a slip
    return float((bare[known] < seen[known] / 2).mean()) if known.any() else float("nan")


def _colours(pools: Hits) -> dict[str, float]:
    speaking = pools.evidence > 0
    known = {name: trait[np.isfinite(trait)] for name, trait in zip(FEATURES, pools.traits.T, strict=True)}
    means = {name: float(some.mean()) if len(some) else np.nan for name, some in known.items()}
    spread = {name: float(known[name].std()) if len(known[name]) else np.nan for name in _RANGED}
    return means | {
        "bright": (pools.bright & speaking).sum() / max(int(speaking.sum()), 1),
        "full": pools.share[speaking].mean() / 100 if speaking.any() else np.nan,
        "nir_range": spread["nir"],
        "blue_range": spread["blue_pad_near"],
        "visible_range": spread["visible"],
    }


def _ordinals(hits: Hits) -> NDArray[np.int_]:
    return np.array([day.toordinal() for day in hits.days])
