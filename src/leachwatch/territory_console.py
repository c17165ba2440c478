"""What is printed of territories: who held what, and boundaries that were fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leachwatch.console import one_line, tell

if TYPE_CHECKING:
    from leachwatch.territory import Boundaries, Holding, StandingReport

__all__ = ["print_boundaries", "print_standing"]

_MOST_LINES = 12


def print_standing(report: StandingReport | None, *, quiet: bool) -> None:
    """Print who held how many sites in the last month, with what is only possible said so."""
    if report is None:
        return
    if report.month is None:
        tell("control: no site, so nobody held one", quiet=quiet)
        return
    sites = f"{report.sites} confirmed or probable site{'' if report.sites == 1 else 's'}"
    made_up = " if these SIMULATED sites lay there; nobody holds them" if report.simulated else ""
    tell(f"control in {report.month:%Y-%m}, of {sites}{made_up}:", quiet=quiet)
    for line in _lines(report):
        tell(line, quiet=quiet)


def _lines(report: StandingReport) -> Iterator[str]:
    ranked = sorted(report.holdings, key=lambda one: (-one.held, -one.possibly, one.controller))
    most = [one for one in ranked if one.held or one.possibly or one.high != 0]
    for one in most[:_MOST_LINES]:
        yield f"  {one_line(one.controller):<24} {_held(one)}"
    if len(most) > _MOST_LINES:
        yield f"  and {len(most) - _MOST_LINES} more in control_counts"
    none = ", ".join(one_line(one.controller) for one in ranked if one not in most)
    if none:
        yield f"  none of them: {none}"
    if report.unknown:
        yield f"  {'nobody known':<24} {report.unknown}"


def _held(one: Holding) -> str:
    possibly = f", possibly {one.possibly} more" if one.possibly else ""
    if one.low is None or one.high is None or one.p50 is None:
        return f"not known to hold any that month{possibly}"
    interval = f"{one.low:.0f} to {one.high:.0f} mines (5-95 %, median {one.p50:.0f})"
    return f"held {one.held}{possibly}; {interval}"


def print_boundaries(got: Boundaries, *, quiet: bool, as_json: bool) -> None:
    """Print what was fetched, under which licence, and the record of its source."""
    if as_json:
        said = {"file": str(got.file), "about": str(got.about), "features": got.features}
        print(json.dumps({**said, "fields": list(got.fields), "licence": got.licence, "source": got.source}))
        return
    tell(f"{got.file}: {got.features} features with {', '.join(map(one_line, got.fields))}", quiet=quiet)
    tell(f"licence: {one_line(got.licence)}; where it is from stands in {got.about}", quiet=quiet)
    tell("for sources.yaml (its id is yours to give):", quiet=quiet)
    tell(got.source.rstrip(), quiet=quiet)
