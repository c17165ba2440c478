from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from leachwatch.detect.chips import ChipModel, chip_model, chip_scores
from leachwatch.detect.forest import Forest
from leachwatch.simulate.chips import chips
from leachwatch.train.chips import ChipTraining, train_chips, write_chip_model

pytest.importorskip("catboost")

SMALL = ChipTraining(seed=7, districts=5, processes=1)


@pytest.fixture(scope="module")
def trained() -> ChipModel:
    return train_chips(SMALL)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_files(trained: ChipModel) -> None:
    again = train_chips(SMALL)
    assert (again.pixels.text(), again.chips.text()) == (trained.pixels.text(), trained.chips.text())


@pytest.mark.slow
def test_a_small_training_tells_chips_of_another_district_apart(trained: ChipModel, tmp_path: Path) -> None:
    write_chip_model(trained, tmp_path)
    read = ChipModel(Forest.load(tmp_path / "chip_pixels.json"), Forest.load(tmp_path / "chips.json"))
    found = chips(77, size=128, anywhere=40)
    scores = chip_scores(np.stack([one.pixels for one in found]), read)
    pools = np.array([one.kind == "pools" for one in found])
    assert np.median(scores[pools]) > np.quantile(scores[~pools], 0.8)


@pytest.mark.slow
def test_the_card_says_what_was_held_out(trained: ChipModel) -> None:
    card = trained.chips.card
    assert set(card["seeds"]) == {"pixels", "chips", "held out"}
    assert set(card["classes held out of training, AUC"]) <= set(card["unseen districts, AUC"])


def test_no_district_is_in_two_parts() -> None:
    parts = [set(part) for part in ChipTraining(districts=8).seeds]
    assert all(parts)
    assert len(set.union(*parts)) == sum(map(len, parts))


def test_the_shipped_model_names_its_seeds_and_limits() -> None:
    card = chip_model().chips.card
    assert card["seeds"] == {
        name: f"{seeds.start} to {seeds.stop - 1}"
        for name, seeds in zip(("pixels", "chips", "held out"), ChipTraining().seeds, strict=True)
    }
    assert card["limits"]
