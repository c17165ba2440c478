"""Distances from a border are metres on the ellipsoid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from leachwatch.territory import read_ground
from leachwatch.territory.zones import Zones
from territories import WEST, east_and_west, square, territory, write_case, write_shapes

GEOD = Geod(ellps="WGS84")
DAY = date(2025, 4, 1)


@pytest.mark.parametrize(
    ("metres", "west", "east"),
    [
        (1_010, "yes", None),
        (990, "possibly", "possibly"),
        (-990, "possibly", "possibly"),
        (-1_010, None, "yes"),
    ],
)
def test_a_place_nearer_to_the_border_than_it_is_sure_is_only_possibly_inside(
    tmp_path: Path, metres: float, west: str | None, east: str | None
) -> None:
    ground = east_and_west(tmp_path, [])
    lon, lat, _ = GEOD.fwd(98.5, 25.5, 270, metres)
    found: dict[str, str] = {
        one.territory: one.inside for one in ground.control_at(lon, lat, DAY).territories
    }
    assert (found.get("West"), found.get("East")) == (west, east)


@pytest.fixture(scope="module")
def west(tmp_path_factory: pytest.TempPathFactory) -> Zones:
    return east_and_west(tmp_path_factory.mktemp("case"), []).zones[0]


@given(st.floats(97.51, 98.49), st.floats(25.01, 25.99))
def test_depth_is_the_distance_to_the_border(west: Zones, lon: float, lat: float) -> None:
    depth = west.depth(np.array([lon]), np.array([lat]))[0]
    sides = [GEOD.inv(lon, lat, edge, lat)[2] for edge in (97.5, 98.5)]
    sides += [GEOD.inv(lon, lat, lon, edge)[2] for edge in (25.0, 26.0)]
    # straight on, a side is not met at the same latitude: 20 m at most on these hundred kilometres
    assert depth == pytest.approx(min(sides), rel=2e-3, abs=20)


def test_a_road_is_never_surely_held_by_who_stands_beside_it(tmp_path: Path) -> None:
    write_shapes(tmp_path / "territories.geojson", {"Road": shapely.LineString([(97.0, 25.0), (98.0, 25.0)])})
    road = territory(WEST, "Road", {"border_m": 500.0}, kind="road")
    ground = read_ground(write_case(tmp_path, [road]))
    near = GEOD.fwd(97.5, 25.0, 0, 400)
    far = GEOD.fwd(97.5, 25.0, 0, 700)
    (held,) = ground.control_at(near[0], near[1], DAY).territories
    assert (held.inside, held.near_border) == ("possibly", True)
    assert ground.control_at(far[0], far[1], DAY).territories == ()


def test_a_coarse_drawing_may_be_off_by_more_than_its_width(tmp_path: Path) -> None:
    write_shapes(tmp_path / "territories.geojson", {"West": square(97.5, 25.0, side=0.1)})
    ground = read_ground(write_case(tmp_path, [territory(WEST, "West", {"border_m": 20_000.0})]))
    (held,) = ground.control_at(97.55, 25.05, DAY).territories
    assert held.inside == "possibly"
