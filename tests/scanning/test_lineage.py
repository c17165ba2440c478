"""Sites are drawn as cells of 100 m, each of which belongs to one site or to none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from leachwatch.imagery import to_lonlat
from leachwatch.scanning.lineage import Earlier, Found, Named, carry
from leachwatch.scanning.overlap import Place

COLUMNS, ROWS, EPSG = 6, 3, 32647
WEST, NORTH, CELL_M = 605_000, 2_875_000, 100

Cells = frozenset[int]


@cache
def ground(cells: Cells) -> Any:
    squares = []
    for cell in sorted(cells):
        west, north = WEST + cell % COLUMNS * CELL_M, NORTH - cell // COLUMNS * CELL_M
        squares.append(box(west, north - CELL_M, west + CELL_M, north))
    return to_lonlat(shapely.union_all(squares), EPSG)


def own_id(cells: Cells, *, crowded: bool = False) -> str:
    return f"47N-06050-28750-2022{1 + (0 if crowded else min(cells)):02d}"


def found(*sites: Cells, crowded: bool = False) -> list[Found]:
    return [Found(own_id(cells, crowded=crowded), Place(ground(cells), EPSG)) for cells in sites]


def earlier(sites: Mapping[str, Cells], **lineage: tuple[str, ...]) -> list[Earlier]:
    return [Earlier(name, ground(cells), lineage.get(name, ())) for name, cells in sites.items()]


def cells(*places: int) -> Cells:
    return frozenset(places)


@st.composite
def landscapes(draw: st.DrawFn) -> list[Cells]:
    """Sites of one scan; no two share a cell."""
    owners = draw(st.lists(st.integers(0, 4), min_size=COLUMNS * ROWS, max_size=COLUMNS * ROWS))
    return [
        cells(*(cell for cell, owner in enumerate(owners) if owner == site))
        for site in range(1, 5)
        if site in owners
    ]


@st.composite
def pasts(draw: st.DrawFn) -> dict[str, Cells]:
    """Sites of an earlier scan; some names are those that a new site in such a place would get."""
    sites = draw(landscapes())
    names = draw(st.permutations([own_id(cells(cell)) for cell in range(4)]))
    return dict(zip(names, sites, strict=False))


histories = st.tuples(landscapes(), pasts(), st.booleans())


def left(named: list[Named], sites: list[Cells]) -> list[Earlier]:
    """What the next scan finds."""
    return [Earlier(one.site_id, ground(site), one.lineage) for one, site in zip(named, sites, strict=True)]


@given(histories)
def test_no_two_sites_have_one_id(history: tuple[list[Cells], dict[str, Cells], bool]) -> None:
    sites, past, crowded = history
    ids = [one.site_id for one in carry(found(*sites, crowded=crowded), earlier(past))]
    assert len(set(ids)) == len(ids) == len(sites)


@given(histories)
def test_an_earlier_id_is_borne_only_on_ground_of_its_bearer(
    history: tuple[list[Cells], dict[str, Cells], bool],
) -> None:
    sites, past, crowded = history
    for one, site in zip(carry(found(*sites, crowded=crowded), earlier(past)), sites, strict=True):
        if one.site_id in past:
            assert site & past[one.site_id]


@given(histories)
def test_a_site_with_the_same_outline_keeps_its_id(
    history: tuple[list[Cells], dict[str, Cells], bool],
) -> None:
    sites, past, crowded = history
    names = {site: name for name, site in past.items()}
    for one, site in zip(carry(found(*sites, crowded=crowded), earlier(past)), sites, strict=True):
        if site in names:
            assert one.site_id == names[site]


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_sites_does_not_matter(
    history: tuple[list[Cells], dict[str, Cells], bool], dice: Any
) -> None:
    sites, past, crowded = history
    expected = dict(zip(sites, carry(found(*sites, crowded=crowded), earlier(past)), strict=True))
    mixed, mixed_past = dice.sample(sites, len(sites)), dice.sample(list(past.items()), len(past))
    named = carry(found(*mixed, crowded=crowded), earlier(dict(mixed_past)))
    assert dict(zip(mixed, named, strict=True)) == expected


@given(histories)
def test_what_is_known_of_ground_that_is_found_again_lives_on(
    history: tuple[list[Cells], dict[str, Cells], bool],
) -> None:
    sites, past, crowded = history
    named = carry(found(*sites, crowded=crowded), earlier(past))
    known = {one.site_id for one in named}.union(*(one.lineage for one in named))
    seen = frozenset[int]().union(*sites)
    assert {name for name, site in past.items() if site & seen} == known & set(past)


@given(histories)
def test_a_lineage_names_others_once_and_in_order(
    history: tuple[list[Cells], dict[str, Cells], bool],
) -> None:
    sites, past, crowded = history
    for one in carry(found(*sites, crowded=crowded), earlier(past)):
        assert list(one.lineage) == sorted(set(one.lineage) - {one.site_id})
        assert set(one.lineage) <= set(past)


@given(histories)
def test_running_again_changes_nothing(history: tuple[list[Cells], dict[str, Cells], bool]) -> None:
    sites, past, crowded = history
    once = carry(found(*sites, crowded=crowded), earlier(past))
    assert carry(found(*sites, crowded=crowded), left(once, sites)) == once


@given(landscapes())
def test_without_a_past_a_site_is_called_by_its_place(sites: list[Cells]) -> None:
    assert carry(found(*sites), []) == [Named(own_id(site), ()) for site in sites]


def test_of_two_in_one_cell_and_month_the_northern_has_the_plain_id() -> None:
    south, north = carry(found(cells(12), cells(0), crowded=True), [])
    assert (north.site_id, south.site_id) == (own_id(cells(0)), f"{own_id(cells(0))}-2")


def test_sites_that_became_one_bear_the_id_of_the_largest() -> None:
    past = earlier({"small": cells(0), "large": cells(2, 3)}, small=("smaller",))
    (one,) = carry(found(cells(0, 1, 2, 3)), past)
    assert one == Named("large", ("small", "smaller"))


def test_of_a_site_that_fell_apart_the_largest_part_bears_the_id() -> None:
    small, large = carry(found(cells(0), cells(2, 3)), earlier({"one": cells(0, 1, 2, 3)}, one=("before",)))
    assert large == Named("one", ("before",))
    assert small == Named(own_id(cells(0)), ("before", "one"))


def test_sites_that_were_one_for_a_while_are_called_as_before() -> None:
    apart = [cells(0), cells(2, 3)]
    first = carry(found(*apart), [])
    together = carry(found(cells(0, 1, 2, 3)), left(first, apart))
    again = carry(found(*apart), left(together, [cells(0, 1, 2, 3)]))
    assert [one.site_id for one in again] == [one.site_id for one in first]
    assert again[0].lineage == (first[1].site_id,)


def test_an_id_that_fell_out_is_not_given_to_another_place() -> None:
    gone = own_id(cells(0))
    (one,) = carry(found(cells(0)), earlier({gone: cells(5)}))
    assert one == Named(f"{gone}-2", ())


def test_a_neighbour_that_only_touches_is_nobody_known() -> None:
    (one,) = carry(found(cells(1)), earlier({"beside": cells(0)}))
    assert one == Named(own_id(cells(1)), ())


@pytest.mark.parametrize("epsg", [32647, 32648])
def test_ids_go_over_the_seam_of_two_zones(epsg: int) -> None:
    outline = to_lonlat(box(199_000, 2_875_000, 199_200, 2_875_200), 32648)
    assert carry([Found("new", Place(outline, epsg))], [Earlier("old", outline)]) == [Named("old", ())]
