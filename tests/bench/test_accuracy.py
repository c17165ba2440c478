from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leachwatch.bench import FIRST_UNSEEN_SEED, Accuracy, Score, measure_accuracy, read_truth, score
from leachwatch.case import Period, read_areas
from leachwatch.console import print_accuracy
from leachwatch.errors import RecordError
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


def scored(**changes: Any) -> Score:
    given = {
        "found": 6, "missed": 1, "false": 1, "uncounted": 0, "confirmed": 4, "confirmed_false": 0,
        "false_by_lookalike": {"quarry": 1}, "outside_km2": 50.0, "onset_error_days": 20.0,
        "onset_error_often_days": None, "onset_covered": 1.0, "activity": 0.9, "pauses_found": 1,
        "pauses_missed": 0, "pauses_hidden": 1, "area_ratio": 1.1, "area_covered": 0.9, "judged": (),
    }  # fmt: skip
    return Score(**{**given, **changes})


def accuracy(*scores: Score) -> Accuracy:
    return Accuracy(tuple(range(len(scores))), scores, (1.0,) * len(scores))


def test_the_worst_district_has_the_largest_error_and_the_ratio_farthest_from_1() -> None:
    result = accuracy(scored(), scored(onset_error_days=90.0, area_ratio=0.5, activity=0.8))
    assert result.worst("onset_error_days") == 90.0
    assert result.worst("area_ratio") == 0.5
    assert result.worst("activity") == 0.8
    assert result.worst("onset_error_often_days") is None
    assert result.median("area_ratio") == pytest.approx(0.8)


def test_false_alarms_and_pauses_of_all_districts_are_counted_together() -> None:
    result = accuracy(scored(), scored(false=2, false_by_lookalike={"quarry": 1, "road": 1}, pauses_missed=2))
    assert result.false_per_100_km2 == pytest.approx(3.0)
    assert result.false_per_100_km2_by_lookalike == pytest.approx({"quarry": 2.0, "road": 1.0})
    assert result.pauses == pytest.approx(0.5)
    assert result.as_dict()["together"]["pauses_hidden"] == 2


def test_the_score_is_calibrated_over_all_districts_together() -> None:
    right = accuracy(
        scored(judged=((0.75, True), (0.75, True))), scored(judged=((0.75, True), (0.75, False)))
    )
    assert right.calibration_error == pytest.approx(0.0)
    proud = accuracy(scored(judged=((0.95, True), (0.95, False), (0.05, False), (0.05, False))))
    assert proud.calibration_error == pytest.approx((0.45 + 0.05) / 2)
    assert accuracy(scored()).calibration_error is None


def test_the_table_has_a_row_for_the_median_and_one_for_the_worst(capsys: pytest.CaptureFixture[str]) -> None:
    print_accuracy(accuracy(scored(), scored(confirmed_false=2)))
    printed = capsys.readouterr().out
    assert "median" in printed
    assert "worst" in printed
    assert "precision of confirmed 0.750" in printed
    assert "2.00 quarry" in printed


def test_scenes_are_spread_or_regular_but_not_both() -> None:
    with pytest.raises(RecordError, match="--every 5"):
        measure_accuracy([5], looks=12, every=5, progress=lambda *_: None)


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
    assert score(tmp_path, read_truth(foreign / "truth.json")).f1 >= 0.85
