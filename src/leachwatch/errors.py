"""What can go wrong, named after what has to be mended.

::

    LeachwatchError            one line: what, where, and the mend; the command line prints it and exits 2
    ├── AreaError              the area file, or where it lies
    ├── CatalogError           the imagery source as a whole: missing, not STAC, nothing in range
    ├── NetworkError           a host as a whole, or too much fetched; the scan stops, and can go on later
    ├── ClusterError           a Dask cluster: no scheduler, other workers than are needed, or all of it lost
    ├── SceneError             one scene; the scan goes on and names it at the end
    │   └── SceneUnavailable   not to be had just now: a later scan tries again
    ├── PeriodError            the dates asked for
    ├── RecordError            a record of a case, a truth file or a list of points
    ├── MaskError              the second cloud mask: not installed, or without a band
    ├── ModelError             a trained model: not readable, or what it needs is not installed
    ├── BenchError             what leachwatch is measured against: not installed
    ├── BasisError             two figures that may not be compared: other codes, or another basis
    ├── TableError             a table that does not keep the contract
    ├── QueryError             a question in SQL that cannot be answered, or may not be asked
    ├── ReleaseError           what was to be published may not be; the record is named, never the secret
    ├── VaultError             the vault of identities, or a key to it
    └── OutputError            results could not be written, or another scan is writing them
"""

from __future__ import annotations

__all__ = [
    "AreaError",
    "BasisError",
    "BenchError",
    "CatalogError",
    "ClusterError",
    "LeachwatchError",
    "MaskError",
    "ModelError",
    "NetworkError",
    "OutputError",
    "PeriodError",
    "QueryError",
    "RecordError",
    "ReleaseError",
    "SceneError",
    "SceneUnavailable",
    "TableError",
    "VaultError",
]


class LeachwatchError(Exception):
    """Base of all errors that a user can mend; its message is one line."""


class AreaError(LeachwatchError):
    """The area to watch cannot be used."""


class CatalogError(LeachwatchError):
    """The imagery source cannot be used."""


class NetworkError(LeachwatchError):
    """A host does not answer at all, or the network may not be used so far."""


class ClusterError(LeachwatchError):
    """A cluster cannot be used, or is gone."""


class SceneError(LeachwatchError):
    """One scene cannot be used; the others can."""


class SceneUnavailable(SceneError):  # noqa: N818 - it says what is so, not that somebody erred
    """One scene is not to be had just now; a later scan may have it."""


class PeriodError(LeachwatchError):
    """The dates asked for make no sense."""


class RecordError(LeachwatchError):
    """A record of a case, of a truth file, or of a list of known points, is wrong."""


class MaskError(LeachwatchError):
    """The second cloud mask cannot be asked."""


class ModelError(LeachwatchError):
    """A trained model cannot be used, or none can be trained."""


class BenchError(LeachwatchError):
    """What leachwatch is to be measured against cannot be used."""


class BasisError(LeachwatchError):
    """Two figures count other things, or weigh them otherwise: the message names the conversion missing."""


class TableError(LeachwatchError):
    """A table does not keep the contract."""


class QueryError(LeachwatchError):
    """A question in SQL cannot be answered, or asks for more than the tables."""


class ReleaseError(LeachwatchError):
    """Something may not be published."""


class VaultError(LeachwatchError):
    """The vault cannot be opened or written, or a key is wrong."""


class OutputError(LeachwatchError):
    """Results could not be written."""
