"""Rating: how well scores tell two classes apart, and how far they are from probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

__all__ = ["auc", "calibration_error"]

_BINS = 10


def auc(score: NDArray[Any], truth: NDArray[np.bool_]) -> float:
    """Probability that one that is scores above one that is not; a tie counts half.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        Any scale.
    truth : ndarray of bool, shape (n,)
        Which are.

    Returns
    -------
    float
        0 to 1; 0 where one of the classes is empty.

    Examples
    --------
    >>> auc(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, False, True, True]))
    0.875
    """
    yes, no = int(truth.sum()), int((~truth).sum())
    return float((rankdata(score)[truth].sum() - yes * (yes + 1) / 2) / max(yes * no, 1))


def calibration_error(score: NDArray[Any], truth: NDArray[Any]) -> float:
    """Mean distance of score and share of those that are, over ten bins of score, weighed by their number.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        0 to 1.
    truth : ndarray of bool, shape (n,)
        Which are.

    Returns
    -------
    float
        0 to 1; 0 where nothing was scored.

    Examples
    --------
    >>> calibration_error(np.array([0.25, 0.25, 0.25, 0.25]), np.array([True, False, False, False]))
    0.0
    >>> calibration_error(np.array([]), np.array([], np.bool_))
    0.0
    """
    bins = np.minimum((np.asarray(score) * _BINS).astype(int), _BINS - 1)
    apart = [
        abs(float(score[bins == one].mean()) - float(truth[bins == one].mean())) * float((bins == one).mean())
        for one in np.unique(bins)
    ]
    return float(sum(apart))
