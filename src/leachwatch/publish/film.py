"""The film strip of a site: looks in their order, the evidence of each, and what the site was taken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import ceil

import numpy as np
from jinja2 import Template
from markupsafe import Markup
from numpy.typing import NDArray

from leachwatch.films import Film
from leachwatch.publish import assets, sprites, words
from leachwatch.publish.geography import nice_length
from leachwatch.publish.model import MONTH_STATES, PublicSite
from leachwatch.publish.symbols import COLOURS

__all__ = ["SCALE", "draw"]

SCALE = 1.25
"""Dots of a picture file to a px of the drawing; pixels of a look are a whole number of dots."""

_ACROSS = 9
"""Looks in a row at the most; more go below."""
_WIDE, _LARGEST = 936, 124
"""Px for a row of pictures, and for one picture, about."""
_LEAST_WIDE, _SMALLEST = 800, 80
_EDGE, _LABELS = 18, 88
_HEAD, _FOOT = 78, 74
_BAR, _STEP, _DATE, _BETWEEN = 16, 4, 18, 16
_BAR_SHARE = 0.4
"""Of a picture's side that the scale bar takes at the most."""
_MOST_EVIDENCE = 2.0
_RAMP = np.linspace(-1, 1, 21, dtype=np.float32)
_INK, _LIGHT = "#1d1b18", "#ffffff"
_PALE = ("", "idle")
"""States whose bar is light: what is written in it is dark."""
_LETTERS = 8.2
"""Px that a letter of a state takes at the most."""


@dataclass(frozen=True)
class _Run:
    """Looks beside each other in one state."""

    x: float
    width: float
    label: str
    colour: str
    ink: str


@dataclass(frozen=True)
class _Row:
    """Looks drawn beside each other."""

    y: float
    width: float
    colours: str
    evidence: str
    outlines: tuple[float, ...]
    dates: tuple[tuple[float, str], ...]
    runs: tuple[_Run, ...]


@dataclass(frozen=True)
class _Sheet:
    """Where everything of a strip stands, px."""

    width: float
    height: float
    left: float
    cell: float
    pixel: float
    second: float
    bar: float
    dates: float
    foot: float
    rows: tuple[_Row, ...]
    outline: str
    scale: float
    scale_label: str
    most: float
    ramp: tuple[str, ...]


def draw(film: Film, site: PublicSite, *, name: str, simulated: bool, packing: sprites.Packing) -> Markup:
    """Draw a strip as SVG.

    Parameters
    ----------
    film : Film
        The looks.
    site : PublicSite
        Whose they are.
    name : str
        Id of the outline in the document; letters, digits, ``-``.
    simulated : bool
        Whether to stamp it.
    packing : {"exact", "small"}
        How the pictures are packed.

    Returns
    -------
    Markup
    """
    return Markup(  # noqa: S704 - the template escapes
        _template().render(
            sheet=_sheet(film, packing),
            film=film,
            site=site,
            name=name,
            simulated=simulated,
            words=words,
            sprites=sprites,
            said=_said(film, site, simulated=simulated),
        )
    )


def _sheet(film: Film, packing: sprites.Packing) -> _Sheet:
    side = film.pool.shape[1]
    batches = _batches(len(film.days))
    across = len(batches[0])
    fitting = round(SCALE * min(_WIDE / across, _LARGEST) / (side + sprites.GAP))
    pixel = max(fitting, ceil(SCALE * _SMALLEST / side)) / SCALE
    cell, step = side * pixel, (side + sprites.GAP) * pixel
    left = _EDGE + _LABELS
    second = cell + sprites.GAP * pixel
    bar = second + cell + _STEP
    high = bar + _BAR + _DATE + _BETWEEN
    rows = tuple(
        _row(film, looks, _HEAD + place * high, step, packing) for place, looks in enumerate(batches)
    )
    foot = _HEAD + len(rows) * high
    metres = nice_length(side * film.pixel_m * _BAR_SHARE)
    return _Sheet(
        width=max(left + across * step + _EDGE, _LEAST_WIDE),
        height=foot + _FOOT,
        left=left,
        cell=cell,
        pixel=pixel,
        second=second,
        bar=bar,
        dates=bar + _BAR + _DATE - 4,
        foot=foot,
        rows=rows,
        outline=_outline(film.pool),
        scale=metres / film.pixel_m * pixel,
        scale_label=f"{metres:,.0f} m",
        most=_most(film),
        ramp=tuple(f"#{bytes(colour).hex()}" for colour in sprites.ramp(_RAMP)),
    )


