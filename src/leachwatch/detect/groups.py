"""Groups: pool pixels that belong together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree

from leachwatch.detect.hits import Hits
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import PIXEL_M

__all__ = ["connected", "group", "link"]

_FEW_POINTS = 2_000
_EVERYWHERE = np.ones((3, 3), np.bool_)


def link(points: NDArray[np.float64], distance_m: float) -> NDArray[np.int32]:
    """Give each point the number of its group; groups are linked by steps of at most `distance_m`.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 2)
        x and y, m.
    distance_m : float
        Longest step.

    Returns
    -------
    ndarray of int32, shape (n,)
        Group of each point, from 0 in the order in which groups first appear.

    Examples
    --------
    >>> link(np.array([[0.0, 0.0], [100.0, 0.0], [300.0, 0.0]]), 150.0).tolist()
    [0, 0, 1]
    >>> link(np.empty((0, 2)), 150.0).tolist()
    []
    """
    if not len(points):
        return np.empty(0, np.int32)
    places, of = np.unique(points, axis=0, return_inverse=True)
    pairs = _pairs(places, distance_m)
    ones = np.ones(len(pairs), np.bool_)
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(len(places), len(places)))
    _, groups = connected_components(graph, directed=False)
    found = groups[of.ravel()]
    _, firsts, numbers = np.unique(found, return_index=True, return_inverse=True)
    result: NDArray[np.int32] = np.argsort(np.argsort(firsts))[numbers].astype(np.int32)
    return result


def _pairs(points: NDArray[np.float64], distance_m: float) -> NDArray[np.intp]:
    """Pairs that hold the groups together: all near ones, or of many points those of their triangulation.

    The shortest tree through points is part of their Delaunay triangulation, so both give the same groups.
    """
    if len(points) <= _FEW_POINTS or np.linalg.matrix_rank(points - points[0]) < 2:  # noqa: PLR2004 - on a line
        near: NDArray[np.intp] = cKDTree(points).query_pairs(distance_m, output_type="ndarray")
        return near
    corners = Delaunay(points).simplices
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    steps = points[edges[:, 0]] - points[edges[:, 1]]
    result: NDArray[np.intp] = edges[(steps**2).sum(axis=1) <= distance_m**2]
    return result


def group(hits: Hits, settings: DetectSettings) -> Iterator[Hits]:
    """Split the hits of a zone into groups that may be sites.

    Yields
    ------
    Hits
        Pool pixels linked within `settings.link_m`, with the ground within `settings.ring_m` of them; ground
        between two groups goes to the nearer. By place, from the north-west.
    """
    order = np.lexsort((hits.column, hits.row))
    pools = order[hits.pool[order]]
    ground = order[~hits.pool[order]]
    if not len(pools):
        return
    place = np.column_stack([hits.column, hits.row]).astype(np.float64) * PIXEL_M
    labels = link(place[pools], settings.link_m)
    distance, nearest = cKDTree(place[pools]).query(place[ground])
    owner = (
        np.where(distance <= settings.ring_m + PIXEL_M, labels[nearest], -1) if len(ground) else labels[:0]
    )
    for label in range(labels.max() + 1):
        yield hits.take(np.concatenate([pools[labels == label], ground[owner == label]]))


def connected(hits: Hits, pixels: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Give some pixels the number of their connected group (8 neighbours), and all others 0."""
    row, column = hits.row - hits.row.min(), hits.column - hits.column.min()
    picture = np.zeros((row.max() + 1, column.max() + 1), np.bool_)
    picture[row[pixels], column[pixels]] = True
    labels, _ = ndimage.label(picture, structure=_EVERYWHERE)
    result: NDArray[np.int_] = np.where(pixels, labels[row, column], 0)
    return result
