"""Slow and obvious: what the kernels must agree with."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def best_spell(series: NDArray[Any]) -> tuple[float, int, int, int]:
    """Largest sum over any run of looks, tried one by one; the shortest and earliest of equal ones."""
    best = (0.0, -1, -1, 0)
    for first in range(len(series)):
        for last in range(first, len(series)):
            total = float(np.float32(series[first : last + 1].astype(np.float32).sum()))
            if total > best[0] + 1e-4:
                best = (total, first, last, int((series[first : last + 1] > 0).sum()))
    return best


def look_evidence(
    visible: float, nir: float, contrast: tuple[float, float, float], scales: NDArray[Any]
) -> float:
    grey_step, plants, least_steps, odds, floor, step, bright, nir_max, dark, least, most = map(float, scales)
    said = [least]
    if nir < nir_max and visible > bright:
        said.append((visible - nir - floor) / step)
    if nir < dark:
        said.append(-0.5)
    elif not math.isnan(contrast[0]):
        steps = (contrast[0] + contrast[1]) / 2 / grey_step - plants * max(contrast[2], 0)
        said.append(odds * (steps - least_steps))
    return min(max(*said, least), most)
