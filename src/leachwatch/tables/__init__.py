"""The tables leachwatch writes: their columns, and how they are read and written.

Every table is Parquet, or GeoParquet 1.1 in EPSG:4326 where it has a geometry. Dates are dates. Rows are
sorted by key, so that equal inputs give equal bytes.
"""

from leachwatch.tables.ground import COVERAGE, PATCHES, SITE_MONTHS, SITES, SPELLS, STATES, TABLES
from leachwatch.tables.standing import (
    ANSWERS,
    CASE_TABLES,
    CONTROL_COUNTS,
    READINGS,
    RESULTS,
    SITE_CONTROL,
    VERDICT_WORDS,
    VERDICTS,
    Answer,
    Result,
    Verdict,
)
from leachwatch.tables.table import Column, Kind, Table, encode, read, write
from leachwatch.tables.trade import (
    BASES,
    CONTRADICTIONS,
    ESTIMATES,
    EVENTS,
    NOT_PASSED_ON,
    OBSERVATIONS,
    SENSITIVITY,
    SERIES,
    SHOCKS,
    TRADE_TABLES,
)

ALL_TABLES = (*TABLES, *CASE_TABLES, *TRADE_TABLES)
"""Every table of the contract: of the ground, of a case, of trade and estimates."""

__all__ = [
    "ALL_TABLES",
    "ANSWERS",
    "BASES",
    "CASE_TABLES",
    "CONTRADICTIONS",
    "CONTROL_COUNTS",
    "COVERAGE",
    "ESTIMATES",
    "EVENTS",
    "NOT_PASSED_ON",
    "OBSERVATIONS",
    "PATCHES",
    "READINGS",
    "RESULTS",
    "SENSITIVITY",
    "SERIES",
    "SHOCKS",
    "SITES",
    "SITE_CONTROL",
    "SITE_MONTHS",
    "SPELLS",
    "STATES",
    "TABLES",
    "TRADE_TABLES",
    "VERDICTS",
    "VERDICT_WORDS",
    "Answer",
    "Column",
    "Kind",
    "Result",
    "Table",
    "Verdict",
    "encode",
    "read",
    "write",
]
