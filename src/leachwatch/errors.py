"""What can go wrong, named after what has to be mended.

::

    LeachwatchError            one line: what, where, and the mend; the command line prints it and exits 2
    ├── AreaError              the area file, or where it lies
    ├── CatalogError           the imagery source as a whole: missing, not STAC, nothing in range
    ├── SceneError             one scene; the scan goes on and names it at the end
    ├── PeriodError            the dates asked for
    ├── RecordError            a record of a case or of a truth file
    ├── TableError             a table that does not keep the contract
    └── OutputError            results could not be written
"""

from __future__ import annotations

__all__ = [
    "AreaError",
    "CatalogError",
    "LeachwatchError",
    "OutputError",
    "PeriodError",
    "RecordError",
    "SceneError",
    "TableError",
]


class LeachwatchError(Exception):
    """Base of all errors that a user can mend; its message is one line."""


class AreaError(LeachwatchError):
    """The area to watch cannot be used."""


class CatalogError(LeachwatchError):
    """The imagery source cannot be used."""


class SceneError(LeachwatchError):
    """One scene cannot be used; the others can."""


class PeriodError(LeachwatchError):
    """The dates asked for make no sense."""


class RecordError(LeachwatchError):
    """A record of a case, or of a truth file, is wrong."""


class TableError(LeachwatchError):
    """A table does not keep the contract."""


class OutputError(LeachwatchError):
    """Results could not be written."""
