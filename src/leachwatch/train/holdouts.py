"""Hold-outs: how a model does on a whole class that it was not shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import Forest
from leachwatch.train.metrics import out_of_fold, summary
from leachwatch.train.pixels import Samples
from leachwatch.train.wholes import MINE, Group

__all__ = ["hold_out_kinds", "hold_out_liquids", "hold_out_slopes"]

_FEW = 5

Odds = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Rows of samples in, log likelihood ratios out."""


def hold_out_liquids(samples: Samples, fit: Callable[[Samples, int], Odds]) -> dict[str, Any]:
    """Share of pixels and looks of each liquid that still speak for a pool when it was never shown.

    Half of the districts are learned from, without the liquid and with it, and the other half is asked.
    """
    shown = np.isin(samples.seed, np.unique(samples.seed)[::2])
    whole = fit(samples.take(shown), 0)
    result = {}
    for liquid in sorted(set(samples.liquid) - {""}):
        own = samples.liquid == liquid
        asked = samples.take(~shown & own).values
        if len(asked) < _FEW:
            continue
        without = fit(samples.take(shown & ~own), 0)
        result[str(liquid)] = {
            "shown": _speaking(whole, asked),
            "held out": _speaking(without, asked),
            "pixels": len(asked),
        }
    return result


def _speaking(odds: Odds, values: NDArray[np.float32]) -> float:
    return round(float((odds(values) > 0).mean()), 4)


def hold_out_kinds(groups: Sequence[Group], fit: Callable[[Sequence[Group]], Forest]) -> dict[str, Any]:
    """Share of each kind of look-alike that is taken for a mine, shown and held out."""
    margin = out_of_fold(groups, fit)
    result = {}
    for kind in sorted({one.kind for one in groups} - {MINE}):
        own = np.array([one.kind == kind for one in groups])
        if own.sum() < _FEW:
            continue
        without = fit([one for one in groups if one.kind != kind])
        odds = without.margin(np.array([one.values for one in groups if one.kind == kind], np.float32).T)[0]
        result[kind] = {
            "shown": round(float((margin[own] > 0).mean()), 4),
            "held out": round(float((odds > 0).mean()), 4),
            "groups": int(own.sum()),
        }
    return {"look-alikes": result}


def hold_out_slopes(groups: Sequence[Group], fit: Callable[[Sequence[Group]], Forest]) -> dict[str, Any]:
    """Learn on the gentler two thirds of the districts and ask about the steepest, and the reverse."""
    slope = np.array([one.slope for one in groups])
    mine = np.array([one.kind == MINE for one in groups])
    low, high = np.quantile(np.unique(slope), [1 / 3, 2 / 3])
    result = {}
    for name, held in {"steepest third": slope > high, "gentlest third": slope < low}.items():
        forest = fit([one for one, own in zip(groups, held, strict=True) if not own])
        odds = forest.margin(np.array([one.values for one in groups], np.float32).T)[0]
        result[name] = summary(odds[held], mine[held]) | {
            "recall": round(float((odds[held & mine] > 0).mean()), 4),
            "look-alikes taken for mines": round(float((odds[held & ~mine] > 0).mean()), 4),
        }
    return {"terrain": result}
