"""A readout: the rows of a file that could be read, and by name those that could not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from leachwatch.errors import RecordError
from leachwatch.tables import OBSERVATIONS

__all__ = ["Fault", "Place", "Readout", "Sieve", "listed"]

Place = Literal["line", "row"]
"""What is counted: lines of a text file, or rows of ``data`` in JSON; both from 1."""

_SHOWN = 12


@dataclass(frozen=True)
class Fault:
    """Why a row was not read.

    Attributes
    ----------
    file : str
        Where it stands.
    line : int
        Line of a text file, or row of JSON.
    column : str
        Name of the column, or what else is wrong in the row; empty for the row as a whole.
    why : str
        What is wrong, and the mend.
    place : str
        What ``line`` counts.
    """

    file: str
    line: int
    column: str
    why: str
    place: Place = "line"

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f"{self.file}: {self.place} {self.line}{column}: {self.why}"


@dataclass(frozen=True)
class Readout:
    """What a reader made of a file: every row is in `frame`, in `refused`, or was not asked for.

    Attributes
    ----------
    frame : DataFrame
        Of the table ``observations``; a row of the file may give several, of weight and of value.
    rows : int
        Rows of the file that are not empty, without the header.
    kept : int
        Rows of the file that are in `frame`: ``rows == kept + len(refused) + left_out``.
    refused : tuple of Fault
        The others, one fault each, in the order of the file.
    warnings : tuple of str
        What to know of the file as a whole, one line each.
    left_out : int
        Rows of codes that were not asked for.
    cut : bool
        True where the file has just as many rows as its service gives at most: more may be missing.
    """

    frame: pd.DataFrame
    rows: int
    kept: int
    refused: tuple[Fault, ...]
    warnings: tuple[str, ...] = ()
    left_out: int = 0
    cut: bool = False

    @classmethod
    def of_nothing(cls, rows: int, refused: tuple[Fault, ...], warnings: tuple[str, ...]) -> Readout:
        """Readout of a file without a row that could be read."""
        return cls(OBSERVATIONS.frame([]), rows, 0, refused, warnings)

    @property
    def whole(self) -> bool:
        """Whether nothing of the file is known to be missing."""
        return not self.refused and not self.cut

    def strictly(self) -> Readout:
        """Itself, if no row was refused.

        Raises
        ------
        RecordError
            With the first fault, and how many there are.
        """
        if not self.refused:
            return self
        more = f" (and {len(self.refused) - 1} more rows)" if len(self.refused) > 1 else ""
        raise RecordError(f"{self.refused[0]}{more}")


class Sieve:
    """Rows of a file that are still good, and the first fault of each that is not.

    Parameters
    ----------
    file : str
        Name in messages.
    lines : ndarray of int64, shape (rows,)
        Where each row stands.
    place : str
        What ``lines`` counts.
    """

    def __init__(self, file: str, lines: np.ndarray, place: Place) -> None:
        self._file, self._lines, self._place = file, lines, place
        self._faults: list[Fault] = []
        self.good = np.ones(len(lines), dtype=bool)

    def refuse(self, odd: np.ndarray, column: str, why: str | Callable[[int], str]) -> None:
        """Take out rows.

        Parameters
        ----------
        odd : ndarray of bool, shape (rows,)
            True where something is wrong; rows that are out already keep their fault.
        column : str
            Where it stands.
        why : str or callable
            For all of them, or told for the place of a row in the file, from 0.
        """
        fresh = np.flatnonzero(odd & self.good)
        self.good[fresh] = False
        for index in fresh.tolist():
            said = why if isinstance(why, str) else why(index)
            self._faults.append(Fault(self._file, int(self._lines[index]), column, said, self._place))

    def faults(self) -> tuple[Fault, ...]:
        """Everything refused so far, in the order of the file."""
        return tuple(sorted(self._faults, key=lambda fault: fault.line))


def listed(words: Sequence[str]) -> str:
    """Different words as one phrase: the first dozen, and how many more."""
    different = sorted(set(words))
    more = f" and {len(different) - _SHOWN} more" if len(different) > _SHOWN else ""
    return ", ".join(different[:_SHOWN]) + more
