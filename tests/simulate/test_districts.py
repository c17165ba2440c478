from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leachwatch.simulate import District, district


def _fingerprint(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _made(folder: Path, seed: int) -> dict[str, str]:
    district(folder, seed=seed, size=96, looks=2, months=6)
    return _fingerprint(folder)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert _made(tmp_path / "one", 5) == _made(tmp_path / "two", 5)


def test_another_seed_gives_another_district(tmp_path: Path) -> None:
    one, two = _made(tmp_path / "one", 5), _made(tmp_path / "two", 6)
    assert one["truth.json"] != two["truth.json"]
    assert not set(one.values()) & {digest for name, digest in two.items() if name.endswith("blue.tif")}


def test_every_file_with_words_says_simulated(small: District) -> None:
    words = [path for path in small.catalog.parent.rglob("*json") if path.is_file()]
    assert len(words) == 8 + 4
    assert [path.name for path in words if "simulated" not in path.read_text(encoding="utf-8").lower()] == []


def test_nothing_names_the_machine_it_was_made_on(small: District) -> None:
    for path in small.catalog.parent.rglob("*json"):
        assert str(small.catalog.parent) not in path.read_text(encoding="utf-8")


def test_looks_lie_in_the_series_in_order_and_on_days_of_their_own(truth: dict[str, Any]) -> None:
    looks = truth["looks"]
    assert looks == sorted(set(looks))
    assert looks[0] >= "2022-01-01"
    assert looks[-1] <= "2022-12-31"


def test_the_area_is_the_outline_of_the_district(small: District) -> None:
    area = json.loads(small.area.read_text(encoding="utf-8"))
    ring = area["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert all(97 < lon < 99.5 and 25 < lat < 26.5 for lon, lat in ring)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"size": 95}, "even"), ({"size": 32}, "64"), ({"months": 0}, "months"), ({"looks": 400}, "looks")],
)
def test_a_district_that_cannot_be_is_refused(tmp_path: Path, wrong: dict[str, int], message: str) -> None:
    given = {"size": 96, "looks": 2, "months": 6} | wrong
    with pytest.raises(ValueError, match=message):
        district(tmp_path, seed=1, size=given["size"], looks=given["looks"], months=given["months"])


def test_the_series_may_start_in_any_month(tmp_path: Path) -> None:
    made = district(tmp_path, seed=2, size=64, looks=2, start=date(2022, 11, 1), months=4)
    months = json.loads(made.truth.read_text(encoding="utf-8"))["months"]
    assert months == ["2022-11", "2022-12", "2023-01", "2023-02"]
