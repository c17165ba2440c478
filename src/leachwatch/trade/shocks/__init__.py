"""Shocks: breaks in the level of a series beyond its season, how sure, how large, and on which event."""

from leachwatch.trade.shocks.composition import Shift, find_shifts
from leachwatch.trade.shocks.course import KnownSum, Series, courses
from leachwatch.trade.shocks.find import find_shocks
from leachwatch.trade.shocks.match import ShockScore, score_shocks
from leachwatch.trade.shocks.settings import ShockSettings
from leachwatch.trade.shocks.stretch import well_known

__all__ = [
    "KnownSum",
    "Series",
    "Shift",
    "ShockScore",
    "ShockSettings",
    "courses",
    "find_shifts",
    "find_shocks",
    "score_shocks",
    "well_known",
]
