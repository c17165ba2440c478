"""The case: what to watch, over which dates, from which imagery."""

from leachwatch.case.area import Area, read_areas
from leachwatch.case.folder import Case, ImagerySource, new_case, open_case
from leachwatch.case.period import Period, parse_period
from leachwatch.case.size import parse_size

__all__ = [
    "Area",
    "Case",
    "ImagerySource",
    "Period",
    "new_case",
    "open_case",
    "parse_period",
    "parse_size",
    "read_areas",
]
