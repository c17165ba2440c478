"""Printed numbers: what they say, and how far they are rounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leachwatch.trade.sheet import Cells

__all__ = ["ABSENT", "Numbers", "numbers"]

ABSENT = ("", "-", "--", "—", "NA", "N/A", "null", "None", "nan", "NaN")
"""What statistics print where there is no number."""

_PATTERN = r"^[+-]?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.\d{0,18})?([eE][+-]?\d{1,2})?$"


@dataclass(frozen=True)
class Numbers:
    """Numbers of a column.

    Attributes
    ----------
    values : ndarray of float64, shape (rows,)
        NaN where there is none.
    halves : ndarray of float64, shape (rows,)
        Half of the last digit printed.
    odd : ndarray of bool, shape (rows,)
        Rows that are neither a number nor empty.
    """

    values: np.ndarray
    halves: np.ndarray
    odd: np.ndarray


def numbers(cells: Cells) -> Numbers:
    """Read a column of numbers, with or without commas between thousands.

    Machine files print every digit, so zeros at the end of a whole number are digits like any others.

    Parameters
    ----------
    cells : Cells
        Of a customs export or the like.

    Returns
    -------
    Numbers

    Examples
    --------
    >>> read = numbers(Cells.of(["1,234.5", "-", "1,23"]))
    >>> read.values.tolist()[0], read.halves.tolist()[0], read.odd.tolist()
    (1234.5, 0.05, [False, False, True])
    """
    words = cells.words
    fits = pc.fill_null(pc.match_substring_regex(words, _PATTERN), fill_value=False)
    absent = pc.fill_null(pc.is_in(words, pa.array(ABSENT)), fill_value=False)
    written = pc.replace_substring(pc.if_else(fits, words, pa.scalar(None, pa.string())), ",", "")
    values = pc.cast(pc.replace_substring_regex(written, r"^\+|\.$", ""), pa.float64())
    exponents = _exponents(written) if pc.any(pc.match_substring_regex(written, "[.eE]")).as_py() else 0
    return Numbers(
        cells.each(values.to_numpy(zero_copy_only=False)),
        cells.each(np.broadcast_to(0.5 * 10.0**exponents, len(words))),
        cells.each(~(fits.to_numpy(zero_copy_only=False) | absent.to_numpy(zero_copy_only=False))),
    )


def _exponents(written: pa.StringArray) -> np.ndarray:
    """Power of ten of the last digit."""
    decimals = pc.utf8_length(pc.replace_substring_regex(written, r"^[^.eE]*\.?|[eE].*$", ""))
    power = pc.replace_substring_regex(written, r"^[^eE]*[eE]?\+?", "")
    powers = pc.cast(pc.if_else(pc.equal(power, ""), "0", power), pa.int32())
    return np.asarray(pc.cast(pc.subtract(powers, decimals), pa.float64()))
