"""Fitting: forests from samples. The only importer of CatBoost."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import Forest
from leachwatch.errors import ModelError

__all__ = ["averaged", "fit_classes", "fit_odds", "fit_share"]


def fit_odds(
    values: NDArray[np.float32], label: NDArray[Any], features: Sequence[str], name: str, **options: Any
) -> Forest:
    """Fit the log odds of a class; rows of `values` are samples."""
    return _fitted(
        "CatBoostClassifier", values, label, features, (name,), {"loss_function": "Logloss"} | options
    )


def fit_classes(
    values: NDArray[np.float32],
    label: NDArray[Any],
    features: Sequence[str],
    classes: Sequence[str],
    **options: Any,
) -> Forest:
    """Fit log weights of several classes; labels are places in `classes`."""
    return _fitted(
        "CatBoostClassifier", values, label, features, classes, {"loss_function": "MultiClass"} | options
    )


def fit_share(
    values: NDArray[np.float32], share: NDArray[Any], features: Sequence[str], name: str, **options: Any
) -> Forest:
    """Fit a number."""
    return _fitted("CatBoostRegressor", values, share, features, (name,), {"loss_function": "RMSE"} | options)


def averaged(forests: Sequence[Forest]) -> Forest:
    """Put forests of the same inputs and depth together: their sum is the mean of what each says."""
    first, share = forests[0], np.float32(1 / len(forests))
    return replace(
        first,
        feature=np.concatenate([one.feature for one in forests]),
        border=np.concatenate([one.border for one in forests]),
        leaf=np.concatenate([one.leaf for one in forests]) * share,
        bias=np.array([one.bias for one in forests], np.float32).mean(axis=0, dtype=np.float32),
    )


def _fitted(
    kind: str,
    values: NDArray[np.float32],
    target: NDArray[Any],
    features: Sequence[str],
    classes: Sequence[str],
    options: dict[str, Any],
) -> Forest:
    try:
        import catboost  # noqa: PLC0415 - few have it installed
    except ImportError as error:
        raise ModelError(
            "training needs CatBoost; install it with: pip install 'leachwatch[train]'"
        ) from error
    usual = {
        "iterations": 120,
        "depth": 5,
        "learning_rate": 0.12,
        "border_count": 64,
        "random_seed": 0,
        "thread_count": 2,
        "verbose": False,
        "allow_writing_files": False,
    }
    model = getattr(catboost, kind)(**(usual | options))
    model.fit(values, target)
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        path = Path(name) / "model.json"
        model.save_model(str(path), format="json")
        return Forest.from_catboost(json.loads(path.read_text(encoding="utf-8")), features, classes)
