"""A run of all estimates: figures, series and priors in, one table out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

import pandas as pd

from leachwatch import tables
from leachwatch.errors import RecordError
from leachwatch.estimate.balance import balances
from leachwatch.estimate.draws import Draws
from leachwatch.estimate.figures import Figures
from leachwatch.estimate.imports import Imports
from leachwatch.estimate.outcome import Found, LeftOut, Outcome
from leachwatch.estimate.oxide import weights
from leachwatch.estimate.priors import Prior
from leachwatch.estimate.provenance import fractions
from leachwatch.estimate.revenue import dues
from leachwatch.estimate.sensitivity import sensitivity
from leachwatch.estimate.supply import shares

__all__ = ["EstimateSettings", "Estimated", "estimate"]


@dataclass(frozen=True)
class EstimateSettings:
    """Settings of the estimates; what they take for granted about the world is in the priors.

    Attributes
    ----------
    seed : int
        Of all draws. Equal seeds, priors and tables give equal bytes.
    draws : int
        Of each quantity.
    taxed_since : date
        First month that may be taxed: the levy is reported from December 2024 on (figure X03).
    """

    seed: int = 0
    draws: int = 20_000
    taxed_since: date = date(2024, 12, 1)


@dataclass(frozen=True)
class Estimated:
    """All estimates.

    Attributes
    ----------
    table : DataFrame
        Of the table `ESTIMATES`; rivals stand side by side.
    sensitivity : DataFrame
        Of the table `SENSITIVITY`.
    left_out : tuple of LeftOut
        What could not be estimated, and which input is not there; nothing was filled in.
    """

    table: pd.DataFrame
    sensitivity: pd.DataFrame
    left_out: tuple[LeftOut, ...]


def estimate(
    observations: pd.DataFrame,
    series: pd.DataFrame,
    priors: Mapping[str, Prior],
    *,
    site_months: pd.DataFrame | None = None,
    rates: Mapping[date, float] | None = None,
    settings: EstimateSettings | None = None,
) -> Estimated:
    """Estimate everything for which the inputs are there.

    Parameters
    ----------
    observations : DataFrame
        Of the table `OBSERVATIONS`; figures are found by id (`leachwatch.estimate.figures`).
    series : DataFrame
        Of the table `SERIES`.
    priors : mapping of str to Prior
        As from `read_priors`.
    site_months : DataFrame or None
        Of the table `SITE_MONTHS`, of the sites to count, from real scenes.
    rates : mapping of date to float, or None
        Yuan for a dollar, by first day of month.
    settings : EstimateSettings or None
        None for the ones that ship.

    Returns
    -------
    Estimated
        The same bytes for the same inputs.

    Raises
    ------
    BasisError
        If a figure that an estimate rests on is of another unit or basis than it needs.
    RecordError
        If a rate is not above zero, or not of the first day of a month.
    """
    settings = settings or EstimateSettings()
    rates = _checked(rates or {})
    figures, draws = Figures(observations), Draws(priors, settings.seed, settings.draws)
    imports = Imports(figures, series)
    found: list[Found] = list(
        chain(
            weights(imports, draws),
            shares(imports, figures, draws),
            dues(imports, figures, rates, draws, since=settings.taxed_since),
            fractions(imports, draws),
            balances(imports, figures, site_months, draws),
        )
    )
    outcomes = [one for one in found if isinstance(one, Outcome)]
    return Estimated(
        table=tables.ESTIMATES.frame([one.row() for one in found if not isinstance(one, LeftOut)]),
        sensitivity=sensitivity(outcomes, draws.sources()),
        left_out=tuple(one for one in found if isinstance(one, LeftOut)),
    )


def _checked(rates: Mapping[date, float]) -> Mapping[date, float]:
    for month, rate in rates.items():
        if month.day != 1 or not 0 < rate < float("inf"):
            raise RecordError(f"rates: {month} {rate}: give yuan for a dollar, by the first day of a month")
    return rates
