"""Loops over pixels and looks; of this package, the only importers of numba."""

from leachwatch.detect.kernels.contrasts import describe, measure_contrasts
from leachwatch.detect.kernels.ground import (
    ASKED,
    BARE,
    FOREST,
    GREEN,
    KNOWN,
    LEACH,
    PAD,
    SEEN,
    WATER,
    Rule,
    count_ground,
    mark_ground,
    mark_pad,
)
from leachwatch.detect.kernels.spells import pool_spells
from leachwatch.detect.kernels.trees import sum_trees

__all__ = [
    "ASKED",
    "BARE",
    "FOREST",
    "GREEN",
    "KNOWN",
    "LEACH",
    "PAD",
    "SEEN",
    "WATER",
    "Rule",
    "count_ground",
    "describe",
    "mark_ground",
    "mark_pad",
    "measure_contrasts",
    "pool_spells",
    "sum_trees",
]
