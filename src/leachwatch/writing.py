"""Writing a file whole or not at all."""

from __future__ import annotations

from pathlib import Path

from leachwatch.errors import OutputError

__all__ = ["write_whole"]


def write_whole(path: Path, content: bytes | str) -> Path:
    """Write under a temporary name, then rename: a reader sees the old file or the new one, never a part.

    Parameters
    ----------
    path : Path
        File to write; its folder exists.
    content : bytes or str
        Text is written as UTF-8.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If it cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f"{path.name}.part")
    try:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or error
        raise OutputError(
            f"{path}: cannot be written ({reason}); free space or choose another folder"
        ) from error
    return path
