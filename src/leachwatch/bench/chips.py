"""Chips with a label: how well the three-band sibling of the detector tells them apart."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import auc
from leachwatch.detect.chips import chip_scores, fired
from leachwatch.errors import RecordError

__all__ = ["ChipAccuracy", "Chips", "FiredChips", "Rows", "measure_chips", "measure_fired", "read_chips"]

Rows = Literal["odd", "even", "all"]

_SMALLEST = 12  # px on a side
_BRIGHT = 0.75  # negatives above this quantile of mean red are the bright ones
_DRAWS = 1000  # of the bootstrap
_INTERVAL = (5, 95)
_RED = 1


@dataclass(frozen=True, eq=False)
class Chips:
    """Small pictures with labels.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (n, y, x, 3)
        255 is a reflectance of 0.3 or more.
    label : ndarray of bool, shape (n,)
        Whether each shows what is looked for.
    kind : tuple of str
        Class of each; ``yes`` or ``no`` where the file has none.
    row : ndarray of int64, shape (n,)
        Its place in the file, from 0.
    """

    pixels: NDArray[np.uint8]
    label: NDArray[np.bool_]
    kind: tuple[str, ...]
    row: NDArray[np.int64]


@dataclass(frozen=True)
class ChipAccuracy:
    """How well scores, and the baseline, tell chips with pools from those without.

    Attributes
    ----------
    rows : str
        Which rows of the file were scored.
    pools, none, bright : int
        Chips with pools, without, and of the latter the quartile brightest in red.
    auc, auc_bright : float
        Probability that a chip with pools scores above one without, and above one of the bright quartile.
    auc_interval, auc_bright_interval : tuple of float
        5th and 95th percentile of the same over chips drawn again and again.
    baseline, baseline_bright : float
        The same two of the standard deviation of red within the chip.
    scores : tuple of (int, bool, float)
        Row, label and score of every chip.
    """

    rows: Rows
    pools: int
    none: int
    bright: int
    auc: float
    auc_bright: float
    auc_interval: tuple[float, float]
    auc_bright_interval: tuple[float, float]
    baseline: float
    baseline_bright: float
    scores: tuple[tuple[int, bool, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        scores = [{"row": row, "label": label, "score": round(score, 4)} for row, label, score in self.scores]
        return {**self.__dict__, "scores": scores}


@dataclass(frozen=True)
class FiredChips:
    """Share of chips, by class, on which the rule without near infrared fires.

    Attributes
    ----------
    kinds : tuple of (str, bool, int, float, float)
        Class, label, number of chips, share of them that fired, and fired share of their pixels.
    """

    kinds: tuple[tuple[str, bool, int, float, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        names = ("kind", "label", "chips", "fired", "fired_pixels")
        return {"kinds": [dict(zip(names, one, strict=True)) for one in self.kinds]}


def read_chips(path: Path, rows: Rows = "all") -> Chips:
    """Read chips.

    Parameters
    ----------
    path : Path
        NumPy archive with ``chips`` (uint8, chip by row by column by three bands) and ``label`` (0 or 1), and
        perhaps ``source``, the class of each.
    rows : str
        Every second row, from 1 or from 0, or all.

    Returns
    -------
    Chips

    Raises
    ------
    RecordError
        If the file is missing or is no such archive.
    """
    mend = "give an .npz with chips (uint8, n x y x x x 3) and label (0 or 1)"
    try:
        with np.load(path, allow_pickle=False) as content:
            pixels, label = content["chips"], content["label"]
            kind = content["source"] if "source" in content else np.where(label > 0, "yes", "no")
    except (
        OSError,
        ValueError,
        LookupError,
        EOFError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
    ) as error:
        raise RecordError(f"{path}: not readable as chips ({error}); {mend}") from error
    if pixels.dtype != np.uint8 or pixels.shape[3:] != (3,) or min(pixels.shape[1:3]) < _SMALLEST:
        raise RecordError(f"{path}: chips are {pixels.dtype} of shape {pixels.shape}; {mend}")
    if label.shape != pixels.shape[:1] or kind.shape != label.shape or not np.isin(label, (0, 1)).all():
        raise RecordError(f"{path}: label does not say 0 or 1 for each of {len(pixels)} chips; {mend}")
    chosen = np.arange(len(label))[
        {"odd": slice(1, None, 2), "even": slice(0, None, 2), "all": slice(None)}[rows]
    ]
    return Chips(pixels[chosen], label[chosen] == 1, tuple(map(str, kind[chosen])), chosen)


def measure_chips(path: Path, rows: Rows = "odd") -> ChipAccuracy:
    """Score chips in near infrared, red and green.

    Parameters
    ----------
    path : Path
        As `read_chips` takes it.
    rows : str
        Rows to score.

    Returns
    -------
    ChipAccuracy

    Raises
    ------
    RecordError
        If the file is no such archive, or has no chips of one label.
    """
    chips = read_chips(path, rows)
    if chips.label.all() or not chips.label.any():
        raise RecordError(f"{path}: {rows} rows are all of one label; give chips with pools and without")
    red = chips.pixels[..., _RED].astype(np.float64)
    mean, spread = red.mean(axis=(1, 2)), red.std(axis=(1, 2))
    bright = chips.label | (mean >= np.quantile(mean[~chips.label], _BRIGHT))
    score = chip_scores(chips.pixels).astype(np.float64)
    return ChipAccuracy(
        rows=rows,
        pools=int(chips.label.sum()),
        none=int((~chips.label).sum()),
        bright=int((bright & ~chips.label).sum()),
        auc=auc(score, chips.label),
        auc_bright=auc(score[bright], chips.label[bright]),
        auc_interval=_interval(score, chips.label),
        auc_bright_interval=_interval(score[bright], chips.label[bright]),
        baseline=auc(spread, chips.label),
        baseline_bright=auc(spread[bright], chips.label[bright]),
        scores=tuple(zip(chips.row.tolist(), chips.label.tolist(), score.tolist(), strict=True)),
    )


def measure_fired(path: Path) -> FiredChips:
    """Run the rule for red, green and blue over chips, all rows.

    Parameters
    ----------
    path : Path
        As `read_chips` takes it.

    Returns
    -------
    FiredChips

    Raises
    ------
    RecordError
        If the file is no such archive.
    """
    chips = read_chips(path)
    share = np.array([fired(chip).mean() for chip in chips.pixels])
    kind = np.array(chips.kind)
    rows = []
    for name in sorted(set(chips.kind)):
        own = share[kind == name]
        label = bool(chips.label[kind == name].mean() > 0.5)  # noqa: PLR2004 - most
        rows.append((name, label, len(own), float((own > 0).mean()), float(own.mean())))
    return FiredChips(tuple(rows))


def _interval(score: NDArray[np.float64], label: NDArray[np.bool_]) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    yes, no = np.flatnonzero(label), np.flatnonzero(~label)
    draws = [np.concatenate([rng.choice(yes, len(yes)), rng.choice(no, len(no))]) for _ in range(_DRAWS)]
    low, high = np.percentile([auc(score[draw], label[draw]) for draw in draws], _INTERVAL)
    return float(low), float(high)
