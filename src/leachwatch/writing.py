"""Writing files whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from leachwatch.errors import OutputError

__all__ = ["write_together", "write_whole"]


def write_whole(path: Path, content: bytes | str, *, mode: int = 0o644) -> Path:
    """Write a file under a temporary name, then rename it.

    A reader sees the old file or the new one, never a part; a link of that name is replaced, not followed.

    Parameters
    ----------
    path : Path
        File to write; its folder exists.
    content : bytes or str
        Text is written as UTF-8.
    mode : int
        Who may read and write it.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If it cannot be written; nothing is left behind.
    """
    write_together({path: content}, mode=mode)
    return path


def write_together(files: Mapping[Path, bytes | str], *, mode: int = 0o644) -> None:
    """Write several files under temporary names, then rename all: a full disk leaves the old ones alone.

    Raises
    ------
    OutputError
        If one cannot be written; nothing is left behind.
    """
    waiting: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in files.items():
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
                waiting[path] = Path(part.name)
                part.write(content.encode() if isinstance(content, str) else content)
            waiting[path].chmod(mode)
        for path, part_path in waiting.items():
            part_path.replace(path)
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(
            f"{path}: cannot be written ({reason}); free space or choose another folder"
        ) from error
    finally:
        for part_path in waiting.values():
            with suppress(OSError):
                part_path.unlink(missing_ok=True)
