"""Corroboration: how many independent groups of sources say so, and say otherwise."""

from __future__ import annotations

import math
from collections.abc import Iterable

from leachwatch.case.records import Citation
from leachwatch.case.records.claim_tests import CorroborateTest
from leachwatch.claims.data import Data
from leachwatch.claims.interval import Interval

__all__ = ["few", "few_words", "groups_of", "told", "witnesses"]

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


def few_words(count: int) -> str:
    """Write how many sources there are as it may be published: never the number itself beyond one.

    Examples
    --------
    >>> few_words(0), few_words(1), few_words(3)
    ('no independent source', 'one independent source', 'two or three independent sources')
    """
    words = {0: "no independent source", 1: "one independent source"}
    some = "more than three" if count >= _MANY else "two or three"
    return words.get(count, f"{some} independent sources")


def told(count: int, at_least: int) -> tuple[Interval, str]:
    """Say how many sources there are as it may be published beside whether they are enough.

    Where as many are asked for as begin no step of `few`, both together would give the number away: then only
    whether they are enough is said.

    Examples
    --------
    >>> told(2, 2)[1], told(2, 3)[1], told(3, 3)[1]
    ('two or three independent sources', 'fewer than 3 independent sources', '3 or more independent sources')
    """
    if count == 0 or at_least in {2, _MANY}:
        return few(count), few_words(count)
    if count < at_least:
        return Interval(1, at_least - 1), f"fewer than {at_least} independent sources"
    return Interval(at_least, math.inf), f"{at_least} or more independent sources"


def _groups(citation: Citation, data: Data) -> set[str]:
    sources = filter(None, (citation.source, citation.through))
    return {data.groups_of_sources.get(one, one) for one in sources}
