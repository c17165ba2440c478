"""The section on trade: which charts it has, what is said under each, and the tables beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup
from pydantic import BaseModel

from leachwatch.publish import charts, trade_alt, trade_charts, trade_prices, trade_words
from leachwatch.publish.language import joined, say
from leachwatch.publish.sheet import Chart
from leachwatch.publish.trade_model import (
    PublicConflict,
    PublicEvent,
    PublicImport,
    PublicOutcome,
    PublicPrice,
    PublicShock,
    PublicStatement,
    PublicTrade,
    PublicTradeMonth,
)

__all__ = ["Conflict", "Figure", "Fit", "Section", "drawn", "section"]

_OWN, _WORLD = "MMR", "WLD"
_MOST_SERIES = 2  # of one origin on a page
_LEAST_MONTHS = 6  # with bounds of their own, for a chart
_MOST_OTHERS = 3  # partners on the bars beside Myanmar and all origins
_NOT_OF_MISPRINTS = say(
    "Who erred. What fits is what the other statements allow; they may be wrong together, and a slip that "
    "would explain a figure is no correction by whoever printed it; ask them."
)
_OXIDE = "rare earth oxide"
_UNNAMED = say("printed statements, reconciled by leachwatch")

_NOT_OF_MONTHS = say(
    "A box is what can be true, not a spread of measurements; where it is dashed, no fall or rise can be "
    "read from it. That an event stands beside a break does not show that it was the cause."
)
_NOT_OF_SUMS = say(
    "All origins are added here. A fall from one is hidden by a rise from another, so no break in this "
    "series can be put down to one country."
)
_NOT_OF_YEARS = say(
    "Weights of different codes cannot be compared or added, and traders can move goods from one code to "
    "another: less in one is not less trade. What crossed without customs is not in it."
)
_NOT_OF_PRICES = say(
    "What a miner or a dealer was paid: these are prices of separated oxides, most of them asked in China, "
    "not of what crosses the border. A price abroad is of another market, and a few points are no course."
)
_NOT_OF_DUES = say("It cannot be concluded that anything was paid, how much, or who has it.")
_NOT_OF_SHARES = say(
    "No bar can be quoted without what it divides by, and none says that a given magnet holds anything from "
    "Myanmar."
)


@dataclass(frozen=True)
class Figure:
    """A chart as it stands on a page.

    Attributes
    ----------
    name : str
        Part of its ids.
    title, caption, limits, source : str
        What it shows, how to read it, what may not be concluded, and who published it.
    svg : Markup
        The drawing, with its name in words.
    alt : str
        That name.
    events : tuple of str
        What the numbers in it stand for, in their order.
    """

    name: str
    title: str
    caption: str
    limits: str
    source: str
    svg: Markup
    alt: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all be true.

    Attributes
    ----------
    best : PublicConflict
        The likeliest repair.
    others : tuple of PublicConflict
        The rest of them, the likeliest first.
    """

    best: PublicConflict
    others: tuple[PublicConflict, ...]


@dataclass(frozen=True)
class Fit:
    """One figure that is taken for a misprint.

    Attributes
    ----------
    statement, what : str
        Its id, and of what it is, in two lines.
    printed, low : float
        As printed, and the least that fits.
    high : float or None
        The most that fits; None without limit.
    unit : str
        Of all three.
    repair : str
        What would explain it.
    """

    statement: str
    what: str
    printed: float
    low: float
    high: float | None
    unit: str
    repair: str


@dataclass(frozen=True)
class Section:
    """What the template writes.

    Attributes
    ----------
    months : tuple of Figure
        Myanmar first.
    more_series : int
        Series that have no chart.
    imports : Figure or None
        Whole years.
    withheld : int
        Figures of whole years that may not be passed on.
    prices : Figure or None
        Of the oxides.
    priced : tuple of PublicPrice
        The numbers of that chart.
    misprints : Figure or None
        Figures that the likeliest repairs change, beside what fits.
    fits : tuple of Fit
        The numbers of that chart.
    conflicts : tuple of Conflict
        Most tonnes first.
    statements : mapping of str to PublicStatement
        Those in conflict, by id.
    shocks : tuple of PublicShock
        Of the series with charts, or of all where there are none.
    more_shocks : int
        Of other series.
    notes : mapping of str to str
        What happened, by event.
    shares, dues : Figure or None
        Myanmar's share by definition; what would be due by regime.
    oxide : tuple of PublicOutcome
        Rare earth oxide, by year.
    outcomes : tuple of PublicOutcome
        All estimates.
    """

    months: tuple[Figure, ...]
    more_series: int
    imports: Figure | None
    withheld: int
    prices: Figure | None
    priced: tuple[PublicPrice, ...]
    misprints: Figure | None
    fits: tuple[Fit, ...]
    conflicts: tuple[Conflict, ...]
    statements: Mapping[str, PublicStatement]
    shocks: tuple[PublicShock, ...]
    more_shocks: int
    notes: Mapping[str, str]
    shares: Figure | None
    dues: Figure | None
    oxide: tuple[PublicOutcome, ...]
    outcomes: tuple[PublicOutcome, ...]


