"""Evidence of leach pools: per pixel and look, then pool pixels, then groups of them that may be sites."""

from leachwatch.detect.forest import Forest
from leachwatch.detect.groups import connected, group, link
from leachwatch.detect.hits import Hits, find_hits, join, margin
from leachwatch.detect.judge import Judgement, Tier, judge
from leachwatch.detect.model import PARTS, Model, digest, load_model
from leachwatch.detect.rating import auc, calibration_error
from leachwatch.detect.settings import DetectSettings
from leachwatch.detect.wholes import WHOLE, Whole, measure

__all__ = [
    "PARTS",
    "WHOLE",
    "DetectSettings",
    "Forest",
    "Hits",
    "Judgement",
    "Model",
    "Tier",
    "Whole",
    "auc",
    "calibration_error",
    "connected",
    "digest",
    "find_hits",
    "group",
    "join",
    "judge",
    "link",
    "load_model",
    "margin",
    "measure",
]
