from __future__ import annotations

from datetime import date

import pytest
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from leachwatch.imagery import Scene
from leachwatch.scanning import Job, ScanSettings, jobs_over

SETTINGS = ScanSettings()
SIDE_M = SETTINGS.tile * 10
WEST, SOUTH = 100 * SIDE_M, 500 * SIDE_M  # a corner of the lattice of tiles
REACH_M = SETTINGS.reach_m + SETTINGS.detect.ring_m + 20


def scene(west: float, south: float, east: float, north: float) -> Scene:
    bounds = west, south, east, north
    return Scene("S2", date(2022, 1, 1), 32647, bounds, {}, box(*bounds), 0, 5.0, True, "")


def jobs(area: BaseGeometry, *scenes: Scene) -> list[Job]:
    return list(jobs_over({32647: area}, scenes, SETTINGS))


WIDE = scene(WEST - 50_000, SOUTH - 50_000, WEST + 50_000, SOUTH + 50_000)


def test_of_a_tile_only_the_ground_that_a_watched_site_may_touch_is_read() -> None:
    area = box(WEST + 2_000, SOUTH + 2_000, WEST + 2_500, SOUTH + 2_400)
    (job,) = jobs(area, WIDE)
    assert job.core.bounds == area.buffer(REACH_M, join_style="mitre").bounds
    assert job.window == job.core.grown(SETTINGS.margin)


def test_a_tile_in_the_middle_of_the_ground_is_read_whole() -> None:
    area = box(WEST - 3 * SIDE_M, SOUTH - 3 * SIDE_M, WEST + 4 * SIDE_M, SOUTH + 4 * SIDE_M)
    middle = [job for job in jobs(area, WIDE) if job.tile.bounds[:2] == (WEST, SOUTH)]
    assert [job.core for job in middle] == [job.tile for job in middle] != []


def test_nothing_is_read_far_beyond_the_scenes_and_their_edge_is_no_cut() -> None:
    small = scene(WEST + 1_000, SOUTH + 1_000, WEST + 4_000, SOUTH + 4_000)
    (job,) = jobs(box(WEST + 1_500, SOUTH + 1_500, WEST + 3_500, SOUTH + 3_500), small)
    assert job.window.bounds == (WEST + 980, SOUTH + 980, WEST + 4_020, SOUTH + 4_020)


@pytest.mark.parametrize("far", [0, 400_000])
def test_every_core_lies_in_its_tile_and_in_its_window(far: int) -> None:
    area = box(WEST + 2_000, SOUTH + 2_000, WEST + 9_000, SOUTH + 9_000)
    for job in jobs(area, scene(WEST + far, SOUTH, WEST + far + 6_000, SOUTH + 6_000)):
        for outer in (job.tile, job.window):
            rows, columns = job.core.place_in(outer)
            assert 0 <= rows.start <= rows.stop <= outer.height
            assert 0 <= columns.start <= columns.stop <= outer.width
        assert bool(job.scenes) == (not far)
