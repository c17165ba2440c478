"""Revenue: what would be due to the KIO under each regime that is reported, side by side.

Nothing here says what was paid, or to whom. The notice to miners is unverified, and whether the cash rate
came on top of the levy in kind or in its place is disputed; so no regime is more than one reading of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import add
from typing import Literal

import numpy as np

from leachwatch.estimate.draws import Drawn, Draws
from leachwatch.estimate.figures import TAX, Figure, Figures
from leachwatch.estimate.imports import Bounds, Imports, months_between
from leachwatch.estimate.outcome import Found, LeftOut, Outcome

__all__ = ["REGIMES", "Due", "Regime", "Terms", "dues", "mixed", "would_be_due"]

TAXED_CODE = "28469019"
"""The code whose tonnes are taxed here: the only one with a series of months and a unit value of its own."""

Rate = Literal["none", "cash", "lower cash"]
Slice = Literal["none", "levy", "in kind"]

_KG_PER_T = 1000.0
_EXAMPLE_T = 1000.0
_IN_USD = "would be due"
_IN_CASH = "would be due in cash"
_IN_KIND = "would be due in kind"
_EXAMPLE = "would be due per 1,000 t"
_OF_VALUE = "would be due, as a share of import value"
_MIX = "mix of R0 to R5 by stated weights"
_NOT_IN_CUSTOMS = "slice not in customs"
_SLICES = ("slice in customs", _NOT_IN_CUSTOMS)
_UNIT_VALUE = f"unit_value_{TAXED_CODE}"
_SEVERAL = 2


@dataclass(frozen=True)
class Regime:
    """One reading of what is due on a tonne.

    Attributes
    ----------
    name : str
        R0 to R5.
    words : str
        What it says.
    cash : str
        Rate in yuan a tonne, by its name among the terms.
    in_kind : str
        Share of the tonnes, by its name among the terms.
    cash_on_rest : bool
        Whether cash is due on what is left after the share in kind, not on every tonne.
    """

    name: str
    words: str
    cash: Rate = "none"
    in_kind: Slice = "none"
    cash_on_rest: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """Terms without which it says nothing."""
        return tuple(name for name in (self.cash, self.in_kind) if name != "none")


REGIMES = (
    Regime("R0", "nothing"),
    Regime("R1", "the levy alone", in_kind="levy"),
    Regime("R2", "cash on every tonne", cash="cash"),
    Regime("R3", "cash on every tonne, and a share in kind", cash="cash", in_kind="in kind"),
    Regime("R4", "a share in kind, and cash on the rest", cash="cash", in_kind="in kind", cash_on_rest=True),
    Regime("R5", "cash on every tonne at the lower rate", cash="lower cash"),
)
"""The readings that are reported; the place in this tuple is the value of the prior ``regime``."""

Terms = Mapping[str, Drawn]
"""``cash`` and ``lower cash`` in yuan a tonne, ``levy`` and ``in kind`` as shares of the tonnes."""


@dataclass(frozen=True)
class Due:
    """What would be due.

    Attributes
    ----------
    cash_cny : Drawn
        Yuan.
    in_kind_t : Drawn
        Tonnes, gross.
    """

    cash_cny: Drawn
    in_kind_t: Drawn

    def in_usd(self, cny_per_usd: float, usd_per_kg: Drawn) -> Drawn:
        """Both in dollars: cash by a month's rate, tonnes at a unit value."""
        cash = self.cash_cny / cny_per_usd
        return cash + self.in_kind_t * _KG_PER_T * usd_per_kg if self.in_kind_t.array.any() else cash


def would_be_due(regime: Regime, taxed_t: Drawn, terms: Terms) -> Due:
    """Tell what would be due under a regime.

    Parameters
    ----------
    regime : Regime
        One of `REGIMES`.
    taxed_t : Drawn
        Gross tonnes on which it is due, those given in kind among them.
    terms : mapping of str to Drawn
        At least those that the regime needs.

    Returns
    -------
    Due
    """
    nothing = Drawn(np.zeros_like(taxed_t.array))
    in_kind = nothing if regime.in_kind == "none" else taxed_t * terms[regime.in_kind]
    if regime.cash == "none":
        return Due(nothing, in_kind)
    paying = taxed_t - in_kind if regime.cash_on_rest else taxed_t
    return Due(paying * terms[regime.cash], in_kind)


def mixed(by_regime: Mapping[str, Drawn], weight: Drawn) -> Drawn:
    """One figure out of all regimes, each as often as its weight says.

    It hides that the regimes contradict each other; never print it without them.

    Parameters
    ----------
    by_regime : mapping of str to Drawn
        By name, all of `REGIMES`.
    weight : Drawn
        Draws of the prior ``regime``: numbers of regimes.
    """
    stacked = np.stack([by_regime[regime.name].array for regime in REGIMES])
    values = np.take_along_axis(stacked, np.rint(weight.array).astype(np.int64)[np.newaxis], axis=0)[0]
    return Drawn(values, weight.inputs.union(*(drawn.inputs for drawn in by_regime.values())))