def section(trade: PublicTrade) -> Section | None:
    """Draw and sort what there is to say of trade; None where there is nothing."""
    shown = _series(trade.months)
    outcomes = _frame(PublicOutcome, trade.outcomes)
    sources = {one.source_id: one.source for one in trade.sources}
    shocks = tuple(one for one in trade.shocks if not shown or one.series in {" ".join(key) for key in shown})
    conflicts = _conflicts(trade.conflicts)
    fits = _fits(conflicts, {one.id: one for one in trade.statements})
    named = {one for row in trade.conflicts for one in (*row.statements, *row.suspects)}
    made = Section(
        months=tuple(_months(trade, key) for key in shown),
        more_series=len({_key(one) for one in trade.months}) - len(shown),
        imports=_imports(trade.imports),
        withheld=trade.withheld,
        prices=_prices(trade.prices),
        priced=trade.prices,
        misprints=_misprints(fits, trade.statements),
        fits=fits,
        conflicts=conflicts,
        statements={one.id: one for one in trade.statements if one.id in named},
        shocks=shocks,
        more_shocks=len(trade.shocks) - len(shocks),
        notes={one.id: one.note for one in trade.events},
        shares=_rivals(
            trade_charts.supply_shares(outcomes, sources=sources), _NOT_OF_SHARES, 100, say("percent")
        ),
        dues=_rivals(
            trade_charts.revenue(outcomes, sources=sources), _NOT_OF_DUES, 1e-6, say("million dollars")
        ),
        oxide=tuple(one for one in trade.outcomes if one.quantity == _OXIDE),
        outcomes=trade.outcomes,
    )
    there = (
        made.months,
        made.imports,
        made.withheld,
        made.prices,
        made.conflicts,
        made.shocks,
        made.outcomes,
    )
    return made if any(there) else None


_Key = tuple[str, str, str, str]


def _key(one: PublicTradeMonth) -> _Key:
    """Name a series, as the table of shocks does."""
    return one.reporter, one.flow, one.partner, one.hs


def _series(months: Iterable[PublicTradeMonth]) -> list[_Key]:
    """Series worth a chart: of Myanmar, then of all origins, those first of which most months are known."""
    known: dict[_Key, int] = {}
    for one in months:
        known[_key(one)] = known.get(_key(one), 0) + (one.identified and one.high is not None)
    ranked = sorted((key for key in known if known[key] >= _LEAST_MONTHS), key=lambda key: (-known[key], key))
    return [
        key
        for partner in (_OWN, _WORLD)
        for key in [one for one in ranked if one[2] == partner][:_MOST_SERIES]
    ]


def drawn(trade: PublicTrade) -> Iterator[tuple[Chart, str]]:
    """Draw the charts of the section, each with what it shows in words."""
    for key in _series(trade.months):
        months = _month_chart(trade, key)
        yield months, trade_alt.months(months)
    imports = _import_chart(trade.imports)
    if imports is not None:
        yield imports, trade_alt.years(imports)
    outcomes = _frame(PublicOutcome, trade.outcomes)
    sources = {one.source_id: one.source for one in trade.sources}
    for chart, factor, unit in (
        (trade_charts.supply_shares(outcomes, sources=sources), 100, say("percent")),
        (trade_charts.revenue(outcomes, sources=sources), 1e-6, say("million dollars")),
    ):
        if chart is not None:
            yield chart, trade_alt.rivals(chart, factor, unit)


def _month_chart(trade: PublicTrade, key: _Key) -> Chart:
    own = [one for one in trade.months if _key(one) == key]
    (chart,) = trade_charts.monthly_series(
        _frame(PublicTradeMonth, own),
        _frame(PublicShock, trade.shocks),
        _frame(PublicEvent, trade.events),
        source=_told(trade.statements, key) or _UNNAMED,
    )
    return chart


def _months(trade: PublicTrade, key: _Key) -> Figure:
    chart = _month_chart(trade, key)
    happened = chart.data[chart.data["row"] == "event"]
    events = tuple(f"{one['first']:%Y-%m}: {one['note']}" for one in happened.to_dict("records"))
    limits = joined([_NOT_OF_SUMS, _NOT_OF_MONTHS]) if key[2] == _WORLD else _NOT_OF_MONTHS
    return _figure(chart, limits, trade_alt.months(chart), events)


