"""A record that only grows: lines of JSON, each of which holds the SHA-256 of the line before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leachwatch.errors import OutputError, RecordError
from leachwatch.writing import write_whole

__all__ = ["Chain", "ChainLine"]

_PATIENCE_S = 10.0
_BEGINNING = "0" * 64


class ChainLine(BaseModel):
    """A line of the record; ``previous`` is the SHA-256 of the line before it."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False
    )

    previous: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


L = TypeVar("L", bound=ChainLine)


def _as_json(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Chain(Generic[L]):
    """A record in a file.

    Attributes
    ----------
    path : Path
        The file; it may not be there yet.
    kind : type
        What each line is.
    mend : str
        What to do where the record is broken.
    write : callable
        Makes the bytes of a line.

    Notes
    -----
    A kind of line that has a field ``seq`` gets its number there, from 1.
    """

    path: Path
    kind: type[L]
    mend: str
    write: Callable[[Mapping[str, Any]], bytes] = _as_json

    def read(self) -> list[L]:
        """Read all lines, first to last; none where there is no file.

        Raises
        ------
        RecordError
            If a line cannot be read, or is not the one that the next line was written after.
        """
        return self._parsed(self._content())

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add lines, each given without its ``previous``.

        Raises
        ------
        RecordError
            If the record is broken, or would be by these lines; nothing is written.
        OutputError
            If it cannot be written, or another process is writing it.
        """
        if not rows:
            return
        with _locked(self.path):
            content = self._content()
            self._parsed(content)
            lines = _lines(content)
            for row in rows:
                previous = _digest(lines[-1]) if lines else _BEGINNING
                number = {"seq": len(lines) + 1} if "seq" in self.kind.model_fields else {}
                lines.append(self.write({"previous": previous, **number, **row}))
            longer = b"".join(line + b"\n" for line in lines)
            self._parsed(longer)
            write_whole(self.path, longer)

    def heads(self) -> tuple[str, ...]:
        """SHA-256 of every line, first to last: what the record came to after each."""
        return tuple(_digest(line) for line in _lines(self._content()))

    def _content(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise RecordError(
                f"{self.path}: cannot be read ({error.strerror}); check its permissions"
            ) from error

    def _parsed(self, content: bytes) -> list[L]:
        lines, previous = [], _BEGINNING
        for number, text in enumerate(_lines(content), start=1):
            try:
                line = self.kind.model_validate_json(text)
            except ValidationError as error:
                fault = error.errors(include_input=False, include_url=False)[0]
                field = ".".join(str(part) for part in fault["loc"])
                what = f"{field}: {fault['msg']}" if field else fault["msg"].removeprefix("Value error, ")
                raise RecordError(f"{self.path}: line {number}: {what}; {self.mend}") from error
            if line.previous != previous or getattr(line, "seq", number) != number:
                what = "does not follow on the line before it: a line was changed, added or lost"
                raise RecordError(f"{self.path}: line {number}: {what}; {self.mend}")
            previous = _digest(text)
            lines.append(line)
        return lines


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep others from adding to the record meanwhile; who waits for them waits seconds."""
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        lock.acquire(timeout=_PATIENCE_S)
    except Timeout as error:
        raise OutputError(f"{path}: another process is writing it; try again") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); check its folder") from error
    try:
        yield
    finally:
        lock.release()


def _lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _digest(line: bytes) -> str:
    return sha256(line).hexdigest()
