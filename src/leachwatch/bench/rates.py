"""Shares of what was counted, with their interval, over all and by class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy.stats import binomtest

__all__ = ["Level", "Rate"]


@dataclass(frozen=True)
class Rate:
    """A share of things that were counted.

    Attributes
    ----------
    hits, of : int
        How many of how many.
    """

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """Hits among all; None where there is none."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95% interval; None where there is none.

        Examples
        --------
        >>> [round(end, 2) for end in Rate(9, 10).interval]
        [0.6, 0.98]
        >>> Rate(0, 0).interval
        """
        if not self.of:
            return None
        found = binomtest(self.hits, self.of).proportion_ci(method="wilson")
        return float(found.low), float(found.high)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        low, high = self.interval or (None, None)
        return {"hits": self.hits, "of": self.of, "share": self.share, "low": low, "high": high}


@dataclass(frozen=True)
class Level:
    """Recall of points, or of sites.

    Attributes
    ----------
    watched : int
        How many lie on the watched ground.
    unclear : int
        Of those, how many had no clear month around their date; neither found nor missed.
    later : int
        Of those, how many were, or may have been, first seen after the scan ends; not to be missed yet.
    found : Rate
        Of the rest.
    by_size, by_year, by_state : mapping of str to Rate
        The same by class of diameter, by year in which they were seen, and by what they did then.
    """

    watched: int
    unclear: int
    later: int
    found: Rate
    by_size: Mapping[str, Rate]
    by_year: Mapping[str, Rate]
    by_state: Mapping[str, Rate]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        classes = {"by_size": self.by_size, "by_year": self.by_year, "by_state": self.by_state}
        return {
            "watched": self.watched,
            "unclear": self.unclear,
            "later": self.later,
            "found": self.found.as_dict(),
            **{name: {key: rate.as_dict() for key, rate in some.items()} for name, some in classes.items()},
        }
