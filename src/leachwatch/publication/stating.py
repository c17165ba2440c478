"""The manifest of a publication: what is in it, what it rests on, what made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import ValidationError

from leachwatch import __version__
from leachwatch.case.records import Evidence, Records
from leachwatch.custody import Manifest, manifest
from leachwatch.errors import ReleaseError
from leachwatch.publication.layout import MANIFEST
from leachwatch.release import Release
from leachwatch.writing import write_whole

__all__ = ["Stated", "made_with", "read_stated", "state"]

_LIBRARIES = (
    "altair", "geopandas", "numpy", "pandas", "pyarrow", "pyogrio", "scipy", "shapely", "vl-convert-python",
    "xlsxwriter",
)  # fmt: skip
"""Libraries that can change how a file looks in bytes."""


class Stated(Manifest):
    """The manifest of a publication.

    Attributes
    ----------
    made : date
        Day on which it was made.
    made_with : mapping of str to str
        Version of leachwatch and of libraries that can change how a file looks.
    needs : tuple of str
        Inputs that may not be passed on; others have to fetch them to compute everything again.
    custody : str
        SHA-256 of the last line of the log of custody; empty where there is none. Whoever writes that log
        anew would have to write this publication anew, too, wherever it is.
    """

    made: date
    made_with: Mapping[str, str]
    needs: tuple[str, ...]
    custody: str


def state(  # noqa: PLR0913 - each is one thing that it states
    folder: Path,
    records: Records,
    release: Release,
    item_key: Callable[[str], bytes],
    *,
    made: date,
    needs: tuple[str, ...],
    custody: str,
) -> Stated:
    """Write the manifest of a publication, and refuse one that holds an original of evidence.

    Raises
    ------
    ReleaseError
        If a file is an original.
    """
    listed = {one.id for one in release.case.evidence}
    unpublished: dict[str, Evidence] = {
        one.id: one for one in records.evidence.values() if one.id not in listed
    }
    files = manifest(folder, unpublished, item_key)
    originals = {one.sha256: one.id for one in records.evidence.values() if one.sha256}
    for path, mark in files.marks.items():
        if mark in originals:
            raise ReleaseError(
                f"{path}: is the original of {originals[mark]}, and originals are not published; take it out"
            )
    stated = Stated(
        files=files.files,
        unpublished=files.unpublished,
        made=made,
        made_with=made_with(),
        needs=needs,
        custody=custody,
    )
    write_whole(folder / MANIFEST, stated.model_dump_json(indent=1) + "\n")
    return stated


def made_with() -> dict[str, str]:
    """Versions that can change how a file looks."""
    found = {"leachwatch": __version__}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # pragma: no cover - all are dependencies
            continue
    return found


def read_stated(folder: Path) -> tuple[Stated, str]:
    """Read the manifest of a publication, and the SHA-256 of it.

    Raises
    ------
    ReleaseError
        If there is none, or it is none.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        return Stated.model_validate_json(content), sha256(content).hexdigest()
    except (OSError, ValidationError) as error:
        raise ReleaseError(f"{path}: is missing or no manifest; name the folder of a publication") from error
