"""Accuracy on simulated districts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leachwatch.bench.score import Score
from leachwatch.bench.trial import trial
from leachwatch.detect import calibration_error
from leachwatch.errors import RecordError

__all__ = ["FIRST_UNSEEN_SEED", "Accuracy", "measure_accuracy"]

FIRST_UNSEEN_SEED = 1001
"""Districts from this seed on were not looked at while the rules were made; those below 100 were."""

MEASURES = (
    "precision",
    "recall",
    "f1",
    "confirmed_precision",
    "false_per_100_km2",
    "onset_error_days",
    "onset_error_often_days",
    "onset_covered",
    "activity",
    "pauses",
    "area_ratio",
    "area_covered",
)
"""Measures of a district that have a median and a worst over districts."""


@dataclass(frozen=True)
class Accuracy:
    """Scores of some districts.

    Attributes
    ----------
    seeds : tuple of int
        Of the districts.
    scores : tuple of Score
        One a district.
    seconds : tuple of float
        Of each scan.
    """

    seeds: tuple[int, ...]
    scores: tuple[Score, ...]
    seconds: tuple[float, ...]

    def median(self, name: str) -> float | None:
        """Median of one measure over the districts that have it."""
        values = [getattr(one, name) for one in self.scores]
        known = [value for value in values if value is not None]
        return float(np.median(known)) if known else None

    def worst(self, name: str) -> float | None:
        """Worst of one measure: the largest error, the ratio farthest from 1, the smallest of what is better
        the larger it is.
        """  # noqa: D205 - one sentence
        values = [getattr(one, name) for one in self.scores]
        known = [float(value) for value in values if value is not None]
        if name.endswith("ratio"):
            return max(known, key=lambda value: abs(np.log(max(value, 1e-6))), default=None)
        return (max if "error" in name or "false" in name else min)(known, default=None)

    @property
    def confirmed_precision(self) -> float | None:
        """Share of all confirmed sites that are mines."""
        confirmed, false = (self._total(name) for name in ("confirmed", "confirmed_false"))
        return 1 - false / confirmed if confirmed else None

    @property
    def false_per_100_km2(self) -> float:
        """False alarms on 100 km² outside mines, all districts together."""
        return self._total("false") / self._total("outside_km2") * 100

    @property
    def false_per_100_km2_by_lookalike(self) -> dict[str, float]:
        """The same of each class of look-alike that raised any, the commonest first."""
        kinds = sum((Counter(one.false_by_lookalike) for one in self.scores), Counter[str]())
        return {kind: count / self._total("outside_km2") * 100 for kind, count in kinds.most_common()}

    @property
    def pauses(self) -> float | None:
        """Share of the pauses of all districts that could be seen which were found."""
        found, missed = (self._total(name) for name in ("pauses_found", "pauses_missed"))
        return found / (found + missed) if found + missed else None

    @property
    def calibration_error(self) -> float | None:
        """Mean distance of score and share of mines over ten bins of score, weighed by their sites."""
        judged = np.array([pair for one in self.scores for pair in one.judged], np.float64).reshape(-1, 2)
        return calibration_error(judged[:, 0], judged[:, 1]) if len(judged) else None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "simulated": True,
            "median_f1": self.median("f1"),
            "median": {name: self.median(name) for name in MEASURES},
            "worst": {name: self.worst(name) for name in MEASURES},
            "together": {
                "confirmed_precision": self.confirmed_precision,
                "false_per_100_km2": self.false_per_100_km2,
                "false_per_100_km2_by_lookalike": self.false_per_100_km2_by_lookalike,
                "pauses": self.pauses,
                "pauses_hidden": int(self._total("pauses_hidden")),
                "calibration_error": self.calibration_error,
            },
            "districts": [
                {"seed": seed, "seconds": round(spent, 2), **one.as_dict()}
                for seed, one, spent in zip(self.seeds, self.scores, self.seconds, strict=True)
            ],
        }

    def _total(self, name: str) -> float:
        return float(sum(getattr(one, name) for one in self.scores))


def measure_accuracy(
    seeds: Sequence[int],
    *,
    size: int = 256,
    looks: int | None = None,
    every: int | None = None,
    progress: Callable[[str, int, int], None],
) -> Accuracy:
    """Simulate districts, scan each, and score it.

    Parameters
    ----------
    seeds : sequence of int
        One a district.
    size : int
        Pixels along a district's side.
    looks : int, optional
        Scenes of each, over two years; 24 unless ``every`` is given.
    every : int, optional
        Days from one scene to the next, instead of ``looks``.
    progress : callable
        Told how many of how many are done.

    Returns
    -------
    Accuracy

    Raises
    ------
    RecordError
        If both ``looks`` and ``every`` are given.
    """
    if looks is not None and every is not None:
        raise RecordError(f"--looks {looks} and --every {every} say the same thing twice; give one of them")
    scores, seconds = [], []
    for done, seed in enumerate(seeds):
        progress("districts", done, len(seeds))
        with trial(seed, size, looks=looks, every=every) as made:
            start = time.perf_counter()
            out = made.scan("out")
            seconds.append(time.perf_counter() - start)
            scores.append(made.score(out))
    progress("districts", len(seeds), len(seeds))
    return Accuracy(tuple(seeds), tuple(scores), tuple(seconds))
