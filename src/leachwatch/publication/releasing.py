"""Releasing what was prepared, if it is still that, and was searched for whom it must not name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from leachwatch.case.records import read_records
from leachwatch.errors import OutputError, ReleaseError
from leachwatch.publication.inputs import case_digest, protects
from leachwatch.publication.layout import PENDING, PUBLICATIONS, STATE
from leachwatch.release import digest_of, read_clearance

__all__ = ["release_prepared"]


def release_prepared(case: Path) -> tuple[Path, Path]:
    """Release the publication that was prepared: it gets its name, and a zip of it beside it.

    Parameters
    ----------
    case : Path
        The case folder.

    Returns
    -------
    tuple of Path
        The publication, and the zip.

    Raises
    ------
    ReleaseError
        If nothing was prepared, it or the case changed since, or it was not searched, or not with a pass,
        though the case has sources to protect.
    OutputError
        If a file cannot be written.
    """
    home = case / PUBLICATIONS
    pending = home / PENDING
    anew = f"prepare it anew with `leachwatch publish {case}`"
    try:
        told = json.loads((home / STATE).read_bytes())
        name, digest, mark = str(told["name"]), str(told["case"]), str(told["publication"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{pending}: nothing is prepared there; {anew}") from error
    if case_digest(case) != digest:
        raise ReleaseError(f"{case}: was changed since the publication was prepared; {anew}")
    if digest_of(pending) != mark:
        raise ReleaseError(f"{pending}: was changed since it was prepared; {anew}")
    if protects(read_records(case)):
        _searched(case, pending)
    target = home / name
    try:
        packed = _zipped(pending, name)
        pending.rename(target)
        packed = packed.rename(home / f"{name}.zip")
        (home / STATE).unlink()
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror}); check its folder") from error
    return target, packed


def _searched(case: Path, pending: Path) -> None:
    search = f"leachwatch vault scan {case} --identity FILE --publication {pending}"
    clearance = read_clearance(case)
    if clearance is None:
        raise ReleaseError(f"{pending}: was not searched for whom it must not name; run `{search}`")
    if not clearance.passed:
        raise ReleaseError(f"{pending}: the search found something to mend; `{search}` names the records")
    if not clearance.covers(pending):
        raise ReleaseError(f"{pending}: is not what was searched; run `{search}` again")


def _zipped(folder: Path, name: str) -> Path:
    """Pack a publication into one file, under another name for now; equal ones give equal bytes."""
    packed = folder.with_name(".zip.part")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}")
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    return packed
