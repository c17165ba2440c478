"""How a claim is tested, as it may be published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any

from pydantic import BaseModel

from leachwatch.case.records import Span
from leachwatch.case.records.claim_tests import CorroborateTest, PythonTest, Test
from leachwatch.case.records.record import ID_PATTERN
from leachwatch.release.model import PublicReading, PublicTest

__all__ = ["public_test", "written_test"]

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


def written_test(test: Test, name: Callable[[str], str], published: Collection[str]) -> dict[str, Any] | None:
    """Write a test as in ``claims.yaml``, for others to run again.

    Parameters
    ----------
    test : Test
        Of a claim that no protected source told.
    name : callable
        Gives a record's id in the publication.
    published : collection of str
        Ids, in the publication, of the records that are in it.

    Returns
    -------
    dict or None
        None where the test names a record that stays behind, or has settings that are not published.
    """
    if isinstance(test, PythonTest):
        return None
    if isinstance(test, CorroborateTest):
        listed = {
            field: [one for one in map(name, getattr(test, field)) if one in published]
            for field in ("supports", "contradicts")
        }
        return {"kind": test.kind, **listed, "at_least": test.at_least, **_error(test)}
    written: dict[str, Any] = {
        "kind": test.kind,
        "readings": [{"id": one.id, "why": one.why, **_nested(one, name)} for one in test.readings],
        **_error(test),
    }
    for field in ("around", "within_days"):
        if (value := getattr(test, field, None)) is not None:
            written[field] = name(value) if isinstance(value, str) else value
    if (expect := getattr(test, "expect", None)) is not None:
        written["expect"] = _named(expect, ("quantifier", "value", "value_high", "unit"))
    named = {one for one in _texts(written) if ID_PATTERN.fullmatch(one)}
    return written if named <= set(published) else None


def _error(test: Any) -> dict[str, Any]:
    """Write what a test says of errors, of how much has to have been seen, of what is printed beside it."""
    written: dict[str, Any] = {"error": _named(test.error, ("revision", "precision", "recall"))}
    if test.require is not None:
        written["require"] = _named(test.require, ("clear_looks", "share_of_area", "period"))
    if test.context:
        written["context"] = [_named(one, ("kind", "of", "window", "versus")) for one in test.context]
    return written


def _named(part: BaseModel, fields: Iterable[str]) -> dict[str, Any]:
    values = {field: _plain(getattr(part, field), str) for field in fields}
    return {field: value for field, value in values.items() if value is not None}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(_texts, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))


def _asked(part: BaseModel, name: Callable[[str], str]) -> Iterator[tuple[str, _Value]]:
    yield from _flat(_nested(part, name), "")


def _flat(value: Any, path: str) -> Iterator[tuple[str, _Value]]:
    """Each value with the names and numbers that lead to it."""
    inside: Iterable[tuple[Any, Any]] | None = None
    if isinstance(value, Mapping):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    if inside is None:
        yield path, str(value) if isinstance(value, date) else value
        return
    for key, one in inside:
        yield from _flat(one, f"{path}.{key}" if path else str(key))


def _nested(part: BaseModel, name: Callable[[str], str]) -> dict[str, Any]:
    """Fields of a reading that are published, as they are nested in it."""
    found: dict[str, Any] = {}
    for field in type(part).model_fields:
        value = getattr(part, field)
        if isinstance(value, BaseModel) and field in _PARTS:
            found[field] = _nested(value, name)
        elif field in _LEAVES and not isinstance(value, BaseModel) and value is not None:
            found[field] = _plain(value, name)
    return found


def _plain(value: Any, name: Callable[[str], str]) -> Any:
    if isinstance(value, tuple):
        return [_plain(one, name) for one in value]
    if isinstance(value, Span):
        return str(value)
    return name(value) if isinstance(value, str) else value
