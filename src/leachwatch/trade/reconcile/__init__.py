"""Statements to one series with bounds, with the misprints that would explain what contradicts.

Each statement is a linear inequality over tonnes of one month, code and partner; linear programmes say
whether they agree, how far each month can go, and what would make them agree. The method and what it cannot
do: ``docs/method/reconciling.md``.
"""

from leachwatch.trade.reconcile.account import reconcile
from leachwatch.trade.reconcile.result import Mend, Reconciled
from leachwatch.trade.reconcile.settings import SLIPS, ReconcileSettings, Slip

__all__ = ["SLIPS", "Mend", "ReconcileSettings", "Reconciled", "Slip", "reconcile"]
