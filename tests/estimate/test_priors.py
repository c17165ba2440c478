from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from leachwatch.errors import RecordError
from leachwatch.estimate import read_priors

ONE = """\
priors:
  - id: dysprosium_elsewhere
    distribution: fixed
    value: 2000
    unit: t
    grade: C
    source: a test
    note: simulated
"""


def own(folder: Path, text: str) -> Path:
    path = folder / "priors.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_prior_that_ships_says_where_it_comes_from() -> None:
    for prior in read_priors().values():
        assert prior.source
        assert prior.note
        assert prior.grade in "ABCD"


def test_draws_stay_where_a_prior_lies() -> None:
    for prior in read_priors().values():
        low, high = prior.support()
        drawn = prior.draw(np.random.default_rng(0), 2000)
        assert low <= drawn.min() <= drawn.max() <= high


def test_a_prior_of_a_case_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    shipped, changed = read_priors(), read_priors(own(tmp_path, ONE))
    assert changed["dysprosium_elsewhere"].support() == (2000, 2000)
    assert {name for name in changed if changed[name] != shipped[name]} == {"dysprosium_elsewhere"}


def test_a_case_may_add_a_prior(tmp_path: Path) -> None:
    added = read_priors(own(tmp_path, ONE.replace("dysprosium_elsewhere", "another")))
    assert set(added) - set(read_priors()) == {"another"}


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("grade: E", "grade: C", r"priors.yaml:2: dysprosium_elsewhere: grade: "),
        ("valeu: 2000", "value: 2000", r"valeu: extra inputs are not permitted"),
        ("value: two", "value: 2000", r"value: input should be a valid number"),
        ("value: .nan", "value: 2000", r"value: input should be a finite number"),
        ("value: -1", "value: 2000", r"a prior in t lies between 0 and inf, not -1 to -1"),
        ("unit: share", "unit: t", r"a prior in share lies between 0 and 1, not 2000 to 2000"),
        ("unit: months", "unit: t", r"dysprosium_elsewhere: unit: is 'months', must be 't'"),
        ("distribution: normal", "distribution: fixed", r"dysprosium_elsewhere: distribution: "),
        ("source: a test\n    url: nowhere", "source: a test", r"url: string should match"),
    ],
)
def test_a_fault_is_named_by_file_line_and_field(wrong: str, right: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=said):
        read_priors(own(tmp_path, ONE.replace(right, wrong)))


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("triangular\n    low: 3\n    mode: 2\n    high: 4", "must stand in that order"),
        ("triangular\n    low: 3\n    mode: 3\n    high: 3", "low below high"),
        ("uniform\n    low: 3\n    high: 3", "low must be below high"),
        ("beta\n    a: 0\n    b: 2", "a: input should be greater than 0"),
        ("discrete\n    values: [1, 2]\n    weights: [1.0]", "2 values need as many weights, not 1"),
        ("discrete\n    values: [1, 2]\n    weights: [0.5, 0.4]", "weights add up to 0.9, not 1"),
    ],
)
def test_a_distribution_must_make_sense(shape: str, said: str, tmp_path: Path) -> None:
    text = ONE.replace("fixed\n    value: 2000", shape)
    with pytest.raises(RecordError, match=said):
        read_priors(own(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must hold one list named `priors`"),
        ("priors: {}", "must hold one list named `priors`"),
        ("priors: [1]", "priors.yaml:1: is no prior"),
        ("priors: [{}]", "priors.yaml:1: no id: "),
        ("priors:\n  - id: [", "priors.yaml:2: not YAML"),
        (ONE + ONE.removeprefix("priors:\n"), "priors.yaml:9: dysprosium_elsewhere: id: stands twice"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=said):
        read_priors(own(tmp_path, text))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        read_priors(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"priors: \xe9")
    with pytest.raises(RecordError, match="is not UTF-8"):
        read_priors(tmp_path / "latin.yaml")
