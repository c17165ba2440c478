"""What the last search of the vault said of a publication, left where it can be read without the vault."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leachwatch.errors import ReleaseError

__all__ = ["CLEARANCE", "Clearance", "digest_of", "read_clearance"]

CLEARANCE = "clearance.json"
"""Name of the file in a case folder."""


class Clearance(BaseModel):
    """One search, and the bytes that it was of.

    It guards against mistakes, not against whoever can write to the case folder: it is not signed.

    Attributes
    ----------
    publication : str
        SHA-256 over every file that was searched, by `digest_of`.
    files : int
        How many.
    passed : bool
        Whether nothing was found, and everything could be read.
    day : date
        When, UTC.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    publication: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    files: Annotated[int, Field(ge=0)]
    passed: bool
    day: date

    def covers(self, folder: Path) -> bool:
        """Whether a folder passed as it is now, byte for byte."""
        return self.passed and self.publication == digest_of(folder)


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of all files in a folder, in the order of their names.

    Raises
    ------
    ReleaseError
        If one cannot be read, or is a link.
    """
    whole = sha256()
    try:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                raise ReleaseError(
                    f"{path}: is a link, which is not followed; put what it names there itself"
                )
            if not path.is_file():
                continue
            name = path.relative_to(folder).as_posix().encode()
            content = sha256(path.read_bytes()).digest()
            whole.update(len(name).to_bytes(8, "big") + name + content)
    except OSError as error:
        raise ReleaseError(
            f"{error.filename}: cannot be read ({error.strerror}); check its permissions"
        ) from error
    return whole.hexdigest()


def read_clearance(case: Path) -> Clearance | None:
    """Read what the last search said; None where there was none.

    Raises
    ------
    ReleaseError
        If it cannot be read.
    """
    path = case / CLEARANCE
    try:
        return Clearance.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ReleaseError(f"{path}: cannot be read; search again with `leachwatch vault scan`") from error
