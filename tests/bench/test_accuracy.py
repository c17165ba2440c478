from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leachwatch.bench import FIRST_UNSEEN_SEED, measure_accuracy, read_truth, score
from leachwatch.case import Period, read_areas
from leachwatch.scanning import scan


def test_a_small_district_is_simulated_scanned_and_scored() -> None:
    told: list[tuple[int, int]] = []
    result = measure_accuracy(
        [5], size=128, looks=12, progress=lambda _what, done, total: told.append((done, total))
    )
    assert told == [(0, 1), (1, 1)]
    assert result.seeds == (5,)
    assert 0 <= result.scores[0].f1 <= 1
    assert result.as_dict()["simulated"] is True


@pytest.mark.slow
def test_five_districts_that_no_rule_was_made_on_reach_the_bar() -> None:
    seeds = range(FIRST_UNSEEN_SEED, FIRST_UNSEEN_SEED + 5)
    result = measure_accuracy(seeds, progress=lambda _what, _done, _total: None)
    assert (result.median("f1") or 0) >= 0.70


@pytest.mark.slow
def test_the_district_of_another_simulator_is_found(test_data: Path, tmp_path: Path) -> None:
    foreign = test_data / "foreign"
    period = Period(date(2022, 6, 1), date(2024, 5, 31))
    scan(foreign, read_areas(foreign / "aoi.geojson"), period, tmp_path)
    assert score(tmp_path, read_truth(foreign / "truth.json")).f1 >= 0.80
