"""Oxide: from gross weight by code to rare earth oxide, and the dysprosium and terbium in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import add

from leachwatch.estimate.draws import Drawn, Draws
from leachwatch.estimate.figures import NOT_COUNTED
from leachwatch.estimate.imports import Imports
from leachwatch.estimate.outcome import Found, LeftOut, Outcome

__all__ = ["content", "oxide", "oxide_of_year", "weights"]


def oxide(gross: Mapping[str, Drawn], draws: Draws) -> Drawn:
    """Rare earth oxide in gross tonnes of several codes.

    Parameters
    ----------
    gross : mapping of str to Drawn
        Tonnes by code.
    draws : Draws
        The grade of a code is drawn once and serves all years and months.

    Returns
    -------
    Drawn
        Tonnes of oxide: the sum over codes of gross weight times grade.
    """
    return reduce(add, (tonnes * draws.of(f"oxide_in_{code}") for code, tonnes in sorted(gross.items())))


def content(oxide_t: Drawn, element: str, draws: Draws) -> Drawn:
    """Oxide of ``dysprosium`` (Dy2O3) or ``terbium`` (Tb4O7) in rare earth oxide from Myanmar."""
    return oxide_t * draws.of(f"{element}_in_oxide")


def oxide_of_year(imports: Imports, year: int, draws: Draws) -> Drawn | None:
    """Oxide that China imported from Myanmar in a year; None where a code is not known."""
    if imports.missing(year):
        return None
    known = imports.of_year(year)
    return oxide({code: bounds.drawn(draws) for code, bounds in known.items()}, draws)


def weights(imports: Imports, draws: Draws) -> Iterator[Found]:
    """Gross weight, oxide, and dysprosium and terbium in it, of each year.

    Yields
    ------
    Outcome or LeftOut
        Gross weight by code and summed over codes, which are the scenario; what is made of that sum.
    """
    for year in imports.years():
        yield from _gross(imports, year, draws)
        total = oxide_of_year(imports, year, draws)
        if total is None:
            missing = " and ".join(imports.missing(year))
            reason = f"no figure of the year and no twelve months for {missing}; import customs files of them"
            yield LeftOut("rare earth oxide", str(year), reason)
            continue
        scenario = "+".join(imports.of_year(year))
        yield Outcome("rare earth oxide", str(year), scenario, total, "t", "REO")
        for element in ("dysprosium", "terbium"):
            tonnes = content(total, element, draws)
            yield Outcome(f"{element} oxide", str(year), scenario, tonnes, "t", "oxide")
            pure = tonnes * draws.of(f"{element}_in_its_oxide")
            yield Outcome(element, str(year), scenario, pure, "t", "element")


def _gross(imports: Imports, year: int, draws: Draws) -> Iterator[Found]:
    by_code = {code: bounds.drawn(draws) for code, bounds in imports.of_year(year).items()}
    for code, tonnes in by_code.items():
        yield Outcome("gross imports", str(year), code, tonnes, "t", "gross")
    for (of, code), reason in NOT_COUNTED.items():
        if of == year and code not in by_code:
            yield LeftOut(f"gross imports of {code}", str(year), reason)
    if len(by_code) > 1:
        total = reduce(add, by_code.values())
        yield Outcome("gross imports", str(year), "+".join(by_code), total, "t", "gross")
