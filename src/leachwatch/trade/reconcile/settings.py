"""What reconciling assumes, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

__all__ = ["SLIPS", "ReconcileSettings", "Slip"]

Slip = Literal["digit", "neighbours", "lost", "added", "scale", "sign", "year", "swap", "drop"]

SLIPS: Mapping[Slip, float] = MappingProxyType(
    {
        "digit": 0.2,
        "neighbours": 0.15,
        "lost": 0.08,
        "added": 0.07,
        "scale": 0.1,
        "sign": 0.03,
        "year": 0.1,
        "swap": 0.12,
        "drop": 0.15,
    }
)
"""How often a misprint is of each kind, as shares of all misprints.

Own judgement, made before anything was measured with it: half of the slips are of the finger (another digit,
two neighbours turned, one lost, one too many); ``drop`` is whatever nothing else explains. Only ratios
matter, and only where two explanations both fit.
"""


@dataclass(frozen=True)
class ReconcileSettings:
    """What reconciling assumes.

    Attributes
    ----------
    nearly : float
        ``nearly v`` is taken as from ``v`` less this share of it, up to ``v`` (share, 0 to 1). Own judgement:
        the one case that can be checked, "nearly 42,000 t", stood for 41,711.
    all_partners, all_codes : bool
        Whether the partners (codes) that are named are all there are, so that they add up to the whole;
        else they add up to no more than it.
    tolerance_t : float
        Statements that miss each other by less are taken to agree (t).
    misprints : float
        Share of statements taken to be misprinted before anything is known (0 to 1). Own judgement, between
        the 3 of the 30 that are shipped and the hundreds a customs office prints without one.
    slips : mapping of str to float
        Shares of the kinds, see `SLIPS`.
    usual_factor : float
        By which tonnages of a series usually differ from their median within a year (1 or more).
    usual_change, usual_share : float
        By which changes usually differ from none, and shares from their median (percentage points).
    astray_factor, astray_points : float
        By which a tonnage (a factor), a percentage (points) is off where nothing explains it. These five are
        own judgement and only weigh explanations against each other; no bound depends on them.
    sure, sure_value : float
        Weight (0 to 1) from which a repaired value is put in force: of the statements named among their
        rivals, and of the value among all that would do for them. Below either, all suspects of the conflict
        are left out of the bounds. On simulated press nearly every repair with so much was right
        (``docs/method/reconciling.md``).
    doubt : float
        Rivals that hold together less than this share of the weight (0 to 1) are no longer suspects.
    most_rows : int
        Inequalities up to which every bound looks at all of them at once; with more, at about as many that
        are nearest to it, and may then be wider than it has to be, never narrower.
    most_sets : int
        Sets of statements tried at most for one conflict.
    """

    nearly: float = 0.1
    all_partners: bool = False
    all_codes: bool = False
    tolerance_t: float = 0.001
    misprints: float = 0.03
    slips: Mapping[Slip, float] = field(default_factory=lambda: SLIPS)
    usual_factor: float = 2.5
    usual_change: float = 50.0
    usual_share: float = 20.0
    astray_factor: float = 2.0
    astray_points: float = 50.0
    sure: float = 0.75
    sure_value: float = 0.9
    doubt: float = 0.02
    most_rows: int = 600
    most_sets: int = 40
