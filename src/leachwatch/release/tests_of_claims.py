"""How a claim is tested, as it may be published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from leachwatch.case.records import Span
from leachwatch.case.records.claim_tests import CorroborateTest, PythonTest, Test
from leachwatch.release.model import PublicReading, PublicTest

__all__ = ["public_test"]

_Value = str | float | int | bool

_PARTS = (
    "numerator", "denominator", "part", "whole", "before", "after", "versus", "where", "inside", "first",
    "second", "moment", "shock", "of",
)  # fmt: skip
"""Fields of a reading that hold figures, selections and moments."""

_LEAVES = (
    "of", "reporter", "partner", "flow", "hs", "basis", "period", "quantity", "scenario", "figure", "amount",
    "currency", "into", "month", "count", "join_m", "areas", "territory", "version", "controllers", "control",
    "valid_on", "near", "tiers", "states", "pools_from", "cleared_from", "simulated", "definition",
    "cumulative", "record", "onset", "direction", "edge", "among", "within",
)  # fmt: skip
"""Fields of these that are published; a field added tomorrow is not."""


def public_test(test: Test, name: Callable[[str], str], *, derived: bool) -> PublicTest:
    """Project a test.

    Parameters
    ----------
    test : Test
        Of a claim.
    name : callable
        Gives a record's id in the publication.
    derived : bool
        Whether the claim is what a protected source told: how exactly it is asked then stays behind.
    """
    expect = getattr(test, "expect", None)
    hidden = "how it is tested in detail" if derived else ""
    if isinstance(test, CorroborateTest):
        hidden = "which sources were counted"
    elif isinstance(test, PythonTest):
        hidden = "settings of the function that measures it"
    readings = () if isinstance(test, CorroborateTest) or derived else test.readings
    return PublicTest(
        kind=test.kind,
        quantifier=expect.quantifier if expect else "",
        value=expect.value if expect else None,
        value_high=expect.value_high if expect else None,
        unit=expect.unit if expect else "",
        readings=tuple(
            PublicReading(id=one.id, why=one.why, asks=tuple(_asked(one, name))) for one in readings
        ),
        at_least=test.at_least if isinstance(test, CorroborateTest) else None,
        within_days=None if derived else getattr(test, "within_days", None),
        information_withheld=hidden,
    )


def _asked(part: BaseModel, name: Callable[[str], str], path: str = "") -> Iterator[tuple[str, _Value]]:
    for field in type(part).model_fields:
        value, where = getattr(part, field), f"{path}{field}"
        if isinstance(value, BaseModel) and field in _PARTS:
            yield from _asked(value, name, f"{where}.")
        elif field in _LEAVES and not isinstance(value, BaseModel) and value is not None:
            yield from _leaf(value, name, where)


def _leaf(value: Any, name: Callable[[str], str], where: str) -> Iterator[tuple[str, _Value]]:
    if isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _leaf(one, name, f"{where}.{place}")
    elif isinstance(value, (Span, date)):
        yield where, str(value)
    elif isinstance(value, str):
        yield where, name(value)
    elif isinstance(value, (bool, int, float)):
        yield where, value
