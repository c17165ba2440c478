"""The account: from statements to series, sums and contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from leachwatch.errors import BasisError, RecordError
from leachwatch.tables import CONTRADICTIONS, SERIES
from leachwatch.trade.reconcile.family import Account, Conflicting, settle
from leachwatch.trade.reconcile.grid import families
from leachwatch.trade.reconcile.result import Mend, Reconciled
from leachwatch.trade.reconcile.settings import ReconcileSettings
from leachwatch.trade.statement import Statement

__all__ = ["reconcile"]

_SUMS = ("reporter", "partner", "flow", "hs", "months", "low", "high")


def reconcile(statements: Sequence[Statement], settings: ReconcileSettings | None = None) -> Reconciled:
    """Bounds of every month that statements speak of, and what contradicts.

    Parameters
    ----------
    statements : sequence of Statement
        Of one basis, gross weight; several reporters, partners and codes may stand beside each other.
    settings : ReconcileSettings or None
        None for those it has by itself.

    Returns
    -------
    Reconciled

    Raises
    ------
    BasisError
        If a statement is not of gross weight.
    RecordError
        If there is no statement, two have one id, or the solver gives up.

    Examples
    --------
    >>> from leachwatch.trade.statements import shipped_statements
    >>> found = reconcile(shipped_statements())
    >>> found.feasible, [mend.suspects for mend in found.repairs[:2]]
    (False, [('P20',), ('P24', 'P25')])
    """
    settings = settings or ReconcileSettings()
    _refuse_others(statements)
    closed = settings.all_partners or settings.all_codes
    groups = [list(statements)] if closed else families(statements)
    accounts = [settle(some, settings) for some in groups]
    conflicts = _numbered([one for account in accounts for one in account.conflicts])
    others = [mend for one in conflicts for mend in one.mends[1:]]
    return Reconciled(
        feasible=not conflicts,
        slack={id_: tonnes for account in accounts for id_, tonnes in account.slack.items()},
        series=SERIES.frame([row for account in accounts for row in account.series]),
        cautious=SERIES.frame([row for account in accounts for row in account.cautious]),
        sums=_sums(accounts),
        contradictions=_contradictions(conflicts),
        repairs=(*(one.mends[0] for one in conflicts), *sorted(others, key=lambda mend: -mend.share)),
        in_force=tuple(id_ for account in accounts for id_ in account.in_force),
        left_out=tuple(id_ for account in accounts for id_ in account.left_out),
        left_out_cautious=tuple(id_ for account in accounts for id_ in account.left_out_cautious),
    )


def _refuse_others(statements: Sequence[Statement]) -> None:
    if not statements:
        raise RecordError("no statements to reconcile; give a file with at least one")
    seen: set[str] = set()
    for one in statements:
        if one.basis != "gross":
            raise BasisError(
                f"statement {one.id} is of basis {one.basis}, the series are gross tonnes; "
                "convert it, or leave it out"
            )
        if one.id in seen:
            raise RecordError(f"statement {one.id} stands there twice; give each its own id")
        seen.add(one.id)


def _numbered(conflicts: Sequence[Conflicting]) -> list[Conflicting]:
    """Conflicts with their names; the one with most tonnes first."""
    ordered = sorted(conflicts, key=lambda one: (-one.tonnes, one.statements))
    return [
        replace(one, mends=tuple(replace(mend, conflict=f"C{place}") for mend in one.mends))
        for place, one in enumerate(ordered, start=1)
    ]


def _contradictions(conflicts: Sequence[Conflicting]) -> pd.DataFrame:
    return CONTRADICTIONS.frame([_row(one, mend) for one in conflicts for mend in one.mends])


def _row(conflict: Conflicting, mend: Mend) -> dict[str, object]:
    return {
        "conflict": mend.conflict,
        "rank": mend.rank,
        "statements": list(conflict.statements),
        "tonnes": conflict.tonnes,
        "repair": mend.kind,
        "suspects": list(mend.suspects),
        "printed": [one.printed for one in mend.fits],
        "fits_low": [one.low for one in mend.fits],
        "fits_high": [one.high for one in mend.fits],
        "units": [one.unit for one in mend.fits],
        "share": mend.share,
        "change": mend.change,
    }


def _sums(accounts: Sequence[Account]) -> pd.DataFrame:
    rows = [row for account in accounts for row in account.sums]
    return pd.DataFrame(rows, columns=list(_SUMS))
