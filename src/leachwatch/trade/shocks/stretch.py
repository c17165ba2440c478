"""What is worth searching: the latest stretch of each series that is known well enough."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leachwatch.trade.shocks.course import KnownSum, Series, month_number
from leachwatch.trade.shocks.settings import ShockSettings

__all__ = ["well_known"]


def well_known(
    series: pd.DataFrame, sums: Sequence[KnownSum], settings: ShockSettings
) -> tuple[pd.DataFrame, list[KnownSum]]:
    """Take of each series the months since its last long gap; none where hardly any is known by itself.

    Years of which only sums are known, on the far side of a gap, would drown a break in what they may have
    been.

    Parameters
    ----------
    series : DataFrame
        Keeping ``SERIES``, of any number of series.
    sums : sequence of KnownSum
        Of months that are not identified.
    settings : ShockSettings
        How long a gap is, and how much has to be known.

    Returns
    -------
    series : DataFrame
        Some of the rows.
    sums : list of KnownSum
        Those whose months are all among them.
    """
    stretches, inside = [series.iloc[:0]], []
    for key, rows in series.groupby(["reporter", "flow", "partner", "hs"], sort=True):
        own = [one for one in sums if one.series == Series(*map(str, key))]
        stretch = _latest(rows, own, settings)
        stretches.append(stretch)
        inside += [one for one in own if set(one.months) <= set(stretch["month"])]
    return pd.concat(stretches), inside


def _latest(rows: pd.DataFrame, sums: Sequence[KnownSum], settings: ShockSettings) -> pd.DataFrame:
    summed = {month for one in sums for month in one.months if len(one.months) <= settings.longest_sum}
    known = rows[rows["identified"].astype(bool) | rows["month"].isin(list(summed))].sort_values("month")
    if not len(known):
        return known
    steps = np.diff(known["month"].map(month_number).to_numpy(int), prepend=-settings.most_gap)
    stretch: pd.DataFrame = known.iloc[np.flatnonzero(steps > settings.most_gap)[-1] :]
    return stretch if stretch["identified"].sum() >= settings.least_known else known.iloc[:0]
