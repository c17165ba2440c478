from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from leachwatch.simulate import district
from leachwatch.simulate.series import Series


def test_regular_looks_start_on_the_first_day_and_keep_their_step() -> None:
    series = Series.regular(date(2021, 1, 1), months=36, every=5)
    assert len(series.looks) == 219
    assert series.looks[0] == date(2021, 1, 1)
    assert {b - a for a, b in zip(series.looks, series.looks[1:], strict=False)} == {timedelta(5)}
    assert series.last - timedelta(5) < series.looks[-1] <= series.last == date(2023, 12, 31)


def test_a_look_every_day_is_one_on_every_day() -> None:
    assert len(Series.regular(date(2022, 2, 1), months=1, every=1).looks) == 28


def test_a_district_is_looked_at_on_exactly_the_regular_days(tmp_path: Path) -> None:
    made = district(tmp_path, seed=2, size=64, start=date(2022, 3, 10), months=2, every=20)
    looks = json.loads(made.truth.read_text(encoding="utf-8"))["looks"]
    assert looks == ["2022-03-10", "2022-03-30", "2022-04-19"]
    assert len(list(tmp_path.rglob("scl.tif"))) == 3


@pytest.mark.parametrize(
    ("looks", "every", "message"), [(8, 5, "give one"), (None, 0, "every is 0"), (None, -3, "every is -3")]
)
def test_looks_that_cannot_be_are_refused(
    tmp_path: Path, looks: int | None, every: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        district(tmp_path, seed=1, size=64, looks=looks, every=every, months=6)
