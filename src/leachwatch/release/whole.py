"""Whether a publication holds together: every id that it names is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from leachwatch.case.records import PREFIXES
from leachwatch.release.model import PublicCase

__all__ = ["dangling"]

_ID = re.compile(rf"\b(?:{'|'.join(PREFIXES.values())})-[0-9a-hjkmnp-tv-z]{{10}}\b")


def dangling(case: PublicCase) -> tuple[tuple[str, str], ...]:
    """Find ids that a published record names, in a field or within a sentence, and that are not published.

    Returns
    -------
    tuple of (str, str)
        The record, and the id that it names; empty where the publication is whole.
    """
    listed = list(_records(case))
    known = {identity for identity, _ in listed}
    return tuple(sorted((own, other) for own, record in listed for other in _named(record) - known))


def _named(record: BaseModel) -> set[str]:
    return set(_ID.findall(record.model_dump_json()))


def _records(case: PublicCase) -> Iterator[tuple[str, BaseModel]]:
    for kind in type(case).model_fields:
        for record in getattr(case, kind):
            yield record.id, record
