"""What of a case may be published, as values that can hold nothing else."""

from leachwatch.release.circumstances import Circumstances, circumstances_of
from leachwatch.release.clearance import CLEARANCE, Clearance, digest_of, read_clearance
from leachwatch.release.descriptors import read_descriptors
from leachwatch.release.model import PublicCase
from leachwatch.release.names import PublicationKey, new_key
from leachwatch.release.places import Population, read_population
from leachwatch.release.projection import Release, Withheld, as_published, public, release_of
from leachwatch.release.withdrawn import WITHDRAWN, Withdrawn, mark_withdrawn, read_withdrawn, take_down
from leachwatch.release.written import OUTLINES, published_evidence, written

__all__ = [
    "CLEARANCE",
    "OUTLINES",
    "WITHDRAWN",
    "Circumstances", "Clearance", "Population", "PublicCase", "PublicationKey", "Release",
    "Withdrawn", "Withheld", "as_published", "circumstances_of", "digest_of", "mark_withdrawn", "new_key",
    "public", "published_evidence", "read_clearance", "read_descriptors", "read_population",
    "read_withdrawn", "release_of", "take_down", "written",
]  # fmt: skip
