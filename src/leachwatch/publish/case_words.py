"""What became of a claim, how it was hedged, and who held the ground, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leachwatch.publish.case_model import PublicClaim, PublicHappening, PublicHolder, PublicHolding

__all__ = [
    "BY_SOURCES", "CHECKS", "HOLDS", "OUTCOMES", "RESULTS", "Outcome", "held_words", "stood_words",
    "when_words",
]  # fmt: skip


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
        "supported",
        "supported",
        "The data at hand agree with it in every reading.",
    ),
    "REFUTED": Outcome("refuted", "refuted", "The data at hand speak against it in every reading."),
    "CONFLICTING": Outcome("conflicting", "conflicting", "Right in one reading, wrong in another."),
    "CONSISTENT_NOT_INDEPENDENT": Outcome(
        "dependent", "consistent, not independent", "The data agree, and come from where the claim does."
    ),
    "NOT_ENOUGH_EVIDENCE": Outcome(
        "open", "not enough evidence", "The data at hand do not decide it, or do not cover it."
    ),
    "NOT_COMPUTABLE": Outcome("none", "not computable", "Nothing at hand measures what it speaks of."),
    None: Outcome("untested", "not tested", "No computation is due: the page says why."),
}
"""By verdict, in the order in which they are shown; None is a claim without a test."""

BY_SOURCES: Mapping[str | None, Outcome] = {
    "SUPPORTED": Outcome(
        "told",
        "said by independent sources",
        "Sources that do not rest on each other say so; no data were asked.",
    ),
    "REFUTED": Outcome(
        "denied", "denied by independent sources", "Sources that do not rest on each other say otherwise."
    ),
}
"""What a verdict comes to where sources were counted; else as in `OUTCOMES`."""

CHECKS: Mapping[str, str] = {
    "unverified": "unverified",
    "could_not_confirm": "could not be confirmed",
    "single_source": "from a single source",
    "corroborated": "corroborated",
    "tested": "tested",
    "retracted": "retracted",
}
"""What whoever printed a claim said of its truth, in words."""

RESULTS: Mapping[str, str] = {
    "supports": "speaks for it",
    "refutes": "speaks against it",
    "open": "leaves it open",
    "uncovered": "not covered by the data",
    "not_computable": "cannot be computed",
}

HOLDS: Mapping[str, str] = {
    "sole": "held by",
    "shared": "shared by",
    "contested": "contested between",
    "ceasefire": "side by side under a ceasefire:",
    "claimed_only": "claimed, not held, by",
    "unknown": "not known who held it",
}


HELD: Mapping[str, str] = {
    "unknown": "not known who",
    "certain": "{who}",
    "perhaps": "perhaps {who}",
    "either": "either {who}",
    "joined": "{who}, perhaps with {others}",
    "together": "shared or contested by {who}",
    "claimed": "{held}; claimed by {others}",
}
"""Who held a territory in a month."""

AND, OR = " and ", " or "


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
    together = len(perhaps) > 1 and all(one.together for one in holders if not one.claimed)
    if certain and perhaps:
        held = HELD["joined"].format(who=AND.join(certain), others=OR.join(perhaps))
    elif certain:
        held = HELD["certain"].format(who=AND.join(certain))
    elif together:
        held = HELD["together"].format(who=AND.join(perhaps))
    elif perhaps:
        held = HELD["either" if len(perhaps) > 1 else "perhaps"].format(who=OR.join(perhaps))
    else:
        held = HELD["unknown"]
    return HELD["claimed"].format(held=held, others=AND.join(claimed)) if claimed else held


STOOD: Mapping[bool, str] = {
    False: "So since {since}, when it was first reckoned.",
    True: "So since {since}; before that: {before}.",
}
"""How long a verdict has stood, by whether it was another before."""


def stood_words(claim: PublicClaim) -> str:
    """Say since when a verdict has stood and what it was before; nothing where there is none."""
    if claim.since is None:
        return ""
    counted = BY_SOURCES.get(claim.before) if claim.by_sources else None
    before = (counted or OUTCOMES[claim.before]).word
    return STOOD[claim.before is not None].format(since=claim.since, before=before)


def when_words(held: PublicHolding | PublicHappening) -> str:
    """Say when something held, with what is not known about it."""
    when = held.when
    if when.first_precise is None and when.last_precise is None:
        days = [day for day in (when.first_imprecise, when.last_imprecise) if day is not None]
        return "at some time" + (
            f" between {days[0]} and {days[-1]}" if len(days) > 1 else f" about {days[0]}"
        )
    first = _edge(when.first_imprecise, when.first_precise)
    last = _edge(when.last_precise, when.last_imprecise)
    if first == last:
        return first or last
    began = ("from " if when.starting else "first seen ") + first if first else "since when is not known"
    ended = ("to " if when.ending else "last seen ") + last if last else "to when is not known"
    return f"{began}, {ended}"


def _edge(early: date | None, late: date | None) -> str:
    if early is None or late is None:
        known = early or late
        return "" if known is None else str(known)
    return str(late) if early == late else f"between {early} and {late}"
