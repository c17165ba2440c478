import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leachwatch.detect.forest import Forest
from leachwatch.errors import ModelError

catboost = pytest.importorskip("catboost")


def _trained(
    rows: NDArray[np.float32], labels: NDArray[np.int_], folder: Path, loss: str
) -> tuple[object, Forest]:
    model = catboost.CatBoostClassifier(
        iterations=20,
        depth=4,
        loss_function=loss,
        random_seed=1,
        verbose=False,
        thread_count=1,
        allow_writing_files=False,
    )
    model.fit(rows, labels)
    model.save_model(str(folder / "model.json"), format="json")
    classes = [str(one) for one in model.classes_] if loss == "MultiClass" else ["yes"]
    written = json.loads((folder / "model.json").read_text())
    return model, Forest.from_catboost(written, ["a", "b", "c"], classes)


@pytest.mark.parametrize("loss", ["Logloss", "MultiClass"])
def test_a_forest_gives_what_catboost_gives(tmp_path: Path, loss: str) -> None:
    rng = np.random.default_rng(5)
    rows = rng.standard_normal((4000, 3)).astype(np.float32)
    rows[rng.random(rows.shape) < 0.1] = np.nan
    labels = (np.nan_to_num(rows[:, 0]) > 0) + (np.nan_to_num(rows[:, 1] * rows[:, 2]) > 1)
    labels = labels if loss == "MultiClass" else np.minimum(labels, 1)
    model, forest = _trained(rows, labels, tmp_path, loss)
    expected = model.predict(rows, prediction_type="RawFormulaVal")  # type: ignore[attr-defined]
    np.testing.assert_allclose(
        forest.margin(rows.T.copy()), np.atleast_2d(np.transpose(expected)), rtol=0, atol=2e-5
    )


def test_a_forest_is_the_same_after_a_round_through_its_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    rows = rng.standard_normal((500, 3)).astype(np.float32)
    _, forest = _trained(rows, (rows[:, 0] > rows[:, 2]).astype(int), tmp_path, "Logloss")
    path = tmp_path / "forest.json"
    path.write_text(forest.with_card({"data": "made up"}).text())
    again = Forest.load(path)
    assert again.card == {"data": "made up"}
    assert again.text() == path.read_text()
    np.testing.assert_allclose(again.margin(rows.T.copy()), forest.margin(rows.T.copy()), atol=1e-5)


@settings(max_examples=50)
@given(st.integers(0, 9000), st.integers(1, 3))
def test_any_number_of_pixels_is_summed_one_by_one(pixels: int, classes: int) -> None:
    rng = np.random.default_rng(pixels)
    forest = Forest(
        ("a", "b"),
        tuple("xyz"[:classes]),
        np.array([[0, 1], [1, 0]], np.uint8),
        np.array([[0.5, -0.5], [0.1, np.inf]], np.float32),
        rng.standard_normal((2, 4, classes)).astype(np.float32),
        rng.standard_normal(classes).astype(np.float32),
    )
    inputs = rng.standard_normal((2, pixels)).astype(np.float32)
    place = (inputs[0] > 0.5) + 2 * (inputs[1] > -0.5), (inputs[1] > 0.1).astype(int)
    expected = forest.bias[:, None] + forest.leaf[0][place[0]].T + forest.leaf[1][place[1]].T
    np.testing.assert_allclose(forest.margin(inputs), expected, atol=1e-5)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"kind": "something else"}',
        (
            '{"kind": "symmetric trees", "features": ["a"], "classes": ["x"], "bias": [0], "card": {},'
            ' "trees": [{"asks": [["b", 1]], "adds": [[0], [1]]}]}'
        ),
        (
            '{"kind": "symmetric trees", "features": ["a"], "classes": ["x"], "bias": [0], "card": {},'
            ' "trees": [{"asks": [["a", 1]], "adds": [[0]]}]}'
        ),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "forest.json"
    path.write_text(content)
    with pytest.raises(ModelError, match=r"forest\.json: not a readable model .*leachwatch train"):
        Forest.load(path)


def test_inputs_must_be_as_many_as_the_features() -> None:
    forest = Forest(
        ("a",),
        ("x",),
        np.zeros((1, 1), np.uint8),
        np.zeros((1, 1), np.float32),
        np.zeros((1, 2, 1), np.float32),
        np.zeros(1, np.float32),
    )
    with pytest.raises(ValueError, match=r"inputs have shape \(2, 5\); expected \(1, n\)"):
        forest.margin(np.zeros((2, 5), np.float32))
