"""Places, as coarse as they have to be: never moved at random, since that wears off over releases."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import h3

from leachwatch.case.records import Place, Territory
from leachwatch.errors import RecordError
from leachwatch.release.model import PublicPlace

__all__ = ["Population", "coarse_place", "exact_place", "read_population"]

_FINEST = 7
"""Smallest cells of H3 to publish, 5 km² each: about what two decimals of a degree would leave."""
_COARSEST = 3
_DECIMALS = 3  # of the middle of a cell
_ROUNDING_M = 80.0  # that they may move it by
_STEP_M = 10


@dataclass(frozen=True)
class Population:
    """How many people live where.

    Attributes
    ----------
    people : mapping of str to float
        By cell of H3, of any size.
    """

    people: Mapping[str, float] = field(default_factory=dict)

    def cell(self, lon: float, lat: float, at_least: int) -> str | None:
        """Find the smallest cell round a place in which so many people live; None where there is none."""
        for size in range(_FINEST, _COARSEST - 1, -1):
            cell: str = h3.latlng_to_cell(lat, lon, size)
            if self._sums[size].get(cell, 0.0) >= at_least:
                return cell
        return None

    @cached_property
    def _sums(self) -> Mapping[int, Mapping[str, float]]:
        sums: dict[int, dict[str, float]] = {
            size: defaultdict(float) for size in range(_COARSEST, _FINEST + 1)
        }
        for cell, people in self.people.items():
            own = h3.get_resolution(cell)
            for size in range(_COARSEST, min(own, _FINEST) + 1):
                sums[size][h3.cell_to_parent(cell, size)] += people
        return sums


def read_population(path: Path) -> Population:
    """Read a CSV of people by cell (``h3,people``) or by point (``lon,lat,people``).

    Raises
    ------
    RecordError
        If it is neither, or a line is wrong.
    """
    people: dict[str, float] = defaultdict(float)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            columns = set(rows.fieldnames or ())
            if "people" not in columns or not ("h3" in columns or {"lon", "lat"} <= columns):
                raise RecordError(
                    f"{path}: line 1: needs the columns h3,people or lon,lat,people; name them so"
                )
            for row in rows:
                cell, count = _row(path, rows.line_num, row)
                people[cell] += count
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordError(f"{path}: cannot be read as CSV in UTF-8 ({error}); export it anew") from error
    return Population(dict(people))


def _row(path: Path, line: int, row: Mapping[str, str]) -> tuple[str, float]:
    try:
        count = float(row["people"])
        cell = row.get("h3") or h3.latlng_to_cell(float(row["lat"]), float(row["lon"]), _FINEST)
    except (TypeError, ValueError, KeyError, h3.H3BaseException):
        cell, count = "", math.nan
    if not (h3.is_valid_cell(cell) and 0 <= count < math.inf):
        raise RecordError(f"{path}: line {line}: names no cell or place, or no number of people; mend it")
    return cell, count


def exact_place(place: Place) -> PublicPlace:
    """Give a place as it is."""
    return PublicPlace(
        name=place.name,
        lon=place.lon,
        lat=place.lat,
        precision=place.precision,
        cell="",
        coordinate_uncertainty_m=None,
        data_generalizations="",
        information_withheld="",
    )


def coarse_place(
    place: Place, township: Territory | None, population: Population, people: int
) -> PublicPlace:
    """Give the township of a place, else the cell in which enough people live, else nothing of it.

    Parameters
    ----------
    place : Place
        As it is known.
    township : Territory or None
        Where it lies, if that is a township.
    population : Population
        How many people live where.
    people : int
        How many make a cell fit to be published.
    """
    if township is not None:
        return _public(township.name, "", "place generalised to the township")
    cell = population.cell(place.lon, place.lat, people)
    if cell is None:
        return _public("", "", "", withheld="place: no township is named, and no cell holds enough people")
    lat, lon = h3.cell_to_latlng(cell)
    reach = max(
        h3.great_circle_distance((lat, lon), corner, unit="m") for corner in h3.cell_to_boundary(cell)
    )
    size = h3.get_resolution(cell)
    said = f"place generalised to the cell of H3, resolution {size}, in which at least {people} people live"
    return _public(
        "",
        cell,
        said,
        lon=round(lon, _DECIMALS),
        lat=round(lat, _DECIMALS),
        reach=math.ceil((reach + _ROUNDING_M) / _STEP_M) * _STEP_M,
    )


def _public(  # noqa: PLR0913 - each is one thing that is said of a place
    name: str,
    cell: str,
    generalised: str,
    *,
    withheld: str = "exact place and its name withheld",
    lon: float | None = None,
    lat: float | None = None,
    reach: float | None = None,
) -> PublicPlace:
    return PublicPlace(
        name=name,
        lon=lon,
        lat=lat,
        precision=None,
        cell=cell,
        coordinate_uncertainty_m=float(reach) if reach is not None else None,
        data_generalizations=generalised,
        information_withheld=withheld,
    )
