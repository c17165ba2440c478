"""What a scan did, for people and for ``manifest.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from shapely.geometry import mapping

from leachwatch import __version__
from leachwatch.case import Area
from leachwatch.imagery import Scene, Skipped, host_of

__all__ = ["CRATE", "MANIFEST", "Report", "manifest_files"]

MANIFEST = "manifest.json"
CRATE = "ro-crate-metadata.json"


@dataclass(frozen=True)
class Report:
    """What a scan did.

    Attributes
    ----------
    out : Path
        Folder in which the tables were written.
    period : tuple of date
        First and last day that was asked for.
    rows : mapping of str to int
        Rows of each table.
    tiers : mapping of str to int
        Sites of each tier.
    scenes : int
        Scenes that were read, at least in part.
    days : tuple of date
        Days with such a scene.
    clear_share : float
        Mean share of the watched ground seen in a month, 0 to 1.
    covered_share : float
        Share of the ground asked for that any scene has, 0 to 1.
    skipped : tuple of Skipped
        Scenes that could not be used, or not all of each, with the reason.
    failed : mapping of str to str
        Tiles that could not be worked, with the reason.
    simulated : bool
        Whether any scene was simulated.
    fired : mapping of str to int
        Watched pixels that speak for a pool in each look, the day as text, before anything else is asked.
    candidates : int
        Pool pixels that were left for grouping.
    rejected : mapping of str to int
        Groups of pool pixels that were judged to be no site, by nearest look-alike.
    reviewed : mapping of str to int
        Sites that people accepted and rejected; rejected ones are in the tables and not on the page.
    past : mapping of str to str
        SHA-256 of the files of earlier scans and of people that this one went on from, by name.
    catalog : str
        Address of the catalog; ``this disk`` where it is there.
    caveats : tuple of str
        What a reader must know before believing it.
    clouded : tuple of str
        Ids of scenes that were not used because they show next to nothing but cloud.
    tiles, kept : int
        Tiles of the scan, and how many of them an earlier one had worked.
    read : int
        Bytes of pixels that tiles read in this run, unpacked.
    traffic : mapping of str to (int, int)
        Requests to each host in this run, and bytes it gave.
    url : str
        Where the tables went from `out`, which is no more; empty where they stayed.
    """

    out: Path
    period: tuple[date, date]
    rows: Mapping[str, int]
    tiers: Mapping[str, int]
    scenes: int
    days: tuple[date, ...]
    clear_share: float
    covered_share: float
    skipped: tuple[Skipped, ...]
    failed: Mapping[str, str]
    simulated: bool
    fired: Mapping[str, int]
    candidates: int
    rejected: Mapping[str, int]
    reviewed: Mapping[str, int]
    past: Mapping[str, str]
    catalog: str
    caveats: tuple[str, ...]
    clouded: tuple[str, ...]
    tiles: int
    kept: int
    read: int
    traffic: Mapping[str, tuple[int, int]]
    url: str = ""

    @property
    def place(self) -> str:
        """Where the tables are, for people."""
        return self.url or str(self.out)

    @property
    def looks(self) -> int:
        """How many days have a scene."""
        return len(self.days)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "out": self.place,
            "period": [day.isoformat() for day in self.period],
            "rows": dict(self.rows),
            "tiers": dict(self.tiers),
            "scenes": self.scenes,
            "days": [day.isoformat() for day in self.days],
            "clear_share": round(self.clear_share, 4),
            "covered_share": round(self.covered_share, 4),
            "skipped": [asdict(skipped) for skipped in self.skipped],
            "clouded": list(self.clouded),
            "failed": dict(self.failed),
            "simulated": self.simulated,
            "fired": dict(self.fired),
            "candidates": self.candidates,
            "rejected": dict(self.rejected),
            "reviewed": dict(self.reviewed),
            "past": dict(self.past),
            "catalog": self.catalog,
            "caveats": list(self.caveats),
            "tiles": self.tiles,
            "kept": self.kept,
            "read": self.read,
            "traffic": {
                host: {"requests": requests, "bytes": received}
                for host, (requests, received) in sorted(self.traffic.items())
            },
        }


def manifest_files(
    report: Report,
    content: Mapping[str, bytes],
    settings: Mapping[str, Any],
    areas: Sequence[Area],
    scenes: Sequence[Scene],
) -> dict[str, str]:
    """Text of ``manifest.json`` and ``ro-crate-metadata.json``.

    Parameters
    ----------
    report : Report
        What the scan did.
    content : mapping of str to bytes
        Files of the tables.
    settings : mapping
        Everything that was set.
    areas : sequence of Area
        What was watched.
    scenes : sequence of Scene
        What was read; each is named with the SHA-256 of its item and the sizes of its files, as far as
        they are known.

    Returns
    -------
    dict of str to str
        By file name.
    """
    made = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = {
        "leachwatch": __version__,
        "made": made,
        "settings": settings,
        "areas": [{"name": area.name, "geometry": mapping(area.geometry)} for area in areas],
        "hosts": sorted(
            {host_of(one.href) for scene in scenes for one in scene.assets.values() if one.remote}
        ),
        "inputs": [_fingerprint(scene) for scene in scenes],
        "tables": {name: sha256(part).hexdigest() for name, part in sorted(content.items())},
        "result": {key: value for key, value in report.as_dict().items() if key != "out"},
    }
    return {MANIFEST: _json(manifest), CRATE: _json(_crate(report, made, sorted(content)))}


def _fingerprint(scene: Scene) -> dict[str, Any]:
    return {
        "scene": scene.id,
        "item_sha256": scene.digest,
        "bytes": {band: asset.size for band, asset in sorted(scene.assets.items())},
    }


def _crate(report: Report, made: str, files: list[str]) -> dict[str, Any]:
    """Describe the folder as RO-Crate 1.1 (https://w3id.org/ro/crate/1.1)."""
    parts = [*files, MANIFEST]
    name = "Leach mine sites found by leachwatch" + (" in simulated scenes" if report.simulated else "")
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": name,
                "description": f"{name}; tables as GeoParquet and Parquet, described in manifest.json.",
                "datePublished": made,
                "license": "The licence is for the maker of the case to state.",
                "hasPart": [{"@id": part} for part in parts],
            },
            *(
                {
                    "@id": part,
                    "@type": "File",
                    "encodingFormat": "application/json"
                    if part.endswith("json")
                    else "application/vnd.apache.parquet",
                }
                for part in parts
            ),
        ],
    }


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
