"""What providers get wrong, on simulated districts whose truth says which scenes it befell."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from leachwatch import tables
from leachwatch.case import Period, read_areas
from leachwatch.scanning import Report, scan
from leachwatch.simulate import District, Faults, district

pytestmark = pytest.mark.faults
PERIOD = Period(date(2022, 1, 1), date(2022, 12, 31))


def made(folder: Path, faults: Faults | None = None) -> District:
    return district(folder, seed=4, size=96, looks=10, months=12, faults=faults)


def scanned(made: District, out: Path) -> Report:
    return scan(made.catalog, read_areas(made.area), PERIOD, out)


def befallen(made: District, *names: str) -> set[str]:
    faults = json.loads(made.truth.read_text(encoding="utf-8"))["faults"]
    return {scene for scene, befell in faults.items() if set(befell) & set(names)}


def same(one: Path, other: Path) -> bool:
    """Whether two scans tell the same; the outline of what was covered may have a corner more."""
    names = [table.file_name for table in tables.TABLES if table is not tables.COVERAGE]
    covered, other_covered = (tables.read(out, tables.COVERAGE).to_crs(32647) for out in (one, other))
    return (
        all((one / name).read_bytes() == (other / name).read_bytes() for name in names)
        and covered.drop(columns="geometry").equals(other_covered.drop(columns="geometry"))
        and bool((covered.symmetric_difference(other_covered).area < 1).all())
    )


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("honest")
    scanned(made(folder / "scenes"), folder / "out")
    return folder / "out"


@pytest.mark.parametrize("fault", ["duplicates", "overlaps"])
def test_a_scene_that_is_delivered_twice_is_one_look(honest: Path, tmp_path: Path, fault: str) -> None:
    twice = made(tmp_path / "scenes", Faults(**{fault: 1.0}))
    report = scanned(twice, tmp_path / "out")
    assert befallen(twice, fault)
    assert len(report.days) == len(set(report.days))
    assert same(honest, tmp_path / "out")


def test_where_the_newest_reprocessing_is_damaged_the_older_one_stands_in(tmp_path: Path) -> None:
    twice = made(tmp_path / "scenes", Faults(duplicates=1.0))
    whole = scanned(twice, tmp_path / "whole")
    for path in twice.catalog.parent.glob("*/*_0_L2A/nir.tif"):
        path.write_bytes(b"damaged")
    report = scanned(twice, tmp_path / "out")
    assert report.days == whole.days
    assert report.skipped
    assert all(one.scene.endswith("_0_L2A") for one in report.skipped)


@pytest.mark.parametrize("faults", [Faults(lying=0.5), Faults(unannounced=0.5)], ids=["lying", "unannounced"])
def test_offsets_that_are_not_as_announced_are_refused_and_the_rest_is_right(
    tmp_path: Path, faults: Faults
) -> None:
    lying = made(tmp_path / "scenes", faults)
    report = scanned(lying, tmp_path / "out")
    liars = befallen(lying, "lying", "unannounced")
    assert {one.scene for one in report.skipped} == liars - set(report.clouded)
    assert all("the offset" in one.reason for one in report.skipped)
    for path in lying.catalog.parent.glob("*/*/*.json"):
        if path.stem in liars:
            path.unlink()
    honest = scanned(lying, tmp_path / "again")
    assert {one.scene for one in honest.skipped if not one.scene.endswith(".json")} == set()
    assert same(tmp_path / "out", tmp_path / "again")


def test_a_missing_asset_is_a_named_skip(tmp_path: Path) -> None:
    lacking = made(tmp_path / "scenes", Faults(missing=0.6))
    report = scanned(lacking, tmp_path / "out")
    skipped = {one.scene for one in report.skipped}
    assert skipped
    assert skipped <= befallen(lacking, "missing")
    assert all("asset" in one.reason for one in report.skipped)


def test_everything_at_once_still_ends_in_tables(tmp_path: Path) -> None:
    shares = dict.fromkeys(("lying", "duplicates", "overlaps", "missing", "partial", "jumps"), 0.3)
    poor = made(tmp_path / "scenes", Faults(**shares, unannounced=0.1))
    report = scanned(poor, tmp_path / "out")
    assert not report.failed
    refused = befallen(poor, "lying", "unannounced", "missing")
    assert {one.scene for one in report.skipped} <= refused
    assert report.rows["coverage"] == 12


@pytest.mark.slow
def test_three_years_of_looks_every_five_days_are_scanned(tmp_path: Path) -> None:
    dense = district(tmp_path / "scenes", seed=4, size=96, months=36, every=5)
    period = Period(date(2022, 1, 1), date(2024, 12, 31))
    report = scan(dense.catalog, read_areas(dense.area), period, tmp_path / "out")
    assert len(report.days) + len(report.clouded) == 220
    assert report.rows["sites"] >= 3
