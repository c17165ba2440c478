"""Truth of a simulated district, whichever simulator wrote it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from leachwatch.errors import RecordError

__all__ = ["Lookalike", "TrueSite", "Truth", "read_truth"]


@dataclass(frozen=True)
class TrueSite:
    """A mine that is there.

    Attributes
    ----------
    id : str
        Its name.
    pools : shapely geometry
        Hull of its pools, metres of the truth's CRS.
    pools_from : date
        First day with a pool; may lie before the first look.
    states : mapping of date to str
        State in each month, by its first day.
    pool_area_m2 : mapping of date to float
        Standing pools in each month.
    """

    id: str
    pools: BaseGeometry
    pools_from: date
    states: Mapping[date, str]
    pool_area_m2: Mapping[date, float]

    @property
    def workable(self) -> bool:
        """Whether it was active in any month; one that never was cannot be found by its pools."""
        return "active" in self.states.values()


@dataclass(frozen=True)
class Lookalike:
    """Something that a mine may be taken for."""

    kind: str
    x: float
    y: float
    radius_m: float


@dataclass(frozen=True)
class Truth:
    """What is there.

    Attributes
    ----------
    epsg : int
        CRS of all coordinates.
    bounds : tuple of float
        West, south, east, north of the district, metres.
    sites : tuple of TrueSite
        The mines.
    lookalikes : tuple of Lookalike
        What else.
    """

    epsg: int
    bounds: tuple[float, float, float, float]
    sites: tuple[TrueSite, ...]
    lookalikes: tuple[Lookalike, ...]

    @property
    def km2(self) -> float:
        """Area of the district, km²."""
        west, south, east, north = self.bounds
        return (east - west) * (north - south) / 1e6


def read_truth(path: Path) -> Truth:
    """Read a truth file.

    Parameters
    ----------
    path : Path
        ``truth.json`` as ``leachwatch.simulate`` writes it (``months`` and states by month), or with
        ``frames`` and states by frame number (``onset``, ``stop``, ``resume``).

    Returns
    -------
    Truth

    Raises
    ------
    RecordError
        If the file is missing or is neither.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecordError(
            f"{path}: not a readable truth file ({error}); give a district's truth.json"
        ) from error
    try:
        return _by_month(content) if "months" in content else _by_frame(content)
    except (LookupError, TypeError, ValueError, AttributeError, CRSError) as error:
        raise RecordError(
            f"{path}: not a truth file ({error!r}); give the truth.json beside the scenes"
        ) from error


def _by_month(content: Mapping[str, Any]) -> Truth:
    sites = tuple(
        TrueSite(
            str(site["id"]),
            MultiPoint([pool["xy"] for pool in site["pools"]]).convex_hull,
            date.fromisoformat(site["pools_from"]),
            {_month(month): str(state) for month, state in site["states"].items()},
            {_month(month): float(area) for month, area in site["pool_area_m2"].items()},
        )
        for site in content["sites"]
    )
    return _truth(content, sites, content["lookalikes"])


def _by_frame(content: Mapping[str, Any]) -> Truth:
    months = [_month(frame) for frame in content["frames"]]
    sites = []
    for site in content["sites"]:
        states = [_state_at(site, frame) for frame in range(len(months))]
        areas = [
            sum(_pool_area(pool) for pool in site["pools"] if pool["born"] <= frame)
            for frame in range(len(months))
        ]
        onset = int(site["onset"])
        sites.append(
            TrueSite(
                str(site["id"]),
                MultiPoint([pool["xy"] for pool in site["pools"]]).convex_hull,
                months[onset] if 0 <= onset < len(months) else date(months[0].year - 1, 1, 1),
                dict(zip(months, states, strict=True)),
                dict(zip(months, areas, strict=True)),
            )
        )
    return _truth(content, tuple(sites), content["distractors"])


def _state_at(site: Mapping[str, Any], frame: int) -> str:
    if frame < site["onset"]:
        return "absent"
    if site["stop"] <= frame < site["resume"]:
        return "abandoned" if site["kind"] == "abandoned" else "idle"
    return "active"


def _pool_area(pool: Mapping[str, Any]) -> float:
    radius = float(pool["r_m"])
    return (2 * radius) ** 2 if pool["square"] else math.pi * radius**2


def _truth(content: Mapping[str, Any], sites: tuple[TrueSite, ...], others: list[Mapping[str, Any]]) -> Truth:
    west, south, east, north = (float(value) for value in content["bounds"])
    if not (west < east and south < north):
        raise ValueError("bounds have no area")
    return Truth(
        int(CRS.from_user_input(content["crs"]).to_epsg() or 0),
        (west, south, east, north),
        sites,
        tuple(
            Lookalike(
                str(other["kind"]),
                float(other["xy"][0]),
                float(other["xy"][1]),
                float(other.get("radius_m", 80.0)),
            )
            for other in others
        ),
    )


def _month(text: str) -> date:
    return date.fromisoformat(f"{text[:7]}-01")
