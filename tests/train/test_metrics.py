from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

pytest.importorskip("catboost")
pytest.importorskip("sklearn")

from leachwatch.detect import WHOLE, calibration_error
from leachwatch.detect.features import FEATURES
from leachwatch.train.fit import fit_odds
from leachwatch.train.holdouts import hold_out_kinds, hold_out_slopes
from leachwatch.train.metrics import area_ratios, calibrated, out_of_fold, reliability
from leachwatch.train.pixels import Samples
from leachwatch.train.run import _pool_forest, _site_forest
from leachwatch.train.wholes import MINE, Group


def groups(count: int = 400, seed: int = 1) -> list[Group]:
    """Mines with higher scores than look-alikes, of two kinds, in forty districts."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        kind = (MINE, "quarry", "village")[int(rng.choice(3, p=(0.5, 0.3, 0.2)))]
        values = rng.normal(0, 1, len(WHOLE)).astype(np.float32)
        values[WHOLE.index("score")] += 2.0 if kind == MINE else 0.0
        area = (1500.0, 3000.0) if kind == MINE else (0.0, 900.0)
        made.append(Group(values, kind, number % 40, float(number % 40), *area))
    return made


def test_odds_out_of_fold_come_from_forests_that_have_not_seen_the_district() -> None:
    some = groups()
    asked: list[set[int]] = []

    def fit(others: object) -> object:
        asked.append({one.seed for one in others})  # type: ignore[attr-defined]
        return _site_forest(others)  # type: ignore[arg-type]

    margin = out_of_fold(some, fit)  # type: ignore[arg-type]
    assert len(asked) == 5
    assert all(seeds != {one.seed for one in some} for seeds in asked)
    mine = np.array([one.kind == MINE for one in some])
    assert margin[mine].mean() > margin[~mine].mean() + 1


def test_a_calibrated_score_is_right_as_often_as_it_says() -> None:
    some = groups(1200)
    mine = np.array([one.kind == MINE for one in some])
    margin = 5 * out_of_fold(some, _site_forest)  # far too sure
    forest = calibrated(_site_forest(some), margin, mine)
    plain = _site_forest(some)
    values = np.array([one.values for one in some], np.float32).T
    ratio = np.polyfit(plain.margin(values)[0], forest.margin(values)[0], 1)[0]
    assert ratio < 0.5
    assert calibration_error(expit(margin), mine) > 0.1
    assert calibration_error(expit(margin * ratio), mine) < 0.05


def test_more_evidence_never_lowers_the_score() -> None:
    forest = _site_forest(groups())
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (len(WHOLE), 200)).astype(np.float32)
    more = values.copy()
    more[WHOLE.index("score")] += rng.uniform(0, 3, 200).astype(np.float32)
    assert (forest.margin(more) >= forest.margin(values) - 1e-5).all()


def test_how_bright_soils_and_liquids_are_does_not_move_the_score() -> None:
    forest = _site_forest(groups())
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (len(WHOLE), 50)).astype(np.float32)
    other = values.copy()
    for name in ("visible", "nir", "ndvi", "leach"):
        other[WHOLE.index(name)] += 1
    np.testing.assert_array_equal(forest.margin(other), forest.margin(values))


@pytest.mark.slow
def test_what_was_held_out_is_reported_by_name() -> None:
    some = groups()
    kinds = hold_out_kinds(some, _site_forest)["look-alikes"]
    assert set(kinds) == {"quarry", "village"}
    assert all(0 <= one["held out"] <= 1 for one in kinds.values())
    terrain = hold_out_slopes(some, _site_forest)["terrain"]
    assert set(terrain) == {"steepest third", "gentlest third"}


def test_the_card_counts_groups_and_says_how_good_the_score_is() -> None:
    some = groups()
    mine = np.array([one.kind == MINE for one in some])
    card = reliability(some, out_of_fold(some, _site_forest), mine)
    assert card["groups"][MINE] == mine.sum()
    assert set(card["groups"]) == {MINE, "quarry", "village"}
    rates = card["unseen districts"]
    assert rates["recall at 0.5"] >= rates["recall at 0.9"]


def test_area_ratios_are_medians_of_true_over_found() -> None:
    ratios = area_ratios(groups())
    assert ratios["factor"] == pytest.approx(0.5)
    assert ratios["spread"] == pytest.approx(0.0, abs=1e-9)


def samples(seed: int, count: int = 6000) -> Samples:
    """Pixels in which blue against the pad tells pools from none, a tenth of them pools."""
    rng = np.random.default_rng(seed)
    label = (rng.random(count) < 0.1).astype(np.int8)
    label[label == 1] += rng.random((label == 1).sum()) < 0.2
    values = rng.normal(0, 1, (count, len(FEATURES))).astype(np.float32)
    values[:, FEATURES.index("blue_pad_near")] += 1.5 * (label > 0)
    values[:, FEATURES.index("leach_near")] += 3.0 * (label == 2)
    flat: NDArray[np.float32] = np.zeros(count, np.float32)
    return Samples(values, label, flat, np.full(count, "grey"), np.arange(count, dtype=np.int32) % 9, flat)


def test_log_likelihoods_of_pixels_are_calibrated_whatever_share_is_pools() -> None:
    asked = _pool_forest(samples(1), 0)
    unseen = samples(2)
    pool = unseen.label > 0
    odds = asked(unseen.values)
    prior = np.log(pool.mean() / (1 - pool.mean()))
    assert calibration_error(expit(odds + prior), pool) < 0.03


def test_bluer_greener_and_darker_than_the_pad_never_speaks_against_a_pool() -> None:
    asked = _pool_forest(samples(1), 0)
    values = samples(2, 300).values
    for name, way in (("blue_pad_near", 1), ("green_pad", 1), ("red_pad_near", -1), ("nir_pad", -1)):
        more = values.copy()
        more[:, FEATURES.index(name)] += np.float32(way * 0.7)
        assert (asked(more) >= asked(values) - 1e-5).all(), name


def test_how_bright_the_soil_is_does_not_matter() -> None:
    asked = _pool_forest(samples(1), 0)
    values = samples(2, 300).values
    other = values.copy()
    other[:, [FEATURES.index("visible"), FEATURES.index("nir")]] += 1
    np.testing.assert_array_equal(asked(other), asked(values))


def test_hidden_bands_of_20_m_are_no_obstacle() -> None:
    asked = _pool_forest(samples(1), 0)
    unseen = samples(2)
    for name in ("rededge_pad", "slope_pad", "swir_pad"):
        unseen.values[:, FEATURES.index(name)] = np.nan
    odds = asked(unseen.values)
    assert odds[unseen.label > 0].mean() > odds[unseen.label == 0].mean() + 0.8


def test_a_forest_of_odds_is_the_same_for_the_same_seed() -> None:
    some = groups()
    values = np.array([one.values for one in some], np.float32)
    mine = np.array([one.kind == MINE for one in some]).astype(int)
    one, other = (fit_odds(values, mine, WHOLE, MINE, random_seed=4, iterations=20) for _ in range(2))
    assert one.text() == other.text()
