"""Places: the number that UN Comtrade has for a country."""

from __future__ import annotations

from leachwatch.errors import RecordError

__all__ = ["number_of", "place_named"]

_NUMBERS = {
    "WLD": 0, "AFG": 4, "AUS": 36, "BDI": 108, "BGD": 50, "BRA": 76, "CAN": 124, "CHE": 757, "CHN": 156,
    "DEU": 276, "EST": 233, "FRA": 251, "GBR": 826, "HKG": 344, "IDN": 360, "IND": 699, "JPN": 392,
    "KAZ": 398, "KHM": 116, "KOR": 410, "LAO": 418, "MDG": 450, "MMR": 104, "MYS": 458, "NGA": 566,
    "NLD": 528, "PHL": 608, "RUS": 643, "SGP": 702, "THA": 764, "TWN": 490, "TZA": 834, "USA": 842,
    "VNM": 704,
}  # fmt: skip
"""M49, but for CHE, FRA, IND and USA (with their customs areas) and TWN (Other Asia, not elsewhere named)."""

_NAMES = {number: name for name, number in _NUMBERS.items()}


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
        return _NAMES.get(int(name), str(int(name)))
    if name not in _NUMBERS:
        raise RecordError(f"{text!r} is no country known here; give its number in UN Comtrade, such as 104")
    return name


def number_of(place: str) -> int:
    """UN Comtrade's number of a place that `place_named` gave."""
    return _NUMBERS[place] if place in _NUMBERS else int(place)
