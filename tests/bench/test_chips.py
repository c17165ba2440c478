from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leachwatch.bench import draw_chips, measure_chips, measure_fired
from leachwatch.bench.chips import read_chips
from leachwatch.detect.chips import chip_scores, fired
from leachwatch.errors import RecordError
from leachwatch.simulate.chips import Chip, chips
from test_cli import PROGRAM

UNSEEN_SEED = 31


@pytest.fixture(scope="module")
def cut() -> list[Chip]:
    return chips(UNSEEN_SEED, size=128, each=12, anywhere=40)


@pytest.fixture(scope="module")
def file(cut: list[Chip], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chips") / "chips.npz"
    # pools that stand for less than half of the year are not to be seen in its median
    label = np.array([one.pools.max() > 0.5 for one in cut], np.uint8)
    order = np.random.default_rng(0).permutation(len(cut))
    np.savez(path, chips=np.stack([one.pixels for one in cut])[order], label=label[order])
    return path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), "bench", "chips", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_command_prints_the_auc_beside_the_baseline(file: Path) -> None:
    ran = run(file)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"^odd rows: \d+ chips with pools, \d+ without$", ran.stdout, re.MULTILINE)
    assert re.search(r"^brightest quarter +\d+  [01]\.\d{3} .* [01]\.\d{3}$", ran.stdout, re.MULTILINE)


def test_the_command_gives_one_score_a_chip_as_json(file: Path) -> None:
    content = json.loads(run(file, "--json").stdout)
    count = len(read_chips(file).row)
    assert [one["row"] for one in content["scores"]] == list(range(1, count, 2))
    assert content["pools"] + content["none"] == len(content["scores"])
    assert 0.5 < content["auc_bright"] <= content["auc_bright_interval"][1]


def test_chips_of_an_unseen_district_are_told_apart(file: Path) -> None:
    assert measure_chips(file, "all").auc > 0.9


def test_a_score_does_not_depend_on_the_other_chips(cut: list[Chip]) -> None:
    pixels = np.stack([one.pixels for one in cut[:6]])
    np.testing.assert_array_equal(chip_scores(pixels)[2:3], chip_scores(pixels[2:3]))


def test_a_darker_picture_scores_much_the_same(cut: list[Chip]) -> None:
    """Ratios and contrasts count, not brightness: the order of chips stays."""
    pixels = np.stack([one.pixels for one in cut])
    darker = np.rint(pixels * 0.85).astype(np.uint8)
    assert np.corrcoef(chip_scores(pixels), chip_scores(darker))[0, 1] > 0.9


def test_even_and_odd_rows_share_no_chip(file: Path) -> None:
    even, odd = read_chips(file, "even"), read_chips(file, "odd")
    assert not set(even.row) & set(odd.row)
    assert len(even.row) + len(odd.row) == len(read_chips(file).row)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"chips": np.zeros((4, 24, 24, 3), np.uint8)},
        {"chips": np.zeros((4, 24, 24), np.uint8), "label": np.zeros(4)},
        {"chips": np.zeros((4, 24, 24, 3), np.float32), "label": np.zeros(4)},
        {"chips": np.zeros((4, 24, 24, 3), np.uint8), "label": np.zeros(3)},
        {"chips": np.zeros((4, 24, 24, 3), np.uint8), "label": np.array([0, 1, 2, 0])},
        {"chips": np.zeros((4, 24, 24, 3), np.uint8), "label": np.zeros(4)},
    ],
    ids=["nothing", "no label", "one band", "floats", "fewer labels", "a third label", "all of one label"],
)
def test_what_is_no_file_of_chips_is_said(tmp_path: Path, content: dict[str, Any]) -> None:
    np.savez(tmp_path / "wrong.npz", **content)
    with pytest.raises(RecordError, match=r"wrong\.npz: .*give"):
        measure_chips(tmp_path / "wrong.npz")


def test_pickled_chips_are_not_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", chips=np.array([{"a": 1}], object), label=np.zeros(1))
    with pytest.raises(RecordError, match="not readable as chips"):
        read_chips(tmp_path / "bad.npz")


def test_a_mistake_is_one_line_and_exit_2(tmp_path: Path) -> None:
    for arguments in ([tmp_path / "none.npz"], [tmp_path / "none.npz", "--rows", "both"]):
        ran = run(*arguments)
        assert ran.returncode == 2
        assert len(ran.stderr.splitlines()) == 1


def test_the_picture_and_its_numbers_hold_percentiles_only(file: Path, tmp_path: Path) -> None:
    numbers, _ = draw_chips(file, tmp_path, seeds=[5])
    again, picture = draw_chips(file, tmp_path / "again", before=numbers, seeds=[5])
    content = json.loads(again.read_text())
    assert set(content) == {"real", "simulated before", "simulated"}
    assert content["simulated before"] == content["simulated"]
    assert all(len(values) == 5 for summary in content.values() for values in summary.values())
    assert picture.read_text().startswith("<svg")


def test_a_blue_green_block_on_bare_ground_fires_and_forest_does_not() -> None:
    rng = np.random.default_rng(2)
    forest = rng.normal((30, 55, 70), 2, (48, 48, 3))
    with_pad = forest.copy()
    with_pad[10:38, 10:38] = rng.normal((150, 120, 100), 4, (28, 28, 3))
    with_pool = with_pad.copy()
    with_pool[18:26, 18:30] = rng.normal((95, 105, 100), 4, (8, 12, 3))
    shown = [fired(np.clip(one, 0, 255).astype(np.uint8)) for one in (forest, with_pad, with_pool)]
    assert [bool(one.any()) for one in shown] == [False, False, True]
    assert shown[2][18:26, 18:30].mean() > 0.9


def test_chips_in_red_green_and_blue_are_counted_by_class(tmp_path: Path) -> None:
    pixels = np.zeros((4, 24, 24, 3), np.uint8)
    np.savez(tmp_path / "rgb.npz", chips=pixels, label=[1, 1, 0, 0], source=["mine", "mine", "river", "roof"])
    assert [one[:3] for one in measure_fired(tmp_path / "rgb.npz").kinds] == [
        ("mine", True, 2),
        ("river", False, 1),
        ("roof", False, 1),
    ]
    assert "river" in run(tmp_path / "rgb.npz", "--rgb").stdout


def test_real_chips_of_kachin_are_told_apart(test_data: Path) -> None:
    """Odd rows, which nothing was made on, against the quarter of negatives brightest in red."""
    result = measure_chips(test_data / "imagery" / "kachin_nicfi_chips.npz")
    print(f"all {result.auc:.3f}, brightest quarter {result.auc_bright:.3f}, scores {result.scores[:3]}")
    assert result.auc_bright > result.baseline_bright
    assert result.auc > result.baseline
    assert result.auc_bright >= 0.90


def test_real_gold_mine_chips_are_reported_by_class(test_data: Path) -> None:
    kinds = measure_fired(test_data / "imagery" / "gold_mine_chips_rgb.npz").kinds
    assert sum(one[2] for one in kinds) == 530
    rate = {name: share for name, _, _, share, _ in kinds}
    assert rate["random_negatives10k_2025-08"] < 0.2
