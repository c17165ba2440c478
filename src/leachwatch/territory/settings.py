"""Settings of the counts."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CountSettings"]


@dataclass(frozen=True)
class CountSettings:
    """How counts of sites by controller are drawn.

    Attributes
    ----------
    draws : int
        Accounts of what may be so; 1,000 put the 5th and 95th percentile within about one percentile.
    seed : int
        The same seed gives the same bytes.
    levels : tuple of float
        Low, middle and high, as shares of the draws.
    recall : tuple of float or None
        Least and largest share of real sites that are found; sites that were missed are not counted where
        None.
    """

    draws: int = 1_000
    seed: int = 20_250_401
    levels: tuple[float, float, float] = (0.05, 0.50, 0.95)
    recall: tuple[float, float] | None = None
