"""An estimate: what the data at hand allow a figure to be, or what they lack."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from leachwatch.claims.interval import Interval

__all__ = ["Estimate", "Lack"]


@dataclass(frozen=True)
class Lack:
    """What is not at hand.

    Attributes
    ----------
    what : str
        What is missing, as a sentence without its full stop.
    mend : str
        What would decide it, such as ``a customs export of HS 28469019 from partner 106``.
    when : str
        For which months, after ``mend``; empty where it is of no time.
    computable : bool
        False where no measure at hand speaks of it at all; True where there is one, and it does not cover it.
    """

    what: str
    mend: str
    when: str = ""
    computable: bool = True


@dataclass(frozen=True)
class Estimate:
    """What a figure may be.

    Attributes
    ----------
    low, high : float
        Least and most that the data allow; infinite where there is no limit.
    unit : str
        Empty for a factor, a share, a count.
    said : str
        What was measured, in a few words.
    lacks : tuple of Lack
        What is missing; with any, low and high say nothing.
    inputs : tuple of str
        Figures, sites and records it rests on.
    tables : frozenset of str
        Tables it rests on.
    groups : frozenset of str
        Groups of sources it rests on: who shares one with the claimant is no independent witness.

    Examples
    --------
    >>> Estimate(9.4, 10.1).covered
    True
    """

    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    said: str = ""
    lacks: tuple[Lack, ...] = ()
    inputs: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    @classmethod
    def of(cls, interval: Interval, unit: str = "", said: str = "") -> Estimate:
        """Make one of an interval, resting on nothing yet."""
        return cls(interval.low, interval.high, unit, said)

    @classmethod
    def uncovered(cls, what: str, mend: str, when: str = "") -> Estimate:
        """Say that there is a measure, and that it does not cover what is asked."""
        return cls(lacks=(Lack(what, mend, when),))

    @classmethod
    def no_measure(cls, what: str, mend: str) -> Estimate:
        """Say that nothing at hand measures it."""
        return cls(lacks=(Lack(what, mend, computable=False),))

    @property
    def interval(self) -> Interval:
        """Low and high."""
        return Interval(self.low, self.high)

    @property
    def covered(self) -> bool:
        """Whether the data cover it."""
        return not self.lacks

    @property
    def computable(self) -> bool:
        """Whether there is a measure of it."""
        return all(lack.computable for lack in self.lacks)

    @property
    def missing(self) -> str:
        """What is missing, in one line; empty where nothing is."""
        return "; ".join(dict.fromkeys(lack.what for lack in self.lacks))

    def resting_on(
        self,
        inputs: Iterable[str] = (),
        tables: Iterable[str] = (),
        groups: Iterable[str] = (),
    ) -> Estimate:
        """Let it rest on these too."""
        return replace(
            self,
            inputs=tuple(dict.fromkeys((*self.inputs, *inputs))),
            tables=self.tables | set(tables),
            groups=self.groups | set(groups),
        )

    def from_both(self, *parts: Estimate) -> Estimate:
        """Let it rest on what its parts rest on, and lack what any of them lacks."""
        whole = self
        for part in parts:
            whole = replace(
                whole.resting_on(part.inputs, part.tables, part.groups),
                lacks=tuple(dict.fromkeys((*whole.lacks, *part.lacks))),
            )
        return whole
