"""Trade in plain words: countries, goods, statements, repairs, changes and estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from leachwatch.publish import words
from leachwatch.publish.language import say, sentence
from leachwatch.publish.trade_frames import break_kind
from leachwatch.publish.trade_model import PublicOutcome, PublicPrice, PublicShock, PublicStatement

__all__ = [
    "GOODS",
    "REPAIRS",
    "brief",
    "change",
    "codes",
    "country",
    "days",
    "event_of",
    "level",
    "outcome",
    "price",
    "probability",
    "series",
    "span",
    "statement",
    "tonnes",
    "verdict",
]

_COUNTRIES: Mapping[str, str] = MappingProxyType(
    {
        "CHN": say("China"),
        "LAO": say("Laos"),
        "MMR": say("Myanmar"),
        "MYS": say("Malaysia"),
        "THA": say("Thailand"),
        "USA": say("the United States"),
        "VNM": say("Vietnam"),
        "WLD": say("all origins"),
    }
)

GOODS: Mapping[str, str] = MappingProxyType(
    {
        "28469019": "other rare-earth oxides",
        "28469028": "mixed rare-earth chlorides",
        "28469048": "rare-earth carbonate",
        "28469099": "other rare-earth compounds",
    }
)
"""Names of the codes that matter here."""

REPAIRS: Mapping[str, str] = MappingProxyType(
    {
        "digit": say("one digit is wrong"),
        "neighbours": say("two neighbouring digits are turned"),
        "lost": say("a digit is lost"),
        "added": say("a digit too many"),
        "scale": say("the point or the thousands slipped"),
        "sign": say("the sign is lost"),
        "year": say("a figure of another year"),
        "swap": say("two figures taken for each other"),
        "drop": say("no single slip explains it; the statement is left out"),
        "several": say("more than one slip"),
    }
)
"""Kinds of repair, as in the table ``contradictions``."""

_MEANT = {"more_than": sentence("more than {number}"), "nearly": sentence("nearly {number}")}
_SHORT_MONTHS = (
    sentence("Jan {year}"),
    sentence("Feb {year}"),
    sentence("Mar {year}"),
    sentence("Apr {year}"),
    sentence("May {year}"),
    sentence("Jun {year}"),
    sentence("Jul {year}"),
    sentence("Aug {year}"),
    sentence("Sep {year}"),
    sentence("Oct {year}"),
    sentence("Nov {year}"),
    sentence("Dec {year}"),
)
_MONEY = {
    "CNY/kg": sentence("{number} yuan per kg"),
    "USD/kg": sentence("{number} dollars per kg"),
}
_BREAKS: Mapping[str, str] = MappingProxyType(
    {
        "fall": say("fall"),
        "rise": say("rise"),
        "seasonal": say("seasonal: comes with the time of year"),
    }
)
_UNSURE: Mapping[str, str] = MappingProxyType(
    {"fall": say("unsure: a fall, if any"), "rise": say("unsure: a rise, if any")}
)
_LARGE = 1000
_MONTHS = 12
_PARTS = 4


def country(code: str) -> str:
    """Name a country or group of them; its code where no name is known here."""
    return _COUNTRIES.get(code, code)


def codes(hs: str) -> str:
    """Write codes that are counted together."""
    return hs.replace("+", " + ")


def series(name: str) -> str:
    """Write the name that a series has in the table of shocks.

    Examples
    --------
    >>> series("CHN import WLD 28469019+28469099")
    'imports of 28469019 + 28469099 by China from all origins'
    """
    parts = name.split(" ")
    return _series(*parts) if len(parts) == _PARTS else name


def days(one: PublicPrice) -> str:
    """Write the day, month or months that a price is of."""
    first, last = one.period_start, one.period_end
    if first == last:
        return first.isoformat()
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole:
        return _short(first, last)
    return say("{first} to {last}", first=first.isoformat(), last=last.isoformat())


def price(one: PublicPrice) -> str:
    """Write a price with its unit: as printed, else from the least to the most."""
    ends = [end for end in (one.low, one.high) if end is not None]
    if one.value is not None and one.status != "derived":
        number = level(one.value)
    else:
        number = _between(list(dict.fromkeys(map(tonnes, ends))))
    said = (
        say(_MONEY[one.unit], number=number)
        if one.unit in _MONEY
        else say("{number} {unit}", number=number, unit=one.unit)
    )
    return say("{price}, by the rate of the month", price=said) if one.status == "derived" else said


def _between(ends: Sequence[str]) -> str:
    return say("{first} to {last}", first=ends[0], last=ends[-1]) if len(ends) > 1 else "".join(ends)


def level(value: float) -> str:
    """Write a figure with as many digits as it was printed with, three decimals at most.

    Examples
    --------
    >>> level(43855.0), level(-56.068), level(9431.5)
    ('43,855', '−56.068', '9,431.5')
    """
    return f"{value:,.3f}".rstrip("0").rstrip(".").replace("-", "−")


def tonnes(value: float) -> str:
    """Write tonnes, whole ones from ten on."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"  # noqa: PLR2004


