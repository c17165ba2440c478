"""Reconciling, measured on simulated press: whether bounds hold the truth and misprints rank first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from leachwatch.bench.press import MISPRINTS, Misprint, Press, PressSize, misprinted, press
from leachwatch.bench.rates import Rate
from leachwatch.trade.reconcile import Reconciled, ReconcileSettings, reconcile
from leachwatch.trade.reconcile.system import build
from leachwatch.trade.statement import Statement

__all__ = ["Reconciling", "Trial", "measure_reconciling", "measure_scaling"]

_TOP = 3
_SIZES = (
    PressSize(24, 1, 1),
    PressSize(30, 1, 2),
    PressSize(30, 2, 2, told=0.35),
    PressSize(36, 1, 3, told=0.7),
)
_SHARES = ((0.0, 0.5), (0.5, 0.75), (0.75, 0.9), (0.9, 0.98), (0.98, 1.0))
_ROUNDING = 0.002  # tonnes


@dataclass(frozen=True)
class Trial:
    """One simulated press with misprints, reconciled.

    Attributes
    ----------
    seed : int
    statements : int
        How many were printed.
    misprints : tuple of Misprint
        All that were made.
    detectable : tuple of Misprint
        Those that contradict the rest when they are the only one.
    ranks : tuple of int
        Of each detectable one, among the repairs of its conflict: 1 is the first; 0 is not named.
    taken_for : tuple of str
        Kind of the repair that names each detectable one first.
    innocent : int
        Statements that best repairs touch, though they are right.
    inside, inside_cautious : Rate
        True months inside the bounds.
    shares : tuple of (float, bool)
        Of the best repair of each conflict: its weight among its rivals, whether it touches misprints only.
    seconds : float
        Of reconciling.
    """

    seed: int
    statements: int
    misprints: tuple[Misprint, ...]
    detectable: tuple[Misprint, ...]
    ranks: tuple[int, ...]
    taken_for: tuple[str, ...]
    innocent: int
    inside: Rate
    inside_cautious: Rate
    shares: tuple[tuple[float, bool], ...]
    seconds: float


@dataclass(frozen=True)
class Reconciling:
    """Many trials, and the same press without misprints.

    Attributes
    ----------
    seeds : tuple of int
    inside_clean : Rate
        True months inside the bounds where nothing was misprinted.
    agreeing_clean : Rate
        Presses without misprints that are found to agree.
    trials : tuple of Trial
    """

    seeds: tuple[int, ...]
    inside_clean: Rate
    agreeing_clean: Rate
    trials: tuple[Trial, ...]

    def named(self, top: int, kind: str | None = None) -> Rate:
        """Count detectable misprints named among the first ``top`` repairs of their conflict."""
        ranks = [
            rank
            for trial in self.trials
            for misprint, rank in zip(trial.detectable, trial.ranks, strict=True)
            if kind in {None, misprint.kind}
        ]
        return Rate(sum(0 < rank <= top for rank in ranks), len(ranks))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        whole = [trial for trial in self.trials if len(trial.detectable) == len(trial.misprints)]
        taken = Counter(
            (misprint.kind, name)
            for trial in self.trials
            for misprint, name in zip(trial.detectable, trial.taken_for, strict=True)
        )
        return {
            "simulated": True,
            "seeds": list(self.seeds),
            "inside_without_misprints": self.inside_clean.as_dict(),
            "agreeing_without_misprints": self.agreeing_clean.as_dict(),
            "misprints": sum(len(trial.misprints) for trial in self.trials),
            "detectable": sum(len(trial.detectable) for trial in self.trials),
            "first": self.named(1).as_dict(),
            "first_three": self.named(_TOP).as_dict(),
            "first_by_kind": {kind: self.named(1, kind).as_dict() for kind in MISPRINTS},
            "taken_for": {f"{kind} as {name}": count for (kind, name), count in sorted(taken.items())},
            "detectable_by_kind": {kind: self._detectable(kind).as_dict() for kind in MISPRINTS},
            "right_by_share": {f"{low} to {high}": self._right(low, high).as_dict() for low, high in _SHARES},
            "innocent_statements_touched": sum(trial.innocent for trial in self.trials),
            "inside_after_repair": _sum(trial.inside for trial in whole).as_dict(),
            "inside_cautious": _sum(trial.inside_cautious for trial in whole).as_dict(),
            "inside_where_some_cannot_be_detected": _sum(
                trial.inside for trial in self.trials if trial not in whole
            ).as_dict(),
            "seconds_median": median(trial.seconds for trial in self.trials),
            "seconds_most": max(trial.seconds for trial in self.trials),
        }

    def _right(self, low: float, high: float) -> Rate:
        some = [right for trial in self.trials for share, right in trial.shares if low <= share <= high]
        return Rate(sum(some), len(some))

    def _detectable(self, kind: str) -> Rate:
        made = [one for trial in self.trials for one in trial.misprints if one.kind == kind]
        found = [one for trial in self.trials for one in trial.detectable if one.kind == kind]
        return Rate(len(found), len(made))


def measure_reconciling(
    seeds: Sequence[int],
    settings: ReconcileSettings | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
    sizes: Sequence[PressSize] = _SIZES,
) -> Reconciling:
    """Reconcile simulated press, without misprints and with one to three of them.

    Parameters
    ----------
    seeds : sequence of int
        One press of each size and each seed.
    settings : ReconcileSettings or None
    progress : callable
        Told what, how many are done, and of how many.
    sizes : sequence of PressSize

    Returns
    -------
    Reconciling
    """
    inside, agreeing, trials = [], [], []
    todo = [(seed, size) for seed in seeds for size in sizes]
    for done, (seed, size) in enumerate(todo):
        progress("presses", done, len(todo))
        simulated = press(seed, size)
        clean = reconcile(simulated.statements, settings)
        inside.append(_inside(simulated, clean.series))
        agreeing.append(Rate(int(clean.feasible), 1))
        trials.append(_trial(simulated, seed, settings))
    progress("presses", len(todo), len(todo))
    return Reconciling(tuple(seeds), _sum(inside), _sum(agreeing), tuple(trials))


def measure_scaling(sizes: Sequence[PressSize], seed: int = 1) -> list[dict[str, float]]:
    """Seconds to reconcile ever larger presses, without and with three misprints."""
    rows = []
    for size in sizes:
        simulated = press(seed, size)
        bad, made = misprinted(simulated, seed, ("digit", "year", "swap"))
        seconds = []
        for statements in (simulated.statements, bad):
            start = time.perf_counter()
            found = reconcile(statements)
            seconds.append(time.perf_counter() - start)
        rows.append(
            {
                "months": size.months,
                "codes": size.codes,
                "partners": size.partners,
                "statements": len(bad),
                "bounds": len(found.series),
                "misprints": len(made),
                "seconds": round(seconds[0], 2),
                "seconds_with_misprints": round(seconds[1], 2),
            }
        )
    return rows


def _trial(simulated: Press, seed: int, settings: ReconcileSettings | None) -> Trial:
    draws = np.random.default_rng([seed, 7, len(simulated.statements)])
    kinds = [str(kind) for kind in draws.choice(MISPRINTS, int(draws.integers(1, 4)), replace=False)]
    statements, misprints = misprinted(simulated, seed, kinds)
    detectable = tuple(one for one in misprints if _detectable(simulated, statements, one))
    start = time.perf_counter()
    found = reconcile(statements, settings)
    seconds = time.perf_counter() - start
    ranks = [_rank(found, one) for one in detectable]
    wrong = {id_ for one in misprints for id_ in one.ids}
    best = [mend for mend in found.repairs if mend.rank == 1]
    return Trial(
        seed,
        len(statements),
        misprints,
        detectable,
        tuple(rank for rank, _ in ranks),
        tuple(kind for _, kind in ranks),
        sum(len(set(mend.suspects) - wrong) for mend in best),
        _inside(simulated, found.series),
        _inside(simulated, found.cautious),
        tuple((mend.share, set(mend.suspects) <= wrong) for mend in best),
        seconds,
    )


def _detectable(simulated: Press, statements: Sequence[Statement], misprint: Misprint) -> bool:
    """Whether a misprint contradicts what was printed without it."""
    alone = [
        now if now.id in misprint.ids else was
        for was, now in zip(simulated.statements, statements, strict=True)
    ]
    settings = ReconcileSettings()
    return build(alone, settings).conflict((), settings.tolerance_t) is not None


def _rank(found: Reconciled, misprint: Misprint) -> tuple[int, str]:
    named = [mend for mend in found.repairs if set(misprint.ids) <= set(mend.suspects)]
    first = min(named, key=lambda mend: mend.rank, default=None)
    return (0, "nothing") if first is None else (first.rank, first.kind)


def _inside(simulated: Press, series: pd.DataFrame) -> Rate:
    hits = known = 0
    for row in series.to_dict("records"):
        month = _month(row["month"])
        if month in simulated.months:
            tonnes = simulated.truth(month, str(row["hs"]), str(row["partner"]))
            most = np.inf if row["high"] is None or pd.isna(row["high"]) else float(row["high"])
            hits += float(row["low"]) - _ROUNDING <= tonnes <= most + _ROUNDING
            known += 1
    return Rate(hits, known)


def _month(value: Any) -> date:
    return date(value.year, value.month, 1)


def _sum(rates: Any) -> Rate:
    some = list(rates)
    return Rate(sum(one.hits for one in some), sum(one.of for one in some))
