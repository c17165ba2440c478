"""The manifest of a publication: what is in it, what it rests on, what made it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import vl_convert
from pydantic import ValidationError

from leachwatch import __version__
from leachwatch.case.records import Evidence, Records
from leachwatch.custody import Manifest, manifest
from leachwatch.errors import ReleaseError
from leachwatch.publication.layout import MANIFEST
from leachwatch.release import Release, published_evidence
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
    listed = published_evidence(release)
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
    found = {"leachwatch": __version__, "python": platform.python_version(), "drawing": _drawing()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # pragma: no cover - all are dependencies
            continue
    return found


@cache
def _drawing() -> str:
    """Hash of a word as this machine draws it: other fonts make other pictures of the same numbers."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="24">'
        '<text x="2" y="16" font-family="sans-serif" font-size="13">leach 2846 မြေ 稀土</text></svg>'
    )
    return sha256(vl_convert.svg_to_png(svg)).hexdigest()[:16]


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
