"""What earlier scans and people left, and what it means for the sites of this one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from leachwatch import tables
from leachwatch.case import REVIEWS, Review, read_reviews
from leachwatch.errors import TableError
from leachwatch.scanning.lineage import Earlier, Found, Named, carry
from leachwatch.scanning.reviewed import Reviewed, lay

__all__ = ["Identities", "Identity", "Past", "identify", "read_past"]

_OUR_ID = re.compile(r"\d{2}[NS]-\d{5}-\d{5}-\d{6}(-\d+)?")
"""Ids end up in names of files and addresses: one read from a file is used only if it looks like ours."""


@dataclass(frozen=True, eq=False)
class Past:
    """What earlier scans and people left.

    Attributes
    ----------
    real, simulated : tuple of Earlier
        Sites of the scan before, in real scenes or in simulated ones.
    reviews : tuple of Review
        In the order in which they were made.
    inputs : mapping of str to str
        SHA-256 of the files that this was read from, by their names.
    unreadable : bool
        Whether there is a table of earlier sites that cannot be read.
    """

    real: tuple[Earlier, ...] = ()
    simulated: tuple[Earlier, ...] = ()
    reviews: tuple[Review, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    unreadable: bool = False


@dataclass(frozen=True)
class Identity:
    """What a site is called, and what people decided about it.

    Attributes
    ----------
    site_id, lineage
        As `leachwatch.scanning.lineage.Named` has them.
    review : str
        ``none``, ``accepted`` or ``rejected``.
    reason : str or None
        Why it was rejected.
    """

    site_id: str
    lineage: tuple[str, ...]
    review: str
    reason: str | None


@dataclass(frozen=True)
class Identities:
    """Identities of all sites of a scan.

    Attributes
    ----------
    by_site : tuple of Identity
        In the order of the sites.
    notes : tuple of str
        What a reader must know of it.
    """

    by_site: tuple[Identity, ...]
    notes: tuple[str, ...]

    @property
    def reviewed(self) -> dict[str, int]:
        """Sites that were accepted and that were rejected; without those that nobody reviewed."""
        counted = Counter(one.review for one in self.by_site if one.review != "none")
        return dict(sorted(counted.items()))


def read_past(out: Path, reviews: Path | None) -> Past:
    """Read what there is, before this scan replaces it.

    Parameters
    ----------
    out : Path
        Folder of the scan.
    reviews : Path, optional
        Record of reviews; by default the one in `out`.

    Returns
    -------
    Past

    Raises
    ------
    RecordError
        If the record of reviews is broken.
    """
    record, table = reviews or out / REVIEWS, out / tables.SITES.file_name
    made = tuple(read_reviews(record))
    inputs = {REVIEWS: _sha256(record)} if made else {}
    if not table.exists():
        return Past(reviews=made, inputs=inputs)
    try:
        frame = tables.read(out, tables.SITES)
    except TableError:
        return Past(reviews=made, inputs=inputs, unreadable=True)
    rows = [(bool(row.simulated), _earlier(row)) for row in frame.itertuples() if _ours(row.site_id)]
    return Past(
        real=tuple(one for simulated, one in rows if not simulated),
        simulated=tuple(one for simulated, one in rows if simulated),
        reviews=made,
        inputs={table.name: _sha256(table), **inputs},
    )


def identify(found: Sequence[Found], past: Past, *, simulated: bool) -> Identities:
    """Say what sites are called and what people decided about them.

    A made-up site and a real one are never the same: ids go from scan to scan of the same kind only.
    """
    named = carry(found, past.simulated if simulated else past.real)
    reviewed = lay([one.place for one in found], past.reviews)
    return Identities(
        tuple(_identity(name, review) for name, review in zip(named, reviewed.by_site, strict=True)),
        tuple(_notes(past, reviewed)),
    )


def _identity(named: Named, review: Review | None) -> Identity:
    if review is None:
        return Identity(named.site_id, named.lineage, "none", None)
    return Identity(named.site_id, named.lineage, review.decision, review.reason)


def _notes(past: Past, reviewed: Reviewed) -> Iterator[str]:
    if past.unreadable:
        yield "The sites that an earlier scan left cannot be read; ids and lineage begin anew."
    if reviewed.not_found == 1:
        yield "One reviewed site was not found in this run."
    elif reviewed.not_found:
        yield f"{reviewed.not_found} reviewed sites were not found in this run."


def _earlier(row: Any) -> Earlier:
    return Earlier(row.site_id, row.geometry, tuple(one for one in row.lineage if _ours(one)))


def _ours(name: object) -> bool:
    return isinstance(name, str) and _OUR_ID.fullmatch(name) is not None


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
