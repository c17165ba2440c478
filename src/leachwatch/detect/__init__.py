"""Evidence of leach pools: per pixel and look, then pool pixels, then groups of them that may be sites."""

from leachwatch.detect.hits import Hits, find_hits, join, margin
from leachwatch.detect.judge import Judgement, Tier, judge
from leachwatch.detect.settings import DetectSettings, JudgeSettings
from leachwatch.detect.sites import Shape, group, link, measure

__all__ = [
    "DetectSettings",
    "Hits",
    "JudgeSettings",
    "Judgement",
    "Shape",
    "Tier",
    "find_hits",
    "group",
    "join",
    "judge",
    "link",
    "margin",
    "measure",
]