def dues(
    imports: Imports, figures: Figures, rates: Mapping[date, float], draws: Draws, *, since: date
) -> Iterator[Found]:
    """Tell what would be due in each month, over all of them, and on 1,000 taxed tonnes.

    Whether customs weigh the tonnes before or after the share in kind is taken out is not known: both are
    given, as ``slice in customs`` (it crosses too) and ``slice not in customs`` (what crosses is the rest).

    Parameters
    ----------
    imports : Imports
        Months of `TAXED_CODE`.
    figures : Figures
        Where the terms are found, by `TAX`.
    rates : mapping of date to float
        Yuan for a dollar, by first day of month.
    draws : Draws
        Of the priors ``taxed_share``, ``unit_value_28469019`` and ``regime``.
    since : date
        First month that may be taxed.

    Yields
    ------
    Outcome or LeftOut
        The regime is the scenario.
    """
    terms = dict(_terms(figures, draws))
    regimes = [regime for regime in REGIMES if all(name in terms for name in regime.needs)]
    for regime in REGIMES:
        for name in regime.needs:
            if name not in terms:
                reason = f"figure {TAX[name]} is not among the figures"
                yield LeftOut(f"{_IN_USD} under {regime.name}", "", reason)
    taxed = {month: bounds for month, bounds in imports.months(TAXED_CODE).items() if month >= since}
    yield from _example(regimes, terms, {m: r for m, r in rates.items() if m >= since}, draws)
    yield from _of_months(regimes, terms, taxed, rates, draws)


def _terms(figures: Figures, draws: Draws) -> Iterator[tuple[str, Drawn]]:
    for name, identity in TAX.items():
        figure = figures.only(identity)
        if figure is None:
            continue
        in_kind = name in {"levy", "in kind"}
        figure.must_be("percent" if in_kind else "CNY/t", None)
        drawn = draws.between(figure.id, *_as_set(figure))
        yield name, drawn / 100.0 if in_kind else drawn


def _as_set(figure: Figure) -> tuple[float, float]:
    """Bounds of a rate: it was set, not measured, so what was printed is exact."""
    return (figure.low, figure.high) if figure.value is None else (figure.value, figure.value)


def _example(
    regimes: Sequence[Regime], terms: Terms, rates: Mapping[date, float], draws: Draws
) -> Iterator[Found]:
    if not rates:
        yield LeftOut(_EXAMPLE, "", "no yuan-dollar rate of a month that may be taxed; give rates by month")
    unit_value = draws.of(_UNIT_VALUE)
    thousand = Drawn(np.full_like(unit_value.array, _EXAMPLE_T))
    value = unit_value * _EXAMPLE_T * _KG_PER_T
    for month, rate in sorted(rates.items()):
        for regime in regimes:
            usd = would_be_due(regime, thousand, terms).in_usd(rate, unit_value)
            scenario, period = _under(regime), f"{month:%Y-%m}"
            yield Outcome(_EXAMPLE, period, scenario, usd, "USD")
            yield Outcome(_OF_VALUE, period, scenario, usd / value, "share")


def _of_months(
    regimes: Sequence[Regime],
    terms: Terms,
    taxed: Mapping[date, Bounds],
    rates: Mapping[date, float],
    draws: Draws,
) -> Iterator[Found]:
    if not taxed:
        reason = f"no month of China's imports of {TAXED_CODE} from Myanmar has bounds; import customs files"
        yield LeftOut(_IN_USD, "", reason)
    held: list[Outcome] = []
    for month, bounds in taxed.items():
        period, rate = f"{month:%Y-%m}", rates.get(month)
        crossing = bounds.drawn(draws) * draws.of("taxed_share")
        readings = dict(_readings(regimes, crossing, terms))
        held += _in_kind_and_cash(readings, period)
        if rate is None:
            yield LeftOut(_IN_USD, period, "no yuan-dollar rate of the month; give it")
        else:
            held += _in_dollars(readings, period, rate, draws)
    yield from held
    yield from _summed(held, sorted(taxed))


def _readings(
    regimes: Sequence[Regime], crossing: Drawn, terms: Terms
) -> Iterator[tuple[tuple[Regime, str], Due]]:
    """Each regime, and where it takes tonnes, both answers to whether customs weigh them."""
    for regime in regimes:
        for where in _SLICES if regime.in_kind != "none" else ("",):
            taxed = crossing / (1 - terms[regime.in_kind]) if where == _NOT_IN_CUSTOMS else crossing
            yield (regime, where), would_be_due(regime, taxed, terms)


def _in_kind_and_cash(readings: Mapping[tuple[Regime, str], Due], period: str) -> Iterator[Outcome]:
    for (regime, where), due in readings.items():
        if regime.in_kind != "none":
            yield Outcome(_IN_KIND, period, _under(regime, where), due.in_kind_t, "t", "gross")
        if regime.cash != "none":
            yield Outcome(_IN_CASH, period, _under(regime, where), due.cash_cny, "CNY")


def _in_dollars(
    readings: Mapping[tuple[Regime, str], Due], period: str, rate: float, draws: Draws
) -> Iterator[Outcome]:
    usd = {reading: due.in_usd(rate, draws.of(_UNIT_VALUE)) for reading, due in readings.items()}
    for (regime, where), drawn in usd.items():
        yield Outcome(_IN_USD, period, _under(regime, where), drawn, "USD")
    for where in _SLICES:
        of_slice = {regime.name: drawn for (regime, of), drawn in usd.items() if of in {"", where}}
        if len(of_slice) == len(REGIMES):
            mix = mixed(of_slice, draws.of("regime"))
            yield Outcome(_IN_USD, period, f"{_MIX}; {where}", mix, "USD")


def _summed(held: Sequence[Outcome], months: Sequence[date]) -> Iterator[Outcome]:
    """Add up all months, where none of them is missing."""
    if len(months) < _SEVERAL or list(months) != months_between(months[0], months[-1]):
        return
    alike: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in held:
        alike.setdefault((outcome.quantity, outcome.scenario), []).append(outcome)
    period = f"{months[0]:%Y-%m}/{months[-1]:%Y-%m}"
    for several in alike.values():
        if len(several) == len(months):
            total = reduce(add, (outcome.drawn for outcome in several))
            yield replace(several[0], period=period, drawn=total)


def _under(regime: Regime, where: str = "") -> str:
    return "; ".join(part for part in (f"under {regime.name}, {regime.words}", where) if part)
