"""The shelf: answers in files of their own, with their manifest, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from leachwatch.errors import OutputError
from leachwatch.trade.fetching.manifest import MANIFEST, Kept, Manifest, read_manifest
from leachwatch.writing import write_together, write_whole

__all__ = ["ANSWERS", "Shelf", "digest_of"]

ANSWERS = "answers"
"""Folder of the answers in force; what they replaced is in ``earlier``."""


class Shelf:
    """A folder of answers.

    Parameters
    ----------
    folder : Path
        With a folder `ANSWERS` in it.

    Raises
    ------
    RecordError
        If its manifest cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)

    def path(self, name: str) -> Path:
        """File of an answer."""
        return self.folder / ANSWERS / name

    def damaged(self) -> list[str]:
        """Names of answers whose files are not there, or not as they were written."""
        return [
            name for name, kept in self.manifest.kept.items() if digest_of(self.path(name)) != kept.sha256
        ]

    def forget(self, names: Collection[str]) -> None:
        """Take answers out of the manifest, and files that it does not name out of the way."""
        if names:
            self.change(kept={name: kept for name, kept in self.manifest.kept.items() if name not in names})
        for path in self.path("").glob("*.json"):
            if path.name not in self.manifest.kept:
                try:
                    path.replace(self._earlier(path))
                except OSError as error:
                    raise OutputError(f"{path}: cannot be moved ({error.strerror}); move it away") from error

    def change(self, **changes: Any) -> None:
        """Write the manifest with some fields changed."""
        self.manifest = self.manifest.changed(**changes)
        write_whole(self.folder / MANIFEST, self.manifest.text())

    def keep(self, name: str, kept: Kept, body: bytes) -> None:
        """Write an answer and the manifest that names it; keep the one that it replaces, if any."""
        path, files = self.path(name), dict[Path, bytes | str]()
        if name in self.manifest.kept:
            files[self._earlier(path)] = path.read_bytes()
        self.manifest = self.manifest.changed(kept=self.manifest.kept | {name: kept})
        write_together(files | {path: body, self.folder / MANIFEST: self.manifest.text()})

    def _earlier(self, path: Path) -> Path:
        """Where a file goes that is not in force any more, by when it came."""
        came = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        place = self.folder / "earlier" / f"{path.stem}@{came:%Y%m%dT%H%M%S}.json"
        place.parent.mkdir(exist_ok=True)
        return place


def digest_of(path: Path) -> str:
    """SHA-256 of a file; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
