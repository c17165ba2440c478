"""Trade in plain words: countries, goods, statements, repairs, changes and estimates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from leachwatch.publish import words
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
        "CHN": "China",
        "LAO": "Laos",
        "MMR": "Myanmar",
        "MYS": "Malaysia",
        "THA": "Thailand",
        "USA": "the United States",
        "VNM": "Vietnam",
        "WLD": "all origins",
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
        "digit": "one digit is wrong",
        "neighbours": "two neighbouring digits are turned",
        "lost": "a digit is lost",
        "added": "a digit too many",
        "scale": "the point or the thousands slipped",
        "sign": "the sign is lost",
        "year": "a figure of another year",
        "swap": "two figures taken for each other",
        "drop": "no single slip explains it; the statement is left out",
        "several": "more than one slip",
    }
)
"""Kinds of repair, as in the table ``contradictions``."""

_MEANT = {"more_than": "more than ", "nearly": "nearly "}
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
    return _short(first, last) if whole else f"{first.isoformat()} to {last.isoformat()}"


def price(one: PublicPrice) -> str:
    """Write a price with its unit: as printed, else from the least to the most."""
    unit = one.unit.replace("CNY/kg", "yuan per kg").replace("USD/kg", "dollars per kg")
    ends = [end for end in (one.low, one.high) if end is not None]
    whole = one.value is not None and one.status != "derived"
    said = (
        level(one.value) if whole and one.value is not None else " to ".join(dict.fromkeys(map(tonnes, ends)))
    )
    return f"{said} {unit}" + (", by the rate of the month" if one.status == "derived" else "")


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
    subject = _series(one.reporter, one.flow, one.partner, one.hs)
    said = f"{subject}, {_period(one.period_start, one.period_end)}"
    if one.base_start and one.base_end:
        said += f", against {_period(one.base_start, one.base_end)}"
    if one.kind == "share":
        partner, hs = one.base_partner or one.partner, one.base_hs or one.hs
        said += f", as a share of {_series(one.reporter, one.flow, partner, hs)}"
    sign = "+" if one.kind == "change" and one.value > 0 else ""
    return f"{said}: {_MEANT.get(one.kind, '')}{sign}{_number(one.value)} {one.unit}"


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
        same = year == [(day.year, day.month) for day in (one.period_start, one.period_end)]
        when += " on a year before" if same else f" on {_short(one.base_start, one.base_end)}"
    way = "from" if one.flow == "import" else "to"
    return f"{when}\n{codes(one.hs)}, {country(one.reporter)} {way} {country(one.partner)}"


def change(share: float | None) -> str:
    """Write a change as per cent, with its sign.

    Examples
    --------
    >>> change(-0.4269), change(1.5709), change(None)
    ('−43 %', '+157 %', 'not known')
    """
    return "not known" if share is None else f"{100 * share:+,.0f} %".replace("-", "−")


def probability(value: float) -> str:
    """Write a probability; never 0 or 1 where it is not."""
    return words.percent(value)


def verdict(shock: PublicShock) -> str:
    """Say what a break is taken for."""
    kind = break_kind(seasonal=shock.seasonal, probability=shock.probability, direction=shock.direction)
    told = {
        "seasonal": "seasonal: comes with the time of year",
        "unsure": f"unsure: a {shock.direction}, if any",
    }
    return told.get(kind, kind)


def event_of(shock: PublicShock, notes: Mapping[str, str]) -> str:
    """Say on which event a break falls; ``none known`` where on none."""
    if shock.event_id is None:
        return "none known"
    return notes.get(shock.event_id, shock.event_id)


def outcome(one: PublicOutcome, value: float | None) -> str:
    """Write a level of an estimate in its unit, with two digits."""
    if value is None:
        return "not printed"
    if one.unit == "share":
        return words.percent(value)
    return f"{_rounded(value)} {one.unit}"


def span(one: PublicOutcome) -> str:
    """Write the interval of an estimate.

    Examples
    --------
    >>> made = {"quantity": "q", "period": "2023", "scenario": "", "unit": "t", "basis": "REO", "inputs": ()}
    >>> span(PublicOutcome(**made, p05=43750.4, p50=46681.6, p95=50292.0))
    '44,000 t to 50,000 t'
    """
    return f"{outcome(one, one.p05)} to {outcome(one, one.p95)}"


def _series(reporter: str, flow: str, partner: str, hs: str) -> str:
    way = "from" if flow == "import" else "to"
    return f"{flow}s of {codes(hs)} by {country(reporter)} {way} {country(partner)}"


def _period(start: date, end: date) -> str:
    if (start.year, start.month, end.month) == (end.year, 1, _MONTHS):
        return str(start.year)
    if (start.year, start.month) == (end.year, end.month):
        return words.month(start)
    return f"{words.month(start)} to {words.month(end)}"


def _short(start: date, end: date) -> str:
    if (start.year, start.month, end.month) == (end.year, 1, _MONTHS):
        return str(start.year)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%b %Y}"
    return f"{start:%b} to {end:%b %Y}" if start.year == end.year else f"{start:%b %Y} to {end:%b %Y}"


def _number(value: float) -> str:
    said = f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:g}"
    return said.replace("-", "−")


def _rounded(value: float) -> str:
    return words.number(value) if abs(value) >= 10 or value == 0 else f"{value:.2g}"  # noqa: PLR2004
