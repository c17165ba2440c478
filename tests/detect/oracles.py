"""Slow and obvious: what the kernels must agree with."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.kernels import Scales


def best_spell(series: NDArray[Any]) -> tuple[float, int, int, int]:
    """Largest sum over any run of looks, tried one by one; the shortest and earliest of equal ones."""
    best = (0.0, -1, -1, 0)
    for first in range(len(series)):
        for last in range(first, len(series)):
            total = float(np.float32(series[first : last + 1].astype(np.float32).sum()))
            if total > best[0] + 1e-4:
                best = (total, first, last, int((series[first : last + 1] > 0).sum()))
    return best


def look_evidence(visible: float, nir: float, contrast: tuple[float, float, float], rule: Scales) -> float:
    said = [rule.evidence_min]
    if nir < rule.liquid_nir_max and visible > rule.liquid_brightness:
        said.append((visible - nir - rule.liquid_floor) / rule.liquid_step)
    if nir < rule.dark_water_nir:
        said.append(rule.dark_water_evidence)
    elif not math.isnan(contrast[0]):
        steps = (contrast[0] + contrast[1]) / 2 / rule.grey_step - rule.plants * max(contrast[2], 0)
        said.append(rule.grey_odds * (steps - rule.grey_least))
    return min(max(float(one) for one in said), float(rule.evidence_max))
