"""Metrics of a model on districts that it has not seen, and calibration of its score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from leachwatch.detect import Forest, auc, calibration_error
from leachwatch.train.wholes import MINE, PART, Group

__all__ = ["area_ratios", "calibrated", "out_of_fold", "reliability", "summary"]

_FOLDS = 5


def out_of_fold(
    groups: Sequence[Group], fit: Callable[[Sequence[Group]], Forest], extra: Sequence[Group] = ()
) -> NDArray[np.float64]:
    """Log odds of each group by a forest that has seen nothing of its district."""
    seeds = np.array([one.seed for one in groups])
    fold = np.searchsorted(np.unique(seeds), seeds) % _FOLDS
    margin = np.empty(len(groups))
    for number in range(_FOLDS):
        forest = fit([*(one for one, own in zip(groups, fold, strict=True) if own != number), *extra])
        held = [one.values for one, own in zip(groups, fold, strict=True) if own == number]
        if held:
            margin[fold == number] = forest.margin(np.array(held, np.float32).T)[0]
    return margin


def calibrated(forest: Forest, margin: NDArray[np.float64], mine: NDArray[np.bool_]) -> Forest:
    """Scale a forest's log odds as fits its out-of-fold ones best (Platt scaling)."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - few have it installed

    fitted = LogisticRegression(C=1e6).fit(margin[:, None], mine)
    slope, shift = np.float32(fitted.coef_[0, 0]), np.float32(fitted.intercept_[0])
    return replace(forest, leaf=forest.leaf * slope, bias=forest.bias * slope + shift)


def reliability(
    groups: Sequence[Group], margin: NDArray[np.float64], mine: NDArray[np.bool_]
) -> dict[str, Any]:
    """Say how well the score tells mines from look-alikes, class by class, on unseen districts."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    seeds = np.array([one.seed for one in groups])
    even = np.searchsorted(np.unique(seeds), seeds) % 2 == 0
    score = np.empty(len(margin))
    for half in (even, ~even):
        fitted = LogisticRegression(C=1e6).fit(margin[~half, None], mine[~half])
        score[half] = fitted.predict_proba(margin[half, None])[:, 1]
    kinds = sorted({one.kind for one in groups} - {MINE, PART})
    of_kind = {kind: np.array([one.kind == kind for one in groups]) for kind in kinds}

    def rates(least: float) -> dict[str, float]:
        return {
            f"recall at {least}": round(float((score[mine] >= least).mean()), 4),
            f"precision at {least}": round(float(mine[score >= least].mean()), 4),
        }

    return {
        "groups": {MINE: sum(one.kind == MINE for one in groups)}
        | {kind: int(those.sum()) for kind, those in of_kind.items()},
        "unseen districts": summary(margin, mine)
        | {
            "calibration error": round(calibration_error(score, mine), 4),
            **rates(0.5),
            **rates(0.9),
        },
    }


def summary(margin: NDArray[Any], truth: NDArray[np.bool_]) -> dict[str, float]:
    """Area under the curve, average precision, and the error of the log odds as probabilities."""
    from sklearn.metrics import average_precision_score  # noqa: PLC0415

    odds = np.asarray(margin, np.float64) + np.log(truth.mean() / (1 - truth.mean()))
    return {
        "AUC": round(auc(margin, truth), 4),
        "AP": round(float(average_precision_score(truth, margin)), 4),
        "calibration error": round(calibration_error(expit(odds), truth), 4),
    }


def area_ratios(groups: Sequence[Group]) -> dict[str, float]:
    """Say how true pool area stands to that found, over mines: median, and spread of the logarithm."""
    ratio = np.log([one.pool_m2 / one.found_m2 for one in groups if one.kind == MINE and one.found_m2 > 0])
    low, middle, high = np.quantile(ratio, [0.1587, 0.5, 0.8413])
    return {"factor": float(np.exp(middle)), "spread": float(high - low) / 2}
