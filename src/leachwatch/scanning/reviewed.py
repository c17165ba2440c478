"""Reviews laid on the sites of a scan, by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leachwatch.case import Review, in_force
from leachwatch.scanning.overlap import Overlap, Place, overlaps

__all__ = ["Reviewed", "lay"]

NEAR_M = 50.0
"""A review that lies on no site goes to one this near, m: half the tolerance of hand-drawn outlines."""


@dataclass(frozen=True)
class Reviewed:
    """What reviews say of the sites of a scan.

    Attributes
    ----------
    by_site : tuple of Review or None
        One a site; None where nobody reviewed it.
    not_found : int
        Reviewed places on which this scan found no site.
    """

    by_site: tuple[Review | None, ...]
    not_found: int


def lay(places: Sequence[Place], reviews: Sequence[Review]) -> Reviewed:
    """Find the review that holds for each site.

    Where outlines of reviews overlap, the later review holds. A site takes the review that holds on most of
    its ground. A review that lies on no site, and none later on it, goes to the nearest site within `NEAR_M`,
    if that has none; of several such, the last holds.

    Parameters
    ----------
    places : sequence of Place
        Where the sites are.
    reviews : sequence of Review
        In the order in which they were made.

    Returns
    -------
    Reviewed
    """
    standing = in_force(reviews)
    pairs = overlaps(places, [review.geometry for review in standing])
    lying = [pair for pair in pairs if pair.shared_m2]
    chosen = _on_most_ground(lying)
    free = set(range(len(places))) - set(chosen)
    uncut = {id(review) for review in reviews}
    loose = {other for other, review in enumerate(standing) if id(review) in uncut}
    loose -= {pair.other for pair in lying}
    near = _nearest([pair for pair in pairs if pair.other in loose and pair.apart_m <= NEAR_M], places)
    chosen |= {place: other for other, place in near.items() if place in free}
    return Reviewed(
        tuple(standing[chosen[place]] if place in chosen else None for place in range(len(places))),
        not_found=len(loose) - len(near),
    )


def _on_most_ground(pairs: Sequence[Overlap]) -> dict[int, int]:
    """By site: the review that holds on most of it; the later one where two hold on as much."""
    ranked = sorted(pairs, key=lambda pair: (pair.shared_m2, pair.other))
    return {pair.place: pair.other for pair in ranked}


def _nearest(pairs: Sequence[Overlap], places: Sequence[Place]) -> dict[int, int]:
    """By review, in their order: the nearest site; of two as near, always the same."""
    ranked = sorted(pairs, key=lambda pair: (pair.other, -pair.apart_m, places[pair.place].outline.wkb))
    return {pair.other: pair.place for pair in ranked}
