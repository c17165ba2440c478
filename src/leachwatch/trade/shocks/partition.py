"""Series cut into levels: the exact least cost for every number of breaks, by dynamic programming.

All partitions that are best at some penalty lie on the lower hull of cost over number of breaks, so that one
search answers for every penalty. The same as the optimal partitioning of Jackson et al. (2005) and the
segment neighbourhoods of Auger and Lawrence (1989), with squared error, over many series at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cuts", "cut"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CHUNK = 4_000_000  # costs held at a time


@dataclass(frozen=True)
class Cuts:
    """Best partitions of many series of the same calendar.

    Attributes
    ----------
    costs : ndarray of float, shape (series, most + 1)
        Least sum of squares about levels with 0, 1, ... breaks; infinite where there is no room.
    origins : ndarray of int, shape (most, series, n + 1)
        For each number of breaks from 1 and each end, where the last level starts.
    seen : ndarray of bool, shape (n,)
        Months that are no gap.
    """

    costs: Floats
    origins: Ints
    seen: NDArray[np.bool_]

    def breaks(self, row: int, count: int) -> Ints:
        """First observed months of the new levels, as places, in order."""
        end, found = len(self.seen), []
        for left in range(count, 0, -1):
            end = int(self.origins[left - 1, row, end])
            found.append(end + int(self.seen[end:].argmax()))
        return np.array(found[::-1], dtype=np.int64)

    def counts_at(self, penalty: float) -> Ints:
        """Find the number of breaks that is best at a penalty for each series, shape (series,)."""
        best: Ints = np.argmin(self.costs + penalty * np.arange(self.costs.shape[1]), axis=1)
        return best

    def largest_penalties(self) -> Floats:
        """Penalty at which each series loses its last break, shape (series,)."""
        number = np.arange(1, self.costs.shape[1])
        gains = (self.costs[:, :1] - self.costs[:, 1:]) / number
        largest: Floats = gains.max(axis=1, initial=0.0)
        return largest

    def critical_penalties(self) -> Floats:
        """Largest penalty at which a level starts in each month, shape (series, n); 0 where none does."""
        critical = np.zeros((len(self.costs), len(self.seen)))
        for row, costs in enumerate(self.costs):
            for count, penalty in _hull(costs):
                places = self.breaks(row, count)
                critical[row, places] = np.maximum(critical[row, places], penalty)
        return critical


def cut(values: Floats, *, least: int, most: int) -> Cuts:
    """Find the best partitions of series.

    Parameters
    ----------
    values : ndarray of float, shape (series, n) or (series, n, parts)
        On a scale on which noise is even; NaN in gaps, which are the same in all.
    least : int
        Months observed in each level, at least.
    most : int
        Breaks, at most.

    Returns
    -------
    Cuts
    """
    parts = values if values.ndim == 3 else values[..., None]  # noqa: PLR2004 - series, months, parts
    seen = np.asarray(~np.isnan(parts).any(axis=(0, 2)))
    most = max(min(most, int(seen.sum()) // least - 1), 0)
    step = max(_CHUNK // (len(seen) + 1) ** 2, 1)
    found = [_cut(parts[at : at + step], seen, least, most) for at in range(0, len(parts), step)]
    costs, origins = zip(*found, strict=True)
    return Cuts(np.concatenate(costs), np.concatenate(origins, axis=1), seen)


def _cut(parts: Floats, seen: NDArray[np.bool_], least: int, most: int) -> tuple[Floats, Ints]:
    span = _span_costs(parts, seen, least)
    rows, places, _ = span.shape
    best = span[:, 0]
    costs, origins = [best[:, -1]], np.zeros((most, rows, places), dtype=np.int64)
    for count in range(most):
        through = best[:, :, None] + span
        origins[count] = through.argmin(axis=1)
        best = np.take_along_axis(through, origins[count][:, None], axis=1)[:, 0]
        costs.append(best[:, -1])
    return np.stack(costs, axis=1), origins


def _span_costs(parts: Floats, seen: NDArray[np.bool_], least: int) -> Floats:
    """Squares about the mean from each place up to each other, shape (series, n + 1, n + 1)."""
    clean = np.where(seen[:, None], parts, 0.0)
    clean = np.where(seen[:, None], clean - clean.sum(axis=1, keepdims=True) / max(seen.sum(), 1), 0.0)
    start = ((0, 0), (1, 0), (0, 0))
    total = np.pad(clean.cumsum(axis=1), start)
    square = np.pad((clean**2).sum(axis=2).cumsum(axis=1), start[:2])
    months = np.pad(seen.cumsum(), (1, 0))
    width = months[None, :] - months[:, None]
    about = ((total[:, None] - total[:, :, None]) ** 2).sum(axis=3) / np.maximum(width, 1)
    costs: Floats = np.maximum(square[:, None] - square[:, :, None] - about, 0.0)
    costs[:, width < least] = np.inf
    return costs


def _hull(costs: Floats) -> list[tuple[int, float]]:
    """Numbers of breaks that are best at some penalty, each with the largest at which it is."""
    found, count = [], 0
    while count < len(costs) - 1:
        slopes = (costs[count] - costs[count + 1 :]) / np.arange(1, len(costs) - count)
        step = int(np.argmax(slopes))
        if not slopes[step] > 0:
            break
        count += step + 1
        found.append((count, float(slopes[step])))
    return found
