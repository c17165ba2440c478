"""Corroboration: how many independent groups of sources say so, and say otherwise."""

from __future__ import annotations

import math
from collections.abc import Iterable

from leachwatch.case.records import Citation
from leachwatch.case.records.claim_tests import CorroborateTest
from leachwatch.claims.data import Data
from leachwatch.claims.interval import Interval

__all__ = ["few", "groups_of", "witnesses"]

_MANY = 4


def witnesses(test: CorroborateTest, data: Data) -> tuple[int, int]:
    """Count the independent groups that support, and that contradict."""
    return groups_of(test.supports, data), groups_of(test.contradicts, data)


def groups_of(citations: Iterable[str], data: Data) -> int:
    """Count independent groups behind citations.

    Sources of one group count once; who tells what another said counts with him, once.
    """
    known = [data.records.citations[one] for one in citations if one in data.records.citations]
    sets = [_groups(one, data) for one in known]
    joined: list[set[str]] = []
    for one in sets:
        apart = [other for other in joined if not other & one]
        joined = [*apart, one.union(*(other for other in joined if other & one))]
    return len(joined)


def few(count: int) -> Interval:
    """Give a number of sources as it may be published: none, one, two or three, more than three."""
    if count >= _MANY:
        return Interval(_MANY, math.inf)
    return Interval(min(count, 2), 1 if count == 1 else 0 if count == 0 else _MANY - 1)


def _groups(citation: Citation, data: Data) -> set[str]:
    sources = filter(None, (citation.source, citation.through))
    return {data.groups_of_sources.get(one, one) for one in sources}
