"""Supply: Myanmar's share of it, which depends on what is counted as supply."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

from leachwatch.estimate.draws import Drawn, Draws
from leachwatch.estimate.figures import ALL_RAW_MATERIALS, PUBLISHED_SHARES, WORLD_MINES, Figures
from leachwatch.estimate.imports import Imports
from leachwatch.estimate.outcome import Found, LeftOut, Outcome, Published
from leachwatch.estimate.oxide import content, oxide_of_year

__all__ = ["NOT_ESTIMATED", "part", "shares"]

_QUANTITY = "share of supply"
_WORLD_AND_MYANMAR = 2
_AS_PUBLISHED = "share of supply, as published"

_HEAVY = "who prints it does not say which elements are heavy, and no content of the others was found"

NOT_ESTIMATED: Mapping[str, str] = {
    "heavy rare earths of the world": _HEAVY,
    "heavy rare earths fed to China's plants": _HEAVY,
    "imports of rare earths by China, weight or value not said": "the one or the other is not said",
    "magnet rare earths mined in the world": "no content of neodymium and praseodymium was found",
}
"""Definitions for which there are published figures and no estimate, with the reason."""


def part(own: Drawn, others: Drawn) -> Drawn:
    """Share of the one in both: between 0 and 1 where neither is below zero."""
    return own / (own + others)


@dataclass(frozen=True)
class _Year:
    """What a definition may be made from."""

    year: int
    oxide: Drawn
    draws: Draws
    figures: Figures

    def of(self, element: str) -> Drawn:
        return content(self.oxide, element, self.draws)


def shares(imports: Imports, figures: Figures, draws: Draws) -> Iterator[Found]:
    """Myanmar's share of supply by each definition, and beside them what was published.

    No definition is the right one: the spread between them is the answer.

    Yields
    ------
    Outcome, Published or LeftOut
        The definition is the scenario.
    """
    for year in imports.years():
        total = oxide_of_year(imports, year, draws)
        if total is None:
            yield LeftOut(_QUANTITY, str(year), "no oxide is estimated for the year")
            continue
        of_year = _Year(year, total, draws, figures)
        for definition, formula in _DEFINITIONS.items():
            share = formula(of_year)
            if isinstance(share, str):
                yield LeftOut(f"{_QUANTITY}: {definition}", str(year), share)
            else:
                yield Outcome(_QUANTITY, str(year), definition, share, "share")
        yield _of_gross_imports(year, imports, figures, draws)
    for definition, reason in NOT_ESTIMATED.items():
        yield LeftOut(f"{_QUANTITY}: {definition}", "", reason)
    yield from _published(figures)


def _published(figures: Figures) -> Iterator[Found]:
    for definition, identities in PUBLISHED_SHARES.items():
        for identity in identities:
            printed = figures.all(identity)
            if not printed:
                yield LeftOut(_AS_PUBLISHED, "", f"figure {identity} ({definition}) is not among the figures")
            for figure in printed:
                scenario = f"{definition} [{identity}]"
                yield Published(_AS_PUBLISHED, scenario, figure.must_be("percent", None))


def _dysprosium_mined(of: _Year) -> Drawn:
    return part(of.of("dysprosium"), of.draws.of("dysprosium_elsewhere"))


def _dysprosium_and_terbium_mined(of: _Year) -> Drawn:
    elsewhere = of.draws.of("dysprosium_elsewhere")
    both = elsewhere + elsewhere * of.draws.of("terbium_to_dysprosium_elsewhere")
    return part(of.of("dysprosium") + of.of("terbium"), both)


def _dysprosium_fed(of: _Year) -> Drawn:
    return part(
        of.of("dysprosium"), of.draws.of("dysprosium_of_china") + of.draws.of("dysprosium_of_other_imports")
    )


def _dysprosium_separated(of: _Year) -> Drawn:
    return _dysprosium_fed(of) * of.draws.of("separated_in_china")


def _ion_clay_used(of: _Year) -> Drawn:
    return part(of.oxide, of.draws.of("oxide_of_china_ion_clay") + of.draws.of("oxide_of_other_imports"))


def _all_mined(of: _Year) -> Drawn | str:
    """All rare earth oxide; the source's own count of Myanmar is taken out of its total, never compared."""
    identities = WORLD_MINES.get(of.year, ())
    found = [figure for identity in identities if (figure := of.figures.of_year(identity, of.year))]
    if len(found) < _WORLD_AND_MYANMAR:
        return f"world mine output of {of.year} is not among the figures"
    world, counted = (
        of.draws.between(figure.id, figure.low, figure.high)
        for figure in (figure.must_be("t", "REO") for figure in found)
    )
    return part(of.oxide, world - counted)


def _of_gross_imports(year: int, imports: Imports, figures: Figures, draws: Draws) -> Found:
    definition = "rare earth raw materials imported by China, gross"
    identity = ALL_RAW_MATERIALS.get(year)
    everything = figures.of_year(identity, year) if identity else None
    if everything is None:
        reason = f"gross imports of all raw materials in {year} are not among the figures"
        return LeftOut(f"{_QUANTITY}: {definition}", str(year), reason)
    everything.must_be("t", "gross")
    total = draws.between(everything.id, everything.low, everything.high)
    own = reduce(add, (bounds.drawn(draws) for bounds in imports.of_year(year).values()))
    return Outcome(_QUANTITY, str(year), definition, own / total, "share")


_DEFINITIONS: Mapping[str, Callable[[_Year], Drawn | str]] = {
    "dysprosium mined in the world": _dysprosium_mined,
    "dysprosium and terbium mined in the world": _dysprosium_and_terbium_mined,
    "dysprosium fed to China's plants": _dysprosium_fed,
    "dysprosium separated in the world": _dysprosium_separated,
    "ion-clay oxide used in China": _ion_clay_used,
    "all rare earths mined in the world": _all_mined,
}
