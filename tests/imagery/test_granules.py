from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from leachwatch.imagery.granules import granule_of, granules_over


def names(area: BaseGeometry) -> list[str]:
    return [granule.name for granule in granules_over(area)]


def test_an_area_in_one_square_is_searched_by_that_square_alone() -> None:
    assert names(box(98.33, 25.55, 98.43, 25.65)) == ["47RMJ"]


def test_granules_overlap_so_the_strip_between_two_is_searched_in_both() -> None:
    assert names(box(100.049, 25.956, 100.087, 25.99)) == ["47RNJ", "47RPJ"]


def test_on_the_border_of_zones_both_zones_are_searched() -> None:
    found = names(box(95.98, 26.0, 96.02, 26.1))
    assert {name[:2] for name in found} == {"46", "47"}
    assert "47RKJ" in found


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ((103.85, 1.29), "48NUG"),  # Singapore
        ((-70.25, -33.4), "19HCD"),  # by Santiago
        ((18.07, 59.33), "34VCL"),  # Stockholm
        ((179.5, -16.5), "60KYG"),  # Fiji, by the line
        ((97.4, 25.38), "47RLJ"),  # Myitkyina
    ],
)
def test_a_place_lies_in_the_square_that_maps_give_it(place: tuple[float, float], name: str) -> None:
    assert name in names(Point(place).buffer(0.001))


@given(st.floats(-179.9, 179.9), st.floats(-78, 82))
def test_every_place_is_in_some_granule_and_its_box_holds_it(lon: float, lat: float) -> None:
    area = Point(lon, lat).buffer(0.01)
    granules = granules_over(area)
    assert granules
    for granule in granules:
        assert granule_of({"grid:code": f"MGRS-{granule.name}"}) == granule.name.lstrip("0")


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"grid:code": "MGRS-47RNJ"}, "47RNJ"),
        ({"s2:mgrs_tile": "4QFJ"}, "4QFJ"),
        ({"mgrs:utm_zone": 47, "mgrs:latitude_band": "R", "mgrs:grid_square": "NJ"}, "47RNJ"),
        ({"grid:code": "MGRS-47R"}, ""),
        ({"grid:code": 47}, ""),
        ([], ""),
    ],
)
def test_a_granule_is_read_from_what_an_item_says(properties: object, name: str) -> None:
    assert granule_of(properties) == name
