"""Numbers, dates and counts in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from math import floor, log10

from leachwatch.publish import series
from leachwatch.publish.language import Text, joined, listed, many, say, sentence
from leachwatch.publish.model import (
    SITE_STATES,
    TIERS,
    Estimate,
    Interval,
    MonthState,
    PublicAccount,
    SiteState,
    Tier,
)

__all__ = [
    "COLUMNS",
    "LOOKALIKES",
    "MEANINGS",
    "STATES",
    "STATE_HEADS",
    "SURE",
    "UNITS",
    "ago",
    "area",
    "area_range",
    "count",
    "day",
    "figure",
    "interval",
    "month",
    "number",
    "percent",
    "sites",
    "summary",
]

_DIGITS = 2  # significant digits of an estimate: more would claim what 10 m pixels cannot show
_POORLY_SEEN = 0.5  # share of the ground below which a month is called poorly seen
_HECTARE = 10_000  # m²
_SMALL_NUMBERS = (
    say("no"),
    say("one"),
    say("two"),
    say("three"),
    say("four"),
    say("five"),
    say("six"),
    say("seven"),
    say("eight"),
    say("nine"),
)
_MONTHS = (
    sentence("January {year}"),
    sentence("February {year}"),
    sentence("March {year}"),
    sentence("April {year}"),
    sentence("May {year}"),
    sentence("June {year}"),
    sentence("July {year}"),
    sentence("August {year}"),
    sentence("September {year}"),
    sentence("October {year}"),
    sentence("November {year}"),
    sentence("December {year}"),
)

COLUMNS = (
    say("Site"),
    say("How sure"),
    say("Last state"),
    say("Since"),
    say("Ground cleared"),
    say("First pools"),
    say("Pool area"),
    say("Pools"),
    say("Nearest look-alike"),
    say("Month by month"),
)
"""Of the table of sites."""

UNITS: Mapping[str, str] = {
    "days": say("days"),
    "t/site-year": say("t a site and year"),
    "m2": "m²",
}
"""Units that are not written as they stand in the tables."""

LOOKALIKES: Mapping[str, str] = {
    "burnt": say("burnt ground"),
    "clearing": say("clearing"),
    "fishpond": say("fish pond"),
    "greenhouse": say("greenhouse"),
    "landslide": say("landslide"),
    "nothing known": say("nothing known"),
    "paddy": say("paddy field"),
    "quarry": say("quarry"),
    "reservoir": say("reservoir"),
    "river_bar": say("river bar"),
    "road": say("road"),
    "village": say("village"),
}
"""What a site may be taken for, as the model of kinds names it."""

STATES: Mapping[MonthState, Text] = {
    "active": say("active"),
    "idle": say("idle"),
    "cleared": say("cleared"),
    "abandoned": say("abandoned"),
    "absent": say("absent"),
    "unseen": say("not seen"),
}
"""What a site is in a month, in a word."""

STATE_HEADS: Mapping[MonthState, Text] = {
    "active": say("Active."),
    "idle": say("Idle."),
    "cleared": say("Cleared."),
    "abandoned": say("Abandoned."),
    "absent": say("Absent."),
    "unseen": say("Not seen."),
}
"""The same before its meaning."""

MEANINGS: Mapping[MonthState, Text] = {
    "active": say("Pools show liquid or fresh work."),
    "idle": say("Pools are still there, but nothing shows that they are in use."),
    "cleared": say("Forest was cut and ground laid bare; no pools yet."),
    "abandoned": say("No sign of use for long, and the ground grows over."),
    "absent": say("The ground was seen and there was no mine on it."),
    "unseen": say("No clear look in that month; the state is not known."),
}
"""What each state means."""

SURE: Mapping[Tier, Text] = {
    "confirmed": say("confirmed"),
    "probable": say("probable"),
    "possible": say("possible"),
}
"""How clear the images are."""


def day(when: date) -> str:
    """Write a day as it is written everywhere on the page."""
    return when.isoformat()


def month(when: date) -> str:
    """Write a month in words."""
    return say(_MONTHS[when.month - 1], year=str(when.year))


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
            return say("not known")
        case None, date() as latest:
            return say("before {day}", day=day(latest))
        case date() as earliest, None:
            return say("after {day}", day=day(earliest))
        case date() as earliest, date() as latest if earliest != latest:
            return say("between {first} and {last}", first=day(earliest), last=day(latest))
        case _, latest:
            return say("on {day}", day=str(latest))


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
    if m2 < 10 * _HECTARE:
        return say("{number} m²", number=number(m2))
    return say("{number} ha", number=number(m2 / _HECTARE))


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
        least, most = number(value.low), number(value.high)
        span = f"{least}–{most}"
        return say("{number} m²", number=span)
    low = value.low / _HECTARE
    least = number(low) if low >= 1 else f"{low:.1f}"
    return say("{number} ha", number="–".join((least, number(value.high / _HECTARE))))


def percent(share: float) -> str:
    """Write a share of 0 to 1 as per cent; never 0 or 100 where it is not."""
    if 0 < share < 0.01:  # noqa: PLR2004 - one per cent
        return say("under 1 %")
    if 0.99 < share < 1:  # noqa: PLR2004 - the last per cent
        return say("over 99 %")
    return f"{share * 100:.0f} %"


def figure(some: int) -> str:
    """Write how many, small numbers in letters."""
    return _SMALL_NUMBERS[some] if some < len(_SMALL_NUMBERS) else f"{some:,}"


def count(some: int, thing: str) -> str:
    """So many things, in English: for pictures that stand alone."""
    return f"{figure(some)} {thing}{'' if some == 1 else 's'}"


def sites(some: int) -> str:
    """So many sites."""
    return many("{many} site", "{many} sites", some, many=figure(some))


def ago(account: PublicAccount) -> str:
    """Name the period of an account."""
    if not account.months:
        return say("no month")
    first, last = account.months[0], account.months[-1]
    if first == last:
        return month(first)
    return say("{first} to {last}", first=month(first), last=month(last))


def summary(account: PublicAccount) -> tuple[str, ...]:
    """Say what the page shows, in sentences a reader can quote.

    Returns
    -------
    tuple of str
        One paragraph each.
    """
    return (_finding(account), _sight(account), _doubt(account))


def _finding(account: PublicAccount) -> str:
    if not account.months:
        return say("No month was searched, so there is nothing to show yet.")
    scenes = say("the simulated scenes") if account.simulated else say("the satellite images")
    period = ago(account)
    if not account.sites and account.rejected:
        return many(
            "In {scenes} of {period} no site is left: a reviewer rejected {many} candidate.",
            "In {scenes} of {period} no site is left: a reviewer rejected {many} candidates.",
            account.rejected,
            scenes=scenes,
            period=period,
            many=figure(account.rejected),
        )
    if not account.sites:
        return say(
            "In {scenes} of {period} no site was found. That is not proof that there is none.",
            scenes=scenes,
            period=period,
        )
    said = [
        many(
            "In {scenes} of {period}, {many} site looks like a rare-earth leach mine: {tiers}.",
            "In {scenes} of {period}, {many} sites look like rare-earth leach mines: {tiers}.",
            len(account.sites),
            scenes=scenes,
            period=period,
            many=figure(len(account.sites)),
            tiers=_tiers(account),
        ),
        say("When last seen, {states}.", states=_last_states(account)),
    ]
    if account.rejected:
        said.append(
            many(
                "A reviewer rejected {many} more candidate; they are left out.",
                "A reviewer rejected {many} more candidates; they are left out.",
                account.rejected,
                many=figure(account.rejected),
            )
        )
    return joined(said)


def _sight(account: PublicAccount) -> str:
    shares = series.seen_shares(account)
    if not shares:
        return say("Nothing is recorded about how much of the ground could be seen.")
    poor = sum(share < _POORLY_SEEN for share in shares)
    mean = percent(sum(shares) / len(shares))
    if not poor:
        return say(
            "Clouds decide what can be known: in the average month {share} of the watched ground was seen on "
            "at least one clear day.",
            share=mean,
        )
    return many(
        "Clouds decide what can be known: in the average month {share} of the watched ground was seen on at "
        "least one clear day, and in {many} month of {all} less than half of it was.",
        "Clouds decide what can be known: in the average month {share} of the watched ground was seen on at "
        "least one clear day, and in {many} months of {all} less than half of it was.",
        poor,
        share=mean,
        many=figure(poor),
        all=len(shares),
    )


def _doubt(account: PublicAccount) -> str:
    unsure = sum(site.provisional for site in account.sites)
    said = [say("A month without a clear look is marked as not seen, never as empty.")]
    if unsure:
        said.append(
            many(
                "The last season may still change the account of {many} site.",
                "The last season may still change the account of {many} sites.",
                unsure,
                many=figure(unsure),
            )
        )
    return joined([*said, say("The account of the sites rests on images alone: nobody visited them for it.")])


def _tiers(account: PublicAccount) -> str:
    counted = Counter(site.tier for site in account.sites)
    return listed([_so_many(counted[tier], SURE[tier]) for tier in TIERS if counted[tier]])


def _last_states(account: PublicAccount) -> str:
    """Count sites by their last state; the first of the list has the verb."""
    counted = Counter(site.state for site in account.sites)
    first, *rest = [state for state in SITE_STATES if counted[state]]
    return listed([_was(counted[first], first), *(_so_many(counted[one], STATES[one]) for one in rest)])


def _so_many(some: int, what: str) -> str:
    return say("{many} {what}", many=some, what=what)


def _was(some: int, state: SiteState) -> str:
    return many("{many} was {state}", "{many} were {state}", some, state=STATES[state])
