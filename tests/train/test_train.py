from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leachwatch.cli import app
from leachwatch.detect import PARTS, DetectSettings, digest, load_model
from leachwatch.errors import ModelError
from leachwatch.scanning import ScanSettings
from leachwatch.train import TrainSettings, train
from leachwatch.train.places import Recipe, open_place
from leachwatch.train.wholes import MINE, find_groups

RUNNER = CliRunner()


def test_the_model_that_ships_has_a_card() -> None:
    model = load_model()
    assert (model.grey.classes, model.bright.classes) == (("grey",), ("bright",))
    assert model.site.classes == (MINE,)
    card = model.card
    assert {"groups", "unseen districts", "held out", "places", "area", "limits"} <= set(card)
    assert set(card["held out"]) == {"look-alikes", "terrain"}
    assert set(model.grey.card["held out"]) <= {
        "grey", "teal", "bottle", "turquoise", "milky", "white", "brown",
    }  # fmt: skip
    assert MINE not in model.kind.classes


def test_places_to_learn_from_are_no_test_or_bench_district() -> None:
    pixels, sites = TrainSettings(seed=3).recipes()
    seeds = [one.seed for one in (*pixels, *sites)]
    assert len(set(seeds)) == len(seeds) == 120
    assert min(seeds) > 100_000
    assert {one.plain for one in sites} == {True, False}


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"grey\.json: cannot be read .*leachwatch train"):
        digest(str(tmp_path))


def test_labels_want_a_scan(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("lon,lat,label\n")
    told = ["train", "--out", str(tmp_path / "model"), "--labels", str(tmp_path / "labels.csv")]
    shown = RUNNER.invoke(app, told)
    assert "--labels" in str(shown.exception)
    assert not (tmp_path / "model").exists()


@pytest.mark.slow
def test_a_place_is_sampled_where_its_pools_are() -> None:
    recipe = Recipe.drawn(1_000_002)
    place = open_place(recipe, ScanSettings())
    shares = place.pool_share([pool for site in place.truth["sites"] for pool in site["pools"]])
    area = sum(
        pool["size_m"][0] * pool["size_m"][1] * (0.785 if pool["shape"] == "circle" else 1)
        for site in place.truth["sites"]
        for pool in site["pools"]
    )
    assert shares.sum() * 100 == pytest.approx(area, rel=0.05)
    assert any(one.kind == MINE for one in find_groups(place))


@pytest.mark.slow
def test_a_model_is_trained_the_same_from_the_same_seed_and_can_be_used(tmp_path: Path) -> None:
    settings = TrainSettings(seed=1, pixel_places=5, site_places=7)
    for name in ("one", "other"):
        train(tmp_path / name, settings)
    for part in PARTS:
        one, other = (tmp_path / name / f"{part}.json" for name in ("one", "other"))
        assert one.read_bytes() == other.read_bytes()
        assert json.loads(one.read_text())["kind"] == "symmetric trees"
    assert load_model(str(tmp_path / "one")).card["groups"][MINE] > 0
    assert digest(str(tmp_path / "one")) != digest()
    assert DetectSettings(model=str(tmp_path / "one")) != DetectSettings()
