"""Outcomes: what an estimate yields, a published figure beside it, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from leachwatch.estimate.draws import Drawn
from leachwatch.estimate.figures import Figure

__all__ = ["Found", "LeftOut", "Outcome", "Published"]

_PERCENTILES = (5, 50, 95)
_PERCENT = 100.0


@dataclass(frozen=True)
class Outcome:
    """One row of the table, as draws.

    Attributes
    ----------
    quantity, period, scenario : str
        What, when, and under which definition or regime.
    drawn : Drawn
        Its draws and what they rest on.
    unit : str
        As in the table.
    basis : str or None
        What is weighed or paid.
    """

    quantity: str
    period: str
    scenario: str
    drawn: Drawn
    unit: str
    basis: str | None = None

    def row(self) -> Mapping[str, Any]:
        """Row of the table `ESTIMATES`."""
        low, mid, high = np.percentile(self.drawn.array, _PERCENTILES)
        return _row(self, (low, mid, high), self.drawn.inputs)


@dataclass(frozen=True)
class Published:
    """A share as published, to stand beside estimates of the same definition.

    Attributes
    ----------
    quantity, scenario : str
        As in `Outcome`.
    figure : Figure
        What was printed, in percent.
    """

    quantity: str
    scenario: str
    figure: Figure
    unit: ClassVar[str] = "share"
    basis: ClassVar[str | None] = None

    @property
    def period(self) -> str:
        """Period of the figure."""
        return self.figure.period

    def row(self) -> Mapping[str, Any]:
        """Row of the table `ESTIMATES`: no draws, but what was printed; no middle where only a range was."""
        value = None if self.figure.value is None else self.figure.value / _PERCENT
        low, high = max(self.figure.low, 0.0), min(self.figure.high, _PERCENT)
        return _row(self, (low / _PERCENT, value, high / _PERCENT), {self.figure.id})


@dataclass(frozen=True)
class LeftOut:
    """An estimate that could not be made.

    Attributes
    ----------
    quantity, period : str
        What is missing from the table; the period is empty where it is so for all.
    reason : str
        Which input is not there, and what would bring it.
    """

    quantity: str
    period: str
    reason: str


Found = Outcome | Published | LeftOut
"""What a part of the estimates yields."""


def _row(
    of: Outcome | Published, levels: tuple[float, float | None, float], inputs: frozenset[str] | set[str]
) -> Mapping[str, Any]:
    low, mid, high = levels
    return {
        "quantity": of.quantity,
        "period": of.period,
        "scenario": of.scenario,
        "p05": low,
        "p50": mid,
        "p95": high,
        "unit": of.unit,
        "basis": of.basis,
        "inputs": sorted(inputs),
    }
