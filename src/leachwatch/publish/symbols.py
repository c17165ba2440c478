"""Signs of the map: one shape a state, one ring a tier, so that nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leachwatch.publish.language import say
from leachwatch.publish.model import MonthState, PublicAccount, PublicPatch, Tier

__all__ = ["COLOURS", "RINGS", "SHADES", "SHAPES", "Appearance", "Ring", "Shape", "appearances"]

_SHADES = 8  # colours of the ramp in page.css, --y0 to --y7


@dataclass(frozen=True)
class Shape:
    """A sign drawn around (0, 0), at most 12 px wide.

    Attributes
    ----------
    fill : str
        SVG path that is filled.
    stroke : str
        SVG path that is drawn as a line.
    meaning : str
        What it says, for the key.
    """

    fill: str
    stroke: str
    meaning: str


@dataclass(frozen=True)
class Ring:
    """The ring around a sign; `dash` is an SVG dash pattern."""

    width: float
    dash: str
    meaning: str


_CIRCLE = "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z"

SHAPES: Mapping[MonthState, Shape] = {
    "active": Shape(_CIRCLE, "", say("pools seen in use")),
    "idle": Shape("M0-5.5a5.5 5.5 0 0 0 0 11z", _CIRCLE, say("no use seen, pools still there")),
    "cleared": Shape("M0-6L5.8 4.6H-5.8z", "", say("forest cut, no pools yet")),
    "abandoned": Shape("", "M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5", say("no use for long, growing over")),
    "absent": Shape("M-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z", "", say("seen, and no mine there yet")),
    "unseen": Shape("", "M-5-5H5V5H-5zM-5 0L0-5M-5 5L5-5M0 5L5 0", say("no clear look: nothing is known")),
}

COLOURS: Mapping[MonthState, str] = {
    "active": "#b23a12",
    "idle": "#c98a00",
    "cleared": "#1f7a72",
    "abandoned": "#55525c",
    "absent": "#6f6b64",
    "unseen": "#6f6b64",
}
"""Of the states on paper, as in ``page.css``."""

RINGS: Mapping[Tier, Ring] = {
    "confirmed": Ring(2.2, "", "confirmed"),
    "probable": Ring(1, "", "probable"),
    "possible": Ring(1.4, "1.4 3.2", "possible"),
}


SHADES: Mapping[str, str] = {
    "yb": "#8b8378",
    "y0": "#a8cbe6",
    "y1": "#8fb8dc",
    "y2": "#74a3d0",
    "y3": "#5a8cc1",
    "y4": "#4274ae",
    "y5": "#2e5d98",
    "y6": "#1c457f",
    "y7": "#0d2c5e",
}
"""Of the classes of patches on paper, as in ``page.css``."""


@dataclass(frozen=True)
class Appearance:
    """A class of patches by when they appeared.

    Attributes
    ----------
    label : str
        A year, or that it was there before.
    style : str
        CSS class; ``yb`` for what was already there, else ``y0`` (first) to ``y7`` (last).
    """

    label: str
    style: str


def appearances(account: PublicAccount) -> tuple[tuple[Appearance, ...], tuple[int, ...]]:
    """Classes of patches by year of appearance.

    Returns
    -------
    classes : tuple of Appearance
        Already there first, then every year from the first to the last.
    of : tuple of int
        For each patch of the account, the index of its class.
    """
    years = [_year(patch) for patch in account.patches]
    known = sorted({year for year in years if year is not None})
    span = list(range(known[0], known[-1] + 1)) if known else []
    before = [Appearance(say("at the first look"), "yb")] if None in years else []
    classes = (*before, *(Appearance(str(year), _shade(year, span)) for year in span))
    place = {year: number + len(before) for number, year in enumerate(span)}
    return classes, tuple(0 if year is None else place[year] for year in years)


def _year(patch: PublicPatch) -> int | None:
    """Year in which a patch was first seen; None where it was there at the first look."""
    latest: date | None = patch.first_seen.latest
    return None if patch.first_seen.earliest is None or latest is None else latest.year


def _shade(year: int, span: Sequence[int]) -> str:
    if len(span) == 1:
        return f"y{_SHADES - 2}"
    return f"y{round((year - span[0]) * (_SHADES - 1) / (span[-1] - span[0]))}"
