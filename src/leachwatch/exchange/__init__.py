"""Tables to files that other programs read, and questions to tables in SQL."""

from __future__ import annotations

from leachwatch.exchange.allowed import ALLOWED
from leachwatch.exchange.files import write_files
from leachwatch.exchange.query import Answer, ask, tables_of

__all__ = ["ALLOWED", "Answer", "ask", "tables_of", "write_files"]
