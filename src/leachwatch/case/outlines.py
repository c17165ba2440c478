"""Outlines: the features that a territory's versions name, read from the files of the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from leachwatch.case.records import Outline, Territory, Version, as_named
from leachwatch.case.vector import read_vector, sound
from leachwatch.errors import AreaError, RecordError

__all__ = ["Drawn", "read_outlines"]

_THIN = ("Point", "LineString", "Polygon")
"""What a road or a gate may be drawn as."""
_SHOWN = 3


@dataclass(frozen=True)
class Drawn:
    """One version of a territory, with its shape.

    Attributes
    ----------
    territory : Territory
        What is drawn.
    version : Version
        Which drawing; its date, its border and whether it is approximate.
    shape : shapely geometry
        In EPSG:4326; a line or point for a road or a gate.
    """

    territory: Territory
    version: Version
    shape: BaseGeometry

    @property
    def name(self) -> str:
        """Territory and version, for people."""
        return f"{self.territory.name} ({self.version.version})"


def read_outlines(folder: Path, territories: Iterable[Territory]) -> tuple[Drawn, ...]:
    """Read every version of every territory.

    Parameters
    ----------
    folder : Path
        The case folder; no file outside it is read.
    territories : iterable of Territory
        As the records have them.

    Returns
    -------
    tuple of Drawn
        In the order of the records.

    Raises
    ------
    RecordError
        If an outline names a file outside the folder, a field that is not there, or no feature.
    AreaError
        If a file or a feature cannot be used.
    """
    files: dict[tuple[Path, str], Any] = {}
    drawn = []
    for territory in territories:
        for version in territory.versions:
            outline = version.outline
            who = f"territories.yaml: {territory.name}, version {version.version}"
            key = _path(folder, outline, who), outline.layer
            if key not in files:
                files[key] = read_vector(key[0], layer=outline.layer)
            numbers = _matching(files[key], outline, who)
            kinds = _THIN if territory.kind in {"road", "gate"} else ("Polygon",)
            drawn.append(Drawn(territory, version, _shape(files[key], numbers, key[0], kinds)))
    return tuple(drawn)


def _path(folder: Path, outline: Outline, who: str) -> Path:
    """Where an outline's file is, if that is in the case folder, links followed."""
    wrong = RecordError(f"{who}: outline.file {outline.file!r} is not in the case folder; copy it there")
    if outline.file.startswith("/vsi") or ":" in outline.file:
        raise wrong
    path = folder / outline.file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise wrong
    except (OSError, ValueError, RuntimeError) as error:
        raise wrong from error
    return path


def _matching(frame: Any, outline: Outline, who: str) -> np.ndarray:
    """Rows whose fields have one of the values named."""
    taken = np.ones(len(frame), dtype=bool)
    fields = [str(name) for name in frame.columns if name != frame.geometry.name]
    for field, values in outline.where.items():
        if field not in fields:
            raise RecordError(
                f"{who}: {outline.file} has no field {field!r}; {_near(field, fields, 'it has')}"
            )
        held = frame[field].map(as_named)
        missing = [value for value in values if not (held == value).any()]
        if missing:
            known = sorted(set(held) - {""})
            near = _near(missing[0], known, "there are")
            raise RecordError(f"{who}: {outline.file}: no feature has {field} {missing[0]!r}; {near}")
        taken &= held.isin(list(values)).to_numpy()
    if not taken.any():
        fields_named = ", ".join(outline.where)
        raise RecordError(
            f"{who}: no feature of {outline.file} has all of {fields_named} as named; mend where"
        )
    return np.flatnonzero(taken)


def _near(wrong: str, known: list[str], otherwise: str) -> str:
    near = get_close_matches(wrong, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    shown = ", ".join(known[:_SHOWN]) + (" ..." if len(known) > _SHOWN else "")
    return f"{otherwise} {shown}" if known else "it has none"


def _shape(frame: Any, numbers: np.ndarray, path: Path, kinds: tuple[str, ...]) -> BaseGeometry:
    shapes = frame.geometry.to_numpy()
    checked = [sound(_grounded(shapes[row]), f"{path}: feature {row + 1}", kinds=kinds) for row in numbers]
    joined = checked[0] if len(checked) == 1 else shapely.union_all(np.array(checked, dtype=object))
    if joined.is_empty:
        raise AreaError(f"{path}: the features named have no ground; redraw them")
    return joined


def _grounded(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Polygons of a collection: clipping leaves lines beside them, which have no ground."""
    if shape is None or shape.geom_type != "GeometryCollection":
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else shape
