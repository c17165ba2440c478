"""Places: the number that UN Comtrade has for a country."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from leachwatch.errors import RecordError
from leachwatch.trade.partners import by_iso, by_m49

__all__ = ["iso_of", "number_of", "place_named"]

_NAMED = (
    "WLD", "AFG", "AUS", "BDI", "BGD", "BRA", "CAN", "CHE", "CHN", "DEU", "EST", "FRA", "GBR", "HKG", "IDN",
    "IND", "JPN", "KAZ", "KHM", "KOR", "LAO", "MDG", "MMR", "MYS", "NGA", "NLD", "PHL", "RUS", "SGP", "THA",
    "TWN", "TZA", "USA", "VNM",
)  # fmt: skip
"""Places that are known by name; others are asked for by their number."""


@cache
def _numbers() -> Mapping[str, int]:
    """Give UN Comtrade's number of each: that of the customs area, where it has one of its own."""
    return {name: by_iso()[name].m49[-1] for name in _NAMED}


@cache
def _names() -> Mapping[int, str]:
    return {number: name for name, number in _numbers().items()}


def place_named(text: str) -> str:
    """Name a place in one way: ISO 3166 alpha-3 where it is known here, else UN Comtrade's number.

    Raises
    ------
    RecordError
        If it is neither.

    Examples
    --------
    >>> place_named("mmr"), place_named("104"), place_named("716")
    ('MMR', 'MMR', '716')
    """
    name = text.strip().upper()
    if name.isdecimal() and name.isascii() and len(name) <= 3:  # noqa: PLR2004 - M49 has three digits
        return _names().get(int(name), str(int(name)))
    if name not in _NAMED:
        raise RecordError(f"{text!r} is no country known here; give its number in UN Comtrade, such as 104")
    return name


def iso_of(place: str) -> str | None:
    """ISO 3166 alpha-3 of a place that `place_named` gave; None where its number is of no country."""
    if place in _NAMED:
        return place
    partner = by_m49().get(int(place))
    return None if partner is None else partner.iso3


def number_of(place: str) -> int:
    """UN Comtrade's number of a place that `place_named` gave."""
    return _numbers()[place] if place in _NAMED else int(place)
