"""A publication: everything that leaves, computed from its public half alone; released, and verified."""

from leachwatch.publication.drafting import draft
from leachwatch.publication.preparing import Prepared, prepare
from leachwatch.publication.releasing import release_prepared
from leachwatch.publication.verifying import Verified, verify, verify_case

__all__ = ["Prepared", "Verified", "draft", "prepare", "release_prepared", "verify", "verify_case"]
