"""What the columns of point lists are called, and how their values are written."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

__all__ = [
    "ALIASES",
    "Kind",
    "Role",
    "Seen",
    "State",
    "kind_of",
    "parse_degrees",
    "parse_diameter",
    "parse_seen",
    "state_of",
    "values",
]

Role = Literal["lon", "lat", "diameter", "seen", "until", "state", "type", "name"]
"""What a column is for."""

State = Literal["active", "abandoned", "unknown"]
"""What a pool did on the day on which it was seen."""

Kind = Literal["in situ", "other", "unnamed"]
"""How ore is leached at a point; a list that does not say so is one of leach pools."""

ALIASES: Mapping[Role, tuple[str, ...]] = {
    "lon": ("lon", "longitude", "long", "lng", "x", "point_x", "lon_dd", "long_dd", "longitude_dd"),
    "lat": ("lat", "latitude", "y", "point_y", "lat_dd", "latitude_dd"),
    "diameter": (
        *("diameter_m", "diameter", "diam_m", "diam", "diameter_meters", "diameter_metres"),
        *("tank_diameter_m", "tank_diameter", "tank_diam_m", "tank_diam"),
        *("pool_diameter_m", "pool_diameter", "pond_diameter_m", "pond_diameter"),
    ),
    "seen": (
        *("when", "begin", "image_date", "imagery_date", "img_date", "date_image", "date_of_image"),
        *(
            "acquisition_date",
            "acq_date",
            "date_seen",
            "date_observed",
            "observation_date",
            "timestamp",
            "date",
        ),
        *("first_seen_date", "date_first_seen", "first_seen", "first_seen_year", "year_first_seen"),
        *("first_observed", "first_year", "start_year", "year_start"),
        *("image_year", "imagery_year", "img_year", "year_image", "year_of_image", "year"),
    ),
    "until": (
        *("end", "last_seen_date", "last_seen", "last_seen_year", "year_last_seen", "last_observed"),
        *("last_year", "end_year", "year_end"),
    ),
    "state": (
        *("status", "tank_status", "activity", "colour_state", "color_state", "colour", "color"),
        *("tank_colour", "tank_color", "liquid_colour", "liquid_color"),
    ),
    "type": (
        *("type", "mine_type", "mining_type", "site_type", "type_of_mine", "type_of_mining", "method"),
        *("mining_method", "extraction_method", "tank_type", "feature_type", "category", "class"),
    ),
    "name": ("name", "site_name", "mine_name", "site", "mine", "id", "site_id", "tank_id", "label"),
}
"""Names of columns by role, the first that has a value is taken; case and signs do not matter."""

_SHORT = 10
"""Letters that a shapefile leaves of a column's name."""

_NOTHING = {
    *("", "-", "--", "?", "na", "n/a", "nan", "nat", "none", "null", "<null>"),
    *("unknown", "unk", "undated", "-999", "-9999"),
}
"""What lists write where they have no value."""

_LARGEST_M = 300.0
_YEARS = range(1960, 2101)
"""Years of pictures from space, and some to come."""

_TIME = r"(?:[T ]\s*\d.*)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d\d?)(?:[-/.](\d\d?){_TIME})?", re.ASCII)
_SLASHED = re.compile(rf"(\d\d?)[-/.](\d\d?)[-/.](\d{{4}}){_TIME}", re.ASCII)

_ACTIVE = re.compile(r"\b(active|blue|turquoise|teal|cyan|in use|operating|operational|working)\b")
_ABANDONED = re.compile(r"\b(abandoned|brown|inactive|not active|closed|disused|overgrown)\b")
_OTHER = re.compile(
    r"heap|alluvial|placer|gold|dredg|open.?(pit|cast)|hard.?rock|underground|quarr|jade|amber|coal|\btin\b"
)
_IN_SITU = re.compile(
    r"in.?situ|\bisl\b|\bisr\b|leach|\btanks?\b|\bpools?\b|\bponds?\b|precipitat|rare.?earth|\bree\b|ion.?ads"
)


@dataclass(frozen=True)
class Seen:
    """When a pool was seen.

    Attributes
    ----------
    earliest, latest : date
        Of the day on which it was seen: the same where the day is known, the ends of the year where only
        the year is.
    until : date
        Last day on which it is said to have been there; the largest date where no end is named.
    """

    earliest: date
    latest: date
    until: date


@lru_cache(maxsize=64)
def _columns(names: tuple[str, ...], role: Role) -> tuple[str, ...]:
    """Columns of a role, best first."""
    wanted = [_plain(alias) for alias in ALIASES[role]]
    ranked = []
    for name in names:
        rank = next((place for place, alias in enumerate(wanted) if _means(name, alias)), None)
        if rank is not None:
            ranked.append((rank, name))
    return tuple(name for _, name in sorted(ranked, key=lambda one: one[0]))


