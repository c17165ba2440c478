from __future__ import annotations

from typing import Any

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from leachwatch.detect.kernels import pool_spells

evidence = st.floats(-1.5, 2.0, width=32).map(lambda value: round(value, 2))


def spells(series: NDArray[Any], enough: float = 1e9) -> tuple[float, int, int, int]:
    cube = series.astype(np.float32)[:, None, None]
    score = np.empty((1, 1), np.float32)
    first, last, looks = (np.empty((1, 1), np.int16) for _ in range(3))
    pool_spells(cube, np.ones(cube.shape, np.bool_), np.float32(0), enough, score, first, last, looks)
    return float(score[0, 0]), int(first[0, 0]), int(last[0, 0]), int(looks[0, 0])


@given(arrays(np.float32, st.integers(1, 12), elements=evidence))
def test_the_best_spell_is_the_best_of_all_runs(series: NDArray[np.float32]) -> None:
    score, first, last, _ = spells(series)
    assert score == pytest.approx(oracles.best_spell(series)[0], abs=1e-3)
    if first >= 0:
        assert series[first : last + 1].sum() == pytest.approx(score, abs=1e-3)


def test_a_series_that_never_speaks_for_a_pool_has_no_spell() -> None:
    assert spells(np.array([-1.0, 0.0, -0.5])) == (0.0, -1, -1, 0)


def test_a_spell_counts_the_looks_that_speak_for_it() -> None:
    score, *rest = spells(np.array([-1.0, 1.0, -0.2, 0.0, 2.0, -1.5]))
    assert score == pytest.approx(2.8)
    assert rest == [1, 4, 2]


def test_two_runs_that_are_enough_are_one_life() -> None:
    series = np.array([-1.0, 2, 2, 1, -1, -1, -1, -1, -1, -1, 2, 2, 2, -1])
    assert spells(series)[1:3] == (10, 12)
    assert spells(series, enough=4.0)[1:3] == (1, 12)


@given(arrays(np.float32, st.integers(1, 12), elements=evidence), st.floats(0.5, 6))
def test_runs_that_count_hold_the_best_one(series: NDArray[np.float32], enough: float) -> None:
    score, first, last, _ = spells(series, enough)
    best, best_first, best_last, _ = spells(series)
    assert score == best
    if best >= enough:
        assert first <= best_first
        assert last >= best_last
    else:
        assert (first, last) == (best_first, best_last)
