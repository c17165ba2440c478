"""Training: from simulated places, and labels that people gave, to the forests of a model."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect import PARTS, WHOLE, DetectSettings, Forest, Model
from leachwatch.detect.evidence import either
from leachwatch.detect.features import FEATURES
from leachwatch.errors import OutputError
from leachwatch.scanning import ScanSettings
from leachwatch.train.fit import averaged, fit_classes, fit_odds, fit_share
from leachwatch.train.holdouts import hold_out_kinds, hold_out_liquids, hold_out_slopes
from leachwatch.train.metrics import area_ratios, calibrated, out_of_fold, reliability, summary
from leachwatch.train.pixels import CLASSES, RESTING, Samples, sample_pixels
from leachwatch.train.places import Recipe, open_place
from leachwatch.train.wholes import MINE, PART, Group, find_groups
from leachwatch.writing import write_together

__all__ = ["TrainSettings", "train"]

_LIMITS = (
    "trained on simulated districts alone, unless labelled groups are counted above; no real mine was seen",
    "soils, liquids and roofs are drawn from ranges published for Kachin and its neighbours",
    "no single pools, none under a roof or a net, none of a site that worked for less than two clear looks",
    "scores are calibrated on plain simulated districts; where look-alikes are commoner they are too high",
)
"""What whoever uses the model must know."""

Progress = Callable[[str, int, int], None]
T = TypeVar("T")


@dataclass(frozen=True)
class TrainSettings:
    """How a model is trained.

    Attributes
    ----------
    seed : int
        The same seed, on the same machine, gives the same files.
    pixel_places, site_places : int
        Simulated districts for the forests of pixels, and others for those of sites.
    label_weight : int
        How many simulated groups a group with a label that a person gave stands for.
    processes : int
        Districts simulated at a time; 0 for one a processor.
    """

    seed: int = 0
    pixel_places: int = 30
    site_places: int = 90
    label_weight: int = 5
    processes: int = 0

    def recipes(self) -> tuple[list[Recipe], list[Recipe]]:
        """Districts of the two halves; no bench or test uses seeds as high."""
        first = 1_000_000 * (1 + self.seed)
        seeds = range(first, first + self.pixel_places + self.site_places)
        drawn = [Recipe.drawn(seed) for seed in seeds]
        return drawn[: self.pixel_places], drawn[self.pixel_places :]


def train(
    out: Path,
    settings: TrainSettings,
    labelled: Sequence[Group] = (),
    progress: Progress = lambda _what, _done, _total: None,
) -> Model:
    """Train a model and write it.

    Parameters
    ----------
    out : Path
        Folder for its files; made if it is not there.
    settings : TrainSettings
        Seed and sizes.
    labelled : sequence of Group
        Groups of real scans that people have labelled.
    progress : callable
        Told what is counted, how many are done, of how many.

    Returns
    -------
    Model

    Raises
    ------
    ModelError
        If CatBoost is not installed.
    OutputError
        If the files cannot be written.
    """
    for_pixels, for_sites = settings.recipes()
    samples = Samples.together(list(_each(_sampled, for_pixels, settings, progress, "places for pixels")))
    grey, bright, share, use = _fit_pixels(samples, settings)
    samples = samples.take(samples.label >= 0)
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        half = Model(grey, bright, share, use, _empty(WHOLE, (MINE,)), _empty(WHOLE, (MINE,)))
        _write(Path(name), half)
        work = partial(_grouped, model=name)
        groups = [
            one for some in _each(work, for_sites, settings, progress, "places for sites") for one in some
        ]
    site, kind = _fit_sites(groups, labelled, settings)
    groups = [one for one in groups if one.kind != PART]
    grey = grey.with_card(dict(grey.card) | {"held out": hold_out_liquids(samples, _pool_forest)})
    site = site.with_card(
        dict(site.card)
        | {
            "places": {
                "pixels": _seeds(for_pixels),
                "sites": _seeds(for_sites),
                "labelled groups": len(labelled),
            },
            "limits": _LIMITS,
            "held out": hold_out_kinds(groups, _site_forest) | hold_out_slopes(groups, _site_forest),
        }
    )
    model = Model(grey, bright, share, use, site, kind)
    _write(out, model)
    return model


def _each(
    work: Callable[[Recipe], T],
    recipes: Sequence[Recipe],
    settings: TrainSettings,
    progress: Progress,
    what: str,
) -> Iterator[T]:
    """Do the same for each place, some at a time, in processes of their own; in the order of the places."""
    progress(what, 0, len(recipes))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(settings.processes or os.cpu_count() or 1, mp_context=spawn) as pool:
        futures = [pool.submit(work, recipe) for recipe in recipes]
        for done, _ in enumerate(as_completed(futures), start=1):
            progress(what, done, len(recipes))
        for future in futures:
            yield future.result()


def _sampled(recipe: Recipe) -> Samples:
    return sample_pixels(open_place(recipe, ScanSettings()), np.random.default_rng([recipe.seed, 8]))


def _grouped(recipe: Recipe, model: str) -> list[Group]:
    settings = ScanSettings(detect=DetectSettings(model=model))
    return find_groups(open_place(recipe, settings))


def _fit_pixels(samples: Samples, settings: TrainSettings) -> tuple[Forest, Forest, Forest, Forest]:
    """Fit the forests of pixels, and say how well the first two do on districts that they have not seen."""
    sites = samples.take((samples.label > 0) | (samples.label == -1))
    share = fit_share(sites.values, sites.share, FEATURES, "share", **_of_pixels(settings.seed))
    use = _use_forest(samples, settings.seed)
    samples = samples.take(samples.label >= 0)
    unseen = _unseen(samples)
    trial = _pool_forest(samples.take(~unseen), settings.seed)
    asked = samples.take(unseen)
    card = {
        "bright_share": float((samples.label[samples.label > 0] == _BRIGHT).mean()),
        "samples": {name: int((samples.label == place).sum()) for place, name in enumerate(CLASSES)},
        "unseen districts": summary(trial(asked.values), asked.label > 0),
    }
    return (
        _signature(samples, _GREY, settings.seed).with_card(card),
        _signature(samples, _BRIGHT, settings.seed),
        share,
        use,
    )


def _unseen(samples: Samples) -> NDArray[np.bool_]:
    """Mark the samples of every fifth district."""
    return np.isin(samples.seed, np.unique(samples.seed)[::5])


def _use_forest(samples: Samples, seed: int) -> Forest:
    """Fit the log likelihood that a pool is in use, less that it rests."""
    samples = samples.take((samples.label > 0) | (samples.label == RESTING))
    in_use, unseen = samples.label > 0, _unseen(samples)
    trial = _likelihood(samples.values[~unseen], in_use[~unseen], "use", seed)
    asked = np.ascontiguousarray(samples.values[unseen].T)
    card = {"unseen districts": summary(trial.margin(asked)[0], in_use[unseen])}
    return _likelihood(samples.values, in_use, "use", seed).with_card(card)


def _pool_forest(samples: Samples, seed: int) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Fit both signatures, and give what they say together."""
    grey, bright = _signature(samples, _GREY, seed), _signature(samples, _BRIGHT, seed)
    share = float((samples.label == _BRIGHT).sum() / max(int((samples.label > 0).sum()), 1))

    def odds(values: NDArray[np.float32]) -> NDArray[np.float32]:
        rows = np.ascontiguousarray(values.T)
        with np.errstate(divide="ignore"):
            return either({"grey": grey.margin(rows)[0], "bright": bright.margin(rows)[0]}, share)

    return odds


