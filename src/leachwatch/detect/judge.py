"""Judging whether a group of pool pixels is a leach mine, and what it looks like if it is not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from leachwatch.detect.settings import DetectSettings, JudgeSettings
from leachwatch.detect.sites import Shape

__all__ = ["Judgement", "Tier", "judge"]

Tier = Literal["confirmed", "probable", "possible"]


@dataclass(frozen=True)
class Judgement:
    """What a group of pool pixels is taken for.

    Attributes
    ----------
    score : float
        How much it looks like a leach mine, 0 to 1; not yet calibrated as a probability.
    tier : str or None
        ``confirmed``, ``probable``, ``possible``; None where the score is below all of them.
    lookalike : str
        Nearest class of look-alike.
    lookalike_score : float
        How near, 0 to 1.
    """

    score: float
    tier: Tier | None
    lookalike: str
    lookalike_score: float


def judge(shape: Shape, settings: DetectSettings) -> Judgement:
    """Weigh what the whole looks like.

    Parameters
    ----------
    shape : Shape
        Of the group.
    settings : DetectSettings
        Tiers.

    Returns
    -------
    Judgement
    """
    score = 1 / (1 + math.exp(-sum(_arguments(shape, settings.judge))))
    lookalike, nearness = max(_lookalikes(shape).items(), key=lambda pair: pair[1])
    in_forest = shape.forest >= settings.forest_around or shape.cleared > 0.5  # noqa: PLR2004 - most of it
    return Judgement(score, _tier(score, settings, in_forest=in_forest), lookalike, nearness)


def _arguments(shape: Shape, weight: JudgeSettings) -> tuple[float, ...]:
    """Log odds for a mine, one a feature."""
    size = weight.size * math.log2(shape.pixels / weight.usual_pixels)
    strength = weight.strength * (shape.strength - weight.usual_strength)
    pad = weight.pad * (shape.pad - weight.usual_pad)
    forest = weight.forest * (shape.forest - weight.usual_forest)
    elongation = weight.elongation * (shape.elongation - weight.usual_elongation)
    return (
        weight.base,
        _bounded(size, weight.size_least, weight.size_most),
        _bounded(strength, weight.strength_least, weight.strength_most),
        _bounded(pad, weight.pad_least, weight.pad_most),
        _bounded(forest, -weight.forest_most, weight.forest_most),
        0.0 if math.isnan(shape.cleared) else weight.cleared * (shape.cleared - 0.5),
        weight.water * shape.water,
        _bounded(elongation, weight.elongation_least, 0.0),
    )


def _lookalikes(shape: Shape) -> dict[str, float]:
    """How near each class of look-alike is, 0 to 1: a hint for the reader that decides nothing."""
    always = 0.5 if math.isnan(shape.cleared) else 1 - shape.cleared
    long = _bounded((shape.elongation - 2) / 4, 0.0, 1.0)
    wet = _bounded(shape.water / 0.5, 0.0, 1.0)
    farmed = _bounded((0.5 - shape.forest) / 0.4, 0.0, 1.0)
    weak = _bounded((8 - shape.strength) / 5, 0.0, 1.0)
    return {
        "river": wet * (0.3 + 0.7 * long),
        "pond": wet * (1 - long),
        "village": (1 - wet) * farmed * always,
        "quarry": (1 - wet) * (1 - farmed) * shape.pad * always * weak,
        "landslide": (1 - wet) * (1 - farmed) * long,
        "burnt plot": (1 - wet) * (1 - shape.pad) * weak,
    }


def _tier(score: float, settings: DetectSettings, *, in_forest: bool) -> Tier | None:
    if score >= settings.confirmed and in_forest:
        return "confirmed"
    if score >= settings.probable and in_forest:
        return "probable"
    return "possible" if score >= settings.possible else None


def _bounded(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)
