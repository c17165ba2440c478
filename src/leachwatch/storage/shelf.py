"""Shelf: files by name, each written whole or not at all, wherever that is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from leachwatch.errors import OutputError
from leachwatch.writing import write_whole

__all__ = ["FolderShelf", "Shelf"]


class Shelf(Protocol):
    """Files by name; a reader sees the old file or the new one, never a part."""

    @property
    def shared(self) -> bool:
        """Whether every machine reaches it by the same name."""

    def read(self, name: str) -> bytes | None:
        """Give a file's content; None where there is no such file."""

    def write(self, name: str, content: bytes) -> None:
        """Keep a file, whole or not at all; `OutputError` where it cannot be."""

    def names(self) -> frozenset[str]:
        """Name all files that are there."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""


@dataclass(frozen=True)
class FolderShelf:
    """Files in a folder of this machine.

    Attributes
    ----------
    folder : Path
        Made when something is first kept.
    """

    folder: Path

    @property
    def shared(self) -> bool:
        """No: other machines may have another folder of that name."""
        return False

    def read(self, name: str) -> bytes | None:
        """Give a file's content; None where it is not there or cannot be read."""
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Keep a file under its name."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{self.folder}: cannot be made ({error.strerror}); choose another --out"
            ) from error
        write_whole(self.folder / name, content)

    def names(self) -> frozenset[str]:
        """Name the files of the folder."""
        return frozenset(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else frozenset()

    def remove(self, name: str) -> None:
        """Take a file away; one that cannot be taken away harms nobody."""
        with suppress(OSError):
            (self.folder / name).unlink()
