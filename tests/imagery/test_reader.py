from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal
from shapely.geometry import box

from catalogs import EPSG, FINE, NORTH, WEST, found, item, on_disk, raster
from leachwatch.errors import AreaError, SceneError
from leachwatch.imagery import Arena, ClearSettings, Room, Scene, Tile, open_cube, read, reader, to_lonlat
from leachwatch.simulate import District

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
TILE = Tile(EPSG, WEST // 10, -NORTH // 10, 64, 64)


def test_a_window_holds_the_pixels_that_rasterio_reads_there(small_district: District) -> None:
    scenes = found(small_district.catalog, FIRST, LAST).scenes
    scene = scenes[0]
    column, row = int(scene.bounds[0]) // 10 + 21, -int(scene.bounds[3]) // 10 + 33
    stack = read(Tile(scene.epsg, column, row, 40, 30), [scene], ["green"], ClearSettings(), on_disk())
    with rasterio.open(scene.assets["green"].href) as source:
        numbers = source.read(1)[33:63, 21:61].astype(int)
    assert_array_equal(stack.values[0, 0], np.where(numbers > 0, np.maximum(numbers - scene.offset_dn, 1), 0))


def test_reflectance_is_the_same_under_both_offset_conventions(tmp_path: Path) -> None:
    item(tmp_path, "2022-01-15", values={"red": 523})
    not_taken_off = {"earthsearch:boa_offset_applied": False}
    item(tmp_path, "2022-02-15", values=dict.fromkeys([*FINE, "swir16"], 1523), properties=not_taken_off)
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    stack = read(TILE, scenes, ["red"], ClearSettings(), on_disk())
    assert set(stack.values.ravel().tolist()) == {523}
    assert stack.valid.all()


def test_a_number_below_the_offset_stays_above_nothing(tmp_path: Path) -> None:
    item(tmp_path, values={"red": 990}, properties={"earthsearch:boa_offset_applied": False})
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    stack = read(TILE, scenes, ["red"], ClearSettings(), on_disk())
    assert set(stack.values.ravel().tolist()) == {1}


def test_no_scene_is_looked_at_through_the_clouds_of_a_newer_one(tmp_path: Path) -> None:
    older = {"s2:processing_baseline": "02.14"}
    item(tmp_path, name="older", values={"red": 700}, properties=older)
    sky = np.full((32, 32), 9, np.uint8)
    item(tmp_path, name="newer", values={"red": 6000, "scl": sky})
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    whole = read(TILE, scenes, ["red"], ClearSettings(), on_disk())
    assert not whole.valid.any()
    assert whole.used == {"newer"}
    sky[5:, :5] = 4
    sky[20:, 20:] = 0
    part = tmp_path / "part"
    item(part, name="older", values={"red": 700}, properties=older)
    item(part, name="newer", values={"red": 6000, "scl": sky})
    look = read(TILE, found(part, FIRST, LAST, ("red", "scl")).scenes, ["red"], ClearSettings(), on_disk())
    assert set(look.values[0, 0][look.valid[0]].tolist()) == {6000, 700}
    assert (look.values[0, 0][40:, 40:] == 700).all()


def test_a_20_m_band_lies_where_its_pixels_lie(tmp_path: Path) -> None:
    ramp = np.arange(1, 33, dtype=np.uint16)[None, :].repeat(32, axis=0) * 100
    item(tmp_path, values={"swir16": ramp})
    scenes = found(tmp_path, FIRST, LAST, ("swir16", "scl")).scenes
    row = read(TILE, scenes, ["swir16"], ClearSettings(), on_disk()).values[0, 0, 5]
    # the middle of a 20 m pixel lies between two of 10 m
    assert_array_equal((row[0::2][1:-1].astype(int) + row[1::2][1:-1]) // 2, ramp[0][1:-1])


@pytest.mark.parametrize("shift", [0, 1, 7, 30])
def test_a_20_m_band_does_not_depend_on_where_a_tile_is_cut(tmp_path: Path, shift: int) -> None:
    rng = np.random.default_rng(4)
    item(tmp_path, values={"swir16": rng.integers(1, 5000, (32, 32)).astype(np.uint16)})
    scenes = found(tmp_path, FIRST, LAST, ("swir16", "scl")).scenes
    whole = read(TILE, scenes, ["swir16"], ClearSettings(), on_disk()).values[0, 0]
    part_tile = Tile(EPSG, TILE.column + shift, TILE.row + shift, 20, 20)
    part = read(part_tile, scenes, ["swir16"], ClearSettings(), on_disk()).values[0, 0]
    assert_array_equal(part, whole[shift : shift + 20, shift : shift + 20])


def test_ground_outside_a_scene_is_not_seen(tmp_path: Path) -> None:
    item(tmp_path)
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    stack = read(TILE.grown(8), scenes, ["red"], ClearSettings(), on_disk())
    assert stack.valid[0].sum() == 64 * 64
    assert stack.values[0, 0, 0, 0] == 0


def test_scenes_of_one_day_are_one_look_and_fill_each_other(tmp_path: Path) -> None:
    item(tmp_path, name="b", values={"red": 100})
    item(tmp_path, name="a", values={"red": 200}, west=WEST + 320)
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    wide = Tile(EPSG, TILE.column, TILE.row, 96, 64)
    stack = read(wide, scenes, ["red"], ClearSettings(), on_disk())
    assert stack.days == (date(2022, 1, 15),)
    assert_array_equal(stack.values[0, 0, 0], [100] * 64 + [200] * 32)
    assert stack.valid.all()


def test_of_two_processings_of_one_day_the_newer_is_taken(tmp_path: Path) -> None:
    item(tmp_path, name="new", values={"red": 100}, properties={"s2:processing_baseline": "05.10"})
    item(tmp_path, name="old", values={"red": 200}, properties={"s2:processing_baseline": "05.09"})
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    assert set(read(TILE, scenes, ["red"], ClearSettings(), on_disk()).values.ravel().tolist()) == {100}


def test_a_file_that_cannot_be_read_is_a_named_skip(tmp_path: Path) -> None:
    item(tmp_path, "2022-01-15")
    bad = item(tmp_path, "2022-02-15").parent / "red.tif"
    bad.write_bytes(bad.read_bytes()[:300])
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    stack = read(TILE, scenes, ["red"], ClearSettings(), on_disk())
    assert stack.days == (date(2022, 1, 15),)
    assert [skipped.scene for skipped in stack.skipped] == ["S2A_47RNJ_20220215_0_L2A"]


def test_a_file_of_another_crs_or_lattice_is_a_named_skip(tmp_path: Path) -> None:
    flat = np.full((64, 64), 9, np.uint16)
    for day, kind in (("2022-01-15", {"epsg": 32648}), ("2022-02-15", {"west": WEST + 3})):
        folder = item(tmp_path, day).parent
        raster(folder / "red.tif", flat, 10, **kind)
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    stack = read(TILE, scenes, ["red"], ClearSettings(), on_disk())
    assert stack.days == ()
    assert sorted(skipped.reason for skipped in stack.skipped) == [
        "asset red is in EPSG:32648, but the item says EPSG:32647",
        "asset red starts at 605003, 2.875e+06, off the 10 m lattice",
    ]


def test_a_cube_is_what_the_scan_reads(tmp_path: Path) -> None:
    item(tmp_path, values={"red": 523})
    area = to_lonlat(box(WEST + 100, NORTH - 300, WEST + 300, NORTH - 100), EPSG)
    cube = open_cube(tmp_path, area, FIRST, LAST, bands=["red", "swir16"])
    assert cube["red"].dtype == np.uint16
    assert set(cube["red"].values.ravel().tolist()) == {523}
    assert cube["x"].values[0] % 10 == 5
    assert bool(cube["clear"].all())
    assert "UTM zone 47N" in cube["spatial_ref"].attrs["crs_wkt"]


def test_a_look_that_shows_nothing_is_no_look_of_a_stack_and_one_of_a_cube(tmp_path: Path) -> None:
    cloud = np.full((32, 32), 4, np.uint8)
    cloud[:, :20] = 9
    item(tmp_path, "2022-01-15", values={"red": 523})
    item(tmp_path, "2022-02-15", values={"red": 523, "scl": cloud})
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    west = Tile(EPSG, TILE.column, TILE.row, 40, 64)
    stack = read(west, scenes, ["red"], ClearSettings(), on_disk())
    assert (stack.days, stack.hidden) == ((date(2022, 1, 15),), (date(2022, 2, 15),))
    assert len(stack.used) == 2
    area = to_lonlat(box(WEST + 100, NORTH - 300, WEST + 300, NORTH - 100), EPSG)
    for day in (FIRST, date(2022, 2, 1)):
        cube = open_cube(tmp_path, area, day, LAST, bands=["red"])
        assert cube["red"].dtype == np.uint16
        assert cube["clear"].dtype == np.bool_
        assert not cube["red"][-1].any()
        assert cube["clear"].any(axis=(1, 2)).values.tolist() == [True, False][-len(cube["time"]) :]


def test_a_look_with_anything_to_see_stays_whole(tmp_path: Path) -> None:
    """Of two scenes of a day one is hidden where it lies; the other shows ground under the first's cloud."""
    classes = np.full((32, 32), 9, np.uint8)
    item(tmp_path, name="above", values={"red": 100, "scl": classes})
    item(tmp_path, name="below", values={"red": 200}, west=WEST + 320)
    wide = Tile(EPSG, TILE.column, TILE.row, 96, 64)
    stack = read(
        wide, found(tmp_path, FIRST, LAST, ("red", "scl")).scenes, ["red"], ClearSettings(), on_disk()
    )
    assert (len(stack.days), stack.hidden) == (1, ())
    assert stack.valid[0, :, -20:].all()


@pytest.mark.parametrize("band", ["gren", "scl"])
def test_a_band_that_a_cube_does_not_have_is_named(tmp_path: Path, band: str) -> None:
    with pytest.raises(SceneError, match=f"there is no band {band}; choose from blue, green"):
        open_cube(tmp_path, box(98, 25, 98.01, 25.01), FIRST, LAST, bands=[band])  # type: ignore[list-item]


def test_a_cube_without_bands_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="there is no band to read; name one at least of blue"):
        open_cube(tmp_path, box(98, 25, 98.01, 25.01), FIRST, LAST, bands=[])


def test_a_cube_names_what_it_could_not_read(tmp_path: Path) -> None:
    item(tmp_path, "2022-01-15")
    item(tmp_path, "2022-02-15", bands=("scl",))
    area = to_lonlat(box(WEST + 100, NORTH - 300, WEST + 300, NORTH - 100), EPSG)
    cube = open_cube(tmp_path, area, FIRST, LAST, bands=["red"])
    assert cube.attrs["skipped"] == ["S2A_47RNJ_20220215_0_L2A: has no asset red"]


def test_a_cube_of_another_place_is_refused(tmp_path: Path) -> None:
    item(tmp_path)
    with pytest.raises(AreaError, match="no scene of"):
        open_cube(tmp_path, box(98, 25, 98.01, 25.01), FIRST, LAST, bands=["red"])


def test_a_look_that_is_late_does_not_write_into_the_next_tile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2022-01-15", "2022-02-15"):
        item(tmp_path, day, values={"red": 523})
    scenes = found(tmp_path, FIRST, LAST, ("red", "scl")).scenes
    source, room = on_disk(), Room(10**9, arena=Arena())
    original, late = reader._read_day, threading.Event()

    def one_fails_and_one_is_late(tile: Tile, some: Sequence[Scene], *rest: Any) -> Any:
        if some[0].day == date(2022, 1, 15):
            raise RuntimeError
        late.wait(10)
        rest[-1][0][:] = 7777
        return original(tile, some, *rest)

    with ThreadPoolExecutor(2) as pool:
        monkeypatch.setattr(source, "map", pool.map)
        monkeypatch.setattr(reader, "_read_day", one_fails_and_one_is_late)
        with pytest.raises(RuntimeError):
            read(TILE, scenes, ["red"], ClearSettings(), source, room)
        monkeypatch.setattr(reader, "_read_day", original)
        stack = read(TILE, scenes, ["red"], ClearSettings(), source, room)
        late.set()
    assert set(stack.values.ravel().tolist()) == {523}
