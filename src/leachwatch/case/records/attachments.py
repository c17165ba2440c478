"""Files that records name: do they stay in the case folder, are they there, are they what they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from leachwatch.case.records.faults import Fault, clipped
from leachwatch.case.records.ground import Outline, as_named
from leachwatch.case.records.inside import leads_elsewhere, leaves
from leachwatch.case.records.mending import nearest
from leachwatch.case.records.reading import Records
from leachwatch.case.records.sources import Evidence
from leachwatch.errors import AreaError

__all__ = ["faults_of_files"]

_VECTOR = (".geojson", ".json", ".gpkg", ".shp")
_LARGEST = 100_000_000


def faults_of_files(records: Records) -> Iterator[Fault]:
    """Name files of evidence and outlines that are not there, not what they were, or outside the case."""
    for evidence in records.evidence.values():
        if evidence.file:
            yield from _faults_of_evidence(records, evidence)
    read: dict[str, Sequence[Mapping[str, Any]] | str] = {}
    shapes: dict[tuple[str, str], str] = {}
    for territory in records.territories.values():
        for number, version in enumerate(territory.versions):
            place, what = _wrong_outline(records.folder, version.outline, read)
            drawn = version.outline.file, version.outline.layer
            if not what and drawn not in shapes:
                shapes[drawn] = _unsound(records.folder / drawn[0], drawn[1])
            place, what = (place, what) if what else (("file",), shapes[drawn])
            if what:
                yield records.fault(territory, ("versions", number, "outline", *place), what)


def _faults_of_evidence(records: Records, evidence: Evidence) -> Iterator[Fault]:
    missing = _missing(records.folder, evidence.file)
    if missing:
        yield records.fault(evidence, ("file",), missing)
        return
    path = records.folder / evidence.file
    size = path.stat().st_size
    if evidence.size is not None and evidence.size != size:
        yield records.fault(
            evidence, ("size",), f"{evidence.file} has {size:,} bytes; find the file as it was"
        )
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        yield records.fault(evidence, ("file",), f"cannot be read ({error.strerror}); check its permissions")
        return
    if not evidence.sha256:
        note = records.fault(evidence, ("file",), f"has no hash yet; add sha256: {found}")
        yield replace(note, severity="note")
    elif evidence.sha256 != found:
        what = f"is not that of {evidence.file}, which is {found}; find the file as it was"
        yield records.fault(evidence, ("sha256",), what)


def _missing(folder: Path, file: str) -> str:
    if leaves(folder, file):
        return f"{clipped(file)} leads out of the case folder; copy the file into it"
    try:
        is_there = (folder / file).is_file()
    except OSError:
        is_there = False
    return "" if is_there else f"there is no file {clipped(file)} in the case; mend the name or copy it there"


def _wrong_outline(
    folder: Path, outline: Outline, read: dict[str, Sequence[Mapping[str, Any]] | str]
) -> tuple[tuple[str, ...], str]:
    if outline.file not in read:
        read[outline.file] = _missing(folder, outline.file) or _features(folder / outline.file)
    features = read[outline.file]
    if isinstance(features, str):
        return ("file",), features
    if not features:
        return ("file",), f"{outline.file} has no features; draw the territory in it"
    names = list(features[0])
    for name in outline.where:
        if not any(name in one for one in features):
            near = nearest(name, names) or "mend its name"
            return ("where", name), f"features of {outline.file} have no such field; {near}"
    if any(
        all(as_named(one.get(name)) in words for name, words in outline.where.items()) for one in features
    ):
        return (), ""
    return ("where",), f"no feature of {outline.file} is like that; mend the values"


def _unsound(path: Path, layer: str) -> str:
    """Say what is wrong with the shapes of a file, if anything is."""
    from leachwatch.case.vector import read_vector, sound  # noqa: PLC0415 - GDAL is needed for few cases

    try:
        frame = read_vector(path, layer=layer)
        for number, shape in enumerate(frame.geometry, start=1):
            sound(shape, f"{path.name}: feature {number}", kinds=("Polygon", "LineString", "Point"))
    except AreaError as error:
        return str(error).removeprefix(f"{path}: ")
    return ""


def _features(path: Path) -> Sequence[Mapping[str, Any]] | str:
    """Fields of each feature, or what is wrong."""
    if path.suffix.lower() not in _VECTOR:
        return f"{path.name} is no vector file; save it as GeoJSON, GeoPackage or shapefile"
    if path.stat().st_size > _LARGEST:
        return f"{path.name} has more than {_LARGEST:,} bytes; cut out what the case needs"
    try:
        if leads_elsewhere(path):
            return f"{path.name} leads to other files, which are not opened; export it as GeoJSON"
        if path.suffix.lower() in {".geojson", ".json"}:
            return _geojson(path)
        return _table(path)
    except (OSError, ValueError, RuntimeError, RecursionError, AttributeError, TypeError):
        return f"{path.name} cannot be read as a vector file; export it as GeoJSON"


def _geojson(path: Path) -> Sequence[Mapping[str, Any]]:
    content = json.loads(path.read_bytes())
    features = content["features"] if content.get("type") == "FeatureCollection" else [content]
    return [dict(one.get("properties") or {}) for one in features]


def _table(path: Path) -> Sequence[Mapping[str, Any]]:
    """Fields of the features of all layers that have shapes."""
    from pyogrio import list_layers  # noqa: PLC0415 - GDAL is needed for few cases
    from pyogrio.raw import read  # noqa: PLC0415

    features: list[Mapping[str, Any]] = []
    for layer in (str(name) for name, kind in list_layers(path) if kind is not None):
        meta, numbers, _, columns = read(path, layer=layer, read_geometry=False, return_fids=True)
        named = [*zip(map(str, meta["fields"]), columns, strict=True)]
        features += [{name: column[row] for name, column in named} for row in range(len(numbers))]
    return features