_NEVER = -20.0
_GREY, _BRIGHT = CLASSES.index("grey"), CLASSES.index("bright")
_LEFT_OUT = ("bare_140", "forest_400", "water_100", "visible", "nir")
"""Features of the wider ground, which are for the forest of sites, and brightness, which is the soil's."""
_PHYSICS = {
    "blue_pad": 1, "green_pad": 1, "nir_pad": -1, "red_pad": -1, "leach": 1, "ndvi": -1, "ndwi": 1,
    "blue_pad_near": 1, "green_pad_near": 1, "nir_pad_near": -1, "red_pad_near": -1, "leach_near": 1,
}  # fmt: skip
"""What liquid does to a pad whatever its soil: bluer, greener, darker never speaks against it."""


def _of_pixels(seed: int) -> dict[str, Any]:
    return {
        "ignored_features": [FEATURES.index(name) for name in _LEFT_OUT],
        "monotone_constraints": [_PHYSICS.get(name, 0) for name in FEATURES],
        "random_seed": seed,
    }


def _signature(samples: Samples, signature: int, seed: int) -> Forest:
    """Fit the log likelihood of a signature less that of none; their share in the samples is taken out.

    Bands of 20 m are hidden in half of the samples: they inform, and nothing hangs on them.
    """
    samples = samples.take((samples.label == 0) | (samples.label == signature))
    own = samples.label == signature
    if not own.any():
        return replace(_empty(FEATURES, (CLASSES[signature],)), bias=np.array([_NEVER], np.float32))
    rng = np.random.default_rng([seed, 7])
    values = samples.values.copy()
    coarse = [FEATURES.index(name) for name in ("rededge_pad", "slope_pad", "swir_pad")]
    hidden = np.flatnonzero(rng.random(len(values)) < 0.5)  # noqa: PLR2004 - half
    values[hidden[:, None], coarse] = np.nan
    return _likelihood(values, own, CLASSES[signature], seed)