def _told(statements: Iterable[PublicStatement], key: _Key) -> str:
    """Who printed the statements on a series."""
    own = {one.source for one in statements if (one.reporter, one.flow, one.partner, one.hs) == key}
    return "; ".join(sorted(own))


def _import_chart(imports: Sequence[PublicImport]) -> Chart | None:
    return trade_charts.annual_imports(_frame(PublicImport, _largest(imports)), goods=trade_words.GOODS)


def _imports(imports: Sequence[PublicImport]) -> Figure | None:
    chart = _import_chart(imports)
    return None if chart is None else _figure(chart, _NOT_OF_YEARS, trade_alt.years(chart))


def _prices(published: Iterable[PublicPrice]) -> Figure | None:
    chart = trade_prices.prices(_frame(PublicPrice, published))
    return None if chart is None else _figure(chart, _NOT_OF_PRICES, trade_alt.prices(chart))


def _largest(imports: Sequence[PublicImport]) -> list[PublicImport]:
    """Figures of Myanmar, of all origins, and of the largest others: more bars cannot be read."""
    most: dict[str, float] = {}
    for one in imports:
        tonnes = (one.value or 0.0) / (1000 if one.unit == "kg" else 1)
        most[one.partner] = max(most.get(one.partner, 0.0), tonnes)
    others = sorted(most.keys() - {_OWN, _WORLD}, key=lambda partner: (-most[partner], partner))
    kept = {_OWN, _WORLD, *others[:_MOST_OTHERS]}
    return [one for one in imports if one.partner in kept]


def _conflicts(rows: Iterable[PublicConflict]) -> tuple[Conflict, ...]:
    by_name: dict[str, list[PublicConflict]] = {}
    for row in sorted(rows, key=lambda row: row.rank):
        by_name.setdefault(row.conflict, []).append(row)
    found = [Conflict(first, tuple(others)) for first, *others in by_name.values()]
    return tuple(sorted(found, key=lambda one: (-one.best.tonnes, one.best.conflict)))


def _fits(conflicts: Iterable[Conflict], statements: Mapping[str, PublicStatement]) -> tuple[Fit, ...]:
    """Figures that the likeliest repairs change and that do not fit themselves; most tonnes first."""
    found = (
        Fit(name, _brief(statements.get(name)), printed, low, high, unit, _explained(best, name))
        for best in (conflict.best for conflict in conflicts)
        for name, printed, low, high, unit in zip(
            best.suspects, best.printed, best.fits_low, best.fits_high, best.units, strict=True
        )
    )
    return tuple(one for one in found if one.printed < one.low or one.printed > _end(one.high))


def _end(high: float | None) -> float:
    return math.inf if high is None else high


def _explained(best: PublicConflict, name: str) -> str:
    others = [one for one in best.suspects if one != name]
    if best.repair == "swap" and others:
        return say("taken for {name}", name=others[0])
    return trade_words.REPAIRS[best.repair]


def _brief(one: PublicStatement | None) -> str:
    return say("a printed figure") if one is None else trade_words.brief(one)


def _misprints(fits: Sequence[Fit], statements: Iterable[PublicStatement]) -> Figure | None:
    drawn = {one.statement for one in fits}
    sources = dict.fromkeys(one.source for one in statements if one.id in drawn)
    found = pd.DataFrame([asdict(one) for one in fits], dtype=object)
    chart = trade_charts.contradictions(found, source="; ".join(sources) or _UNNAMED)
    return None if chart is None else _figure(chart, _NOT_OF_MISPRINTS, trade_alt.misprints(chart))


def _rivals(chart: Chart | None, limits: str, factor: float, unit: str) -> Figure | None:
    return None if chart is None else _figure(chart, limits, trade_alt.rivals(chart, factor, unit))


def _figure(chart: Chart, limits: str, alt: str, events: tuple[str, ...] = ()) -> Figure:
    svg = charts.static_svg(chart.bare, f"{chart.name}-caption", alt)
    drawn = Markup(svg)  # noqa: S704 - vl-convert escapes every text, static_svg what is said of it
    return Figure(chart.name, chart.title, chart.caption, limits, chart.source, drawn, alt, events)


def _frame(model: type[BaseModel], rows: Iterable[BaseModel]) -> pd.DataFrame:
    """Public rows as the frame that charts are drawn from."""
    columns = list(model.model_fields)
    values: list[list[Any]] = [[getattr(row, name) for name in columns] for row in rows]
    return pd.DataFrame(values, columns=columns, dtype=object)
