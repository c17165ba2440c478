"""The case: what to watch, over which dates, from which imagery; what people decided about its sites."""

from leachwatch.case.area import Area, read_areas
from leachwatch.case.chain import Chain, ChainLine
from leachwatch.case.claiming import ClaimSettings
from leachwatch.case.folder import Case, ImagerySource, new_case, open_case
from leachwatch.case.keys import write_key
from leachwatch.case.outlines import Drawn, read_outlines
from leachwatch.case.period import Period, parse_period
from leachwatch.case.review import REVIEWS, Review, in_force, keeping, read_reviews, record_review
from leachwatch.case.size import parse_size
from leachwatch.case.template import TEMPLATES, template_files
from leachwatch.case.vector import read_vector, sound

__all__ = [
    "REVIEWS",
    "TEMPLATES",
    "Area",
    "Case",
    "Chain",
    "ChainLine",
    "ClaimSettings",
    "Drawn",
    "ImagerySource",
    "Period",
    "Review",
    "in_force",
    "keeping",
    "new_case",
    "open_case",
    "parse_period",
    "parse_size",
    "read_areas",
    "read_outlines",
    "read_reviews",
    "read_vector",
    "record_review",
    "sound",
    "template_files",
    "write_key",
]
