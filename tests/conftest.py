from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from leachwatch.case import Area, Period, read_areas
from leachwatch.scanning import Report, scan
from leachwatch.simulate import District, district

settings.register_profile("untimed", deadline=None)  # timing belongs in `leachwatch bench`
settings.load_profile("untimed")


@dataclass(frozen=True)
class Scanned:
    """A simulated district with the tables of its scan."""

    district: District
    areas: tuple[Area, ...]
    period: Period
    report: Report


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Real data that are not shipped."""
    folder = Path(os.environ.get("LEACHWATCH_TEST_DATA", "../shared/data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set LEACHWATCH_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def small_district(tmp_path_factory: pytest.TempPathFactory) -> District:
    """1.9 km a side, 14 looks in 14 months."""
    return district(tmp_path_factory.mktemp("district"), seed=14, size=192, looks=14, months=14)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """A district of 1 km a side with three sites and ten looks in a year, and its scan."""
    made = district(tmp_path_factory.mktemp("tiny"), seed=10, size=96, looks=10, months=12)
    areas, period = read_areas(made.area), Period(date(2022, 1, 1), date(2022, 12, 31))
    report = scan(made.catalog, areas, period, tmp_path_factory.mktemp("tiny-out"))
    assert report.rows["sites"] == 3
    return Scanned(made, areas, period, report)


@pytest.fixture(scope="session")
def scanned(small_district: District, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    areas = read_areas(small_district.area)
    period = Period(date(2022, 1, 1), date(2023, 2, 28))
    report = scan(small_district.catalog, areas, period, tmp_path_factory.mktemp("out"))
    return Scanned(small_district, areas, period, report)
