"""UN Comtrade asked for trade statistics, and its answers kept as they came.

The terms of UN Comtrade forbid passing its data on: what is fetched stays in the case's folder.
"""

from leachwatch.trade.fetching.comtrade import Comtrade
from leachwatch.trade.fetching.fetch import Fetched, fetch
from leachwatch.trade.fetching.key import Key, find_key
from leachwatch.trade.fetching.manifest import Cell, Kept, Manifest, read_manifest
from leachwatch.trade.fetching.places import iso_of
from leachwatch.trade.fetching.query import Query, months, years
from leachwatch.trade.fetching.settings import FetchSettings
from leachwatch.trade.fetching.shelf import ANSWERS, digest_of

__all__ = [
    "ANSWERS",
    "Cell",
    "Comtrade",
    "FetchSettings",
    "Fetched",
    "Kept",
    "Key",
    "Manifest",
    "Query",
    "digest_of",
    "fetch",
    "find_key",
    "iso_of",
    "months",
    "read_manifest",
    "years",
]
