"""Whether a file stays in the case folder: its path, and what it leads to."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

__all__ = ["leads_elsewhere", "leaves"]

_VIRTUAL = b"<OGRVRTDataSource"
"""How a file begins, whatever its name, that GDAL takes for a list of other files and addresses."""
_HEAD = 1 << 16


def leaves(folder: Path, file: str) -> bool:
    """Whether a path leads out of a folder: up, from the root, or through a link.

    Examples
    --------
    >>> leaves(Path("."), "../secret"), leaves(Path("."), "/etc/passwd"), leaves(Path("."), "a/b.geojson")
    (True, True, False)
    """
    parts = (PurePosixPath(file), PureWindowsPath(file))
    if "\0" in file or any(".." in one.parts or one.is_absolute() or one.drive for one in parts):
        return True
    try:
        return not (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a name that no system has, or links that go round
        return True


def leads_elsewhere(path: Path) -> bool:
    """Whether GDAL would open other files or addresses for it."""
    with path.open("rb") as file:
        return _VIRTUAL in file.read(_HEAD)
