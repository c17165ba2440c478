"""Films of a scan's sites: what they show, and that they cost no scan anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from catalogs import same_tables
from leachwatch import films, tables
from leachwatch.films import Film
from leachwatch.history import Between, Estimate, Spell, Timeline
from leachwatch.scanning import FilmSettings, ScanSettings, scan
from leachwatch.scanning.filming import _any, _mean, _stretched, choose, state_on
from servers import serving

if TYPE_CHECKING:
    from conftest import Scanned

FIRST = date(2022, 1, 1)


NOTHING = Estimate(0.0, 0.0, 0.0)


def films_of(out: Path) -> Iterator[Film]:
    for site_id in tables.read(out, tables.SITES)["site_id"]:
        film = films.read(out, site_id)
        assert film is not None
        yield film


def test_every_site_has_a_film_of_looks_that_saw_it(scanned: Scanned) -> None:
    for film in films_of(scanned.report.out):
        assert set(film.days) <= set(scanned.report.days)
        assert len(film.days) == min(film.looks, 18)
        assert film.judged[film.pool].all()
        assert (film.unseen[:, film.pool].mean(axis=1) <= 0.7).all()
        assert film.pixel_m == 10


def test_pools_are_in_the_middle_with_ground_around(scanned: Scanned) -> None:
    for film in films_of(scanned.report.out):
        rows, columns = np.nonzero(film.pool)
        side = film.pool.shape[0]
        assert min(rows.min(), columns.min()) >= 14
        assert max(rows.max(), columns.max()) <= side - 15


def test_looks_of_the_same_ground_show_the_same_place(scanned: Scanned) -> None:
    """Forest around stays; were a look cut elsewhere, its roads and clearings would be too."""
    for film in films_of(scanned.report.out):
        grey = film.colours.astype(np.float64).mean(axis=-1)
        clear = [look for look in range(len(film.days)) if not film.unseen[look].any()][-3:]
        for one, other in pairwise(clear):
            assert np.corrcoef(grey[one].ravel(), grey[other].ravel())[0, 1] > 0.25


def test_active_looks_speak_for_pools_and_absent_ones_do_not(scanned: Scanned) -> None:
    spoken: dict[str, list[float]] = {"active": [], "absent": []}
    for film in films_of(scanned.report.out):
        for look, state in enumerate(film.states):
            if state in spoken and not film.unseen[look, film.pool].all():
                spoken[state].append(float(np.nanmean(film.evidence[look, film.pool])))
    assert np.median(spoken["active"]) > 0
    assert all(value < np.median(spoken["active"]) for value in spoken["absent"])


def test_films_do_not_depend_on_tiles_and_threads(scanned: Scanned, tmp_path: Path) -> None:
    settings = ScanSettings(tile=100, threads=1)
    scan(scanned.district.catalog, scanned.areas, scanned.period, tmp_path, settings=settings)
    for path in (scanned.report.out / "strips").glob("*.npz"):
        assert (tmp_path / "strips" / path.name).read_bytes() == path.read_bytes()


def test_each_file_is_opened_once_for_all_sites_beside_each_other(
    tiny: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny.report.out, tmp_path, dirs_exist_ok=True)
    opened: list[str] = []
    plain = rasterio.open

    def noted(path: Any, **told: Any) -> Any:
        opened.append(str(path))
        return plain(path, **told)

    monkeypatch.setattr(rasterio, "open", noted)
    report = scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path)
    assert report.kept == report.tiles, "nothing but films is read"
    blue = [path for path in opened if path.endswith("blue.tif")]
    assert len(tables.read(tmp_path, tables.SITES)) > 1
    assert len(blue) == len(set(blue)) > 1


def test_without_looks_there_are_no_films(tiny: Scanned, tmp_path: Path) -> None:
    settings = ScanSettings(film=FilmSettings(looks=0))
    scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path, settings=settings)
    assert same_tables(tiny.report.out, tmp_path)
    assert not (tmp_path / "strips").exists()


def test_a_large_site_is_shown_coarser(tiny: Scanned, tmp_path: Path) -> None:
    settings = ScanSettings(film=FilmSettings(side=20, looks=4))
    scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path, settings=settings)
    for film, fine in zip(films_of(tmp_path), films_of(tiny.report.out), strict=True):
        assert len(film.days) == min(4, film.looks)
        assert film.pixel_m >= 20
        assert 0 <= film.pool.shape[0] * film.pixel_m - fine.pool.shape[0] * 10 < film.pixel_m


def test_old_films_go_with_the_tables_they_belong_to(tiny: Scanned, tmp_path: Path) -> None:
    strips = tmp_path / "strips"
    strips.mkdir()
    (strips / "47N-00001-00001-202201.npz").write_bytes(b"old")
    (strips / "47N-00001-00001-202201.png").write_bytes(b"old")
    scan(tiny.district.catalog, tiny.areas, tiny.period, tmp_path)
    assert {path.stem for path in strips.iterdir()} == set(tables.read(tmp_path, tables.SITES)["site_id"])


def test_a_look_that_can_no_longer_be_read_is_left_out(tiny: Scanned, tmp_path: Path) -> None:
    """The tiles are kept from a first scan; then a picture rots without a trace in its size and time."""
    scenes, out = tmp_path / "scenes", tmp_path / "out"
    shutil.copytree(tiny.district.catalog.parent, scenes)
    scan(scenes, tiny.areas, tiny.period, out)
    whole = [film.days for film in films_of(out)]
    lost = whole[0][1]
    (path,) = scenes.glob(f"*/*{lost:%Y%m%d}*/green.tif")
    state = path.stat()
    path.write_bytes(bytes(state.st_size))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    report = scan(scenes, tiny.areas, tiny.period, out)
    assert report.kept == report.tiles
    assert same_tables(tiny.report.out, out)
    for film, days in zip(films_of(out), whole, strict=True):
        assert film.days == tuple(day for day in days if day != lost)


def test_nothing_is_fetched_for_a_film(tiny: Scanned, tmp_path: Path) -> None:
    """With all tiles kept and a cache that lost its pictures, films are missing and no host is asked."""
    with serving(tiny.district.catalog.parent) as files:
        catalog = f"{files.address}/catalog.json"
        scan(catalog, tiny.areas, tiny.period, tmp_path)
        for film, local in zip(films_of(tmp_path), films_of(tiny.report.out), strict=True):
            assert film.colours.tobytes() == local.colours.tobytes()
        for path in (tmp_path / "work" / "cache").iterdir():
            path.unlink()
        files.asked.clear()
        report = scan(catalog, tiny.areas, tiny.period, tmp_path)
        assert report.kept == report.tiles
        assert not any(path.endswith(("blue.tif", "green.tif")) for path in files.asked)
    assert same_tables(tiny.report.out, tmp_path)
    assert not (tmp_path / "strips").exists()


@given(
    seen=st.sets(st.integers(0, 900), min_size=1, max_size=60),
    changed=st.lists(st.integers(0, 900), max_size=8),
    most=st.integers(2, 30),
)
def test_the_first_the_last_and_the_looks_around_changes_are_chosen(
    seen: set[int], changed: list[int], most: int
) -> None:
    days = [FIRST + timedelta(days=number) for number in sorted(seen)]
    changes = [FIRST + timedelta(days=number) for number in changed]
    chosen = choose(days, changes, most)
    assert len(chosen) == min(most, len(days))
    assert {days[0], days[-1]} <= chosen <= set(days)
    wanted = list(dict.fromkeys(day for day in changes if day in days))
    assert set(wanted[: most - 2]) <= chosen


def between(first: int | None, last: int | None) -> Between:
    return Between(*(None if day is None else FIRST + timedelta(days=day) for day in (first, last)))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (0, "absent"),
        (9, "absent"),
        (15, ""),
        (20, "active"),
        (50, "active"),
        (55, ""),
        (60, "idle"),
        (90, "idle"),
    ],
)
def test_a_look_between_two_states_is_in_neither(day: int, state: str) -> None:
    spells = (
        Spell("active", between(10, 20), between(50, 60)),
        Spell("idle", between(50, 60), between(90, None)),
    )
    timeline = Timeline(between(10, 20), between(10, 20), spells, (), (), NOTHING, NOTHING)
    assert state_on(FIRST + timedelta(days=day), timeline) == state


def test_what_was_there_at_the_first_look_was_never_absent() -> None:
    spells = (Spell("active", between(None, 5), between(90, None)),)
    timeline = Timeline(between(None, 5), between(None, 5), spells, (), (), NOTHING, NOTHING)
    assert [state_on(FIRST + timedelta(days=day), timeline) for day in (2, 5)] == ["", "active"]


def test_one_stretch_keeps_looks_comparable_and_passes_over_clouds() -> None:
    values = np.full((2, 20, 20, 3), 0.05, np.float32)
    values[1] = 0.15
    valid = np.ones((2, 20, 20), np.bool_)
    plain = _stretched(values, valid, FilmSettings())
    assert (plain[1] > plain[0]).all()
    values[0, :4], valid[0, :4] = 0.9, False
    values[0, 19] = np.nan
    clouded = _stretched(values, valid, FilmSettings())
    assert (clouded[0, 4:19] == plain[0, 4:19]).all()
    assert (clouded[0, :4] == 255).all()
    assert (clouded[0, 19] == 0).all(), "no picture"
    assert (clouded[0, :19] > 0).all()


def test_coarser_pixels_are_means_of_what_is_known() -> None:
    values = np.array([[[1, 3, np.nan, np.nan], [np.nan, 2, np.nan, np.nan]]], np.float32)
    np.testing.assert_array_equal(_mean(values, 2), [[[2, np.nan]]])
    assert _any(~np.isnan(values), 2).tolist() == [[[True, False]]]
