"""Provenance: how much of a magnet's dysprosium came from Myanmar, as far as that can be known.

Refineries mix what they buy, so no magnet can be traced. What can be estimated is the expected fraction.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from leachwatch.estimate.draws import Drawn, Draws
from leachwatch.estimate.figures import CODES
from leachwatch.estimate.imports import Imports, next_month
from leachwatch.estimate.outcome import Found, LeftOut, Outcome
from leachwatch.estimate.oxide import content, oxide
from leachwatch.estimate.supply import part

__all__ = ["chance_of_some", "fractions", "leaving_the_plant"]

_QUANTITY = "fraction of dysprosium from Myanmar, leaving China's plants"
_MONTHS = 12.0
_MAIN = CODES[0]


def leaving_the_plant(
    fed: NDArray[np.float64], mixing_months: NDArray[np.float64], before: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Myanmar's fraction of what leaves a plant, from its fraction of what is fed to it.

    Parameters
    ----------
    fed : ndarray of float64, shape (months, draws)
        Myanmar's fraction of each month's feed, 0 to 1.
    mixing_months : ndarray of float64, shape (draws,)
        Mean stay in the plant and its stocks; 0 for none.
    before : ndarray of float64, shape (draws,)
        Its fraction of what is in the plant before the first month, 0 to 1.

    Returns
    -------
    ndarray of float64, shape (months, draws)
        0 to 1.

    Notes
    -----
    One stirred tank of constant volume: p[t] = a p[t-1] + (1 - a) s[t] with a = exp(-1 / stay), so that feed
    of k months ago weighs (1 - a) a^k. A chain of tanks would delay more and smear less.

    Examples
    --------
    >>> import numpy as np
    >>> stay, before = np.array([6.0]), np.array([0.5])
    >>> leaving_the_plant(np.zeros((3, 1)), stay, before).round(2).ravel().tolist()
    [0.42, 0.36, 0.3]
    """
    with np.errstate(divide="ignore", over="ignore"):  # without a stay nothing is kept
        kept = np.exp(-1 / mixing_months)
    fractions = np.empty_like(fed)
    held = before
    for month, share in enumerate(fed):
        held = kept * held + (1 - kept) * share
        fractions[month] = held
    return fractions


def chance_of_some(fraction: float, parts: float) -> float:
    """Probability that at least one of many parts of a lot came from Myanmar.

    It says nothing: parts are well mixed and many, so it is all but 1 for every lot from a plant that ever
    bought there, whatever the fraction. The fraction is what differs between plants, months and policies.

    Parameters
    ----------
    fraction : float
        Expected fraction, 0 to 1.
    parts : float
        Parts that could each have come from elsewhere.

    Returns
    -------
    float
        1 - (1 - fraction)^parts.

    Examples
    --------
    >>> [round(chance_of_some(0.01, parts), 3) for parts in (10, 100, 1000)]
    [0.096, 0.634, 1.0]
    """
    return 1 - math.pow(1 - fraction, parts)


def fractions(imports: Imports, draws: Draws) -> Iterator[Found]:
    """Myanmar's fraction of the dysprosium that leaves China's plants, month by month.

    For a magnet of dysprosium separated in China, plant not known; where it is recycled, or from a chain
    that buys no feed in China, the fraction is near 0. The codes that are counted are the scenario: where
    only some have months, the fraction is a lower bound.

    Yields
    ------
    Outcome or LeftOut
        A month each, of the last unbroken run of months.
    """
    codes = _codes_along(imports)
    if not codes:
        reason = f"no month of China's imports of {_MAIN} from Myanmar has bounds; import customs files"
        yield LeftOut(_QUANTITY, "", reason)
        return
    fed = {month: _fed(imports, codes, month, draws) for month in _run(imports)}
    stay, before = draws.of("mixing_months"), draws.of("dysprosium_share_before")
    leaving = leaving_the_plant(np.stack([share.array for share in fed.values()]), stay.array, before.array)
    inputs = stay.inputs | before.inputs
    scenario = f"separated in China; {'+'.join(codes)} counted"
    for (month, share), values in zip(fed.items(), leaving, strict=True):
        inputs |= share.inputs
        yield Outcome(_QUANTITY, f"{month:%Y-%m}", scenario, Drawn(values, inputs), "share")
    for code in (code for code in CODES if code not in codes):
        yield LeftOut(f"{_QUANTITY}: {code}", "", "its months have no bounds; import customs files of it")


def _run(imports: Imports) -> list[date]:
    """Take the last months of the oxide code without a gap."""
    run: list[date] = []
    for month in imports.months(_MAIN):
        run = [*run, month] if run and month == next_month(run[-1]) else [month]
    return run


def _codes_along(imports: Imports) -> list[str]:
    """Codes known in every month of that run."""
    run = set(_run(imports))
    return [code for code in CODES if run and run <= set(imports.months(code))]


def _fed(imports: Imports, codes: list[str], month: date, draws: Draws) -> Drawn:
    gross: Mapping[str, Drawn] = {code: imports.months(code)[month].drawn(draws) for code in codes}
    others = draws.of("dysprosium_of_china") + draws.of("dysprosium_of_other_imports")
    return part(content(oxide(gross, draws), "dysprosium", draws), others / _MONTHS)
