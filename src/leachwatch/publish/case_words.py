"""What became of a claim, how it was hedged, and who held the ground, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leachwatch.publish.case_model import PublicClaim, PublicHappening, PublicHolder, PublicHolding
from leachwatch.publish.language import either, listed, say, sentence

__all__ = [
    "BY_SOURCES",
    "CHECKS",
    "OUTCOMES",
    "RESULTS",
    "Outcome",
    "held_by",
    "held_words",
    "stood_words",
    "when_words",
]


@dataclass(frozen=True)
class Outcome:
    """What became of a claim, as the page says it.

    Attributes
    ----------
    style : str
        Name of its sign and colour.
    word : str
        In a word or two.
    meaning : str
        In a sentence.
    """

    style: str
    word: str
    meaning: str


OUTCOMES: Mapping[str | None, Outcome] = {
    "SUPPORTED": Outcome(
        "supported", say("supported"), say("The data at hand agree with it in every reading.")
    ),
    "REFUTED": Outcome("refuted", say("refuted"), say("The data at hand speak against it in every reading.")),
    "CONFLICTING": Outcome("conflicting", say("conflicting"), say("Right in one reading, wrong in another.")),
    "CONSISTENT_NOT_INDEPENDENT": Outcome(
        "dependent",
        say("consistent, not independent"),
        say("The data agree, and come from where the claim does."),
    ),
    "NOT_ENOUGH_EVIDENCE": Outcome(
        "open", say("not enough evidence"), say("The data at hand do not decide it, or do not cover it.")
    ),
    "NOT_COMPUTABLE": Outcome(
        "none", say("not computable"), say("Nothing at hand measures what it speaks of.")
    ),
    None: Outcome("untested", say("not tested"), say("No computation is due: the page says why.")),
}
"""By verdict, in the order in which they are shown; None is a claim without a test."""

BY_SOURCES: Mapping[str | None, Outcome] = {
    "SUPPORTED": Outcome(
        "told",
        say("said by independent sources"),
        say("Sources that do not rest on each other say so; no data were asked."),
    ),
    "REFUTED": Outcome(
        "denied",
        say("denied by independent sources"),
        say("Sources that do not rest on each other say otherwise."),
    ),
}
"""What a verdict comes to where sources were counted; else as in `OUTCOMES`."""

CHECKS: Mapping[str, str] = {
    "unverified": say("as printed: unverified"),
    "could_not_confirm": say("as printed: could not be confirmed"),
    "single_source": say("as printed: from a single source"),
    "corroborated": say("as printed: corroborated"),
    "tested": say("as printed: tested"),
    "retracted": say("as printed: retracted"),
}
"""What whoever printed a claim said of its truth, in words."""

RESULTS: Mapping[str, str] = {
    "supports": say("speaks for it"),
    "refutes": say("speaks against it"),
    "open": say("leaves it open"),
    "uncovered": say("not covered by the data"),
    "not_computable": say("cannot be computed"),
}

_HOLDS: Mapping[str, str] = {
    "sole": sentence("Held by {who}: {when}."),
    "shared": sentence("Shared by {who}: {when}."),
    "contested": sentence("Contested between {who}: {when}."),
    "ceasefire": sentence("Side by side under a ceasefire: {who}: {when}."),
    "claimed_only": sentence("Claimed, not held, by {who}: {when}."),
}


def held_by(held: PublicHolding) -> str:
    """Say who held a territory, how, and when."""
    if not held.controllers or held.control not in _HOLDS:
        return say("Not known who held it: {when}.", when=when_words(held))
    return say(_HOLDS[held.control], who=listed(held.controllers), when=when_words(held))


def held_words(holders: Sequence[PublicHolder], *, surely: bool = True) -> str:
    """Say who held ground in a month; not ``surely`` where the ground may lie beyond the border.

    Examples
    --------
    >>> kio = PublicHolder(label="KIO", certain=True, together=False, claimed=False)
    >>> held_words([kio]), held_words([kio], surely=False), held_words([])
    ('KIO', 'perhaps KIO', 'not known who')
    """
    certain = [one.label for one in holders if one.certain and surely and not one.claimed]
    perhaps = [one.label for one in holders if not (one.certain and surely) and not one.claimed]
    claimed = [one.label for one in holders if one.claimed]
    together = all(one.together for one in holders if not one.claimed)
    held = _held(certain, perhaps, together=together)
    return say("{held}; claimed by {others}", held=held, others=listed(claimed)) if claimed else held


def _held(certain: Sequence[str], perhaps: Sequence[str], *, together: bool) -> str:
    if certain and perhaps:
        return say("{who}, perhaps with {others}", who=listed(certain), others=either(perhaps))
    if certain:
        return listed(certain)
    if len(perhaps) > 1 and together:
        return say("shared or contested by {who}", who=listed(perhaps))
    if len(perhaps) > 1:
        return say("either {who}", who=either(perhaps))
    return say("perhaps {who}", who=perhaps[0]) if perhaps else say("not known who")


def stood_words(claim: PublicClaim) -> str:
    """Say since when a verdict has stood and what it was before; nothing where there is none."""
    if claim.since is None:
        return ""
    since = str(claim.since)
    if claim.before is None:
        return say("So since {since}, when it was first reckoned.", since=since)
    counted = BY_SOURCES.get(claim.before) if claim.by_sources else None
    before = (counted or OUTCOMES[claim.before]).word
    return say("So since {since}; before that: {before}.", since=since, before=before)


def when_words(held: PublicHolding | PublicHappening) -> str:
    """Say when something held, with what is not known about it."""
    when = held.when
    if when.first_precise is None and when.last_precise is None:
        days = [day for day in (when.first_imprecise, when.last_imprecise) if day is not None]
        if len(days) > 1:
            return say("at some time between {first} and {last}", first=str(days[0]), last=str(days[-1]))
        return say("at some time about {day}", day=str(days[0])) if days else say("at some time")
    first = _edge(when.first_imprecise, when.first_precise)
    last = _edge(when.last_precise, when.last_imprecise)
    if first == last:
        return first or last
    return say("{began}, {ended}", began=_began(first, held), ended=_ended(last, held))


def _began(first: str, held: PublicHolding | PublicHappening) -> str:
    if not first:
        return say("since when is not known")
    return say("from {day}", day=first) if held.when.starting else say("first seen {day}", day=first)


def _ended(last: str, held: PublicHolding | PublicHappening) -> str:
    if not last:
        return say("to when is not known")
    return say("to {day}", day=last) if held.when.ending else say("last seen {day}", day=last)


def _edge(early: date | None, late: date | None) -> str:
    if early is None or late is None:
        known = early or late
        return "" if known is None else str(known)
    return str(late) if early == late else say("between {first} and {last}", first=str(early), last=str(late))
