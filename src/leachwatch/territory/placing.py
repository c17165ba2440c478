"""Sites laid on drawings: which lie inside, near a border, or outside, and with which share of their area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from leachwatch.territory.zones import Zones

__all__ = ["Placed", "place", "positions"]

_EQUAL_AREA = "EPSG:6933"
"""Cylindrical equal-area grid of the whole Earth, in metres."""


@dataclass(frozen=True)
class Placed:
    """Where sites lie.

    Attributes
    ----------
    ids : ndarray of str, shape (site,)
        As in the table, in its order.
    lons, lats : ndarray of float64, shape (site,)
        A point of each site.
    codes : ndarray of uint8, shape (site, drawing)
        `INSIDE` of each: 2 wholly inside by more than its border may be off, 1 nearer to it, 0 outside.
    shares : ndarray of float64, shape (site, drawing)
        Share of the site's area inside the outline.
    """

    ids: NDArray[np.object_]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]
    codes: NDArray[np.uint8]
    shares: NDArray[np.float64]

    def of(self, rows: NDArray[np.intp]) -> Placed:
        """Take some of the sites."""
        ids, lons, lats = self.ids[rows], self.lons[rows], self.lats[rows]
        return Placed(ids, lons, lats, self.codes[rows], self.shares[rows])


def place(sites: Any, zones: tuple[Zones, ...]) -> Placed:
    """Lay sites on drawings.

    Parameters
    ----------
    sites : GeoDataFrame
        With ``site_id``, in EPSG:4326.
    zones : tuple of Zones
        Of each drawing.
    """
    shapes = sites.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    codes = np.zeros((len(shapes), len(zones)), np.uint8)
    shares = np.zeros((len(shapes), len(zones)))
    there = Transformer.from_crs("EPSG:4326", _EQUAL_AREA, always_xy=True)
    for column, zone in enumerate(zones):
        codes[tree.query(zone.rim, predicate="intersects"), column] = 1
        if zone.core is None:
            continue
        codes[tree.query(zone.core, predicate="covers"), column] = 2
        outline = zone.drawn.shape
        touched = tree.query(outline, predicate="intersects")
        whole = tree.query(outline, predicate="covers")
        shares[whole, column] = 1.0
        cut = np.setdiff1d(touched, whole)
        if len(cut):
            inside = shapely.intersection(shapes[cut], outline)
            shares[cut, column] = np.clip(_areas(inside, there) / _areas(shapes[cut], there), 0, 1)
    points = shapely.point_on_surface(shapes)
    ids = sites["site_id"].to_numpy(dtype=object)
    return Placed(ids, shapely.get_x(points), shapely.get_y(points), codes, shares)


def _areas(shapes: NDArray[Any], there: Transformer) -> NDArray[np.float64]:
    """Square metres."""

    def flat(places: np.ndarray) -> np.ndarray:
        return np.column_stack(there.transform(places[:, 0], places[:, 1]))

    areas: NDArray[np.float64] = shapely.area(shapely.transform(shapes, flat))
    return areas


def positions(values: pd.Series[Any], known: NDArray[Any]) -> NDArray[np.intp]:
    """Position of each value among known ones; -1 for another."""
    codes, names = pd.factorize(values)
    places: NDArray[np.intp] = pd.Index(known).get_indexer(pd.Index(np.asarray(names, dtype=object)))
    return places[codes]
