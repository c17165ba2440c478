"""A sheet: the cells of a delimited text file by column, with the line of each row.

A million rows are decoded and parsed once for each different word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leachwatch.errors import RecordError
from leachwatch.trade.cutting import Block, Cut, Cutter, blocks, cells_of
from leachwatch.trade.readout import Fault, Place

__all__ = ["Cells", "Only", "Sheet", "plain_name", "read_sheet"]

_SHOWN_SIGNS = 60
_BOM = b"\xef\xbb\xbf"
_NO_TEXT = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"PK\x03": "a zip or Excel file",
    b"\xd0\xcf\x11": "an old Excel file",
    b"\x1f\x8b": "a gzip file",
}


@dataclass(frozen=True)
class Cells:
    """One column: each different word once.

    Attributes
    ----------
    codes : ndarray of int32, shape (rows,)
        Which word stands in each row.
    words : pyarrow StringArray
        Without blanks around them; null where the bytes are no text in the file's encoding.
    """

    codes: np.ndarray
    words: pa.StringArray

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Cells:
        """Cells of plain texts; None where there is none that can be read."""
        coded = pa.array(texts, pa.string()).dictionary_encode(null_encoding="encode")
        return cls(coded.indices.to_numpy(zero_copy_only=False), pc.utf8_trim_whitespace(coded.dictionary))

    def __len__(self) -> int:
        return len(self.codes)

    def text(self, row: int) -> str:
        """Word of one row; empty where there is none."""
        return self.words[int(self.codes[row])].as_py() or ""

    def each(self, of_words: Sequence[object] | np.ndarray) -> np.ndarray:
        """Spread what is so of each word over the rows."""
        values = np.asarray(of_words)
        return values[self.codes] if len(self.codes) else values[:0]

    def empty(self) -> np.ndarray:
        """Rows in which nothing stands."""
        return self.each(pc.equal(pc.fill_null(self.words, "?"), "").to_numpy(zero_copy_only=False))

    def unreadable(self) -> np.ndarray:
        """Rows whose bytes are no text."""
        return self.each(pc.is_null(self.words).to_numpy(zero_copy_only=False))


@dataclass(frozen=True)
class Sheet:
    """The rows of a file.

    Attributes
    ----------
    file : str
        Its name, for messages.
    columns : mapping of str to Cells
        By the header's names, as they stand there.
    lines : ndarray of int64, shape (rows,)
        Where each row stands.
    faults : tuple of Fault
        Rows that cannot be cut into cells.
    place : str
        What `lines` counts.
    left_out : int
        Rows that nobody asked for.
    """

    file: str
    columns: Mapping[str, Cells]
    lines: np.ndarray
    faults: tuple[Fault, ...] = ()
    place: Place = "line"
    left_out: int = 0

    @property
    def rows(self) -> int:
        """All rows that are not empty, those with faults and those left out too."""
        return len(self.lines) + len(self.faults) + self.left_out


@dataclass(frozen=True)
class Only:
    """Which rows to keep of a file that has many more.

    Attributes
    ----------
    column : str
        Name of the column that tells, as `plain_name` writes it; without it all rows are kept.
    wanted : callable
        Whether a word of it is wanted. What cannot be read is: it has to be named.
    """

    column: str
    wanted: Callable[[str], bool]


def plain_name(name: str) -> str:
    """Name of a column without blanks, brackets, underscores and capitals."""
    return re.sub(r"[\s_()（）]", "", name).lower()


def read_sheet(
    path: Path, encodings: Sequence[str], known: frozenset[str], only: Only | None = None
) -> Sheet:
    """Read a text file with a header row, one row a line, cells between commas, tabs or semicolons.

    Parameters
    ----------
    path : Path
        The file.
    encodings : sequence of str
        To try, the first to prefer: that one is taken in which most names of the header are known.
    known : frozenset of str
        Names of columns, as `plain_name` writes them.
    only : Only, optional
        Which rows to keep; the others are counted and never held. All are kept where it is not given.

    Returns
    -------
    Sheet

    Raises
    ------
    RecordError
        If it cannot be read, is no text, or has no header that is known.
    """
    try:
        with path.open("rb") as file:
            lines = blocks(file.read)
            first = next(lines, Block(b"", 1))
            header, rest = _header(path.name, first, encodings, known)
            cutter = Cutter(header.names, header.delimiter)
            sift = header.sift(only)
            parts, left_out = [], 0
            for block in chain([rest], lines):
                cut = cutter.cut(block)
                parts.append(sift(cut))
                left_out += len(cut.lines) - len(parts[-1].lines)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); name a file") from error
    lines_of_rows = np.concatenate([part.lines for part in parts])
    order = np.argsort(lines_of_rows, kind="stable")
    faults = tuple(Fault(path.name, line, "", why) for part in parts for line, why in part.faults)
    columns = header.columns([part.table.columns for part in parts], order)
    return Sheet(path.name, columns, lines_of_rows[order], faults, left_out=left_out)


@dataclass(frozen=True)
class _Header:
    file: str
    line: int
    names: tuple[str, ...]
    encoding: str
    delimiter: str

    def sift(self, only: Only | None) -> Callable[[Cut], Cut]:
        """Give what keeps the rows of a block that are asked for."""
        plain = [plain_name(name) for name in self.names]
        if only is None or only.column not in plain:
            return lambda cut: cut

        @cache
        def wanted(word: str) -> bool:
            text = _text(word, self.encoding)
            return text is None or only.wanted(text.strip())

        return lambda cut: cut.only(plain.index(only.column), wanted)

    def columns(self, parts: Sequence[Sequence[pa.ChunkedArray]], order: np.ndarray) -> Mapping[str, Cells]:
        """Cells by name; a column without a name has none."""
        found = {}
        for place, name in enumerate(self.names):
            cells = _cells([columns[place] for columns in parts], order, self.encoding)
            if name:
                found[name] = cells
            elif not cells.empty().all():
                raise RecordError(
                    f"{self.file}: line {self.line}: column {place + 1} has cells but no name; name it"
                )
        return found


def _header(
    file: str, block: Block, encodings: Sequence[str], known: frozenset[str]
) -> tuple[_Header, Block]:
    """Header of a file, and what follows it in the block."""
    content = block.content.removeprefix(_BOM)
    for start, what in _NO_TEXT.items():
        if content.startswith(start):
            raise RecordError(f"{file}: is {what}; save it as CSV in UTF-8")
    empty = len(content) - len(content.lstrip(b"\n"))
    line, _, rest = content[empty:].partition(b"\n")
    delimiter = max(",\t;", key=lambda sign: line.count(sign.encode()))
    tried = ("utf-8",) if content != block.content else encodings
    names = {encoding: _names(line, encoding, delimiter) for encoding in tried}
    best = max(tried, key=lambda encoding: sum(plain_name(name) in known for name in names[encoding]))
    where = f"{file}: line {empty + 1}"
    if not any(plain_name(name) in known for name in names[best]):
        shown = ", ".join(names[best])[:_SHOWN_SIGNS] or "nothing"
        raise RecordError(
            f"{where}: no column's name is known ({shown}); keep the header as it was downloaded"
        )
    twice = [name for name in names[best] if name and names[best].count(name) > 1]
    if twice:
        raise RecordError(f"{where}: {twice[0]!r} names two columns; take one out")
    return _Header(file, empty + 1, names[best], best, delimiter), Block(rest, empty + 2)


def _names(line: bytes, encoding: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(_decode(cell, encoding).strip() for cell in cells_of(line, delimiter))
    except ValueError:  # not in this encoding, or not to be cut: then no name is known
        return ()


def _cells(parts: Sequence[pa.ChunkedArray], order: np.ndarray, encoding: str) -> Cells:
    chunks = [chunk for part in parts for chunk in part.chunks]
    if not chunks:  # no row was asked for
        return Cells.of([])
    column = pa.chunked_array(chunks).unify_dictionaries()
    codes = np.concatenate([chunk.indices.to_numpy(zero_copy_only=False) for chunk in column.chunks])
    return Cells(codes[order], pc.utf8_trim_whitespace(_decoded(column.chunk(0).dictionary, encoding)))


def _decoded(words: pa.StringArray, encoding: str) -> pa.StringArray:
    """Words as they are meant; only those that are not plain ASCII are worth a look."""
    held = words.buffers()[2]
    if held is None or (np.frombuffer(held, dtype=np.uint8) < 128).all():  # noqa: PLR2004 - ASCII ends there
        return words
    return pa.array([_text(word, encoding) for word in words.to_pylist()], pa.string())


def _text(word: str, encoding: str) -> str | None:
    try:
        return _decode(word, encoding)
    except UnicodeDecodeError:
        return None


def _decode(word: str, encoding: str) -> str:
    """Text of a word that has a sign for each byte."""
    return word.encode("latin-1").decode(encoding)
