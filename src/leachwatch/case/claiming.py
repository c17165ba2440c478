"""How claims of a case are judged: how wide its hedges are, how good its detector is."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["ClaimSettings"]

_Share = Annotated[float, Field(ge=0, lt=1)]
_Rate = Annotated[float, Field(gt=0, le=1)]
_Rates = Annotated[tuple[_Rate, _Rate], Field(strict=False)]


class ClaimSettings(BaseModel):
    """Settings of the block ``claims`` of ``case.yaml``; printed with every verdict that rests on them.

    Attributes
    ----------
    about, roughly, similar : float
        Share of the number, either way, that the word allows.
    nearly : float
        Share of the number from which on a value is nearly it.
    order_of_magnitude : float
        Factor, either way, within which two numbers are of one order.
    precision, recall : tuple of float
        Least and largest share of found sites that are real, and of real ones that are found: the worst and
        the best of ten simulated districts (``leachwatch bench accuracy --seeds 10``). Of real ground nothing
        is known yet; give your own where you have checked.
    clear_looks : int
        Clear months that each part of the ground needs, where a claim does not say.
    share_of_area : float
        Share of the ground asked about that has to have them.
    shock_probability : float
        From which on a break found in a series is taken for one.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)

    about: _Share = 0.15
    roughly: _Share = 0.25
    similar: _Share = 0.15
    nearly: _Rate = 0.9
    order_of_magnitude: Annotated[float, Field(ge=1, le=100)] = math.sqrt(10)
    precision: _Rates = (0.83, 1.0)
    recall: _Rates = (0.57, 1.0)
    clear_looks: Annotated[int, Field(ge=1, le=100)] = 2
    share_of_area: Annotated[float, Field(gt=0, le=1)] = 0.9
    shock_probability: Annotated[float, Field(ge=0, le=1)] = 0.9

    @model_validator(mode="after")
    def _least_first(self) -> ClaimSettings:
        for name in ("precision", "recall"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name} [{low:g}, {high:g}] begins with the larger; swap the two")
        return self
