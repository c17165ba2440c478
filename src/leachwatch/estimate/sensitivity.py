"""Sensitivity: which figure or prior moves which estimate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from leachwatch import tables
from leachwatch.estimate.outcome import Outcome

__all__ = ["sensitivity"]


def sensitivity(outcomes: Iterable[Outcome], sources: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """Rank correlation of each estimate with everything drawn that it rests on.

    Parameters
    ----------
    outcomes : iterable of Outcome
        As draws.
    sources : mapping of str to ndarray of float64, shape (draws,)
        What was drawn, by name.

    Returns
    -------
    DataFrame
        Of the table `SENSITIVITY`: what moves an estimate most stands first.

    Notes
    -----
    Spearman's rho (Pearson's of the ranks, so that each is ranked once): most of it is monotone and little of
    it is straight. The inputs are drawn apart from each other, so the squares add up to about 1 where the
    estimate is monotone in each.
    """
    ranks = {name: rankdata(values) for name, values in sources.items() if np.ptp(values) > 0}
    rows = [row for outcome in outcomes for row in _of(outcome, ranks)]
    return tables.SENSITIVITY.frame(rows)


def _of(outcome: Outcome, ranks: Mapping[str, NDArray[np.float64]]) -> Iterator[Mapping[str, Any]]:
    values = outcome.drawn.array
    names = sorted(outcome.drawn.inputs & set(ranks))
    if not names or np.ptp(values) == 0:
        return
    stacked = np.stack([rankdata(values), *(ranks[name] for name in names)])
    rho = dict(zip(names, np.corrcoef(stacked)[0, 1:].tolist(), strict=True))
    for place, name in enumerate(sorted(names, key=lambda name: (-abs(rho[name]), name)), start=1):
        yield {
            "quantity": outcome.quantity,
            "period": outcome.period,
            "scenario": outcome.scenario,
            "place": place,
            "input": name,
            "rank_correlation": rho[name],
        }
