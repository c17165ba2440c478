"""Accuracy against known truth."""

from leachwatch.bench.ablation import Ablation, measure_ablation
from leachwatch.bench.accuracy import FIRST_UNSEEN_SEED, Accuracy, measure_accuracy
from leachwatch.bench.chip_plots import draw_chips
from leachwatch.bench.chips import ChipAccuracy, FiredChips, Rows, measure_chips, measure_fired
from leachwatch.bench.claiming import measure_claims
from leachwatch.bench.clustering import measure_cluster
from leachwatch.bench.cost import Cost, Prices, reckon
from leachwatch.bench.linting import measure_linting
from leachwatch.bench.paging import PageTime, bytes_by_part, measure_page
from leachwatch.bench.planning import measure_planning
from leachwatch.bench.points import PointList, read_points
from leachwatch.bench.rates import Level, Rate
from leachwatch.bench.reading import FORMS, Form, measure_reading
from leachwatch.bench.recall import Recall, recall
from leachwatch.bench.reconciling import measure_reconciling
from leachwatch.bench.records import is_point_list
from leachwatch.bench.score import Score, score
from leachwatch.bench.shocks import measure_shocks
from leachwatch.bench.speed import PARTS, Contender, Speed, measure_speed
from leachwatch.bench.territory import measure_territory
from leachwatch.bench.truth import Truth, read_truth

__all__ = [
    "FIRST_UNSEEN_SEED",
    "FORMS",
    "PARTS",
    "Ablation",
    "Accuracy",
    "ChipAccuracy",
    "Contender",
    "Cost",
    "FiredChips",
    "Form",
    "Level",
    "PageTime",
    "PointList",
    "Prices",
    "Rate",
    "Recall",
    "Rows",
    "Score",
    "Speed",
    "Truth",
    "bytes_by_part",
    "draw_chips",
    "is_point_list",
    "measure_ablation",
    "measure_accuracy",
    "measure_chips",
    "measure_claims",
    "measure_cluster",
    "measure_fired",
    "measure_linting",
    "measure_page",
    "measure_planning",
    "measure_reading",
    "measure_reconciling",
    "measure_shocks",
    "measure_speed",
    "measure_territory",
    "read_points",
    "read_truth",
    "recall",
    "reckon",
    "score",
]
