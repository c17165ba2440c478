from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from leachwatch.case import Review
from leachwatch.imagery import to_lonlat
from leachwatch.scanning.overlap import Place
from leachwatch.scanning.reviewed import lay

EPSG = 32647


def strip(start: float, end: float) -> Any:
    """A strip of ground 100 m wide, from so many metres east to so many."""
    return to_lonlat(box(605_000 + start, 2_875_000, 605_000 + end, 2_875_100), EPSG)


def place(start: float, end: float) -> Place:
    return Place(strip(start, end), EPSG)


def review(start: float, end: float, reason: Any = None) -> Review:
    decision: Any = "rejected" if reason else "accepted"
    return Review(f"{start}-{end}", decision, reason, date(2024, 5, 1), strip(start, end))


def reasons(places: list[Place], reviews: list[Review]) -> list[str]:
    """What holds for each site, in one word."""
    by_site = lay(places, reviews).by_site
    return ["none" if one is None else one.reason or one.decision for one in by_site]


def test_a_review_stays_with_its_place_whatever_the_outline_has_become() -> None:
    assert reasons([place(0, 300), place(500, 600)], [review(100, 150, "quarry")]) == ["quarry", "none"]


def test_a_later_review_of_the_same_place_holds() -> None:
    assert reasons([place(0, 100)], [review(0, 100, "quarry"), review(0, 100)]) == ["accepted"]
    assert reasons([place(0, 100)], [review(0, 100), review(0, 90, "cloud")]) == ["cloud"]


def test_a_site_that_was_two_takes_what_holds_on_most_of_it() -> None:
    both = [review(0, 100, "village"), review(200, 250)]
    assert reasons([place(0, 250)], both) == reasons([place(0, 250)], both[::-1]) == ["village"]


def test_both_parts_of_a_site_keep_its_review_and_one_can_be_changed() -> None:
    parts = [place(0, 100), place(200, 250)]
    assert reasons(parts, [review(0, 250, "quarry")]) == ["quarry", "quarry"]
    assert reasons(parts, [review(0, 250, "quarry"), review(0, 100)]) == ["accepted", "quarry"]


def test_a_review_that_lies_on_no_site_goes_to_the_nearest_within_50_m() -> None:
    assert reasons([place(149, 200)], [review(0, 100, "cloud")]) == ["cloud"]
    assert reasons([place(152, 200)], [review(0, 100, "cloud")]) == ["none"]
    assert reasons([place(-60, -40), place(130, 200)], [review(0, 100, "cloud")]) == ["none", "cloud"]


def test_a_review_that_lies_on_a_site_says_nothing_of_its_neighbour() -> None:
    assert reasons([place(0, 100), place(120, 200)], [review(0, 100, "cloud")]) == ["cloud", "none"]


def test_what_a_later_review_left_of_an_earlier_one_says_nothing_of_a_neighbour() -> None:
    reviews = [review(0, 110, "cloud"), review(0, 100)]
    assert reasons([place(0, 100), place(130, 200)], reviews) == ["accepted", "none"]


def test_reviews_of_places_without_a_site_are_counted_once_a_place() -> None:
    reviews = [review(0, 100, "cloud"), review(10, 100), review(1000, 1100)]
    assert lay([], reviews).not_found == 2
    assert lay([place(0, 100)], reviews).not_found == 1
    assert lay([place(0, 100), place(1120, 1200)], reviews).not_found == 0


spans = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda span: (span[0] * 50, sum(span) * 50))


@given(st.lists(spans, max_size=4), spans)
def test_what_was_decided_last_on_the_whole_of_a_site_holds(
    before: list[tuple[int, int]], last: tuple[int, int]
) -> None:
    reviews = [*(review(*span, "quarry") for span in before), review(*last)]
    assert reasons([place(*last)], reviews) == ["accepted"]


@given(st.lists(st.tuples(spans, st.booleans()), max_size=4), st.lists(spans, max_size=3, unique=True))
def test_the_order_of_sites_does_not_matter(
    said: list[tuple[tuple[int, int], bool]], sites: list[tuple[int, int]]
) -> None:
    reviews = [review(*span, "quarry" if no else None) for span, no in said]
    places = [place(*span) for span in sites]
    assert reasons(places, reviews) == reasons(places[::-1], reviews)[::-1]
