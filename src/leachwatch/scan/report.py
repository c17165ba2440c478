"""What a scan did, for people and for ``manifest.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leachwatch import __version__
from leachwatch.imagery import Scene, Skipped
from leachwatch.writing import write_whole

__all__ = ["Report", "fingerprint", "write_manifest"]


@dataclass(frozen=True)
class Report:
    """What a scan did.

    Attributes
    ----------
    out : Path
        Where the tables are.
    rows : mapping of str to int
        Rows of each table.
    tiers : mapping of str to int
        Sites of each tier.
    scenes, looks : int
        Scenes used, and days with one.
    clear_share : float
        Mean share of the watched ground seen in a month, 0 to 1.
    skipped : tuple of Skipped
        Scenes not used, each with its reason.
    uncovered : tuple of str
        Watched areas that no scene touches.
    simulated : bool
        Whether any scene was simulated.
    fired : mapping of str to int
        Pixels that speak for a pool in each look, the day as text, before anything else is asked of them.
    candidates : int
        Pool pixels that were left for grouping.
    rejected : mapping of str to int
        Groups of pool pixels that were judged to be no site, by nearest look-alike.
    """

    out: Path
    rows: Mapping[str, int]
    tiers: Mapping[str, int]
    scenes: int
    looks: int
    clear_share: float
    skipped: tuple[Skipped, ...]
    uncovered: tuple[str, ...]
    simulated: bool
    fired: Mapping[str, int]
    candidates: int
    rejected: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return {
            "out": str(self.out),
            "rows": dict(self.rows),
            "tiers": dict(self.tiers),
            "scenes": self.scenes,
            "looks": self.looks,
            "clear_share": round(self.clear_share, 4),
            "skipped": [{"scene": skipped.scene, "reason": skipped.reason} for skipped in self.skipped],
            "uncovered": list(self.uncovered),
            "simulated": self.simulated,
            "fired": dict(self.fired),
            "candidates": self.candidates,
            "rejected": dict(self.rejected),
        }


def fingerprint(scenes: tuple[Scene, ...]) -> list[dict[str, str]]:
    """Each scene's item with the SHA-256 of its file."""
    return [
        {"scene": scene.id, "sha256": hashlib.sha256(scene.source.read_bytes()).hexdigest()}
        for scene in scenes
        if scene.source.is_file()
    ]


def write_manifest(report: Report, settings: Mapping[str, Any], inputs: list[dict[str, str]]) -> Path:
    """Write ``manifest.json`` and ``ro-crate-metadata.json`` beside the tables.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    tables = {path.name: _sha256(path) for path in sorted(report.out.glob("*.parquet"))}
    made = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = {
        "leachwatch": __version__,
        "made": made,
        "settings": settings,
        "inputs": inputs,
        "tables": tables,
        "result": {key: value for key, value in report.as_dict().items() if key != "out"},
    }
    path = write_whole(report.out / "manifest.json", _json(manifest))
    write_whole(report.out / "ro-crate-metadata.json", _json(_crate(report, made, list(tables))))
    return path


def _crate(report: Report, made: str, files: list[str]) -> dict[str, Any]:
    """Describe the folder as RO-Crate 1.1 (https://w3id.org/ro/crate/1.1)."""
    parts = [*files, "manifest.json"]
    name = "Leach mine sites found by leachwatch" + (" in simulated scenes" if report.simulated else "")
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
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


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
