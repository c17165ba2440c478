"""Faults: what a provider gets wrong, and how often."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np

__all__ = ["Fault", "Faults", "jump"]

Fault = Literal["lying", "unannounced", "duplicates", "overlaps", "missing", "partial", "jumps"]
"""Names as in `Faults`."""

_JUMP = (10.0, 25.0)  # m; 1 to 2.5 pixels
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Faults:
    """Share of the looks that each fault befalls, 0 to 1.

    Attributes
    ----------
    lying : float
        The item's flag and its assets' offsets say the opposite of what the pixels have.
    unannounced : float
        The offset of 1000 was taken off the pixels in silence: the item has neither flag nor offset. It
        befalls no scene that is lying already, so that both together are 1 at most.
    duplicates : float
        The acquisition is delivered a second time, as an older reprocessing of baseline 04.00 with its own
        coding, which its item announces truthfully.
    overlaps : float
        The acquisition is delivered a second time, as a neighbouring granule that holds the district's
        eastern part with the same numbers; its item announces them truthfully. There is none of a look
        whose eastern part was not seen.
    missing : float
        One asset is missing: half of the time the item does not have it, half of the time there is no file.
    partial : float
        The edge of the swath cuts the look, and the item's geometry ends there.
    jumps : float
        The ground lies 1 to 2.5 pixels of 10 m from where it should, on top of the usual misregistration.
    """

    lying: float = 0.0
    unannounced: float = 0.0
    duplicates: float = 0.0
    overlaps: float = 0.0
    missing: float = 0.0
    partial: float = 0.0
    jumps: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        for field in fields(self):
            share = getattr(self, field.name)
            if not 0 <= share <= 1:
                raise ValueError(f"{field.name} is {share}; a share of the looks lies between 0 and 1")
        if self.lying + self.unannounced > 1 + _ROUNDING:
            raise ValueError(
                f"lying and unannounced are {self.lying} and {self.unannounced}; together they are 1 at most"
            )

    def drawn(self, rng: np.random.Generator) -> frozenset[Fault]:
        """Draw the faults of one look.

        Parameters
        ----------
        rng : Generator
            Source of chance; as much of it is used whatever the shares are.
        """
        coins = dict(zip(get_args(Fault), rng.random(len(get_args(Fault))).tolist(), strict=True))
        found: set[Fault] = {name for name in coins if coins[name] < getattr(self, name)}
        found -= {"unannounced"}
        if self.lying <= coins["lying"] < self.lying + self.unannounced:  # one coin for both: never both
            found |= {"unannounced"}
        return frozenset(found)


def jump(rng: np.random.Generator) -> tuple[float, float]:
    """Draw how far a look jumps, m east and south."""
    angle, length = rng.uniform(0, 2 * np.pi), rng.uniform(*_JUMP)
    return float(length * np.cos(angle)), float(length * np.sin(angle))
