"""Judging whether a group of pool pixels is a leach mine, and what it looks like if it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, softmax

from leachwatch.detect.model import Model
from leachwatch.detect.settings import DetectSettings
from leachwatch.detect.wholes import WHOLE, Whole

__all__ = ["Judgement", "Tier", "judge"]

Tier = Literal["confirmed", "probable", "possible"]


@dataclass(frozen=True)
class Judgement:
    """What a group of pool pixels is taken for.

    Attributes
    ----------
    score : float
        Probability that it is a leach mine, 0 to 1, as calibrated on simulated districts.
    tier : str or None
        ``confirmed``, ``probable``, ``possible``; None where the score is below all of them.
    lookalike : str
        Class of look-alike that it is taken for, if it is none.
    lookalike_score : float
        Probability of that class, if it is none.
    """

    score: float
    tier: Tier | None
    lookalike: str
    lookalike_score: float


def judge(whole: Whole, model: Model, settings: DetectSettings) -> Judgement:
    """Weigh what the whole looks like.

    Parameters
    ----------
    whole : mapping of str to float
        Of the group, as `measure` gives it.
    model : Model
        That tells mines from the rest.
    settings : DetectSettings
        Tiers.

    Returns
    -------
    Judgement
    """
    values = np.array([[whole[name]] for name in WHOLE], np.float32)
    score = float(expit(model.site.margin(values)[0, 0]))
    kinds = softmax(model.kind.margin(values)[:, 0])
    nearest = int(kinds.argmax())
    return Judgement(score, _tier(score, whole, settings), model.kind.classes[nearest], float(kinds[nearest]))


def _tier(score: float, whole: Whole, settings: DetectSettings) -> Tier | None:
    """Give the tier of a score; what is a few pixels, or a whole valley, is no more than possible."""
    plausible = settings.fewest_pixels - 0.5 < 2 ** whole["pixels"] < settings.most_pixels
    if score >= settings.confirmed and plausible:
        return "confirmed"
    if score >= settings.probable and plausible:
        return "probable"
    return "possible" if score >= settings.possible else None
