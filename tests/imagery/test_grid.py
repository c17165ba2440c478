from __future__ import annotations

import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from leachwatch.imagery import Tile, from_lonlat, tiles_over, to_lonlat

metres = st.integers(100_000, 900_000)
northing = st.integers(1_000_000, 4_000_000)
side = st.integers(1, 30_000)


@given(metres, northing, side, side, st.sampled_from([64, 256, 512]))
def test_tiles_cover_an_area_and_do_not_overlap(x: int, y: int, width: int, height: int, size: int) -> None:
    area = box(x, y, x + width, y + height)
    squares = [box(*tile.bounds) for tile in tiles_over(area, 32647, size)]
    assert shapely.union_all(squares).covers(area)
    assert sum(square.area for square in squares) == shapely.union_all(squares).area


def test_a_tile_does_not_depend_on_the_area_that_asked_for_it() -> None:
    large = {tile.name for tile in tiles_over(box(600_000, 2_860_000, 620_000, 2_880_000), 32647)}
    small = {tile.name for tile in tiles_over(box(605_000, 2_871_000, 606_000, 2_872_000), 32647)}
    assert small < large


def test_a_tile_is_named_by_its_corner() -> None:
    tile = Tile(32647, 60_500, -287_500, 384, 384)
    assert tile.name == "32647-6050-28750"
    assert list(tile.bounds) == [605_000, 2_871_160, 608_840, 2_875_000]


def test_a_grown_tile_keeps_its_middle() -> None:
    tile = Tile(32647, 0, 0, 10, 10).grown(3)
    assert tile == Tile(32647, -3, -3, 16, 16)


def test_a_geometry_comes_back_from_lonlat_where_it_was() -> None:
    area = box(605_000, 2_871_000, 606_000, 2_872_000)
    back = from_lonlat(to_lonlat(area, 32647), 32647)
    assert back.hausdorff_distance(area) < 0.001


def test_nothing_has_no_tiles() -> None:
    assert list(tiles_over(shapely.Polygon(), 32647)) == []
