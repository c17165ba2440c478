"""Groups: everything that a scan weighed, kept whether or not it was taken for a site."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from leachwatch.detect import WHOLE, Hits, Judgement, Whole
from leachwatch.errors import TableError
from leachwatch.imagery import PIXEL_M, to_lonlat

__all__ = ["FILE", "Weighed", "encode_groups", "read_groups"]

FILE = "work/groups.parquet"
"""Where it is in the folder of a scan."""

_CRS = "EPSG:4326"


@dataclass(frozen=True, eq=False)
class Weighed:
    """A group of pool pixels that was weighed.

    Attributes
    ----------
    geometry : shapely geometry
        Outline of its pool pixels, in EPSG:4326.
    first, last : date
        First and last day on which most of them speak for a pool.
    whole : mapping of str to float
        What it looks like.
    judgement : Judgement
        What it was taken for.
    """

    geometry: BaseGeometry
    first: date
    last: date
    whole: Whole
    judgement: Judgement

    @classmethod
    def of(cls, hits: Hits, outline: BaseGeometry, whole: Whole, judgement: Judgement) -> Weighed:
        """Take it from the hits of a group; its outline in metres of their zone."""
        first, last = (int(np.median(days[hits.pool])) for days in (hits.first, hits.last))
        return cls(
            to_lonlat(outline.buffer(PIXEL_M / 2, quad_segs=2).simplify(PIXEL_M / 4), hits.epsg),
            date.fromordinal(first),
            date.fromordinal(last),
            whole,
            judgement,
        )


def encode_groups(groups: Sequence[Weighed]) -> bytes:
    """Write groups as GeoParquet: outline, days, score, nearest look-alike, and every feature."""
    frame = gpd.GeoDataFrame(
        {
            "geometry": [one.geometry for one in groups],
            "first": [one.first for one in groups],
            "last": [one.last for one in groups],
            "score": [one.judgement.score for one in groups],
            "lookalike": [one.judgement.lookalike for one in groups],
            **{name: np.array([one.whole[name] for one in groups], np.float64) for name in WHOLE},
        },
        geometry="geometry",
        crs=_CRS,
    )
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def read_groups(out: Path) -> gpd.GeoDataFrame:
    """Read what a scan weighed.

    Parameters
    ----------
    out : Path
        Folder of the scan.

    Returns
    -------
    GeoDataFrame
        One row a group.

    Raises
    ------
    TableError
        If the scan left none, or one of another version.
    """
    path = out / FILE
    mend = "run the scan again with this version"
    try:
        frame = gpd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise TableError(f"{path}: cannot be read ({error}); {mend}") from error
    missing = [name for name in ("first", "last", "score", *WHOLE) if name not in frame]
    if missing:
        raise TableError(f"{path}: has no column {missing[0]!r}; {mend}")
    frame["first"], frame["last"] = (pd.to_datetime(frame[name]).dt.date for name in ("first", "last"))
    return frame
