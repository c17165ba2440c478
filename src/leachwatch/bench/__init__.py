"""Accuracy against known truth."""

from leachwatch.bench.accuracy import FIRST_UNSEEN_SEED, Accuracy, measure_accuracy
from leachwatch.bench.score import Score, score
from leachwatch.bench.truth import Truth, read_truth

__all__ = ["FIRST_UNSEEN_SEED", "Accuracy", "Score", "Truth", "measure_accuracy", "read_truth", "score"]
