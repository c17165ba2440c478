"""Where a file with a key may lie, and who may read it."""

from __future__ import annotations

from pathlib import Path

from leachwatch.errors import OutputError
from leachwatch.writing import write_whole

__all__ = ["write_key"]


def write_key(path: Path, content: bytes) -> None:
    """Write a key for its owner alone, outside of any case: a case is passed on as a whole.

    Raises
    ------
    OutputError
        If there is a file already, it lies in a case, or it cannot be written.
    """
    if path.exists():
        raise OutputError(f"{path}: there is a file already; choose another name")
    if any((folder / "case.yaml").exists() for folder in path.resolve().parents):
        raise OutputError(f"{path}: lies in a case folder; keep keys elsewhere, best on another disk")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{path.parent}: cannot be made ({error.strerror}); choose another folder"
        ) from error
    write_whole(path, content, mode=0o600)
