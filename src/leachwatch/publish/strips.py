"""A site's months side by side: height and colour tell the state."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from leachwatch.publish.model import MonthState, PublicAccount
from leachwatch.publish.series import site_states

__all__ = ["HEIGHT", "STEP", "strips"]

STEP = 3
"""Width of a month, px."""

HEIGHT = 14
"""Of the strip, px."""

_MOST_SITES = 300  # beyond that the strips would double the file; the panel of a site still has its own

_TOP: Mapping[MonthState, int] = {
    "active": 0,
    "idle": 5,
    "cleared": 9,
    "abandoned": 11,
    "absent": 13,
    "unseen": 0,
}


def strips(account: PublicAccount) -> Mapping[str, tuple[tuple[MonthState, str], ...]]:
    """SVG paths, one a state, for each site; nothing where there are too many sites."""
    if len(account.sites) > _MOST_SITES:
        return {}
    return {site: tuple(_paths(states)) for site, states in site_states(account).items()}


def _paths(states: tuple[MonthState, ...]) -> list[tuple[MonthState, str]]:
    drawn: dict[MonthState, str] = {}
    at = 0
    for state, run in groupby(states):
        wide = len(list(run)) * STEP
        top = _TOP[state]
        drawn[state] = drawn.get(state, "") + f"M{at} {top}h{wide}V{HEIGHT}h-{wide}z"
        at += wide
    return list(drawn.items())
