"""Filming: each site's looks as small pictures, read once more from what the tiles were read from."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leachwatch import films
from leachwatch.detect import Hits
from leachwatch.films import Film
from leachwatch.history import Timeline
from leachwatch.imagery import PIXEL_M, Band, Source, Stack, Tile, read, session
from leachwatch.scanning.rows import SiteAccount
from leachwatch.scanning.settings import FilmSettings, Progress
from leachwatch.scanning.tiles import Work

__all__ = ["film_sites"]

_COLOURS: tuple[Band, ...] = ("red", "green", "blue")
_DN = 10_000
_SQUARE, _MOST = 1024, 64
"""Pixels along the side of a square whose sites are read together, and how many of them at the most."""


def film_sites(named: Sequence[tuple[str, SiteAccount]], work: Work, out: Path, progress: Progress) -> None:
    """Write the films of sites; nothing is fetched, and a look that is not here is left out.

    Parameters
    ----------
    named : sequence of (str, SiteAccount)
        Ids and sites.
    work : Work
        The scan.
    out : Path
        Where it writes.
    progress : callable
        Told how many ``strips`` are done, of how many.

    Raises
    ------
    OutputError
        If one cannot be written.
    """
    if not named or not work.settings.film.looks:
        return
    source = work.source.at_hand()
    shots = [_shot(site_id, account, work.settings.film) for site_id, account in named]

    def film_some(some: Sequence[_Shot]) -> int:
        for shot, stack in zip(some, _stacks(some, work, source), strict=True):
            if stack.days:
                films.write(out, shot.site_id, _film(shot, stack, work.settings.film))
        return len(some)

    done = 0
    progress("strips", done, len(shots))
    with ThreadPoolExecutor(work.settings.workers) as pool:
        futures = [pool.submit(film_some, some) for some in _beside(shots)]
        try:
            for future in as_completed(futures):
                for _ in range(future.result()):
                    done += 1
                    progress("strips", done, len(shots))
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, eq=False)
class _Shot:
    """What is to be shown of a site."""

    site_id: str
    account: SiteAccount
    looks: int
    wanted: frozenset[date]
    window: Tile
    factor: int


def _shot(site_id: str, account: SiteAccount, settings: FilmSettings) -> _Shot:
    hits = account.hits
    share = hits.seen[:, hits.pool].mean(axis=1)
    looks = np.flatnonzero(share >= min(settings.clear_share, float(share.max())))
    wanted = choose([hits.days[look] for look in looks], _changes(account.timeline), settings.looks)
    return _Shot(site_id, account, len(looks), wanted, *_window(hits, settings))


def _beside(shots: Sequence[_Shot]) -> list[list[_Shot]]:
    """Put shots together that lie in one square and are read from the same parts of the same files."""
    squares: dict[tuple[int, int, int], list[_Shot]] = {}
    for shot in shots:
        window = shot.window
        place = window.epsg, window.row // _SQUARE, window.column // _SQUARE
        squares.setdefault(place, []).append(shot)
    some = [squares[place] for place in sorted(squares)]
    return [one[first : first + _MOST] for one in some for first in range(0, len(one), _MOST)]


def _stacks(shots: Sequence[_Shot], work: Work, source: Source) -> list[Stack]:
    """Read the looks of some shots, a day at a time, each file opened once."""
    parts: list[list[Stack]] = [[] for _ in shots]
    for day in sorted(frozenset[date]().union(*(shot.wanted for shot in shots))):
        scenes = [scene for scene in work.scenes if scene.day == day]
        with session(), source.keeping() as kept:
            for shot, own in zip(shots, parts, strict=True):
                if day in shot.wanted:
                    own.append(read(shot.window, scenes, _COLOURS, work.settings.clear, kept))
    return [_joined(own) for own in parts]


def _joined(looks: Sequence[Stack]) -> Stack:
    """Put the looks of single days together."""
    return replace(
        looks[0],
        days=tuple(day for look in looks for day in look.days),
        values=np.concatenate([look.values for look in looks]),
        valid=np.concatenate([look.valid for look in looks]),
    )


def _film(shot: _Shot, stack: Stack, settings: FilmSettings) -> Film:
    """Film one site."""
    hits, factor = shot.account.hits, shot.factor
    evidence, judged, pool = _evidence(hits, shot.window, stack.days)
    return Film(
        days=stack.days,
        states=tuple(state_on(day, shot.account.timeline) for day in stack.days),
        looks=shot.looks,
        pixel_m=PIXEL_M * factor,
        colours=_stretched(*_coarse(stack, factor), settings),
        evidence=_mean(evidence, factor).astype(np.float16),
        judged=_any(judged, factor),
        pool=_any(pool, factor),
    )


def choose(days: Sequence[date], changes: Sequence[date], most: int) -> frozenset[date]:
    """Choose looks to show: the first and the last, those around changes, and others between them.

    Parameters
    ----------
    days : sequence of date
        Looks that saw the site, rising; one at least.
    changes : sequence of date
        Looks before and after each change of state, the first change first; others are passed over.
    most : int
        How many to choose; the first and the last are always among them.

    Returns
    -------
    frozenset of date

    Examples
    --------
    >>> days = [date(2022, month, 1) for month in (1, 2, 3, 4, 5, 12)]
    >>> [day.month for day in sorted(choose(days, [days[2], days[3]], 5))]
    [1, 3, 4, 5, 12]
    """
    chosen = list(dict.fromkeys([days[0], days[-1], *(day for day in changes if day in days)]))
    chosen = chosen[: max(most, 2)]
    left = [day for day in days if day not in chosen]
    while left and len(chosen) < most:
        farthest = max(left, key=lambda day: min(abs(day - one) for one in chosen))
        chosen.append(farthest)
        left.remove(farthest)
    return frozenset(chosen)


def _changes(timeline: Timeline) -> list[date]:
    """List the looks before and after each beginning and end of a spell, in time."""
    ends = [between for spell in timeline.spells for between in (spell.start, spell.end)]
    days = [day for between in ends for day in (between.earliest, between.latest)]
    return [day for day in days if day is not None]


def state_on(day: date, timeline: Timeline) -> str:
    """Say what a site was on a day; nothing where that lies between the looks around a change."""
    for spell in reversed(timeline.spells):
        first, last = spell.start.latest, spell.end.earliest
        if first is not None and last is not None and first <= day <= max(first, last):
            return spell.state
    before = timeline.spells[0].start.earliest
    return "absent" if before is not None and day <= before else ""


def _window(hits: Hits, settings: FilmSettings) -> tuple[Tile, int]:
    """Square around a site's pools, and how many of its pixels become one along a side."""
    column, row = hits.column[hits.pool], hits.row[hits.pool]
    west, east, north, south = (int(at) for at in (column.min(), column.max(), row.min(), row.max()))
    side = max(east - west, south - north) + 1 + 2 * (settings.margin_m // PIXEL_M)
    factor = -(-side // settings.side)
    side = -(-side // factor) * factor
    return Tile(hits.epsg, (west + east + 1 - side) // 2, (north + south + 1 - side) // 2, side, side), factor


def _evidence(
    hits: Hits, window: Tile, days: Sequence[date]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Lay the evidence of some looks, where it is asked for, and the pools, into a window."""
    looks = np.searchsorted(np.array(hits.days), np.array(days))
    row, column = hits.row - window.row, hits.column - window.column
    here = np.flatnonzero((row >= 0) & (row < window.height) & (column >= 0) & (column < window.width))
    place = row[here], column[here]
    evidence = np.full((len(looks), *window.shape), np.nan, np.float32)
    spoken = np.where(hits.seen[looks], hits.evidence[looks], np.float32(np.nan))
    evidence[:, place[0], place[1]] = spoken[:, here]
    judged, pool = np.zeros(window.shape, np.bool_), np.zeros(window.shape, np.bool_)
    judged[place], pool[place] = True, hits.pool[here]
    return evidence, judged, pool


def _coarse(stack: Stack, factor: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Reflectance, shape (look, y, x, 3), NaN where there is none; and where no cloud is flagged."""
    values = np.moveaxis(stack.values, 1, -1).astype(np.float32) / np.float32(_DN)
    values[~(stack.values > 0).all(axis=1)] = np.nan
    return _mean(values, factor), _any(stack.valid, factor)


def _stretched(
    values: NDArray[np.float32], valid: NDArray[np.bool_], settings: FilmSettings
) -> NDArray[np.uint8]:
    """Bring reflectance to what a screen shows, by one stretch for all looks."""
    nothing = np.isnan(values).any(axis=-1)
    ground = values[valid & ~nothing]
    ground = ground if len(ground) else values[~nothing]
    result = np.zeros(values.shape, np.uint8)
    if len(ground):
        low = np.percentile(ground, settings.dark, axis=0).astype(np.float32)
        high = np.percentile(ground.max(axis=-1), settings.bright)
        span = np.maximum(np.float32(high) - low, np.float32(settings.least_span))
        shown = np.clip((values - low) / span, 0, 1) ** np.float32(settings.gamma)
        result[~nothing] = np.maximum(np.rint(shown[~nothing] * 255), 1).astype(np.uint8)
    return result


def _mean(values: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Mean over squares of pixels along the second and third axis, of what is not NaN."""
    if factor == 1:
        return values
    looks, height, width, *rest = values.shape
    cells = values.reshape(looks, height // factor, factor, width // factor, factor, *rest)
    known = ~np.isnan(cells)
    count = known.sum(axis=(2, 4))
    total = np.where(known, cells, 0).sum(axis=(2, 4))
    result: NDArray[np.float32] = np.where(count, total / np.maximum(count, 1), np.nan).astype(np.float32)
    return result


def _any(where: NDArray[np.bool_], factor: int) -> NDArray[np.bool_]:
    """Whether any pixel of a square is True, along the last two axes."""
    *rest, height, width = where.shape
    cells = where.reshape(*rest, height // factor, factor, width // factor, factor)
    return np.asarray(cells.any(axis=(-3, -1)), np.bool_)
