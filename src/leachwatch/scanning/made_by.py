"""What makes a tile's result: the code itself, since results may differ within one version of it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

__all__ = ["MAKERS", "made_by"]

MAKERS = ("detect", "imagery", "scanning", "tables")
"""Packages of leachwatch that a tile's result is made by."""


@cache
def made_by(root: Path = Path(__file__).parents[1]) -> str:
    """SHA-256 over names and contents of the modules that make a tile's result.

    Parameters
    ----------
    root : Path
        Folder of the packages.
    """
    whole = sha256()
    for package in MAKERS:
        for path in sorted((root / package).rglob("*.py")):
            name, content = path.relative_to(root).as_posix().encode(), path.read_bytes()
            whole.update(b"%d %b %d %b" % (len(name), name, len(content), content))
    return whole.hexdigest()
