"""Evidence: what each look says for or against a pool at each pixel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.features import FEATURES, Surroundings, features_of, surroundings
from leachwatch.detect.kernels import BARE
from leachwatch.detect.model import Model
from leachwatch.detect.settings import DetectSettings
from leachwatch.imagery import Stack, let_go, one_by_one

__all__ = ["Evidence", "Series", "Word", "either", "log_odds", "weigh"]


_Kind = TypeVar("_Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Word:
    """What one look says of the pixels that may be pools, listed as they are few: n, and m speak for one.

    Attributes
    ----------
    asked : ndarray of intp, shape (n,)
        Places of the pixels along all rows of the tile.
    likely : ndarray of float32, shape (n,)
        Log likelihood of what the look shows if there is a pool in use, less that if there is none.
    spoken : ndarray of intp, shape (m,)
        Places of those of which that is above 0.
    bright : ndarray of bool, shape (m,)
        True where the look shows bright liquid rather than a grey block.
    share : ndarray of uint8, shape (m,)
        Percent of the pixel that is pool.
    use : ndarray of float16, shape (m,)
        Log likelihood that the pool is in use, less that it rests.
    """

    asked: NDArray[np.intp]
    likely: NDArray[np.float32]
    spoken: NDArray[np.intp]
    bright: NDArray[np.bool_]
    share: NDArray[np.uint8]
    use: NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class Series:
    """What the looks say of some pixels, look by look. t looks, n pixels.

    Attributes
    ----------
    evidence : ndarray of float32, shape (t, n)
        Log likelihood of what the look shows if there is a pool in use, less that if there is none; 0 where
        not seen.
    seen : ndarray of bool, shape (t, n)
        True where the look shows the ground and there is something to compare it with.
    bright, share, use : ndarray, shape (t, n)
        As in `Word`, where the look speaks for a pool; else 0.
    """

    evidence: NDArray[np.float32]
    seen: NDArray[np.bool_]
    bright: NDArray[np.bool_]
    share: NDArray[np.uint8]
    use: NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the looks of a tile say.

    Attributes
    ----------
    words : tuple of Word
        One a look.
    against : float
        What a look says that shows the ground and nothing that may be a pool, log odds.
    seen : ndarray of bool, shape (look, y, x)
        True where the look shows the ground and there is something to compare it with.
    speaking : ndarray of uint16, shape (y, x)
        Looks that speak for a pool.
    summed : ndarray of float32, shape (feature, y, x)
        Sum of each of `FEATURES` over those looks, where known.
    around : Surroundings
        Forest and water.
    """

    words: tuple[Word, ...]
    against: float
    seen: NDArray[np.bool_]
    speaking: NDArray[np.uint16]
    summed: NDArray[np.float32]
    around: Surroundings

    def series(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> Series:
        """Say what each look says of some pixels."""
        place = row * self.seen.shape[2] + column
        rank = np.full(self.speaking.size, -1, np.intp)
        rank[place] = np.arange(len(place))
        seen = _picked(self.seen, row, column)
        evidence = np.where(seen, np.float32(self.against), np.float32(0))
        bright, share = np.zeros(seen.shape, np.bool_), np.zeros(seen.shape, np.uint8)
        use = np.zeros(seen.shape, np.float16)
        for look, word in enumerate(self.words):
            here, own = _ranked(rank, word.asked)
            evidence[look, here] = word.likely[own]
            here, own = _ranked(rank, word.spoken)
            bright[look, here], share[look, here] = word.bright[own], word.share[own]
            use[look, here] = word.use[own]
        return Series(evidence, seen, bright, share, use)

    def bare(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each look shows ground without plants at some pixels, shape (look, n)."""
        return _picked(self.around.ground, row, column) & BARE > 0

    def traits(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.float32]:
        """Mean of each of `FEATURES` over the looks that speak for a pool, shape (n, feature).

        NaN where none does.
        """
        looks = self.speaking[row, column]
        counted = np.where(looks > 0, looks.astype(np.float32), np.float32(np.nan))
        return np.asarray(self.summed[:, row, column] / counted, np.float32).T


def weigh(stack: Stack, model: Model, settings: DetectSettings) -> Evidence:
    """Weigh every look of a tile.

    Parameters
    ----------
    stack : Stack
        With the four bands of 10 m.
    model : Model
        That tells pools from the rest.
    settings : DetectSettings
        Radii and bounds.

    Returns
    -------
    Evidence
        Of the stack's shape.
    """
    shape = stack.tile.shape
    seen: NDArray[np.bool_] = stack.room.empty((len(stack.days), *shape), np.bool_)
    sums, speaking = np.zeros((len(FEATURES), *shape), np.float32), np.zeros(shape, np.uint16)
    around = surroundings(stack, settings)
    words: list[Word] = []
    for look, found in enumerate(features_of(stack, around, settings)):
        seen[look] = found.told
        let_go(seen[look])
        likely, is_bright = log_odds(found.values, model, settings)
        asked = found.row.astype(np.intp) * shape[1] + found.column
        speaks = np.flatnonzero(likely > 0)
        spoken, values = asked[speaks], found.values[:, speaks]
        share, use = _percent(model.share.margin(values)[0]), model.use.margin(values)[0]
        words.append(Word(asked, likely, spoken, is_bright[speaks], share, use.astype(np.float16)))
        place = found.row[speaks], found.column[speaks]
        sums[:, place[0], place[1]] += np.nan_to_num(values)
        speaking[place] += 1
    return Evidence(tuple(words), settings.evidence_min, seen, speaking, sums, around)


def _picked(looks: NDArray[_Kind], row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[_Kind]:
    """Pick what each look has at some pixels, shape (look, n)."""
    result = np.empty((len(looks), len(row)), looks.dtype)
    for one, look in one_by_one(result, looks):
        one[:] = look[row, column]
    return result


def _ranked(rank: NDArray[np.intp], place: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Ranks of those places that have one, and which they are."""
    ranks = rank[place]
    own = np.flatnonzero(ranks >= 0)
    return ranks[own], own


def log_odds(
    values: NDArray[np.float32], model: Model, settings: DetectSettings
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Log likelihood of a pool in use less that of none, and whether it is rather one of bright liquid.

    Parameters
    ----------
    values : ndarray of float32, shape (feature, n)
        In the order of `FEATURES`.
    model : Model
        That weighs both signatures.
    settings : DetectSettings
        Bounds of what one look can say.

    Returns
    -------
    likely : ndarray of float32, shape (n,)
        Within the bounds.
    bright : ndarray of bool, shape (n,)
        True where LC10 is that of bright liquid, above 0 among the neighbours.
    """
    (grey,), (bright,) = model.grey.margin(values), model.bright.margin(values)
    odds = {"grey": grey, "bright": bright}
    counted = {name: value for name, value in odds.items() if name in settings.signatures}
    likely = either(counted, model.bright_share)
    shown = values[FEATURES.index("leach_near")] > 0
    return np.clip(likely, settings.evidence_min, settings.evidence_max), shown


def either(
    odds: Mapping[Literal["grey", "bright"], NDArray[np.float32]], bright_share: float
) -> NDArray[np.float32]:
    """Log likelihood of any of some signatures less that of none, from that of each.

    Parameters
    ----------
    odds : mapping of str to ndarray of float32, shape (n,)
        Of ``grey`` and ``bright``, or of one of them.
    bright_share : float
        Share of pools in use that show bright liquid, 0 to 1.

    Returns
    -------
    ndarray of float32, shape (n,)
    """
    share = {"grey": 1 - bright_share, "bright": bright_share}
    result: NDArray[np.float32] = np.logaddexp.reduce(
        [value + np.float32(np.log(share[name])) for name, value in odds.items()]
    )
    return result


def _percent(share: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(100 * np.clip(share, 0, 1)).astype(np.uint8)
