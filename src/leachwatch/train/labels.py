"""Labels that people gave: points of known mines and look-alikes, and reviewed sites."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from leachwatch.case import REVIEWS, in_force, read_reviews
from leachwatch.detect import WHOLE
from leachwatch.errors import RecordError
from leachwatch.scanning import read_groups
from leachwatch.train.wholes import MINE, Group

__all__ = ["Label", "labelled_groups", "read_labels"]

_COLUMNS = ("lon", "lat", "label")
_NEAR_M = 100.0
_NO_DISTRICT = -1


@dataclass(frozen=True)
class Label:
    """What is at a place.

    Attributes
    ----------
    geometry : shapely geometry
        A point or an outline, EPSG:4326.
    kind : str
        ``mine``, or what else it is.
    day : date or None
        When it was seen to be that; None where that is not known.
    """

    geometry: BaseGeometry
    kind: str
    day: date | None = None


def read_labels(path: Path) -> list[Label]:
    """Read points from CSV with the columns ``lon``, ``lat``, ``label`` and, if known, ``date``.

    Raises
    ------
    RecordError
        If the file, a line or a column is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise RecordError(
                    f"{path}: line 1: there is no column {missing[0]!r}; name it in the first line"
                )
            return [_label(row, f"{path}: line {reader.line_num}") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordError(f"{path}: cannot be read ({error}); give a CSV file in UTF-8") from error


def _label(row: dict[str, Any], where: str) -> Label:
    lon, lat = (_degrees(row, name, most, where) for name, most in (("lon", 180.0), ("lat", 90.0)))
    kind = (row["label"] or "").strip().lower()
    if not kind:
        raise RecordError(f"{where}, column 'label': is empty; write mine, or what else is there")
    text = (row.get("date") or "").strip()
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RecordError(f"{where}, column 'date': {text!r} is no date; write it as 2024-01-31") from error
    return Label(shapely.Point(lon, lat), kind, day)


def _degrees(row: dict[str, Any], name: str, most: float, where: str) -> float:
    try:
        value = float(row[name])
    except (TypeError, ValueError) as error:
        raise RecordError(f"{where}, column {name!r}: {row[name]!r} is no number; write degrees") from error
    if not abs(value) <= most:
        raise RecordError(f"{where}, column {name!r}: {row[name]} is beyond {most:g} degrees; write degrees")
    return value


def labelled_groups(outs: Sequence[Path], labels: Sequence[Label]) -> list[Group]:
    """Find what scans weighed at labelled places, and at those that were reviewed after them.

    A group takes the label that is nearest to it, of those within 100 m. A mine seen before the group first
    spoke for a pool is not that group's.

    Parameters
    ----------
    outs : sequence of Path
        Folders of scans.
    labels : sequence of Label
        What is known.

    Raises
    ------
    TableError
        If a scan did not keep what it weighed.
    RecordError
        If its record of reviews is broken.
    """
    return [one for out in outs for one in _of_scan(read_groups(out), [*_decisions(out), *labels])]


def _decisions(out: Path) -> Iterator[Label]:
    """Say what reviewers decided: an accepted site is a mine, a rejected one what they took it for.

    Their record lies in the folder of the scan, or in the case folder around it.
    """
    for path in (out / REVIEWS, out.resolve().parent / REVIEWS):
        for one in in_force(read_reviews(path)) if path.exists() else ():
            if one.reason != "unsure":
                yield Label(one.geometry, MINE if one.decision == "accepted" else str(one.reason))


def _of_scan(groups: gpd.GeoDataFrame, labels: Sequence[Label]) -> Iterator[Group]:
    if not len(groups) or not labels:
        return
    zone = groups.estimate_utm_crs()
    outlines = groups.geometry.to_crs(zone)
    places = gpd.GeoSeries([one.geometry for one in labels], crs=groups.crs).to_crs(zone)
    for number, outline in enumerate(outlines):
        distance = places.distance(outline).to_numpy()
        nearest = int(np.argmin(distance))
        label, row = labels[nearest], groups.iloc[number]
        if distance[nearest] > _NEAR_M:
            continue
        if label.kind == MINE and label.day is not None and label.day < row["first"]:
            continue
        values = row[list(WHOLE)].to_numpy(np.float32)
        yield Group(values, label.kind, _NO_DISTRICT, float("nan"))
