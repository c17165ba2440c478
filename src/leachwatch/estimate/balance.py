"""Balance: what the mines seen should have yielded, against what customs recorded.

The difference is called unexplained, not smuggled: stocks, other roads, a wrong yield and a wrong site count
are all in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce
from operator import add

import numpy as np
import pandas as pd

from leachwatch.errors import BasisError
from leachwatch.estimate.draws import Drawn, Draws
from leachwatch.estimate.figures import OUTSIDE_COUNTS, Figure, Figures
from leachwatch.estimate.imports import Bounds, Imports, months_between, next_month
from leachwatch.estimate.outcome import Found, LeftOut, Outcome
from leachwatch.estimate.oxide import oxide_of_year
from leachwatch.trade import made_from_customs

__all__ = ["active_sites", "balances", "chance_above", "must_be_independent", "unexplained", "yields"]

_UNEXPLAINED = "oxide unexplained: mined as far as seen, less customs"
_CHANCE = "probability that more was mined than customs recorded"
_OUTPUT = "mine output of the sites seen"
_SCENARIO = "sites of the watched areas"
_WATCHED = "watched_share"
_MONTHS = 12
_CALIBRATED = 2023


def must_be_independent(figure: Figure) -> Figure:
    """Itself, if it may check customs.

    Raises
    ------
    BasisError
        If it was made from them (`leachwatch.trade.made_from_customs`).
    """
    reason = made_from_customs(figure)
    if reason:
        raise BasisError(
            f"figure {figure.id}: {reason}, so it is no independent check on customs; use site counts, "
            "leaching chemicals, prices or taxes"
        )
    return figure


def chance_above(customs: Drawn, figure: Figure) -> float:
    """Share of the draws of customs that lie above a count by somebody else.

    Raises
    ------
    BasisError
        If the figure is not tonnes of oxide, or was made from customs.
    """
    must_be_independent(figure).must_be("t", "REO")
    return float((customs.array > figure.high).mean())


def active_sites(site_months: pd.DataFrame) -> Mapping[date, Bounds]:
    """Sites at work in each month.

    Parameters
    ----------
    site_months : DataFrame
        Of the table `SITE_MONTHS`.

    Returns
    -------
    mapping of date to Bounds
        Low, sites seen active; high, with those that nobody could see: unseen is not idle.
    """
    counts = pd.crosstab(site_months["month"], site_months["state"])
    counts = counts.reindex(columns=["active", "unseen"], fill_value=0).sort_index()
    return {
        month: Bounds(float(active), float(active + unseen), "sites seen")
        for month, active, unseen in counts.itertuples()
    }


def unexplained(sites: Drawn, per_site_year: Drawn, customs: Drawn, watched_share: Drawn) -> Drawn:
    """Take what customs recorded of the sites seen from what these should have yielded.

    Parameters
    ----------
    sites : Drawn
        Mean number at work over the year that customs saw.
    per_site_year : Drawn
        Tonnes of oxide of one site in a year.
    customs : Drawn
        Tonnes of oxide that China imported from Myanmar.
    watched_share : Drawn
        Share of the country's sites that could be seen.

    Returns
    -------
    Drawn
        Tonnes of oxide; above zero, more was mined than recorded.
    """
    return sites * per_site_year - customs * watched_share


def yields(imports: Imports, draws: Draws) -> Iterator[Found]:
    """Oxide of one site in a year, as 2023's imports and the counts of sites give it.

    It is where the prior ``oxide_per_site_year`` comes from.
    """
    customs = oxide_of_year(imports, _CALIBRATED, draws)
    if customs is None:
        yield LeftOut("oxide per site-year", str(_CALIBRATED), "no oxide is estimated for the year")
        return
    per_site = customs / draws.of("sites_2023")
    scenario = "imports over published site counts"
    yield Outcome("oxide per site-year", str(_CALIBRATED), scenario, per_site, "t/site-year", "REO")


def balances(
    imports: Imports, figures: Figures, site_months: pd.DataFrame | None, draws: Draws
) -> Iterator[Found]:
    """Mine output of the sites seen, and what is unexplained by customs, year by year.

    What leaves the pools in a month reaches customs some months later (prior ``lag_months``): with one to
    three, a year of customs needs the site months from October before it to November of it.

    Parameters
    ----------
    imports, figures : Imports, Figures
        Customs, and counts by others.
    site_months : DataFrame or None
        Of the table `SITE_MONTHS`, of the sites to count, from real scenes: what is simulated says nothing
        about customs.
    draws : Draws
        Of the priors; ``watched_share`` is the case's own.

    Yields
    ------
    Outcome or LeftOut
    """
    yield from yields(imports, draws)
    yield from _outside_counts(imports, figures, draws)
    if site_months is None:
        yield LeftOut(_OUTPUT, "", "no months of sites were given; scan the areas first")
        return
    sites = active_sites(site_months)
    lag = draws.of("lag_months")
    steps = Drawn(np.rint(lag.array), lag.inputs)
    for year in imports.years():
        needed = {month for step in np.unique(steps.array) for month in _shifted(year, int(step))}
        missing = sorted(needed - set(sites))
        if missing:
            yield LeftOut(_OUTPUT, str(year), f"site months of {missing[0]:%Y-%m} are missing; watch longer")
        else:
            yield from _of_year(year, _mean_sites(sites, year, steps, draws), imports, draws)


def _of_year(year: int, sites: Drawn, imports: Imports, draws: Draws) -> Iterator[Found]:
    per_site = draws.of("oxide_per_site_year")
    yield Outcome(_OUTPUT, str(year), _SCENARIO, sites * per_site, "t", "REO")
    customs = oxide_of_year(imports, year, draws)
    if customs is None:
        yield LeftOut(_UNEXPLAINED, str(year), "no oxide is estimated for the year")
    elif _WATCHED not in draws:
        reason = f"how much of the country's mining is watched is not stated; give the prior {_WATCHED}"
        yield LeftOut(_UNEXPLAINED, str(year), reason)
    else:
        left = unexplained(sites, per_site, customs, draws.of(_WATCHED))
        yield Outcome(_UNEXPLAINED, str(year), _SCENARIO, left, "t", "REO")
        chance = Drawn(np.full_like(left.array, (left.array > 0).mean()), left.inputs)
        yield Outcome(_CHANCE, str(year), _SCENARIO, chance, "share")


def _outside_counts(imports: Imports, figures: Figures, draws: Draws) -> Iterator[Found]:
    for year, identity in OUTSIDE_COUNTS.items():
        figure, customs = figures.of_year(identity, year), oxide_of_year(imports, year, draws)
        if figure is None or customs is None:
            continue
        try:
            chance = chance_above(customs, figure)
        except BasisError as refusal:
            yield LeftOut(f"check of customs by figure {identity}", str(year), str(refusal))
        else:
            drawn = Drawn(np.full_like(customs.array, chance), customs.inputs | {identity})
            quantity = "probability that customs hold more than others count"
            yield Outcome(quantity, str(year), f"figure {identity}", drawn, "share")


def _mean_sites(sites: Mapping[date, Bounds], year: int, lag: Drawn, draws: Draws) -> Drawn:
    """Mean number of sites at work in the months whose output customs saw in that year."""
    counted = Drawn(np.zeros_like(lag.array), lag.inputs)
    for step in np.unique(lag.array):
        months = [sites[month].drawn(draws) for month in _shifted(year, int(step))]
        of_step = reduce(add, months) * Drawn((lag.array == step).astype(np.float64))
        counted += of_step
    return counted / _MONTHS


def _shifted(year: int, lag: int) -> list[date]:
    """List the twelve months whose output reaches customs in a year."""
    first = next_month(date(year, 1, 1), -lag)
    return months_between(first, next_month(first, _MONTHS - 1))
