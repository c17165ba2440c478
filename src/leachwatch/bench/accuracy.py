"""Accuracy on simulated districts."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from leachwatch.bench.score import Score, score
from leachwatch.bench.truth import read_truth
from leachwatch.case import Period, read_areas
from leachwatch.scanning import scan
from leachwatch.simulate import district

__all__ = ["FIRST_UNSEEN_SEED", "Accuracy", "measure_accuracy"]

FIRST_UNSEEN_SEED = 1001
"""Districts from this seed on were not looked at while the rules were made; those below 100 were."""


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

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "simulated": True,
            "median_f1": self.median("f1"),
            "districts": [
                {"seed": seed, "seconds": round(spent, 2), **one.as_dict()}
                for seed, one, spent in zip(self.seeds, self.scores, self.seconds, strict=True)
            ],
        }


def measure_accuracy(
    seeds: Sequence[int], *, size: int = 256, looks: int = 24, progress: Callable[[str, int, int], None]
) -> Accuracy:
    """Simulate districts, scan each, and score it.

    Parameters
    ----------
    seeds : sequence of int
        One a district.
    size : int
        Pixels along a district's side.
    looks : int
        Scenes of each.
    progress : callable
        Told how many of how many are done.

    Returns
    -------
    Accuracy
    """
    scores, seconds = [], []
    for done, seed in enumerate(seeds):
        progress("districts", done, len(seeds))
        with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
            folder = Path(name)
            made = district(folder / "scenes", seed=seed, size=size, looks=looks)
            days = [date.fromisoformat(day) for day in json.loads(made.truth.read_text())["looks"]]
            start = time.perf_counter()
            scan(made.catalog, read_areas(made.area), Period(min(days), max(days)), folder / "out")
            seconds.append(time.perf_counter() - start)
            scores.append(score(folder / "out", read_truth(made.truth)))
    progress("districts", len(seeds), len(seeds))
    return Accuracy(tuple(seeds), tuple(scores), tuple(seconds))
