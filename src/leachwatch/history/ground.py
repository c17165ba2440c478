"""Ground of a site: its pools, the worked ground around them, and four nested outlines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from leachwatch.detect import Hits, connected
from leachwatch.history.settings import HistorySettings
from leachwatch.imagery import PIXEL_M

__all__ = ["Ground", "outline", "survey"]

_CELL_M2 = float(PIXEL_M**2)


@dataclass(frozen=True, eq=False)
class Ground:
    """A site's ground, in metres of its UTM zone.

    Attributes
    ----------
    worked : ndarray of bool, shape (n,)
        Which of the hits are pools or bare ground joined to them.
    pools, outline : shapely geometry
        Pools alone; pools and worked ground between them.
    worked_m2, hull_m2, disturbed_m2 : float
        Worked ground; convex hull of the pools; hull and worked ground with 30 m around. Each holds the
        pools.
    """

    worked: NDArray[np.bool_]
    pools: BaseGeometry
    outline: BaseGeometry
    worked_m2: float
    hull_m2: float
    disturbed_m2: float


def survey(hits: Hits, settings: HistorySettings) -> Ground:
    """Describe the ground of a site.

    Parameters
    ----------
    hits : Hits
        Of one site: its pool pixels and the ground around.
    settings : HistorySettings
        Width of the disturbed margin.

    Returns
    -------
    Ground
    """
    worked = _worked(hits)
    pools, ground = outline(hits, hits.pool), outline(hits, worked)
    hull = pools.convex_hull
    return Ground(
        worked=worked,
        pools=pools,
        outline=ground.buffer(PIXEL_M, join_style="mitre").buffer(-PIXEL_M, join_style="mitre"),
        worked_m2=float(worked.sum()) * _CELL_M2,
        hull_m2=float(hull.area),
        disturbed_m2=float(ground.union(hull).buffer(settings.disturbed_m).area),
    )


def outline(hits: Hits, pixels: NDArray[np.bool_]) -> BaseGeometry:
    """Union of pixel squares, in metres of the UTM zone."""
    west = hits.column[pixels].astype(np.float64) * PIXEL_M
    north = -hits.row[pixels].astype(np.float64) * PIXEL_M
    return shapely.coverage_union_all(shapely.box(west, north - PIXEL_M, west + PIXEL_M, north))


def _worked(hits: Hits) -> NDArray[np.bool_]:
    """Pools, and ground bare in most looks of their spell that is joined to them."""
    days = np.array([day.toordinal() for day in hits.days])
    spell = (days >= hits.first[hits.pool].min()) & (days <= hits.last[hits.pool].max())
    seen = hits.seen[spell].sum(axis=0)
    bare = (hits.bare[spell].sum(axis=0) > seen / 2) | hits.pool
    labels = connected(hits, bare)
    result: NDArray[np.bool_] = bare & np.isin(labels, np.unique(labels[hits.pool]))
    return result
