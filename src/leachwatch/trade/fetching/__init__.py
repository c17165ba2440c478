"""UN Comtrade asked for trade statistics, and its answers kept as they came.

The terms of UN Comtrade forbid passing its data on: what is fetched stays in the case's folder.
"""

from leachwatch.trade.fetching.comtrade import Comtrade
from leachwatch.trade.fetching.fetch import Fetched, fetch
from leachwatch.trade.fetching.key import Key, find_key
from leachwatch.trade.fetching.manifest import Cell, Manifest, read_manifest
from leachwatch.trade.fetching.query import Query, months, years
from leachwatch.trade.fetching.settings import FetchSettings

__all__ = [
    "Cell",
    "Comtrade",
    "FetchSettings",
    "Fetched",
    "Key",
    "Manifest",
    "Query",
    "fetch",
    "find_key",
    "months",
    "read_manifest",
    "years",
]
