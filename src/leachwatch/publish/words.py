"""Numbers, dates and counts in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from math import floor, log10

from leachwatch.publish import series
from leachwatch.publish.model import SITE_STATES, TIERS, Estimate, Interval, PublicAccount

__all__ = ["ago", "area", "area_range", "count", "day", "interval", "month", "number", "percent", "summary"]

_DIGITS = 2  # significant digits of an estimate: more would claim what 10 m pixels cannot show
_POORLY_SEEN = 0.5  # share of the ground below which a month is called poorly seen
_HECTARE = 10_000  # m²
_SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def day(when: date) -> str:
    """Write a day as it is written everywhere on the page."""
    return when.isoformat()


def month(when: date) -> str:
    """Write a month in words."""
    return f"{when:%B} {when.year}"


def interval(when: Interval) -> str:
    """When something happened, as the two looks around it allow.

    Examples
    --------
    >>> interval(Interval(earliest=None, latest=date(2022, 1, 14)))
    'before 2022-01-14'
    >>> interval(Interval(earliest=date(2022, 3, 2), latest=date(2022, 3, 18)))
    'between 2022-03-02 and 2022-03-18'
    >>> interval(Interval(earliest=None, latest=None))
    'not known'
    """
    match when.earliest, when.latest:
        case None, None:
            return "not known"
        case None, date() as latest:
            return f"before {day(latest)}"
        case date() as earliest, None:
            return f"after {day(earliest)}"
        case date() as earliest, date() as latest if earliest == latest:
            return f"on {day(latest)}"
        case earliest, latest:
            return f"between {earliest} and {latest}"


def number(value: float) -> str:
    """Write a number with two significant digits; exact below 100."""
    if abs(value) < 10**_DIGITS:
        return f"{value:,.0f}"
    step = 10 ** (floor(log10(abs(value))) - _DIGITS + 1)
    return f"{round(value / step) * step:,}"


def area(m2: float) -> str:
    """Write an area, in hectares from ten hectares on.

    Examples
    --------
    >>> area(1234), area(456780)
    ('1,200 m²', '46 ha')
    """
    return f"{number(m2)} m²" if m2 < 10 * _HECTARE else f"{number(m2 / _HECTARE)} ha"


def area_range(value: Estimate) -> str:
    """Write the bounds of an area, both in the unit of the higher.

    Examples
    --------
    >>> area_range(Estimate(value=1200, low=900, high=1600))
    '900–1,600 m²'
    >>> area_range(Estimate(value=36000, low=20000, high=120000))
    '2–12 ha'
    """
    if value.high < 10 * _HECTARE:
        return f"{number(value.low)}–{number(value.high)} m²"
    low = value.low / _HECTARE
    return f"{number(low) if low >= 1 else f'{low:.1f}'}–{number(value.high / _HECTARE)} ha"


def percent(share: float) -> str:
    """Write a share of 0 to 1 as per cent; never 0 or 100 where it is not."""
    if 0 < share < 0.01:  # noqa: PLR2004 - one per cent
        return "under 1 %"
    if 0.99 < share < 1:  # noqa: PLR2004 - the last per cent
        return "over 99 %"
    return f"{share * 100:.0f} %"


def count(many: int, thing: str) -> str:
    """So many things, small numbers in letters."""
    figure = _SMALL_NUMBERS[many] if many < len(_SMALL_NUMBERS) else f"{many:,}"
    return f"{figure} {thing}{'' if many == 1 else 's'}"


def ago(account: PublicAccount) -> str:
    """Name the period of an account."""
    if not account.months:
        return "no month"
    first, last = account.months[0], account.months[-1]
    return month(first) if first == last else f"{month(first)} to {month(last)}"


def summary(account: PublicAccount) -> tuple[str, ...]:
    """Say what the page shows, in sentences a reader can quote.

    Returns
    -------
    tuple of str
        One paragraph each.
    """
    return (_finding(account), _sight(account), _doubt(account))


def _finding(account: PublicAccount) -> str:
    scenes = "the simulated scenes" if account.simulated else "the satellite images"
    if not account.months:
        return "No month was searched, so there is nothing to show yet."
    if not account.sites and account.rejected:
        gone = count(account.rejected, "candidate")
        return f"In {scenes} of {ago(account)} no site is left: a reviewer rejected {gone}."
    if not account.sites:
        return f"In {scenes} of {ago(account)} no site was found. That is not proof that there is none."
    sites = account.sites
    likeness = "looks like a rare-earth leach mine" if len(sites) == 1 else "look like rare-earth leach mines"
    text = (
        f"In {scenes} of {ago(account)}, {count(len(sites), 'site')} {likeness}: "
        f"{_counts((site.tier for site in sites), TIERS)}. "
        f"When last seen, {_counts((site.state for site in sites), SITE_STATES, past=True)}."
    )
    if account.rejected:
        text += f" A reviewer rejected {count(account.rejected, 'more candidate')}; they are left out."
    return text


def _sight(account: PublicAccount) -> str:
    shares = series.seen_shares(account)
    if not shares:
        return "Nothing is recorded about how much of the ground could be seen."
    poor = sum(share < _POORLY_SEEN for share in shares)
    text = (
        f"Clouds decide what can be known: in the average month {percent(sum(shares) / len(shares))} of the "
        "watched ground was seen on at least one clear day"
    )
    if not poor:
        return f"{text}."
    return f"{text}, and in {count(poor, 'month')} of {len(shares)} less than half of it was."


def _doubt(account: PublicAccount) -> str:
    unsure = sum(site.provisional for site in account.sites)
    text = "A month without a clear look is marked as not seen, never as empty."
    if unsure:
        text += f" The last season may still change the account of {count(unsure, 'site')}."
    return f"{text} The account of the sites rests on images alone: nobody visited them for it."


def _counts(values: Iterable[str], order: Sequence[str], *, past: bool = False) -> str:
    counted = Counter(values)
    parts = [f"{counted[word]:,} {word}" for word in order if counted[word]]
    if past:
        parts[0] = parts[0].replace(" ", " was " if parts[0].startswith("1 ") else " were ", 1)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
