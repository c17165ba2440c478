"""Cutting: bytes of a delimited file into lines and cells, before anything is decoded.

That is right in UTF-8 and in GB18030: no sign of more than one byte has the byte of a line end, a quote or a
comma in it. Until a word is decoded each of its bytes is held as one sign, as Latin-1 has it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

__all__ = ["Block", "Cut", "Cutter", "blocks", "cells_of"]

_BYTES = 1 << 20  # read at a time
_WORDS = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Block:
    """Whole lines of a file, each ended by a line feed.

    Attributes
    ----------
    content : bytes
        The lines.
    first : int
        Number of the first, from 1.
    """

    content: bytes
    first: int

    def lines(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Numbers, starts and ends of the lines that are not empty."""
        ends = np.flatnonzero(np.frombuffer(self.content, dtype=np.uint8) == ord("\n"))
        starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)[: len(ends)]
        full = ends > starts
        return np.flatnonzero(full) + self.first, starts[full], ends[full]


def blocks(read: Callable[[int], bytes], size: int = _BYTES) -> Iterator[Block]:
    """Cut what `read` gives into blocks of whole lines; line ends of all systems become line feeds."""
    first, waiting = 1, b""
    while chunk := read(size):
        whole, end, rest = (waiting + chunk).rpartition(b"\n")
        waiting = rest
        if end:
            block = Block(_with_line_feeds(whole + end), first)
            first += block.content.count(b"\n")
            yield block
    if waiting:
        yield Block(_with_line_feeds(waiting) + b"\n", first)


def _with_line_feeds(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content


def cells_of(line: bytes, delimiter: str) -> list[str]:
    """Cells of one line, a sign for each byte.

    Raises
    ------
    ValueError
        If its quotes do not close.
    """
    try:
        return next(csv.reader([line.decode("latin-1")], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise ValueError(
            f"cannot be cut into cells ({error}); a row stands on one line, its quotes closed"
        ) from error


@dataclass(frozen=True)
class Cut:
    """A block in cells.

    Attributes
    ----------
    table : pyarrow Table
        One column of words, dictionary-coded, for each name.
    lines : ndarray of int64, shape (rows,)
        Line of each row.
    faults : tuple of (int, str)
        Lines that are no rows, and why.
    """

    table: pa.Table
    lines: np.ndarray
    faults: tuple[tuple[int, str], ...]

    def only(self, place: int, wanted: Callable[[str], bool]) -> Cut:
        """Keep the rows whose word in a column is wanted; lines that are no rows stay."""
        kept = _told(self.table.column(place), wanted)
        return replace(self, table=self.table.filter(pa.array(kept)), lines=self.lines[kept])


class Cutter:
    """Cuts blocks into as many columns as there are names.

    Parameters
    ----------
    names : sequence of str
        Of the header; the last may be empty.
    delimiter : str
        Between cells.
    """

    def __init__(self, names: Sequence[str], delimiter: str) -> None:
        self._names, self._delimiter = tuple(names), delimiter

    def cut(self, block: Block) -> Cut:
        """Cut a block: all rows of the usual width at once, the others by hand."""
        numbers, starts, ends = block.lines()
        width = self._width(block.content[starts[0] : ends[0]]) if len(starts) else len(self._names)
        table, odd = self._parsed(block.content, width)
        if table.num_rows + len(odd) != len(numbers):  # a quote runs over the end of its line
            table, odd = self._parsed(b"", width)[0], np.arange(len(numbers))
        lines = np.delete(numbers, odd)
        if width > len(self._names) and table.num_rows:
            overfull = _told(table.column(width - 1), bool)
            odd = np.searchsorted(numbers, np.sort(np.concatenate([lines[overfull], numbers[odd]])))
            table, lines = table.filter(pa.array(~overfull)), lines[~overfull]
        table = table.select(range(len(self._names)))
        if not len(odd):
            return Cut(table, lines, ())
        mended, faults = self._by_hand(
            [(int(numbers[at]), block.content[starts[at] : ends[at]]) for at in odd.tolist()]
        )
        rows = [
            pa.array([cells[place] for _, cells in mended], pa.string()).dictionary_encode()
            for place in range(len(self._names))
        ]
        more = pa.Table.from_arrays(rows, schema=table.schema)
        places = np.array([number for number, _ in mended], dtype=np.int64)
        return Cut(pa.concat_tables([table, more]), np.concatenate([lines, places]), tuple(faults))

    def _width(self, line: bytes) -> int:
        """Cells in a row: often one more than names, or one less, where the last is empty."""
        try:
            cells = cells_of(line, self._delimiter)
        except ValueError:
            return len(self._names)
        return len(cells) if self._fits(cells) else len(self._names)

    def _fits(self, cells: Sequence[str]) -> bool:
        """Whether these are cells for the names, but for one empty at the end or lacking there."""
        count = len(self._names)
        if len(cells) > count:
            return not any(cells[count:])
        return len(cells) == count or (len(cells) == count - 1 and not self._names[-1])

    def _by_hand(
        self, lines: Sequence[tuple[int, bytes]]
    ) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
        mended, faults = [], []
        for number, line in lines:
            try:
                cells = cells_of(line, self._delimiter)
            except ValueError as error:
                faults.append((number, str(error)))
                continue
            if self._fits(cells):
                mended.append((number, [*cells, ""][: len(self._names)]))
            else:
                mend = f"quote a cell that holds a {self._delimiter!r}"
                faults.append((number, f"has {len(cells)} cells under {len(self._names)} names; {mend}"))
        return mended, faults

    def _parsed(self, content: bytes, width: int) -> tuple[pa.Table, np.ndarray]:
        """Rows that have the width, and which of the lines that are not empty have not."""
        odd: list[int] = []

        def skip(row: arrow_csv.InvalidRow) -> str:
            odd.append(row.number - 1)
            return "skip"

        names = [str(place) for place in range(max(width, len(self._names)))]
        table = pa.table({name: pa.array([], _WORDS) for name in names})
        if content:
            try:
                table = arrow_csv.read_csv(
                    pa.BufferReader(content if content.isascii() else content.decode("latin-1").encode()),
                    read_options=arrow_csv.ReadOptions(
                        column_names=names[:width], use_threads=False, block_size=2 * len(content) + 1
                    ),
                    parse_options=arrow_csv.ParseOptions(delimiter=self._delimiter, invalid_row_handler=skip),
                    convert_options=arrow_csv.ConvertOptions(
                        check_utf8=False, column_types=dict.fromkeys(names, _WORDS)
                    ),
                )
            except pa.ArrowInvalid:  # then no row is told, and every line is cut by hand
                odd.clear()
        for name in names[table.num_columns :]:
            empty = np.zeros(table.num_rows, dtype=np.int32)
            blank = pa.DictionaryArray.from_arrays(empty, pa.array([""]))
            table = table.append_column(name, blank)
        return table, np.array(odd, dtype=np.int64)


def _told(column: pa.ChunkedArray, tell: Callable[[str], bool]) -> np.ndarray:
    """Rows of whose word something is so; each different word is asked about once."""
    nothing = np.zeros(0, dtype=bool)
    chunks = (
        np.array([tell(word) for word in chunk.dictionary.to_pylist()], dtype=bool)[chunk.indices.to_numpy()]
        for chunk in column.chunks
        if len(chunk)
    )
    return np.concatenate([nothing, *chunks])
