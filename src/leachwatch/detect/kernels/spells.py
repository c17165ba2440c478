"""Runs of looks in which evidence adds up."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["pool_spells"]


@njit(nogil=True, cache=True)
def pool_spells(
    evidence: NDArray[np.float32],
    seen: NDArray[np.bool_],
    doubt: np.float32,
    enough: float,
    score: NDArray[np.float32],
    first: NDArray[np.int16],
    last: NDArray[np.int16],
    looks: NDArray[np.int16],
) -> None:
    """Find the runs of looks in which the evidence for a pool adds up (Kadane's algorithm).

    A run begins where the sum so far is not above 0 and reaches to where it is largest.

    Parameters
    ----------
    evidence : ndarray of float32, shape (look, y, x)
        Log odds a look; 0 where not seen.
    seen : ndarray of bool, shape (look, y, x)
        Where a look says something, and
    doubt : float32
        what is taken off it there, 0 or more.
    enough : float
        Sum from which a run counts; where none has it, the best one does.
    score : ndarray of float32, shape (y, x)
        Overwritten with the largest sum of any run; 0 where none is above 0.
    first, last : ndarray of int16, shape (y, x)
        Overwritten with the first look of the first run that counts and the last look of the last; -1 where
        there is none.
    looks : ndarray of int16, shape (y, x)
        Overwritten with how many looks of the best run speak for a pool.
    """
    count, rows, columns = evidence.shape
    for y in range(rows):
        for x in range(columns):
            best = running = peak = np.float32(0.0)
            best_first, best_last, best_for = -1, -1, 0
            any_first, any_last = -1, -1
            start, peak_look, speaking = 0, -1, 0
            speaks = False
            for look in range(count):
                speaks |= evidence[look, y, x] > doubt
            if not speaks:  # as of nearly all ground
                score[y, x], first[y, x], last[y, x], looks[y, x] = best, -1, -1, 0
                continue
            for look in range(count):
                value = evidence[look, y, x]
                if seen[look, y, x]:
                    value -= doubt
                if running <= 0.0:
                    running, peak, start, speaking = np.float32(0.0), np.float32(0.0), look, 0
                running += value
                if value > 0.0:
                    speaking += 1
                if running > peak:
                    peak, peak_look = running, look
                    if peak >= enough:
                        any_last = peak_look
                        if any_first < 0:
                            any_first = start
                if running > best:
                    best, best_first, best_last, best_for = running, start, look, speaking
            score[y, x], looks[y, x] = best, best_for
            first[y, x] = best_first if any_first < 0 else any_first
            last[y, x] = best_last if any_last < 0 else any_last
