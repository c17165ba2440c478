"""Verdicts as ClaimReview of schema.org, so that other programs can read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leachwatch.case.records import Claim
from leachwatch.case.records.claim_tests import CorroborateTest
from leachwatch.claims.history import Standing
from leachwatch.claims.verdicts import Outcome
from leachwatch.release import Release

__all__ = ["CLAIM_REVIEWS", "claim_reviews"]

CLAIM_REVIEWS = "claimreview.jsonld"
"""Name of the file in ``out/``."""

_CONTEXT = "https://schema.org"
_RATINGS = {"SUPPORTED": 3, "CONFLICTING": 2, "REFUTED": 1}
"""Verdicts that are a place between wrong and right. The others are none: open is not half true, and a number
in the middle would be read so."""

_NAMES = {
    "SUPPORTED": "Supported by the data",
    "REFUTED": "Refuted by the data",
    "CONFLICTING": "Right in one reading, wrong in another",
    "NOT_ENOUGH_EVIDENCE": "Not enough evidence: neither supported nor refuted",
    "NOT_COMPUTABLE": "Cannot be computed from the data at hand",
    "CONSISTENT_NOT_INDEPENDENT": "Consistent with the data, which are not independent of the claim",
}
_NAMES_BY_SOURCES = {
    "SUPPORTED": "Said by several independent sources",
    "REFUTED": "Several independent sources say otherwise",
    "CONFLICTING": "Independent sources say so, and others say otherwise",
}
"""What the data say nothing of, since sources were counted and no data."""
_KINDS = {"person": "Person"}


def claim_reviews(
    outcomes: Sequence[Outcome], release: Release, history: Mapping[str, Standing]
) -> dict[str, Any]:
    """Write verdicts as JSON-LD.

    Parameters
    ----------
    outcomes : sequence of Outcome
        All of a case; only those whose claim may be published as it is are written.
    release : Release
        What of the case may be published.
    history : mapping of str to Standing
        By claim.

    Returns
    -------
    dict
        A graph of ClaimReview, for `json.dumps`.
    """
    shown = [one for one in outcomes if release.exactly(one.claim.id)]
    return {"@context": _CONTEXT, "@graph": [_review(one, release, history[one.claim.id]) for one in shown]}


def _review(outcome: Outcome, release: Release, stood: Standing) -> dict[str, Any]:
    claim = outcome.claim
    body = " ".join(filter(None, [claim.hedge, outcome.why, outcome.would_change]))
    return {
        "@type": "ClaimReview",
        "claimReviewed": claim.text,
        "datePublished": stood.since.isoformat(),
        "author": {"@type": "Organization", "name": "leachwatch: a computation, run again when data change"},
        "itemReviewed": _claim(claim, release),
        "reviewRating": _rating(outcome),
        "reviewBody": body,
    }


def _rating(outcome: Outcome) -> dict[str, Any]:
    """Rating with a number only where the verdict has a place between wrong and right."""
    by_sources = isinstance(outcome.claim.test, CorroborateTest)
    names = {**_NAMES, **_NAMES_BY_SOURCES} if by_sources else _NAMES
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": names[outcome.verdict]}
    if outcome.verdict in _RATINGS:
        rating |= {
            "ratingValue": _RATINGS[outcome.verdict],
            "bestRating": max(_RATINGS.values()),
            "worstRating": min(_RATINGS.values()),
        }
    return rating


def _claim(claim: Claim, release: Release) -> dict[str, Any]:
    author = release.source(claim.author)
    dates = {"datePublished": claim.published}
    appearance = [{"@type": "CreativeWork", "url": url} for url in claim.appearance if url]
    said_by = {
        "@type": _KINDS.get(author.kind, "Organization"),
        "name": author.publisher or author.public_descriptor,
    }
    written: dict[str, Any] = {"@type": "Claim", "text": claim.text, "author": said_by}
    written |= {name: day.isoformat() for name, day in dates.items() if day is not None}
    if appearance:
        written["appearance"] = appearance
    if claim.first_appearance is not None:
        first = {"@type": "CreativeWork", "datePublished": claim.first_appearance.isoformat()}
        written["firstAppearance"] = first
    return written