def _batches(looks: int) -> list[range]:
    """Divide looks among rows of about the same length."""
    across = ceil(looks / ceil(looks / _ACROSS))
    return [range(first, min(first + across, looks)) for first in range(0, looks, across)]


def _row(film: Film, looks: Sequence[int], y: float, step: float, packing: sprites.Packing) -> _Row:
    side = film.pool.shape[1]
    pixel = step / (side + sprites.GAP)
    return _Row(
        y=y,
        width=len(looks) * step - sprites.GAP * pixel,
        colours=sprites.colours(film, looks, packing),
        evidence=sprites.evidence(film, looks, _most(film)),
        outlines=tuple(place * step for place in range(len(looks))),
        dates=tuple(
            (place * step + side * pixel / 2, words.day(film.days[look])) for place, look in enumerate(looks)
        ),
        runs=tuple(_runs([film.states[look] for look in looks], step, sprites.GAP * pixel)),
    )


def _runs(states: Sequence[str], step: float, gap: float) -> Iterator[_Run]:
    at = 0
    for state, run in groupby(states):
        many = len(list(run))
        wide = many * step - gap
        label = state or ("changing" if wide > len("changing") * _LETTERS else "?")
        colour = next((COLOURS[known] for known in MONTH_STATES if known == state), "")
        yield _Run(at * step, wide, label, colour, _INK if state in _PALE else _LIGHT)
        at += many


def _most(film: Film) -> float:
    """Evidence at the ends of the ramp: what the strongest pixel says, rounded up to a half, or more."""
    known = np.abs(film.evidence[~np.isnan(film.evidence)].astype(np.float32))
    return max(_MOST_EVIDENCE, ceil(float(known.max(initial=0.0)) * 2) / 2)


def _outline(where: NDArray[np.bool_]) -> str:
    """SVG path along the edges of pixels, in pixels.

    Examples
    --------
    >>> _outline(np.array([[False, True], [False, True]]))
    'M1 0h1M1 2h1M1 0v2M2 0v2'
    """
    padded = np.pad(where, 1)
    across = _edges(padded[1:, 1:-1] != padded[:-1, 1:-1], "M{along} {at}h{long}")
    down = _edges((padded[1:-1, 1:] != padded[1:-1, :-1]).T, "M{at} {along}v{long}")
    return "".join((*across, *down))


def _edges(lines: NDArray[np.bool_], command: str) -> Iterator[str]:
    """One command for each unbroken piece of each line."""
    for at, line in enumerate(lines):
        ends = np.flatnonzero(np.diff(np.pad(line, 1).astype(np.int8)))
        for first, last in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
            yield command.format(at=at, along=first, long=last - first)


def _said(film: Film, site: PublicSite, *, simulated: bool) -> str:
    """Say what a strip shows, for whoever does not see it."""
    runs = groupby(zip(film.states, film.days, strict=True), lambda pair: pair[0])
    spans = (f"{state or 'changing'} on {', '.join(words.day(day) for _, day in run)}" for state, run in runs)
    kind = "Simulated film strip" if simulated else "Film strip"
    looks = f"{len(film.days)} of {words.count(film.looks, 'look')} that saw it"
    return f"{kind} of site {site.site_id}, {looks}: {'; '.join(spans)}."


@cache
def _template() -> Template:
    return assets.template("film.svg.j2", px="{:.6g}".format)