def _means(name: str, alias: str) -> bool:
    plain = _plain(name)
    return plain == alias or (len(name) == _SHORT and len(plain) >= _SHORT - 2 and alias.startswith(plain))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def values(fields: Mapping[str, str], role: Role) -> Iterator[tuple[str, str]]:
    """Columns of a role that have a value, best first.

    Parameters
    ----------
    fields : mapping of str to str
        Values by column.
    role : str
        Which of `ALIASES`.

    Yields
    ------
    tuple of str
        The column and its value.

    Examples
    --------
    >>> next(values({"Image Date": "n/a", "YEAR": "2021"}, "seen"))
    ('YEAR', '2021')
    >>> list(values({"TANK_DIAME": "12"}, "diameter"))
    [('TANK_DIAME', '12')]
    """
    for name in _columns(tuple(fields), role):
        value = fields[name].strip()
        if value.casefold() not in _NOTHING:
            yield name, value


def parse_diameter(text: str) -> float | None:
    """Read a diameter in metres; None for 0 or less, which lists write where none was measured.

    Raises
    ------
    ValueError
        If it is no number of metres; the message says what to write instead.

    Examples
    --------
    >>> parse_diameter("12.5 m")
    12.5
    """
    match = re.fullmatch(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(?:m|met(?:er|re)s?)?", text.casefold(), re.ASCII)
    if match is None:
        raise ValueError("is no diameter; write metres, such as 12.5, or leave it empty")
    value = float(match[1])
    if value > _LARGEST_M:
        raise ValueError(f"is wider than any pool ({_LARGEST_M:.0f} m); write metres")
    return value if value > 0 else None


def parse_seen(text: str) -> tuple[date, date]:
    """First and last day that a date may mean.

    Parameters
    ----------
    text : str
        A year, a month or a day, with or without a time: ``2021``, ``2021-03``, ``2021-03-05``, ``20210305``,
        ``5 Mar 2021``, ``March 2021``, milliseconds since 1970. ``3/5/2021`` may be the fifth of March or the
        third of May: it is anything between.

    Returns
    -------
    tuple of date

    Raises
    ------
    ValueError
        If it is none; the message says what to write instead.

    Examples
    --------
    >>> parse_seen("2021-02")
    (datetime.date(2021, 2, 1), datetime.date(2021, 2, 28))
    >>> parse_seen("3/5/2021")
    (datetime.date(2021, 3, 5), datetime.date(2021, 5, 3))
    """
    try:
        first, last = _span(text.strip())
    except (ValueError, OverflowError, OSError):
        first = last = date.min
    if first.year not in _YEARS or last.year not in _YEARS:
        raise ValueError("is no date; write it like 2021, 2021-03 or 2021-03-05, or leave it empty")
    return first, last


def _span(text: str) -> tuple[date, date]:
    if re.fullmatch(r"-?\d{11,13}", text, re.ASCII):
        return _one(datetime.fromtimestamp(int(text) / 1000, UTC).date())
    if match := re.fullmatch(r"(\d{4})(?:\.0*)?", text, re.ASCII):
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    if match := _ISO.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        return _one(date(year, month, int(match[3]))) if match[3] else _month(year, month)
    if match := _SLASHED.fullmatch(text):
        return _either(int(match[1]), int(match[2]), int(match[3]))
    return _in_words(re.sub(r"[-,.\s]+", " ", text))


def _one(day: date) -> tuple[date, date]:
    return day, day


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _either(one: int, other: int, year: int) -> tuple[date, date]:
    """Day first or month first: both, where both are possible."""
    days = []
    for day, month in ((one, other), (other, one)):
        with suppress(ValueError):
            days.append(date(year, month, day))
    return min(days), max(days)


def _in_words(text: str) -> tuple[date, date]:
    for form in ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%b %Y", "%B %Y", "%Y%m%d"):
        try:
            day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return _one(day) if "%d" in form else _month(day.year, day.month)
    raise ValueError(text)


def state_of(text: str) -> State:
    """Read a status or a colour: blue liquid is in use, brown is left behind.

    Examples
    --------
    >>> state_of("Inactive (brown)"), state_of("blue"), state_of("white")
    ('abandoned', 'active', 'unknown')
    """
    said = text.casefold()
    if _ABANDONED.search(said):
        return "abandoned"
    return "active" if _ACTIVE.search(said) else "unknown"


def kind_of(text: str) -> Kind:
    """Whether a type is in-situ leaching; a type that is not understood is another.

    Examples
    --------
    >>> kind_of("In-situ leach"), kind_of("Heap leach"), kind_of("")
    ('in situ', 'other', 'unnamed')
    """
    said = text.casefold().replace("_", " ").strip()
    if not said:
        return "unnamed"
    return "in situ" if _IN_SITU.search(said) and not _OTHER.search(said) else "other"


def parse_degrees(text: str) -> float:
    """Read decimal degrees.

    Raises
    ------
    ValueError
        If it is no number; the message says what to write instead.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError("is no number; write decimal degrees with a point, such as 98.1234")
    return value