def statement(one: PublicStatement) -> str:
    """Say what a statement says.

    Returns
    -------
    str
        Such as ``imports of 28469019 by China from all origins, 2024: 43,855 t``.
    """
    said: str = say(
        "{what}, {when}",
        what=_series(one.reporter, one.flow, one.partner, one.hs),
        when=_period(one.period_start, one.period_end),
    )
    if one.base_start and one.base_end:
        said = say("{what}, against {when}", what=said, when=_period(one.base_start, one.base_end))
    if one.kind == "share":
        partner, hs = one.base_partner or one.partner, one.base_hs or one.hs
        whole = _series(one.reporter, one.flow, partner, hs)
        said = say("{what}, as a share of {whole}", what=said, whole=whole)
    sign = "+" if one.kind == "change" and one.value > 0 else ""
    number = f"{sign}{_number(one.value)} {one.unit}"
    if one.kind in _MEANT:
        number = say(_MEANT[one.kind], number=number)
    return say("{what}: {number}", what=said, number=number)


def brief(one: PublicStatement) -> str:
    """Say of what time and series a statement is, in two short lines.

    Returns
    -------
    str
        Such as ``Feb 2025 on a year before`` above ``28469019, China from all origins``.
    """
    when = _short(one.period_start, one.period_end)
    if one.base_start and one.base_end and one.kind != "share":
        year = [(day.year + 1, day.month) for day in (one.base_start, one.base_end)]
        if year == [(day.year, day.month) for day in (one.period_start, one.period_end)]:
            when = say("{when} on a year before", when=when)
        else:
            when = say("{when} on {before}", when=when, before=_short(one.base_start, one.base_end))
    way = (
        sentence("{when}\n{codes}, {reporter} from {partner}")
        if one.flow == "import"
        else sentence("{when}\n{codes}, {reporter} to {partner}")
    )
    return say(
        way, when=when, codes=codes(one.hs), reporter=country(one.reporter), partner=country(one.partner)
    )


def change(share: float | None) -> str:
    """Write a change as per cent, with its sign.

    Examples
    --------
    >>> change(-0.4269), change(1.5709), change(None)
    ('−43 %', '+157 %', 'not known')
    """
    return say("not known") if share is None else f"{100 * share:+,.0f} %".replace("-", "−")


def probability(value: float) -> str:
    """Write a probability; never 0 or 1 where it is not."""
    return words.percent(value)


def verdict(shock: PublicShock) -> str:
    """Say what a break is taken for."""
    kind = break_kind(seasonal=shock.seasonal, probability=shock.probability, direction=shock.direction)
    if kind == "unsure":
        return _UNSURE[shock.direction]
    return _BREAKS[kind]


def event_of(shock: PublicShock, notes: Mapping[str, str]) -> str:
    """Say on which event a break falls; ``none known`` where on none."""
    if shock.event_id is None:
        return say("none known")
    return notes.get(shock.event_id, shock.event_id)


def outcome(one: PublicOutcome, value: float | None) -> str:
    """Write a level of an estimate in its unit, with two digits."""
    if value is None:
        return say("not printed")
    if one.unit == "share":
        return words.percent(value)
    return say("{number} {unit}", number=_rounded(value), unit=words.UNITS.get(one.unit, one.unit))


def span(one: PublicOutcome) -> str:
    """Write the interval of an estimate.

    Examples
    --------
    >>> made = {"quantity": "q", "period": "2023", "scenario": "", "unit": "t", "basis": "REO", "inputs": ()}
    >>> span(PublicOutcome(**made, p05=43750.4, p50=46681.6, p95=50292.0))
    '44,000 t to 50,000 t'
    """
    return say("{first} to {last}", first=outcome(one, one.p05), last=outcome(one, one.p95))


def _series(reporter: str, flow: str, partner: str, hs: str) -> str:
    way = (
        sentence("imports of {codes} by {reporter} from {partner}")
        if flow == "import"
        else sentence("exports of {codes} by {reporter} to {partner}")
    )
    return say(way, codes=codes(hs), reporter=country(reporter), partner=country(partner))


def _period(start: date, end: date) -> str:
    if (start.year, start.month, end.month) == (end.year, 1, _MONTHS):
        return str(start.year)
    if (start.year, start.month) == (end.year, end.month):
        return words.month(start)
    return say("{first} to {last}", first=words.month(start), last=words.month(end))


def _short(start: date, end: date) -> str:
    if (start.year, start.month, end.month) == (end.year, 1, _MONTHS):
        return str(start.year)
    if (start.year, start.month) == (end.year, end.month):
        return _short_month(start)
    return say("{first} to {last}", first=_short_month(start), last=_short_month(end))


def _short_month(when: date) -> str:
    return say(_SHORT_MONTHS[when.month - 1], year=str(when.year))


def _number(value: float) -> str:
    said = f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:g}"
    return said.replace("-", "−")


def _rounded(value: float) -> str:
    return words.number(value) if abs(value) >= 10 or value == 0 else f"{value:.2g}"  # noqa: PLR2004
