"""Training of the three-band sibling, on chips of simulated districts alone."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.chips import (
    CHIP_FEATURES,
    PIXEL_FEATURES,
    ChipModel,
    chip_features,
    pixel_features,
    reflectance,
)
from leachwatch.detect.forest import Forest
from leachwatch.detect.rating import auc
from leachwatch.simulate.chips import Chip, chips
from leachwatch.train.fit import fit_odds
from leachwatch.writing import write_together

__all__ = ["ChipTraining", "train_chips", "write_chip_model"]

FloatArray = NDArray[np.float32]
Progress = Callable[[str, int, int], None]

_HAZE = np.array([0.22, 0.45, 0.68], np.float32)  # by band, relative to blue
_GAIN, _BAND_GAIN = 0.10, 0.04  # what another sensor or correction may do: all bands together, each band
_HAZE_BLUE = (-0.003, 0.008)  # reflectance
_BLUR = (0.0, 0.8)  # px
_NOISE = 0.003  # reflectance
_POOL, _NO_POOL = 0.5, 0.2  # share of a pixel and the year
_SHOWN = 0.2  # a chip teaches what pools are where one fills so much of a pixel
_EACH = 12  # pixels of either class from a chip


@dataclass(frozen=True)
class ChipTraining:
    """How the sibling is trained.

    Attributes
    ----------
    seed : int
        The same seed gives the same files.
    districts : int
        Simulated districts: two fifths for the pixels, two fifths for the chips, the rest to report on.
    processes : int
        Districts simulated at a time.
    """

    seed: int = 0
    districts: int = 75
    processes: int = 2

    @property
    def seeds(self) -> tuple[range, range, range]:
        """Seeds of the districts for pixels, for chips, and held out; no bench or test uses seeds as high."""
        first = 2_000_000 + 10_000 * self.seed
        part = max(self.districts * 2 // 5, 1)
        ends = (first, first + part, first + 2 * part, first + max(self.districts, 2 * part + 1))
        return range(*ends[:2]), range(*ends[1:3]), range(*ends[2:])


@dataclass(frozen=True, eq=False)
class _Pictures:
    """Chips of a district as they are learned from (n chips of p pixels).

    Attributes
    ----------
    values : ndarray of float32, shape (feature, n, p)
        As `PIXEL_FEATURES`.
    pools : ndarray of float32, shape (n, p)
        Share of each pixel and of the year that is pool.
    kind : ndarray of str, shape (n,)
        ``pools``, ``anywhere``, or a look-alike.
    """

    values: FloatArray
    pools: FloatArray
    kind: NDArray[np.str_]

    @classmethod
    def of(cls, seed: int, found: Sequence[Chip]) -> _Pictures:
        rng = np.random.default_rng([seed, 5])
        values = [pixel_features(_disturbed(rng, reflectance(one.pixels))) for one in found]
        return cls(
            np.stack(values, axis=1),
            np.stack([one.pools.ravel() for one in found]),
            np.array([one.kind for one in found]),
        )

    def without(self, kind: str) -> _Pictures:
        """Leave one class out."""
        kept = self.kind != kind
        return _Pictures(self.values[:, kept], self.pools[kept], self.kind[kept])

    def described(self, pixels: Forest) -> FloatArray:
        """Features of every chip, shape (n, feature)."""
        evidence = pixels.margin(self.values.reshape(len(self.values), -1))[0].reshape(self.pools.shape)
        return np.stack([chip_features(one) for one in evidence])


def train_chips(
    settings: ChipTraining | None = None, progress: Progress = lambda _what, _done, _total: None
) -> ChipModel:
    """Train the sibling.

    Parameters
    ----------
    settings : ChipTraining, optional
        Seed and sizes.
    progress : callable
        Told what is counted, how many are done, of how many.

    Returns
    -------
    ChipModel

    Raises
    ------
    ModelError
        If CatBoost is not installed.
    """
    own = settings or ChipTraining()
    pixel_seeds, chip_seeds, held_seeds = own.seeds
    every = [*pixel_seeds, *chip_seeds, *held_seeds]
    done = dict(zip(every, _simulated(every, own.processes, progress), strict=True))
    halves = [done[seed] for seed in pixel_seeds], [done[seed] for seed in chip_seeds]
    held = [done[seed] for seed in held_seeds]
    model = _fit(*halves, own.seed)
    kinds = [one.kind for one in halves[1]]
    card = {
        "data": "simulated districts alone: yearly medians of monthly basemaps, chips of 24 pixels of 4.8 m",
        "seeds": {"pixels": _span(pixel_seeds), "chips": _span(chip_seeds), "held out": _span(held_seeds)},
        "chips": dict(sorted(Counter(np.concatenate(kinds).tolist()).items())),
        "unseen districts, AUC": _by_kind(model, held),
        "classes held out of training, AUC": _held_out(halves, held, own.seed, progress),
        "limits": [
            "near infrared, red and green at about 5 m; other bands or sizes need another model",
            "bare ground cut into forest counts for much: a pad without pools scores high",
            "it has seen no real chip; its log odds are calibrated on simulated ones only",
        ],
    }
    return ChipModel(model.pixels, model.chips.with_card(card))


def write_chip_model(model: ChipModel, folder: Path) -> None:
    """Write both tables of trees."""
    folder.mkdir(parents=True, exist_ok=True)
    write_together(
        {folder / "chip_pixels.json": model.pixels.text(), folder / "chips.json": model.chips.text()}
    )


def _simulated(seeds: Sequence[int], processes: int, progress: Progress) -> Iterable[_Pictures]:
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max(processes, 1), mp_context=start) as pool:
        for number, found in enumerate(pool.map(_district, seeds)):
            progress("districts for chips", number, len(seeds))
            yield found


def _district(seed: int) -> _Pictures:
    return _Pictures.of(seed, chips(seed))


def _disturbed(rng: np.random.Generator, chip: FloatArray) -> FloatArray:
    """Change a chip as another sensor, correction or sky would."""
    gain = np.exp(rng.normal(0, _GAIN) + rng.normal(0, _BAND_GAIN, 3))
    shown = chip * gain + _HAZE * rng.uniform(*_HAZE_BLUE)
    blur = rng.uniform(*_BLUR)
    blurred = cv2.GaussianBlur(shown, (0, 0), blur, borderType=cv2.BORDER_REFLECT) if blur > 0.2 else shown  # noqa: PLR2004 - less changes nothing
    noisy = blurred + rng.normal(0, rng.uniform(0, _NOISE), shown.shape)
    return np.asarray(np.clip(noisy, 0, 0.3), np.float32)


def _fit(for_pixels: Sequence[_Pictures], for_chips: Sequence[_Pictures], seed: int) -> ChipModel:
    """Fit both tables, the second on districts that the first has not seen."""
    pixels = _fit_pixels(for_pixels, seed)
    values = np.concatenate([one.described(pixels) for one in for_chips])
    kind = np.concatenate([one.kind for one in for_chips])
    most = np.concatenate([one.pools.max(axis=1) for one in for_chips])
    used = (kind != "pools") | (most > _SHOWN)
    chip_forest = fit_odds(
        values[used],
        (kind == "pools")[used],
        CHIP_FEATURES,
        "pools",
        iterations=100,
        depth=3,
        l2_leaf_reg=10,
        monotone_constraints=[1] * len(CHIP_FEATURES),
        random_seed=seed,
    )
    return ChipModel(pixels, chip_forest)


def _fit_pixels(samples: Sequence[_Pictures], seed: int) -> Forest:
    rng = np.random.default_rng([seed, 6])
    values, labels = [], []
    for one in samples:
        for number, pools in enumerate(one.pools):
            yes, no = (_some(rng, where) for where in (pools > _POOL, pools < _NO_POOL))
            chosen = np.concatenate([yes, no])
            values.append(one.values[:, number, chosen].T)
            labels.append(pools[chosen] > _POOL)
    return fit_odds(
        np.concatenate(values),
        np.concatenate(labels),
        PIXEL_FEATURES,
        "pool",
        iterations=100,
        depth=5,
        random_seed=seed,
    )


def _some(rng: np.random.Generator, where: NDArray[np.bool_]) -> NDArray[np.int64]:
    places = np.flatnonzero(where)
    return rng.choice(places, min(_EACH, len(places)), replace=False)


def _by_kind(model: ChipModel, held: Sequence[_Pictures], only: str = "") -> dict[str, float]:
    """Tell chips with pools from all others, and from each class."""
    values = np.concatenate([one.described(model.pixels) for one in held])
    kind = np.concatenate([one.kind for one in held])
    margin = model.chips.margin(np.ascontiguousarray(values.T))[0]
    pools = kind == "pools"
    result = {} if only else {"all": round(auc(margin, pools), 3)}
    for name in [only] if only else sorted(set(kind.tolist()) - {"pools"}):
        those = pools | (kind == name)
        result[name] = round(auc(margin[those], pools[those]), 3)
    return result


def _held_out(
    halves: tuple[Sequence[_Pictures], Sequence[_Pictures]],
    held: Sequence[_Pictures],
    seed: int,
    progress: Progress,
) -> dict[str, float]:
    """Tell pools from each look-alike by a model that has never seen one of its class."""
    kinds = sorted({name for one in held for name in one.kind.tolist()} - {"pools", "anywhere"})
    result: dict[str, float] = {}
    for done, name in enumerate(kinds):
        progress("classes held out", done, len(kinds))
        pixels, chip_half = ([one.without(name) for one in half] for half in halves)
        result |= _by_kind(_fit(pixels, chip_half, seed), held, name)
    return result


def _span(seeds: range) -> str:
    return f"{seeds.start} to {seeds.stop - 1}"