def _likelihood(values: NDArray[np.float32], own: NDArray[np.bool_], name: str, seed: int) -> Forest:
    """Fit the log likelihood of a class less that of the rest: log odds without the share in the samples."""
    forest = fit_odds(values, own.astype(int), FEATURES, name, **_of_pixels(seed))
    prior = np.log(own.mean() / (1 - own.mean()))
    return replace(forest, bias=(forest.bias - prior).astype(np.float32))


def _fit_sites(
    groups: Sequence[Group], labelled: Sequence[Group], settings: TrainSettings
) -> tuple[Forest, Forest]:
    """Fit the forests of sites; the score is calibrated on districts that its forest has not seen.

    It is the probability that a mine is there, as `leachwatch score` counts it: at the group, or within 50 m.
    """
    told = [one for one in labelled for _ in range(settings.label_weight)]
    known = [*groups, *told]
    margin = out_of_fold(groups, partial(_site_forest, seed=settings.seed), extra=told)
    plain = np.flatnonzero([one.plain for one in groups])
    margin, groups = margin[plain], [groups[int(place)] for place in plain]
    mine = np.array([one.mine_there for one in groups])
    site = calibrated(_site_forest(known, seed=settings.seed), margin, mine)
    others = [one for one in known if one.kind not in (MINE, PART)]
    kinds = sorted({one.kind for one in others})
    kind = fit_classes(
        _rows(others),
        np.array([kinds.index(one.kind) for one in others]),
        WHOLE,
        kinds,
        iterations=80,
        depth=4,
        random_seed=settings.seed,
    )
    card = reliability(groups, margin, mine) | {"area": area_ratios(groups)}
    return site.with_card(card), kind


_TENDENCY = {
    "pixels": 1, "score": 1, "score_top": 1, "steady": 1, "level": 1, "edge": 1, "cleared": 1, "forest": 1,
    "water": -1, "elongation": -1, "largest": 1, "compact": 1, "before": -1, "bright": 1,
    "blue_pad_near": 1, "green_pad_near": 1, "nir_pad_near": -1, "red_pad_near": -1,
}  # fmt: skip
"""What the score of a site hangs on one way only: more evidence never speaks against a mine."""
_SPREADS = ("full", "nir_range", "blue_range", "visible_range")
_OF_THE_PLACE = (
    "leach", "leach_near", "visible", "nir", "ndvi", "ndwi", "swir_pad", "forest_400", "water_100",
    *_SPREADS,
)  # fmt: skip
"""What the score of a site does not hang on: how bright and green soils and liquids are is not the same
elsewhere. Against the pad around they are much alike."""

_COLOURS = (*FEATURES, *_SPREADS)
"""What half of the trees do not see at all."""


def _site_forest(groups: Sequence[Group], seed: int = 0) -> Forest:
    """Fit the log odds that a group is a mine: the mean of two forests, one of which sees no colours."""
    return averaged([_site_half(groups, seed, left_out) for left_out in (_OF_THE_PLACE, _COLOURS)])


def _site_half(groups: Sequence[Group], seed: int, left_out: Sequence[str]) -> Forest:
    groups = [one for one in groups if one.kind != PART]
    mine = np.array([one.kind == MINE for one in groups])
    return fit_odds(
        _rows(groups),
        mine.astype(int),
        WHOLE,
        MINE,
        iterations=300,
        depth=4,
        learning_rate=0.05,
        l2_leaf_reg=6,
        random_seed=seed,
        ignored_features=[WHOLE.index(name) for name in left_out],
        monotone_constraints=[_TENDENCY.get(name, 0) for name in WHOLE],
    )


def _rows(groups: Sequence[Group]) -> NDArray[np.float32]:
    return np.array([one.values for one in groups], np.float32)


def _seeds(recipes: Sequence[Recipe]) -> list[int]:
    return [recipes[0].seed, recipes[-1].seed]


def _empty(features: Iterable[str], classes: tuple[str, ...]) -> Forest:
    names = tuple(features)
    return Forest(
        names,
        classes,
        np.zeros((0, 1), np.uint8),
        np.zeros((0, 1), np.float32),
        np.zeros((0, 2, len(classes)), np.float32),
        np.zeros(len(classes), np.float32),
    )


def _write(out: Path, model: Model) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: cannot be made ({error.strerror}); choose another --out") from error
    write_together({out / f"{part}.json": getattr(model, part).text() for part in PARTS})
