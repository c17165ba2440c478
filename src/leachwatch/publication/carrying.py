"""The public half of a case, as a case of its own: what is published is computed from this alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from leachwatch import films, tables
from leachwatch.case import Case, read_outlines
from leachwatch.case.records import Records, as_yaml
from leachwatch.claims import VERDICTS_FILE, carry_history
from leachwatch.errors import OutputError, TableError
from leachwatch.exchange import ALLOWED
from leachwatch.publication.layout import AREAS, CASE, SCAN, SEEN, STRIPS, last_publication
from leachwatch.release import OUTLINES, Release, written
from leachwatch.tables import Table
from leachwatch.trade import pass_on

__all__ = ["carry"]

_HEAD = "# Published with leachwatch: what may be known by everybody.\n"
_RESULT = (
    "period", "scenes", "days", "clear_share", "covered_share", "clouded", "simulated",
    "candidates", "rejected", "caveats",
)  # fmt: skip
"""What of the result of a scan is published; hosts, reviews and faults stay behind."""

_NAMED_CATALOGS = ("earth-search", "planetary-computer")


def carry(case: Case, records: Records, release: Release, folder: Path) -> None:
    """Write the public half of a case into a folder; verdicts go on with those of the last publication.

    Parameters
    ----------
    case : Case
        With the tables of its scan in ``out``.
    records : Records
        Of the case.
    release : Release
        What of them is published.
    folder : Path
        Made here.

    Raises
    ------
    TableError
        If the scan left no tables.
    RecordError, AreaError
        If a file of the case cannot be read.
    OutputError
        If something cannot be written.
    """
    try:
        (folder / "out" / STRIPS).mkdir(parents=True)
        _write_yaml(folder / "case.yaml", _settings(case))
        _write_json(folder / AREAS, _areas(case))
        for file, listed in written(release, records).items():
            _write_yaml(folder / file, listed)
        if release.case.territories:
            _write_json(folder / OUTLINES, _outlines(case, records, release))
        before = last_publication(case.folder)
        if before is not None:
            own = {one.id for one in release.case.claims} - set(release.names.values())
            carry_history(before / CASE / VERDICTS_FILE, folder / VERDICTS_FILE, own)
        pass_on(case.folder, folder)
        _carry_scan(case.out, folder / "out")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); free space") from error


def _settings(case: Case) -> dict[str, Any]:
    """Write the settings of a case without paths of the machine that it lies on."""
    catalog = case.imagery.catalog if case.imagery.catalog in _NAMED_CATALOGS else "elsewhere"
    imagery: dict[str, Any] = {"catalog": catalog, "collections": case.imagery.collections}
    settings: dict[str, Any] = {
        "title": case.title,
        "language": case.language,
        "licence": case.licence,
        "areas": AREAS,
        "dates": {"from": str(case.period.first), "to": str(case.period.last)},
        "imagery": {name: value for name, value in imagery.items() if value},
    }
    judged = case.claims.model_dump(mode="json", exclude_defaults=True)
    return settings | ({"claims": judged} if judged else {})


def _areas(case: Case) -> dict[str, Any]:
    return _collection([({"name": one.name}, one.geometry) for one in case.areas])


def _outlines(case: Case, records: Records, release: Release) -> dict[str, Any]:
    """Every drawing of the territories that are published."""
    kept = [records.territories[one.id] for one in release.case.territories]
    return _collection(
        [
            ({"territory": one.territory.id, "version": one.version.version}, one.shape)
            for one in read_outlines(case.folder, kept)
        ]
    )


def _collection(features: list[tuple[dict[str, str], Any]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": named, "geometry": json.loads(shapely.to_geojson(shape))}
            for named, shape in features
        ],
    }


def _carry_scan(out: Path, folder: Path) -> None:
    """Copy tables, films and inputs of a scan, without rejected sites and what people said of others."""
    sites = tables.read(out, tables.SITES)
    refused = set(sites[sites["review"] == "rejected"]["site_id"])
    kept = [one for one in sites["site_id"] if one not in refused]
    lineage = [[one for one in before if one not in refused] for before in sites["lineage"]]
    sites = sites.assign(lineage=pd.Series(lineage, index=sites.index, dtype=object))
    for table in SEEN:
        frame = sites if table is tables.SITES else tables.read(out, table)
        tables.write(folder, table, _allowed(table, frame, kept))
    for site in kept:
        film = films.path_of(out, site)
        if film is not None and film.is_file():
            shutil.copyfile(film, folder / STRIPS / film.name)
    _write_json(folder / SCAN, _scan(out / SCAN))


def _allowed(table: Table, frame: pd.DataFrame, sites: list[str]) -> pd.DataFrame:
    """Keep rows of published sites; empty the columns that stay behind, as the contract asks for them."""
    if "site_id" in frame.columns:
        frame = frame[frame["site_id"].isin(sites)]
    hidden = [column.name for column in table.columns if column.name not in ALLOWED[table.name]]
    for name in hidden:
        frame = frame.assign(**{name: pd.Series([None] * len(frame), index=frame.index, dtype=object)})
    return frame


def _scan(path: Path) -> dict[str, Any]:
    """Say what was read, by what settings, and what came out; no host, no name of a folder."""
    try:
        told: Mapping[str, Any] = json.loads(path.read_bytes())
        result = told["result"]
        return {
            "leachwatch": told["leachwatch"],
            "made": str(told["made"])[:10],
            "settings": told["settings"],
            "inputs": told["inputs"],
            "result": {name: result[name] for name in _RESULT if name in result},
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TableError(
            f"{path}: is missing or not as a scan wrote it; run `leachwatch run` again"
        ) from error


def _write_yaml(path: Path, value: Any) -> None:
    path.write_text(_HEAD + as_yaml(value), encoding="utf-8")


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
