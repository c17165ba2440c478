"""The sections on a case: what was said and what holds, who held the ground, what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from leachwatch.publish.bands import Band, band
from leachwatch.publish.case_model import (
    PublicCase,
    PublicClaim,
    PublicHappening,
    PublicHolding,
    PublicReading,
)
from leachwatch.publish.case_words import BY_SOURCES, OUTCOMES, Outcome
from leachwatch.publish.ground import GroundSection, ground_section
from leachwatch.publish.model import PublicAccount
from leachwatch.publish.timeline import Timeline, timeline

__all__ = ["Card", "CaseSection", "case_section"]


@dataclass(frozen=True)
class Card:
    """A claim as it stands on the page.

    Attributes
    ----------
    claim : PublicClaim
    outcome : Outcome
    readings : tuple of (PublicReading, Band or None)
    """

    claim: PublicClaim
    outcome: Outcome
    readings: tuple[tuple[PublicReading, Band | None], ...]


@dataclass(frozen=True)
class CaseSection:
    """What the template writes.

    Attributes
    ----------
    cards : tuple of Card
        Decided claims first, then open ones, then those without a test.
    counts : tuple of (Outcome, int)
        Of those that occur.
    timeline : Timeline or None
    holdings, happenings : tuple
        By territory, and by time.
    ground : GroundSection or None
        Who held what, on a map.
    """

    cards: tuple[Card, ...]
    counts: tuple[tuple[Outcome, int], ...]
    timeline: Timeline | None
    holdings: tuple[PublicHolding, ...]
    happenings: tuple[PublicHappening, ...]
    ground: GroundSection | None


def case_section(case: PublicCase, account: PublicAccount) -> CaseSection | None:
    """Draw and sort what there is to say of a case; None where there is nothing."""
    ground = ground_section(case, account)
    if not (case.claims or case.holdings or case.happenings or ground):
        return None
    order = list(OUTCOMES)
    ranked = sorted(case.claims, key=lambda claim: (order.index(claim.verdict), claim.by_sources))
    return CaseSection(
        cards=tuple(_card(claim) for claim in ranked),
        counts=_counts(case.claims),
        timeline=timeline(case.holdings, case.happenings),
        holdings=case.holdings,
        happenings=case.happenings,
        ground=ground,
    )


def _card(claim: PublicClaim) -> Card:
    drawn = tuple((reading, band(reading)) for reading in claim.readings)
    return Card(claim, _outcome(claim), drawn)


def _outcome(claim: PublicClaim) -> Outcome:
    """Tell a count of sources from what data said."""
    counted = BY_SOURCES.get(claim.verdict) if claim.by_sources else None
    return counted or OUTCOMES[claim.verdict]


def _counts(claims: Sequence[PublicClaim]) -> tuple[tuple[Outcome, int], ...]:
    came = Counter(map(_outcome, claims))
    both = ((said, BY_SOURCES.get(verdict)) for verdict, said in OUTCOMES.items())
    return tuple((said, came[said]) for pair in both for said in pair if said is not None and came[said])
