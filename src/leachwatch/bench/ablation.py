"""Ablation: what each stage of detection buys, by taking it away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from leachwatch.bench.score import Score
from leachwatch.bench.trial import trial
from leachwatch.detect import DetectSettings
from leachwatch.scanning import FilmSettings, ScanSettings

__all__ = ["VARIANTS", "Ablation", "measure_ablation"]

_FULL = DetectSettings()

VARIANTS: dict[str, DetectSettings] = {
    "all of it": _FULL,
    "bands of 10 m only": replace(_FULL, coarse=()),
    "bright liquid only": replace(_FULL, signatures=("bright",)),
    "grey blocks only": replace(_FULL, signatures=("grey",)),
    "looks added up without doubt": replace(_FULL, doubt=0.0),
    "one look is enough": replace(_FULL, pool_looks=1),
    "small groups count too": replace(_FULL, fewest_pixels=0),
    "every group is a site": replace(_FULL, fewest_pixels=0, possible=0.0, probable=0.0, confirmed=0.0),
}
"""Settings by what is taken away."""


@dataclass(frozen=True)
class Ablation:
    """Scores of some districts with each stage taken away.

    Attributes
    ----------
    seeds : tuple of int
        Of the districts.
    scores : mapping of str to tuple of Score
        One a district, by variant.
    """

    seeds: tuple[int, ...]
    scores: dict[str, tuple[Score, ...]]

    def rows(self) -> list[tuple[str, float, float, float, float]]:
        """Variant, precision and recall over all districts, and median and worst F1."""
        result = []
        for name, scores in self.scores.items():
            found, false = sum(one.found for one in scores), sum(one.false for one in scores)
            known = found + sum(one.missed for one in scores)
            f1 = [one.f1 for one in scores]
            result.append(
                (name, found / max(found + false, 1), found / max(known, 1), float(np.median(f1)), min(f1))
            )
        return result

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        names = ("variant", "precision", "recall", "median_f1", "worst_f1")
        rows = [dict(zip(names, row, strict=True)) for row in self.rows()]
        return {"simulated": True, "seeds": list(self.seeds), "variants": rows}


def measure_ablation(
    seeds: Sequence[int], *, size: int = 256, looks: int = 24, progress: Callable[[str, int, int], None]
) -> Ablation:
    """Simulate districts, and scan and score each once for every variant.

    Parameters
    ----------
    seeds : sequence of int
        One a district.
    size : int
        Pixels along a district's side.
    looks : int
        Scenes of each.
    progress : callable
        Told how many scans are done, of how many.

    Returns
    -------
    Ablation
    """
    scores: dict[str, list[Score]] = {name: [] for name in VARIANTS}
    done, total = 0, len(seeds) * len(VARIANTS)
    for seed in seeds:
        with trial(seed, size, looks=looks) as made:
            for number, (variant, detect) in enumerate(VARIANTS.items()):
                progress("scans", done, total)
                settings = ScanSettings(detect=detect, film=FilmSettings(looks=0))
                scores[variant].append(made.score(made.scan(f"out-{number}", settings)))
                done += 1
    progress("scans", total, total)
    return Ablation(tuple(seeds), {name: tuple(some) for name, some in scores.items()})
