"""What reconciling gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from leachwatch.trade.reconcile.fits import Fit

__all__ = ["Mend", "Reconciled"]


@dataclass(frozen=True)
class Mend:
    """One way to make statements agree.

    Attributes
    ----------
    conflict : str
        Which conflict it mends.
    rank : int
        1 for the likeliest of that conflict.
    kind : str
        As ``repair`` in the table ``contradictions``.
    suspects : tuple of str
        Ids of the statements it changes.
    share : float
        Its weight among the repairs of that conflict, 0 to 1.
    change : str
        In words.
    fits : tuple of Fit
        Of each suspect, what the statements that are not doubted allow.
    """

    conflict: str
    rank: int
    kind: str
    suspects: tuple[str, ...]
    share: float
    change: str
    fits: tuple[Fit, ...]


@dataclass(frozen=True, eq=False)
class Reconciled:
    """Statements made into series with bounds, and what contradicts.

    Attributes
    ----------
    feasible : bool
        Whether all statements agree as printed.
    slack : mapping of str to float
        Tonnes by which statements give way where the sum is least, by id; zeros are left out. It may point
        at innocent ones.
    series : DataFrame
        Keeps ``SERIES``: bounds after the best repair of each conflict where it is sure, and without all
        its suspects where it is not.
    cautious : DataFrame
        Keeps ``SERIES``: bounds without the suspects of all conflicts.
    sums : DataFrame
        Columns ``reporter``, ``flow``, ``hs``, ``partner``, ``months`` (list of dates), ``low``, ``high``
        (t): months of which only a sum is known, as in ``series``.
    contradictions : DataFrame
        Keeps ``CONTRADICTIONS``.
    repairs : tuple of Mend
        The best of every conflict, most tonnes first; then the others, the likeliest first.
    in_force : tuple of str
        Ids of the statements that count in ``series`` with another value than printed.
    left_out, left_out_cautious : tuple of str
        Ids of the statements that do not count in ``series``, in ``cautious``.
    """

    feasible: bool
    slack: Mapping[str, float]
    series: pd.DataFrame
    cautious: pd.DataFrame
    sums: pd.DataFrame
    contradictions: pd.DataFrame
    repairs: tuple[Mend, ...]
    in_force: tuple[str, ...]
    left_out: tuple[str, ...]
    left_out_cautious: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything, of what JSON has: dates as text, no limit as null."""
        return {
            "feasible": self.feasible,
            "slack_t": dict(self.slack),
            "in_force": list(self.in_force),
            "left_out": list(self.left_out),
            "left_out_cautious": list(self.left_out_cautious),
            "repairs": [asdict(mend) for mend in self.repairs],
            "contradictions": _rows(self.contradictions),
            "series": _rows(self.series),
            "sums": _rows(self.sums),
            "cautious": _rows(self.cautious),
        }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124 - NaN
    return [_plain(one) for one in value]
