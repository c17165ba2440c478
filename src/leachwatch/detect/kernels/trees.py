"""Symmetric trees, summed over many pixels."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["sum_trees"]

_BLOCK = 512  # rows of all features of a block stay in the fastest cache


@njit(nogil=True, cache=True)
def sum_trees(
    inputs: NDArray[np.float32],
    feature: NDArray[np.uint8],
    border: NDArray[np.float32],
    leaf: NDArray[np.float32],
    bias: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Sum symmetric trees over blocks of pixels, without a branch.

    Parameters
    ----------
    inputs : ndarray of float32, shape (feature, n)
        One row a feature; NaN is above no border.
    feature : ndarray of uint8, shape (tree, depth)
        Which row each level asks about.
    border : ndarray of float32, shape (tree, depth)
        The answer is yes where the input is above it.
    leaf : ndarray of float32, shape (tree, 2 ** depth, k)
        What each leaf adds; level 0 is the lowest bit of the leaf's number.
    bias : ndarray of float32, shape (k,)
        Where the sums begin.
    out : ndarray of float32, shape (k, n)
        Overwritten with the sums.
    """
    trees, depth = feature.shape
    classes, total = out.shape
    place = np.empty(_BLOCK, np.uint8)  # as deep as trees are, 8 levels
    for start in range(0, total, _BLOCK):
        size = min(_BLOCK, total - start)
        for k in range(classes):
            for i in range(size):
                out[k, start + i] = bias[k]
        for tree in range(trees):
            for i in range(size):
                place[i] = 0
            for level in range(depth):
                row = inputs[feature[tree, level], start : start + size]
                limit, bit = border[tree, level], np.uint8(1 << level)
                for i in range(size):
                    place[i] |= bit if row[i] > limit else np.uint8(0)
            for k in range(classes):
                total_of, own = out[k, start : start + size], leaf[tree, :, k]
                for i in range(size):
                    total_of[i] += own[place[i]]
