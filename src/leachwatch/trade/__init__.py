"""Published figures and customs files to one reconciled series with bounds; what contradicts, what broke."""

from leachwatch.trade.account import Account, account_for
from leachwatch.trade.asked import Asked, months_of
from leachwatch.trade.codes import Scope, parse_scope
from leachwatch.trade.events import Event, read_events, shipped_events
from leachwatch.trade.fetching import Comtrade, Fetched, FetchSettings, Query, fetch, find_key, months, years
from leachwatch.trade.importing import FORMATS, Form, import_file, keep_file, rates_of
from leachwatch.trade.observation import (
    Observation,
    add,
    compare,
    conversion,
    dependence,
    difference,
    made_from_customs,
)
from leachwatch.trade.partners import by_iso
from leachwatch.trade.passing import add_withheld, pass_on, withheld
from leachwatch.trade.prices import Rate, Rates
from leachwatch.trade.readout import Fault, Readout
from leachwatch.trade.reconcile import Mend, Reconciled, ReconcileSettings, reconcile
from leachwatch.trade.shocks import ShockScore, ShockSettings, find_shocks, score_shocks
from leachwatch.trade.statement import Statement
from leachwatch.trade.statements import read_statements, shipped_statements
from leachwatch.trade.times import parse_time

__all__ = [
    "FORMATS",
    "Account",
    "Asked",
    "Comtrade",
    "Event",
    "Fault",
    "FetchSettings",
    "Fetched",
    "Form",
    "Mend",
    "Observation",
    "Query",
    "Rate",
    "Rates",
    "Readout",
    "ReconcileSettings",
    "Reconciled",
    "Scope",
    "ShockScore",
    "ShockSettings",
    "Statement",
    "account_for",
    "add",
    "add_withheld",
    "by_iso",
    "compare",
    "conversion",
    "dependence",
    "difference",
    "fetch",
    "find_key",
    "find_shocks",
    "import_file",
    "keep_file",
    "made_from_customs",
    "months",
    "months_of",
    "parse_scope",
    "parse_time",
    "pass_on",
    "rates_of",
    "read_events",
    "read_statements",
    "reconcile",
    "score_shocks",
    "shipped_events",
    "shipped_statements",
    "withheld",
    "years",
]
