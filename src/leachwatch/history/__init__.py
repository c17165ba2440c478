"""Each site through time: clearing, pools, spells of work and rest, areas; every date an interval."""

from leachwatch.history.area import Estimate
from leachwatch.history.ground import Ground, outline, survey
from leachwatch.history.settings import HistorySettings
from leachwatch.history.timeline import Between, Month, Patch, Spell, Timeline, trace

__all__ = [
    "Between",
    "Estimate",
    "Ground",
    "HistorySettings",
    "Month",
    "Patch",
    "Spell",
    "Timeline",
    "outline",
    "survey",
    "trace",
]
