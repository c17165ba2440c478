"""A reading: the columns of a sheet by what they mean, checked one by one until only good rows are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from leachwatch.errors import LeachwatchError, RecordError
from leachwatch.tables.order import joined
from leachwatch.trade.assembly import Amount, Coded, Filling, coded, observed
from leachwatch.trade.printed import Numbers, numbers
from leachwatch.trade.readout import Readout, Sieve, listed
from leachwatch.trade.sheet import Cells, Sheet, plain_name

__all__ = ["Reading"]


class Reading:
    """One pass over a sheet.

    Parameters
    ----------
    sheet : Sheet
        The rows.
    meanings : mapping of str to str
        What a column means, by its name as `plain_name` writes it.

    Raises
    ------
    RecordError
        If two columns mean the same.
    """

    def __init__(self, sheet: Sheet, meanings: Mapping[str, str]) -> None:
        self.sheet = sheet
        self.sieve = Sieve(sheet.file, sheet.lines, sheet.place)
        self.warnings: list[str] = []
        self._headers: dict[str, str] = {}
        unread = []
        for header in sheet.columns:
            meaning = meanings.get(plain_name(header))
            if meaning is None:
                unread.append(header)
            elif meaning in self._headers:
                twins = f"{self._headers[meaning]!r} and {header!r}"
                raise RecordError(f"{sheet.file}: columns {twins} mean the same; take one out")
            else:
                self._headers[meaning] = header
        if unread:
            self.warn(f"columns not known and not read: {listed(unread)}")
        if sheet.left_out:
            self.warn(f"{sheet.left_out:,} rows of codes that were not asked for are left out")

    def warn(self, said: str) -> None:
        """Say something about the file as a whole."""
        self.warnings.append(f"{self.sheet.file}: {said}")

    def has(self, meaning: str) -> bool:
        """Whether there is such a column."""
        return meaning in self._headers

    def must_have(self, *meanings: str, said: str) -> None:
        """Go on only if one of these columns is there.

        Raises
        ------
        RecordError
            If none is.
        """
        if not any(map(self.has, meanings)):
            raise RecordError(f"{self.sheet.file}: has no column of {said}; export it again with that column")

    def cells(self, meaning: str) -> Cells:
        """Cells of a column; rows whose bytes are no text are refused."""
        header = self._headers[meaning]
        cells = self.sheet.columns[header]
        self.sieve.refuse(cells.unreadable(), header, "has bytes that are no text in the file's encoding")
        return cells

    def column(self, meaning: str, parse: Callable[[str], object], kind: pa.DataType | None = None) -> Coded:
        """Read a column, each different word once; rows whose word cannot be read are refused.

        Parameters
        ----------
        meaning : str
            Which column.
        parse : callable
            Value of a word; None for none.
        kind : pyarrow DataType
            Of the values; text where none is given.
        """
        cells = self.cells(meaning)
        values: list[object] = []
        whys: list[str] = []
        for word in cells.words.to_pylist():
            value, why = _tried(parse, word or "")
            values.append(value)
            whys.append(why)
        odd = cells.each(np.array([bool(why) for why in whys], dtype=bool))
        self.sieve.refuse(odd, self._headers[meaning], lambda row: whys[cells.codes[row]])
        return coded(cells.codes, values, kind)

    def numbers(self, meaning: str) -> Numbers:
        """Numbers of a column; rows with something else, or with one below zero, are refused."""
        cells = self.cells(meaning)
        read = numbers(cells)
        words = cells.words

        def why(row: int) -> str:
            return f"{words[int(cells.codes[row])].as_py()!r} is no number; write it like 1,234.5 or 1234.5"

        self.sieve.refuse(read.odd, self._headers[meaning], why)
        self.sieve.refuse(read.values < 0, self._headers[meaning], "is below zero; look it up at the source")
        return read

    def combined(self, meanings: Sequence[str], tell: Callable[..., object]) -> Coded:
        """Read several columns together, each different combination once.

        Parameters
        ----------
        meanings : sequence of str
            Which columns; for one that is not there an empty word is told.
        tell : callable
            Text or None for the words of a row, in that order; a row for which it raises is refused.
        """
        there = [self.cells(meaning) if self.has(meaning) else None for meaning in meanings]
        codes = [(cells.codes.astype(np.int64), len(cells.words)) for cells in there if cells is not None]
        keys = joined(codes) if codes else np.zeros(len(self.sheet.lines), dtype=np.int64)
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        told: list[object] = []
        whys: list[str] = []
        for row in first.tolist():
            words = (None if cells is None else cells.words[int(cells.codes[row])].as_py() for cells in there)
            text, why = _tried(tell, *(word or "" for word in words))
            told.append(text)
            whys.append(why)
        which = which.astype(np.int32)
        odd = np.array([bool(why) for why in whys], dtype=bool)[which]
        said = ", ".join(self._headers[meaning] for meaning in meanings if self.has(meaning))
        self.sieve.refuse(odd, said, lambda row: whys[which[row]])
        return coded(which, told)

    def refuse_twins(self, columns: Sequence[Coded], said: str) -> None:
        """Refuse good rows that say the same in all these columns as a row before them."""
        good = np.flatnonzero(self.sieve.good)
        if not len(good):
            return
        keys = joined((column.codes[good].astype(np.int64), len(column.entries)) for column in columns)
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        before = np.arange(len(self.sheet.lines))
        before[good] = good[first[which]]
        self.sieve.refuse(
            before != np.arange(len(before)),
            "",
            lambda row: (
                f"has the same {said} as {self.sheet.place} {self.sheet.lines[before[row]]}; keep one"
            ),
        )

    def weighed_or_missing(self, amounts: Sequence[Amount]) -> list[Amount]:
        """Amounts, with no weight where it is zero beside a value: nobody weighed those goods."""
        worth = np.zeros(len(self.sheet.lines), dtype=bool)
        for amount in amounts:
            worth |= (amount.unit != "t") & (amount.figures > 0)
        mended = []
        for amount in amounts:
            empty = worth & (amount.figures == 0) & (amount.unit == "t")
            if empty.any():
                self.warn(f"{int(empty.sum())} rows have a value but no weight: it is missing, not zero")
            mended.append(replace(amount, figures=np.where(empty, np.nan, amount.figures)))
        return mended

    def readout(
        self, common: Mapping[str, Filling], amounts: Sequence[Amount], *, cut: bool = False
    ) -> Readout:
        """Observations of the rows that are good; those in which nothing stands are refused first."""
        nothing = np.logical_and.reduce([np.isnan(amount.figures) for amount in amounts])
        self.sieve.refuse(nothing, "", "has neither weight nor value; nothing can be kept of it")
        kept = self.sieve.good
        self.sheet = replace(self.sheet, columns={})  # of a million rows, that is a hundred megabytes
        frame = observed(common, self.sheet.lines, kept, amounts)
        refused = sorted((*self.sheet.faults, *self.sieve.faults()), key=lambda fault: fault.line)
        return Readout(
            frame=frame,
            rows=self.sheet.rows,
            kept=int(kept.sum()),
            refused=tuple(refused),
            warnings=tuple(self.warnings),
            left_out=self.sheet.left_out,
            cut=cut,
        )


def _tried(parse: Callable[..., object], *words: str) -> tuple[object, str]:
    """Value of words, or why there is none."""
    try:
        return parse(*words), ""
    except LeachwatchError as error:
        return None, str(error)
