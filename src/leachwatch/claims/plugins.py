"""Tests that somebody has installed: found by the name of an entry point, never by a path from a claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from leachwatch.claims.data import Reader
from leachwatch.claims.estimate import Estimate

__all__ = ["GROUP", "call_entry"]

GROUP = "leachwatch.claims"
"""Group of entry points: functions of a `Reader` and a reading's ``params`` that give an `Estimate`."""

Measure = Callable[[Reader, Mapping[str, Any]], Estimate]


def call_entry(name: str, reader: Reader, params: Mapping[str, Any]) -> Estimate:
    """Measure by an installed function.

    Parameters
    ----------
    name : str
        Of the entry point.
    reader : Reader
        Gives it the tables.
    params : mapping
        What the reading says.

    Returns
    -------
    Estimate
        As the function gave it; without a measure where it is not installed, or failed.
    """
    found = _entries().get(name)
    if found is None:
        mend = f"a package installed that has the entry point {name!r} in the group {GROUP}"
        return Estimate.no_measure(
            f"the test {name!r} is not installed; install the package that has it", mend
        )
    try:
        estimate = found.load()(reader, dict(params))
    except Exception as error:  # noqa: BLE001 - code of others must not stop the other claims
        what = f"the test {name!r} failed ({type(error).__name__}: {error})"
        return Estimate.no_measure(what, f"a mended {found.value}")
    if not isinstance(estimate, Estimate):
        what = f"the test {name!r} gave a {type(estimate).__name__}, not an Estimate"
        return Estimate.no_measure(what, f"a mended {found.value}")
    if not estimate.low <= estimate.high:
        what = f"the test {name!r} gave {estimate.low:g} to {estimate.high:g}, which is no interval"
        return Estimate.no_measure(what, f"a mended {found.value}")
    return estimate


@cache
def _entries() -> Mapping[str, EntryPoint]:
    return {one.name: one for one in entry_points(group=GROUP)}
