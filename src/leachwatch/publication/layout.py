"""Where things lie in a publication, and where publications lie in a case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from leachwatch import films, tables
from leachwatch.tables import Table

__all__ = [
    "AREAS",
    "CASE",
    "FILES",
    "MANIFEST",
    "PENDING",
    "PICTURES",
    "PUBLICATIONS",
    "README",
    "REVIEWS",
    "SCAN",
    "SEEN",
    "SIGNATURE",
    "STATE",
    "STRIPS",
    "last_publication",
    "published",
]

CASE, PICTURES, FILES = "case", "pictures", "files"
"""Folders of a publication: the public case, pictures, files for other tools."""

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig.json"
README, REVIEWS = "README.txt", "claimreview.jsonld"
"""Files of a publication."""

AREAS, SCAN, STRIPS = "areas.geojson", "manifest.json", films.FOLDER
"""Files of the public case: watched ground, what the scan read, films of sites; the last two in ``out``."""

SEEN: tuple[Table, ...] = (
    tables.SITES, tables.SITE_MONTHS, tables.SPELLS, tables.PATCHES, tables.COVERAGE,
)  # fmt: skip
"""Tables that come from images, and are taken as they are; all others are computed from the public case."""

PUBLICATIONS, PENDING, STATE = "publications", "pending", "pending.json"
"""Folder in a case, in it the publication that is prepared and not released, and what is known of that."""

_NAME = re.compile(r"\d{3}-\d{4}-\d{2}-\d{2}")


def published(case: Path) -> Iterator[Path]:
    """Publications of a case, first to last."""
    folder = case / PUBLICATIONS
    found = folder.iterdir() if folder.is_dir() else iter(())
    yield from sorted(one for one in found if _NAME.fullmatch(one.name) and one.is_dir())


def last_publication(case: Path) -> Path | None:
    """Find the last one; None where nothing was published yet."""
    return next(reversed([*published(case)]), None)
