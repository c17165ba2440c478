from __future__ import annotations

import pytest

from leachwatch.bench import Ablation, Score, measure_ablation
from leachwatch.bench.ablation import VARIANTS
from leachwatch.console import print_ablation


def scored(found: int, missed: int, false: int) -> Score:
    return Score(
        found=found, missed=missed, false=false, uncounted=0, confirmed=0, confirmed_false=0,
        false_by_lookalike={}, outside_km2=5.0, onset_error_days=None, onset_error_often_days=None,
        onset_covered=None, activity=None, pauses_found=0, pauses_missed=0, pauses_hidden=0,
        area_ratio=None, area_covered=None, judged=(),
    )  # fmt: skip


def test_a_variant_is_counted_over_all_districts_together(capsys: pytest.CaptureFixture[str]) -> None:
    result = Ablation(
        (1, 2), {"all of it": (scored(6, 0, 0), scored(2, 2, 2)), "half": (scored(3, 3, 0),) * 2}
    )
    assert result.rows()[0] == ("all of it", 0.8, 0.8, 0.75, 0.5)
    print_ablation(result)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2].split() == ["all", "of", "it", "0.80", "0.80", "0.75", "0.50"]
    assert "not to be ranked" in lines[0]


def test_every_variant_takes_something_away() -> None:
    first, *others = VARIANTS.values()
    assert all(other != first for other in others)
    assert len(set(map(repr, others))) == len(others)


@pytest.mark.slow
def test_a_small_district_is_scanned_once_a_variant() -> None:
    told: list[int] = []
    result = measure_ablation([5], size=128, looks=12, progress=lambda _what, done, _total: told.append(done))
    assert told == list(range(len(VARIANTS) + 1))
    rows = {name: recall for name, _, recall, _, _ in result.rows()}
    assert rows["every group is a site"] >= rows["all of it"]
    assert rows["bright liquid only"] <= rows["every group is a site"]
